import { ValueError } from '../../../errors';

/**
 * Points around the origin between (x, y) and (radius, angle): `share` 0 keeps them, 1 is unrolled. In between the
 * plane is bent open, cut at the left, so that lengths on the circle of radius 1 are kept.
 *
 * @example
 * unroll([[2, 0]], 1) // [[2, 0]]
 * @throws {ValueError} if `share` is not from 0 to 1.
 */
export function unroll(points: readonly (readonly [number, number])[], share: number): [number, number][] {
  if (!(share >= 0 && share <= 1)) throw new ValueError(`unroll: share must be from 0 to 1, got ${share}`);
  const bend = 1 - share;
  return points.map(([x, y]) => {
    const [radius, angle] = [Math.hypot(x, y), Math.atan2(y, x)];
    if (bend < 1e-9) return [radius, angle];
    const far = 1 / bend + radius - 1;
    return [1 - 1 / bend + far * Math.cos(bend * angle), far * Math.sin(bend * angle)];
  });
}

/** A straight cut: class 1 is where `weights` · (x, y) is above `at`, or below it if `isFlipped`. */
export interface Cut {
  weights: [number, number];
  at: number;
  isFlipped: boolean;
  /** The fraction of the points that it classifies correctly. */
  share: number;
}

/**
 * The straight cut with the most correct points, over all positions in each of `directions` directions; of equals the
 * one with the widest gap.
 *
 * @example
 * bestCut([[0, 0], [1, 0]], [0, 1]) // { weights: [1, 0], at: 0.5, isFlipped: false, share: 1 }
 * @throws {ValueError} if there are no points, or not one class for each.
 */
export function bestCut(
  points: readonly (readonly [number, number])[],
  classes: readonly number[],
  directions = 180,
): Cut {
  const count = points.length;
  if (!count || classes.length !== count)
    throw new ValueError(`bestCut: expected a class for each point, got ${classes.length} for ${count}`);
  let best = { weights: [1, 0] as [number, number], at: 0, isFlipped: false, share: -1, gap: 0 };
  for (let k = 0; k < directions; k++) {
    const angle = (Math.PI * k) / directions;
    const weights: [number, number] = [Math.cos(angle), Math.sin(angle)];
    const along = points
      .map(([x, y], i) => ({ at: x * weights[0] + y * weights[1], isOne: classes[i] === 1 }))
      .sort((a, b) => a.at - b.at);
    // If the cut is before all points, all are assigned to class 1.
    let right = along.filter(({ isOne }) => isOne).length;
    for (let i = 0; i <= count; i++) {
      const [low, high] = [along[i - 1]?.at ?? along[0]!.at - 1, along[i]?.at ?? along[count - 1]!.at + 1];
      const share = Math.max(right, count - right) / count;
      const gap = high - low;
      if (share > best.share || (share === best.share && gap > best.gap + 1e-9))
        best = { weights, at: (low + high) / 2, isFlipped: right < count - right, share, gap };
      right += along[i]?.isOne ? -1 : 1;
    }
  }
  const { gap: _, ...cut } = best;
  return cut;
}
