import { roundTo } from '../../../display';
import { PlotError } from '../../../errors';
import { Figure, type PlotlyTrace } from '../../plot/figure';
import { compact } from '../../plot/input';
import { mark, rectangles } from '../../plot/marks';
import { baseLayout, ink, neutral, palette, printed } from '../../plot/theme';
import { outline } from './blocks';

/** One sample in the model, see {@link lanes}. */
export interface Lane {
  /** The input. */
  x: number;
  /** The model's prediction. */
  prediction: number;
  /** The true answer. */
  y: number;
  /** The cost of the prediction. */
  cost: number;
}

/** Options of {@link lanes}. */
export interface LanesOptions {
  /** The weight that all lanes share, as text. */
  weight: string;
  /** The cost that fills the space for the bars. */
  most: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 340. */
  height?: number;
}

/** Positions of the columns of blocks, and of the start and end of the bars. */
const columns = { x: 0, model: 1.45, prediction: 2.9, cost: 4.15, y: 5.35, bars: 6, end: 7.6 };
/** The circles are large enough for their numbers on a narrow page, too. */
const circle = 0.46;

/**
 * A model as a block diagram with one lane for each sample: x → G → prediction → C ← y, and the cost as a bar. The weight is drawn once,
 * with a line to every lane; the last bar is the mean of the others.
 *
 * @example
 * lanes([{ x: 1, prediction: 2, y: 3, cost: 1 }], { weight: 'w = 2', most: 5 })
 * @throws {PlotError} if there is no lane, a number is not finite, or `most` is not positive.
 */
export function lanes(samples: readonly Lane[], options: LanesOptions): Figure {
  const { weight, most, title, height = 340 } = options;
  if (!samples.length) throw new PlotError('lanes: expected at least one lane, got none');
  if (!samples.every((one) => Object.values(one).every(Number.isFinite)))
    throw new PlotError('lanes: all numbers must be finite');
  if (!(most > 0)) throw new PlotError(`lanes: most must be above 0, got ${most}`);
  const n = samples.length;
  const rows = samples.map((_, i) => n - i);
  const top = n + 1.45;
  const heads = n + 0.75;
  const mean = samples.reduce((sum, { cost }) => sum + cost, 0) / n;
  const all = (column: number) => rows.map((row) => [column, row] as [number, number]);
  const places = (kind: 'observed' | 'computed' | 'function' | 'cost', at: [number, number][]) =>
    at.map((place) => [place, kind] as const);
  const arrow = (from: number, to: number) =>
    rows.map((row) => ({ x: [from, to, null] as const, y: [row, row, null] as const }));
  const flow = [
    ...arrow(columns.x + circle, columns.model - 0.63),
    ...arrow(columns.model + 0.62, columns.prediction - circle - 0.01),
    ...arrow(columns.prediction + circle, columns.cost - 0.47),
    ...arrow(columns.y - circle, columns.cost + 0.47),
  ];
  const lines = (name: string, x: (number | null)[], y: (number | null)[], color: string, width: number) =>
    mark({ name, x, y, line: { color, width } });
  const ends = [...samples.map(({ cost }) => cost), mean].map((cost) =>
    roundTo(columns.bars + (columns.end - columns.bars) * Math.min(1, cost / most), 4),
  );
  const bars = (name: string, which: readonly number[], color: string, half: number): PlotlyTrace =>
    mark({
      name,
      ...rectangles(
        which.map((i) => ({ left: columns.bars, right: ends[i]!, bottom: n - i - half, top: n - i + half })),
      ),
      fill: 'toself',
      fillcolor: color,
      line: { color, width: 1 },
    });
  const text = (name: string, at: readonly (readonly [number, number, string])[], size: number, position: string) =>
    mark({
      name,
      x: at.map(([x]) => x),
      y: compact(
        at.map(([, y]) => y),
        10,
      ),
      text: at.map(([, , words]) => words),
      textposition: position,
      textfont: { size, color: name === 'in blocks' ? ink : undefined },
      cliponaxis: false,
    });
  const data: PlotlyTrace[] = [
    lines('shared weight', [columns.model, columns.model], [top - 0.3, 1], palette[0]!, 4),
    mark({
      name: 'edges',
      x: flow.flatMap(({ x }) => x),
      y: flow.flatMap(({ y }) => y),
      line: { color: neutral, width: 2 },
      marker: {
        color: neutral,
        size: flow.flatMap(() => [0, 11, 0]),
        symbol: 'arrow',
        angleref: 'previous',
        opacity: 1,
      },
    }),
    outline(
      [...places('observed', all(columns.x)), ...places('observed', all(columns.y))],
      'observed',
      '#C4C8CC',
      circle,
    ),
    outline(
      [...places('computed', all(columns.prediction)), ...places('computed', [[columns.model, top]])],
      'computed',
      '#FFFFFF',
      circle,
    ),
    outline(places('function', all(columns.model)), 'functions', '#84B2D8'),
    outline(places('cost', all(columns.cost)), 'costs', '#F0A35E'),
    bars(
      'costs as bars',
      samples.map((_, i) => i),
      '#F0A35E',
      0.2,
    ),
    bars('mean cost', [n], palette[0]!, 0.28),
    text(
      'in blocks',
      samples
        .flatMap(({ x, prediction, y }, i) => [
          [columns.x, rows[i]!, printed(x, 2)] as const,
          [columns.model, rows[i]!, 'G'] as const,
          [columns.prediction, rows[i]!, printed(Number(prediction.toFixed(1)), 2)] as const,
          [columns.cost, rows[i]!, 'C'] as const,
          [columns.y, rows[i]!, printed(y, 2)] as const,
        ])
        .concat([[columns.model, top, 'w']]),
      12,
      'middle center',
    ),
    text(
      'beside',
      [
        ...samples.map(({ cost }, i) => [ends[i]! + 0.1, rows[i]!, cost.toFixed(2)] as const),
        [ends[n]! + 0.1, 0, mean.toFixed(2)],
        [columns.model + circle + 0.1, top, weight],
      ],
      14,
      'middle right',
    ),
    text(
      'heads',
      [
        [columns.x, heads, 'x'],
        [columns.prediction, heads, 'ȳ'],
        [columns.y, heads, 'y'],
        [columns.bars + 0.5, heads, 'costs'],
        [columns.bars - 0.85, 0, 'mean'],
      ],
      14,
      'middle center',
    ),
  ];
  const layout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: false }),
    xaxis: { visible: false, range: [-0.55, columns.end + 1.3], constrain: 'domain' },
    yaxis: { visible: false, range: [-0.45, top + 0.55], scaleanchor: 'x', constrain: 'domain' },
  };
  const told = samples.map(
    ({ x, prediction, y, cost }) =>
      `x = ${printed(x, 2)}, prediction ${printed(prediction, 2)}, truth ${printed(y, 2)}, cost ${cost.toFixed(2)}`,
  );
  return new Figure({
    data,
    layout,
    description: `Lanes${title ? `: ${title}` : ''}. ${weight} in all lanes. ${told.join('; ')}. Mean cost ${mean.toFixed(2)}.`,
  });
}
