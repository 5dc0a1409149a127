/**
 * Gradient descent on a loss of two weights, with or without momentum: loss, gradient, path, and its visible part. The library draws the static figure with it,
 * and the page recomputes it for every slider move. It must not import other files.
 */

/** A point: two weights. */
export type Place = readonly [w1: number, w2: number];

/** A loss of two weights: its value, gradient and minima. */
export interface Ground {
  loss(at: Place): number;
  /** (∂L/∂w₁, ∂L/∂w₂) */
  gradient(at: Place): [number, number];
  minima: readonly Place[];
}

/** Σ (targetᵢ − rowᵢ·w)²: the squared errors of a linear model. */
export interface SquaredErrors {
  rows: readonly Place[];
  targets: readonly number[];
}

/** The names of built-in losses. */
export type GroundName = 'rosenbrock' | 'himmelblau' | 'saddle' | 'valley';

/** The built-in losses. */
export const namedGrounds: Record<GroundName, Ground> = {
  /** (1 − x)² + 100 (y − x²)², a curved valley with its minimum at (1, 1). */
  rosenbrock: {
    loss: ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: ([x, y]) => [2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)],
    minima: [[1, 1]],
  },
  /** (x² + y − 11)² + (x + y² − 7)², with four minima. */
  himmelblau: {
    loss: ([x, y]) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    gradient: ([x, y]) => {
      const [a, b] = [x * x + y - 11, x + y * y - 7];
      return [4 * a * x + 2 * b, 2 * a + 4 * b * y];
    },
    minima: [
      [3, 2],
      [3.584428340330492, -1.8481265269644034],
      [-2.805118086952745, 3.131312518250573],
      [-3.779310253377747, -3.2831859912861696],
    ],
  },
  /** ½x² + ¼ (y² − 1)²: a saddle at 0 between the minima (0, ±1). */
  saddle: {
    loss: ([x, y]) => (x * x) / 2 + (y * y - 1) ** 2 / 4,
    gradient: ([x, y]) => [x, y * y * y - y],
    minima: [
      [0, 1],
      [0, -1],
    ],
  },
  /** ½ (x² + 50y²): a valley along x, 50 times as steep across. */
  valley: {
    loss: ([x, y]) => (x * x + 50 * y * y) / 2,
    gradient: ([x, y]) => [x, 50 * y],
    minima: [[0, 0]],
  },
};

/** A loss in a figure's JSON: squared errors, or a name. */
export type DescentLoss = SquaredErrors | GroundName;

/** The data of a descent figure, in its `layout.meta.descent`. */
export interface DescentParts {
  loss: DescentLoss;
  start: Place;
  /** The learning rate η. */
  rate: number;
  /** The number of steps. */
  steps: number;
  /** The range of w₁, and of both weights without `domain2`. */
  domain: readonly [number, number];
  /** The range of w₂, if it differs. */
  domain2?: readonly [number, number];
  /** The loss at which the surface is cut off. */
  top: number;
  /** Angles in degrees. */
  camera: { elev: number; azim: number };
  /** The smallest and the largest rate of its slider. */
  rates: readonly [number, number];
  /** Momentum β. With it the figure has no surface, but a slider for β, a wide map, and both weights over the steps. */
  beta?: number;
}

/** Where paths are drawn: the ranges of the weights, and the highest loss. */
export type Box = Pick<DescentParts, 'domain' | 'domain2' | 'top'>;

/** The ranges of w₁ and w₂. */
export const rangesOf = ({ domain, domain2 = domain }: Omit<Box, 'top'>): [typeof domain, typeof domain] => [
  domain,
  domain2,
];

/** The state shown: a rate, the number of steps made, and β in a figure with momentum. */
export interface DescentState {
  rate: number;
  step: number;
  beta?: number;
}

/** Loss, gradient and minima of a loss from its JSON. */
export function groundOf(loss: DescentLoss): Ground {
  if (typeof loss === 'string') return namedGrounds[loss];
  const { rows, targets } = loss;
  const errors = ([w1, w2]: Place) => rows.map(([a, b], i) => targets[i]! - a * w1 - b * w2);
  return {
    loss: (at) => errors(at).reduce((sum, error) => sum + error * error, 0),
    gradient(at) {
      const all = errors(at);
      const slope = (side: 0 | 1) => all.reduce((sum, error, i) => sum - 2 * error * rows[i]![side], 0);
      return [slope(0), slope(1)];
    },
    minima: lowestOf(loss),
  };
}

/** The solution of the normal equations, if there is exactly one. */
function lowestOf({ rows, targets }: SquaredErrors): Place[] {
  const sum = (term: (row: Place, target: number) => number) =>
    rows.reduce((total, row, i) => total + term(row, targets[i]!), 0);
  const [aa, ab, bb] = [sum(([a]) => a * a), sum(([a, b]) => a * b), sum(([, b]) => b * b)];
  const [at, bt] = [sum(([a], t) => a * t), sum(([, b], t) => b * t)];
  const determinant = aa * bb - ab * ab;
  return determinant > 1e-9 * aa * bb ? [[(bb * at - ab * bt) / determinant, (aa * bt - ab * at) / determinant]] : [];
}

