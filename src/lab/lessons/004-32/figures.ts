import { curves, Figure } from '../../plot';
import type { Row } from './rows';

const looks = {
  kept: { color: '#0072B2', dash: 'solid' },
  turned: { color: '#A8428B', dash: 'solid' },
  path: { color: '#B84A00', dash: 'solid' },
};

/** Inputs as arrows from zero, those that are turned in another colour; `isTurned` says of which rows that is true. */
export function arrowsFigure(rows: readonly Row[], isTurned: (row: number) => boolean = () => false): Figure {
  const arrows = (name: string, wanted: boolean, look: { color: string; dash: string }) => {
    const chosen = rows.filter((_, i) => isTurned(i) === wanted);
    const along = (side: 0 | 1) => chosen.flatMap(({ x }) => [0, x[side]!, Number.NaN]);
    // A series needs a number; what is not seen is drawn as none.
    return { name, x: [Number.NaN, ...along(0)], y: [Number.NaN, ...along(1)], ...look };
  };
  const figure = curves([arrows('rows as they are', false, looks.kept), arrows('rows turned', true, looks.turned)], {
    equalAspect: true,
    xRange: [-1.1, 1.1],
    yRange: [-1.1, 1.1],
    xLabel: 'input 1',
    yLabel: 'input 2',
  });
  const data = figure.data.map((trace) => ({ ...trace, line: { ...(trace.line as object), width: 1.3 } }));
  return new Figure({ data, layout: figure.layout, description: figure.description });
}

/** The path of single-row steps over two weights, with start and goal. */
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
    { marker: { color: '#8A8A8A', size: 15, symbol: 'star' } },
  ];
  const data = figure.data.map((trace, i) => ({ ...trace, ...look[i], showlegend: i !== 1 }));
  return new Figure({ data, layout: figure.layout, description: figure.description });
}
