import { formatNumber } from '../../display';
import { PlotError } from '../../errors';
import type { PlotlyLayout } from './figure';
import { type SliderStep, withSlider } from './theme';

/** Where the camera stands, in Matplotlib's terms. */
export interface Camera {
  /** Height above the horizontal plane in degrees: 0 looks from the side, 90 from straight above. Default: 30. */
  elev?: number;
  /** Angle around the vertical axis in degrees: 0 looks from the end of the x axis, 90 from the y axis. Default: -60. */
  azim?: number;
}

/** The angles that camera sliders offer, in degrees. */
export interface CameraSliders {
  /** Default: every 5° from 0 to 80. */
  elev?: readonly number[];
  /** Default: every 15° from -180 to 180. */
  azim?: readonly number[];
}

/** Distance of the camera from the vertical axis while sliders turn it, in units of plotly's scene. */
const orbit = 1.6;
/** Distance of the camera without a scene to fit. */
const distance = 2.1;
/** In perspective the near, lower corner comes closest to the edge of the picture; looking below the middle frees it. */
const lowered = -0.12;
/** Without perspective a scene is drawn smaller; this makes up for it. */
const closeUp = 1.12;
/** The share of its size that a scene with sliders has on a narrow page. */
const onNarrow = 0.83;
const radians = Math.PI / 180;

/** Straight above, "up" would have no direction on the screen; a tenth of a degree less is not seen. */
const highest = 89.9;

/**
 * Plotly's `scene.camera` for Matplotlib's `elev` and `azim` in degrees:
 * eye = d (cos elev cos azim, cos elev sin azim, sin elev), with z pointing up.
 * Throws {@link PlotError} if `elev` is not between -90 and 90 or `azim` is not finite.
 */
export function toPlotlyCamera({ elev = 30, azim = -60 }: Camera): PlotlyLayout {
  checkAngles(elev, azim);
  return cameraAt(eyeAt(elev, azim, distance), lowered);
}

type Vector = [x: number, y: number, z: number];

/** What must be in the picture, in units of the scene: its middle is the origin, its sides are as long as its aspect ratio says. */
export interface SceneContent {
  /** Points of the surface. */
  surface: readonly Vector[];
  /** The lower corners of the box, below which tick labels are written. */
  floor: readonly Vector[];
}

/** Room for tick labels and names of axes, which scale with the picture, as a fraction of its height. */
const labelRoom = 0.09;
/** Width of the picture by its height: of a column, and of a narrow page. */
const shapes = { wide: 1.5, narrow: 0.7 };
/** Below this width in pixels the camera is farther away. */
const narrowBelow = 740;
/** Plotly's vertical field of view is 45 degrees. */
const halfView = Math.tan(22.5 * radians);

/**
 * The camera as near as its angles allow: the surface and the floor stay in the picture. On narrow pages it is farther away.
 * Throws as {@link toPlotlyCamera}.
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
  const room = { top: 0.95, bottom: 2 * labelRoom - 1, side: shape - 2 * labelRoom };
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

/** The height of the camera's target at which everything fits, from that distance; undefined where there is none. */
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
    // What is beside the camera or beyond it is not in the picture.
    return depth > 0 ? [dot(from, right) / depth, dot(from, up) / depth] : [Number.POSITIVE_INFINITY, 0];
  };
}

const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function eyeAt(elev: number, azim: number, away: number): Vector {
  const height = Math.min(highest, Math.max(-highest, elev)) * radians;
  const across = away * Math.cos(height);
  return [across * Math.cos(azim * radians), across * Math.sin(azim * radians), away * Math.sin(height)];
}

/**
 * Adds two sliders that turn the real plot, with no kernel behind them. A slider's steps are fixed in advance, so the
 * two must not need to know each other: with an orthographic projection only the direction to the camera counts, so
 * azim moves the eye on a circle (eye.x, eye.y) and elev along a vertical line (eye.z = r tan elev).
 */
export function withCameraSliders(layout: PlotlyLayout, camera: Camera, sliders: CameraSliders): PlotlyLayout {
  const { elev = 30, azim = -60 } = camera;
  checkAngles(elev, azim);
  const elevs = withStart(sliders.elev ?? steps(0, 80, 5), elev);
  const azims = withStart(sliders.azim ?? steps(-180, 180, 15), azim);
  for (const angle of elevs) {
    if (Math.abs(angle) > 85) throw new PlotError(`camera slider: elev must be from -85 to 85 degrees, got ${angle}`);
  }
  const eyeX = (angle: number) => round(orbit * Math.cos(angle * radians));
  const eyeY = (angle: number) => round(orbit * Math.sin(angle * radians));
  const eyeZ = (angle: number) => round(orbit * Math.tan(angle * radians));
  const step = (angle: number, moved: PlotlyLayout): SliderStep => ({
    label: `${formatNumber(angle)}°`,
    method: 'relayout',
    args: [moved],
  });
  const lift = elevs.map((angle) => step(angle, { 'scene.camera.eye.z': eyeZ(angle) }));
  const turn = azims.map((angle) =>
    step(angle, { 'scene.camera.eye.x': eyeX(angle), 'scene.camera.eye.y': eyeY(angle) }),
  );
  const { aspectratio, ...rest } = layout.scene as PlotlyLayout & {
    aspectratio: { x: number; y: number; z: number };
    zaxis: PlotlyLayout;
  };
  const { x, y, z } = aspectratio;
  const scene = {
    ...rest,
    aspectratio: { x: x * closeUp, y: y * closeUp, z: z * closeUp },
    // Plotly writes this title over the tick labels in an orthographic scene; the colour bar bears the name as well.
    zaxis: { ...rest.zaxis, title: { text: '' } },
    camera: { ...cameraAt([eyeX(azim), eyeY(azim), eyeZ(elev)], 0), projection: { type: 'orthographic' } },
  };
  const raised = withSlider({ ...layout, scene }, 'elev', lift, elevs.indexOf(elev));
  const turned = withSlider(raised, 'azim', turn, azims.indexOf(azim));
  return { ...turned, meta: { ...(turned.meta as PlotlyLayout), narrow: smallerBelow(scene.aspectratio) } };
}

/** A scene is as large as its picture is high: on a narrow page it is drawn smaller, that names beside its axes find room. */
function smallerBelow({ x, y, z }: { x: number; y: number; z: number }) {
  const aspectratio = { x: x * onNarrow, y: y * onNarrow, z: z * onNarrow };
  return { below: 480, layout: { scene: { aspectratio } } };
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

/** The offered angles and the one the figure starts with, in order. */
function withStart(angles: readonly number[], start: number): number[] {
  return [...new Set([...angles, start])].sort((a, b) => a - b);
}

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, i) => from + i * by);
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4 + 0;
}
