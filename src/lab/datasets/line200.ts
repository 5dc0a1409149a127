import { tensor } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';

/**
 * Two hundred points of y = x₀ - 2x₁ + ½ε, x and ε normal, always the same. They are made by the generator mulberry32
 * with seed 11 and the Box-Muller formula, so that any language gives the same digits. As float64: x of shape [200, 2],
 * y of [200].
 */
export function line200(): { x: Tensor; y: Tensor } {
  const uniform = mulberry32(11);
  const normal = () => {
    const [u, v] = [1 - uniform(), uniform()];
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  };
  const x = Array.from({ length: 200 }, () => [normal(), normal()] as const);
  const y = x.map(([a, b]) => a - 2 * b + 0.5 * normal());
  return { x: tensor(x as never, { dtype: 'float64' }), y: tensor(y, { dtype: 'float64' }) };
}

/** Numbers from 0 to 1 by Tommy Ettinger's 32-bit generator, which is short in every language. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
