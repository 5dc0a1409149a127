/** A landscape over a line with two valleys. */
export interface TwoWells {
  /** f(x) = x⁴ - 2x² + 0.3x. */
  height(x: number): number;
  /** f′(x) = 4x³ - 4x + 0.3. */
  slope(x: number): number;
  /** f″(x) = 12x² - 4. */
  curvature(x: number): number;
  /** The minima of the valleys: the deeper one, left, and the other. */
  readonly minima: readonly [deep: number, shallow: number];
  /** The local maximum between them. */
  readonly ridge: number;
  /** The valley that contains x, by its minimum; the ridge for the ridge itself. */
  basin(x: number): number;
}

// x³ - x + 0.075 = 0 by Viète's formula for three real roots.
const angle = Math.acos((-0.075 * Math.sqrt(27)) / 2) / 3;
const root = (k: number) => (2 / Math.sqrt(3)) * Math.cos(angle - (2 * Math.PI * k) / 3);
const [shallow, ridge, deep] = [root(0), root(1), root(2)];

/**
 * Two valleys, a deeper one at the left and a shallower one at the right: the result of descent depends on the start.
 *
 * @example
 * const { slope, basin } = twoWells;
 * const { points } = classic.descend(([x]) => [slope(x)], [0.08], { lr: 0.05, steps: 400 });
 * Math.abs(points[400][0] - basin(0.08)) < 1e-9 // true
 */
export const twoWells: TwoWells = {
  height: (x) => x ** 4 - 2 * x ** 2 + 0.3 * x,
  slope: (x) => 4 * x ** 3 - 4 * x + 0.3,
  curvature: (x) => 12 * x ** 2 - 4,
  minima: [deep, shallow],
  ridge,
  basin: (x) => (x === ridge ? ridge : x < ridge ? deep : shallow),
};
