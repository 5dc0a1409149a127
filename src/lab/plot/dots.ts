import { formatNumber, type NumberList } from '../../display';
import { PlotError } from '../../errors';
import { arrowMark, headSize, shafts } from './arrows';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { checkRange, compact, extent, toNumbers } from './input';
import { mark } from './marks';
import { between } from './overlay';
import { axis, baseLayout, neutral, palette, prefix } from './theme';

/** A named position on the line, such as a mean. */
export interface Pointer {
  name: string;
  at: number;
  /** Its colour. Default: the next of the palette, in the order of `curves`. */
  color?: string | undefined;
}

/** A named interval of the line, such as one standard deviation to both sides. */
export interface Span {
  name: string;
  range: readonly [number, number];
}

/** One line with its dots. */
export interface DotRow {
  /** Its name, beside the line. Default: none. */
  name?: string;
  /** The numbers, a dot for each. Overlapping dots are stacked. */
  values: NumberList;
  /** Named positions, marked below the line, each on a separate level. Default: none. */
  pointers?: readonly Pointer[];
  /**
   * Arrows above the line, of length `along` for each value, with a sign; all start at `from`, by default each at its
   * dot. Default: none.
   */
  arrows?: { along: NumberList; from?: number };
  /** Named intervals, drawn as wide strokes on the line. Default: none. */
  spans?: readonly Span[];
}

/** Options of {@link strip}. */
export interface StripOptions {
  /** Smallest and largest number shown. Default: the range of the content, with padding. */
  range?: readonly [number, number];
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the numbers. Default: none. */
  xLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels; title and axis label come on top. Default: as the rows need. */
  height?: number;
}

/** Options of {@link dots}. */
export interface DotsOptions extends StripOptions, Omit<DotRow, 'values' | 'name'> {}

interface Row {
  name: string | undefined;
  values: number[];
  pointers: readonly Pointer[];
  spans: readonly Span[];
  arrows: { from: number | undefined; along: number[] } | undefined;
}

/** In pixels of the default height, the units of the vertical axis. */
const pixels = { dot: 11, stack: 34, arrow: 8, pointer: 19, gap: 10 };
/** Approximate width of a line, in pixels. */
const usualWidth = 600;

/**
 * Numbers as dots on a line, with named positions below it and arrows above it: a batch and its mean, points and their
 * pulls.
 *
 * @example
 * plot.dots([1, 2, 3, 4, 30], { pointers: [{ name: 'mean', at: 8 }, { name: 'median', at: 3 }] })
 * @throws {PlotError} as {@link strip}.
 */
export function dots(values: NumberList, options: DotsOptions = {}): Figure {
  const { pointers, arrows, spans, ...rest } = options ?? {};
  return draw([readRow({ values, pointers, arrows, spans } as DotRow, 'dots')], rest, 'dots');
}

/**
 * Several lines of {@link dots}, one below the other over one axis.
 *
 * @example
 * plot.strip([
 *   { name: 'before', values: [1, 2, 6], pointers: [{ name: 'mean', at: 3 }] },
 *   { name: 'after', values: [-1, -0.5, 1.5], pointers: [{ name: 'mean', at: 0 }] },
 * ])
 * @throws {PlotError} if there is no row, a row has no values, something is not finite, or there is not one arrow for each value.
 */
export function strip(rows: readonly DotRow[], options: StripOptions = {}): Figure {
  if (!Array.isArray(rows) || !rows.length) throw new PlotError('strip: expected at least one row, got none');
  return draw(
    rows.map((row, i) => readRow(row, `strip: row ${i}`)),
    options ?? {},
    'strip',
  );
}

function readRow({ name, values, pointers = [], spans = [], arrows }: DotRow, who: string): Row {
  const numbers = toNumbers(values, who);
  if (!numbers.length) throw new PlotError(`${who}: expected at least one value, got none`);
  const along = arrows && toNumbers(arrows.along, `${who}: arrows.along`);
  if (along && along.length !== numbers.length) {
    throw new PlotError(`${who}: ${numbers.length} values and ${along.length} arrows; there must be one for each`);
  }
  const from = arrows?.from;
  const all = [...numbers, ...(along ?? []), ...(from === undefined ? [] : [from]), ...pointers.map(({ at }) => at)];
  const odd = all.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new PlotError(`${who}: values, arrows and pointers must be finite, got ${odd}`);
  for (const span of spans) checkRange(span.range, `${who}: span “${span.name}”`);
  return { name, values: numbers, pointers, spans, arrows: along && { from, along } };
}

/** The ends of the arrows of a row. */
const arrowsOf = ({ values, arrows }: Row) =>
  (arrows?.along ?? []).map((size, i) => {
    const tail = arrows?.from ?? values[i]!;
    return { tail, size, tip: tail + size };
  });

