// Output of cells as messages to the front ends, each under its own request.
import type { FromCells, ParentId } from '../process-messages';
import { ChangingOutputs } from './changing-outputs';
import type { Channels } from './channels';
import type { ParentHeader } from './messages';

type Output = Extract<FromCells, { type: 'stream' | 'display' | 'clear' | 'broadcast' | 'late-error' }>;
type StreamName = 'stdout' | 'stderr';

/** Milliseconds that text is buffered; longer if both streams alternate a lot. */
const delay = 40;
const longDelay = 200;
/**
 * How often stdout and stderr may alternate: in a burst, and per second. Within these limits their order is kept. Beyond,
 * text is collected per stream: 20,000 messages would block the front end for long.
 */
const changes = { atOnce: 40, perSecond: 10 };
/** Maximum number of buffered characters. */
const longest = 1 << 18;

export class Outputs {
  readonly changing: ChangingOutputs;
  private readonly headers = new Map<ParentId, ParentHeader>();
  /** Buffered text, and its length. */
  private waiting: { parentId: ParentId; name: StreamName; pieces: string[] }[] = [];
  private length = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Remaining alternations at a time. */
  private left = { changes: changes.atOnce, at: 0 };

  constructor(private readonly channels: Channels) {
    this.changing = new ChangingOutputs(channels);
  }

  /** Registers a request's header as the parent header of its output, which may come much later. */
  enter(parentId: ParentId, header: ParentHeader): void {
    this.headers.set(parentId, header);
  }

  headerOf(parentId: ParentId): ParentHeader {
    return this.headers.get(parentId) ?? {};
  }

  put(output: Output): void {
    const parent = this.headerOf(output.parentId);
    if (output.type === 'stream') this.write(output.parentId, output.name, output.text);
    else if (output.type === 'late-error') {
      this.write(output.parentId, 'stderr', `${output.error.traceback.join('\n')}\n`);
    } else {
      this.flush();
      if (output.type === 'clear') this.channels.publish('clear_output', { wait: output.wait }, parent);
      else if (output.type === 'display') this.changing.publish(output, parent);
      else {
        const { msgType, content, metadata, buffers } = output;
        this.channels.broadcast(msgType, content, parent, { metadata, buffers });
      }
    }
  }

  /** Buffers text of a stream. */
  write(parentId: ParentId, name: StreamName, text: string): void {
    const isSame = (one: { parentId: ParentId; name: StreamName }) => one.parentId === parentId && one.name === name;
    const last = this.waiting.at(-1);
    const keepsOrder = last === undefined || isSame(last) || this.change();
    const place = keepsOrder ? last : this.waiting.findLast(isSame);
    if (place !== undefined && isSame(place)) place.pieces.push(text);
    else this.waiting.push({ parentId, name, pieces: [text] });
    this.length += text.length;
    if (this.length > longest) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), this.left.changes < 1 ? longDelay : delay);
  }

  /** Consumes one alternation. @returns whether one was left */
  private change(): boolean {
    const now = Date.now();
    const regained = ((now - this.left.at) / 1000) * changes.perSecond;
    this.left = { changes: Math.min(this.left.changes + regained, changes.atOnce), at: now };
    if (this.left.changes < 1) return false;
    this.left.changes -= 1;
    return true;
  }

  /** Sends buffered text. Called before any other message, to keep the order. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const texts = this.waiting;
    this.waiting = [];
    this.length = 0;
    for (const { parentId, name, pieces } of texts)
      this.channels.publish('stream', { name, text: pieces.join('') }, this.headerOf(parentId));
  }
}