/** Limit of a weight's magnitude: beyond it numbers would overflow. */
const farthest = 1e150;

/**
 * The start and the point after each of `steps` steps V ← βV + η ∇L(w), w ← w − V, from V = 0. Beyond 10¹⁵⁰ the last point is repeated.
 */
export function descend({ gradient }: Ground, start: Place, rate: number, steps: number, beta = 0): Place[] {
  const path: Place[] = [start];
  let [v1, v2] = [0, 0];
  for (let step = 0; step < steps; step++) {
    const at = path[step]!;
    const [g1, g2] = gradient(at);
    [v1, v2] = [beta * v1 + rate * g1, beta * v2 + rate * g2];
    const next: Place = [at[0] - v1, at[1] - v2];
    path.push(next.every((weight) => Math.abs(weight) < farthest) ? next : at);
  }
  return path;
}

/** Whether a point is inside the domain and not above the top. */
export const isInBox = ({ loss }: Ground, box: Box, at: Place): boolean =>
  rangesOf(box).every(([low, high], i) => at[i]! >= low && at[i]! <= high) && loss(at) <= box.top;

/** Interpolates between two points. */
export const between = ([a, b]: Place, [c, d]: Place, share: number): Place => [
  a + (c - a) * share,
  b + (d - b) * share,
];

/** Segments per step, so that its line follows the surface. */
const pieces = 16;

/**
 * The visible part of the first `step` steps, which may be fractional: lines with 16 points per step, clipped at the box.
 */
export function trailOf(ground: Ground, box: Box, path: readonly Place[], step: number): Place[][] {
  const lines: Place[][] = [];
  let line: Place[] | undefined;
  const put = (at: Place) => {
    if (line === undefined) {
      line = [];
      lines.push(line);
    }
    line.push(at);
  };
  const count = Math.ceil(step * pieces - 1e-9);
  let before: Place | undefined;
  let wasIn = false;
  for (let i = 0; i <= count; i++) {
    const made = Math.min(step, i / pieces);
    const from = Math.min(Math.floor(made), path.length - 1);
    const at = between(path[from]!, path[from + 1] ?? path[from]!, made - from);
    const isIn = isInBox(ground, box, at);
    if (before && isIn !== wasIn) put(edgeBetween(ground, box, isIn ? at : before, isIn ? before : at));
    if (isIn) put(at);
    else line = undefined;
    [before, wasIn] = [at, isIn];
  }
  return lines;
}

/** The point where the line from a point in the box to one outside crosses its edge, by bisection. */
function edgeBetween(ground: Ground, box: Box, inner: Place, outer: Place): Place {
  let [low, high] = [0, 1];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (isInBox(ground, box, between(inner, outer, middle))) low = middle;
    else high = middle;
  }
  return between(inner, outer, low);
}

/** Whether a path ends higher than it starts. */
export const climbs = ({ loss }: Ground, path: readonly Place[]): boolean => loss(path.at(-1)!) > loss(path[0]!);

/** Whether at least half of the first ten steps reverse the direction: the path jumps across the valley. */
function isZigzag({ gradient }: Ground, path: readonly Place[], step: number): boolean {
  const slopes = path.slice(0, Math.min(step, 10) + 1).map(gradient);
  const turns = slopes.filter(([a, b], i) => i > 0 && a * slopes[i - 1]![0] + b * slopes[i - 1]![1] < 0).length;
  return turns > 0 && turns >= (slopes.length - 1) / 2;
}

const superscript = (digits: string) => digits.replace(/[-\d]/g, (sign) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(sign)]!);

/** A loss for a title: 1,365 · 13.6 · 0.013 · 4.1 × 10⁷. */
export function lossText(value: number): string {
  if (!Number.isFinite(value)) return '∞';
  if (value >= 1e6 || (value > 0 && value < 1e-3)) {
    const [digits, power] = value.toExponential(1).split('e');
    return `${digits} × 10${superscript(power!.replace('+', ''))}`;
  }
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(value >= 1 ? 3 : 2)));
}

/** A number with at most two decimals and a typographic minus. */
export function weightText(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  if (Math.abs(value) >= 1e5) {
    const [digits, power] = value.toExponential(1).split('e');
    return `${digits!.replace('-', '−')} × 10${superscript(power!.replace('+', ''))}`;
  }
  return (Number(value.toFixed(2)) + 0).toString().replace('-', '−');
}

