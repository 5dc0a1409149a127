import { formatNumber } from '../../display';
import { PlotError } from '../../errors';
import { type Camera, type SceneContent, withFittedCamera } from './camera';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { compact, type Domain, type Height, type HeightGrid, type Heights, toHeights, toPath, toPoint } from './input';
import { mark } from './marks';
import { coordinates, describeHeights, hoverText, isInside, type Labels, type Mark, type Path, place } from './overlay';
import { baseLayout, colorBar, groundScale, ink, legendNames, lossScale, pathColors, symbols } from './theme';

/** Options of {@link surface}. */
export interface SurfaceOptions {
  /** The domain of a function. Default: -10 to 10 in both directions. Ignored for a grid, which has its own. */
  domain?: Domain;
  /** The number of points of a function in each direction, from 2 to 500. Default: 61. */
  resolution?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the first axis. Default: none. */
  xLabel?: string;
  /** The name of the second axis. Default: none. */
  yLabel?: string;
  /** The name of the height and of the colour bar. Default: none. */
  zLabel?: string;
  /** Paths drawn on the surface; points outside the domain are omitted. Default: none. */
  paths?: readonly Path[];
  /** Points marked on the surface. Default: none. */
  marks?: readonly Mark[];
  /** The camera's direction, in degrees. Default: elev 30, azim -60, as in Matplotlib. */
  camera?: Camera;
  /**
   * Its colours: shades of blue, the darkest on top, or those of {@link descent}, the darkest at the bottom. Default:
   * `'blue'`.
   */
  colors?: 'blue' | 'ground';
  /** Height of the scene by its width, which is its depth, above 0. Default: 0.8. */
  relief?: number;
  /** Whether axes with numbers are drawn. Without them the surface is larger. Default: true. */
  axes?: boolean;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels; title, legend and sliders come on top. Default: 440. */
  height?: number;
}

/** Paths and marks are these fractions of the whole height above the surface, so that they do not sink into it. */
const lift = { line: 0.012, marker: 0.02, mark: 0.05 };

/**
 * A surface z = f(x, y) in three dimensions, with paths on it.
 *
 * The first argument is a function of two numbers, computed on an even grid, or a grid `{ x, y, z }` with one row of z
 * for each y. Coordinates are rounded to four significant digits. Heights that are not finite leave a hole.
 * @example
 * plot.surface((x, y) => x * x + 4 * y * y, { xLabel: 'w₁', yLabel: 'w₂', zLabel: 'loss', camera: { elev: 45 } })
 * @throws {PlotError} if sizes differ, nothing is finite, or a path is outside the domain.
 */
export function surface(source: Height | HeightGrid, options: SurfaceOptions = {}): Figure {
  const { domain = { x: [-10, 10], y: [-10, 10] }, resolution = 61, camera = {} } = options;
  const { xLabel, yLabel, zLabel, title, paths = [], marks = [], height = 440, relief = 0.8, axes = true } = options;
  if (!(relief > 0 && Number.isFinite(relief))) throw new PlotError(`surface: relief must be above 0, got ${relief}`);
  const heights = toHeights(source, domain, resolution, 'surface');
  const { box, low, high } = heights;
  const labels: Labels = [xLabel ?? 'x', yLabel ?? 'y', zLabel ?? 'height'];
  const sheet: PlotlyTrace = {
    type: 'surface',
    name: labels[2],
    x: compact(heights.x, box.x[1] - box.x[0]),
    y: compact(heights.y, box.y[1] - box.y[0]),
    z: heights.z.map((row) => compact(row, high - low)),
    colorscale: options.colors === 'ground' ? groundScale : lossScale,
    colorbar: { ...colorBar(zLabel), len: 0.75 },
    contours: {
      z: { show: true, color: '#FFFFFF', width: 1, highlight: false },
      x: { highlight: false },
      y: { highlight: false },
    },
    lighting: { ambient: 0.95, diffuse: 0.14, specular: 0, fresnel: 0 },
    lightposition: { x: 20000, y: -40000, z: 100000 },
    hovertemplate: hoverText(labels),
    showlegend: false,
  };
  const drawn = paths.map((path, i) => drawPath(path, i, heights, labels));
  const spots = marks.map((one, i) => drawMark(one, i, heights, labels));
  const data = [sheet, ...drawn.flatMap((path) => path.traces), ...spots.map((spot) => spot.trace)];
  const base = baseLayout({
    title,
    legend: legendNames(data),
    width: options.width,
    plotHeight: height,
    axes: false,
    colorBar: true,
  });
  const room = high > low ? high - low : 1;
  const zRange: [number, number] = [low - 0.05 * room, high + 0.03 * room];
  const layout: PlotlyLayout = {
    ...base,
    scene: {
      aspectmode: 'manual',
      aspectratio: { x: 1, y: 1, z: relief },
      xaxis: sceneAxis(xLabel, box.x, axes),
      yaxis: sceneAxis(yLabel, box.y, axes),
      zaxis: sceneAxis(zLabel, zRange, axes),
    },
  };
  const description = [
    `Surface${title ? `: ${title}` : ''}.`,
    `${describeHeights(heights, labels)}, on ${heights.x.length} × ${heights.y.length} points.`,
    ...drawn.map((path) => path.description),
    ...spots.map((spot) => spot.description),
  ].join(' ');
  const seen = withFittedCamera(layout, camera, contentOf(heights, zRange, relief, axes));
  return new Figure({ data, layout: seen, description });
}

