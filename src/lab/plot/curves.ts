import { formatNumber, type NumberList } from '../../display';
import { PlotError } from '../../errors';
import { Figure, hasOwnColour, type PlotlyLayout, type PlotlyTrace } from './figure';
import { checkRange, compact, extremePoints, toNumbers } from './input';
import { mark } from './marks';
import { axis, baseLayout, dashes, legendNames, neutral, palette, wholeTicks } from './theme';

/** One line or cloud of points. */
export interface Series {
  /** Its name in the legend. */
  name: string;
  /** The heights. Values that are not finite (or not positive on a log axis) leave a gap. */
  y: NumberList;
  /** The positions. Default: 0, 1, 2, … */
  x?: NumberList;
  /** A line, separate points, both, or a line that keeps each value until the next. Default: `'lines'`. */
  mode?: 'lines' | 'markers' | 'lines+markers' | 'steps';
  /** The lower edge of a shaded band around the line, such as the smallest of several runs. Default: none. */
  lower?: NumberList;
  /** The upper edge of the band; needs `lower`. Default: none. */
  upper?: NumberList;
  /** A large dot in the line's colour, `[x, y]`, such as the position of a slider. Default: none. */
  dot?: readonly [number, number];
  /** Its colour, if it should be the same in several figures. Default: the next of the palette. */
  color?: string | undefined;
  /** Its line style, such as `'dash'`. Default: the next one. */
  dash?: string | undefined;
  /** The width of its line in pixels. Default: 2.2. */
  width?: number;
  /** The shape of its dot, such as `'diamond'`. Default: a circle. */
  symbol?: string;
  /** Whether it is hidden at first; a click on its name in the legend shows it. Default: false. */
  hidden?: boolean;
}

/** A straight line across the figure, at one `x` (vertical) or one `y` (horizontal). */
export interface ReferenceLine {
  name: string;
  x?: number | undefined;
  y?: number | undefined;
}

/** A shaded band across the figure, over a range of `x` (vertical) or of `y` (horizontal). */
export interface Band {
  name: string;
  x?: readonly [number, number] | undefined;
  y?: readonly [number, number] | undefined;
}

/** Options of {@link curves}. */
export interface CurvesOptions {
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the horizontal axis. Default: none. */
  xLabel?: string;
  /** The name of the vertical axis. Default: none. */
  yLabel?: string;
  /** Whether the horizontal axis is logarithmic. Default: false. */
  xLog?: boolean;
  /** Whether the vertical axis is logarithmic. Default: false. */
  yLog?: boolean;
  /**
   * Whether the horizontal axis counts, with ticks only at whole numbers. Default: whether every series has no `x`, or
   * at least three whole numbers.
   */
  xWhole?: boolean;
  /** Smallest and largest x shown. Default: the range of the series. */
  xRange?: readonly [number, number];
  /** Smallest and largest y shown. Default: the range of the series, with padding. */
  yRange?: readonly [number, number];
  /** Whether a unit is equally long on both axes, so that a circle looks round. Default: false. */
  equalAspect?: boolean;
  /** Reference lines, such as a theoretical limit. Default: none. */
  lines?: readonly ReferenceLine[];
  /** Shaded bands, such as the range where a method converges. Default: none. */
  bands?: readonly Band[];
  /** Whether each line has its name at its end, in its colour, instead of a legend. Default: false. */
  namesAtEnds?: boolean;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels; title, axis labels and legend come on top. Default: 340. */
  height?: number;
}

interface Curve {
  name: string;
  x: number[];
  y: number[];
  mode: string;
  steps: boolean;
  edges: [number[], number[]] | undefined;
  dot: readonly [number, number] | undefined;
  hidden: boolean;
  color: string;
  hasOwnColour: boolean;
  dash: string;
  width: number;
  symbol: string | undefined;
}

type Range = [number, number];

