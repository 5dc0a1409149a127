import { formatNumber, type NumberList } from '../../display';
import { PlotError } from '../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { checkRange, compact, extent, toNumbers } from './input';
import { barMark } from './marks';
import { axis, baseLayout, legendNames, palette, patterns, prefix, printed } from './theme';

/** One group of bars in one colour. */
export interface BarSeries {
  /** Its name in the legend. */
  name: string;
  /** The lengths, one for each label. */
  values: NumberList;
  /** The length of an error bar to both sides of each end, such as one standard deviation. Default: none. */
  errors?: NumberList;
  /** Its colour, if it should be the same in several figures. Default: the next of the palette. */
  color?: string | undefined;
}

/** Options of {@link bars}. */
export interface BarsOptions {
  /** The name of each bar. Default: 0, 1, 2, … */
  labels?: readonly string[];
  /** Whether the bars are horizontal, which long labels need. Default: false. */
  horizontal?: boolean;
  /** Whether lengths are logarithmic. Bars of nonpositive values are omitted. Default: false. */
  yLog?: boolean;
  /** Smallest and largest value shown. Default: the range of the bars, including 0. */
  yRange?: readonly [number, number];
  /** Whether each bar's value is written at its end. Default: true for up to 12 bars. */
  annotate?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the axis with the labels. Default: none. */
  xLabel?: string;
  /** The name of the axis with the values. Default: none. */
  yLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels; title, axis labels and legend come on top. Default: 300. */
  height?: number;
}

/**
 * Bars, in groups if several series share a label: gradient norms by layer, one number by several routes.
 * @example
 * plot.bars([{ name: 'by hand', values: [0.5, 0.25] }, { name: 'autograd', values: [0.5, 0.25] }], {
 *   labels: ['w', 'b'],
 *   yLabel: 'slope',
 * })
 * @throws {PlotError} if there is no series, lengths or labels differ, or a log axis has no positive value.
 */
export function bars(series: readonly BarSeries[], options: BarsOptions = {}): Figure {
  const { horizontal = false, yLog = false, title, xLabel = '', yLabel, width, height = 300 } = options;
  if (!series.length) throw new PlotError('bars: expected at least one series, got none');
  const read = series.map(({ name, values, errors, color }) => ({
    name,
    color,
    values: toNumbers(values, `bars: series “${name}”: values`),
    errors: errors && toNumbers(errors, `bars: series “${name}”: errors`),
  }));
  const count = read[0]!.values.length;
  const labels = options.labels ?? read[0]!.values.map((_, i) => String(i));
  for (const { name, values, errors } of read) {
    for (const [what, list] of Object.entries({ values, errors, labels })) {
      if (list && list.length !== count) {
        throw new PlotError(
          `bars: series “${name}” has ${values.length} values for ${count} bars and ${list.length} ${what}`,
        );
      }
    }
  }
  const ends = read.flatMap(({ values, errors }) =>
    values.flatMap((value, i) => [value + (errors?.[i] ?? 0), value - (errors?.[i] ?? 0)]),
  );
  const range = rangeOf(ends, options.yRange, yLog);
  const annotate = options.annotate ?? count * read.length <= 12;
  const span = yLog ? 0 : range[1] - range[0];
  const isShared = labels.some((_, i) => read.filter(({ values }) => Number.isFinite(values[i])).length > 1);
  const data = read.map(({ name, values, errors, color }, i): PlotlyTrace => {
    const lengths = compact(yLog ? values.map((value) => (value > 0 ? value : Number.NaN)) : values, span);
    return barMark({
      name,
      ...(horizontal ? { orientation: 'h', x: lengths, y: [...labels] } : { x: [...labels], y: lengths }),
      marker: markerOf(i, color),
      // Series without shared labels have their bars centred, also in a panel, where another layout applies.
      ...(read.length > 1 && !isShared && { offsetgroup: 'one' }),
      ...(errors && {
        [horizontal ? 'error_x' : 'error_y']: { type: 'data', array: compact(errors, span), thickness: 1.2 },
      }),
      ...(annotate && {
        text: values.map((value) => (Number.isFinite(value) ? printed(value, 3) : '')),
        textposition: 'outside',
        // Otherwise plotly shrinks a text that is wider than its bar.
        constraintext: 'none',
        cliponaxis: false,
      }),
      hover: `${horizontal ? '%{y}' : '%{x}'}<br>${prefix(yLabel)}${horizontal ? '%{x}' : '%{y}'}<extra>${name}</extra>`,
      legend: read.length > 1,
    });
  });
  const scale = axis(yLabel, yLog ? [Math.log10(range[0]), Math.log10(range[1])] : range, yLog);
  const names: PlotlyLayout = { title: { text: xLabel, standoff: 10 }, type: 'category', showgrid: false };
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), width, plotHeight: height, axes: true }),
    bargap: 0.35,
    ...(horizontal
      ? { xaxis: scale, yaxis: { ...names, autorange: 'reversed', automargin: true } }
      : { xaxis: names, yaxis: scale }),
  };
  const words = read.map(
    ({ name, values }) =>
      `“${name}”: ${labels.map((label, i) => `${label} ${Number.isFinite(values[i]) ? formatNumber(values[i]!) : 'none'}`).join(', ')}.`,
  );
  const axisWords = [yLabel, yLog ? 'logarithmic' : ''].filter(Boolean).join(', ');
  const description = [`Bars${title ? `: ${title}` : ''}.`, ...(axisWords ? [`${axisWords}.`] : []), ...words].join(
    ' ',
  );
  return new Figure({ data, layout, description });
}

function markerOf(i: number, color = palette[i % palette.length]): PlotlyLayout {
  const shape = patterns[i % patterns.length];
  return shape ? { color, pattern: { shape, fillmode: 'overlay', fgcolor: '#fff', fgopacity: 0.6 } } : { color };
}

/**
 * From 0 to the longest bar, in both directions, with space for the texts; on a log axis from slightly below the
 * shortest.
 */
function rangeOf(ends: number[], given: readonly [number, number] | undefined, log: boolean): [number, number] {
  if (given) return checkRange(given, 'bars: yRange');
  const seen = ends.filter((end) => Number.isFinite(end) && (!log || end > 0));
  if (!seen.length) throw new PlotError(`bars: there is no ${log ? 'positive ' : ''}finite value to draw`);
  const [low, high] = extent(seen);
  if (log) return [low / (high / low) ** 0.1 / 2, high * (high / low) ** 0.1 * 2];
  const room = 0.12 * (Math.max(0, high) - Math.min(0, low) || 1);
  return [low < 0 ? low - room : 0, high > 0 ? high + room : room];
}
