import { formatNumber } from '../../../display';
import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot';
import { headSize, shafts } from '../../plot/arrows';
import { barMark, mark } from '../../plot/marks';
import { axis, baseLayout, ink, palette } from '../../plot/theme';

/** Options of {@link pushedBars}. */
export interface PushedBarsOptions {
  /** The name of all bars, such as “score”. */
  name: string;
  /** The name of each bar. */
  labels: readonly string[];
  /** Length of the arrow at each bar's end, also written at the top. Default: no arrows. */
  pushes?: readonly number[];
  /** Where each bar should end, drawn as a diamond. Default: there are none. */
  targets?: readonly number[];
  /** Smallest and largest value shown. */
  yRange: readonly [number, number];
  /** The colour of the bars. Default: the first of the palette. */
  color?: string;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 300. */
  height?: number;
}

/** Formats a number with its sign and two decimals. */
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
const short = (value: number) => value.toFixed(2).replace('-', '−');

/**
 * Bars, each with an arrow that shows direction and size of a push, or with a mark of its target.
 * @example
 * pushedBars([2, 1, 0], { name: 'score', labels: ['first', 'second', 'third'], pushes: [-0.67, -0.24, 0.91], yRange: [-1, 3] })
 * @throws {PlotError} if there are no bars, or labels, pushes or targets differ from them in number.
 */
export function pushedBars(values: readonly number[], options: PushedBarsOptions): Figure {
  const { name, labels, pushes, targets, yRange, color = palette[0]!, title, height = 300 } = options;
  if (values.length === 0) throw new PlotError('pushedBars: expected at least one bar');
  for (const [what, list] of Object.entries({ labels, pushes, targets }))
    if (list && list.length !== values.length)
      throw new PlotError(`pushedBars: got ${values.length} bars and ${list.length} ${what}`);
  const pixels = height / (yRange[1] - yRange[0]);
  const middles = values.map((_, i) => (pushes ? i - 0.12 : i));
  const data: PlotlyTrace[] = [
    barMark({
      name,
      x: middles,
      y: [...values],
      width: 0.5,
      marker: { color },
      text: values.map(short),
      textposition: 'outside',
      constraintext: 'none',
      cliponaxis: false,
      customdata: [...labels],
      hover: `%{customdata}<br>${name} %{y:.3f}<extra></extra>`,
    }),
  ];
  if (targets)
    data.push(
      mark({
        name: 'target',
        x: middles,
        y: [...targets],
        marker: { symbol: 'diamond', size: 13, color: ink, line: { color: '#fff', width: 1.5 } },
        hover: 'target %{y}<extra></extra>',
        cliponaxis: false,
      }),
    );
  if (pushes) {
    const arrows = pushes.map((push, i) => [values[i]!, values[i]! + push] as const);
    const heads = pushes.map((push) => headSize(Math.abs(push) * pixels));
    data.push(
      mark({
        name: 'push',
        line: { color: '#B84A00', width: 3 },
        // Plotly's own arrows leave a gap before the head, and so does an edge.
        marker: {
          color: '#B84A00',
          line: { width: 0 },
          size: shafts(heads.map((size) => [0, size])).map((size) => size ?? 0),
          symbol: shafts(pushes.map((push) => ['circle', push < 0 ? 'triangle-down' : 'triangle-up'])).map(
            (symbol) => symbol ?? 'circle',
          ),
          opacity: 1,
        },
        x: shafts(pushes.map((_, i) => [i + 0.28, i + 0.28])),
        y: shafts(arrows),
        cliponaxis: false,
      }),
    );
    // In one row, clear of bars and other numbers.
    data.push(
      mark({
        name: 'push, in numbers',
        x: values.map((_, i) => i),
        y: values.map(() => yRange[1]),
        text: pushes.map(signed),
        textposition: 'bottom center',
        textfont: { color: '#B84A00', size: 13 },
        cliponaxis: false,
      }),
    );
  }
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: true }),
    xaxis: {
      ...axis('', [-0.5, values.length - 0.5]),
      tickvals: values.map((_, i) => i),
      ticktext: [...labels],
      showgrid: false,
      zeroline: false,
    },
    yaxis: axis(name, [...yRange]),
  };
  const words = values.map((value, i) =>
    [
      `${labels[i]} ${formatNumber(value)}`,
      ...(pushes ? [`pushed by ${signed(pushes[i]!)}`] : []),
      ...(targets ? [`target ${formatNumber(targets[i]!)}`] : []),
    ].join(', '),
  );
  return new Figure({
    data,
    layout,
    description: `Bars, ${name}${title ? `: ${title}` : ''}. ${words.join('; ')}.`,
  });
}