/**
 * Named curves over one x axis: losses over steps, a fit over data. Each series gets its own colour and
 * line style. Coordinates are rounded to four significant digits.
 * @example
 * const angles = Array.from({ length: 64 }, (_, i) => i / 10);
 * plot.curves([{ name: 'sine', x: angles, y: angles.map(Math.sin) }], { xLabel: 'angle', yLabel: 'sine' })
 * @throws {PlotError} if a series is empty, lengths differ, or nothing can be drawn (a log axis without a positive
 * value, for instance).
 */
export function curves(series: readonly Series[], options: CurvesOptions = {}): Figure {
  const { title, xLabel, yLabel, xLog = false, yLog = false, height = 340 } = options;
  const [xName, yName] = [xLabel ?? 'x', yLabel ?? 'y'];
  const { lines = [], bands = [], equalAspect = false, namesAtEnds = false } = options;
  if (!series.length) throw new PlotError('curves: expected at least one series, got none');
  const read = series.map((one, i) => readSeries(one, i));
  for (const [kind, items] of Object.entries({ line: lines, band: bands })) {
    for (const { name, x, y } of items) {
      if ((x === undefined) === (y === undefined)) throw new PlotError(`curves: ${kind} “${name}” needs either x or y`);
    }
  }
  const across = (key: 'x' | 'y') => [...lines, ...bands].flatMap((item) => item[key] ?? []);
  const edges = read.flatMap(({ edges }) => edges ?? []).flat();
  const xs = [...read.flatMap(({ x, dot }) => (dot ? [...x, dot[0]] : x)), ...across('x')];
  const ys = [...read.flatMap(({ y, dot }) => (dot ? [...y, dot[1]] : y)), ...edges, ...across('y')];
  const xRange = rangeOf(xs, options.xRange, xLog, 'x', read.every(({ mode }) => mode === 'lines') ? 0 : 0.03);
  const yRange = rangeOf(ys, options.yRange, yLog, 'y', 0.05);
  const spans: Range = [xRange[1] - xRange[0], yRange[1] - yRange[0]];
  const gaps = (values: number[], log: boolean) => values.map((value) => (log && !(value > 0) ? Number.NaN : value));
  const pack = (x: number[], y: number[]) => ({
    x: compact(gaps(x, xLog), xLog ? 0 : spans[0]),
    y: compact(gaps(y, yLog), yLog ? 0 : spans[1]),
  });
  const data: PlotlyTrace[] = [
    ...bands.map((band, i) => ({
      ...shade(band.name, palette[(palette.length - 1 - i) % palette.length]!),
      ...pack(...outline(band, xRange, yRange)),
    })),
    ...read.flatMap(({ name, x, edges, color }) => {
      if (!edges) return [];
      const outlineY = [...edges[1], ...[...edges[0]].reverse()];
      return [{ ...shade(`${name}, range`, color), showlegend: false, ...pack([...x, ...[...x].reverse()], outlineY) }];
    }),
    ...read.map(({ name, x, y, mode, steps, hidden, color, dash, ...own }) =>
      mark({
        ...(own.hasOwnColour && { [hasOwnColour]: true }),
        mode,
        name,
        ...(hidden && { visible: 'legendonly' }),
        ...pack(x, y),
        ...(mode !== 'markers' && {
          line: { color, width: own.width, dash, ...(steps && { shape: 'hv' }) },
        }),
        ...(mode !== 'lines' && { marker: pointMarker(color, mode, x.length) }),
        hover: `${xName} %{x}<br>${yName} %{y}<extra>${name}</extra>`,
        legend: !namesAtEnds && read.length + lines.length + bands.length > 1,
      }),
    ),
    ...read.flatMap(({ name, dot, color, symbol }) => {
      if (!dot) return [];
      const marker = { ...pointMarker(color, 'markers', 1), ...(symbol !== undefined && { symbol }) };
      return [mark({ name, ...pack([dot[0]], [dot[1]]), marker, hover: true })];
    }),
    ...lines.map((line, i) =>
      mark({
        name: line.name,
        ...pack(...stroke(line, xRange, yRange)),
        line: { color: neutral, width: 1.6, dash: dashes[(i + 2) % dashes.length] },
        hover: `${line.name}<extra></extra>`,
        legend: true,
      }),
    ),
    ...(namesAtEnds
      ? read.map((one) => ({ ...nameAtEnd(one, xRange, yRange), ...pack(...endOf(one, xRange, yRange)) }))
      : []),
  ];
  const base = baseLayout({ title, legend: legendNames(data), width: options.width, plotHeight: height, axes: true });
  const longest = Math.max(...read.map(({ name }) => name.length));
  const layout: PlotlyLayout = {
    ...base,
    ...(namesAtEnds && { margin: { ...(base.margin as PlotlyLayout), r: 24 + 7 * longest } }),
    xaxis: {
      ...axis(xLabel, logged(xRange, xLog), xLog),
      ...(!xLog && (options.xWhole ?? read.every((one, i) => !series[i]!.x || counts(one))) && wholeTicks(xRange)),
      ...(equalAspect && { constrain: 'domain' }),
    },
    yaxis: {
      ...axis(yLabel, logged(yRange, yLog), yLog),
      ...(equalAspect && { constrain: 'domain', scaleanchor: 'x', scaleratio: 1 }),
    },
  };
  const words = (range: Range, log: boolean) =>
    `from ${formatNumber(range[0])} to ${formatNumber(range[1])}${log ? ', logarithmic' : ''}`;
  const description = [
    `Curves${title ? `: ${title}` : ''}.`,
    `${xName} runs ${words(xRange, xLog)}; ${yName} ${words(yRange, yLog)}.`,
    ...read.map((curve) => describeCurve(curve, xLog, yLog)),
    ...lines.map(
      (line) =>
        `Line “${line.name}” at ${line.x === undefined ? yName : xName} ${formatNumber((line.x ?? line.y) as number)}.`,
    ),
    ...bands.map((band) => {
      const range = (band.x ?? band.y) as Range;
      return `Band “${band.name}” over ${band.x ? xName : yName} ${range.map((end) => formatNumber(end)).join(' to ')}.`;
    }),
  ].join(' ');
  return new Figure({ data, layout, description });
}

