import { curves, Figure } from '../../plot';
import type { Row } from './cone';

const looks = {
  inputs: { color: '#0072B2', dash: 'solid' },
  path: { color: '#B84A00', dash: 'solid' },
};

/** Inputs of two numbers as lines from the origin. */
export function arrowsFigure(rows: readonly Row[]): Figure {
  const along = (side: 0 | 1) => rows.flatMap(({ x }) => [0, x[side]!, Number.NaN]);
  const figure = curves([{ name: 'a row of inputs', x: along(0), y: along(1), ...looks.inputs }], {
    equalAspect: true,
    xRange: [-0.15, 1.25],
    yRange: [-0.15, 1.25],
    xLabel: 'input 1',
    yLabel: 'input 2',
  });
  const data = figure.data.map((trace) => ({ ...trace, line: { ...(trace.line as object), width: 1.3 } }));
  return new Figure({ data, layout: figure.layout, description: figure.description });
}

/** The path of single-row steps in two weights, with start and goal. */
export function pathFigure(path: readonly (readonly number[])[], goal: readonly number[]): Figure {
  const [x, y] = [path.map((w) => w[0]!), path.map((w) => w[1]!)];
  const figure = curves(
    [
      { name: 'the path', x, y, mode: 'lines+markers', ...looks.path },
      { name: 'start', x: [0], y: [0], mode: 'markers', color: looks.path.color },
      { name: 'goal', x: [goal[0]!], y: [goal[1]!], mode: 'markers', color: '#8A8A8A' },
    ],
    { equalAspect: true, xRange: [-0.45, 1.45], yRange: [-1.45, 0.45], xLabel: 'weight 1', yLabel: 'weight 2' },
  );
  const look = [
    { marker: { color: looks.path.color, size: 4 }, line: { ...looks.path, width: 1.4 } },
    { marker: { color: looks.path.color, size: 11 } },
    { marker: { color: '#8A8A8A', size: 13, symbol: 'diamond' } },
  ];
  const data = figure.data.map((trace, i) => ({ ...trace, ...look[i], showlegend: i !== 1 }));
  return new Figure({ data, layout: figure.layout, description: figure.description });
}
