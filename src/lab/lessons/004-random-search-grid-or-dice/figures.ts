import { contour, curves, Figure, type PlotlyTrace } from '../../plot';
import { mark } from '../../plot/marks';
import { lowest, type Places } from './places';
import type { LossMap } from './wave';

/** The look of both ways in every figure of the lesson. */
export const looks = {
  grid: { color: '#0072B2', symbol: 'x', dash: 'solid' },
  dice: { color: '#D55E00', symbol: 'circle', dash: 'solid' },
} as const;

const grey = '#8A8A8A';

/**
 * Returns an ellipse of equal height around the bottom; `weight` is the weight of its second axis, `turn` the angle of
 * both.
 */
function ring(bottom: readonly number[], radius: number, weight: number, turn: number): [number, number][] {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  // If the second axis hardly matters, the ring is huge; only the part in the square is drawn.
  const end = Math.min(2, radius / Math.max(weight, 1e-9));
  return Array.from({ length: 98 }, (_, i) => {
    const along = end * Math.sin((Math.min(i, 97 - i) * Math.PI) / 48 - Math.PI / 2);
    const across = (i < 49 ? 1 : -1) * Math.sqrt(Math.max(0, radius ** 2 - (weight * along) ** 2));
    return [bottom[0]! + cos * across - sin * along, bottom[1]! + sin * across + cos * along];
  });
}

/** The distance of each position from the minimum, across and along a rotated valley. */
const turned = (places: Places, bottom: readonly number[], turn: number): number[][] =>
  places.map(([x, y]) => {
    const [right, up] = [x! - bottom[0]!, y! - bottom[1]!];
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    return [cos * right + sin * up, cos * up - sin * right];
  });

const names = ['grid', 'dice'] as const;
/** The names of both in figures. */
const shown = { grid: 'grid', dice: 'random' } as const;

/**
 * A valley over two settings from above, the trials of grid and random search in it, and for each a ring of equal
 * height through its best trial. `weight` is the weight of the valley's second axis. Below it are the projections of
 * the trials on the first setting; they are omitted with a `turn`, an angle, because the first axis then is another
 * direction.
 */
export function triesFigure(
  tries: { readonly grid: Places; readonly dice: Places },
  bottom: readonly number[],
  weight: number,
  turn?: number,
): Figure {
  const angle = turn ?? 0;
  const gap: [number, number] = [Number.NaN, Number.NaN];
  const valley = [0.15, 0.3, 0.5].flatMap((radius) => [...ring(bottom, radius, weight, angle), gap]);
  const closest = names.map((name) => {
    const best = lowest(turned(tries[name], bottom, angle), [0, 0], [1, weight]);
    return ring(bottom, Math.sqrt(best), weight, angle);
  });
  const points = (places: Places) => ({ x: places.map(([x]) => x!), y: places.map(([, y]) => y!) });
  const figure = curves(
    [
      { name: 'equally good', ...points(valley), color: grey, dash: 'dot' },
      { name: 'the best place', x: [bottom[0]!], y: [bottom[1]!], mode: 'markers', color: grey },
      ...names.map((name) => ({
        name: shown[name],
        ...points(tries[name]),
        mode: 'markers' as const,
        color: looks[name].color,
      })),
      ...names.map((name, i) => ({
        name: `through the closest, ${shown[name]}`,
        ...points(closest[i]!),
        color: looks[name].color,
        dash: looks[name].dash,
      })),
    ],
    {
      xRange: [-0.02, 1.02],
      yRange: [turn === undefined ? -0.24 : -0.02, 1.02],
      xLabel: 'learning rate',
      yLabel: 'width',
    },
  );
  const markers = [
    undefined,
    { symbol: 'star', size: 15, color: grey },
    { symbol: looks.grid.symbol, size: 9, color: looks.grid.color },
    { symbol: looks.dice.symbol, size: 9, color: looks.dice.color },
  ];
  const seen = figure.data.map((trace, i) => ({
    ...trace,
    ...(markers[i] && { marker: markers[i] }),
    ...(i === 0 && { line: { color: grey, width: 1, dash: 'dot' } }),
    showlegend: i > 0 && i < 4,
  }));
  const shadows = names.map(
    (name, row): PlotlyTrace =>
      mark({
        name: `${shown[name]}, its rates`,
        x: tries[name].map(([x]) => Number(x!.toPrecision(4))),
        y: tries[name].map(() => [-0.08, -0.17][row]!),
        marker: { symbol: 'line-ns-open', size: 13, color: looks[name].color, line: { width: 2 } },
      }),
  );
  const { xaxis, yaxis } = figure.layout;
  const bare = (axis: unknown, more: object = {}) => ({
    ...(axis as object),
    showticklabels: false,
    zeroline: false,
    ...more,
  });
  return new Figure({
    data: turn === undefined ? [...seen, ...shadows] : seen,
    layout: {
      ...figure.layout,
      xaxis: bare(xaxis, { constrain: 'domain' }),
      // Round rings mean settings that matter equally, so a unit is equally long on both axes.
      yaxis: bare(yaxis, { tickvals: [0, 0.5, 1], scaleanchor: 'x', constrain: 'domain' }),
    },
    description: figure.description,
  });
}

