import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Pair } from '../classic';
import { type Ground, namedGrounds } from '../plot/descent-path';
import type { Domain } from '../plot/input';

/** The definition of a loss of two weights, for {@link landscape}. */
export interface LandscapeDefinition {
  /** Its name in figures. */
  name: string;
  /** The loss, 0 at its minima. */
  height(x: number, y: number): number;
  /** The slopes (∂f/∂x, ∂f/∂y). */
  gradient(x: number, y: number): Pair;
  /** Its minima. Default: none known. */
  minima?: readonly Readonly<Pair>[];
  /** Its domain in figures. Default: -5 to 5 in both directions. */
  domain?: Domain;
  /** The start of a race. Default: the first of `starts`. */
  start?: Readonly<Pair>;
  /** The starts of eight races. Default: a circle around the middle of the domain, half as wide as that. */
  starts?: readonly Readonly<Pair>[];
}

/** A loss of two weights with its gradient, which can be rotated. */
export interface Landscape extends Required<LandscapeDefinition> {
  /** The rotation of the map in degrees, clockwise. */
  readonly angle: number;
  /** The map before it was rotated. */
  readonly upright: Landscape;
  /**
   * The map rotated further by these degrees, clockwise, around its first minimum (or the middle of the domain), with
   * its starts.
   */
  rotated(degrees: number): Landscape;
  /** Maps a point of this map to the upright one. */
  toUpright(x: number, y: number): Pair;
}

const twoPi = 2 * Math.PI;

/** Eight points on an ellipse, none of them on its axes. */
const ring = ([x, y]: Readonly<Pair>, across: number, up = across): Pair[] =>
  Array.from({ length: 8 }, (_, k) => {
    const angle = (twoPi * (k + 0.5)) / 8;
    return [x + across * Math.cos(angle), y + up * Math.sin(angle)];
  });

const middle = ([low, high]: readonly [number, number]) => (low + high) / 2;

/**
 * Makes a landscape from its height and gradient: `races.landscape({ name: 'bowl', height: (x, y) => x * x + y * y,
 * gradient: (x, y) => [2 * x, 2 * y], minima: [[0, 0]] })`.
 * @throws {ValueError} if the height or the gradient is not a function.
 */
export function landscape(definition: LandscapeDefinition): Landscape {
  const { name, height, gradient, minima = [], domain = { x: [-5, 5], y: [-5, 5] } } = definition;
  for (const [what, f] of Object.entries({ height, gradient })) {
    if (typeof f !== 'function')
      throw new ValueError(`landscape: ${what} must be a function of x and y, got ${describe(f)}`);
  }
  const [x, y] = [domain.x, domain.y];
  const starts = definition.starts ?? ring([middle(x), middle(y)], (x[1] - x[0]) / 4, (y[1] - y[0]) / 4);
  const start = definition.start ?? starts[0]!;
  const upright: Landscape = {
    ...{ name, height, gradient, minima, domain, start, starts, angle: 0 },
    upright: undefined as unknown as Landscape,
    rotated: (degrees) => turned(upright, degrees),
    toUpright: (u, v) => [u, v],
  };
  return Object.assign(upright, { upright });
}

/** f(w) = f₀(c + R (w - c)), where R rotates counter-clockwise, so that a point u moves to c + Rᵀ (u - c). */
function turned(upright: Landscape, degrees: number): Landscape {
  if (!Number.isFinite(degrees)) throw new ValueError(`rotated: degrees must be a finite number, got ${degrees}`);
  const { domain, minima, start, starts } = upright;
  const [cx, cy] = minima[0] ?? [middle(domain.x), middle(domain.y)];
  const [cos, sin] = [Math.cos((degrees * twoPi) / 360), Math.sin((degrees * twoPi) / 360)];
  const back = (x: number, y: number): Pair => [
    cx + cos * (x - cx) - sin * (y - cy),
    cy + sin * (x - cx) + cos * (y - cy),
  ];
  const along = ([x, y]: Readonly<Pair>): Pair => [cos * x + sin * y, cos * y - sin * x];
  const there = ([x, y]: Readonly<Pair>): Pair => {
    const [u, v] = along([x - cx, y - cy]);
    return [cx + u, cy + v];
  };
  return {
    ...upright,
    name: degrees === 0 ? upright.name : `${upright.name}, turned by ${degrees}°`,
    height: (x, y) => upright.height(...back(x, y)),
    gradient: (x, y) => along(upright.gradient(...back(x, y))),
    minima: minima.map(there),
    start: there(start),
    starts: starts.map(there),
    angle: degrees,
    upright,
    rotated: (more) => turned(upright, degrees + more),
    toUpright: back,
  };
}

