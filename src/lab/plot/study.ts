// Figures of a hyperparameter search, named as in Optuna.

import { formatNumber } from '../../display';
import { PlotError } from '../../errors';
import type { AnyParams, Study } from '../../tuner';
import { isBetter } from '../../tuner/best';
import { curves, type Series } from './curves';
import { Figure, type PlotlyTrace } from './figure';
import { barMark } from './marks';
import { panels } from './panels';
import { axis, baseLayout, palette } from './theme';

/** A study of `tuner`, with any parameters. */
export type AnyStudy = Pick<Study<AnyParams>, 'trials' | 'best' | 'timeline' | 'direction' | 'parameters'>;

/** Options of {@link optimizationHistory}, {@link parallelCoordinate} and {@link slice}. */
export interface StudyFigureOptions {
  /** The name of the values, for axes. Default: “value”. */
  target?: string;
  /** Whether values are on a log scale; nonpositive ones are then omitted. Default: false. */
  log?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of each row's drawing in pixels; titles, axis labels and legend come on top. Default: 300. */
  height?: number;
}

type Trial = AnyStudy['trials'][number];
type Parameter = AnyStudy['parameters'][string];

/**
 * Trials with a value that can be drawn.
 * @throws {PlotError} if there is none.
 */
function drawable(study: AnyStudy, log: boolean, who: string): Trial[] {
  const trials = study.trials.filter(
    ({ state, value }) =>
      (state === 'complete' || state === 'pruned') && Number.isFinite(value) && (!log || value! > 0),
  );
  if (trials.length > 0) return trials;
  throw new PlotError(`${who}: no trial has ended with a value${log ? ' above 0' : ''} yet`);
}

/**
 * The value of each trial, and that of the best so far by the rule of `study.best` (Optuna's
 * `plot_optimization_history`); pruned ones with their last reported value.
 * @example
 * const study = tuner.study(tuner.space({ rate: tuner.float(1e-3, 1, { log: true }) }), { trials: 8, seed: 2 });
 * await study.run(({ rate }) => Math.log10(rate) ** 2);
 * plot.optimizationHistory(study, { target: 'loss' })
 * @throws {PlotError} if no trial has ended with a value.
 */
export function optimizationHistory(study: AnyStudy, options: StudyFigureOptions = {}): Figure {
  const { target = 'value', log = false, title, height = 300 } = options;
  const trials = drawable(study, log, 'optimizationHistory');
  const whole = trials.filter(({ state }) => state === 'complete');
  let best: Trial | undefined;
  const bests = whole.flatMap((one) => {
    if (isBetter(one, best, study.direction)) best = one;
    return best === undefined ? [] : [{ at: one.number, value: best.value! }];
  });
  const points = (name: string, which: readonly Trial[], color: string): Series[] =>
    which.length === 0
      ? []
      : [{ name, mode: 'markers', color, x: which.map(({ number }) => number), y: which.map(({ value }) => value!) }];
  const pruned = trials.filter(({ state }) => state === 'pruned');
  const series: Series[] = [
    ...points('complete', whole, palette[1]!),
    ...points('pruned', pruned, palette[4]!),
    ...(bests.length > 0
      ? [
          {
            name: 'best so far',
            mode: 'steps' as const,
            dash: 'solid',
            color: palette[0]!,
            x: bests.map(({ at }) => at),
            y: bests.map(({ value }) => value),
          },
        ]
      : []),
  ];
  return evenDots(
    curves(series, {
      xLabel: 'trial',
      xWhole: true,
      yLabel: target,
      yLog: log,
      height,
      ...(title !== undefined && { title }),
    }),
  );
}

/**
 * The value of trials against one parameter at a time, a panel for each (Optuna's `plot_slice`).
 * @example
 * const study = tuner.study(tuner.space({ rate: tuner.float(1e-3, 1, { log: true }) }), { trials: 8, seed: 2 });
 * await study.run(({ rate }) => Math.log10(rate) ** 2);
 * plot.slice(study, { target: 'loss' })
 * @throws {PlotError} if no trial has ended with a value.
 */
