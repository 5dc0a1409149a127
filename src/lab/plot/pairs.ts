import { formatNumber, type NumberList } from '../../display';
import { PlotError } from '../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { checkRange, compact, toNumbers } from './input';
import { mark } from './marks';
import { axis, baseLayout, legendNames, neutral, palette, prefix } from './theme';

/** Options of {@link pairs}. */
export interface PairsOptions {
  /** The names below the two columns. Default: “before” and “after”. */
  names?: readonly [string, string];
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the vertical axis. Default: none. */
  yLabel?: string;
  /** Smallest and largest value shown. Default: the range of the values, with padding. */
  yRange?: readonly [number, number];
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels; title, labels and legend come on top. Default: 280. */
  height?: number;
}

/** A pair rises, falls or stays. */
const kinds = [
  { name: 'higher', sign: 1, color: palette[0]!, dash: 'solid' },
  { name: 'lower', sign: -1, color: palette[1]!, dash: 'dash' },
  { name: 'equal', sign: 0, color: neutral, dash: 'dot' },
];

/**
 * Paired dots: the same things measured twice, such as nets of the same seed without and with dropout, each pair
 * connected by a line whose colour and style show whether the second value is higher or lower. A short bar marks each
 * column's mean.
 * @example
 * plot.pairs([0.9, 0.8, 0.85], [0.92, 0.79, 0.9], { names: ['without', 'with dropout'], yLabel: 'accuracy' })
 * @throws {PlotError} if there are none, the lists differ in length, or a value is not finite.
 */
export function pairs(before: NumberList, after: NumberList, options: PairsOptions = {}): Figure {
  const { names = ['before', 'after'], title, yLabel, width, height = 280 } = options;
  const columns = [toNumbers(before, 'pairs: before'), toNumbers(after, 'pairs: after')] as const;
  const [first, second] = columns;
  if (!first.length || first.length !== second.length)
    throw new PlotError(
      `pairs: expected two lists with equally many values, at least one, got ${first.length} and ${second.length}`,
    );
  if (!Array.isArray(names) || names.length !== 2 || names[0] === names[1])
    throw new PlotError(`pairs: names must be two different words, got ${names}`);
  const values = [...first, ...second];
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new PlotError(`pairs: the values must be finite, got ${odd}`);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = low === high ? Math.max(1, Math.abs(low)) * 0.5 : 0.07 * (high - low);
  const range = options.yRange ? checkRange(options.yRange, 'pairs: yRange') : ([low - room, high + room] as const);
  const span = range[1] - range[0];
  const counted = kinds.map((kind) => ({
    ...kind,
    which: first.flatMap((value, i) => (Math.sign(second[i]! - value) === kind.sign ? [i] : [])),
  }));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const data: PlotlyTrace[] = [
    // All kinds: the figures of a slider need the same traces, and plotly rejects one without points.
    ...counted.map(({ name, which, color, dash }) =>
      mark({
        name,
        x: which.length ? which.flatMap(() => [...names, null]) : [...names],
        y: which.length ? which.flatMap((i) => [...compact([first[i]!, second[i]!], span), null]) : [null, null],
        line: { color, width: 1.6, dash },
        marker: { color, size: 8 },
        hover: `${prefix(yLabel)}%{y}<extra>${name}</extra>`,
        legend: name !== 'equal' || which.length > 0,
      }),
    ),
    mark({
      name: 'mean',
      x: [...names],
      y: compact(means, span),
      marker: { color: neutral, symbol: 'line-ew', size: 34, line: { color: neutral, width: 4 } },
      hover: 'mean %{y}<extra></extra>',
      legend: true,
    }),
  ];
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), width, plotHeight: height, axes: true }),
    xaxis: { ...axis('', [-0.35, 1.35]), type: 'category', showgrid: false },
    yaxis: axis(yLabel, [range[0], range[1]]),
  };
  const description = [
    `Pairs${title ? `: ${title}` : ''}.`,
    `${first.length} ${yLabel === undefined ? 'pairs' : `values of ${yLabel}`}, “${names[0]}” with mean ${formatNumber(means[0]!)} and “${names[1]}” with mean`,
    `${formatNumber(means[1]!)};`,
    `${counted.map(({ name, which }) => `${which.length} are ${name}`).join(', ')} in the second.`,
  ].join(' ');
  return new Figure({ data, layout, description });
}
