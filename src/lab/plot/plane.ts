import { formatNumber } from '../../display';
import { PlotError } from '../../errors';
import { tensor } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { checkRange, compact, type Domain, type Points, spread, toPath } from './input';
import { cellMark, mark, orNowhere } from './marks';
import { base64 } from './png';
import { axis, baseLayout, legendNames } from './theme';

/** Points with one look on a {@link plane}. */
export interface PlaneGroup {
  /** Its name in the legend. */
  name: string;
  points: Points;
  color: string;
  /** Default: a circle; `"ball"` is larger and has an outline. */
  symbol?: 'circle' | 'square' | 'ball';
}

/** Options of {@link plane}. */
export interface PlaneOptions {
  /** The extent of the plane from 0 to each side. Default: 2.6. */
  reach?: number;
  /** The shown range, if it is not around 0. Default: as given by `reach`. */
  domain?: Domain;
  /** The background colours for certain class 0 and class 1, as `#RRGGBB`. Default: blue and orange. */
  colors?: readonly [string, string];
  /** Number of evaluations in each direction, from 2 to 200. Default: 33. */
  resolution?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 220. */
  height?: number;
}

/** From class 0 over undecided, which is grey, to class 1. */
const groundOf = ([none, all]: readonly [string, string]): [number, string][] => [
  [0, none],
  [0.5, '#D0D0D0'],
  [1, all],
];

/** The outermost whole numbers of a side, and 0 if it is between them. */
function ticksIn([low, high]: readonly [number, number]): number[] {
  const [first, last] = [Math.ceil(low) + 0, Math.floor(high)];
  return [first, ...(first < 0 && last > 0 ? [0] : []), ...(last > first ? [last] : [])];
}

/** Groups may be empty. */
const pathOf = (points: Points) =>
  Array.isArray(points) && points.length === 0 ? [] : toPath(points, 'plane: points');

/**
 * A net's classification of a plane: blue if it is certain of class 0, orange of class 1, grey if undecided, and no
 * colour if the result is not a number. `probability` returns that of class 1 for places of shape [n, 2]; points are
 * drawn over the ground, group by group.
 *
 * @example
 * plot.plane((at) => at.select(1, 0).sigmoid(), [{ name: 'seen', points: [[1, 2], [-1, 0]], color: '#08407A' }])
 * @throws {PlotError} if `resolution` is not a whole number from 2 to 200.
 */
export function plane(
  probability: (places: Tensor) => Tensor,
  groups: readonly PlaneGroup[] = [],
  options: PlaneOptions = {},
): Figure {
  const { reach = 2.6, resolution = 33, title, width, height = 220 } = options;
  const { colors = ['#7FB2DC', '#F2B277'] } = options;
  if (!Number.isInteger(resolution) || resolution < 2 || resolution > 200)
    throw new PlotError(`plane: resolution must be a whole number from 2 to 200, got ${resolution}`);
  const domain = options.domain ?? { x: [-reach, reach], y: [-reach, reach] };
  const across = checkRange(domain.x, 'plane: domain.x');
  const up = checkRange(domain.y, 'plane: domain.y');
  const [us, vs] = [spread(across, resolution), spread(up, resolution)];
  const places = vs.flatMap((v) => us.map((u) => [u, v]));
  const said = probability(tensor(places)).tolist() as number[];
  const known = said.filter(Number.isFinite);
  const read = groups.map((group) => ({ ...group, points: pathOf(group.points) }));
  const few = read.reduce((sum, { points }) => sum + points.length, 0) <= 12;
  const data: PlotlyTrace[] = [
    cellMark({
      name: 'ground',
      x: compact(us, 0),
      y: compact(vs, 0),
      z: {
        dtype: 'u1',
        // A byte for each position, in half per cent.
        bdata: base64(said.map((one) => (Number.isFinite(one) ? Math.round(200 * one) : 100))),
        shape: `${resolution}, ${resolution}`,
      },
      zmin: 0,
      zmax: 200,
      zsmooth: 'best',
      opacity: known.length < said.length ? 0 : 1,
      colorscale: groundOf(colors),
    }),
    ...read.map(({ name, points, color, symbol = 'circle' }) =>
      mark({
        name,
        x: compact(orNowhere(points.map(([u]) => u)), across[1] - across[0]),
        y: compact(orNowhere(points.map(([, v]) => v)), up[1] - up[0]),
        marker:
          symbol === 'ball'
            ? { color, size: 15, symbol: 'circle', line: { color: '#FFFFFF', width: 3 } }
            : { color, size: few ? 12 : 6.5, symbol, line: { color: '#FFFFFF', width: 0.8 } },
        hover: `x₁ %{x}<br>x₂ %{y}<extra>${name}</extra>`,
        legend: true,
      }),
    ),
  ];
  const side = { constrain: 'domain', showgrid: false, zeroline: false };
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), width, plotHeight: height, axes: true }),
    xaxis: { ...axis('x₁', across), ...side, tickvals: ticksIn(across) },
    yaxis: { ...axis('x₂', up), ...side, tickvals: ticksIn(up), scaleanchor: 'x', scaleratio: 1 },
  };
  const range = known.length
    ? `from ${formatNumber(Math.min(...known), 2)} to ${formatNumber(Math.max(...known), 2)}`
    : '';
  const seen = read.map(({ name, points }) => `${points.length} of “${name}”`).join(', ');
  const description =
    `The plane as a net sees it${title ? `: ${title}` : ''}. ${seen ? `Points: ${seen}; ` : ''}` +
    `${known.length < said.length ? 'the net returns no number.' : `it gives class 1 probabilities ${range}.`}`;
  return new Figure({ data, layout, description });
}
