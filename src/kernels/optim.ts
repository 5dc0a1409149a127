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
  for (let i = 0; i < p.length; i++) p[i] -= lr * (decay === 0 ? sign * g[i] : sign * g[i] + decay * p[i]);
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
  for (let i = 0; i < p.length; i++) {
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * p[i];
    v[i] = keep * v[i] + take * d;
    p[i] -= lr * (nesterov ? d + momentum * v[i] : v[i]);
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
  for (let i = 0; i < p.length; i++) {
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * p[i];
    s[i] = alpha * s[i] + (1 - alpha) * d * d;
    let spread = s[i];
    if (average !== null) {
      average[i] += (1 - alpha) * (d - average[i]);
      spread -= average[i] * average[i];
    }
    const step = d / (Math.sqrt(spread) + eps);
    if (velocity === null) p[i] -= lr * step;
    else {
      velocity[i] = momentum * velocity[i] + step;
      p[i] -= lr * velocity[i];
    }
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
  for (let i = 0; i < p.length; i++) {
    const d = decay === 0 ? sign * g[i] : sign * g[i] + decay * p[i];
    m[i] += (1 - beta1) * (d - m[i]);
    v[i] = beta2 * v[i] + (1 - beta2) * d * d;
    let spread = v[i];
    if (largest !== null) {
      // Written so that NaN stays NaN.
      if (!(largest[i] >= spread)) largest[i] = spread;
      spread = largest[i];
    }
    p[i] -= (rate * m[i]) / (Math.sqrt(spread) / root + eps);
  }
});
