/** Common parts of surfaces and contours: paths and marks over heights, and descriptions of positions. */
import { formatNumber } from '../../display';
import { compact, type Heights, type Point, type Points } from './input';

/** A path drawn on a surface or over contours, such as the steps of gradient descent. */
export interface Path {
  /** The points in order: `[[w1, w2], …]` or an N×2 tensor. The heights come from the function. */
  points: Points;
  /** Its name in the legend. Default: “path”. */
  name?: string;
  /** Its colour, if it should be the same in several figures. Default: the next of those for paths. */
  color?: string | undefined;
}

/** A single marked point. */
export interface Mark {
  at: Point;
  /** Its name in the legend. Default: “mark”. */
  name?: string;
  /**
   * Its shape in two dimensions; a filled circle with an outline looks draggable. Default: a star, then other shapes.
   */
  shape?: 'star' | 'x' | 'square' | 'diamond' | 'ball';
}

/** The names of the two axes and of the height. */
export type Labels = readonly [x: string, y: string, z: string];

/** The rounded x and y of points; null leaves a gap. */
export function coordinates(
  places: readonly (readonly [number, number] | null)[],
  { box }: Heights,
): { x: (number | null)[]; y: (number | null)[] } {
  const part = (side: 0 | 1, [low, high]: [number, number]) =>
    compact(
      places.map((at) => at?.[side] ?? null),
      high - low,
    );
  return { x: part(0, box.x), y: part(1, box.y) };
}

/** Whether a point is in the drawn domain, widened by `margin` times its size on each side. */
export function isInside([x, y]: readonly [number, number], { box }: Heights, margin = 0): boolean {
  const holds = (value: number, [low, high]: [number, number]) =>
    value >= low - margin * (high - low) && value <= high + margin * (high - low);
  return holds(x, box.x) && holds(y, box.y);
}

/** The hover text of a point; `z` is the attribute with the height. */
export function hoverText([x, y, height]: Labels, z = 'z'): string {
  return `${x} %{x}<br>${y} %{y}<br>${height} %{${z}}<extra></extra>`;
}

/** “-10 to 10”. */
export function between([low, high]: readonly [number, number]): string {
  return `${formatNumber(low)} to ${formatNumber(high)}`;
}

/** “(1, 2)”. */
export function place([x, y]: readonly [number, number]): string {
  return `(${formatNumber(x)}, ${formatNumber(y)})`;
}

/** The description of the heights. */
export function describeHeights({ box, low, high, lowAt, highAt }: Heights, [x, y, z]: Labels): string {
  return (
    `${x} runs from ${between(box.x)}, ${y} from ${between(box.y)}. ` +
    `${z} is lowest at ${lowAt} with ${formatNumber(low)} and highest at ${highAt} with ${formatNumber(high)}`
  );
}
