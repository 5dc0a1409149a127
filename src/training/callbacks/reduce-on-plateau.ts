import type { Saved } from '../../io/checkpoint';
import { lrScheduler } from '../../optim';
import type { ReduceLROnPlateauOptions } from '../../optim/lr-scheduler/plateau';
import type { SchedulerState } from '../../optim/lr-scheduler/scheduler';
import * as names from '../../option-names';
import { checkOptions } from '../../options';
import { refuseSurplus } from '../../surplus';
import type { Callback } from './callback';
import { checkMonitoring, directionOf, type MonitorOptions } from './monitoring';

/** Options of {@link reduceOnPlateau}: those of `optim.lrScheduler.ReduceLROnPlateau`, and what is looked at. */
export interface ReduceOnPlateauOptions<N extends string>
  extends Omit<ReduceLROnPlateauOptions, 'mode'>,
    MonitorOptions<N> {
  /** How the callback is called. Default: `'reduceOnPlateau'`. */
  name?: string;
}

/**
 * Reduces the learning rate when a number has stopped improving (Keras' `ReduceLROnPlateau`), by PyTorch's rule:
 * `optim.lrScheduler.ReduceLROnPlateau`, on any number of the epoch. It can stand beside a scheduler that is stepped first.
 * @throws {ValueError} as that, when the training begins; or if the training has no such number.
 */
export function reduceOnPlateau<const N extends string>(options: ReduceOnPlateauOptions<N>): Callback<N> {
  const who = 'reduceOnPlateau';
  if (arguments.length > 1) refuseSurplus(who, arguments, 1);
  checkOptions(who, options ?? null, names.ReduceOnPlateauOptions);
  checkMonitoring(who, options);
  const { monitor, mode: _, name = who, ...rest } = options;
  let scheduler: lrScheduler.ReduceLROnPlateau | undefined;
  return {
    name,
    monitor,
    state: () => (scheduler?.stateDict() ?? null) as Saved,
    restore: (state) => {
      if (state !== null) scheduler?.loadStateDict(state as SchedulerState);
    },
    onTrainBegin(run) {
      const mode = directionOf(name, run, options);
      scheduler = new lrScheduler.ReduceLROnPlateau(run.optimizer, { ...rest, mode });
    },
    onEpochEnd(_epoch, logs) {
      scheduler!.step(logs[monitor]!);
    },
  };
}
