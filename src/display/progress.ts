import { LiveOutput } from './live';
import { type MimeBundle, RichOutput } from './mime';
import { escapeHtml } from './rich';

/** Options of {@link progress}. */
export interface ProgressOptions {
  /** A label before the bar. Default: none. */
  description?: string;
  /** Number of items. Default: the iterable's `length` or `size`, if it has one. */
  total?: number;
}

/**
 * Iterates and shows the progress in place: a bar in a notebook, one line in a terminal. It is drawn at most ten times
 * a second, and always in its last state, also when the loop is left early or interrupted.
 *
 * `for (const batch of progress(loader, { description: 'epoch 1' })) …`, and `for await` for an asynchronous iterable.
 */
export function progress<T>(iterable: Iterable<T>, options?: ProgressOptions): Generator<T, void>;
export function progress<T>(iterable: AsyncIterable<T>, options?: ProgressOptions): AsyncGenerator<Awaited<T>, void>;
export function progress<T>(
  iterable: Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions = {},
): Generator<T, void> | AsyncGenerator<Awaited<T>, void> {
  const bar = new Bar(options.description ?? '', options.total ?? lengthOf(iterable));
  return Symbol.iterator in iterable ? steps(iterable, bar) : asyncSteps(iterable, bar);
}

function* steps<T>(items: Iterable<T>, bar: Bar): Generator<T, void> {
  const output = new LiveOutput(() => bar, { volatile: true });
  bar.start();
  output.changed();
  try {
    for (const item of items) {
      yield item;
      bar.done++;
      output.changed();
    }
    bar.isComplete = true;
  } finally {
    output.end();
  }
}

async function* asyncSteps<T>(items: AsyncIterable<T>, bar: Bar): AsyncGenerator<Awaited<T>, void> {
  const output = new LiveOutput(() => bar, { volatile: true });
  bar.start();
  output.changed();
  try {
    for await (const item of items) {
      yield item;
      bar.done++;
      output.changed();
    }
    bar.isComplete = true;
  } finally {
    output.end();
  }
}

function lengthOf(iterable: object): number | undefined {
  const { length, size } = iterable as { length?: unknown; size?: unknown };
  return [length, size].find((count): count is number => typeof count === 'number');
}

const bright = '█';
const dark = '░';
const width = 20;

/** The progress of a loop. */
class Bar extends RichOutput {
  done = 0;
  isComplete = false;
  private startedAt = 0;

  constructor(
    private readonly description: string,
    private readonly total: number | undefined,
  ) {
    super();
  }

  start(): void {
    this.startedAt = performance.now();
  }

  /** The completed share from 0 to 1; `undefined` without a total, until the loop is complete. */
  private share(): number | undefined {
    if (this.isComplete) return 1;
    return this.total === undefined || this.total === 0 ? undefined : Math.min(1, this.done / this.total);
  }

  /** `37/100 · 4 s, 9.2/s, 7 s left` */
  private numbers(): string {
    const seconds = (performance.now() - this.startedAt) / 1000;
    const rate = seconds > 0 ? this.done / seconds : 0;
    const left = this.total !== undefined && rate > 0 ? (this.total - this.done) / rate : undefined;
    const parts = [
      duration(seconds),
      ...(this.done > 0 && rate > 0 ? [`${Number(rate.toPrecision(3))}/s`] : []),
      ...(left !== undefined && left > 0 && !this.isComplete ? [`${duration(left)} left`] : []),
    ];
    return `${this.done}${this.total === undefined ? '' : `/${this.total}`} · ${parts.join(', ')}`;
  }

  mimeBundle(): MimeBundle {
    const share = this.share();
    const numbers = this.numbers();
    const filled = Math.round((share ?? 0) * width);
    const drawn = share === undefined ? '' : `${bright.repeat(filled)}${dark.repeat(width - filled)} `;
    const before = this.description && `${this.description} `;
    const color = this.isComplete ? '#2E7D32' : '#1565C0';
    const percent = Math.round((share ?? 0) * 1000) / 10;
    const track =
      share === undefined
        ? ''
        : '<div style="display: inline-block; vertical-align: middle; width: 240px; height: 10px; margin: 0 8px; ' +
          'border-radius: 5px; overflow: hidden; background: rgba(128, 128, 128, 0.25)">' +
          `<div style="width: ${percent}%; height: 100%; background: ${color}"></div></div>`;
    const html =
      `<div role="progressbar" aria-label="${escapeHtml(this.description || 'progress')}"` +
      `${share === undefined ? '' : ` aria-valuenow="${Math.round(percent)}"`}>` +
      `${escapeHtml(before)}${track}<span style="font-variant-numeric: tabular-nums">${numbers}</span></div>`;
    return { 'text/html': html, 'text/plain': `${before}${drawn}${numbers}` };
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 9.95 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