/** The title of a state: the question at step 0, later what the ball has done. */
export function titleOf(
  ground: Ground,
  parts: DescentParts,
  path: readonly Place[],
  { rate, step, beta }: DescentState,
): string {
  const values = beta === undefined ? `η = ${rate}` : `β = ${beta}, η = ${rate}`;
  const [first, now] = [ground.loss(path[0]!), ground.loss(path[step]!)];
  const steps = path.length - 1;
  if (step === 0)
    return `Step 0: the ball is at loss ${lossText(first)}. Where is it after ${steps} ${steps === 1 ? 'step' : 'steps'} with ${values}?`;
  const isOut = !isInBox(ground, parts, path[step]!);
  const rises = path.slice(1, step + 1).every((at, i) => !(ground.loss(at) < ground.loss(path[i]!)));
  const how =
    now > first || Number.isNaN(now)
      ? `${rises ? 'each step lands higher' : 'higher than the start'}${isOut ? ', and it has left the picture' : ''}`
      : isOut
        ? 'it has left the picture'
        : isZigzag(ground, path, step)
          ? beta !== undefined
            ? 'from wall to wall'
            : 'from wall to wall, and lower each time'
          : beta && overshoots(ground, path, step)
            ? 'it overshoots, and comes back'
            : hasSlowed(path, step)
              ? 'down the slope, then slowly along the floor'
              : 'down the slope';
  return `${values}, step ${step}: loss ${lossText(now)}; ${how}`;
}

/** Whether the last step is shorter than a tenth of the first. */
function hasSlowed(path: readonly Place[], step: number): boolean {
  const long = (i: number) => Math.hypot(path[i]![0] - path[i - 1]![0], path[i]![1] - path[i - 1]![1]);
  return step > 1 && long(step) < long(1) / 10;
}

/** Whether the loss has risen at least once. */
const overshoots = ({ loss }: Ground, path: readonly Place[], step: number): boolean =>
  path.slice(1, step + 1).some((at, i) => loss(at) > loss(path[i]!));

/**
 * The two lines of code of a step with their numbers: the gradient, and the weights before and after. With momentum: the velocity before
 * and after, and the weights.
 */
export function codeOf(
  { gradient }: Ground,
  path: readonly Place[],
  { rate, step, beta }: DescentState,
): [string, string][] {
  const at = path[step]!;
  const slopes = gradient(at);
  const before = step > 0 ? ([0, 1] as const).map((i) => path[step - 1]![i] - at[i]) : [0, 0];
  const velocity = ([0, 1] as const).map((i) => (beta ?? 0) * before[i]! + rate * slopes[i]);
  const next = path[step + 1] ?? at.map((weight, i) => weight - velocity[i]!);
  const pair = (values: readonly number[]) => `(${values.map(weightText).join(', ')})`;
  if (beta !== undefined)
    return [
      [
        `V = [${[0, 1].map((i) => `${beta} * V[${i}] + ${rate} * g[${i}]`).join(', ')}];`,
        `${pair(before)} → ${pair(velocity)}`,
      ],
      ['w = [w[0] - V[0], w[1] - V[1]];', `${pair(at)} → ${pair(next)}`],
    ];
  return [
    ['const [g1, g2] = gradient(w);', pair(slopes)],
    [`w = [w[0] - ${rate} * g1, w[1] - ${rate} * g2];`, `${pair(at)} → ${pair(next)}`],
  ];
}

/** The length of the arrow as a fraction of the domain. */
export const arrowLength = 0.2;

/** The camera's distance from its centre, in a square scene. */
export const orbit: number = 2.6;
/** The camera's centre: below and left of the box's middle, where the labels of the loss are. */
const middle = { x: -0.1, y: -0.03, z: -0.24 };

interface Spot {
  x: number;
  y: number;
  z: number;
}

/** plotly's camera for an elevation and an azimuth in degrees; `far` is the distance from its centre. */
export function cameraOf(
  { elev, azim }: DescentParts['camera'],
  far: number = orbit,
  center: Spot = middle,
): { eye: Spot; center: Spot; up: Spot } {
  const [height, turn] = [(Math.min(89.9, elev) * Math.PI) / 180, (azim * Math.PI) / 180];
  const flat = far * Math.cos(height);
  const eye = {
    x: center.x + flat * Math.cos(turn),
    y: center.y + flat * Math.sin(turn),
    z: center.z + far * Math.sin(height),
  };
  return { eye, center, up: { x: 0, y: 0, z: 1 } };
}

/** Elevation, azimuth and distance of plotly's camera. */
export function anglesOf({ eye, center }: { eye: Spot; center: Spot }): { elev: number; azim: number; far: number } {
  const [x, y, z] = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
  const far = Math.hypot(x, y, z);
  return { elev: (Math.asin(z / far) * 180) / Math.PI, azim: (Math.atan2(y, x) * 180) / Math.PI, far };
}

/** All rates with two significant digits in a range, and the `others` in it, sorted. */
export function ratesIn([least, largest]: readonly [number, number], others: readonly number[]): number[] {
  const all = new Set(others);
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(largest)); power++)
    for (let digits = 10; digits < 100; digits++) {
      const rate = Number(`${digits}e${power - 1}`);
      if (rate >= least && rate <= largest) all.add(rate);
    }
  return [...all].filter((rate) => rate >= least && rate <= largest).sort((a, b) => a - b);
}
