import { formatNumber, type NumberList } from '../../../display';
import { PlotError } from '../../../errors';
import { tensor } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { checkRange, compact, type Domain, spread, toHeights, toNumbers, toPath } from '../../plot/input';
import { isolines } from '../../plot/isolines';
import { between } from '../../plot/overlay';
import { base64 } from '../../plot/png';
import { axis, baseLayout, ink, legendNames, symbols } from '../../plot/theme';
import type { PointGroup } from './warped-grid';

/** Options of {@link regions}. */
export interface RegionsOptions {
  /** Where the classifier is asked. Default: -1 to 1 in both directions. */
  domain?: Domain;
  /** How many places are asked in each direction, from 2 to 200. Default: 49. */
  resolution?: number;
  /** The points of the two classes, 0 first. Default: none. */
  points?: readonly PointGroup[];
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the first axis. Default: “x₁”. */
  xLabel?: string;
  /** The name of the second axis. Default: “x₂”. */
  yLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels; title, axis labels and legend come on top. Default: 300. */
  height?: number;
}

/** From class 0 to class 1, pale, so that points in the classes' own dark colours are seen everywhere upon it. */
const ground: [number, string][] = [
  [0, '#9CC3E4'],
  [0.5, '#F7F7F7'],
  [1, '#F5BE8F'],
];
const classColors = ['#08407A', '#8A3500'];

/**
 * What a classifier of two classes says where: the ground is blue where it gives class 1 a probability of 0, orange where it gives 1, and
 * the line between is where it gives ½. `predict` gets all places at once, float64 of shape [n, 2], and gives n probabilities.
 *
 * @example
 * regions((places) => places.sum(1).sigmoid(), { points: [{ name: 'no', points: [[-1, -1]] }] })
 * @throws {PlotError} if `predict` does not give one number from 0 to 1 for each place, or there are more than two groups of points.
 */
export function regions(predict: (places: Tensor) => NumberList, options: RegionsOptions = {}): Figure {
  const { domain = { x: [-1, 1], y: [-1, 1] }, resolution = 49, points = [], title, height = 300 } = options;
  const { xLabel = 'x₁', yLabel = 'x₂' } = options;
  if (!Number.isInteger(resolution) || resolution < 2 || resolution > 200)
    throw new PlotError(`regions: resolution must be a whole number from 2 to 200, got ${resolution}`);
  if (points.length > 2) throw new PlotError(`regions: there are two classes, got ${points.length} groups of points`);
  const x = spread(checkRange(domain.x, 'regions: domain.x'), resolution);
  const y = spread(checkRange(domain.y, 'regions: domain.y'), resolution);
  const places = y.flatMap((v) => x.map((u) => [u, v]));
  const said = toNumbers(predict(tensor(places, { dtype: 'float64' })), 'regions: predict');
  if (said.length !== places.length)
    throw new PlotError(`regions: predict must give ${places.length} numbers, one for each place, got ${said.length}`);
  const odd = said.find((one) => !(one >= 0 && one <= 1));
  if (odd !== undefined) throw new PlotError(`regions: predict must give probabilities from 0 to 1, got ${odd}`);
  const z = y.map((_, i) => said.slice(i * resolution, (i + 1) * resolution));
  const border = isolines(toHeights({ x, y, z }, domain, resolution, 'regions'), 0.5);
  const packed = (at: readonly (readonly [number, number] | null)[]) => ({
    x: compact(
      at.map((one) => one?.[0] ?? null),
      x.at(-1)! - x[0]!,
    ),
    y: compact(
      at.map((one) => one?.[1] ?? null),
      y.at(-1)! - y[0]!,
    ),
  });
  const data: PlotlyTrace[] = [
    {
      type: 'heatmap',
      name: 'class 1',
      x: compact(x, 0),
      y: compact(y, 0),
      // A byte for each place, in half per cent.
      z: {
        dtype: 'u1',
        bdata: base64(said.map((one) => Math.round(200 * one))),
        shape: `${resolution}, ${resolution}`,
      },
      zmin: 0,
      zmax: 200,
      zsmooth: 'best',
      colorscale: ground,
      showscale: false,
      hoverinfo: 'skip',
    },
    {
      type: 'scatter',
      mode: 'lines',
      name: 'border',
      ...packed(border.length ? border.flatMap((line) => [...line, null]).slice(0, -1) : [null]),
      line: { color: ink, width: 2 },
      hoverinfo: 'skip',
      showlegend: false,
    },
    ...points.map((group, i) => ({
      type: 'scatter',
      mode: 'markers',
      name: group.name,
      ...packed(toPath(group.points, `regions: points “${group.name}”`)),
      marker: {
        color: classColors[i],
        size: 6,
        symbol: symbols[i],
        line: { color: '#FFFFFF', width: 0.8 },
      },
      hovertemplate: `${xLabel} %{x}<br>${yLabel} %{y}<extra>${group.name}</extra>`,
      showlegend: true,
    })),
  ];
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), width: options.width, plotHeight: height, axes: true }),
    xaxis: { ...axis(xLabel, [x[0]!, x.at(-1)!]), constrain: 'domain' },
    yaxis: { ...axis(yLabel, [y[0]!, y.at(-1)!]), constrain: 'domain', scaleanchor: 'x', scaleratio: 1 },
  };
  const share = said.filter((one) => one > 0.5).length / said.length;
  const description = [
    `Regions${title ? `: ${title}` : ''}.`,
    `${xLabel} from ${between([x[0]!, x.at(-1)!])}, ${yLabel} from ${between([y[0]!, y.at(-1)!])};`,
    `class 1 has ${formatNumber(100 * share, 2)} % of the places, its border ${border.length} ${border.length === 1 ? 'line' : 'lines'}.`,
    ...points.map((group) => `“${group.name}”: ${toPath(group.points, 'regions').length} points.`),
  ].join(' ');
  return new Figure({ data, layout, description });
}
