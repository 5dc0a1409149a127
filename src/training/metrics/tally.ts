import { ValueError } from '../../errors';
import type { Saved } from '../../io/checkpoint';
import { describe } from '../../ops/table/arguments';
import { packed, Tensor } from '../../tensor/tensor';

function copy(value: Saved): Saved {
  if (value instanceof Tensor) return value.detach().clone();
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copy(item)]));
}

/** A copy that shares nothing with the original. @internal */
export const copied = <T extends Saved>(value: T): T => copy(value) as T;

/** The elements in row-major order, without a copy where they lie so. @internal */
export function elementsOf(x: Tensor): ArrayLike<number> {
  const { memory, offset } = packed(x);
  const n = x.numel();
  return memory.length === n ? memory : memory.subarray(offset, offset + n);
}

/** A metric while it is measured, batch by batch. */
export interface Tally<V = number> {
  /** Takes the outputs of a batch and what they should be. */
  add(output: Tensor, target: Tensor): void;
  /** What was measured so far. */
  value(): V;
  /** What must be kept to go on later; numbers in lists and objects. */
  state(): Saved;
  /** Goes on from what `state` has given. */
  restore(state: Saved): void;
}

/**
 * What is measured of a net's outputs beside the loss. Those of the library stand in `training.metrics`; a function of outputs and
 * targets that gives a batch's mean is one as well, and so is every object with `start`.
 */
export interface Metric<V = number> {
  /** Whether a high value is good (`'max'`) or a low one (`'min'`). Default: unknown; whoever monitors it then says. */
  readonly mode?: 'min' | 'max';
  /** Begins to measure. */
  start(): Tally<V>;
}

/** A metric of one's own: the mean of a batch. Over several batches it is the mean of a row. */
export type MetricFunction = (output: Tensor, target: Tensor) => number | Tensor;

/** Metrics by the names under which the history has them. */
export type Metrics = Readonly<Record<string, Metric<number> | Metric<number[][]> | MetricFunction>>;

/** A metric whose state is an object that `add` changes. @internal */
export function metric<S extends object, V>(
  mode: 'min' | 'max' | undefined,
  begin: () => S,
  add: (state: S, output: Tensor, target: Tensor) => void,
  value: (state: S) => V,
): Metric<V> {
  const start = (): Tally<V> => {
    let state = begin();
    return {
      add: (output, target) => add(state, output, target),
      value: () => value(state),
      state: () => state as unknown as Saved,
      restore: (kept) => {
        state = copied(kept) as unknown as S;
      },
    };
  };
  return mode === undefined ? { start } : { mode, start };
}

/** A function's mean over rows. @internal */
export function metricOf(name: string, given: Metrics[string]): Metric<number> | Metric<number[][]> {
  if (typeof given === 'function')
    return metric(
      undefined,
      () => ({ sum: 0, rows: 0 }),
      (state, output, target) => {
        const found = given(output, target);
        const value = found instanceof Tensor ? found.item() : found;
        if (typeof value !== 'number')
          throw new ValueError(
            `training: the metric ${name} must give a number, the mean of a batch, got ${describe(value)}`,
          );
        const rows = output.shape[0] ?? 1;
        state.sum += rows * value;
        state.rows += rows;
      },
      ({ sum, rows }) => sum / rows,
    );
  if (typeof given !== 'object' || given === null || typeof given.start !== 'function')
    throw new ValueError(
      `training: the metric ${name} must be one of training.metrics, such as metrics.accuracy(), or a function of outputs ` +
        `and targets, got ${describe(given)}`,
    );
  return given;
}
