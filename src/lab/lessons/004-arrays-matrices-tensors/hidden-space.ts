import { ValueError } from '../../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot';
import { withFittedCamera } from '../../plot/camera';
import { mark } from '../../plot/marks';
import { baseLayout, legendNames, neutral } from '../../plot/theme';

type Place = readonly [number, number, number];

/** Points of one class. */
export interface HiddenGroup {
  name: string;
  color: string;
  /** Three numbers between −1 and 1 for each, such as outputs of tanh. */
  points: readonly Place[];
}

/** Options of {@link hiddenSpace}. */
export interface HiddenSpaceOptions {
  /** The line above the figure. Default: none. */
  title?: string;
  /** Whether the groups are named; switch it off beside another figure of the same points. Default: true. */
  legend?: boolean;
  /** Height of the drawing in pixels. Default: 320. */
  height?: number;
  /** The camera's direction, in degrees. Default: elev 18, azim -60. */
  camera?: { elev?: number; azim?: number };
}

const milli = (value: number) => Math.round(1000 * value) / 1000 + 0;
const dot = (a: Place, b: Place) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = ([a, b, c]: Place, [d, e, f]: Place): Place => [b * f - c * e, c * d - a * f, a * e - b * d];
const unit = (v: Place): Place => {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
};

/**
 * The outputs of three hidden units for each point, in a cube from −1 to 1, and the plane `weights` · h + `bias` = 0 of
 * the next layer.
 *
 * @example
 * hiddenSpace([{ name: 'inner', color: '#0072B2', points: [[0, 0, 0.9]] }], [0, 0, 1], -0.5)
 * @throws {ValueError} if all weights are 0.
 */
export function hiddenSpace(
  groups: readonly HiddenGroup[],
  weights: Place,
  bias: number,
  options: HiddenSpaceOptions = {},
): Figure {
  const { title, legend = true, height = 320, camera = {} } = options;
  const square = dot(weights, weights);
  if (!(square > 0)) throw new ValueError('hiddenSpace: a plane needs a weight that is not 0');
  const [a, b, c] = weights;
  const across = unit(Math.abs(a) < Math.abs(b) ? cross(weights, [1, 0, 0]) : cross(weights, [0, 1, 0]));
  const up = unit(cross(weights, across));
  const foot = [a, b, c].map((w) => (-bias * w) / square) as unknown as Place;
  const side = [-1.1, 1.1];
  const corner = (k: number) => side.map((u) => side.map((v) => milli(foot[k]! + u * across[k]! + v * up[k]!)));
  const data: PlotlyTrace[] = [
    {
      type: 'surface',
      name: 'cut of the last layer',
      x: corner(0),
      y: corner(1),
      z: corner(2),
      colorscale: [
        [0, neutral],
        [1, neutral],
      ],
      opacity: 0.45,
      showscale: false,
      hoverinfo: 'skip',
      contours: { x: { highlight: false }, y: { highlight: false }, z: { highlight: false } },
    },
    ...groups.map(({ name, color, points }, i) =>
      mark({
        name,
        x: points.map((at) => milli(at[0])),
        y: points.map((at) => milli(at[1])),
        z: points.map((at) => milli(at[2])),
        marker: { color, size: 3, symbol: i % 2 ? 'square' : 'circle', opacity: 0.9 },
        hover: `h₁ %{x}<br>h₂ %{y}<br>h₃ %{z}<extra>${name}</extra>`,
        legend: legend,
      }),
    ),
  ];
  const walls = (name: string): PlotlyLayout => ({
    title: { text: name },
    range: [-1.1, 1.1],
    tickangle: 0,
    nticks: 3,
  });
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), plotHeight: height, axes: false }),
    scene: {
      aspectmode: 'manual',
      aspectratio: { x: 1, y: 1, z: 1 },
      xaxis: walls('h₁'),
      yaxis: walls('h₂'),
      zaxis: walls('h₃'),
    },
  };
  const ends = [-0.5, 0.5];
  const corners = (z: number) => ends.flatMap((x) => ends.map((y): [number, number, number] => [x, y, z]));
  const seen = withFittedCamera(
    layout,
    { elev: camera.elev ?? 18, azim: camera.azim ?? -60 },
    {
      surface: corners(0.5),
      floor: corners(-0.5),
    },
  );
  const told = groups.map(({ name, points }) => {
    const above = points.filter((at) => dot(weights, at) + bias > 0).length;
    return `Of ${points.length} of “${name}” ${above} lie where the sum is above 0.`;
  });
  return new Figure({
    data,
    layout: seen,
    description: `Three hidden units${title ? `: ${title}` : ''}. ${told.join(' ')}`,
  });
}
