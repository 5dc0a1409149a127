import { ValueError } from '../../errors';
import { linearMaps } from '../../ops/networks/linear';
import { Tensor } from '../../tensor/tensor';

/** What {@link countProducts} found. */
export interface CountedProducts {
  /** How many matrix products were computed. */
  products: number;
  /** How many multiplications of numbers are in them: rows · columns · length of the sums, of each. */
  multiplications: number;
}

/**
 * Counts the matrix products that a function asks for, whether it writes them itself, as `matmul` and what rests on it
 * (`mm`, `bmm`, `linear`, `nn.Linear`), or the tape does while it runs back.
 *
 * @example
 * const w = tensor([[1, 2], [3, 4]], { requiresGrad: true });
 * const y = tensor([[5, 6]]).matmul(w).sum();
 * classic.backward.countProducts(() => y.backward()) // { products: 1, multiplications: 4 }
 * @throws {ValueError} if the function is asynchronous.
 */
export function countProducts(fn: () => unknown): CountedProducts {
  const counted = { products: 0, multiplications: 0 };
  const count = (result: Tensor, inner: number): Tensor => {
    counted.products += 1;
    counted.multiplications += result.numel() * inner;
    return result;
  };
  const { matmul } = Tensor.prototype;
  const { linear } = linearMaps;
  Tensor.prototype.matmul = function (this: Tensor, other: Tensor) {
    return count(matmul.call(this, other), this.shape.at(-1)!);
  };
  linearMaps.linear = (x, weight, bias) => count(linear(x, weight, bias), weight.shape[1]!);
  try {
    if (fn() instanceof Promise) {
      throw new ValueError('countProducts: the function is asynchronous; what it does later is not counted');
    }
  } finally {
    Tensor.prototype.matmul = matmul;
    linearMaps.linear = linear;
  }
  return counted;
}
