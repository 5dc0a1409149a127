import { expect, it } from 'vitest';
import { isolines } from '../../../src/lab/plot/isolines';

const spread = (low: number, high: number, n: number) =>
  Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
const grid = (f: (x: number, y: number) => number, x: number[], y: number[]) => ({
  x,
  y,
  z: y.map((v) => x.map((u) => f(u, v))),
  at: f,
});
/** The bowl of note 002: half the squared distance in its own stretched and turned coordinates. */
const bowl = (a: number, b: number) => (2 - a - b) ** 2 + (4 - 3 * a - b) ** 2;

it('puts every point of a line on the ellipse of the formula', () => {
  const heights = grid(bowl, spread(-10, 10, 81), spread(-10, 10, 81));
  for (const level of [1, 5, 20, 100, 400]) {
    const lines = isolines(heights, level);
    const places = lines.flat();
    expect(places.length).toBeGreaterThan(20);
    for (const [x, y] of places) expect(Math.abs(bowl(x, y) - level) / level).toBeLessThan(2e-3);
  }
});

it('follows a small ellipse all the way round, without corners', () => {
  const [line, ...others] = isolines(grid(bowl, spread(-10, 10, 41), spread(-10, 10, 41)), 5);
  expect(others).toEqual([]);
  expect(line!.at(-1)).toEqual(line![0]);
  // Each chord's middle stays near the ellipse: no corner is cut.
  line!.slice(1).forEach(([x, y], i) => {
    const [u, v] = line![i]!;
    expect(Math.abs(bowl((x + u) / 2, (y + v) / 2) - 5)).toBeLessThan(0.5);
  });
  // It turns once: its angles sum to a whole turn.
  const angles = line!.slice(1).map(([x, y], i) => Math.atan2(y - line![i]![1], x - line![i]![0]));
  const turned = angles.reduce((sum, angle, i) => {
    const change = angle - angles.at(i - 1)!;
    return sum + Math.atan2(Math.sin(change), Math.cos(change));
  }, 0);
  expect(Math.abs(turned)).toBeCloseTo(2 * Math.PI, 6);
});

it('separates the two lines of a saddle, and avoids holes', () => {
  const saddle = grid((x, y) => x * y, spread(-1.05, 1, 12), spread(-1, 1.02, 12));
  const lines = isolines(saddle, 0.1);
  expect(lines).toHaveLength(2);
  for (const [x, y] of lines.flat()) expect(x * y).toBeCloseTo(0.1, 3);
  const holed = { ...saddle, z: saddle.z.map((row) => row.map((z, j) => (j === 9 ? null : z))) };
  expect(
    isolines(holed as never, 0.1)
      .flat()
      .every(([x]) => x <= saddle.x[8]! || x >= saddle.x[10]!),
  ).toBe(true);
});

it('has a line on each side of a curve of minima, and none across it', () => {
  const valley = (a: number, b: number) => (a * b - 1) ** 2;
  const heights = grid(valley, spread(0, 4.5, 81), spread(0, 2, 81));
  for (const level of [0.02, 0.1, 0.3]) {
    const lines = isolines(heights, level);
    expect(lines).toHaveLength(2);
    const products = lines.map((line) => line.map(([a, b]) => a * b));
    // On one of them w₁w₂ = 1 + √level, on the other 1 - √level.
    products.sort((p, q) => p[0]! - q[0]!);
    for (const [i, side] of [-1, 1].entries())
      for (const product of products[i]!) expect(Math.abs(product - 1 - side * Math.sqrt(level))).toBeLessThan(5e-3);
    for (const line of lines)
      expect(Math.hypot(line[0]![0] - line.at(-1)![0], line[0]![1] - line.at(-1)![1])).toBeGreaterThan(3);
  }
});

it('finds nothing if no height equals the level', () => {
  expect(isolines(grid(bowl, spread(-1, 1, 5), spread(-1, 1, 5)), -1)).toEqual([]);
});

it.each([0.1, -0.1])('the branches of a saddle in one cell do not meet, at xy = %d', (level) => {
  const lines = isolines(
    grid((x, y) => x * y, [-1, 1], [-1, 1]),
    level,
  );
  expect(lines.length).toBe(2);
  for (const line of lines) expect(new Set(line.map(([x]) => Math.sign(x))).size).toBe(1);
});
