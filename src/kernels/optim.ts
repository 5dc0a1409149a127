import { monomorphic } from './monomorphic';
import { isVectorized, step } from './steps';

/** Memory of parameters, gradients and optimizer state; all arrays of one call have the same kind and length. */
export type FloatArray = Float32Array | Float64Array;

// Each loop may use its parameters only (see monomorphic). Those that train most networks also run in WebAssembly.

/** Gradient descent without memory: `p ← p - lr·(sign·g + decay·p)`. */
const descendLoop = monomorphic(function descend(
  p: FloatArray,
  g: FloatArray,
  lr: number,
  decay: number,
  sign: number,
): void {
  const n = p.length;
  const rate = lr * sign;
  if (decay === 0) for (let i = 0; i < n; i++) p[i] -= rate * g[i];
  else for (let i = 0; i < n; i++) p[i] -= rate * g[i] + lr * decay * p[i];
});

type Descend = ReturnType<typeof descendLoop>;

const vectorDescend: Descend = (p, g, lr, decay, sign) => step('descend', decay, [p, g] as Float32Array[], lr, sign);

/** {@link descendLoop}, or the same in WebAssembly, for parameters in such memory. */
export const descend = (p: FloatArray): Descend => (isVectorized(p) ? vectorDescend : descendLoop(p));

/**
 * Gradient descent with momentum: with `d = sign·g + decay·p`, `v ← keep·v + take·d`, then `p ← p - lr·v`, or with
 * Nesterov's form `p ← p - lr·(d + momentum·v)`. The first step has `keep` 0 and `take` 1.
 */
const descendWithMomentumLoop = monomorphic(function descendWithMomentum(
  p: FloatArray,
  g: FloatArray,
  v: FloatArray,
  lr: number,
  decay: number,
  sign: number,
  keep: number,
  take: number,
  nesterov: boolean,
  momentum: number,
): void {
  const n = p.length;
  for (let i = 0; i < n; i++) {
    const x = p[i];
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * x;
    const velocity = keep * v[i] + take * d;
    v[i] = velocity;
    p[i] = x - lr * (nesterov ? d + momentum * velocity : velocity);
  }
});

type DescendWithMomentum = ReturnType<typeof descendWithMomentumLoop>;

const vectorDescendWithMomentum: DescendWithMomentum = (p, g, v, lr, decay, sign, keep, take, nesterov, momentum) =>
  step(nesterov ? 'nesterov' : 'momentum', decay, [p, g, v] as Float32Array[], lr, keep, take, momentum, sign);

/** {@link descendWithMomentumLoop}, or the same in WebAssembly, for parameters in such memory. */
export const descendWithMomentum = (p: FloatArray): DescendWithMomentum =>
  isVectorized(p) ? vectorDescendWithMomentum : descendWithMomentumLoop(p);

/**
 * RMSprop: with `d = sign·g + decay·p`, `s ← keep·s + take·d²` and the step `d / (√s + ε)`. With `average`, its square
 * is taken off `s` first (centered); with `velocity`, steps add up in it. Adagrad is `keep` 1 and `take` 1.
 */
const rmspropLoop = monomorphic(function rmsprop(
  p: FloatArray,
  g: FloatArray,
  s: FloatArray,
  average: FloatArray | null,
  velocity: FloatArray | null,
  lr: number,
  decay: number,
  sign: number,
  keep: number,
  take: number,
  eps: number,
  momentum: number,
): void {
  const n = p.length;
  for (let i = 0; i < n; i++) {
    const x = p[i];
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * x;
    let spread = keep * s[i] + take * d * d;
    s[i] = spread;
    if (average !== null) {
      const a = average[i] + take * (d - average[i]);
      average[i] = a;
      spread -= a * a;
    }
    let step = d / (Math.sqrt(spread) + eps);
    if (velocity !== null) {
      step += momentum * velocity[i];
      velocity[i] = step;
    }
    p[i] = x - lr * step;
  }
});

type RMSprop = ReturnType<typeof rmspropLoop>;

const vectorRMSprop: RMSprop = (p, g, s, average, velocity, lr, decay, sign, keep, take, eps, momentum) => {
  if (average === null && velocity === null)
    step('rmsprop', decay, [p, g, s] as Float32Array[], lr, keep, take, eps, sign);
  else rmspropLoop(p)(p, g, s, average, velocity, lr, decay, sign, keep, take, eps, momentum);
};

/** {@link rmspropLoop}, or where only squares are remembered the same in WebAssembly, for parameters in such memory. */
export const rmsprop = (p: FloatArray): RMSprop => (isVectorized(p) ? vectorRMSprop : rmspropLoop(p));

/**
 * Adam and its kin: with `d = sign·g + decay·p`, `m ← β₁·m + (1 - β₁)·d` and `v ← β₂·v + (1 - β₂)·d²`, then
 * `p ← shrink·p - (direct·d + rate·m) / (√v / root + ε)`. With `largest`, the largest `v` so far stands in its place
 * (AMSGrad). An infinite `root` with `ε` 1 leaves the spread out of the step.
 */
