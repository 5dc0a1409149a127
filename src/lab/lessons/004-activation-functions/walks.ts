import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { mark, type Points } from '../../plot/marks';
import { axis, baseLayout, ink, neutral } from '../../plot/theme';
import { lookOf } from './activations';

/** Two weights of a linear neuron. */
export type Pair = readonly [number, number];

/** Single-row steps to the weights that fit all rows. */
export interface Walk {
  inputs: readonly Pair[];
  /** The weights after each row, the start first. */
  path: Pair[];
  rate: number;
  /** The number of rows after which it stays within 0.1 of the solution; Infinity if it never does. */
  rows: number;
  /** The mean outer product of the inputs, [x₁², x₁x₂, x₂²]: the Hessian of the loss. */
  curvature: readonly [number, number, number];
  /** The condition number: the larger eigenvalue of the curvature over the smaller one. */
  stretch: number;
}

/**
 * Plain descent on ½(w·x − home·x)², one row of inputs per step in cyclic order, from (0, 0).
 * @returns the weights after each of `steps` steps, the start first
 */
export function walk(inputs: readonly Pair[], home: Pair, rate: number, steps: number): Pair[] {
  const path: Pair[] = [[0, 0]];
  for (let step = 0; step < steps; step++) {
    const [w1, w2] = path.at(-1)!;
    const [x1, x2] = inputs[step % inputs.length]!;
    const error = x1 * (w1 - home[0]) + x2 * (w2 - home[1]);
    path.push([w1 - rate * error * x1, w2 - rate * error * x2]);
  }
  return path;
}

/** {@link walk} at the best of sixty rates from 0.05 to 40: the one that converges after the fewest rows. */
export function bestWalk(inputs: readonly Pair[], home: Pair, shown = 60): Walk {
  if (inputs.length === 0) throw new PlotError('bestWalk: expected at least one row of inputs, got none');
  const away = ([a, b]: Pair) => Math.hypot(a - home[0], b - home[1]);
  let best = { rows: Number.POSITIVE_INFINITY, rate: 0.05 };
  for (let k = 0; k < 60; k++) {
    const rate = 0.05 * 1.12 ** k;
    const path = walk(inputs, home, rate, 400);
    let rows = path.length;
    while (rows > 0 && away(path[rows - 1]!) < 0.1) rows--;
    if (rows < path.length && rows < best.rows) best = { rows, rate };
  }
  const mean = (of: (x: Pair) => number) => inputs.reduce((sum, x) => sum + of(x), 0) / inputs.length;
  const [a, b, c] = [mean(([x]) => x * x), mean(([x, y]) => x * y), mean(([, y]) => y * y)];
  const [middle, root] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
  return {
    inputs,
    path: walk(inputs, home, best.rate, shown),
    ...best,
    curvature: [a, b, c],
    stretch: (middle + root) / (middle - root),
  };
}

const rounded = (values: number[]) =>
  values.map((value) => (Number.isNaN(value) ? null : Math.round(100 * value) / 100));

/** Two walks side by side after so many rows, on contours of the loss. Fine lines show the directions of single rows. */
export function walkMaps(
  walks: readonly [string, Walk][],
  home: Pair,
  rows: number,
  options: { title?: string; height?: number } = {},
): Figure {
  const { title, height = 330 } = options;
  const data = walks.flatMap(([name, one], k) => mapOf(name, one, home, rows, k));
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: true }),
    annotations: [],
  };
  const wide = 0.485;
  for (const [k, [name]] of walks.entries()) {
    const number = k === 0 ? '' : String(k + 1);
    layout[`xaxis${number}`] = {
      ...axis('w₁', [-0.75, 2.75]),
      domain: k === 0 ? [0, wide] : [1 - wide, 1],
      anchor: `y${number}`,
      dtick: 1,
    };
    layout[`yaxis${number}`] = {
      ...axis(k === 0 ? 'w₂' : '', [-2.05, 0.95]),
      anchor: `x${number}`,
      dtick: 1,
      showticklabels: k === 0,
    };
    (layout.annotations as PlotlyLayout[]).push({
      text: `<b>${name}</b>`,
      xref: `x${number} domain`,
      yref: `y${number} domain`,
      x: 0.02,
      y: 0.98,
      xanchor: 'left',
      yanchor: 'top',
      showarrow: false,
    });
  }
  const words = walks.map(([name, { path }]) => {
    const [a, b] = path[rows]!;
    return `${name}: at (${a.toFixed(2)}, ${b.toFixed(2)})`;
  });
  return new Figure({ data, layout, description: `${title ?? 'Two walks'}. After ${rows} rows ${words.join('; ')}.` });
}

function mapOf(name: string, { path, inputs, curvature }: Walk, home: Pair, rows: number, k: number): PlotlyTrace[] {
  const number = k === 0 ? '' : String(k + 1);
  const [a, b, c] = curvature;
  const line = (x: number[], y: number[], more: Points): PlotlyTrace =>
    mark({
      name,
      x: rounded(x),
      y: rounded(y),
      xaxis: `x${number}`,
      yaxis: `y${number}`,
      ...more,
    });
  const turns = Array.from({ length: 46 }, (_, i) => (i * 8 * Math.PI) / 180);
  // A contour is a circle, mapped by the inverse root of the curvature.
  const depth = Math.sqrt(c - (b * b) / a);
  const rings = [0.04, 0.2, 0.5, 1, 1.7].flatMap((size) => {
    const radius = size * Math.sqrt((a + c) / 2);
    return [...turns.map((t) => [radius * Math.cos(t), (radius * Math.sin(t)) / depth] as const), undefined];
  });
  const far = rings.map((point) => (point ? home[1] + point[1] : Number.NaN));
  const across = rings.map((point) => (point ? home[0] + point[0] / Math.sqrt(a) - (b / a) * point[1] : Number.NaN));
  const here = path[rows]!;
  const fan = inputs.flatMap(([p, q]) => {
    const size = Math.hypot(p, q) / 0.55;
    return [
      [here[0] - p / size, here[1] - q / size],
      [here[0] + p / size, here[1] + q / size],
      [Number.NaN, Number.NaN],
    ];
  });
  const { color } = lookOf(k === 0 ? 'sigmoid' : 'tanh');
  const walked = path.slice(0, rows + 1);
  return [
    line(across, far, { line: { color: neutral, width: 1, simplify: false }, opacity: 0.6 }),
    line(
      fan.map(([x]) => x!),
      fan.map(([, y]) => y!),
      { line: { color: neutral, width: 1 }, opacity: 0.7 },
    ),
    line(
      walked.map(([x]) => x),
      walked.map(([, y]) => y),
      {
        line: { color, width: 3 },
        marker: { size: 5, color },
      },
    ),
    line([home[0]], [home[1]], {
      marker: { size: 13, symbol: 'diamond', color: ink, line: { color: '#FFFFFF', width: 1.5 } },
    }),
    line([here[0]], [here[1]], { marker: { size: 13, color, line: { color: '#FFFFFF', width: 2 } } }),
  ];
}
