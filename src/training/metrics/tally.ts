import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Saved } from '../../io/checkpoint';
import { packed, Tensor } from '../../tensor/tensor';

function copy(value: Saved): Saved {
  if (value instanceof Tensor) return value.detach().clone();
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copy(item)]));
}

/** Returns a deep copy. @internal */
export const copied = <T extends Saved>(value: T): T => copy(value) as T;

/** Returns the elements in row-major order, without a copy if they are contiguous. @internal */
export function elementsOf(x: Tensor): ArrayLike<number> {
  const { memory, offset } = packed(x);
  const n = x.numel();
  return memory.length === n ? memory : memory.subarray(offset, offset + n);
}

/** The accumulator of a metric, batch by batch. */
export interface Tally<V = number> {
  /** Adds the outputs and targets of a batch. */
  add(output: Tensor, target: Tensor): void;
  /** Returns the value so far. */
  value(): V;
  /** Returns the state for a later continuation: numbers in lists and objects. */
  state(): Saved;
  /** Restores a result of `state`. */
  restore(state: Saved): void;
}

/**
 * A measure of a net's outputs beside the loss. The library's metrics are in `training.metrics`. A function of outputs
 * and targets that returns a batch's mean is a metric, and so is every object with `start`.
 */
export interface Metric<V = number> {
  /**
   * Whether a high value is good (`'max'`) or a low one (`'min'`). Default: unknown; a callback that monitors it then
   * needs `mode`.
   */
  readonly mode?: 'min' | 'max';
  /** Returns a new accumulator. */
  start(): Tally<V>;
}

/** A custom metric: returns the mean of a batch. Over several batches it is the mean of a row. */
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

/** Converts a function to a metric: its mean over rows. @internal */
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
            `training: the metric ${name} must return a number, the mean of a batch, got ${describe(value)}`,
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
