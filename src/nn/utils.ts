import { noGrad } from '../autograd';
import { whole } from '../cancellation';
import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import { cat, stack } from '../ops/functions';
import { requireList, requireTensor } from '../ops/table/arguments';
import { zeros } from '../tensor/creation';
import { formatShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';

/** Options of {@link getTotalNorm}. */
export interface TotalNormOptions {
  /** The norm: 2 (default) for lengths, `Infinity` for the largest absolute value, or any other power. */
  normType?: number;
  /** Throw if the norm is infinite or NaN; default `false`. */
  errorIfNonfinite?: boolean;
}

/** Parameters, one or a list, or with their names, as from `namedParameters()`. */
export type ParametersToClip = Tensor | Iterable<Tensor> | Iterable<readonly [name: string, parameter: Tensor]>;

/** The tensors, with their names if they have some. @throws {ValueError} if something else is among them. */
function listed(op: string, tensors: ParametersToClip): [name: string | null, x: Tensor][] {
  if (tensors instanceof Tensor) return [[null, tensors]];
  requireList(op, tensors);
  return Array.from(tensors as Iterable<unknown>, (entry) => {
    const [name, x] = Array.isArray(entry) && entry.length === 2 ? (entry as [string, Tensor]) : [null, entry];
    requireTensor(op, x, 'each of the list');
    return [name, x as Tensor];
  });
}

/** The gradients that there are. */
function gradients(op: string, parameters: ParametersToClip): Tensor[] {
  return listed(op, parameters).flatMap(([, p]) => (p.grad === null ? [] : [p.grad]));
}

function totalNorm(op: string, tensors: readonly Tensor[], normType: number): Tensor {
  if (typeof normType !== 'number') throw new ValueError(`${op}: normType must be a number, got ${describe(normType)}`);
  return noGrad(() => {
    const norms = tensors.filter((x) => x.numel() > 0).map((x) => x.norm(normType));
    return norms.length === 0 ? zeros([]) : stack(norms).norm(normType);
  });
}

/** @throws {ValueError} if the norm is not finite, naming the first tensor that has NaN or infinity. */
function requireFinite(
  op: string,
  total: Tensor,
  normType: number,
  tensors: readonly (readonly [string, Tensor | null])[],
): void {
  if (Number.isFinite(total.item())) return;
  const found = tensors.find(([, x]) => x !== null && !x.toArray().every(Number.isFinite));
  const has = (x: Tensor) => (x.toArray().some(Number.isNaN) ? 'NaN' : 'infinity');
  throw new ValueError(
    `${op}: the norm of order ${normType} is ${total.item()}: ` +
      `${found === undefined ? 'all elements are finite, their powers are not' : `${found[0]} has ${has(found[1]!)}`}; ` +
      'leave errorIfNonfinite out to go on',
  );
}

/**
 * The norm of all elements of several tensors taken together (`torch.nn.utils.get_total_norm`), a 0-d tensor; 0 for no
 * tensors.
 * @throws {ValueError} if `errorIfNonfinite` is set and the norm is infinite or NaN.
 */
export function getTotalNorm(tensors: Tensor | Iterable<Tensor>, options: TotalNormOptions = {}): Tensor {
  const { normType = 2, errorIfNonfinite = false } = options;
  const all = listed('getTotalNorm', tensors).map(([, x]) => x);
  const total = totalNorm('getTotalNorm', all, normType);
  if (errorIfNonfinite)
    requireFinite(
      'getTotalNorm',
      total,
      normType,
      all.map((x, i) => [`tensor ${i}`, x]),
    );
  return total;
}

/**
 * Scales the gradients of parameters, in place, so that their norm `totalNorm` becomes at most `maxNorm`: by
 * `maxNorm / (totalNorm + 1e-6)` if that is below 1 (`torch.nn.utils.clip_grads_with_norm_`).
 */
export function clipGradsWithNorm_(parameters: ParametersToClip, maxNorm: number, totalNorm: Tensor | number): void {
  requireNumber('clipGradsWithNorm_', 'maxNorm', maxNorm);
  const all = gradients('clipGradsWithNorm_', parameters);
  if (typeof totalNorm !== 'number') requireTensor('clipGradsWithNorm_', totalNorm, 'totalNorm');
  const size = typeof totalNorm === 'number' ? totalNorm : totalNorm.item();
  const factor = maxNorm / (size + 1e-6);
  // As in PyTorch, a NaN norm makes all gradients NaN, which shows the problem.
  if (factor >= 1) return;
  whole(() =>
    noGrad(() => {
      for (const grad of all) grad.mul_(factor);
    }),
  );
}

/**
 * Scales the gradients of parameters, in place, so that the norm of all of them together is at most `maxNorm`, and
 * returns that norm from before (`torch.nn.utils.clip_grad_norm_`). Call it between `backward()` and `step()`.
 *
 * @example
 * const w = tensor([3, 4], { requiresGrad: true });
 * w.square().sum().backward();
 * nn.utils.clipGradNorm_([w], 1) // tensor(10.)
 * w.grad // tensor([0.6000, 0.8000])
 * @throws {ValueError} if `errorIfNonfinite` is set and the norm is infinite or NaN; it names the parameter, by its number in the
 * list, and by its name if `namedParameters()` are given.
 */
export function clipGradNorm_(parameters: ParametersToClip, maxNorm: number, options: TotalNormOptions = {}): Tensor {
  const { normType = 2, errorIfNonfinite = false } = options;
  requireNumber('clipGradNorm_', 'maxNorm', maxNorm);
  const all = listed('clipGradNorm_', parameters);
  const total = totalNorm('clipGradNorm_', gradients('clipGradNorm_', parametersOf(all)), normType);
  if (errorIfNonfinite)
    requireFinite(
      'clipGradNorm_',
      total,
      normType,
      all.map(([name, p], i) => [`the gradient of parameter ${i}${name === null ? '' : `, ${name},`}`, p.grad]),
    );
  clipGradsWithNorm_(parametersOf(all), maxNorm, total);
  return total;
}

function requireTensors(op: string, parameters: Iterable<Tensor>): void {
  requireList(op, parameters);
  if (Array.isArray(parameters)) for (const p of parameters) requireTensor(op, p, 'each parameter');
}

const parametersOf = (all: readonly (readonly [unknown, Tensor])[]) => all.map(([, p]) => p);

function requireNumber(op: string, name: string, value: unknown): void {
  if (typeof value !== 'number') throw new ValueError(`${op}: ${name} must be a number, got ${describe(value)}`);
}

/**
 * Bounds every element of the gradients of parameters to `[-clipValue, clipValue]`, in place
 * (`torch.nn.utils.clip_grad_value_`).
 */
export function clipGradValue_(parameters: ParametersToClip, clipValue: number): void {
  requireNumber('clipGradValue_', 'clipValue', clipValue);
  const all = gradients('clipGradValue_', parameters);
  whole(() =>
    noGrad(() => {
      for (const grad of all) grad.clamp_(-clipValue, clipValue);
    }),
  );
}

/**
 * All elements of all parameters in one vector, differentiable (`torch.nn.utils.parameters_to_vector`).
 * @throws {ValueError} if there are no parameters.
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  requireTensors('parametersToVector', parameters);
  const list = [...parameters];
  for (const p of list) requireTensor('parametersToVector', p, 'each parameter');
  const parts = list.map((p) => p.reshape([-1]));
  if (parts.length === 0) throw new ValueError('parametersToVector: there are no parameters');
  return cat(parts);
}

/**
 * Copies the elements of a vector into parameters, one after the other (`torch.nn.utils.vector_to_parameters`).
 * Nothing is changed if it throws.
 * @throws {ShapeError} if the vector does not have exactly as many elements as the parameters.
 */
export function vectorToParameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  requireTensors('vectorToParameters', parameters);
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

export * as parametrizations from './parametrizations';
export * as parametrize from './parametrize';
export * as rnn from './utils-rnn';