export function slice(study: AnyStudy, options: StudyFigureOptions = {}): Figure {
  const { target = 'value', log = false, title, height = 220 } = options;
  const trials = drawable(study, log, 'slice');
  const figures = Object.entries(study.parameters).flatMap(([name, parameter]) => {
    const having = trials.filter(({ params }) => params[name] !== undefined);
    if (having.length === 0) return [];
    const place = placesOf(parameter);
    const kinds = [
      ['complete', palette[1]!],
      ['pruned', palette[4]!],
    ] as const;
    const series = kinds.flatMap(([state, color]): Series[] => {
      const which = having.filter((trial) => trial.state === state);
      const x = which.map(({ params }) => place.value(params[name]!));
      return which.length === 0
        ? []
        : [{ name: state, mode: 'markers', color, x, y: which.map(({ value }) => value!) }];
    });
    const figure = evenDots(curves(series, { xLabel: name, yLabel: target, xLog: place.isLog, yLog: log }));
    if (place.names === undefined) return [figure];
    const { names } = place;
    const xaxis = { ...axis(name, [-0.5, names.length - 0.5]), tickvals: names.map((_, i) => i), ticktext: names };
    return [new Figure({ data: figure.data, layout: { ...figure.layout, xaxis }, description: figure.description })];
  });
  // At most three in a row, without a single one in the last row if possible.
  const columns = Math.ceil(figures.length / Math.ceil(figures.length / 3));
  return panels(figures, { columns, height, ...(title !== undefined && { title }) });
}

/**
 * Each trial as a line across its parameters to its value (Optuna's `plot_parallel_coordinate`): drag along an axis to see only trials
 * with values there, drag the name of an axis to move it; in JupyterLab and on the site, point at a line to read its trial. The best are
 * orange; a parameter that a trial lacks is “none”.
 * @example
 * const study = tuner.study(tuner.space({ rate: tuner.float(1e-3, 1, { log: true }) }), { trials: 8, seed: 2 });
 * await study.run(({ rate }) => Math.log10(rate) ** 2);
 * plot.parallelCoordinate(study, { target: 'loss' })
 * @throws {PlotError} if no trial has ended with a value.
 */
export function parallelCoordinate(study: AnyStudy, options: StudyFigureOptions = {}): Figure {
  const { target = 'value', log = false, title, height = 320 } = options;
  const trials = drawable(study, log, 'parallelCoordinate');
  // Lines drawn later are on top: the best.
  const sign = study.direction === 'minimize' ? 1 : -1;
  const ordered = [...trials].sort((a, b) => sign * (b.value! - a.value!));
  const heightOf = (value: number) => (log ? Math.log10(value) : value);
  const values = ordered.map(({ value }) => round(heightOf(value!)));
  const dimensions = Object.entries(study.parameters).flatMap(([name, parameter]) => {
    const column = ordered.map(({ params }) => params[name]);
    return column.every((value) => value === undefined) ? [] : [dimensionOf(name, parameter, column)];
  });
  const axisOfValues = { label: target, values, ...(log && decades(values)) };
  const rows = ordered.map((trial) => describeTrial(trial, target));
  const best = ordered.find(({ number }) => number === study.best?.number) ?? ordered.at(-1)!;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const trace: PlotlyTrace = {
    type: 'parcoords',
    dimensions: [...dimensions, axisOfValues],
    line: {
      color: values,
      cmin: low,
      cmax: high > low ? high : low + 1,
      colorscale: fromBest,
      reversescale: study.direction === 'maximize',
    },
    unselected: { line: { color: '#8A8A8A', opacity: 0.12 } },
    labelfont: { size: 13 },
    tickfont: { size: 11 },
    rangefont: { size: 1, color: 'rgba(0, 0, 0, 0)' },
    meta: { rows },
  };
  const layout = baseLayout({ title, legend: [], plotHeight: height, axes: false });
  const top = (layout.margin as { t: number }).t + (title === undefined ? 24 : 36);
  return new Figure({
    data: [trace],
    // The reader's selection on the axes stays when lines are added.
    layout: { ...layout, uirevision: 'picked', height: height + top + 24, margin: { l: 64, r: 64, t: top, b: 24 } },
    description:
      `Parallel coordinates${title ? `: ${title}` : ''}. ${ordered.length} trials as lines across ` +
      `${Object.keys(study.parameters).join(', ')} to ${target}. Best: ${describeTrial(best, target).replaceAll('<br>', ', ')}.`,
  });
}

