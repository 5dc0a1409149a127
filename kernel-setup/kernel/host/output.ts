// What cells put out, as messages to the front ends, each under the request that it belongs to.
import type { Context, FromCells } from '../process-messages';
import type { Channels } from './channels';
import type { ParentHeader } from './messages';

type Output = Extract<FromCells, { type: 'stream' | 'display' | 'clear' | 'broadcast' | 'late-error' }>;
type StreamName = 'stdout' | 'stderr';

/** How long, in milliseconds, text waits for more of the same kind. */
const delay = 40;
/** How many characters wait at most. */
const longest = 1 << 18;

export class Outputs {
  private readonly parents = new Map<Context, ParentHeader>();
  /** Text that has not been sent yet. */
  private waiting: { context: Context; name: StreamName; pieces: string[]; length: number } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly channels: Channels) {}

  /** Makes known to which message the output of a context belongs; it may come long after. */
  enter(context: Context, parent: ParentHeader): void {
    this.parents.set(context, parent);
  }

  parentOf(context: Context): ParentHeader {
    return this.parents.get(context) ?? {};
  }

  put(output: Output): void {
    const parent = this.parentOf(output.context);
    if (output.type === 'stream') this.write(output.context, output.name, output.text);
    else if (output.type === 'late-error') {
      this.write(output.context, 'stderr', `${output.error.traceback.join('\n')}\n`);
    } else {
      this.flush();
      if (output.type === 'clear') this.channels.publish('clear_output', { wait: output.wait }, parent);
      else if (output.type === 'display') this.display(output, parent);
      else {
        const { msgType, content, metadata, buffers } = output;
        this.channels.broadcast(msgType, content, parent, { metadata, buffers });
      }
    }
  }

  /** Text of a stream, gathered with what comes next. */
  write(context: Context, name: StreamName, text: string): void {
    if (this.waiting?.context !== context || this.waiting.name !== name) {
      this.flush();
      this.waiting = { context, name, pieces: [], length: 0 };
    }
    this.waiting.pieces.push(text);
    this.waiting.length += text.length;
    if (this.waiting.length > longest) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), delay);
  }

  /** Sends what waits: before any other message, so that the order is kept. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting === undefined) return;
    const { context, name, pieces } = this.waiting;
    this.waiting = undefined;
    this.channels.publish('stream', { name, text: pieces.join('') }, this.parentOf(context));
  }

  private display(output: Extract<Output, { type: 'display' }>, parent: ParentHeader): void {
    const { data, metadata, displayId, update } = output;
    if (update && displayId !== undefined)
      this.channels.publish('update_display_data', { data, metadata, transient: { display_id: displayId } }, parent);
    else {
      const transient = displayId === undefined ? {} : { display_id: displayId };
      this.channels.publish('display_data', { data, metadata, transient }, parent);
    }
  }
}
