import { formatNumber } from '../../../display';
import { PlotError } from '../../../errors';
import { tensor } from '../../../tensor/creation';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { compact, spread, toPath } from '../../plot/input';
import { base64 } from '../../plot/png';
import { axis, baseLayout, legendNames } from '../../plot/theme';
import type { Learner } from './quarters';

/** Options of {@link plane}. */
export interface PlaneOptions {
  /** How many places are asked in each direction, from 2 to 200. Default: 33. */
  resolution?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 220. */
  height?: number;
}

/** The plane goes this far from 0 to each side. */
const reach = 2.6;

/** From class 0 over undecided, which is grey, to class 1. */
const ground: [number, string][] = [
  [0, '#7FB2DC'],
  [0.5, '#D0D0D0'],
  [1, '#F2B277'],
];

/**
 * What a net makes of the plane: blue where it takes class 0 for certain, orange where class 1, grey where it does not know, and no
 * ground at all where it gives no number. The points that it was shown lie upon it.
 *
 * @example
 * plane(trainQuarters((x) => x.tanh(), { seed: 1 }))
 * @throws {PlotError} if `resolution` is not a whole number from 2 to 200.
 */
export function plane(net: Learner, options: PlaneOptions = {}): Figure {
  const { resolution = 33, title, width, height = 220 } = options;
  if (!Number.isInteger(resolution) || resolution < 2 || resolution > 200)
    throw new PlotError(`plane: resolution must be a whole number from 2 to 200, got ${resolution}`);
  const at = spread([-reach, reach], resolution);
  const places = at.flatMap((v) => at.map((u) => [u, v]));
  const said = net.probability(tensor(places)).tolist() as number[];
  const known = said.filter(Number.isFinite);
  const points = toPath(net.x, 'plane: points');
  const classes = net.y.tolist() as number[];
  const data: PlotlyTrace[] = [
    {
      type: 'heatmap',
      name: 'ground',
      x: compact(at, 0),
      y: compact(at, 0),
      z: {
        dtype: 'u1',
        // A byte for each place, in half per cent.
        bdata: base64(said.map((one) => (Number.isFinite(one) ? Math.round(200 * one) : 100))),
        shape: `${resolution}, ${resolution}`,
      },
      zmin: 0,
      zmax: 200,
      zsmooth: 'best',
      opacity: known.length < said.length ? 0 : 1,
      colorscale: ground,
      showscale: false,
      hoverinfo: 'skip',
    },
    ...[0, 1].map((one) => {
      const own = points.filter((_, i) => classes[i] === one);
      return {
        type: 'scatter',
        mode: 'markers',
        name: `class ${one}`,
        x: compact(own.length ? own.map(([u]) => u) : [null], 2 * reach),
        y: compact(own.length ? own.map(([, v]) => v) : [null], 2 * reach),
        marker: {
          color: one ? '#8A3500' : '#08407A',
          size: 6.5,
          symbol: one ? 'square' : 'circle',
          line: { color: '#FFFFFF', width: 0.8 },
        },
        hovertemplate: `x₁ %{x}<br>x₂ %{y}<extra>class ${one}</extra>`,
        showlegend: true,
      };
    }),
  ];
  const side = { constrain: 'domain', showgrid: false, zeroline: false, tickvals: [-2, 0, 2] };
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), width, plotHeight: height, axes: true }),
    xaxis: { ...axis('x₁', [-reach, reach]), ...side },
    yaxis: { ...axis('x₂', [-reach, reach]), ...side, scaleanchor: 'x', scaleratio: 1 },
  };
  const range = known.length
    ? `from ${formatNumber(Math.min(...known), 2)} to ${formatNumber(Math.max(...known), 2)}`
    : '';
  const description =
    `The plane as a net sees it${title ? `: ${title}` : ''}. ${points.length} points of two classes; ` +
    `${known.length < said.length ? 'the net gives no number.' : `it gives class 1 probabilities ${range}.`}`;
  return new Figure({ data, layout, description });
}
