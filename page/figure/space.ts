// Projects points of a 3-D scene onto the page. Moving parts are drawn on a canvas overlay, so that the plot is not redrawn.
import type { PlotNode } from './plotly';

type Vector = number[];

/** A column-major 4 × 4 matrix times a vector. */
const times = (m: ArrayLike<number>, [x, y, z, w]: Vector): Vector =>
  [0, 1, 2, 3].map((i) => m[i]! * x! + m[i + 4]! * y! + m[i + 8]! * z! + m[i + 12]! * w!);

/** A 3-D scene with its projection. */
export interface SceneView {
  /** Its area in pixels of the figure. */
  box: { left: number; top: number; width: number; height: number };
  /** Projects a point in data units to pixels of the figure. */
  at(place: Vector): [number, number];
  /** The camera's position in data units. */
  eye: Vector;
}

/** The view of a plot's scene; undefined if it is not drawn. */
export function viewOf(node: PlotNode, name: string): SceneView | undefined {
  const layout = node._fullLayout?.[name];
  const scene = layout?._scene;
  if (!scene?.glplot) return undefined;
  const { cameraParams: camera } = scene.glplot;
  const { _size: size } = node._fullLayout!;
  const { domain, camera: stands, aspectratio } = layout;
  const box = {
    left: size.l + size.w * domain.x[0],
    top: size.t + size.h * (1 - domain.y[1]),
    width: size.w * (domain.x[1] - domain.x[0]),
    height: size.h * (domain.y[1] - domain.y[0]),
  };
  const axes = ['x', 'y', 'z'].map((axis) => ({
    range: layout[`${axis}axis`].range as [number, number],
    long: aspectratio[axis] as number,
    eye: stands.eye[axis] as number,
  }));
  return {
    box,
    at(place) {
      const data = [...place.map((value, i) => value * scene.dataScale[i]), 1];
      const [x, y, , w] = times(camera.projection, times(camera.view, times(camera.model, data)));
      return [box.left + box.width * (0.5 + (0.5 * x!) / w!), box.top + box.height * (0.5 - (0.5 * y!) / w!)];
    },
    eye: axes.map(({ range: [low, high], long, eye }) => (low + high) / 2 + (eye / long) * (high - low)),
  };
}

/** A surface: its height, undefined outside its domain, and the z range of its scene. */
export interface Sheet {
  heightAt(x: number, y: number): number | undefined;
  bottom: number;
  top: number;
}

/**
 * Whether the surface hides one of its points from the eye. Parts above the scene's top are cut off and hide no point.
 */
export function isHidden({ heightAt, bottom, top }: Sheet, place: Vector, eye: Vector): boolean {
  const above = 0.02 * Math.abs(top - bottom);
  for (let share = 0.02; share < 1; share += 0.02) {
    const [x, y, z] = place.map((value, i) => value + share * (eye[i]! - value));
    const height = heightAt(x!, y!);
    if (height === undefined) return false;
    if (height > z! + above && height <= top) return true;
  }
  return false;
}

/** What to do after each render of a scene. */
const afterRender = new WeakMap<object, () => void>();

/** Calls `act` after each render of a scene, also when a reader rotates it. The last callback replaces those before it. */
export function whenRendered(node: PlotNode, name: string, act: () => void): void {
  const glplot = node._fullLayout?.[name]?._scene?.glplot;
  if (!glplot) return;
  const isNew = !afterRender.has(glplot);
  afterRender.set(glplot, act);
  if (!isNew) return;
  const { onrender } = glplot;
  glplot.onrender = () => {
    onrender?.();
    afterRender.get(glplot)!();
  };
}

/** The cleared context of a canvas, resized to the plot, in the plot's pixels; undefined if the plot is not drawn. */
export function clearedPen(node: PlotNode, canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const [width, height] = [node.offsetWidth, node.offsetHeight];
  if (!node._fullLayout || width === 0) return undefined;
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) {
    Object.assign(canvas, { width: wide, height: high });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const pen = canvas.getContext('2d')!;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}
