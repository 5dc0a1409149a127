import { formatNumber } from '../../display';
import { PlotError } from '../../errors';
import { Figure, type PlotlyFrame, type PlotlyLayout } from './figure';
import { defaultStay, type SliderStep, withSlider } from './theme';

/** A chip below a slider: the legend entry of the traces of a name, a button that hides them, and a reading. */
export interface Chip {
  /** The name of a trace. */
  name: string;
  /** The reading at a value of the slider, such as “0.73 · slope 0.20”. */
  reading(value: never): string;
  /** The reading in a figure of `ask` until the choice. Default: a question mark. */
  covered?(value: never): string;
}

/** Options of {@link slider}. */
export interface SliderOptions {
  /** The name of the values, before the chosen one. Default: “value”. */
  label?: string;
  /** The index of the initial value. Default: 0. */
  start?: number;
  /** Formats a value. Default: a number with four significant digits, anything else as its text. */
  format?: (value: unknown) => string;
  /**
   * Buttons that play and stop: first from the beginning, later from the shown value. A number is the duration of each
   * value, in milliseconds; `true` is 700. In JupyterLab, users who prefer reduced motion get a button for single
   * steps. Default: false.
   */
  play?: boolean | number;
  /**
   * A number for each value, drawn as a curve above the slider in JupyterLab and on pages of the site: the figure's
   * finding at every value. In a figure of `ask` it is covered until the choice. Default: none.
   */
  strip?: (value: never) => number;
  /** The name of a trace whose last point can be dragged there: the nearest value follows the pointer. Default: none. */
  handle?: string;
  /**
   * Chips below the slider, in JupyterLab and on pages of the site, instead of the legend: a click on one hides its
   * traces, in all figures of the page with a chip of that name. Default: none.
   */
  chips?: readonly Chip[];
}

/**
 * One figure with a slider that moves through precomputed ones:
 * `slider([0.01, 0.05], lr => contour(…), { label: 'η' })`. It works wherever plotly does, without a kernel. `draw` is
 * called once for each value and must return figures of one kind: the same number and types of traces. Only differences
 * between them are stored again. Fixed axis ranges are widened to include all figures, so that the picture does not
 * jump.
 * @example
 * const losses = (rate: number) => [0, 1, 2, 3].map((step) => (1 - rate) ** (2 * step));
 * plot.slider([0.1, 0.2, 0.5], (rate) =>
 *   plot.curves([{ name: 'loss', y: losses(rate) }], { xLabel: 'step', yLabel: 'loss' }), { label: 'rate' })
 * @throws {PlotError} if there are no values, two have the same text, the figures are of different kinds, or `play`
 *   is no time from 20 milliseconds on, `strip` gives no finite number, or `handle` or a chip names no trace.
 */
export function slider<T>(values: readonly T[], draw: (value: T) => Figure, options: SliderOptions = {}): Figure {
  const { label = 'value', start = 0, format = defaultFormat, play = false, strip, handle, chips } = options;
  if (typeof play === 'number' && !(Number.isFinite(play) && play >= 20)) {
    throw new PlotError(`slider: play must be true or milliseconds from 20 on, got ${play}`);
  }
  const names = values.map(format);
  const figures = values.map(draw);
  const first = figures[start];
  if (!first) throw new PlotError(`slider: start must be from 0 to ${values.length - 1}, got ${start}`);
  if (new Set(names).size < names.length) {
    throw new PlotError(
      `slider: two values have the same text (${names.join(', ')}); pass a format that tells them apart`,
    );
  }
  for (const [i, figure] of figures.entries()) checkSameKind(first, figure, names[i]!);
  const traces = first.data.flatMap((_, k) => (allEqual(figures.map(({ data }) => data[k])) ? [] : [k]));
  const layouts = figures.map(({ layout }) => layout);
  const keys = [...new Set(layouts.flatMap(Object.keys))].filter((key) => !allEqual(layouts.map((one) => one[key])));
  const tallest = layouts.reduce((best, one) => ((one.height as number) > (best.height as number) ? one : best));
  const fixed: PlotlyLayout = Object.fromEntries(keys.flatMap((key) => commonAxis(key, layouts)));
  for (const key of ['width', 'height', 'margin', 'legend', 'meta']) if (keys.includes(key)) fixed[key] = tallest[key];
  const changing = keys.filter((key) => !(key in fixed));
  const frames = figures.map((figure, i): PlotlyFrame => {
    const layout = Object.fromEntries(changing.map((key) => [key, figure.layout[key] ?? null]));
    return {
      name: names[i]!,
      data: traces.map((k) => changesOf(figures, i, k)),
      traces,
      ...(changing.length && { layout }),
    };
  });
  const steps = names.map(
    (name): SliderStep => ({
      label: name,
      method: 'animate',
      args: [[name], { mode: 'immediate', frame: { duration: 0, redraw: true }, transition: { duration: 0 } }],
    }),
  );
  const description =
    `A slider moves ${label} through ${names.length} values, from ${names[0]} to ${names.at(-1)}. ` +
    `${play ? 'Buttons play and pause it. ' : ''}At ${names[start]}: ${first.description}`;
  const layout = withSlider({ ...first.layout, ...fixed }, label, steps, start, play === true ? defaultStay : play);
  const more = {
    ...(strip && {
      strip: stripOf(
        values.map((value) => strip(value as never)),
        names,
      ),
    }),
    ...(handle !== undefined && { handle: traceOf(first, handle, 'handle') }),
    ...(chips && {
      chips: chips.map(({ name, reading, covered }) => {
        traceOf(first, name, 'a chip');
        const all = (read: (value: never) => string) => values.map((value) => read(value as never));
        return { name, readings: all(reading), ...(covered && { covered: all(covered) }) };
      }),
    }),
  };
  const meta = Object.keys(more).length > 0 && { meta: { ...(layout.meta as PlotlyLayout), slider: more } };
  return new Figure({ data: first.data, layout: { ...layout, ...meta }, frames, description, values });
}

