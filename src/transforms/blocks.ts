// Whole Jacobians: one pass for all unit vectors at once, as batched tensors of vmap.

import { pushForward } from '../autograd/pushforward';
import { enterLevel, leaveLevel } from '../ops/batching/levels';
import { joining } from '../ops/joining/cat';
import { Batched, spreadAt } from '../tensor/batched';
import { eye } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { gradientsOf } from './functional';

/** Options of the computation of a Jacobian. @internal */
export interface BlockOptions {
  readonly createGraph: boolean;
  /** Number of unit vectors in one pass; `null` for all. */
  readonly chunkSize: number | null;
}

/**
 * The derivatives of all elements of `y` by each input, in reverse mode: tensors of the shape of `y` followed by that of the input,
 * `null` for an input that `y` does not depend on.
 * @internal
 */
export function rowBlocks(
  y: Tensor,
  inputs: readonly Tensor[],
  { createGraph, chunkSize }: BlockOptions,
): (Tensor | null)[] {
  const found = ofUnits(y, inputs, chunkSize, (unit) =>
    gradientsOf([y], inputs, [unit], { createGraph, retainGraph: true }),
  );
  return found.map((rows, i) => rows?.reshape([...y.shape, ...inputs[i].shape]) ?? null);
}

/**
 * The derivatives of each output by all elements of `x`, in forward mode: tensors of the shape of the output followed by that of
 * `x`, `null` for an output that does not depend on it.
 * @internal
 */
export function columnBlocks(
  outputs: readonly Tensor[],
  x: Tensor,
  { createGraph, chunkSize }: BlockOptions,
): (Tensor | null)[] {
  const found = ofUnits(x, outputs, chunkSize, (unit) => pushForward(outputs, [x], [unit], createGraph));
  return found.map((columns, k) => {
    const { shape } = outputs[k];
    return (
      columns
        ?.reshape([x.numel(), outputs[k].numel()])
        .t()
        .reshape([...shape, ...x.shape]) ?? null
    );
  });
}

/**
 * Returns the results of a pass for all unit vectors in the shape of `x`, for each of `others`: the units are the first
 * dimension.
 */
function ofUnits(
  x: Tensor,
  others: readonly Tensor[],
  chunkSize: number | null,
  pass: (unit: Tensor) => readonly (Tensor | null)[],
): (Tensor | null)[] {
  const n = x.numel();
  const most = Math.max(1, Math.min(chunkSize ?? n, n));
  const parts: (readonly (Tensor | null)[])[] = [];
  for (let start = 0; start < n; start += most) {
    const count = Math.min(most, n - start);
    const units = eye(n, { dtype: x.dtype })
      .narrow(0, start, count)
      .reshape([count, ...x.shape]);
    const level = enterLevel(count, 'error');
    try {
      parts.push(pass(new Batched(units, level)).map((t) => (t === null ? null : spreadAt(t, level))));
    } finally {
      leaveLevel(level);
    }
  }
  return others.map((_, i) => {
    const found = parts.flatMap((part) => part[i] ?? []);
    return found.length <= 1 ? (found[0] ?? null) : joining.cat(found);
  });
}
