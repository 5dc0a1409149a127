import { monomorphic } from './monomorphic';
import { Room } from './staging';
import { part } from './strides';
import { type StepName, type StepsExports, stepsModule } from './wasm/optimizer-steps';
import { Family, scratch } from './wasm/runtime';

/** Memory of parameters, gradients and optimizer state; all arrays of one call have the same kind and length. */
export type FloatArray = Float32Array | Float64Array;

/** The parameters, their gradient, and their state. */
type Arrays<Remembered extends string = never> = Readonly<Record<'p' | 'g' | Remembered, FloatArray>>;

/**
 * Among others a sign, 1 to descend or -1 to climb, and usually the weight decay: the factor of the parameters that is
 * added to the gradient.
 */
type Numbers<Others extends string> = Readonly<Record<'sign' | Others, number>>;

const family = new Family<StepsExports>(stepsModule, { worthwhile: 64 });

/** Elements copied at a time: all arrays of a step fit in the first-level cache. */
const chunk = 2048;

/** A kernel, its arrays, parameters and gradient first, and its numbers except sign and decay. */
type Call = readonly [kernel: StepName, arrays: readonly FloatArray[], numbers: readonly number[]];

/** A step of an optimizer, in place. */
type Step<A, N> = (arrays: A, numbers: N) => void;

/**
 * Returns a step: by a loop, which may use only its parameters (see monomorphic), or, for float32 parameters, by a
 * kernel, if there is one for these arrays and numbers.
 */
function step<A extends Arrays, N extends Numbers<never> & { readonly decay?: number }>(
  loop: Step<A, N>,
  callOf?: (arrays: A, numbers: N) => Call | null,
): Step<A, N> {
  const loops = monomorphic(loop);
  return (arrays, numbers) => {
    const { p } = arrays;
    const kernels = callOf === undefined ? null : family.suited(p, p.length);
    const call = kernels === null ? null : callOf!(arrays, numbers);
    if (kernels === null || call === null) loops(p)(arrays, numbers);
    else byKernel(kernels, call, numbers.sign, numbers.decay ?? 0);
  };
}

/** In place, in parts; the gradient does not change. An optimizer step is not interrupted. */
function byKernel(kernels: StepsExports, [name, arrays, numbers]: Call, sign: number, decay: number): void {
  const n = arrays[0].length;
  const room = new Room(scratch);
  const addresses = arrays.map(() => room.take(4 * Math.min(n, chunk)));
  scratch.reserve(room.end);
  const { f32 } = scratch;
  const [kernel, args] = decay === 0 ? [kernels[name], [sign]] : [kernels[`${name}Decayed`], [sign, decay]];
  for (let start = 0; start < n; start += chunk) {
    const count = Math.min(chunk, n - start);
    for (let i = 0; i < arrays.length; i++) f32.set(part(arrays[i], start, count), addresses[i] / 4);
    kernel(count, ...addresses, ...numbers, ...args);
    for (let i = 0; i < arrays.length; i++) if (i !== 1) arrays[i].set(scratch.part(addresses[i], count), start);
  }
}

/** Gradient descent without memory: `p ← p - lr·(sign·g + decay·p)`. */
export const descend: Step<Arrays, Numbers<'lr' | 'decay'>> = step(
  function descend({ p, g }, { lr, decay, sign }) {
    const n = p.length;
    const rate = lr * sign;
    if (decay === 0) for (let i = 0; i < n; i++) p[i] -= rate * g[i];
    else for (let i = 0; i < n; i++) p[i] -= rate * g[i] + lr * decay * p[i];
  },
  ({ p, g }, { lr }) => ['descend', [p, g], [lr]],
);

/**
 * Gradient descent with momentum: with `d = sign·g + decay·p`, `v ← keep·v + take·d`, then `p ← p - lr·v`, or with
 * Nesterov's form `p ← p - lr·(d + momentum·v)`. The first step has `keep` 0 and `take` 1.
 */
export const descendWithMomentum: Step<
  Arrays<'v'>,
  Numbers<'lr' | 'decay' | 'keep' | 'take' | 'momentum'> & { readonly nesterov: boolean }
> = step(
  function descendWithMomentum({ p, g, v }, { lr, decay, sign, keep, take, momentum, nesterov }) {
    const n = p.length;
    for (let i = 0; i < n; i++) {
      const x = p[i];
      const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * x;
      const velocity = keep * v[i] + take * d;
      v[i] = velocity;
      p[i] = x - lr * (nesterov ? d + momentum * velocity : velocity);
    }
  },
  ({ p, g, v }, { lr, keep, take, momentum, nesterov }) => [
    nesterov ? 'nesterov' : 'momentum',
    [p, g, v],
    [lr, keep, take, momentum],
  ],
);

