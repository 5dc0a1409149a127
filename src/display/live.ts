import { later, terminal } from '../platform';
import { bundleOf, type Displayable, plainText } from './mime';
import { isNotebook, newDisplayId, type ShowOptions, show } from './show';

/** Milliseconds between two drawings. */
const pause = 100;

/**
 * One output that changes in place: drawn at most ten times a second, and always in its last state. It is an updated output in
 * a notebook, one line in a terminal, and only the last state in a file or a pipe.
 */
export class LiveOutput {
  /** The prefix tells the runner what to show in the terminal. */
  private readonly displayId = `live-${newDisplayId()}`;
  private drawnAt = Number.NEGATIVE_INFINITY;
  private isShown = false;
  private cancel: (() => void) | undefined;

  /** `draw` returns the present state; `options` as for `show`. */
  constructor(
    private readonly draw: () => Displayable,
    private readonly options: Pick<ShowOptions, 'volatile'> = {},
  ) {}

  /** Schedules a drawing of the changed state. */
  changed(): void {
    const left = this.drawnAt + pause - performance.now();
    if (left <= 0) this.drawNow();
    // Draws the last state even if no change follows, as after an interrupt.
    else this.cancel ??= later(() => this.drawNow(), left);
  }

  /** Draws the final state. */
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