/** The numbers of a strip, with three digits: it is only some pixels high. */
function stripOf(numbers: readonly number[], names: readonly string[]): number[] {
  const bad = numbers.findIndex((number) => !Number.isFinite(number));
  if (bad >= 0)
    throw new PlotError(`slider: strip must return a finite number, at ${names[bad]} it returned ${numbers[bad]}`);
  return numbers.map((number) => Number(number.toPrecision(3)));
}

/** The index of the trace with this name. */
function traceOf({ data }: Figure, wanted: string, who: string): number {
  const found = data.findIndex(({ name }) => name === wanted);
  if (found >= 0) return found;
  throw new PlotError(
    `slider: no trace is called “${wanted}”, which ${who} names; there are ${data.flatMap(({ name }) => name ?? []).join(', ')}`,
  );
}

function defaultFormat(value: unknown): string {
  return typeof value === 'number' ? formatNumber(value) : String(value);
}

function checkSameKind(first: Figure, figure: Figure, name: string): void {
  if (!(figure instanceof Figure))
    throw new PlotError(`slider: the function must return a Figure, at ${name} it did not`);
  const kinds = [first, figure].map(({ data }) => data.map(({ type }) => type).join(', '));
  if (kinds[0] !== kinds[1]) {
    throw new PlotError(
      `slider: all figures need the same traces; the first has ${kinds[0]}, at ${name} there are ${kinds[1]}`,
    );
  }
  if (figure.frames.length) throw new PlotError('slider: a figure with a slider of its own cannot be put into another');
}

/** The attributes of trace `k` that differ between the figures. */
function changesOf(figures: readonly Figure[], i: number, k: number) {
  const all = figures.map(({ data }) => data[k]!);
  const keys = [...new Set(all.flatMap(Object.keys))].filter((key) => !allEqual(all.map((trace) => trace[key])));
  const { type } = all[i]!;
  return { type, ...Object.fromEntries(keys.map((key) => [key, all[i]![key] ?? null])) };
}

/** Axes that differ only in their range get the smallest range that includes all. */
function commonAxis(key: string, layouts: readonly PlotlyLayout[]): [string, PlotlyLayout][] {
  const axes = layouts.map((layout) => layout[key] as PlotlyLayout | undefined);
  const ranges = axes.map((axis) => axis?.range as [number, number] | undefined);
  const isWhole = ({ tick0, dtick }: PlotlyLayout) => tick0 === 0 && dtick === 1;
  const rest = axes.map(
    (axis) => axis && { ...axis, range: null, ...(isWhole(axis) && { tick0: undefined, dtick: undefined }) },
  );
  if (!/^[xy]axis/.test(key) || !allEqual(rest) || !ranges.every(Array.isArray)) return [];
  const ends = ranges.flatMap((one) => one!);
  const range = [Math.min(...ends), Math.max(...ends)];
  if (ranges[0]![0] > ranges[0]![1]) range.reverse(); // rows counted from the top
  // If some are long, the axis of a counter has whole ticks automatically.
  const { tick0: _, dtick, ...long } = axes[0]!;
  const shown = axes.every((axis) => axis!.dtick === dtick) ? axes[0]! : long;
  return [[key, { ...shown, range }]];
}

function allEqual(values: readonly unknown[]): boolean {
  const first = JSON.stringify(values[0]);
  return values.every((value) => JSON.stringify(value) === first);
}
