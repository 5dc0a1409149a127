import { later, terminal } from '../platform';
import { bundleOf, type Displayable, plainText } from './mime';
import { isNotebook, newDisplayId, type ShowOptions, show } from './show';

/** Milliseconds between two drawings. */
const pause = 100;

/**
 * One output that changes in place: drawn at most ten times a second, and the last state always. In a notebook it is
 * an output that is updated, in a terminal one line, and in a file or a pipe the last state alone.
 */
export class LiveOutput {
  /** The runner knows by the beginning what to show in the terminal. */
  private readonly displayId = `live-${newDisplayId()}`;
  private drawnAt = Number.NEGATIVE_INFINITY;
  private isShown = false;
  private cancel: (() => void) | undefined;

  /** `draw` gives the present state; `options` as for `show`. */
  constructor(
    private readonly draw: () => Displayable,
    private readonly options: Pick<ShowOptions, 'volatile'> = {},
  ) {}

  /** Says that the state has changed. */
  changed(): void {
    const left = this.drawnAt + pause - performance.now();
    if (left <= 0) this.drawNow();
    // When nothing more comes, as after an interrupt, the last state.
    else this.cancel ??= later(() => this.drawNow(), left);
  }

  /** Draws the last state; nothing comes after it. */
  end(): void {
    this.drawNow(true);
  }

  private drawNow(isLast = false): void {
    this.cancel?.();
    this.cancel = undefined;
    this.drawnAt = performance.now();
    if (isNotebook()) show(this.draw(), { ...this.options, displayId: this.displayId, update: this.isShown });
    else this.print(isLast);
    this.isShown = true;
  }

  private print(isLast: boolean): void {
    if (!terminal.isLive && !isLast) return;
    const bundle = bundleOf(this.draw());
    if (bundle === undefined || bundle instanceof Promise) return;
    const line = plainText(bundle).split('\n', 1)[0]!;
    if (!terminal.isLive) terminal.write(`${line}\n`);
    else terminal.write(`\r\x1b[K${line.slice(0, Math.max(10, terminal.columns - 1))}${isLast ? '\n' : ''}`);
  }
}
