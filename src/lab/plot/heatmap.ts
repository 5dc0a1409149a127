import { formatNumber, type NumberList, type NumberMatrix, toPlain } from '../../display';
import { PlotError } from '../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { checkRange, compact, extent, toNumbers } from './input';
import { cellMark, mark } from './marks';
import {
  axis,
  baseLayout,
  colorBar,
  dashes,
  divergingScale,
  ink,
  legendNames,
  lossScale,
  paleScale,
  pathColors,
  prefix,
  printed,
} from './theme';

/** A matrix, and the names of its columns and rows. */
export interface Cells {
  /** One row of numbers for each y, the first one on top. */
  z: NumberMatrix;
  /** The names of the columns. Default: 0, 1, 2, … */
  x?: readonly (string | number)[];
  /** The names of the rows. Default: 0, 1, 2, … */
  y?: readonly (string | number)[];
}

/** A line over the cells, in the numbers of columns and rows. */
export interface CellLine {
  /** Its name in the legend. */
  name: string;
  x: NumberList;
  y: NumberList;
}

/** Options of {@link heatmap}. */
export interface HeatmapOptions {
  /** Whether colours go from blue over white at 0 to orange, for signed numbers. Default: false. */
  diverging?: boolean;
  /**
   * Whether it is a photograph: greys, bright for large numbers, without numbers of rows and columns. Default: false.
   */
  photograph?: boolean;
  /** Whether colours stay pale, so that the numbers in all cells are readable. Default: false. */
  pale?: boolean;
  /** The range of the colours. Default: that of the matrix; symmetric around 0 for `diverging`. */
  range?: readonly [number, number];
  /** Whether colours follow the logarithm; nonpositive numbers have none. Default: false. */
  log?: boolean;
  /** Whether each cell shows its number, if it is finite. Default: true for up to 150 cells. */
  annotate?: boolean;
  /** Lines over the cells, such as a limit by formula; rows and columns need numbers, evenly apart. Default: none. */
  lines?: readonly CellLine[];
  /** Whether cells are squares. Default: true for up to 40 columns. */
  square?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the horizontal axis. Default: none. */
  xLabel?: string;
  /** The name of the vertical axis. Default: none. */
  yLabel?: string;
  /** The name of the numbers, on the colour bar. Default: none. */
  zLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 320. */
  height?: number;
}

/**
 * A matrix in colours, row 0 on top: weights, a table of counts, a spectrogram. Rows whose numbers fall from top to bottom
 * make a map, on which lines can be drawn.
 * @example
 * plot.heatmap({ z: [[1, 2], [3, 4]], x: ['a', 'b'], y: ['c', 'd'] }, { zLabel: 'count' })
 * @throws {PlotError} if the rows differ in length, names do not fit, there is no finite number, `range` does not rise
 *   or has no logarithm, or lines have nothing to be drawn along.
 */
export function heatmap(cells: Cells, options: HeatmapOptions = {}): Figure {
  const {
    diverging = false,
    log = false,
    photograph = false,
    pale = false,
    title,
    xLabel = '',
    yLabel = '',
    zLabel,
    height = 320,
  } = options;
  const { z, x, y } = readCells(cells, 'heatmap');
  const shown = (value: number) => (Number.isFinite(value) && (!log || value > 0) ? value : null);
  const seen = z.flat().filter((value) => shown(value) !== null);
  if (!seen.length) throw new PlotError(`heatmap: there is no ${log ? 'positive ' : ''}finite number to draw`);
  const range = rangeOf(seen, options.range, diverging, log);
  const annotate = options.annotate ?? z.length * z[0]!.length <= 150;
  const scaled = (value: number) => (log ? Math.log10(value) : value);
  const [low, high] = range.map(scaled) as [number, number];
  const decades = Array.from(
    { length: Math.max(0, Math.floor(high) - Math.ceil(low) + 1) },
    (_, i) => Math.ceil(low) + i,
  );
  const trace: PlotlyTrace = cellMark({
    name: zLabel ?? 'numbers',
    x: [...x],
    y: [...y],
    z: z.map((row) =>
      compact(
        row.map((value) => (shown(value) === null ? null : scaled(value))),
        high - low,
      ),
    ),
    zmin: low,
    zmax: high,
    colorscale: photograph ? greys : diverging ? divergingScale : pale ? paleScale : lossScale,
    colorbar: {
      ...colorBar(zLabel),
      ...(log && { tickvals: decades, ticktext: decades.map((power) => printed(10 ** power)) }),
    },
    // Lines between many cells would cover most of the figure.
    ...(x.length <= 40 && { gap: 1 }),
    ...((annotate || log) && {
      text: z.map((row) => row.map((value) => (Number.isFinite(value) ? printed(value, 3) : ''))),
    }),
    ...(annotate && { texttemplate: '%{text}', ...(pale && { textfont: { color: ink } }) }),
    hover: `${xLabel || 'column'} %{x}<br>${yLabel || 'row'} %{y}<br>${prefix(zLabel)}%{${log ? 'text' : 'z'}}<extra></extra>`,
  });
  const square = options.square ?? x.length <= 40;
  const lines = (options.lines ?? []).map((line, i) => drawLine(line, i, x, y));
  const data = [trace, ...lines];
  const along = (names: readonly (string | number)[]): PlotlyLayout => (isNumbers(names) ? {} : { type: 'category' });
  const falls = isNumbers(y) && y.length > 1 && y[0]! > y.at(-1)!;
  const bare: PlotlyLayout = photograph ? { showticklabels: false, ticks: '' } : {};
  const base = baseLayout({
    title,
    legend: legendNames(data),
    width: options.width,
    plotHeight: height,
    axes: true,
    colorBar: true,
  });
  const layout: PlotlyLayout = {
    ...base,
    ...(photograph && { meta: { ...(base.meta as PlotlyLayout), colourless: true } }),
    xaxis: {
      ...axis(xLabel, lines.length ? edges(x) : undefined),
      ...along(x),
      showgrid: false,
      constrain: 'domain',
      ...bare,
    },
    yaxis: {
      ...axis(yLabel, lines.length ? flipped(edges(y)) : undefined),
      ...along(y),
      showgrid: false,
      ...(lines.length === 0 && { autorange: falls ? true : 'reversed' }),
      automargin: true,
      ...(square && { scaleanchor: 'x', constrain: 'domain' }),
      ...bare,
    },
  };
  const description =
    `Heat map${title ? `: ${title}` : ''}. ${z.length} rows and ${z[0]!.length} columns of ${zLabel ?? 'numbers'}, from ` +
    `${extent(seen)
      .map((value) => formatNumber(value))
      .join(' to ')}` +
    `${annotate ? `: ${z.map((row, i) => `${y[i]}: ${row.map((value) => formatNumber(value, 3)).join(', ')}`).join('; ')}` : ''}.` +
    (lines.length ? ` Over them ${lines.map(({ name }) => `“${name}”`).join(', ')}.` : '');
  return new Figure({ data, layout, description });
}

