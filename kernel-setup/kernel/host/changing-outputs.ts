// Outputs that change in place, such as a figure behind a slider. A front end that says it can gets what has changed of one,
// not the whole: it opens a comm for `changesTarget`, over which go
//   { method: 'change', display_id, base, version, changes }    to it: JSON Patch for { data, metadata } of version `base`
//   { method: 'request_output', display_id }                    from it, if it does not have `base`: answered by the whole
// A whole output has its version in `transient`. All others get whole outputs, as the protocol has it.
import type { CommMessage, FromCells, Json, MimeBundle } from '../process-messages';
import type { Channels, Request } from './channels';
import { changesBetween, weigh, weighAll } from './json-patch';
import type { ParentHeader } from './messages';

export const changesTarget = 'gradlab.changes';

/** How many outputs are remembered: those that changed last. */
const most = 20;

type CommRequest = Request<'comm_open' | 'comm_msg' | 'comm_close'>;
type Display = Extract<FromCells, { type: 'display' }>;

interface Shown {
  version: string;
  content: { data: MimeBundle; metadata: Record<string, Json> };
}

export class ChangingOutputs {
  /** The comms of front ends that take changes, by their session. */
  private readonly takers = new Map<string, string>();
  /** The sessions that an output belongs to, by its id: those that have shown or changed it. */
  private readonly owners = new Map<string, Set<string>>();
  /** What takers have, by its id; what changed last stands last. */
  private readonly shown = new Map<string, Shown>();
  /** Sets versions apart from those of a kernel before this one. */
  private readonly run = crypto.randomUUID().slice(0, 8);
  private count = 0;

  constructor(private readonly channels: Channels) {}

  /** Publishes an output, or its change. */
  publish({ data, metadata, displayId, update = false }: Display, parent: ParentHeader): void {
    const content = { data, metadata };
    if (displayId === undefined) {
      this.channels.publish('display_data', { ...content, transient: {} }, parent);
      return;
    }
    const { session = '' } = parent;
    const owners = new Set(update ? this.owners.get(displayId) : []).add(session);
    this.owners.set(displayId, owners);
    const takeAll = [...owners].every((one) => this.takers.has(one));
    const before = this.shown.get(displayId);
    this.shown.delete(displayId);
    if (takeAll && canBeFound(displayId, metadata) && Object.keys(data).some(isJson)) {
      this.count += 1;
      this.remember(displayId, { version: `${this.run}-${this.count}`, content });
      if (update && before && this.change(displayId, before, session, parent)) return;
    }
    this.publishWhole(update ? 'update_display_data' : 'display_data', displayId, content, parent);
  }

  /** Whether a request is a matter between a front end and this, of which cells know nothing. */
  concerns({ header, content }: Request): boolean {
    const { comm_id: id, target_name: target } = content as { comm_id?: string; target_name?: string };
    if (header.msg_type === 'comm_open') return target === changesTarget;
    return /^comm_(msg|close)$/.test(header.msg_type) && [...this.takers.values()].includes(id!);
  }

  receive({ content, header }: CommRequest, action: CommMessage['action']): void {
    if (action === 'open') this.takers.set(header.session, content.comm_id);
    else if (action === 'close') this.takers.delete(header.session);
    else {
      const { method, display_id: id } = content.data ?? {};
      const shown = this.shown.get(String(id));
      if (method !== 'request_output' || shown === undefined) return;
      this.publishWhole('update_display_data', String(id), shown.content, header);
    }
  }

  private remember(displayId: string, shown: Shown): void {
    this.shown.set(displayId, shown);
    if (this.shown.size > most) this.shown.delete(this.shown.keys().next().value!);
  }

  /** Sends what has changed; not if that is about as much as the whole. */
  private change(displayId: string, before: Shown, session: string, parent: ParentHeader): boolean {
    const { version, content } = this.shown.get(displayId)!;
    const changes = changesBetween(before.content, content);
    if (weighAll(changes) > 0.9 * weigh(content)) return false;
    const data = { method: 'change', display_id: displayId, base: before.version, version, changes };
    this.channels.publish('comm_msg', { comm_id: this.takers.get(session)!, data }, parent);
    return true;
  }

  private publishWhole(
    type: 'display_data' | 'update_display_data',
    displayId: string,
    content: Shown['content'],
    parent: ParentHeader,
  ): void {
    const version = this.shown.get(displayId)?.version;
    const transient = { display_id: displayId, ...(version !== undefined && { version }) };
    this.channels.publish(type, { ...content, transient }, parent);
  }
}

/** A page finds the places of an output by the name in its metadata, also in a notebook that was saved. */
const canBeFound = (displayId: string, { gradlab }: Record<string, Json>): boolean =>
  (gradlab as { displayId?: Json } | undefined)?.displayId === displayId;

const isJson = (type: string): boolean => /[/+]json$/.test(type);
