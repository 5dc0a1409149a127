import { ValueError } from '../../errors';
import type { Saved } from '../../io/checkpoint';
import { describe } from '../../ops/table/arguments';
import type { Optimizer } from '../../optim';
import type { History } from '../history';
import type { Net } from '../net';

/** The numbers of an epoch, or of the epoch so far, by name; those of the validation only once it has been. */
export type Logs<N extends string = string> = { readonly [name in N]?: number };

/** A training that goes on, as its callbacks see it. */
export interface Run {
  /** What is trained. */
  readonly net: Net;
  /** What steps. */
  readonly optimizer: Optimizer;
  /** How many epochs there will be. */
  readonly epochs: number;
  /** The epoch that goes on, from 0. */
  readonly epoch: number;
  /** How many batches of the epoch are done. */
  readonly batch: number;
  /** How often the optimizer has stepped. */
  readonly steps: number;
  /** The numbers of all whole epochs. */
  readonly history: History;
  /** The names of the numbers that an epoch has; those of the validation only if there is one. */
  readonly names: readonly string[];
  /** Whether a high number of that name is good (`'max'`) or a low one (`'min'`); `undefined` if nobody knows. */
  modeOf(name: string): 'min' | 'max' | undefined;
  /** Ends the training when this batch, or epoch, is over; the reason stands in `Fitted.stopped`. */
  stop(reason?: string): void;
  /**
   * Writes everything that is needed to go on from here into one file, when all callbacks have had their turn; then calls `after`.
   * @param file its path, from the notebook's folder on
   */
  save(file: string, after?: () => void | Promise<void>): void;
}

/**
 * What happens during {@link fit}: a plain object with a name, functions that are called on the way (Keras' names), and what it remembers.
 * A hook that returns `false` ends the training. In {@link fitAsync} hooks may be asynchronous, and are waited for.
 */
export interface Callback<N extends string = never> {
  /** How it is called in errors, in {@link trace} and in checkpoints; no two have the same. */
  readonly name: string;
  /** The number of an epoch that it looks at: a name that the training does not have is an error, of the compiler and before it starts. */
  readonly monitor?: N | undefined;
  /** What it remembers, for a checkpoint. */
  state?(): Saved;
  /** Goes on from what `state` has given; called after `onTrainBegin`. */
  restore?(state: Saved): void;
  /** Before the first epoch, or where a resumed training goes on. */
  onTrainBegin?(run: Run): unknown;
  /** Before an epoch. */
  onEpochBegin?(epoch: number, run: Run): unknown;
  /** Before a batch. */
  onTrainBatchBegin?(batch: number, run: Run): unknown;
  /** When the gradients are there, clipped, and before the optimizer steps. */
  onBeforeOptimizerStep?(run: Run): unknown;
  /** After a batch, with the means over the epoch so far. */
  onTrainBatchEnd?(batch: number, logs: Logs, run: Run): unknown;
  /** Before the validation. */
  onTestBegin?(run: Run): unknown;
  /** After the validation. */
  onTestEnd?(logs: Logs, run: Run): unknown;
  /** After an epoch, with its numbers, which the history has by then. */
  onEpochEnd?(epoch: number, logs: Logs<string>, run: Run): unknown;
  /** At the end, whatever ended the training: the last epoch, a callback, an error or *Stop*; nothing interrupts it. */
  onTrainEnd?(run: Run): void;
}

/** A callback that is a function alone is called after each epoch. */
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

/** Functions as callbacks. @throws {ValueError} if one is none, or two have one name. @internal */
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