/**
 * The positions of tries on one line, their projections, for a grid and random search in two rows; `best` is the
 * position of the optimum.
 */
export function shadowsFigure(
  values: Record<'grid' | 'dice', readonly number[]>,
  options: { xLabel?: string; xRange?: readonly [number, number]; best?: number } = {},
): Figure {
  const { xLabel = 'learning rate', xRange = [-0.01, 1.01], best } = options;
  const figure = curves(
    names.map((name, i) => ({
      name: shown[name],
      x: [...values[name]],
      y: values[name].map(() => 1 - i),
      mode: 'markers' as const,
      color: looks[name].color,
    })),
    {
      xRange,
      yRange: [-0.7, 1.7],
      height: 120,
      xLabel,
      yLabel: '',
      ...(best !== undefined && { lines: [{ name: '★', x: best }] }),
    },
  );
  const data = figure.data.map((trace, i) => ({
    ...trace,
    ...(names[i] && {
      marker: { symbol: 'line-ns-open', size: 30, color: looks[names[i]].color, line: { width: 2.5 } },
    }),
    showlegend: false,
  }));
  const { xaxis, yaxis } = figure.layout;
  return new Figure({
    data,
    layout: {
      ...figure.layout,
      showlegend: false,
      xaxis: { ...(xaxis as object), showticklabels: false },
      yaxis: { ...(yaxis as object), tickvals: [0, 1], ticktext: ['random', 'grid'], showgrid: false, zeroline: false },
    },
    description: figure.description,
  });
}

/** Names of some positions on an axis from 0 to 1, and of the axis. */
export interface MapAxis {
  readonly title: string;
  readonly at: readonly number[];
  readonly says: readonly string[];
}

/**
 * A map of losses over two settings, with the tries of a grid and random search; light is low, and errors above 1 are
 * all equally dark.
 */
export function mapFigure(
  map: LossMap,
  tries: { readonly grid: Places; readonly dice: Places },
  axes: { readonly x: MapAxis; readonly y: MapAxis },
): Figure {
  const even = (count: number) => Array.from({ length: count }, (_, i) => i / (count - 1));
  const [x, y] = [even(73), even(41)];
  const z = y.map((v) => x.map((u) => Math.min(0, Math.log10(map.at([u, v])))));
  const ground = contour({ x, y, z }, { equalAspect: false, zLabel: 'error, power of ten', colors: 'grey', levels: 8 });
  const dots = names.map(
    (name): PlotlyTrace => ({
      type: 'scatter',
      mode: 'markers',
      name: shown[name],
      x: tries[name].map(([u]) => Number(u!.toPrecision(4))),
      y: tries[name].map(([, v]) => Number(v!.toPrecision(4))),
      marker: { symbol: looks[name].symbol, size: 10, color: looks[name].color },
    }),
  );
  const { xaxis, yaxis } = ground.layout;
  const ticks = (axis: unknown, { title, at, says }: MapAxis) => ({
    ...(axis as object),
    title: { text: title },
    range: [-0.03, 1.03],
    tickvals: at,
    ticktext: says,
  });
  return new Figure({
    data: [...ground.data, ...dots],
    layout: { ...ground.layout, xaxis: ticks(xaxis, axes.x), yaxis: ticks(yaxis, axes.y) },
    description: ground.description,
  });
}
