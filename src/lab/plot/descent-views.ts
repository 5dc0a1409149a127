/** Common parts of figures with a surface beside its map: `descent` and `liveRace`. */
import { describe } from '../../describe';
import { PlotError } from '../../errors';
import {
  cameraOf,
  type DescentLoss,
  type DescentParts,
  type Ground,
  isInBox,
  namedGrounds,
  type Place,
  rangesOf,
} from './descent-path';
import type { PlotlyLayout, PlotlyTrace } from './figure';
import { inBytes } from './race-parts';
import { axis, baseLayout, groundScale } from './theme';

/** The visible part of a loss. */
export type View = Pick<DescentParts, 'domain' | 'domain2' | 'top' | 'camera'>;

/** Heights of the views in pixels, side by side and stacked. */
const viewHeight = 356;
const stackedHeights = [320, 330] as const;
/** Below this width in pixels the views are stacked. */
export const stackedBelow = 600;
export const titleHeight = 38;

/** @throws {PlotError} if the loss is unknown, or does not have a target for each row */
export function checkLoss(who: string, loss: DescentLoss): void {
  if (typeof loss === 'string') {
    if (!(loss in namedGrounds))
      throw new PlotError(
        `${who}: loss must be { rows, targets } or one of ${Object.keys(namedGrounds).join(', ')}, got ${describe(loss)}`,
      );
  } else if (loss.rows.length === 0 || loss.rows.length !== loss.targets.length)
    throw new PlotError(
      `${who}: there must be a target for each row, got ${loss.rows.length} rows and ${loss.targets.length} targets`,
    );
}

/** @throws {PlotError} if the domain is empty, the start is outside the picture, or an angle is out of range */
export function checkView(who: string, ground: Ground, view: View, start: Place): void {
  const fail = (what: string): never => {
    throw new PlotError(`${who}: ${what}`);
  };
  const {
    domain,
    top,
    camera: { elev, azim },
  } = view;
  for (const [low, high] of rangesOf(view))
    if (!(low < high)) fail(`domain must go from a smaller to a larger number, got ${low} to ${high}`);
  if (!(top > 0)) fail(`top must be above 0, got ${top}`);
  if (!isInBox(ground, view, start))
    fail(`start (${start.join(', ')}) must lie in the picture, from ${domain.join(' to ')} and below ${top}`);
  if (!(elev >= 0 && elev <= 90)) fail(`elev must be from 0 to 90 degrees, got ${elev}`);
  if (!(Math.abs(azim) <= 180)) fail(`azim must be from -180 to 180 degrees, got ${azim}`);
}

/** The layout of a surface beside its map, stacked if the figure is narrow. */
export function viewsLayout(title: string, { domain, top, camera }: View): PlotlyLayout {
  const base = baseLayout({ title, legend: [], plotHeight: viewHeight, axes: false });
  const margin = { l: 12, r: 12, t: titleHeight, b: 4 };
  const [above, below] = stackedHeights;
  const stacked = above + below;
  const space = { x: [0, 0.56], y: [0, 1] };
  const from = [...domain];
  return {
    ...base,
    margin,
    height: titleHeight + viewHeight + margin.b,
    scene: {
      domain: space,
      aspectmode: 'manual',
      aspectratio: { x: 1.2, y: 1.2, z: 0.82 },
      camera: cameraOf(camera),
      xaxis: { title: { text: 'w₁' }, range: from, tickvals: ticksIn(domain) },
      yaxis: { title: { text: 'w₂' }, range: from, tickvals: ticksIn(domain) },
      zaxis: { title: { text: 'loss' }, range: [0, top], tickvals: ticksIn([0, top], 2) },
      dragmode: 'turntable',
    },
    xaxis: { ...axis('w₁', [...domain]), domain: [0.64, 1], constrain: 'domain', nticks: 6 },
    yaxis: {
      ...axis('w₂', [...domain]),
      domain: [0.12, 0.99],
      constrain: 'domain',
      constraintoward: 'top',
      scaleanchor: 'x',
      nticks: 6,
    },
    meta: {
      theme: 'page',
      narrow: {
        below: stackedBelow,
        layout: {
          height: titleHeight + stacked + margin.b,
          margin,
          scene: { domain: { x: [0, 1], y: [1 - above / stacked, 1] } },
          xaxis: { domain: [0.14, 0.97] },
          yaxis: { domain: [44 / stacked, (below - 6) / stacked] },
        },
      },
    },
  };
}

/** Round numbers inside a range, without its ends, where the labels of two axes would overlap. */
function ticksIn([low, high]: readonly [number, number], parts = 3): number[] {
  const wanted = (high - low) / parts;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [5, 2, 1].map((digit) => digit * power).find((one) => one <= wanted) ?? power;
  const first = Math.floor(low / step) + 1;
  const count = Math.ceil(high / step) - first;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

/** Grid points in each direction. */
const usual = 81;

/** Positions of a grid on which a loss is drawn, and its heights there. */
function gridOf({ loss }: Ground, view: View, resolution: number) {
  const [x, y] = rangesOf(view).map(([low, high]) =>
    Array.from({ length: resolution }, (_, i) => low + ((high - low) * i) / (resolution - 1)),
  ) as [number[], number[]];
  return { x, y, z: y.map((w2) => x.map((w1) => loss([w1, w2]))) };
}

const quiet = { showscale: false, showlegend: false, hoverinfo: 'skip' };

/** The surface and the map, with the same colour at the same loss, with this many points in each direction. */
export function views(ground: Ground, view: View, resolution: number = usual): PlotlyTrace[] {
  const { top } = view;
  const surface = inBytes({
    type: 'surface',
    name: 'loss',
    ...gridOf(ground, view, resolution),
    ...quiet,
    cmin: 0,
    cmax: top,
    colorscale: groundScale,
    contours: {
      z: { show: true, start: top / 60, end: top, size: top / 10, color: '#FFFFFF', width: 1, highlight: false },
      x: { highlight: false },
      y: { highlight: false },
    },
    lighting: { ambient: 0.9, diffuse: 0.2, specular: 0, fresnel: 0 },
    lightposition: { x: 20000, y: -40000, z: 100000 },
  });
  return [surface, mapOf(ground, view, groundScale, resolution)];
}

/** The map of a loss; its colours and lines follow √loss. */
export function mapOf(ground: Ground, view: View, scale: typeof groundScale, resolution: number = usual): PlotlyTrace {
  const { z, ...places } = gridOf(ground, view, resolution);
  const root = Math.sqrt(view.top);
  return inBytes({
    type: 'contour',
    name: 'map',
    ...places,
    z: z.map((row) => row.map(Math.sqrt)),
    ...quiet,
    zmin: 0,
    zmax: root,
    autocontour: false,
    contours: { coloring: 'heatmap', start: root / 16, end: root * 1.5, size: root / 8 },
    colorscale: scale.map(([share, color]) => [Math.sqrt(share), color]),
    line: { color: '#FFFFFF', width: 0.8 },
  });
}
