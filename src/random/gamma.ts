import type { Generator } from '../generator';
import { nextNormal } from './normal';

// PyTorch writes these constants as float32.
const THIRD = Math.fround(1 / 3);
const SQUEEZE = Math.fround(0.0331);

/** Rounds to the dtype of an array. */
const rounding = (data: Float32Array | Float64Array): ((x: number) => number) =>
  data instanceof Float32Array ? Math.fround : (x) => x;

const leastNormal = (data: Float32Array | Float64Array) => (data instanceof Float32Array ? 2 ** -126 : 2 ** -1022);

/**
 * Draws a number of the gamma distribution with scale 1, by Marsaglia and Tsang, "A simple method for generating gamma
 * variables" (2000), as PyTorch draws it.
 */
function nextGamma(concentration: number, round: (x: number) => number, generator: Generator): number {
  let alpha = round(concentration);
  let scale = 1;
  if (alpha < 1) {
    if (alpha === 0) return 0;
    // Drawn for a larger parameter, which is rejected less often, and scaled by a power of a uniform number.
    scale = (1 - generator.uniform53()) ** round(1 / alpha);
    alpha = round(alpha + 1);
  }
  const d = round(alpha - THIRD);
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    let x: number;
    let root: number;
    do {
      x = nextNormal(generator);
      root = 1 + c * x;
    } while (root <= 0);
    const v = root * root * root;
    const u = 1 - generator.uniform53();
    const square = x * x;
    const isIn = u < 1 - SQUEEZE * square * square || Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v));
    if (isIn) return scale * d * v;
  }
}

/**
 * Fills the array with numbers of the gamma distribution with scale 1. float32 numbers equal PyTorch's bit for bit,
 * float64 ones within a few units in the last place, as in {@link fillNormal}.
 */
export function fillGamma(data: Float32Array | Float64Array, concentration: number, generator: Generator): void {
  const round = rounding(data);
  const least = leastNormal(data);
  for (let i = 0; i < data.length; i++) data[i] = Math.max(least, nextGamma(concentration, round, generator));
}

/** Returns a generator of Dirichlet rows, which sum to 1: gamma numbers divided by their sum, in float64. */
function sharesFor(
  data: Float32Array | Float64Array,
  concentrations: readonly number[],
  generator: Generator,
): () => number[] {
  const round = rounding(data);
  const least = leastNormal(data);
  const most = data instanceof Float32Array ? 1 - 2 ** -24 : 1 - 2 ** -53;
  const alphas = concentrations.map(round);
  return () => {
    const parts = alphas.map((alpha) =>
      Math.max(
        2 ** -1022,
        nextGamma(alpha, (x) => x, generator),
      ),
    );
    const sum = parts.reduce((a, b) => a + b);
    return parts.map((part) => Math.min(most, Math.max(least, round(part / sum))));
  };
}

/** Fills the array with rows of Dirichlet's distribution. */
export function fillDirichlet(
  data: Float32Array | Float64Array,
  concentrations: readonly number[],
  generator: Generator,
): void {
  const next = sharesFor(data, concentrations, generator);
  for (let at = 0; at < data.length; at += concentrations.length) data.set(next(), at);
}

/** Fills the array with numbers of the beta distribution: the first of two Dirichlet shares. */
export function fillBeta(data: Float32Array | Float64Array, a: number, b: number, generator: Generator): void {
  const next = sharesFor(data, [a, b], generator);
  for (let i = 0; i < data.length; i++) data[i] = next()[0]!;
}
