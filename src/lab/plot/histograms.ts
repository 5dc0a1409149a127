import { formatNumber, type NumberList } from '../../display';
import { PlotError } from '../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { binned, type Samples } from './histogram';
import { compact } from './input';
import { mark } from './marks';
import { axis, baseLayout, palette, prefix } from './theme';

/** Options of {@link histograms}. */
export interface HistogramsOptions {
  /** The number of bins. Default: 40. */
  bins?: number;
  /** Smallest and largest number counted. Default: those of all rows. */
  range?: readonly [number, number];
  /**
   * Whether outlines are three rows high and overlap, as a ridgeline plot; else each stays in its row. Default: false.
   */
  ridge?: boolean;
  /** Whether heights are logarithms of counts, log(1 + n), which shows few outliers. Default: false. */
  log?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the numbers. Default: none. */
  xLabel?: string;
  /** The name of the rows. Default: none. */
  yLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 24 a row, at least 140. */
  height?: number;
}

/**
 * Histograms one below the other, the first on top, on one axis of numbers: one for each layer of a net. All outlines
 * have the same height, so only shape and width differ; the bins are the same for all. Rows without names are numbered
 * from 0.
 *
 * @example
 * plot.histograms([[1, 2, 2, 3], [2, 4, 4, 6]], { bins: 6 })
 * @throws {PlotError} if there are no rows, one of them is empty or holds nothing finite, or `bins` is not a whole
 *   number from 1 to 500.
 */
export function histograms(rows: readonly Samples[] | readonly NumberList[], options: HistogramsOptions = {}): Figure {
  const { bins = 40, ridge = false, log = false, title, xLabel, yLabel } = options;
  if (!rows.length) throw new PlotError('histograms: expected at least one row, got none');
  const sets = rows.map((row, i): Samples => ('name' in row ? row : { name: String(i), values: row as NumberList }));
  const { edges, counted } = binned(sets, bins, options.range, 'histograms');
  const [low, high] = [edges[0]!, edges.at(-1)!];
  const middles = edges.slice(1).map((end, i) => (edges[i]! + end) / 2);
  const data = counted.map(({ name, counts }, row): PlotlyTrace => {
    const heights = log ? counts.map((count) => Math.log1p(count)) : counts;
    const scale = (ridge ? 3 : 0.9) / Math.max(1e-9, ...heights);
    const base = 0 - row;
    return mark({
      name,
      x: compact([low, ...middles, high], high - low),
      y: compact([base, ...heights.map((height) => base + scale * height), base], rows.length),
      line: { color: palette[1], width: 1.4 },
      fill: 'toself',
      hoveron: 'points',
      fillcolor: `${palette[1]}40`,
      hover: `${prefix(xLabel)}%{x}<extra>${prefix(yLabel)}${name}</extra>`,
    });
  });
  const height = options.height ?? Math.max(140, 24 * rows.length);
  // If not all names fit, they are thinned evenly; the first and the last stay if possible.
  const every = Math.ceil((14 * rows.length) / height);
  const named = counted.map(({ name }, row) => ({ name, row })).filter(({ row }) => row % every === 0);
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], width: options.width, plotHeight: height, axes: true }),
    xaxis: axis(xLabel, [low, high]),
    yaxis: {
      ...axis(yLabel, [0.25 - rows.length, ridge ? 3.1 : 1]),
      showgrid: false,
      tickvals: named.map(({ row }) => 0 - row),
      ticktext: named.map(({ name }) => name),
    },
  };
  const words = counted.map(({ name, n, outside }) => `“${name}” ${n}${outside ? `, ${outside} of them outside` : ''}`);
  const description =
    `${rows.length} histograms${title ? `: ${title}` : ''}${xLabel === undefined ? '' : `, of ${xLabel}`} from ${formatNumber(low)} to ${formatNumber(high)}` +
    ` in ${bins} bins; numbers in each ${yLabel ?? 'row'}: ${words.join('; ')}.`;
  return new Figure({ data, layout, description });
}
