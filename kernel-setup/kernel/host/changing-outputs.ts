// Outputs that change in place, such as a figure controlled by a slider. A front end that can apply patches opens a comm for
// `changesTarget`, which carries
//   { method: 'change', display_id, base, version, changes }    to it: JSON Patch for { data, metadata } of version `base`
//   { method: 'request_output', display_id }                    from it, if it lacks `base`: answered with the whole output
// A whole output has its version in `transient`. All other front ends get whole outputs, as in the protocol.
import type { CommMessage, FromCells, Json, MimeBundle } from '../process-messages';
import type { Channels, Request } from './channels';
import { changesBetween, weigh, weighAll } from './json-patch';
import type { ParentHeader } from './messages';

export const changesTarget = 'gradlab.changes';

/** Maximum number of outputs remembered, the latest first. */
const most = 20;

type CommRequest = Request<'comm_open' | 'comm_msg' | 'comm_close'>;
type Display = Extract<FromCells, { type: 'display' }>;

interface Shown {
  version: string;
  content: { data: MimeBundle; metadata: Record<string, Json> };
}

export class ChangingOutputs {
  /** Comms of front ends that accept patches, by session. */
  private readonly takers = new Map<string, string>();
  /** Sessions that have shown or changed an output, by its id. */
  private readonly owners = new Map<string, Set<string>>();
  /** What these front ends have, by output id; the latest is last. */
  private readonly shown = new Map<string, Shown>();
  /** Distinguishes versions from those of an earlier kernel. */
  private readonly run = crypto.randomUUID().slice(0, 8);
  private count = 0;

  constructor(private readonly channels: Channels) {}

  /** Publishes an output or a patch of it. */
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

  /** Whether a request concerns these comms, which cells do not see. */
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

  /** Sends a patch, unless it is about as large as the whole output. */
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

/** A page finds an output's places by the name in its metadata, also in a saved notebook. */
const canBeFound = (displayId: string, { gradlab }: Record<string, Json>): boolean =>
  (gradlab as { displayId?: Json } | undefined)?.displayId === displayId;

const isJson = (type: string): boolean => /[/+]json$/.test(type);
