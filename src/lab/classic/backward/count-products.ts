import { ValueError } from '../../../errors';
import { watchProducts } from '../../../inspection/watch-products';

/** What {@link countProducts} found. */
export interface CountedProducts {
  /** How many matrix products and convolutions were computed. */
  products: number;
  /** How many multiplications of numbers are in them: rows · columns · length of the sums, of each. */
  multiplications: number;
}

/**
 * Counts the matrix products that a function asks for, whether it writes them itself, as `matmul` and what rests on it
 * (`mm`, `bmm`, `linear`, `nn.Linear`), or the tape does while it runs back; convolutions count as one each.
 *
 * @example
 * const w = tensor([[1, 2], [3, 4]], { requiresGrad: true });
 * const y = tensor([[5, 6]]).matmul(w).sum();
 * classic.backward.countProducts(() => y.backward()) // { products: 1, multiplications: 4 }
 * @throws {ValueError} if the function is asynchronous.
 */
export function countProducts(fn: () => unknown): CountedProducts {
  const counted = { products: 0, multiplications: 0 };
  const add = (multiplications: number) => {
    counted.products += 1;
    counted.multiplications += multiplications;
  };
  if (watchProducts(add, fn) instanceof Promise) {
    throw new ValueError('countProducts: the function is asynchronous; what it does later is not counted');
  }
  return counted;
}
