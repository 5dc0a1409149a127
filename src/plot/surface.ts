import { formatNumber } from '../display';
import { PlotError } from '../errors';
import { type Camera, type CameraSliders, toPlotlyCamera, withCameraSliders } from './camera';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import {
  compact,
  type Domain,
  extremes,
  type Height,
  type HeightGrid,
  type Heights,
  type Point,
  type Points,
  toHeights,
  toPath,
  toPoint,
} from './input';
import { baseLayout, colorBar, gridColor, ink, legendNames, lossScale, pathColors, symbols } from './theme';

/** A path drawn on a surface or over contours, such as the steps of gradient descent. */
export interface Path {
  /** The places in order: `[[w1, w2], …]` or an N×2 tensor. The heights come from the function. */
  points: Points;
  /** Its name in the legend. Default: “path”. */
  name?: string;
}

/** A single marked place. */
export interface Mark {
  at: Point;
  /** Its name in the legend. Default: “mark”. */
  name?: string;
}

/** Options of {@link surface}. */
export interface SurfaceOptions {
  /** Where a function is drawn. Default: -10 to 10 in both directions. Ignored for a grid, which has its own. */
  domain?: Domain;
  /** How many points a function is computed at in each direction, from 2 to 500. Default: 61. */
  resolution?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the first axis. Default: “w₁”. */
  xLabel?: string;
  /** The name of the second axis. Default: “w₂”. */
  yLabel?: string;
  /** The name of the height and of the colour bar. Default: “loss”. */
  zLabel?: string;
  /** Paths drawn on the surface; what lies outside the domain is left out. Default: none. */
  paths?: readonly Path[];
  /** Places marked on the surface. Default: none. */
  marks?: readonly Mark[];
  /** Where the camera stands, in degrees. Default: elev 30, azim -60, as in Matplotlib. */
  camera?: Camera;
  /** Two sliders below the figure that turn it; `true` offers the default angles. Default: none. */
  cameraSliders?: boolean | CameraSliders;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels; title, legend and sliders come on top. Default: 440. */
  height?: number;
}

/** Paths and marks lie these shares of the height above the surface, so that they do not sink into it. */
const lift = { line: 0.012, marker: 0.02 };

/**
 * A surface z = f(x, y) in three dimensions, with paths on it.
 *
 * The first argument is a function of two numbers, computed on an even grid, or a grid `{ x, y, z }` with one row of z
 * for each y. Coordinates are rounded to four significant digits. Heights that are not finite leave a hole.
 * Throws {@link PlotError} if sizes differ, nothing is finite, or a path lies outside the domain.
 */
export function surface(source: Height | HeightGrid, options: SurfaceOptions = {}): Figure {
  const { domain = { x: [-10, 10], y: [-10, 10] }, resolution = 61, camera = {}, cameraSliders = false } = options;
  const { xLabel = 'w₁', yLabel = 'w₂', zLabel = 'loss', title, paths = [], marks = [], height = 440 } = options;
  const heights = toHeights(source, domain, resolution, 'surface');
  const { low, high, lowAt, highAt } = extremes(heights);
  const span = high - low;
  const box = { x: ends(heights.x), y: ends(heights.y) };
  const sheet: PlotlyTrace = {
    type: 'surface',
    name: zLabel,
    x: compact(heights.x, box.x[1] - box.x[0]),
    y: compact(heights.y, box.y[1] - box.y[0]),
    z: heights.z.map((row) => compact(row, span)),
    colorscale: lossScale,
    colorbar: { ...colorBar(zLabel), len: 0.75 },
    contours: {
      z: { show: true, color: '#FFFFFF', width: 1, highlight: false },
      x: { highlight: false },
      y: { highlight: false },
    },
    lighting: { ambient: 0.95, diffuse: 0.14, specular: 0, fresnel: 0 },
    lightposition: { x: 20000, y: -40000, z: 100000 },
    hovertemplate: hoverText(xLabel, yLabel, zLabel),
    showlegend: false,
  };
  const drawn = paths.map((path, i) => drawPath(path, i, heights, span, [xLabel, yLabel, zLabel]));
  const spots = marks.map((mark, i) => drawMark(mark, i, heights, span, [xLabel, yLabel, zLabel]));
  const data = [sheet, ...drawn.flatMap((path) => path.traces), ...spots.map((spot) => spot.trace)];
  const base = baseLayout({
    title,
    legend: legendNames(data),
    width: options.width,
    plotHeight: height,
    axes: false,
    colorBar: true,
  });
  const room = span > 0 ? span : 1;
  const layout: PlotlyLayout = {
    ...base,
    scene: {
      aspectmode: 'manual',
      aspectratio: { x: 1, y: 1, z: 0.75 },
      xaxis: sceneAxis(xLabel, box.x),
      yaxis: sceneAxis(yLabel, box.y),
      zaxis: sceneAxis(zLabel, [low - 0.1 * room, high + 0.03 * room]),
      camera: toPlotlyCamera(camera),
    },
  };
  const description = [
    `Surface${title ? `: ${title}` : ''}.`,
    `${xLabel} runs from ${between(box.x)}, ${yLabel} from ${between(box.y)}, on ${heights.x.length} × ${heights.y.length} points.`,
    `${zLabel} is lowest at ${lowAt} with ${formatNumber(low)} and highest at ${highAt} with ${formatNumber(high)}.`,
    ...drawn.map((path) => path.description),
    ...spots.map((spot) => spot.description),
    ...(cameraSliders ? ['Two sliders turn it: elev and azim, in degrees.'] : []),
  ].join(' ');
  const sliders = cameraSliders === true ? {} : cameraSliders;
  return new Figure({ data, layout: sliders ? withCameraSliders(layout, camera, sliders) : layout, description });
}