/** A box around a point with the same half-width on both axes. */
const around = ([x, y]: Readonly<Pair>, half: number): Domain => ({ x: [x - half, x + half], y: [y - half, y + half] });

/** A loss of a point as one of two numbers. */
const definitionOf = (name: string, { loss, gradient, minima }: Ground) => ({
  name,
  height: (x: number, y: number) => loss([x, y]),
  gradient: (x: number, y: number) => gradient([x, y]),
  minima,
});

/**
 * Landscapes on which optimizers are compared, with exact gradients and minima, where all of them are 0.
 *
 * @example
 * races.landscapes.bowl({ condition: 50 }).rotated(30).gradient(1, 1) // [ 0, 0 ]
 */
export const landscapes = {
  /**
   * ½ ((x - a)² + κ (y - b)²): a valley with κ times the curvature across it, rotated by `angle` degrees.
   * @throws {ValueError} if the condition κ is not above 0.
   */
  bowl({
    condition = 50,
    angle = 0,
    center = [1, 1],
  }: {
    condition?: number;
    angle?: number;
    center?: Readonly<Pair>;
  } = {}): Landscape {
    checkCondition('bowl', condition);
    const [a, b] = center;
    return landscape({
      name: 'bowl',
      height: (x, y) => ((x - a) ** 2 + condition * (y - b) ** 2) / 2,
      gradient: (x, y) => [x - a, condition * (y - b)],
      minima: [center],
      domain: around(center, 4),
      start: [a + 3, b + 1.2],
      starts: ring(center, 3),
    }).rotated(angle);
  },

  /** Rosenbrock's curved valley (1 - x)² + 100 (y - x²)², with its minimum at (1, 1). */
  rosenbrock: (): Landscape =>
    landscape({
      ...definitionOf('Rosenbrock', namedGrounds.rosenbrock),
      domain: { x: [-2, 2], y: [-1.5, 2.5] },
      starts: ring([-1, 1], 0.5),
    }),

  /**
   * Beale's function (1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)², with its minimum at (3, ½), and wide
   * plateaus.
   */
  beale: (): Landscape =>
    landscape({
      name: 'Beale',
      height: (x, y) => (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2 + (2.625 - x + x * y * y * y) ** 2,
      gradient: (x, y) => {
        const [a, b, c] = [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y];
        return [2 * (a * (y - 1) + b * (y * y - 1) + c * (y * y * y - 1)), 2 * x * (a + 2 * b * y + 3 * c * y * y)];
      },
      minima: [[3, 0.5]],
      domain: { x: [-0.5, 4.5], y: [-2.5, 2.5] },
      starts: ring([1, 1], 0.5),
    }),

  /** Himmelblau's (x² + y - 11)² + (x + y² - 7)² with four minima. */
  himmelblau: (): Landscape =>
    landscape({
      ...definitionOf('Himmelblau', namedGrounds.himmelblau),
      domain: { x: [-5, 5], y: [-5, 5] },
      start: [-0.2, -0.9],
      starts: ring([0, 0], 1),
    }),

  /** ½x² + ¼ (y² - 1)²: a saddle at 0 between two valleys, with minima at (0, ±1). All starts are near its ridge. */
  saddle: (): Landscape =>
    landscape({
      ...definitionOf('saddle', namedGrounds.saddle),
      domain: { x: [-2.2, 2.2], y: [-2.2, 2.2] },
      starts: ring([0, 0], 2).map(([x], k) => [x, k % 2 ? 1e-3 : -1e-3]),
    }),

  /**
   * log cosh 5y + x² / (4κ): a ravine whose walls become straight slopes of 5, rotated by `angle` degrees.
   * @throws {ValueError} if the condition κ is not above 0.
   */
  ravine({ condition = 50, angle = 0 }: { condition?: number; angle?: number } = {}): Landscape {
    checkCondition('ravine', condition);
    return landscape({
      name: 'ravine',
      // log cosh z = |z| + log(1 + e^(-2|z|)) - log 2, which does not overflow.
      height: (x, y) =>
        Math.abs(5 * y) + Math.log1p(Math.exp(-Math.abs(10 * y))) - Math.LN2 + (x * x) / (4 * condition),
      gradient: (x, y) => [x / (2 * condition), 5 * Math.tanh(5 * y)],
      minima: [[0, 0]],
      domain: around([0, 0], 11),
      starts: ring([0, 0], 10, 2),
    }).rotated(angle);
  },
};

function checkCondition(name: string, condition: number): void {
  if (!(condition > 0 && Number.isFinite(condition)))
    throw new ValueError(`${name}: the condition must be a number above 0, got ${condition}`);
}
