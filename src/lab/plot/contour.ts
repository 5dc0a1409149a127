import { formatNumber, roundTo } from '../../display';
import { PlotError } from '../../errors';
import { arrowMark, shafts } from './arrows';
import { Figure, hasOwnColour, type PlotlyLayout, type PlotlyTrace } from './figure';
import {
  compact,
  type Domain,
  extent,
  type Height,
  type HeightGrid,
  type Heights,
  type Point,
  thinned,
  toHeights,
  toPath,
  toPoint,
} from './input';
import { isolines } from './isolines';
import { chooseLevels, levelPosition } from './levels';
import { mark } from './marks';
import {
  between,
  coordinates,
  describeHeights,
  hoverText,
  isInside,
  type Labels,
  type Mark,
  type Path,
  place,
} from './overlay';
import {
  axis,
  baseLayout,
  colorBar,
  greyScale,
  ink,
  legendNames,
  paleGroundScale,
  paleScale,
  pathColors,
  printed,
  symbols,
} from './theme';

/** An arrow that shows a direction, such as a gradient. */
export interface Arrow {
  /** Its start. */
  at: Point;
  /** Its direction, as a vector of any length. A zero vector is not drawn. */
  along: Point;
}

/** The maximum number of shaded points in each direction. */
const mostShades = 61;

const scales = { blue: paleScale, grey: greyScale, ground: paleGroundScale };

/** Options of {@link contour}. */
export interface ContourOptions {
  /** The domain of a function. Default: -10 to 10 in both directions. Ignored for a grid, which has its own. */
  domain?: Domain;
  /** The number of points of a function in each direction, from 2 to 500. Default: 81. */
  resolution?: number;
  /** The heights with a line, ascending, or about how many round heights to choose. Default: about 12. */
  levels?: number | readonly number[];
  /**
   * The spacing of chosen levels: even (`'linear'`), or by ratios (`'log'`: 1, 2, 5, 10, … over the top four decades),
   * which shows the bottom of a steep valley. Default: `'linear'`.
   */
  spacing?: 'linear' | 'log';
  /** Heights with heavy lines, such as the one that the text mentions. Default: none. */
  heavy?: readonly number[];
  /** Paths drawn over the lines, such as the steps of gradient descent. Default: none. */
  paths?: readonly Path[];
  /** Filled areas under the paths: the corners in order, of which the last is joined to the first. Default: none. */
  regions?: readonly Path[];
  /** Faint dotted lines between two points, such as from a start to the minimum. Default: none. */
  rays?: readonly (readonly [from: Point, to: Point])[];
  /** The name of the rays, for the legend. Default: “ray”. */
  rayName?: string;
  /** Arrows, all of one length. Default: none. */
  arrows?: readonly Arrow[];
  /** The name of the arrows, for the legend. Default: “direction”. */
  arrowName?: string;
  /** The colour of the arrows. Default: nearly black. */
  arrowColor?: string;
  /** Length of the arrows as a fraction of the shorter side of the domain. Default: 0.12. */
  arrowLength?: number;
  /** Marked positions. Default: none. */
  marks?: readonly Mark[];
  /**
   * The colours of the ground: shades of blue, the darkest on top; grey, if the paths' colours matter; or those of
   * {@link descent}, the darkest at the bottom. Default: `'blue'`.
   */
  colors?: 'blue' | 'grey' | 'ground';
  /** Whether a unit is equally long on both axes, so that a right angle looks right. Default: true. */
  equalAspect?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the first axis. Default: none. */
  xLabel?: string;
  /** The name of the second axis. Default: none. */
  yLabel?: string;
  /** The name of the height and of the colour bar. Default: none. */
  zLabel?: string;
  /** Width of the figure in pixels. Default: as equal axes need; without `equalAspect`, the width of the page. */
  width?: number;
  /** Height of the drawing in pixels; title, axis labels and legend come on top. Default: 420. */
  height?: number;
}

/**
 * Lines of equal height of z = f(x, y), seen from above, with paths, arrows and marked places.
 *
 * The first argument is a function of two numbers, computed on an even grid, or a grid `{ x, y, z }` with one row of z
 * for each y. Coordinates are rounded to four significant digits. Paths that leave the picture are cut there.
 * @example
 * plot.contour((x, y) => x * x + 4 * y * y, { xLabel: 'w₁', yLabel: 'w₂', zLabel: 'loss', marks: [{ at: [0, 0], name: 'lowest' }] })
 * @throws {PlotError} if sizes differ, nothing is finite, or the levels do not rise.
 */