function drawPath(path: Path, index: number, heights: Heights, span: number, labels: [string, string, string]) {
  const { name = 'path' } = path;
  const all = toPath(path.points, `surface: path “${name}”`);
  const inside = ([x, y]: [number, number]) => within(heights.x, x) && within(heights.y, y);
  const points = all.map((point) => (inside(point) ? point : null));
  const outside = points.filter((point) => point === null).length;
  if (outside === all.length) {
    throw new PlotError(`surface: path “${name}” lies outside the domain; it starts at (${all[0]!.join(', ')})`);
  }
  const color = pathColors[index % pathColors.length]!;
  const raised = (places: ([number, number] | null)[], share: number) =>
    placed(
      places,
      places.map((at) => (at ? heights.at(...at) + span * share : null)),
      span,
    );
  const common = { name, legendgroup: `path ${index}` };
  const line = {
    ...common,
    ...raised(
      subdivide(all).map((point) => (inside(point) ? point : null)),
      lift.line,
    ),
    type: 'scatter3d',
    mode: 'lines',
    line: { color, width: 5 },
    hoverinfo: 'skip',
    showlegend: true,
  };
  const steps = {
    ...common,
    ...raised(points, lift.marker),
    type: 'scatter3d',
    mode: 'markers',
    marker: { color, size: points.length > 60 ? 2.5 : 4, symbol: symbols[index % symbols.length] },
    hovertemplate: `step %{pointNumber}<br>${hoverText(...labels)}`,
    showlegend: false,
  };
  const told = (point: [number, number]) =>
    inside(point)
      ? `${place(point)}, height ${formatNumber(heights.at(...point))}`
      : `${place(point)}, outside the picture`;
  const description =
    `Path “${name}” has ${all.length} points, from ${told(all[0]!)}, to ${told(all.at(-1)!)}` +
    `${outside ? `; ${outside} of them lie outside the picture` : ''}.`;
  return { traces: [line, steps] as PlotlyTrace[], description };
}

function drawMark(mark: Mark, index: number, heights: Heights, span: number, labels: [string, string, string]) {
  const { name = 'mark' } = mark;
  const at = toPoint(mark.at, `surface: mark “${name}”`);
  const height = heights.at(...at);
  const trace: PlotlyTrace = {
    type: 'scatter3d',
    mode: 'markers',
    name,
    ...placed([at], [height + span * lift.marker], span),
    marker: { color: ink, size: 6, symbol: (['diamond', 'cross', 'square', 'circle'] as const)[index % 4] },
    hovertemplate: hoverText(...labels),
    showlegend: true,
  };
  return { trace, description: `Marked: ${name} at ${place(at)}, height ${formatNumber(height)}.` };
}

/** More points between the given ones (at most about 400), so that long steps follow the surface. */
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

/** Coordinates of places; null leaves a gap. */
function placed(points: (readonly [number, number] | null)[], z: (number | null)[], span: number) {
  return {
    x: compact(
      points.map((point) => point?.[0] ?? null),
      0,
    ),
    y: compact(
      points.map((point) => point?.[1] ?? null),
      0,
    ),
    z: compact(z, span),
  };
}

function sceneAxis(title: string, range: [number, number]): PlotlyLayout {
  return {
    title: { text: title },
    range,
    gridcolor: gridColor,
    backgroundcolor: '#FFFFFF',
    showbackground: true,
    zeroline: false,
    showspikes: false,
    nticks: 7,
  };
}

/** The hover text of a place with a height. */
export function hoverText(xLabel: string, yLabel: string, zLabel: string, z = 'z'): string {
  return `${xLabel} %{x}<br>${yLabel} %{y}<br>${zLabel} %{${z}}<extra></extra>`;
}

/** The first and last of rising values. */
export function ends(values: readonly number[]): [number, number] {
  return [values[0]!, values.at(-1)!];
}

/** “-10 to 10”. */
export function between([low, high]: readonly [number, number]): string {
  return `${formatNumber(low)} to ${formatNumber(high)}`;
}

/** “(1, 2)”. */
export function place([x, y]: readonly [number, number]): string {
  return `(${formatNumber(x)}, ${formatNumber(y)})`;
}

function within(values: readonly number[], value: number): boolean {
  return value >= values[0]! && value <= values.at(-1)!;
}
