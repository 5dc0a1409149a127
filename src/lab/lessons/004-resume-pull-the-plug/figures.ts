import { curves, Figure, type PlotlyLayout } from '../../plot';

const looks = {
  undisturbed: { color: '#0B62A4', dash: 'solid' },
  resumed: { color: '#B84A00', dash: 'solid' },
};

/** Two loss curves over the same steps or epochs, with a mark where training was interrupted. */
export function lossFigure(
  undisturbed: readonly number[],
  resumed: readonly number[],
  options: { from: number; pulled: number; xLabel: string; yRange: readonly [number, number] },
): Figure {
  const { from, pulled, xLabel, yRange } = options;
  const last = undisturbed.length - 1;
  const shown = (values: readonly number[], first: number) =>
    values.map((value, i) => ({ x: first + i, value })).filter(({ x }) => x >= from);
  const all = shown(undisturbed, 0);
  const after = shown(resumed, pulled);
  return curves(
    [
      { name: 'undisturbed', x: all.map(({ x }) => x), y: all.map(({ value }) => value), ...looks.undisturbed },
      { name: 'resumed', x: after.map(({ x }) => x), y: after.map(({ value }) => value), ...looks.resumed },
    ],
    {
      yLog: true,
      yRange,
      xRange: [from, last],
      xLabel,
      yLabel: 'loss of all rows',
      lines: [{ name: 'plug pulled', x: pulled }],
    },
  );
}

/** The position of 0 on an axis of powers of ten. */
const floor = 1e-7;

/**
 * The distance of the weights of two runs after each epoch, over powers of ten; 0 has a separate position below them.
 */
export function apartFigure(distances: readonly number[], pulled: number): Figure {
  const figure = curves(
    [
      {
        name: 'apart',
        x: distances.map((_, i) => pulled + 1 + i),
        y: distances.map((value) => (value === 0 ? floor : value)),
        mode: 'lines+markers',
        color: looks.resumed.color,
        dash: 'solid',
      },
    ],
    { yLog: true, yRange: [floor / 3, 10], xLabel: 'epoch', yLabel: 'weights apart', xRange: [pulled, 40.5] },
  );
  const { dtick, ...axis } = figure.layout.yaxis as PlotlyLayout;
  const yaxis = {
    ...axis,
    tickmode: 'array',
    tickvals: [floor, 1e-5, 1e-3, 0.1, 10],
    ticktext: ['0', '0.00001', '0.001', '0.1', '10'],
  };
  const { data, description } = figure;
  return new Figure({ data, layout: { ...figure.layout, yaxis }, description });
}
