/** Memory of parameters, gradients and optimizer state; all arrays of one call have the same kind and length. */
type FloatArray = Float32Array | Float64Array;

/**
 * A loop for each dtype. V8 optimizes a function for the arrays it has met, and one that has met two kinds is several
 * times slower; so float64 gets a copy of the function, made from its source. The loop must not refer to anything but
 * its parameters and globals.
 */
function perDtype<F extends (...args: never[]) => void>(loop: F): { readonly float32: F; readonly float64: F } {
  return { float32: loop, float64: new Function(`return ${loop.toString()}`)() as F };
}

/** Gradient descent without memory: `p ← p - lr·(sign·g + decay·p)`. */
export const descend = perDtype(function descend(
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

/**
 * Gradient descent with momentum: with `d = sign·g + decay·p`, `v ← keep·v + take·d`, then `p ← p - lr·v`, or with
 * Nesterov's form `p ← p - lr·(d + momentum·v)`. The first step has `keep` 0 and `take` 1.
 */
export const descendWithMomentum = perDtype(function descendWithMomentum(
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

/**
 * RMSprop: with `d = sign·g + decay·p`, `s ← α·s + (1 - α)·d²` and the step `d / (√s + ε)`. With `average`, its square
 * is taken off `s` first (centered); with `velocity`, steps add up in it.
 */
export const rmsprop = perDtype(function rmsprop(
  p: FloatArray,
  g: FloatArray,
  s: FloatArray,
  average: FloatArray | null,
  velocity: FloatArray | null,
  lr: number,
  decay: number,
  sign: number,
  alpha: number,
  eps: number,
  momentum: number,
): void {
  const n = p.length;
  const take = 1 - alpha;
  for (let i = 0; i < n; i++) {
    const x = p[i];
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * x;
    let spread = alpha * s[i] + take * d * d;
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

/**
 * Adam: with `d = sign·g + decay·p`, `m ← β₁·m + (1 - β₁)·d` and `v ← β₂·v + (1 - β₂)·d²`, then
 * `p ← p - rate·m / (√v / root + ε)`, where `rate` is `lr / (1 - β₁ᵗ)` and `root` is `√(1 - β₂ᵗ)`. With `largest`, the
 * largest `v` so far stands in its place (AMSGrad).
 */
export const adam = perDtype(function adam(
  p: FloatArray,
  g: FloatArray,
  m: FloatArray,
  v: FloatArray,
  largest: FloatArray | null,
  rate: number,
  root: number,
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
    p[i] = x - (rate * mean) / (Math.sqrt(spread) / root + eps);
  }
});
