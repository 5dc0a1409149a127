import { noGrad } from '../autograd';
import { ShapeError, ValueError } from '../errors';
import { cat, stack } from '../ops/functions';
import { zeros } from '../tensor/creation';
import { formatShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { whole } from '../turn';

/** Options of {@link getTotalNorm}. */
export interface TotalNormOptions {
  /** Which norm: 2 (default) for lengths, `Infinity` for the largest size, or any other power. */
  normType?: number;
  /** Throw if the norm is infinite or NaN; default `false`. */
  errorIfNonfinite?: boolean;
}

const listed = (tensors: Tensor | Iterable<Tensor>) => (tensors instanceof Tensor ? [tensors] : [...tensors]);

/** The gradients that there are. */
function gradients(parameters: Tensor | Iterable<Tensor>): Tensor[] {
  return listed(parameters).flatMap((p) => (p.grad === null ? [] : [p.grad]));
}

/**
 * The norm of all elements of several tensors taken together (`torch.nn.utils.get_total_norm`), a 0-d tensor; 0 for no
 * tensors.
 * @throws {ValueError} if `errorIfNonfinite` is set and the norm is infinite or NaN.
 */
export function getTotalNorm(tensors: Tensor | Iterable<Tensor>, options: TotalNormOptions = {}): Tensor {
  const { normType = 2, errorIfNonfinite = false } = options;
  return noGrad(() => {
    const norms = listed(tensors)
      .filter((x) => x.numel() > 0)
      .map((x) => x.norm(normType));
    const total = norms.length === 0 ? zeros([]) : stack(norms).norm(normType);
    if (errorIfNonfinite && !Number.isFinite(total.item()))
      throw new ValueError(
        `getTotalNorm: the norm of order ${normType} is ${total.item()}; look for the gradient that is not finite, ` +
          'or leave errorIfNonfinite out to go on',
      );
    return total;
  });
}

/**
 * Scales the gradients of parameters, in place, so that their norm `totalNorm` becomes at most `maxNorm`: by
 * `maxNorm / (totalNorm + 1e-6)` if that is below 1 (`torch.nn.utils.clip_grads_with_norm_`).
 */
export function clipGradsWithNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  totalNorm: Tensor | number,
): void {
  const size = typeof totalNorm === 'number' ? totalNorm : totalNorm.item();
  const factor = maxNorm / (size + 1e-6);
  // As PyTorch: a NaN norm makes all gradients NaN, so that it shows.
  if (factor >= 1) return;
  whole(() =>
    noGrad(() => {
      for (const grad of gradients(parameters)) grad.mul_(factor);
    }),
  );
}

/**
 * Scales the gradients of parameters, in place, so that the norm of all of them together is at most `maxNorm`, and
 * returns that norm from before (`torch.nn.utils.clip_grad_norm_`). Call it between `backward()` and `step()`.
 * @throws {ValueError} if `errorIfNonfinite` is set and the norm is infinite or NaN.
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options: TotalNormOptions = {},
): Tensor {
  const all = listed(parameters);
  const total = getTotalNorm(gradients(all), options);
  clipGradsWithNorm_(all, maxNorm, total);
  return total;
}

/**
 * Bounds every element of the gradients of parameters to `[-clipValue, clipValue]`, in place
 * (`torch.nn.utils.clip_grad_value_`).
 */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  whole(() =>
    noGrad(() => {
      for (const grad of gradients(parameters)) grad.clamp_(-clipValue, clipValue);
    }),
  );
}

/**
 * All elements of all parameters in one vector, differentiable (`torch.nn.utils.parameters_to_vector`).
 * @throws {ValueError} if there are no parameters.
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  const parts = [...parameters].map((p) => p.reshape([-1]));
  if (parts.length === 0) throw new ValueError('parametersToVector: there are no parameters');
  return cat(parts);
}

/**
 * Copies the elements of a vector into parameters, one after the other (`torch.nn.utils.vector_to_parameters`).
 * Nothing is changed if it throws.
 * @throws {ShapeError} if the vector does not have exactly as many elements as the parameters.
 */
export function vectorToParameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  const all = [...parameters];
  const n = all.reduce((sum, p) => sum + p.numel(), 0);
  if (vec.ndim !== 1 || vec.numel() !== n)
    throw new ShapeError(
      `vectorToParameters: the parameters have ${n} elements, so the vector must have the shape [${n}], ` +
        `got ${formatShape(vec.shape)}`,
    );
  whole(() =>
    noGrad(() => {
      let from = 0;
      for (const p of all) {
        p.copy_(vec.narrow(0, from, p.numel()).view(p.shape));
        from += p.numel();
      }
    }),
  );
}