/**
 * RMSprop: with `d = sign·g + decay·p`, `s ← keep·s + take·d²` and the step `d / (√s + ε)`. With `average`, its square
 * is subtracted from `s` first (centered); with `velocity`, steps accumulate in it. Adagrad is `keep` 1 and `take` 1.
 */
export const rmsprop: Step<
  Arrays<'s'> & Readonly<Record<'average' | 'velocity', FloatArray | null>>,
  Numbers<'lr' | 'decay' | 'keep' | 'take' | 'eps' | 'momentum'>
> = step(
  function rmsprop({ p, g, s, average, velocity }, { lr, decay, sign, keep, take, eps, momentum }) {
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
  },
  ({ p, g, s, average, velocity }, { lr, keep, take, eps }) =>
    average === null && velocity === null ? ['rmsprop', [p, g, s], [lr, keep, take, eps]] : null,
);

/**
 * Adam and its variants: with `d = sign·g + decay·p`, `m ← m + take₁·(d - m)` and `v ← keep₂·v + take₂·d²`, then `p ←
 * shrink·p - (direct·d + rate·m) / (√v / root + ε)`. With `largest`, the largest `v` so far replaces it (AMSGrad). An
 * infinite `root` with `ε` 1 removes the denominator.
 */
export const adam: Step<
  Arrays<'m' | 'v'> & { readonly largest: FloatArray | null },
  Numbers<'direct' | 'rate' | 'root' | 'shrink' | 'decay' | 'take1' | 'keep2' | 'take2' | 'eps'>
> = step(
  function adam({ p, g, m, v, largest }, { direct, rate, root, shrink, decay, sign, take1, keep2, take2, eps }) {
    const n = p.length;
    for (let i = 0; i < n; i++) {
      const x = p[i];
      const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * x;
      const mean = m[i] + take1 * (d - m[i]);
      m[i] = mean;
      let spread = keep2 * v[i] + take2 * d * d;
      v[i] = spread;
      if (largest !== null) {
        // Written so that NaN stays NaN.
        if (!(largest[i] >= spread)) largest[i] = spread;
        spread = largest[i];
      }
      p[i] = shrink * x - (direct * d + rate * mean) / (Math.sqrt(spread) / root + eps);
    }
  },
  ({ p, g, m, v, largest }, { direct, rate, root, shrink, take1, keep2, take2, eps }) =>
    largest === null && direct === 0 && root < Number.POSITIVE_INFINITY
      ? ['adam', [p, g, m, v], [rate, root, shrink, take1, keep2, take2, eps]]
      : null,
);

/**
 * Adamax: with `d = sign·g + decay·p`, `m ← β₁·m + (1 - β₁)·d` and `u ← max(β₂·u, |d| + ε)`, then `p ← p - rate·m / u`,
 * where `rate` is `lr / (1 - β₁ᵗ)`.
 */
export const adamax: Step<Arrays<'m' | 'u'>, Numbers<'rate' | 'decay' | 'beta1' | 'beta2' | 'eps'>> = step(
  function adamax({ p, g, m, u }, { rate, decay, sign, beta1, beta2, eps }) {
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
  },
);

/**
 * Adadelta: with `d = sign·g + decay·p`, `s ← ρ·s + (1 - ρ)·d²`, the step `e = d·√(a + ε) / √(s + ε)`, then
 * `a ← ρ·a + (1 - ρ)·e²` and `p ← p - lr·e`.
 */
export const adadelta: Step<Arrays<'s' | 'a'>, Numbers<'lr' | 'decay' | 'rho' | 'eps'>> = step(function adadelta(
  { p, g, s, a },
  { lr, decay, sign, rho, eps },
) {
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
export const asgd: Step<Arrays<'a'>, Numbers<'rate' | 'shrink' | 'take' | 'decay'>> = step(function asgd(
  { p, g, a },
  { rate, shrink, take, decay, sign },
) {
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
 * Rprop: the step size of an element grows by `up` if its gradient keeps its sign, and shrinks by `down` if the sign
 * changes, within `least` and `most`. After a change the element does not move, and its gradient is reset. Then `p ← p
 * - size·sign(d)`.
 */
export const rprop: Step<Arrays<'previous' | 'sizes'>, Numbers<'down' | 'up' | 'least' | 'most'>> = step(function rprop(
  { p, g, previous, sizes },
  { sign, down, up, least, most },
) {
  const n = p.length;
  for (let i = 0; i < n; i++) {
    const product = g[i] * sign * previous[i];
    const d = product < 0 ? 0 : sign * g[i];
    const size = Math.min(Math.max(sizes[i] * (product > 0 ? up : product < 0 ? down : 1), least), most);
    sizes[i] = size;
    previous[i] = d;
    // `Math.sign` of NaN would be NaN; PyTorch does not move the element.
    p[i] -= d > 0 ? size : d < 0 ? -size : 0;
  }
});
