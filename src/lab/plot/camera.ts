import { PlotError } from '../../errors';
import type { PlotlyLayout } from './figure';

/** The position of the camera, in Matplotlib's terms. */
export interface Camera {
  /** Height above the horizontal plane in degrees: 0 looks from the side, 90 from straight above. Default: 30. */
  elev?: number;
  /** Angle around the vertical axis in degrees: 0 looks from the end of the x axis, 90 from the y axis. Default: -60. */
  azim?: number;
}

const radians = Math.PI / 180;

/** From exactly above, "up" has no direction on the screen; a tenth of a degree less is not visible. */
const highest = 89.9;

type Vector = [x: number, y: number, z: number];

/**
 * The content that must be visible, in units of the scene: its middle is the origin, its sides have the aspect ratio.
 */
export interface SceneContent {
  /** Points of the surface. */
  surface: readonly Vector[];
  /** The lower corners of the box, below which tick labels are written; none without axes. */
  floor: readonly Vector[];
}

/** Space for tick labels and names of axes, which scale with the picture, as a fraction of its height. */
const labelRoom = 0.09;
/** Width of the picture by its height: of a column, and of a narrow page. */
const shapes = { wide: 1.5, narrow: 0.7 };
/** Below this width in pixels the camera is farther away. */
const narrowBelow = 740;
/** Plotly's vertical field of view is 45 degrees. */
const halfView = Math.tan(22.5 * radians);

/**
 * The camera as near as its angles allow: the surface and the floor stay in the picture. On narrow pages it is farther away.
 * Throws {@link PlotError} if `elev` is not between -90 and 90 or `azim` is not finite.
 */
export function withFittedCamera(
  layout: PlotlyLayout,
  { elev = 30, azim = -60 }: Camera,
  content: SceneContent,
): PlotlyLayout {
  checkAngles(elev, azim);
  const cameraFor = (shape: number) => fittedCamera({ elev, azim }, content, shape);
  const narrow = { below: narrowBelow, layout: { scene: { camera: cameraFor(shapes.narrow) } } };
  const scene = { ...(layout.scene as PlotlyLayout), camera: cameraFor(shapes.wide) };
  return { ...layout, scene, meta: { ...(layout.meta as PlotlyLayout), narrow } };
}

function fittedCamera({ elev, azim }: Required<Camera>, content: SceneContent, shape: number): PlotlyLayout {
  const labels = content.floor.length > 0 ? 2 * labelRoom : 0.05;
  const room = { top: 0.95, bottom: labels - 1, side: shape - labels };
  const direction = eyeAt(elev, azim, 1);
  let fitting = { distance: 8, target: 0 };
  let tooNear = 0.8;
  while (fitting.distance - tooNear > 1e-3) {
    const middle = (fitting.distance + tooNear) / 2;
    const target = targetAt(direction, middle, content, room);
    if (target === undefined) tooNear = middle;
    else fitting = { distance: middle, target };
  }
  return cameraAt(above(direction, fitting.distance, fitting.target), fitting.target);
}

/** The height of the camera's target at which everything fits, from that distance; undefined if there is none. */
function targetAt(
  direction: Vector,
  away: number,
  { surface, floor }: SceneContent,
  room: { top: number; bottom: number; side: number },
): number | undefined {
  const across = Math.hypot(direction[0], direction[1]);
  let target = 0;
  for (let i = 0; i < 12; i++) {
    const project = projection(above(direction, away, target), target);
    const [seen, below] = [surface.map(project), floor.map(project)];
    const all = [...seen, ...below];
    const over = Math.max(...seen.map(([, y]) => y)) - room.top;
    const under = room.bottom - Math.min(...all.map(([, y]) => y));
    const isWide = all.some(([x]) => Math.abs(x) > room.side);
    if (!(over + under <= 0) || isWide) return undefined;
    if (over <= 1e-3 && under <= 1e-3) return target;
    // A higher target and eye lower what is seen by about this much.
    target += (((over - under) / 2) * halfView * away) / Math.max(across, 0.3);
    if (Math.abs(target) > 0.5) return undefined;
  }
  return undefined;
}

/** The eye in a direction from a target on the vertical axis: eye and target move together, so that the angles stay. */
const above = ([x, y, z]: Vector, away: number, target: number): Vector => [x * away, y * away, z * away + target];

/** Projects a point of the scene on the picture, in halves of its height; the middle is (0, 0). */
function projection(eye: Vector, target: number) {
  const toTarget: Vector = [-eye[0], -eye[1], target - eye[2]];
  const length = Math.hypot(...toTarget);
  const forward = toTarget.map((part) => part / length) as Vector;
  const across = Math.hypot(forward[0], forward[1]);
  const right: Vector = [forward[1] / across, -forward[0] / across, 0];
  const up: Vector = [right[1] * forward[2], -right[0] * forward[2], across];
  return (point: Vector): [x: number, y: number] => {
    const from = point.map((part, i) => part - eye[i]!) as Vector;
    const depth = dot(from, forward) * halfView;
    // Points beside or behind the camera are not in the picture.
    return depth > 0 ? [dot(from, right) / depth, dot(from, up) / depth] : [Number.POSITIVE_INFINITY, 0];
  };
}

const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function eyeAt(elev: number, azim: number, away: number): Vector {
  const height = Math.min(highest, Math.max(-highest, elev)) * radians;
  const across = away * Math.cos(height);
  return [across * Math.cos(azim * radians), across * Math.sin(azim * radians), away * Math.sin(height)];
}

function cameraAt(eye: Vector, z: number): PlotlyLayout {
  return {
    eye: { x: round(eye[0]), y: round(eye[1]), z: round(eye[2]) },
    up: { x: 0, y: 0, z: 1 },
    center: { x: 0, y: 0, z: round(z) },
  };
}

function checkAngles(elev: number, azim: number): void {
  if (!(elev >= -90 && elev <= 90)) throw new PlotError(`camera: elev must be from -90 to 90 degrees, got ${elev}`);
  if (!Number.isFinite(azim)) throw new PlotError(`camera: azim must be a number of degrees, got ${azim}`);
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4 + 0;
}
