import { AutogradError, ValueError } from '../errors';
import type { Module } from '../nn/module';
import { isPlainRecord, putInPlace, type StateInPlace, swapped } from '../nn/swap';

/** Options of {@link functionalCall}. */
export interface FunctionalCallOptions {
  /** Whether a tied parameter is replaced at all its paths by the value given for one of them; default `true`. */
  tieWeights?: boolean;
  /** Whether every parameter and buffer must be given; default `false`. */
  strict?: boolean;
}

/**
 * Calls a module with other tensors in place of its parameters and buffers (`torch.func.functional_call`): `y = net(x;
 * θ)` as a function of `θ`, differentiable to any order. `parameters` is a record by the paths of `namedParameters()`
 * and `namedBuffers()`, or a list of such records; parameters that it does not name keep their values. `args` is the
 * module's only input, or a list of all inputs.
 *
 * Afterwards the module is restored, also after an error. Buffers that it modifies in place, such as running means, are
 * the given ones; a buffer that it assigns is assigned in `parameters`. Unlike PyTorch, which ignores an unknown last
 * name, it throws for every unknown path.
 *
 * @example
 * const net = new nn.Linear(1, 1, { bias: false });
 * const weight = tensor([[3]], { requiresGrad: true });
 * const y = func.functionalCall(net, { weight }, tensor([[2]])); // tensor([[6.]], gradFn=<MmBackward0>)
 * grad(y, weight) // [ tensor([[2.]]) ]
 * @throws {ValueError} for a path without a parameter or buffer, a value that is not a tensor, a path in two records,
 * tied parameters with different values, or, with `strict`, a missing one; {@link AutogradError} if `forward` is
 * asynchronous.
 */
export function functionalCall<A extends unknown[], R>(
  module: Module<A, R>,
  parameters: StateInPlace | readonly StateInPlace[],
  args: A | A[0],
  options: FunctionalCallOptions = {},
): R {
  const given = merged(parameters);
  const { tieWeights = true, strict = false } = options;
  const places = putInPlace('functionalCall', module as never, given, { tieWeights, strict });
  const input = (Array.isArray(args) ? args : [args]) as A;
  const result = swapped(
    places,
    () => module(...input),
    (path, now) => {
      if (!Array.isArray(parameters)) (parameters as Record<string, unknown>)[path] = now;
    },
  );
  if (result instanceof Promise)
    throw new AutogradError(
      'functionalCall: forward must not be asynchronous: what follows its first await would run with the parameters of ' +
        'before; await the data first, and pass it in',
    );
  return result;
}

/** @throws {ValueError} if a path is in two records, or one is not a record. */
function merged(parameters: StateInPlace | readonly StateInPlace[]): StateInPlace {
  const records = (Array.isArray(parameters) ? parameters : [parameters]) as readonly StateInPlace[];
  const all: Record<string, StateInPlace[string]> = {};
  for (const record of records) {
    if (!isPlainRecord(record))
      throw new ValueError(
        'functionalCall: the parameters must be a record of tensors by path, or a list of such records; ' +
          'Object.fromEntries(net.namedParameters()) is one',
      );
    for (const [path, value] of Object.entries(record)) {
      if (Object.hasOwn(all, path))
        throw new ValueError(
          `functionalCall: '${path}' is in more than one record, so that it is not clear which to use`,
        );
      all[path] = value;
    }
  }
  return all;
}
