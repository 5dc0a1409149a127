import { ValueError } from '../../../errors';
import { watchProducts } from '../../../inspection/watch-products';

/** The result of {@link countProducts}. */
export interface CountedProducts {
  /** The number of matrix products and convolutions. */
  products: number;
  /** The number of multiplications in them: rows · columns · length of the sums, of each. */
  multiplications: number;
}

/**
 * Counts the matrix products of a function: its own, through `matmul` and everything based on it (`mm`, `bmm`,
 * `linear`, `nn.Linear`), and those of the tape's backward pass. Each convolution counts as one.
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
