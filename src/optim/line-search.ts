import type { Tensor } from '../tensor/tensor';

/** Value and gradient of the function at one point. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Tensor;
}

/** A place along a direction, `t` steps from the start. */
interface Point extends Evaluation {
  readonly t: number;
  /** The derivative along the direction. */
  readonly slope: number;
}

/** How much of the promised decrease must be there. */
const DECREASE = 1e-4;
/** How much of the slope at the start may be left. */
const FLATNESS = 0.9;
const MAX_STEPS = 25;

/** The size of the largest element. */
export function largest(x: Tensor): number {
  return x.abs().max().item();
}

/**
 * A step along `d` that meets the strong Wolfe conditions (Nocedal and Wright, Numerical Optimization, algorithms 3.5
 * and 3.6): steps grow until a bracket is found, which then shrinks by cubic interpolation.
 */
export function strongWolfe(
  evaluate: (t: number) => Evaluation,
  d: Tensor,
  start: Evaluation,
  firstStep: number,
  toleranceChange: number,
): Point {
  const at = (t: number): Point => {
    const { value, gradient } = evaluate(t);
    return { t, value, gradient, slope: gradient.dot(d).item() };
  };
  const origin: Point = { ...start, t: 0, slope: start.gradient.dot(d).item() };
  const tooHigh = (p: Point) => p.value > origin.value + DECREASE * p.t * origin.slope;
  const isFlat = (p: Point) => Math.abs(p.slope) <= -FLATNESS * origin.slope;

  let previous = origin;
  let current = at(firstStep);
  let steps = 0;
  for (; steps < MAX_STEPS; steps++) {
    if (tooHigh(current) || (steps > 1 && current.value >= previous.value)) break;
    if (isFlat(current)) return current;
    if (current.slope >= 0) break;
    const least = current.t + 0.01 * (current.t - previous.t);
    const next = cubicMinimum(previous, current, least, current.t * 10);
    previous = current;
    current = at(next);
  }

  const bracket = [steps === MAX_STEPS ? origin : previous, current];
  const lower = () => (bracket[0].value <= bracket[1].value ? 0 : 1);
  const width = largest(d);
  let low = lower();
  let nearEdge = false;
  for (; steps < MAX_STEPS; steps++) {
    const left = Math.min(bracket[0].t, bracket[1].t);
    const right = Math.max(bracket[0].t, bracket[1].t);
    if ((right - left) * width < toleranceChange) break;
    let t = cubicMinimum(bracket[0], bracket[1], left, right);
    const margin = 0.1 * (right - left);
    if (Math.min(right - t, t - left) >= margin) nearEdge = false;
    else if (nearEdge || t >= right || t <= left) {
      // A second time so close to an end: the bracket would hardly shrink.
      t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
      nearEdge = false;
    } else nearEdge = true;
    const p = at(t);
    if (tooHigh(p) || p.value >= bracket[low].value) {
      bracket[1 - low] = p;
      low = lower();
      continue;
    }
    const found = isFlat(p);
    if (!found && p.slope * (bracket[1 - low].t - bracket[low].t) >= 0) bracket[1 - low] = bracket[low];
    bracket[low] = p;
    if (found) break;
  }
  return bracket[low];
}

/** The minimum, within bounds, of the cubic through two points with given slopes; their midpoint if it has none. */
function cubicMinimum(a: Point, b: Point, least: number, most: number): number {
  const [p, q] = a.t <= b.t ? [a, b] : [b, a];
  const d1 = p.slope + q.slope - (3 * (p.value - q.value)) / (p.t - q.t);
  const square = d1 * d1 - p.slope * q.slope;
  // Not "square < 0": with NaN the middle is taken, too.
  if (!(square >= 0)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const t = q.t - (q.t - p.t) * ((q.slope + d2 - d1) / (q.slope - p.slope + 2 * d2));
  return Math.min(Math.max(t, least), most);
}