/** From the best, orange, to the worst, a pale blue: both visible on a white and on a dark page. */
const fromBest: [number, string][] = [
  [0, '#D55E00'],
  [0.15, '#CC79A7'],
  [0.5, '#6FA5D1'],
  [1, '#9DB8D2'],
];

const round = (value: number) => Number(value.toPrecision(6));

function describeTrial({ number, state, value, params }: Trial, target: string): string {
  const shown = (given: unknown) => (typeof given === 'number' ? formatNumber(given) : String(given));
  const named = Object.entries(params as object).map(([name, given]) => `${name} ${shown(given)}`);
  return [`trial ${number}${state === 'pruned' ? ', pruned' : ''}`, ...named, `${target} ${shown(value)}`].join('<br>');
}

/** The figure with dots of one size: few would be drawn large, as if they mattered more. */
function evenDots({ data, layout, description }: Figure): Figure {
  const even = data.map((trace) =>
    trace.mode === 'markers' ? { ...trace, marker: { ...(trace.marker as object), size: 7, opacity: 0.8 } } : trace,
  );
  return new Figure({ data: even, layout, description });
}

/** Returns the axis positions of a parameter's values, and labels for values that are not numbers. */
function placesOf(parameter: Parameter) {
  const plain = parameter.kind === 'when' ? parameter.parameter : parameter;
  const choices = plain.kind === 'categorical' ? plain.choices : undefined;
  return {
    isLog: plain.kind !== 'categorical' && plain.log,
    names: choices?.map(String),
    value: (given: unknown) => (choices === undefined ? Number(given) : choices.indexOf(given as never)),
  };
}

/** Ticks of logarithms: at powers of ten, and at 2 and 5 times these if there are few; they enclose all values. */
function decades(values: readonly number[]) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // A logarithm of 1 may be -0, which JSON does not keep.
  const [low, high] = [Math.floor(least) + 0, Math.ceil(most) + 0];
  const stride = Math.max(1, Math.ceil((high - low) / 8));
  const powers = Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, i) => low + i * stride);
  const all =
    most - least > 2 ? powers : powers.flatMap((at) => [1, 2, 5].map((times) => round(at + Math.log10(times))));
  // A value rounded to six digits may be beyond its own tick.
  const first = Math.max(0, all.filter((at) => at <= least + 1e-5).length - 1);
  const last = all.findIndex((at) => at >= most - 1e-5);
  const tickvals = all.slice(first, (last < 0 ? all.length - 1 : Math.max(last, first + 1)) + 1);
  return {
    range: [tickvals[0]!, last < 0 ? high : tickvals.at(-1)!],
    tickvals,
    ticktext: tickvals.map((at) => formatNumber(Number((10 ** at).toPrecision(4)))),
  };
}

/** About five round numbers between two others. */
function roundNumbers(low: number, high: number): number[] {
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => round((first + i) * step));
}

function dimensionOf(label: string, parameter: Parameter, column: readonly unknown[]) {
  const { isLog, names, value } = placesOf(parameter);
  const given = column.map((one) => (one === undefined ? undefined : isLog ? Math.log10(value(one)) : value(one)));
  const present = given.filter((one) => one !== undefined);
  const isMissing = present.length < given.length;
  if (names !== undefined) {
    const ticktext = isMissing ? [...names, 'none'] : names;
    const values = given.map((one) => one ?? names.length);
    return { label, values, tickvals: ticktext.map((_, i) => i), ticktext, range: [-0.1, ticktext.length - 0.9] };
  }
  const [low, high] = [Math.min(...present), Math.max(...present)];
  const below = low - 0.15 * (high - low || 1);
  const values = given.map((one) => round(one ?? below));
  const ticks = isLog ? decades(present) : {};
  if (!isMissing) return { label, values, ...ticks };
  const own = isLog ? decades(present).tickvals : roundNumbers(low, high);
  const text = isLog ? decades(present).ticktext : own.map((at) => formatNumber(at));
  return {
    label,
    values,
    range: [below, Math.max(high, ...own)],
    tickvals: [below, ...own],
    ticktext: ['none', ...text],
  };
}