function draw(rows: readonly Row[], options: StripOptions, who: string): Figure {
  const { title, xLabel, width } = options;
  const range = rangeOf(rows, options.range, who);
  const span = range[1] - range[0];
  let bottom = 0;
  const lines = rows.map((row) => {
    const line = bottom - pixels.gap - arrowsOf(row).length * pixels.arrow - pixels.stack;
    bottom = line - pixels.gap - row.pointers.length * pixels.pointer;
    return line;
  });
  const data = rows.flatMap((row, i) => rowTraces(row, lines[i]!, { range, xLabel, color: palette[(i + 3) % 7]! }));
  const names = rows.map(({ name }) => name ?? '');
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], width, plotHeight: options.height ?? -bottom, axes: true }),
    xaxis: axis(xLabel, range),
    yaxis: {
      ...axis('', [bottom, 0]),
      showgrid: false,
      ...(names.some((name) => name !== '')
        ? { tickvals: lines, ticktext: names, automargin: true }
        : { showticklabels: false, ticks: '' }),
    },
  };
  const words = rows.map((row) => describe(row, span));
  const description = [
    `Dots${title ? `: ${title}` : ''}.`,
    `${xLabel ?? 'The line'} runs from ${between(range)}.`,
    ...words,
  ].join(' ');
  return new Figure({ data, layout, description });
}

function rangeOf(rows: readonly Row[], given: StripOptions['range'], who: string): [number, number] {
  if (given) return checkRange(given, `${who}: range`);
  const [low, high] = extent(
    rows.flatMap((row) => [
      ...row.values,
      ...row.pointers.map(({ at }) => at),
      ...row.spans.flatMap(({ range }) => range),
      ...arrowsOf(row).flatMap(({ tail, tip }) => [tail, tip]),
    ]),
  );
  const room = low === high ? 1 : 0.05 * (high - low);
  return [low - room, high + room];
}

function rowTraces(
  row: Row,
  line: number,
  { range, xLabel, color }: { range: [number, number]; xLabel: string | undefined; color: string },
): PlotlyTrace[] {
  const span = range[1] - range[0];
  const unit = usualWidth / span;
  const arrows = arrowsOf(row);
  const look = {
    color,
    width: 1.6,
    tail: 0,
    head: arrows.map(({ size }) => headSize(unit * Math.abs(size))),
    angles: arrows.map(({ size }) => (size < 0 ? -90 : 90)),
  };
  const heights = arrows.map((_, i) => line + pixels.stack + (arrows.length - 1 - i) * pixels.arrow);
  return [
    mark({ name: 'line', x: range, y: [line, line], line: { color: neutral, width: 1 } }),
    ...row.spans.map(({ name, range: ends }, i) =>
      mark({
        name,
        x: compact([...ends], span),
        y: [line, line],
        line: { color: palette[(i + 5) % palette.length], width: 9 },
        opacity: 0.5,
        hover: `${name}: ${between(ends)}<extra></extra>`,
      }),
    ),
    ...(row.arrows
      ? [
          arrowMark(look, {
            name: `${row.name ?? ''} arrows`.trim(),
            x: compact(shafts(arrows.map(({ tail, tip }) => [tail, tip] as const)), span),
            y: shafts(heights.map((height) => [height, height] as const)),
            customdata: compact(shafts(arrows.map(({ size }) => [size, size] as const)), 0),
            hover: `${prefix(xLabel)}%{x}<br>%{customdata}<extra></extra>`,
          }),
        ]
      : []),
    ...row.pointers.map(({ name, at, color: own }, i) => {
      const shade = own ?? palette[i % palette.length]!;
      const isRight = at > range[0] + 0.7 * span;
      return mark({
        name,
        x: compact([at, at], span),
        y: [line, line - 14 - i * pixels.pointer],
        line: { color: shade, width: 1.6 },
        marker: { color: shade, size: [0, 11], symbol: 'triangle-up', opacity: 1, line: { width: 0 } },
        text: ['', name],
        textposition: isRight ? 'middle left' : 'middle right',
        textfont: { color: shade },
        hover: `${name}: %{x}<extra></extra>`,
      });
    }),
    mark({
      name: row.name ?? 'values',
      x: compact(row.values, span),
      y: levels(row.values, pixels.dot / unit).map((level, _, all) => {
        const step = Math.min(pixels.dot, (pixels.stack - pixels.dot) / Math.max(1, ...all));
        return Math.round(10 * (line + step * level)) / 10;
      }),
      marker: { color: neutral, size: 10, line: { width: 0 } },
      hover: `${prefix(xLabel)}%{x}<extra></extra>`,
    }),
  ];
}

/** Returns the level of each value in its stack: the lowest without another dot nearer than `size`. */
function levels(values: readonly number[], size: number): number[] {
  const last: number[] = [];
  const found = values.map(() => 0);
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  for (const i of order) {
    const free = last.findIndex((other) => values[i]! - other >= size * 0.999);
    const level = free < 0 ? last.length : free;
    last[level] = values[i]!;
    found[i] = level;
  }
  return found;
}

function describe(row: Row, span: number): string {
  const shown = (value: number) => formatNumber(Math.abs(value) < 1e-9 * span ? 0 : value);
  const { name, values, pointers, spans } = row;
  const listed = values.length <= 12 ? `at ${values.map(shown).join(', ')}` : `from ${between(extent(values))}`;
  const sizes = arrowsOf(row).map(({ size }) => size);
  return [
    `${name === undefined ? 'Dots' : `“${name}”: ${values.length} dots`} ${listed}`,
    ...spans.map((one) => `“${one.name}” from ${between(one.range)}`),
    ...pointers.map((one) => `“${one.name}” at ${shown(one.at)}`),
    ...(sizes.length ? [`arrows ${sizes.length <= 12 ? sizes.map(shown).join(', ') : between(extent(sizes))}`] : []),
  ]
    .join('; ')
    .concat('.');
}
