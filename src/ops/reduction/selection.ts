import { ValueError } from '../../errors';
import { checkDim, formatShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { requireNumbers } from '../table/arguments';
import { defineComposites } from '../table/define';
import type { KeepdimOption, ValuesIndices } from './dims';

declare module '../../tensor/tensor' {
  interface Tensor extends Selection {}
}

/** The smallest and the largest elements. */
export interface MinMax {
  /** The smallest. */
  min: Tensor;
  /** The largest. */
  max: Tensor;
}

/** Options of {@link Selection.aminmax}. */
export interface AminmaxOptions extends KeepdimOption {
  /** The dimension; default: all. */
  dim?: number | null;
}

/** Extremes and medians as users call them. */
export interface Selection {
  /**
   * The largest element (`torch.max`): of all as a tensor, along `dim` with its indices, or of each pair with `other`
   * (as `maximum`). Without `dim`, equals share the gradient; along a dimension the first one gets it.
   * @throws {ShapeError} for an empty reduction; {@link IndexError} for an unknown dimension.
   */
  max(): Tensor;
  max(dim: number, options?: KeepdimOption): ValuesIndices;
  max(other: Tensor): Tensor;
  /** The smallest element; see {@link Selection.max} (`torch.min`). */
  min(): Tensor;
  min(dim: number, options?: KeepdimOption): ValuesIndices;
  min(other: Tensor): Tensor;
  /**
   * The lower median (`torch.median`): of all elements as a tensor, or along `dim` with its indices. NaN if there is
   * one. Without `dim`, equals share the gradient.
   * @throws {ShapeError} for an empty reduction along `dim`; {@link IndexError} for an unknown dimension.
   */
  median(): Tensor;
  median(dim: number, options?: KeepdimOption): ValuesIndices;
  /**
   * The `k`-th smallest element along `dim`, with its indices, `k` counted from 1 (`torch.kthvalue`); NaN is largest.
   * @param dim Default -1, the last.
   * @throws {ValueError} if there are fewer than `k`; {@link IndexError} for an unknown dimension.
   */
  kthvalue(k: number, dim?: number, options?: KeepdimOption): ValuesIndices;
  /**
   * Smallest and largest elements, along a dimension or over all (`torch.aminmax`).
   * @throws {ShapeError} for an empty reduction; {@link IndexError} for an unknown dimension.
   */
  aminmax(options?: AminmaxOptions): MinMax;
}

defineComposites<Selection>({
  max(dim?: number | Tensor, options?: KeepdimOption) {
    if (dim instanceof Tensor) return this.maximum(dim) as Tensor & ValuesIndices;
    return (dim === undefined ? this.maxOfAll() : this.maxAlong(dim, options)) as Tensor & ValuesIndices;
  },
  min(dim?: number | Tensor, options?: KeepdimOption) {
    if (dim instanceof Tensor) return this.minimum(dim) as Tensor & ValuesIndices;
    return (dim === undefined ? this.minOfAll() : this.minAlong(dim, options)) as Tensor & ValuesIndices;
  },
  median(dim?: number, options?: KeepdimOption) {
    requireNumbers('median', this);
    return (dim === undefined ? this.medianOfAll() : this.medianAlong(dim, options)) as Tensor & ValuesIndices;
  },
  kthvalue(k, dim = -1, options) {
    requireNumbers('kthvalue', this);
    const n = this.ndim === 0 ? 1 : this.sizes[checkDim('kthvalue', dim, this.ndim)];
    if (!Number.isInteger(k) || k < 1 || k > n)
      throw new ValueError(`kthvalue: there is no element ${k} in dimension ${dim} of ${formatShape(this.sizes)}`);
    return this.kthAlong(dim, { ...options, k });
  },
  aminmax({ dim, keepdim } = {}) {
    return { min: this.amin(dim, { keepdim }), max: this.amax(dim, { keepdim }) };
  },
});