/** Options of {@link timeline}. */
export interface TimelineOptions {
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: as the workers need. */
  height?: number;
}

const stateColors = {
  complete: palette[2]!,
  pruned: palette[4]!,
  failed: palette[0]!,
  lost: palette[3]!,
  running: palette[5]!,
};

/**
 * A timeline of trials: a row for each worker, a bar for each run of a trial, in the colour of its outcome (Optuna's
 * `plot_timeline`). Running trials extend to the last event.
 * @example
 * // What `study.timeline()` gives; with a study: plot.timeline(study).
 * const runs: tuner.Span[] = [
 *   { number: 0, worker: 'a', began: 0, ended: 4000, state: 'complete' },
 *   { number: 1, worker: 'b', began: 0, ended: 2500, state: 'pruned' },
 *   { number: 2, worker: 'b', began: 2500, ended: 6000, state: 'complete' },
 *   { number: 3, worker: 'a', began: 4000, state: 'running' },
 * ];
 * plot.timeline({ timeline: () => runs })
 * @throws {PlotError} if no trial has begun.
 */
export function timeline(study: Pick<AnyStudy, 'timeline'>, options: TimelineOptions = {}): Figure {
  const spans = study.timeline();
  if (spans.length === 0) throw new PlotError('timeline: no trial has begun yet');
  const start = Math.min(...spans.map(({ began }) => began));
  const last = Math.max(...spans.flatMap(({ began, ended }) => [began, ended ?? began]));
  const nameOf = ({ worker }: { worker?: string }) => worker ?? 'running';
  const workers = [...new Set(spans.map(nameOf))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const { title, height = 60 + 26 * workers.length } = options;
  const data = Object.entries(stateColors).flatMap(([state, color]): PlotlyTrace[] => {
    const own = spans.filter((span) => span.state === state);
    if (own.length === 0) return [];
    const seconds = own.map(({ began, ended = last }) => Math.max(1, ended - began) / 1000);
    return [
      barMark({
        orientation: 'h',
        name: state,
        base: own.map(({ began }) => (began - start) / 1000),
        x: seconds,
        y: own.map((span) => workers.indexOf(nameOf(span))),
        width: 0.7,
        text: own.map(({ number }) => String(number)),
        textposition: 'none',
        customdata: seconds.map((time) => formatNumber(time)),
        marker: { color, line: { width: 1, color: 'rgba(128, 128, 128, 0.6)' } },
        hover: `trial %{text}, %{customdata} s<extra>${state}</extra>`,
        legend: true,
      }),
    ];
  });
  const layout = baseLayout({ title, legend: data.map(({ name }) => name!), plotHeight: height, axes: true });
  const seconds = (last - start) / 1000;
  const lengths = Math.max(...workers.map((name) => name.length));
  return new Figure({
    data,
    layout: {
      ...layout,
      barmode: 'overlay',
      margin: { ...(layout.margin as object), l: Math.min(240, Math.max(70, 30 + 7 * lengths)) },
      xaxis: axis('seconds', [0, Math.max(seconds, 0.001)]),
      yaxis: { ...axis('', [workers.length - 0.5, -0.5]), tickvals: workers.map((_, i) => i), ticktext: workers },
    },
    description:
      `Timeline${title ? `: ${title}` : ''}. ${workers.length} workers, ${spans.length} runs of trials in ${formatNumber(seconds)} seconds: ` +
      `${data.map(({ name, x }) => `${(x as number[]).length} ${name}`).join(', ')}.`,
  });
}
