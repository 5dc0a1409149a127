import { turn } from '../../cancellation';
import { formatNumber, type NumberList } from '../../display';
import { PlotError } from '../../errors';
import { curves } from './curves';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { checkRange, compact, extent, toNumbers } from './input';
import { barMark } from './marks';
import { palette, prefix, wholeTicks } from './theme';

/** One set of numbers to count. */
export interface Samples {
  /** Its name in the legend. */
  name: string;
  values: NumberList;
}

/** Options of {@link histogram}. */
export interface HistogramOptions {
  /** The number of bins. Default: 40. */
  bins?: number;
  /** Smallest and largest number counted. Default: those of all samples. */
  range?: readonly [number, number];
  /** Whether areas are fractions, so that a density can be drawn over them; else heights are counts. Default: true. */
  density?: boolean;
  /** A function drawn over the bins, such as the theoretical density. Default: none. */
  curve?: { name: string; f: (x: number) => number };
  /** Largest height shown. Default: that of the bins. */
  yMax?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the numbers. Default: none. */
  xLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 280. */
  height?: number;
}

/**
 * Counts numbers in bins of equal width. With `density` each bin's height is count / (n · width), where n counts all
 * given numbers, so the areas sum to the fraction in `range`. Numbers outside are omitted and reported.
 * @example
 * manualSeed(0);
 * plot.histogram(randn([1000]), { xLabel: 'x', curve: { name: 'density', f: (x) => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) } })
 * @throws {PlotError} if a set is empty or holds nothing finite, or `bins` is not a whole number from 1 to 500.
 */
export function histogram(samples: NumberList | readonly Samples[], options: HistogramOptions = {}): Figure {
  const { bins = 40, density = true, curve, title, xLabel, width, height = 280 } = options;
  const { edges, counted } = binned(
    isNamed(samples) ? samples : [{ name: 'samples', values: samples }],
    bins,
    options.range,
    'histogram',
  );
  const [low, high] = [edges[0]!, edges.at(-1)!];
  const step = (high - low) / bins;
  const middles = Array.from({ length: bins }, (_, i) => low + (i + 0.5) * step);
  const drawnSets = counted.map(({ counts, ...set }) => ({
    ...set,
    heights: density ? counts.map((count) => count / (set.n * step)) : counts,
  }));
  const highest = Math.max(...drawnSets.flatMap(({ heights }) => heights), ...(curve ? middles.map(curve.f) : []));
  const yMax = options.yMax ?? (highest > 0 ? highest * 1.08 : 1);
  const frame = curves(
    curve
      ? [{ name: curve.name, x: middles, y: middles.map(curve.f) }]
      : [{ name: 'none', x: [low, high], y: [-1, -1] }],
    {
      ...(xLabel !== undefined && { xLabel }),
      yLabel: density ? 'density' : 'count',
      xWhole: false,
      xRange: [low, high],
      yRange: [0, yMax],
      height,
      ...(title !== undefined && { title }),
      ...(width !== undefined && { width }),
    },
  );
  const drawn = drawnSets.map(
    ({ name, heights }, i): PlotlyTrace =>
      barMark({
        name,
        x: compact(middles, high - low),
        y: compact(heights, yMax),
        width: step,
        marker: { color: palette[(i + 1) % palette.length], opacity: counted.length > 1 ? 0.55 : 0.75 },
        hover: `${prefix(xLabel)}%{x}<br>${density ? 'density' : 'count'} %{y}<extra>${name}</extra>`,
        legend: counted.length > 1 || curve !== undefined,
      }),
  );
  const over = curve ? frame.data.map((trace) => ({ ...trace, showlegend: true })) : [];
  const words = counted.map(({ name, n, outside }) => {
    const rest = outside ? `; ${outside} lie outside ${formatNumber(low)} to ${formatNumber(high)}` : '';
    return `“${name}” has ${n} numbers${rest}.`;
  });
  return new Figure({
    data: [...drawn, ...over],
    layout: {
      ...frame.layout,
      ...(!density && { yaxis: { ...(frame.layout.yaxis as PlotlyLayout), ...wholeTicks([0, yMax]) } }),
      barmode: 'overlay',
      bargap: 0,
    },
    description: [
      `Histogram${title ? `: ${title}` : ''}${xLabel === undefined ? '' : ` of ${xLabel}`} in ${bins} bins.`,
      ...words,
    ].join(' '),
  });
}

/** One set of numbers, counted. */
interface Counted {
  name: string;
  /** The number of values in each bin. */
  counts: number[];
  /** The number of finite values, and of those in no bin. */
  n: number;
  outside: number;
}

/**
 * Counts the numbers of each set in bins of equal width; `edges` has one more element than bins. Throws
 * {@link PlotError}.
 */
export function binned(
  samples: readonly Samples[],
  bins: number,
  range: readonly [number, number] | undefined,
  who: string,
): { edges: number[]; counted: Counted[] } {
  if (!Number.isInteger(bins) || bins < 1 || bins > 500) {
    throw new PlotError(`${who}: bins must be a whole number from 1 to 500, got ${bins}`);
  }
  const sets = samples.map(({ name, values }) => {
    const numbers = toNumbers(values, `${who}: “${name}”`);
    const finite = numbers.filter((number) => {
      turn(4);
      return Number.isFinite(number);
    });
    if (!finite.length) throw new PlotError(`${who}: “${name}” has ${numbers.length} numbers, none of them finite`);
    return { name, finite };
  });
  const [low, high] = range ? checkRange(range, `${who}: range`) : spanOf(sets.map(({ finite }) => finite));
  const step = (high - low) / bins;
  const counted = sets.map(({ name, finite }) => {
    const counts = Array.from({ length: bins }, () => 0);
    for (const value of finite) {
      turn(8);
      // The last bin includes its right end.
      const bin = value === high ? bins - 1 : Math.floor((value - low) / step);
      if (bin >= 0 && bin < bins) counts[bin]!++;
    }
    return { name, counts, outside: finite.length - counts.reduce((a, b) => a + b, 0), n: finite.length };
  });
  return { edges: Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + i * step)), counted };
}

const isNamed = (samples: NumberList | readonly Samples[]): samples is readonly Samples[] =>
  Array.isArray(samples) && typeof samples[0] === 'object' && 'values' in samples[0];

function spanOf(sets: readonly number[][]): [number, number] {
  const [low, high] = extent(sets.flatMap(extent));
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}
