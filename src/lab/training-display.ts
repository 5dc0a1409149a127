import { describe } from '../describe';
import {
  formatNumber,
  LiveOutput,
  type MimeBundle,
  type NumberList,
  RichOutput,
  type Scalar,
  toPlain,
} from '../display';
import { ValueError } from '../errors';
import { checkOptionsOf } from '../options';
import { curves, type Figure, panels } from './plot';

/** Options of {@link trainingDisplay}. */
export interface TrainingDisplayOptions {
  /** The numbers that are drawn, in order. Default: those of each update. */
  metrics?: readonly string[];
  /** The number of updates; the horizontal axis then has its full length from the start. */
  total?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of an update. Default: “epoch”. */
  unit?: string;
  /** Whether the vertical axis is logarithmic. Default: false. */
  yLog?: boolean;
  /**
   * Earlier curves that are drawn first, such as a training's `history` or arrays from `io.loadNpz`; updates continue
   * them. Default: none.
   */
  history?: Readonly<Record<string, NumberList>>;
}

/** The allowed values of each option; a history is checked when it is adopted. */
const optionKinds: Readonly<Record<keyof TrainingDisplayOptions, string>> = {
  metrics: 'list',
  total: 'number',
  title: 'text',
  unit: 'text',
  yLog: 'boolean',
  history: '',
};

/** The quantity of a number: the validation loss, `valLoss` or `val_loss`, is a `loss`. */
const quantityOf = (name: string): string =>
  name.replace(/^val_?(?=[A-Z])./, (start) => start.at(-1)!.toLowerCase()).replace(/^val_(?=.)/, '');

/** Maximum points of one curve; above that every second, third, … is omitted. */
const mostPoints = 500;

/** The curves of a running training; made by {@link trainingDisplay}. */
export class TrainingDisplay extends RichOutput {
  /** The numbers so far, by metric; NaN where an update had none. */
  readonly history: Record<string, number[]> = {};
  private updates = 0;
  private readonly output: LiveOutput;

  /** @internal */
  constructor(private readonly options: TrainingDisplayOptions) {
    super();
    checkOptionsOf('trainingDisplay', options, optionKinds);
    for (const name of options.metrics ?? []) this.history[name] = [];
    this.output = new LiveOutput(() => this);
    this.begin(options.history ?? {});
  }

  /**
   * Adds one number to each curve and draws them, at most ten times a second.
   * @throws {ValueError} if there is a number that `metrics` does not name.
   */
  update(values: Readonly<Record<string, Scalar>>): void {
    for (const name of Object.keys(values)) {
      this.requireMetric('update', name);
      this.history[name] ??= Array<number>(this.updates).fill(Number.NaN);
    }
    this.updates++;
    for (const [name, curve] of Object.entries(this.history)) curve.push(numberOf(values[name]));
    this.output.changed();
  }

  /** Adopts curves, all of one length. */
  private begin(history: Readonly<Record<string, NumberList>>): void {
    if (typeof history !== 'object' || history === null || Array.isArray(history))
      throw new ValueError(`trainingDisplay: history must be an object of lists by name, got ${describe(history)}`);
    const curves = Object.entries(history).map(([name, curve]) => [name, numbersOf(name, curve)] as const);
    if (curves.length === 0) return;
    this.updates = curves[0][1].length;
    for (const [name, curve] of curves) {
      this.requireMetric('history', name);
      if (curve.length !== this.updates)
        throw new ValueError(
          `trainingDisplay: ${name} of history has ${curve.length} numbers, ${curves[0][0]} has ${this.updates}; each must have one for each update`,
        );
      this.history[name] = curve;
    }
    for (const curve of Object.values(this.history)) while (curve.length < this.updates) curve.push(Number.NaN);
    if (this.updates > 0) this.output.changed();
  }

  private requireMetric(of: string, name: string): void {
    const { metrics } = this.options;
    if (metrics && !metrics.includes(name))
      throw new ValueError(`trainingDisplay: ${of} has ${name}, metrics has ${metrics.join(', ')}`);
  }

  /** Draws the last state. Without this call it is drawn within a tenth of a second. */
  end(): void {
    this.output.end();
  }

  mimeBundle(): MimeBundle {
    const text = { 'text/plain': this.line() };
    const figure = this.figure();
    return figure ? { ...figure.mimeBundle(), ...text } : text;
  }

  /** Returns a panel for each quantity, with its curves; `undefined` while there is no data. */
  private figure(): Figure | undefined {
    const { title, total, unit = 'epoch', yLog = false } = this.options;
    const stride = Math.ceil(this.updates / mostPoints);
    const kept = Array.from({ length: this.updates }, (_, i) => i).filter(
      (i) => i % stride === 0 || i === this.updates - 1,
    );
    const drawn = Object.entries(this.history)
      .filter(([, y]) => y.some((value) => Number.isFinite(value) && !(yLog && value <= 0)))
      .map(([name, y]) => {
        const mode = kept.length === 1 ? ('markers' as const) : ('lines' as const);
        return { name, x: kept.map((i) => i + 1), y: kept.map((i) => y[i]!), mode };
      });
    if (drawn.length === 0) return undefined;
    const whole = total !== undefined && total > 1 ? { xRange: [1, Math.max(total, this.updates)] as const } : {};
    const quantities = [...new Set(drawn.map(({ name }) => quantityOf(name)))];
    const above = title ? { title } : {};
    const figures = quantities.map((yLabel) =>
      curves(
        drawn.filter(({ name }) => quantityOf(name) === yLabel),
        { xLabel: unit, xWhole: true, yLabel, yLog, ...whole, ...(quantities.length === 1 && above) },
      ),
    );
    return figures.length === 1 ? figures[0] : panels(figures, above);
  }

  /** `epoch 3/10 · loss 0.1234 · accuracy 0.9` */
  private line(): string {
    const { title, total, unit = 'epoch' } = this.options;
    const numbers = Object.entries(this.history).map(([name, y]) => `${name} ${formatNumber(y.at(-1) ?? Number.NaN)}`);
    const count = `${unit} ${this.updates}${total === undefined ? '' : `/${total}`}`;
    return [...(title ? [title] : []), count, ...numbers].join(' · ');
  }
}

/**
 * Curves that grow while a model is trained: in a notebook a figure that is redrawn in place, in a terminal one line.
 * Each quantity has a panel with its name. A number of the validation, such as `valLoss`, is drawn with that of the training.
 *
 * `const shown = trainingDisplay({ total: 20 });`, then in each epoch `shown.update({ loss, accuracy })`, and at the end
 * `shown.end()`. With `history` it draws what was kept, such as `{ history: await io.loadNpz('run.npz') }` after
 * `io.saveNpz('run.npz', shown.history)`.
 * @example
 * const shown = trainingDisplay({ total: 3 });
 * for (const loss of [4, 1, 0.25]) shown.update({ loss });
 * shown.end();
 * @throws {ValueError} for an option that there is not or that is of another kind; if `history` has something else than lists of numbers of one length, or of what `metrics` does not name.
 */
export function trainingDisplay(options: TrainingDisplayOptions = {}): TrainingDisplay {
  return new TrainingDisplay(options);
}

function numbersOf(name: string, curve: NumberList): number[] {
  const numbers = toPlain(curve);
  if (Array.isArray(numbers) && numbers.every((value) => typeof value === 'number')) return [...numbers];
  throw new ValueError(`trainingDisplay: ${name} of history must be a list of numbers`);
}

const numberOf = (value: Scalar | undefined): number =>
  value === undefined ? Number.NaN : typeof value === 'number' ? value : Number(value.tolist());
