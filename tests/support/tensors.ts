import { tensor } from '../../src';
import type { NestedInput } from '../../src/tensor/nested';

// Tensors that many tests use.

/** A leaf that requires a gradient. */
export const leaf = (values: NestedInput) => tensor(values, { requiresGrad: true });

/** Of dtype int32: class numbers, positions. */
export const ints = (values: NestedInput) => tensor(values, { dtype: 'int32' });

/** Of dtype uint8. */
export const bytes = (values: NestedInput) => tensor(values, { dtype: 'uint8' });

/** Of dtype float64. */
export const double = (values: NestedInput) => tensor(values, { dtype: 'float64' });

/** A matrix of one row. */
export const row = (...values: number[]) => tensor([values]);