/**
 * The points that the camera must show: about 21 × 21 points of the surface, and with axes the corners of the floor.
 */
function contentOf({ x, y, z, box }: Heights, zRange: [number, number], relief: number, axes: boolean): SceneContent {
  const along = (value: number, [from, to]: readonly [number, number], long: number) =>
    long * ((value - from) / (to - from) - 0.5);
  const inScene = (at: number, to: number, up: number): [number, number, number] => [
    along(at, box.x, 1),
    along(to, box.y, 1),
    along(up, zRange, relief),
  ];
  const some = (values: readonly number[]) => {
    const every = Math.ceil(values.length / 21);
    return [...values.keys()].filter((i) => i % every === 0 || i === values.length - 1);
  };
  const surface = some(y).flatMap((i) =>
    some(x).flatMap((j) => {
      const up = z[i]![j];
      return up != null && Number.isFinite(up) ? [inScene(x[j]!, y[i]!, up)] : [];
    }),
  );
  const floor = (axes ? box.x : []).flatMap((at) => box.y.map((to) => inScene(at, to, zRange[0])));
  return { surface, floor };
}

function drawPath(path: Path, index: number, heights: Heights, labels: Labels) {
  const { name = 'path' } = path;
  const all = toPath(path.points, `surface: path “${name}”`);
  const seen = (at: [number, number]) => (isInside(at, heights) ? at : null);
  const points = all.map(seen);
  const outside = points.filter((point) => point === null).length;
  if (outside === all.length) {
    throw new PlotError(`surface: path “${name}” is outside the domain; it starts at (${all[0]!.join(', ')})`);
  }
  const color = path.color ?? pathColors[index % pathColors.length]!;
  const legendgroup = `path ${index}`;
  const line = mark({
    name,
    legendgroup,
    ...raised(subdivide(all).map(seen), heights, lift.line),
    line: { color, width: 5 },
    legend: true,
  });
  const steps = mark({
    name,
    legendgroup,
    ...raised(points, heights, lift.marker),
    marker: { color, size: points.length > 60 ? 2.5 : 4, symbol: symbols[index % symbols.length] },
    customdata: trueHeights(points, heights),
    hover: `step %{pointNumber}<br>${hoverText(labels, 'customdata')}`,
  });
  const told = (at: [number, number]) =>
    `${place(at)}, ${seen(at) ? `height ${formatNumber(heights.at(...at))}` : 'outside the picture'}`;
  const description =
    `Path “${name}” has ${all.length} points, from ${told(all[0]!)}, to ${told(all.at(-1)!)}` +
    `${outside ? `; ${outside} of them lie outside the picture` : ''}.`;
  return { traces: [line, steps], description };
}

function drawMark(one: Mark, index: number, heights: Heights, labels: Labels) {
  const { name = 'mark' } = one;
  const at = toPoint(one.at, `surface: mark “${name}”`);
  const trace = mark({
    name,
    ...raised([at], heights, lift.mark),
    marker: { color: ink, size: 6, symbol: (['diamond', 'cross', 'square', 'circle'] as const)[index % 4] },
    customdata: trueHeights([at], heights),
    hover: hoverText(labels, 'customdata'),
    legend: true,
  });
  return { trace, description: `Marked: ${name} at ${place(at)}, height ${formatNumber(heights.at(...at))}.` };
}

/** Inserts points between the given ones (at most about 400), so that long steps follow the surface. */
function subdivide(points: [number, number][]): [number, number][] {
  const pieces = Math.max(1, Math.min(20, Math.floor(400 / points.length)));
  return points.flatMap(([x, y], i) => {
    const next = points[i + 1];
    if (!next) return [[x, y] as [number, number]];
    return Array.from({ length: pieces }, (_, k): [number, number] => {
      const t = k / pieces;
      return [x + (next[0] - x) * t, y + (next[1] - y) * t];
    });
  });
}

/** Points at their heights, raised by a fraction of the whole height; null leaves a gap. */
function raised(places: ([number, number] | null)[], heights: Heights, share: number) {
  const span = heights.high - heights.low;
  const z = places.map((at) => (at ? heights.at(...at) + span * share : null));
  return { ...coordinates(places, heights), z: compact(z, span) };
}

/** The heights that hovering shows: those of the surface, not the raised ones. */
function trueHeights(places: ([number, number] | null)[], heights: Heights) {
  return compact(
    places.map((at) => (at ? heights.at(...at) : null)),
    0,
  );
}

function sceneAxis(title = '', range: [number, number], visible: boolean): PlotlyLayout {
  return visible ? { title: { text: title }, range, tickangle: 0, nticks: 7 } : { range, visible };
}