/** The last point of a line in the picture, as lists; empty lists if there is none. */
function endOf({ x, y }: Curve, [left, right]: Range, [bottom, top]: Range): [number[], number[]] {
  const seen = (i: number) => x[i]! >= left && x[i]! <= right && y[i]! >= bottom && y[i]! <= top;
  const last = x.flatMap((_, i) => (seen(i) ? [i] : [])).at(-1);
  return last === undefined ? [[], []] : [[x[last]!], [y[last]!]];
}

/** A name beside the end of its line, or above it if the line leaves the picture before the right edge. */
function nameAtEnd(one: Curve, xRange: Range, yRange: Range): PlotlyTrace {
  const [[x]] = endOf(one, xRange, yRange);
  const atEdge = x !== undefined && x > xRange[0] + 0.97 * (xRange[1] - xRange[0]);
  return mark({
    name: `name of ${one.name}`,
    text: [atEdge ? `\u00a0${one.name}` : one.name], // not on the frame
    textposition: atEdge ? 'middle right' : 'top center',
    textfont: { size: 13, color: one.color },
    cliponaxis: false,
  });
}

/**
 * Few points are drawn large; clouds of points small and, without a line, transparent, so that overlaps are visible.
 */
function pointMarker(color: string, mode: string, count: number) {
  if (mode === 'markers' && count <= 12) return { color, size: 10 };
  return { color, size: 6, opacity: mode === 'markers' ? 0.7 : 1 };
}

