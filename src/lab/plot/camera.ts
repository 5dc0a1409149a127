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
const distance = 2.1;
/** Without perspective a scene is drawn smaller; this makes up for it. */
const closeUp = 1.12;
/** The share of its size that a scene with sliders has on a narrow page. */
const onNarrow = 0.83;
/** In perspective the near, lower corner comes closest to the edge of the picture; looking below the middle frees it. */
const lowered = -0.12;
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
  const height = Math.min(highest, Math.max(-highest, elev)) * radians;
  const across = distance * Math.cos(height);
  const eye: [number, number, number] = [
    across * Math.cos(azim * radians),
    across * Math.sin(azim * radians),
    distance * Math.sin(height),
  ];
  return cameraAt(eye, lowered);
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

function cameraAt(eye: [number, number, number], z: number): PlotlyLayout {
  return {
    eye: { x: round(eye[0]), y: round(eye[1]), z: round(eye[2]) },
    up: { x: 0, y: 0, z: 1 },
    center: { x: 0, y: 0, z },
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
