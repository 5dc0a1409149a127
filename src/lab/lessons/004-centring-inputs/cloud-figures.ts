import type { Pair } from '../../classic';
import { curves, Figure } from '../../plot';

const looks = {
  inputs: { color: '#0072B2', dash: 'solid' },
  path: { color: '#B84A00', dash: 'solid' },
};

/** Inputs of two numbers as lines from the origin, with a dot at their end. */
export function rowsFigure(rows: readonly Readonly<Pair>[]): Figure {
  const along = (side: 0 | 1) => rows.flatMap((row) => [0, row[side], Number.NaN]);
  const name = 'a row of inputs';
  const figure = curves(
    [
      { name, x: rows.map(([p]) => p), y: rows.map(([, q]) => q), mode: 'markers', color: looks.inputs.color },
      { name: 'from zero', x: along(0), y: along(1), ...looks.inputs },
    ],
    { equalAspect: true, xRange: [-3, 7], yRange: [-3, 7], xLabel: 'input 1', yLabel: 'input 2' },
  );
  const look = [
    { marker: { color: looks.inputs.color, size: 5 } },
    { line: { ...looks.inputs, width: 0.8 }, opacity: 0.6 },
  ];
  const data = figure.data.map((trace, i) => ({ ...trace, ...look[i], showlegend: i === 0 }));
  return new Figure({ data, layout: figure.layout, description: figure.description });
}

/** The path of steps in two weights, with start and goal. */
export function pathFigure(path: readonly Readonly<Pair>[], goal: Readonly<Pair>): Figure {
  const [x, y] = [path.map((w) => w[0]), path.map((w) => w[1])];
  const figure = curves(
    [
      { name: 'steps', x, y, mode: 'lines+markers', ...looks.path },
      { name: 'start', x: [0], y: [0], mode: 'markers', color: looks.path.color },
      { name: 'goal', x: [goal[0]], y: [goal[1]], mode: 'markers', color: '#8A8A8A' },
    ],
    { equalAspect: true, xRange: [-0.4, 2], yRange: [-1.6, 0.8], xLabel: 'weight 1', yLabel: 'weight 2' },
  );
  const look = [
    { marker: { color: looks.path.color, size: 4 }, line: { ...looks.path, width: 1.4 } },
    { marker: { color: looks.path.color, size: 11 } },
    { marker: { color: '#8A8A8A', size: 13, symbol: 'diamond' } },
  ];
  const data = figure.data.map((trace, i) => ({ ...trace, ...look[i], showlegend: i !== 1 }));
  return new Figure({ data, layout: figure.layout, description: figure.description });
}
