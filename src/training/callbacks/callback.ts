import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Saved } from '../../io/checkpoint';
import type { Optimizer } from '../../optim';
import type { History } from '../history';
import type { Net } from '../net';

/** The numbers of an epoch, or of the epoch so far, by name; those of the validation only after it. */
export type Logs<N extends string = string> = { readonly [name in N]?: number };

/** The running training, as its callbacks see it. */
export interface Run {
  /** The net. */
  readonly net: Net;
  /** The optimizer. */
  readonly optimizer: Optimizer;
  /** The total number of epochs. */
  readonly epochs: number;
  /** The current epoch, from 0. */
  readonly epoch: number;
  /** Number of completed batches in the epoch. */
  readonly batch: number;
  /** Number of optimizer steps. */
  readonly steps: number;
  /** The numbers of all completed epochs. */
  readonly history: History;
  /** The names of an epoch's numbers; those of the validation only if there is one. */
  readonly names: readonly string[];
  /** Whether a higher value of this name is better (`'max'`) or a lower one (`'min'`); `undefined` if unknown. */
  modeOf(name: string): 'min' | 'max' | undefined;
  /** Ends the training after this batch or epoch; `Fitted.stopped` has the reason. */
  stop(reason?: string): void;
  /**
   * Writes a checkpoint into a file after all callbacks of this point; then calls `after`.
   * @param file its path, relative to the notebook's folder
   */
  save(file: string, after?: () => void | Promise<void>): void;
}

/**
 * A callback of {@link fit}: a plain object with a name, hooks (with Keras' names), and optionally a state. A hook that
 * returns `false` ends the training. In {@link fitAsync} hooks may be asynchronous and are awaited.
 */
export interface Callback<N extends string = never> {
  /** Its unique name in errors, in {@link trace} and in checkpoints. */
  readonly name: string;
  /**
   * The number of an epoch that it monitors. An unknown name is an error, of the compiler and before the training
   * starts.
   */
  readonly monitor?: N | undefined;
  /** Returns its state, for a checkpoint. */
  state?(): Saved;
  /** Restores a result of `state`; called after `onTrainBegin`. */
  restore?(state: Saved): void;
  /** Called before the first epoch, or at the start of a resumed training. */
  onTrainBegin?(run: Run): unknown;
  /** Before an epoch. */
  onEpochBegin?(epoch: number, run: Run): unknown;
  /** Before a batch. */
  onTrainBatchBegin?(batch: number, run: Run): unknown;
  /** Called when the gradients are computed and clipped, before the optimizer steps. */
  onBeforeOptimizerStep?(run: Run): unknown;
  /** After a batch, with the means over the epoch so far. */
  onTrainBatchEnd?(batch: number, logs: Logs, run: Run): unknown;
  /** Before the validation. */
  onTestBegin?(run: Run): unknown;
  /** After the validation. */
  onTestEnd?(logs: Logs, run: Run): unknown;
  /** After an epoch, with its numbers, which are in the history already. */
  onEpochEnd?(epoch: number, logs: Logs<string>, run: Run): unknown;
  /** Called at the end, for any reason: the last epoch, a callback, an error or *Stop*. It cannot be interrupted. */
  onTrainEnd?(run: Run): void;
}

/** A function as callback is called after each epoch. */
export type EpochFunction = (epoch: number, logs: Logs, run: Run) => unknown;

/** The name of a hook. */
export type HookName = Extract<keyof Callback, `on${string}`>;

/** The hooks, in the order in which they are called. @internal */
export const hookNames: readonly HookName[] = [
  'onTrainBegin',
  'onEpochBegin',
  'onTrainBatchBegin',
  'onBeforeOptimizerStep',
  'onTrainBatchEnd',
  'onTestBegin',
  'onTestEnd',
  'onEpochEnd',
  'onTrainEnd',
];

/**
 * Converts functions to callbacks. @throws {ValueError} if one is not a callback, or two have the same name. @internal
 */
export function callbacksOf(given: readonly unknown[]): Callback<string>[] {
  if (!Array.isArray(given)) throw new ValueError(`fit: callbacks must be a list, got ${describe(given)}`);
  const names = new Set<string>();
  return given.map((one: unknown, i): Callback<string> => {
    if (typeof one === 'function')
      return { name: one.name === '' ? `callback ${i}` : `${one.name} (${i})`, onEpochEnd: one as EpochFunction };
    const { name } = (one ?? {}) as Partial<Callback<string>>;
    if (typeof name !== 'string' || name === '')
      throw new ValueError(
        `fit: callback ${i} must be an object with a name and hooks (${hookNames.join(', ')}), or a function, got ${describe(one)}`,
      );
    if (names.has(name))
      throw new ValueError(
        `fit: two callbacks are called ${name}; give one another name, by which checkpoints know it`,
      );
    names.add(name);
    const known: readonly string[] = [...hookNames, 'state', 'restore'];
    const odd = Object.entries(one as object).find(
      ([key, value]) => /^on[A-Z]/.test(key) && (!known.includes(key) || typeof value !== 'function'),
    );
    if (odd)
      throw new ValueError(
        known.includes(odd[0])
          ? `fit: ${odd[0]} of the callback ${name} must be a function, got ${describe(odd[1])}`
          : `fit: the callback ${name} has ${odd[0]}, which is never called; the hooks are ${hookNames.join(', ')}`,
      );
    return one as Callback<string>;
  });
}
