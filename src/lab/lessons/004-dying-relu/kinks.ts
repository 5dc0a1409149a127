import { formatNumber } from '../../../display';
import { PlotError } from '../../../errors';
import { type CurvesOptions, curves, type Series } from '../../plot/curves';
import { Figure, type PlotlyLayout } from '../../plot/figure';
import { checkRange, compact, extent, toNumbers } from '../../plot/input';
import { evenLevels } from '../../plot/levels';
import { mark, orNowhere, type Points } from '../../plot/marks';
import { baseLayout, legendNames, palette } from '../../plot/theme';

/** A rectified unit of one input, max(0, weight·x + bias). */
export interface KinkUnit {
  weight: number;
  bias: number;
  /** Whether it was dead before and is active again; it then has its own colour. Default: false. */
  isBack?: boolean;
}

/** Options of {@link kinks}. */
export interface KinksOptions extends Omit<CurvesOptions, 'xRange' | 'yRange' | 'xLog' | 'yLog'> {
  /** The curves above the units: the net's output, the data. */
  curve: Series | readonly Series[];
  /** Smallest and largest x of the data. */
  range: readonly [number, number];
  /** Smallest and largest x shown; kinks outside are drawn at the edge. Default: a third more than `range` on both sides. */
  xRange?: readonly [number, number];
  /** Smallest and largest y shown of the curves. Default: fitted to the curves. */
  yRange?: readonly [number, number];
}

/** The fraction of the height for the units. */
const strip = 0.42;

/**
 * The units of a hidden layer with one input, a row each below the curve that they form. A line shows where a unit is active, from its
 * kink at −bias / weight to the edge of the data, with an arrow in its direction. A unit that is active nowhere in `range` is dead, and
 * its row has only a cross.
 * @throws {PlotError} if there are no units, their numbers are not finite, or a range is not ascending.
 */
export function kinks(units: readonly KinkUnit[], options: KinksOptions): Figure {
  const { curve, range, xRange, yRange, xLabel = 'x', yLabel = 'y', bands = [], height = 420, ...rest } = options;
  if (!units.length) throw new PlotError('kinks: expected at least one unit, got none');
  const wrong = units.findIndex(({ weight, bias }) => !Number.isFinite(weight) || !Number.isFinite(bias));
  if (wrong >= 0) {
    const { weight, bias } = units[wrong]!;
    throw new PlotError(`kinks: weight and bias must be finite, unit ${wrong} has ${weight} and ${bias}`);
  }
  const [low, high] = checkRange(range, 'kinks: range');
  const third = (high - low) / 3;
  const [left, right] = xRange ? checkRange(xRange, 'kinks: xRange') : [low - third, high + third];
  const series = Array.isArray(curve) ? (curve as readonly Series[]) : [curve as Series];
  const [bottom, top] = yRange ? checkRange(yRange, 'kinks: yRange') : room(series);
  const below = bottom - ((top - bottom) * strip) / (1 - strip);
  const drawn = curves(series, {
    ...rest,
    xLabel,
    yLabel,
    height,
    xRange: [left, right],
    yRange: [below, top],
    bands: [{ name: 'where the data are', x: [low, high] }, ...bands],
  });
  // Keeps markers at the edge fully visible.
  const air = 0.012 * (right - left);
  const row = (i: number) => bottom - ((i + 0.7) / (units.length + 0.4)) * (bottom - below);
  const rows = units.map(({ weight, bias, isBack = false }, i) => {
    const from = Math.max(weight * low, weight * high) + bias > 0;
    const at = weight === 0 ? (from ? low : left) : -bias / weight;
    const end = weight < 0 ? low : high;
    return { at: Math.min(right - air, Math.max(left + air, at)), end, y: row(i), isOn: from, isBack, weight };
  });
  const alive = rows.filter(({ isOn, isBack }) => isOn && !isBack);
  const returned = rows.filter(({ isOn, isBack }) => isOn && isBack);
  const dead = rows.filter(({ isOn }) => !isOn);
  const xs = (values: (number | null)[]) => compact(orNowhere(values), right - left);
  const ys = (values: (number | null)[]) => compact(orNowhere(values), top - below);
  const clipped = (at: number) => Math.min(high, Math.max(low, at));
  const half = (some: typeof rows): Points => ({
    x: xs(some.flatMap(({ at, end }) => [clipped(at), end, null])),
    y: ys(some.flatMap(({ y }) => [y, y, null])),
    opacity: 0.8,
  });
  const arrowheads = (some: typeof rows, color: string): Points => ({
    x: xs(some.map(({ at }) => at)),
    y: ys(some.map(({ y }) => y)),
    marker: { color, size: 8, symbol: some.map(({ weight }) => (weight < 0 ? 'triangle-left' : 'triangle-right')) },
  });
  const showsBack = units.some(({ isBack }) => isBack !== undefined);
  const added = [
    { ...half(alive), name: 'unit, where it is on', line: { color: palette[1], width: 2 } },
    { ...arrowheads(alive, palette[1]!), name: 'kink' },
    ...(showsBack
      ? [
          { ...half(returned), name: 'back, where it is on', line: { color: palette[2], width: 3 } },
          { ...arrowheads(returned, palette[2]!), name: 'came back' },
        ]
      : []),
    {
      name: 'dead',
      x: xs(dead.map(({ at }) => at)),
      y: ys(dead.map(({ y }) => y)),
      marker: { color: palette[0], size: 7, symbol: 'x' },
    },
  ].map((trace) => mark({ legend: true, ...trace }));
  const { layout, description } = drawn;
  const data = [...drawn.data, ...added];
  const { title, width } = options;
  const yaxis = layout.yaxis as PlotlyLayout;
  const ticks = evenLevels(bottom, top, 4);
  const words = `Below, ${units.length} units: ${alive.length + returned.length} are on for some x from ${formatNumber(low)} to ${formatNumber(high)}, ${dead.length} for none.`;
  return new Figure({
    data,
    layout: {
      ...layout,
      ...baseLayout({ title, legend: legendNames(data), width, plotHeight: height, axes: true }),
      yaxis: { ...yaxis, tickvals: ticks, showgrid: false },
    },
    description: `${description} ${words}`,
  });
}

/** The y range of the curves, with padding. */
function room(series: readonly Series[]): [number, number] {
  const all = series.flatMap(({ name, y }) => toNumbers(y, `kinks: series “${name}”: y`)).filter(Number.isFinite);
  const [low, high] = extent(all);
  if (!(low <= high)) throw new PlotError('kinks: the curves have no finite number');
  const air = low === high ? 1 : 0.08 * (high - low);
  return [low - air, high + air];
}