function readSeries(one: Series, i: number): Curve {
  const who = `curves: series “${one.name}”`;
  const y = toNumbers(one.y, `${who}: y`);
  const x = one.x === undefined ? y.map((_, i) => i) : toNumbers(one.x, `${who}: x`);
  if (!y.length) throw new PlotError(`${who} has no values`);
  if ((one.lower === undefined) !== (one.upper === undefined)) {
    throw new PlotError(`${who}: a band needs both lower and upper`);
  }
  const lower = one.lower && toNumbers(one.lower, `${who}: lower`);
  const upper = one.upper && toNumbers(one.upper, `${who}: upper`);
  for (const [name, values] of Object.entries({ x, lower, upper })) {
    if (values && values.length !== y.length) {
      throw new PlotError(
        `${who}: ${name} has ${values.length} values, y has ${y.length}; they must have equally many`,
      );
    }
  }
  if (one.dot && one.dot.length !== 2) throw new PlotError(`${who}: dot needs [x, y], got [${one.dot}]`);
  return {
    name: one.name,
    x,
    y,
    mode: one.mode === undefined || one.mode === 'steps' ? 'lines' : one.mode,
    steps: one.mode === 'steps',
    edges: lower && upper && [lower, upper],
    dot: one.dot,
    hidden: one.hidden === true,
    color: one.color ?? palette[i % palette.length]!,
    hasOwnColour: one.color !== undefined,
    dash: one.dash ?? dashes[i % dashes.length]!,
    width: one.width ?? 2.2,
    symbol: one.symbol,
  };
}

/** The range that is shown, in data units: the given one, or the values' own with `room` on each side. */
function rangeOf(
  values: number[],
  given: readonly [number, number] | undefined,
  log: boolean,
  name: string,
  room: number,
): Range {
  if (given) {
    const range = checkRange(given, `curves: ${name}Range`);
    if (log && !(range[0] > 0)) throw new PlotError(`curves: a log axis starts above 0, got ${name}Range [${range}]`);
    return range;
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) throw new PlotError(`curves: ${name} has no ${log ? 'positive ' : ''}finite value to draw`);
  if (log) {
    const factor = low === high ? 2 : (high / low) ** room;
    return [low / factor, high * factor];
  }
  const margin = low === high ? Math.max(1, Math.abs(low)) * 0.5 : (high - low) * room;
  return [low - margin, high + margin];
}

/** Whether the positions are whole numbers; two may be the ends of a straight line. */
const counts = ({ x }: Curve): boolean => x.every(Number.isInteger) && new Set(x).size > 2;

function logged(range: Range, log: boolean): Range {
  return log ? [Math.log10(range[0]), Math.log10(range[1])] : range;
}

function shade(name: string, color: string): PlotlyTrace {
  return mark({
    name,
    fill: 'toself',
    fillcolor: `${color}33`,
    line: { width: 0 },
    legend: true,
  });
}

/** The four corners of a band. */
function outline(band: Band, xRange: Range, yRange: Range): [number[], number[]] {
  const [left, right] = band.x ?? xRange;
  const [bottom, top] = band.y ?? yRange;
  return [
    [left, right, right, left],
    [bottom, bottom, top, top],
  ];
}

/** The two ends of a reference line. */
function stroke(line: ReferenceLine, xRange: Range, yRange: Range): [number[], number[]] {
  const { x, y = 0 } = line;
  return x === undefined ? [xRange, [y, y]] : [[x, x], yRange];
}

function describeCurve({ name, x, y, dot }: Curve, xLog: boolean, yLog: boolean): string {
  const drawn = y.flatMap((value, i) => {
    const here = x[i]!;
    const seen = Number.isFinite(value) && Number.isFinite(here) && !(yLog && value <= 0) && !(xLog && here <= 0);
    return seen ? [{ x: here, y: value }] : [];
  });
  if (!drawn.length) return `“${name}” has ${y.length} points, none of which can be drawn.`;
  const { lowest, highest } = extremePoints(drawn, (point) => point.y);
  const at = (point: { x: number; y: number }) => `${formatNumber(point.y)} (at ${formatNumber(point.x)})`;
  const missing = y.length - drawn.length;
  return (
    `“${name}” has ${y.length} points, from ${at(drawn[0]!)} to ${at(drawn.at(-1)!)}, lowest ${at(lowest)}, highest ` +
    `${at(highest)}${missing ? `; ${missing} cannot be drawn and leave gaps` : ''}.` +
    (dot ? ` A dot marks ${at({ x: dot[0], y: dot[1] })}.` : '')
  );
}