export function contour(source: Height | HeightGrid, options: ContourOptions = {}): Figure {
  const { domain = { x: [-10, 10], y: [-10, 10] }, resolution = 81, equalAspect = true, height = 420 } = options;
  const { xLabel, yLabel, zLabel, title, paths = [], marks = [], arrows = [], rays = [], regions = [] } = options;
  const heights = toHeights(source, domain, resolution, 'contour');
  const { box, low, high } = heights;
  const levels = chooseLevels(options.levels ?? 12, options.spacing ?? 'linear', low, high);
  const sides = [box.x[1] - box.x[0], box.y[1] - box.y[0]] as const;
  const labels: Labels = [xLabel ?? 'x', yLabel ?? 'y', zLabel ?? 'height'];
  const { colors = 'blue' } = options;
  // Shades change slowly and need fewer points: only the lines use the fine grid.
  const shaded = thinned(heights, mostShades);
  const areas = regions.map((region, i) => drawRegion(region, i, heights));
  const drawn = paths.map((path, i) => drawPath(path, i, heights, labels));
  const arrowLength = (options.arrowLength ?? 0.12) * Math.min(...sides);
  const look = { name: options.arrowName ?? 'direction', color: options.arrowColor ?? ink, length: arrowLength };
  const pointers = drawArrows(arrows, look, heights);
  const spots = marks.map((one, i) => drawMark(one, i, heights, labels));
  const data = [
    ground(shaded, levels, labels, zLabel, scales[colors]),
    levelLines(heights, levels, labels, { color: colors === 'grey' ? '#8F8F8F' : '#5B84A8', width: 1 }),
    ...(options.heavy?.length ? [levelLines(heights, options.heavy, labels, { color: ink, width: 2 })] : []),
    ...areas.map((area) => area.trace),
    ...(rays.length ? [drawRays(rays, options.rayName ?? 'ray', heights)] : []),
    ...drawn.map((path) => path.trace),
    ...(arrows.length ? [pointers] : []),
    ...spots.map((spot) => spot.trace),
  ];
  const ratio = sides[0] / sides[1];
  const natural = Math.round(Math.min(800, Math.max(240, height * ratio))) + 170;
  const width = options.width ?? (equalAspect ? natural : undefined);
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), width, plotHeight: height, axes: true, colorBar: true }),
    xaxis: { ...axis(xLabel, box.x), ...(equalAspect && { constrain: 'domain' }) },
    yaxis: { ...axis(yLabel, box.y), ...(equalAspect && { constrain: 'domain', scaleanchor: 'x', scaleratio: 1 }) },
  };
  const description = [
    `Contour lines${title ? `: ${title}` : ''}.`,
    `${describeHeights(heights, labels)};`,
    `lines at ${levels.map((level) => formatNumber(level)).join(', ')}.`,
    ...areas.map((area) => area.description),
    ...drawn.map((path) => path.description),
    ...(arrows.length ? [`${arrows.length} arrows (${options.arrowName ?? 'direction'}).`] : []),
    ...spots.map((spot) => spot.description),
  ].join(' ');
  return new Figure({ data, layout, description });
}

/**
 * The ground in shades. Instead of heights, plotly gets their positions among the levels (0 at the first, 1 at the
 * second), so that uneven levels are distinguishable; colour bar and hover text show the heights.
 */
function ground(
  heights: Heights,
  levels: number[],
  labels: Labels,
  zLabel: string | undefined,
  scale: [number, string][],
) {
  const top = levels.length - 1;
  const positions = heights.z.map((row) => row.map((z) => (z === null ? null : levelPosition(z, levels))));
  const every = Math.ceil(levels.length / 13);
  const ticks = levels.map((_, i) => i).filter((i) => i % every === 0);
  return {
    type: 'contour',
    name: labels[2],
    x: compact(heights.x, heights.box.x[1] - heights.box.x[0]),
    y: compact(heights.y, heights.box.y[1] - heights.box.y[0]),
    z: positions.map((row) => row.map((position) => (position === null ? null : Math.round(position * 100) / 100 + 0))),
    text: heights.z.map((row) => row.map((z) => (z === null ? null : roundTo(z, 3)))),
    zmin: -1,
    zmax: top + 1,
    autocontour: false,
    contours: { start: -1, end: top + 1, size: 1, coloring: 'heatmap' },
    line: { width: 0 },
    colorscale: scale,
    colorbar: {
      ...colorBar(zLabel),
      tickvals: ticks,
      ticktext: ticks.map((i) => printed(levels[i]!)),
    },
    hovertemplate: hoverText(labels, 'text'),
    showlegend: false,
  } satisfies PlotlyTrace;
}

/** All lines of equal height as one trace, gaps between them. */
function levelLines(
  heights: Heights,
  levels: readonly number[],
  labels: Labels,
  line: { color: string; width: number },
): PlotlyTrace {
  const lines = levels.flatMap((level) => isolines(heights, level));
  const places = lines.flatMap((line) => [...line, null]).slice(0, -1);
  return mark({
    name: `lines of equal ${labels[2]}`,
    ...coordinates(places, heights),
    line,
  });
}

