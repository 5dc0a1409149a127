import { noGrad } from '../../autograd';
import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Saved } from '../../io/checkpoint';
import { isBuffer } from '../../nn/parameter';
import { requireBooleans } from '../../ops/table/arguments';
import type { Tensor } from '../../tensor/tensor';
import { copied } from '../metrics/tally';
import type { Net } from '../net';
import type { Callback, Run } from './callback';
import { checkMonitoring, directionOf, isBetter, type MonitorOptions, requireCounts } from './monitoring';

/** Options of {@link earlyStopping}. */
export interface EarlyStoppingOptions<N extends string> extends MonitorOptions<N> {
  /** Number of epochs without improvement before the training ends. Default: 0. */
  patience?: number;
  /** The least improvement that counts. Default: 0. */
  minDelta?: number;
  /** The first epoch that counts. Default: 0. */
  startFromEpoch?: number;
  /** A value that the number must beat to count as an improvement. Default: none. */
  baseline?: number;
  /**
   * Whether the net gets the weights of the best value at the end, also after *Stop* or an error. Default: true.
   */
  restoreBestWeights?: boolean;
  /** The callback's name. Default: `'earlyStopping'`. */
  name?: string;
}

/** The state. */
type Seen = {
  best: number | null;
  bestEpoch: number;
  wait: number;
  /** The weights of the best value. */
  weights: Tensor[] | null;
  /** The weights before the step of the last batch, in an epoch whose training is measured. */
  measured: Tensor[] | null;
};

/** Returns parameters and all buffers of a net. */
const valuesOf = (net: Net): Tensor[] =>
  [...net.parameters(), ...net.buffers().filter(isBuffer)].map((x) => x.detach());

/**
 * Ends a training when a number stops improving, and gives the net the weights of its best value (Keras'
 * `EarlyStopping`, with `restore_best_weights` on). Its state is saved in checkpoints, so that patience continues.
 *
 * A number of the validation is measured with the weights at the end of the epoch. A number of the training, such as
 * `'loss'`, is a mean over the epoch's batches, each measured before its step. For it, the weights before the last step
 * are restored. The weights after that step were not measured, and may be far worse; Keras restores those. If an epoch
 * is one batch, the loss of the restored weights is the best loss. Otherwise only a validation measures one set of
 * weights on all rows.
 *
 * @example
 * const net = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
 * const x = rand([40, 2]);
 * const { stopped } = training.fit(net, { x, y: x.sum(1, { keepdim: true }) }, {
 *   loss: nn.functional.mseLoss, optimizer, epochs: 500, validationSplit: 0.2,
 *   callbacks: [training.earlyStopping({ monitor: 'valLoss', patience: 3, minDelta: 1e-4 })],
 * });
 * stopped?.startsWith('valLoss did not improve') // true
 * @throws {ValueError} for an invalid option; when a training begins, if it has no such number, or its direction is
 * unknown.
 */
export function earlyStopping<const N extends string>(options: EarlyStoppingOptions<N>): Callback<N> {
  const who = 'earlyStopping';
  checkMonitoring(who, options);
  const {
    monitor,
    patience = 0,
    minDelta = 0,
    startFromEpoch = 0,
    baseline,
    restoreBestWeights = true,
    name = who,
  } = options;
  requireCounts(who, { patience, startFromEpoch });
  requireBooleans(who, { restoreBestWeights });
  if (!(typeof minDelta === 'number' && minDelta >= 0))
    throw new ValueError(`${who}: minDelta is ${describe(minDelta)}; it must be 0 or more`);
  let mode: 'min' | 'max' = 'min';
  let seen = fresh();
  function fresh(): Seen {
    return { best: null, bestEpoch: -1, wait: 0, weights: null, measured: null };
  }
  const isOfTraining = !/^val[A-Z]/.test(monitor);
  return {
    name,
    monitor,
    state: () => copied(seen),
    restore: (state: Saved) => {
      seen = { ...fresh(), ...(copied(state) as Seen) };
    },
    onTrainBegin(run) {
      mode = directionOf(name, run, options);
      seen = fresh();
    },
    ...(isOfTraining &&
      restoreBestWeights && {
        onTrainBatchBegin(_batch: number, run: Run) {
          const values = valuesOf(run.net);
          const { measured } = seen;
          if (measured === null) seen.measured = values.map((x) => x.clone());
          else for (const [i, x] of measured.entries()) x.copy_(values[i]!);
        },
      }),
    onEpochEnd(epoch, logs, run) {
      const { measured } = seen;
      seen.measured = null;
      if (epoch < startFromEpoch) return;
      const value = logs[monitor]!;
      // As in Keras, a value that does not beat the baseline still counts as the best so far.
      seen.wait++;
      if (seen.best === null || Number.isNaN(seen.best) || isBetter(mode, value, seen.best, minDelta)) {
        if (restoreBestWeights) seen.weights = measured ?? valuesOf(run.net).map((x) => x.clone());
        seen.best = value;
        seen.bestEpoch = epoch;
        if (baseline === undefined || isBetter(mode, value, baseline, minDelta)) seen.wait = 0;
        return;
      }
      if (seen.wait >= patience && epoch > 0)
        run.stop(
          `${monitor} did not improve for ${seen.wait} ${seen.wait === 1 ? 'epoch' : 'epochs'}; its best was ${seen.best} in epoch ${seen.bestEpoch}`,
        );
    },
    onTrainEnd(run) {
      const { weights } = seen;
      if (weights === null) return;
      noGrad(() => {
        for (const [i, x] of valuesOf(run.net).entries()) x.copy_(weights[i]!);
      });
    },
  };
}
