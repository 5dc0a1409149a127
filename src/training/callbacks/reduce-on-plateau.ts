import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Saved } from '../../io/checkpoint';
import { copied } from '../metrics/tally';
import type { Callback } from './callback';
import { checkMonitoring, directionOf, isBetter, type MonitorOptions, requireCounts } from './monitoring';

/** Options of {@link reduceOnPlateau}. */
export interface ReduceOnPlateauOptions<N extends string> extends MonitorOptions<N> {
  /** The factor that multiplies the learning rate, from 0 to below 1. Default: 0.1. */
  factor?: number;
  /** Number of epochs without improvement before a reduction; 0 counts as 1. Default: 10. */
  patience?: number;
  /** The least improvement that counts, as a difference. Default: 1e-4. */
  minDelta?: number;
  /** Number of epochs after a reduction that do not count. Default: 0. */
  cooldown?: number;
  /** The smallest learning rate. Default: 0. */
  minLr?: number;
  /** The callback's name. Default: `'reduceOnPlateau'`. */
  name?: string;
}

/**
 * Reduces the learning rates of all groups when a number has stopped improving, by the rule of Keras'
 * `ReduceLROnPlateau`: after `patience` epochs in a row without improvement. It can be combined with a scheduler, which
 * steps first.
 *
 * PyTorch's rule is that of `optim.lrScheduler.ReduceLROnPlateau`, the option `scheduler` of `fit`. It reduces one
 * epoch later, and its threshold is relative to the best value.
 *
 * @example
 * const net = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(net.parameters(), { lr: 0.4 });
 * const x = rand([16, 2]);
 * const rates: number[] = [];
 * training.fit(net, { x, y: x }, {
 *   loss: (output) => output.sum().mul(0), optimizer, epochs: 4,
 *   callbacks: [training.reduceOnPlateau({ monitor: 'loss', patience: 1, factor: 0.5 }), () => void rates.push(optimizer.paramGroups[0].lr)],
 * });
 * rates // [0.4, 0.2, 0.1, 0.05]
 * @throws {ValueError} for an invalid option; when a training begins, if it has no such number, or its direction is
 * unknown.
 */
export function reduceOnPlateau<const N extends string>(options: ReduceOnPlateauOptions<N>): Callback<N> {
  const who = 'reduceOnPlateau';
  checkMonitoring(who, options);
  const { monitor, factor = 0.1, patience = 10, minDelta = 1e-4, cooldown = 0, minLr = 0, name = who } = options;
  requireCounts(who, { patience, cooldown });
  if (!(typeof factor === 'number' && factor >= 0 && factor < 1))
    throw new ValueError(`${who}: factor is ${describe(factor)}; it must be from 0 to below 1`);
  for (const [key, value] of Object.entries({ minDelta, minLr }))
    if (!(typeof value === 'number' && value >= 0))
      throw new ValueError(`${who}: ${key} is ${describe(value)}; it must be 0 or more`);
  let mode: 'min' | 'max' = 'min';
  let seen = fresh();
  function fresh(): { best: number | null; wait: number; cooldown: number } {
    return { best: null, wait: 0, cooldown: 0 };
  }
  return {
    name,
    monitor,
    state: () => copied(seen),
    restore: (state: Saved) => {
      seen = copied(state) as typeof seen;
    },
    onTrainBegin(run) {
      mode = directionOf(name, run, options);
      seen = fresh();
    },
    onEpochEnd(_epoch, logs, { optimizer }) {
      const value = logs[monitor]!;
      if (seen.cooldown > 0) {
        seen.cooldown--;
        seen.wait = 0;
      }
      if (seen.best === null || Number.isNaN(seen.best) || isBetter(mode, value, seen.best, minDelta)) {
        seen.best = value;
        seen.wait = 0;
        return;
      }
      if (seen.cooldown > 0 || ++seen.wait < patience) return;
      const groups = optimizer.paramGroups.filter(({ lr }) => lr > minLr);
      // As in Keras, there is no cooldown if all rates are at their minimum already.
      if (groups.length === 0) return;
      for (const group of groups) group.lr = Math.max(group.lr * factor, minLr);
      seen.cooldown = cooldown;
      seen.wait = 0;
    },
  };
}
