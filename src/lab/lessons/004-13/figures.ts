import { ValueError } from '../../../errors';
import { curves, Figure, type PlotlyTrace } from '../../plot';
import { lampColours } from '../../plot/lamps';
import { base64 } from '../../plot/png';

/** As in a picture of signs: a slope above 0, which is orange there, takes the weight down. */
const colours = { up: '#0072B2', down: '#D55E00' };

/** 1,024 lamps, one for each pattern of ten weights: what the first five do from row to row, the others from column to column. */
export function patternField(name: string, lit: ReadonlySet<number>): Figure {
  const side = 32;
  const lamps = Array.from({ length: side * side }, (_, pattern) => (lit.has(pattern) ? 1 : 0));
  const figure = curves([{ name, x: [0, side - 1], y: [0, side - 1] }], {
    equalAspect: true,
    xRange: [-0.5, side - 0.5],
    yRange: [-0.5, side - 0.5],
    xLabel: 'weights 6 to 10',
    yLabel: 'weights 1 to 5',
  });
  const trace: PlotlyTrace = {
    type: 'heatmap',
    name,
    // A byte for each lamp: written as a list, each would be a line of the notebook.
    z: { dtype: 'u1', bdata: base64(lamps), shape: `${side}, ${side}` },
    zmin: 0,
    zmax: 1,
    colorscale: lampColours,
    showscale: false,
    xgap: 1,
    ygap: 1,
    hoverinfo: 'skip',
  };
  const ends = { tickmode: 'array', tickvals: [1.5, side - 2.5], ticktext: ['all down', 'all up'], showgrid: false };
  const { xaxis, yaxis } = figure.layout as Record<'xaxis' | 'yaxis', object>;
  return new Figure({
    data: [trace],
    layout: {
      ...figure.layout,
      title: { text: name },
      xaxis: { ...xaxis, ...ends },
      yaxis: { ...yaxis, ...ends, tickangle: -90 },
    },
    description: `1,024 lamps, ${name}: ${lit.size} are lit.`,
  });
}

/** Where ten weights go: one column of arrows for each name. */
export function arrowColumns(columns: readonly { name: string; moves: readonly number[] }[]): Figure {
  if (columns.length === 0) throw new ValueError('arrowColumns: expected at least one column, got none');
  const count = columns[0]!.moves.length;
  const weights = Array.from({ length: count }, (_, j) => j + 1);
  const figure = curves(
    columns.map(({ name }, k) => ({ name, x: weights.map(() => k), y: weights, mode: 'markers' as const })),
    { xRange: [-0.6, columns.length - 0.4], yRange: [0.3, count + 0.7], xLabel: '', yLabel: 'weight' },
  );
  const { xaxis, yaxis } = figure.layout as Record<'xaxis' | 'yaxis', object>;
  const data = figure.data.map((trace, k) => {
    const { moves } = columns[k]!;
    return {
      ...trace,
      showlegend: false,
      marker: {
        size: 15,
        symbol: moves.map((move) => (move > 0 ? 'triangle-up' : 'triangle-down')),
        color: moves.map((move) => (move > 0 ? colours.up : colours.down)),
      },
    };
  });
  return new Figure({
    data,
    layout: {
      ...figure.layout,
      title: { text: 'the last step' },
      xaxis: {
        ...xaxis,
        tickmode: 'array',
        tickvals: columns.map((_, k) => k),
        ticktext: columns.map(({ name }) => name),
      },
      yaxis: { ...yaxis, tickmode: 'array', tickvals: weights, showgrid: false, range: [count + 0.7, 0.3] },
    },
    description: columns
      .map(({ name, moves }) => `${name}: ${moves.map((move) => (move > 0 ? 'up' : 'down')).join(', ')}.`)
      .join(' '),
  });
}

/**
 * The plane of two rows' blames. On each line one weight does not move; on the circle all places are marked where all weights move
 * one way, and the blames at `degrees`.
 */
export function fanFigure(name: string, rows: readonly (readonly number[])[], degrees: number): Figure {
  const [first, second] = rows;
  if (rows.length !== 2) throw new ValueError(`fanFigure: expected two rows, got ${rows.length}`);
  const around = Array.from({ length: 721 }, (_, i) => (Math.PI * i) / 360);
  const moves = (angle: number) => first!.map((input, j) => -(input * Math.cos(angle) + second![j]! * Math.sin(angle)));
  const isOneWay = (angle: number) =>
    Math.abs(moves(angle).reduce((sum, move) => sum + Math.sign(move), 0)) === first!.length;
  const lines = first!.map((input, j) => Math.atan2(-input, second![j]!));
  const at = (Math.PI * degrees) / 180;
  const figure = curves(
    [
      {
        name: 'a weight rests',
        x: lines.flatMap((angle) => [-1.25 * Math.cos(angle), 1.25 * Math.cos(angle), Number.NaN]),
        y: lines.flatMap((angle) => [-1.25 * Math.sin(angle), 1.25 * Math.sin(angle), Number.NaN]),
        color: '#8A8A8A',
        dash: 'solid',
      },
      {
        name: 'all one way',
        x: [Number.NaN, ...around.map((angle) => (isOneWay(angle) ? Math.cos(angle) : Number.NaN))],
        y: [Number.NaN, ...around.map((angle) => (isOneWay(angle) ? Math.sin(angle) : Number.NaN))],
        color: '#B88600',
        dash: 'solid',
      },
      { name: 'the blames', x: [Math.cos(at)], y: [Math.sin(at)], mode: 'markers', color: '#A8428B' },
    ],
    {
      equalAspect: true,
      xRange: [-1.3, 1.3],
      yRange: [-1.3, 1.3],
      xLabel: 'blame of row 1',
      yLabel: 'blame of row 2',
    },
  );
  const data = figure.data.map((trace, k) => ({
    ...trace,
    ...(k < 2 && { line: { ...(trace.line as object), width: k === 0 ? 1.2 : 5 } }),
  }));
  return new Figure({
    data,
    layout: { ...figure.layout, title: { text: name } },
    description: `${name}. ${figure.description}`,
  });
}