const adamLoop = monomorphic(function adam(
  p: FloatArray,
  g: FloatArray,
  m: FloatArray,
  v: FloatArray,
  largest: FloatArray | null,
  direct: number,
  rate: number,
  root: number,
  shrink: number,
  decay: number,
  sign: number,
  beta1: number,
  beta2: number,
  eps: number,
): void {
  const n = p.length;
  const take1 = 1 - beta1;
  const take2 = 1 - beta2;
  for (let i = 0; i < n; i++) {
    const x = p[i];
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * x;
    const mean = m[i] + take1 * (d - m[i]);
    m[i] = mean;
    let spread = beta2 * v[i] + take2 * d * d;
    v[i] = spread;
    if (largest !== null) {
      // Written so that NaN stays NaN.
      if (!(largest[i] >= spread)) largest[i] = spread;
      spread = largest[i];
    }
    p[i] = shrink * x - (direct * d + rate * mean) / (Math.sqrt(spread) / root + eps);
  }
});

type Adam = ReturnType<typeof adamLoop>;

const vectorAdam: Adam = (p, g, m, v, largest, direct, rate, root, shrink, decay, sign, beta1, beta2, eps) => {
  if (largest === null && direct === 0 && root < Number.POSITIVE_INFINITY) {
    const numbers = [rate, root, shrink, 1 - beta1, beta2, 1 - beta2, eps, sign];
    step('adam', decay, [p, g, m, v] as Float32Array[], ...numbers);
  } else adamLoop(p)(p, g, m, v, largest, direct, rate, root, shrink, decay, sign, beta1, beta2, eps);
};

/** {@link adamLoop}, or for Adam itself the same in WebAssembly, for parameters in such memory. */
export const adam = (p: FloatArray): Adam => (isVectorized(p) ? vectorAdam : adamLoop(p));

/**
 * Adamax: with `d = sign·g + decay·p`, `m ← β₁·m + (1 - β₁)·d` and `u ← max(β₂·u, |d| + ε)`, then `p ← p - rate·m / u`,
 * where `rate` is `lr / (1 - β₁ᵗ)`.
 */
export const adamax = monomorphic(function adamax(
  p: FloatArray,
  g: FloatArray,
  m: FloatArray,
  u: FloatArray,
  rate: number,
  decay: number,
  sign: number,
  beta1: number,
  beta2: number,
  eps: number,
): void {
  const n = p.length;
  const take = 1 - beta1;
  for (let i = 0; i < n; i++) {
    const x = p[i];
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * x;
    const mean = m[i] + take * (d - m[i]);
    const largest = Math.max(beta2 * u[i], Math.abs(d) + eps);
    m[i] = mean;
    u[i] = largest;
    p[i] = x - (rate * mean) / largest;
  }
});

/**
 * Adadelta: with `d = sign·g + decay·p`, `s ← ρ·s + (1 - ρ)·d²`, the step `e = d·√(a + ε) / √(s + ε)`, then
 * `a ← ρ·a + (1 - ρ)·e²` and `p ← p - lr·e`.
 */
export const adadelta = monomorphic(function adadelta(
  p: FloatArray,
  g: FloatArray,
  s: FloatArray,
  a: FloatArray,
  lr: number,
  decay: number,
  sign: number,
  rho: number,
  eps: number,
): void {
  const n = p.length;
  const take = 1 - rho;
  for (let i = 0; i < n; i++) {
    const x = p[i];
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * x;
    const spread = rho * s[i] + take * d * d;
    const step = (Math.sqrt(a[i] + eps) / Math.sqrt(spread + eps)) * d;
    s[i] = spread;
    a[i] = rho * a[i] + take * step * step;
    p[i] = x - lr * step;
  }
});

/** Averaged descent: with `d = sign·g + decay·p`, `p ← shrink·p - rate·d`, and the average `a ← a + take·(p - a)`. */
export const asgd = monomorphic(function asgd(
  p: FloatArray,
  g: FloatArray,
  a: FloatArray,
  rate: number,
  shrink: number,
  take: number,
  decay: number,
  sign: number,
): void {
  const n = p.length;
  for (let i = 0; i < n; i++) {
    const x = p[i];
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * x;
    const y = shrink * x - rate * d;
    p[i] = y;
    a[i] += take * (y - a[i]);
  }
});

/**
 * Rprop: the step size of an element grows by `up` where its gradient has kept its sign and shrinks by `down`, within
 * `least` and `most`, where the sign has changed, in which case the element rests and its gradient is forgotten. Then
 * `p ← p - size·sign(d)`.
 */
export const rprop = monomorphic(function rprop(
  p: FloatArray,
  g: FloatArray,
  previous: FloatArray,
  sizes: FloatArray,
  sign: number,
  down: number,
  up: number,
  least: number,
  most: number,
): void {
  const n = p.length;
  for (let i = 0; i < n; i++) {
    const product = g[i] * sign * previous[i];
    const d = product < 0 ? 0 : sign * g[i];
    const size = Math.min(Math.max(sizes[i] * (product > 0 ? up : product < 0 ? down : 1), least), most);
    sizes[i] = size;
    previous[i] = d;
    // Not Math.sign, which would make NaN of NaN, where PyTorch rests.
    p[i] -= d > 0 ? size : d < 0 ? -size : 0;
  }
});