function drawRegion(region: Path, index: number, heights: Heights) {
  const { name = 'region' } = region;
  const corners = toPath(region.points, `contour: region “${name}”`);
  if (!corners.flat().every(Number.isFinite))
    throw new PlotError(`contour: region “${name}” has a corner that is not finite`);
  // From the end of the paths' colours, so that a region and a path differ.
  const color = region.color ?? pathColors[pathColors.length - 1 - (index % pathColors.length)]!;
  const trace: PlotlyTrace = mark({
    name,
    ...coordinates([...corners, corners[0]!], heights),
    fill: 'toself',
    fillcolor: `${color}55`,
    line: { color, width: 1.6 },
    legend: true,
  });
  const sides = (side: 0 | 1) => between(extent(corners.map((corner) => corner[side])));
  return { trace, description: `Region “${name}”: ${corners.length} corners, x from ${sides(0)}, y from ${sides(1)}.` };
}

function drawPath(path: Path, index: number, heights: Heights, labels: Labels) {
  const { name = 'path' } = path;
  const all = toPath(path.points, `contour: path “${name}”`);
  const points = cut(all, heights);
  const color = path.color ?? pathColors[index % pathColors.length]!;
  const trace: PlotlyTrace = mark({
    ...(path.color && { [hasOwnColour]: true }),
    name,
    ...coordinates(points, heights),
    customdata: compact(
      points.map((point) => heights.at(...point)),
      0,
    ),
    line: { color, width: 2 },
    marker: { color, size: points.length > 60 ? 4 : 6, symbol: symbols[index % symbols.length] },
    hover: `step %{pointNumber}<br>${hoverText(labels, 'customdata')}`,
    legend: true,
  });
  const last = points.at(-1)!;
  const lost = points.length < all.length || !isInside(last, heights);
  const description =
    `Path “${name}” has ${all.length} points, from ${place(all[0]!)} to ` +
    (lost ? `outside the picture, which it leaves by step ${points.length - 1}.` : `${place(last)}.`);
  return { trace, description };
}

/**
 * The path up to the point where it is lost: more than two widths outside the picture, or not finite. Its last line is
 * shortened to end there, because a drawing cannot hold a coordinate such as 1e18.
 */
function cut(points: [number, number][], heights: Heights): [number, number][] {
  const { box } = heights;
  const lost = points.findIndex((point) => !isInside(point, heights, 2));
  if (lost < 0) return points;
  const kept = points.slice(0, lost);
  const [from, to] = [kept.at(-1), points[lost]!];
  if (!from || !to.every(Number.isFinite)) return kept;
  const step = [to[0] - from[0], to[1] - from[1]] as const;
  const reach = 2 * Math.max(box.x[1] - box.x[0], box.y[1] - box.y[0]);
  const share = Math.min(1, reach / Math.hypot(...step));
  return [...kept, [from[0] + step[0] * share, from[1] + step[1] * share]];
}

function drawRays(rays: NonNullable<ContourOptions['rays']>, name: string, heights: Heights): PlotlyTrace {
  const ends = rays.flatMap(([from, to], i): ([number, number] | null)[] => [
    toPoint(from, `contour: ray ${i}: from`),
    toPoint(to, `contour: ray ${i}: to`),
    null,
  ]);
  return mark({
    name,
    ...coordinates(ends, heights),
    line: { color: ink, width: 1.4, dash: 'dot' },
    opacity: 0.6,
    legend: true,
  });
}

function drawArrows(
  arrows: readonly Arrow[],
  { name, color, length }: { name: string; color: string; length: number },
  heights: Heights,
): PlotlyTrace {
  if (!(length > 0)) throw new PlotError(`contour: arrowLength must be above 0, got ${length}`);
  const ends = arrows.map((arrow, i): [[number, number], [number, number]] => {
    const at = toPoint(arrow.at, `contour: arrow ${i}: at`);
    const along = toPoint(arrow.along, `contour: arrow ${i}: along`);
    const size = Math.hypot(...along);
    const scale = size > 0 ? length / size : 0;
    return [at, [at[0] + along[0] * scale, at[1] + along[1] * scale]];
  });
  const points = { name, ...coordinates(shafts(ends), heights), legend: true };
  return arrowMark({ color, width: 2, tail: 5, head: 13 }, points);
}

function drawMark(one: Mark, index: number, heights: Heights, labels: Labels) {
  const { name = 'mark', shape = (['star', 'x', 'square', 'diamond'] as const)[index % 4]! } = one;
  const at = toPoint(one.at, `contour: mark “${name}”`);
  const trace: PlotlyTrace = mark({
    name,
    ...coordinates([at], heights),
    customdata: compact([heights.at(...at)], 0),
    marker:
      shape === 'ball'
        ? { color: '#FFFFFF', size: 14, symbol: 'circle', line: { color: ink, width: 3 } }
        : { color: ink, size: 11, symbol: shape, line: { color: '#FFFFFF', width: 1 } },
    hover: hoverText(labels, 'customdata'),
    legend: true,
  });
  return { trace, description: `Marked: ${name} at ${place(at)}.` };
}