/** From black to white, as on film. */
const greys: [number, string][] = [
  [0, '#000000'],
  [1, '#FFFFFF'],
];

/** Colours that are visible on both scales. */
const lineColors = [...pathColors.slice(1), pathColors[0]!];

function drawLine(
  line: CellLine,
  i: number,
  columns: readonly (string | number)[],
  rows: readonly (string | number)[],
): PlotlyTrace {
  const who = `heatmap: line “${line.name}”`;
  if (!isNumbers(columns) || !isNumbers(rows)) throw new PlotError(`${who} needs numbers for columns and rows`);
  const [x, y] = [toNumbers(line.x, `${who}: x`), toNumbers(line.y, `${who}: y`)];
  if (x.length !== y.length) throw new PlotError(`${who}: x has ${x.length} numbers, y has ${y.length}`);
  const span = (ends: readonly number[]) => Math.abs(ends[1]! - ends[0]!);
  return mark({
    name: line.name,
    x: compact(x, span(edges(columns))),
    y: compact(y, span(edges(rows))),
    line: { color: lineColors[i % lineColors.length], width: 2.4, dash: dashes[i % dashes.length] },
    hoverinfo: 'name',
    legend: true,
  });
}

const isNumbers = (names: readonly (string | number)[]): names is readonly number[] =>
  names.every((name) => typeof name === 'number');

/** The last row is at the bottom, where an axis begins. */
const flipped = ([first, last]: [number, number]): [number, number] => [last, first];

/** The outer edges of the first and the last cell. */
function edges(at: readonly (string | number)[]): [number, number] {
  const places = at as readonly number[];
  const half = places.length > 1 ? (places.at(-1)! - places[0]!) / (places.length - 1) / 2 : 0.5;
  return [places[0]! - half, places.at(-1)! + half];
}

/** The range of the colours; a single number gets a range around it. */
function rangeOf(
  seen: readonly number[],
  given: readonly [number, number] | undefined,
  diverging: boolean,
  log: boolean,
): [number, number] {
  if (log && diverging) throw new PlotError('heatmap: colours follow either the logarithm or the sign, not both');
  if (given) {
    const range = checkRange(given, 'heatmap: range');
    if (log && !(range[0] > 0))
      throw new PlotError(`heatmap: a logarithm needs a range above 0, got [${range.join(', ')}]`);
    return range;
  }
  const [low, high] = extent(seen);
  const most = Math.max(Math.abs(low), Math.abs(high));
  if (diverging) return [-most, most];
  if (low !== high) return [low, high];
  return log ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
}

/** The rows of a matrix with the names of its rows and columns, validated. */
export function readCells({ z, x, y }: Cells, who: string): Required<Cells> & { z: number[][] } {
  const plain = toPlain(z);
  if (!Array.isArray(plain) || !plain.length) throw new PlotError(`${who}: z must be rows of numbers or a 2-D tensor`);
  const rows = plain.map((row, i) => toNumbers(row, `${who}: row ${i} of z`));
  const columns = rows[0]!.length;
  const uneven = rows.findIndex((row) => row.length !== columns);
  if (uneven >= 0 || columns === 0) {
    throw new PlotError(
      `${who}: row 0 has ${columns} numbers, row ${Math.max(0, uneven)} has ${rows[Math.max(0, uneven)]!.length}`,
    );
  }
  for (const [name, list, count] of [
    ['x', x, columns],
    ['y', y, rows.length],
  ] as const) {
    if (list && list.length !== count) throw new PlotError(`${who}: ${name} names ${list.length}, there are ${count}`);
  }
  return { z: rows, x: x ?? rows[0]!.map((_, i) => i), y: y ?? rows.map((_, i) => i) };
}
