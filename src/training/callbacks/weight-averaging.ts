import { noGrad } from '../../autograd';
import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Saved } from '../../io/checkpoint';
import { requireBooleans, requireOneOf, requireSizes } from '../../ops/table/arguments';
import { swaUtils } from '../../optim';
import type { Tensor } from '../../tensor/tensor';
import { batchesOf, type TrainingData } from '../batches';
import { copied } from '../metrics/tally';
import type { Callback, Run } from './callback';
import { requireCounts } from './monitoring';

/** Options of {@link weightAveraging}. */
export interface WeightAveragingOptions {
  /** Decay of an exponential moving average, from 0 to below 1. Default: equal weights (SWA). */
  decay?: number;
  /** When the weights are added to the average. Default: after each `'epoch'`. */
  every?: 'epoch' | 'step';
  /** The first epoch whose weights count. Default: 0. */
  startFromEpoch?: number;
  /**
   * The data for recomputing the statistics of batch normalization at the end (`optim.swaUtils.updateBn`), because
   * those of averaged weights are not the averages of statistics. Default: the net keeps its own.
   */
  updateBn?: TrainingData;
  /** Number of rows at a time, for `updateBn` as `{ x, y }`. Default: 500. */
  batchSize?: number;
  /** Whether the net gets the averaged weights at the end. Default: true. */
  swap?: boolean;
  /** The callback's name. Default: `'weightAveraging'`. */
  name?: string;
}

/** The result of {@link weightAveraging}: a callback with the averages. */
export interface WeightAveraging extends Callback {
  /** The net with averaged weights; `undefined` before the first. */
  readonly averaged: swaUtils.AveragedModel | undefined;
}

/**
 * Averages the weights of a net during training, and gives it the averages at the end (`optim.swaUtils.AveragedModel`;
 * Keras' `SwapEMAWeights`, Lightning's `StochasticWeightAveraging`). Its learning-rate scheduler is
 * `optim.swaUtils.SWALR`.
 * @throws {ValueError} for an invalid option.
 */
export function weightAveraging(options: WeightAveragingOptions = {}): WeightAveraging {
  const who = 'weightAveraging';
  const { decay, every = 'epoch', startFromEpoch = 0, updateBn, batchSize = 500, swap = true, name = who } = options;
  requireOneOf(who, { every }, ['epoch', 'step']);
  requireCounts(who, { startFromEpoch });
  requireSizes(who, { batchSize });
  requireBooleans(who, { swap });
  if (decay !== undefined && !(typeof decay === 'number' && decay >= 0 && decay < 1))
    throw new ValueError(`${who}: decay is ${describe(decay)}; it must be from 0 to below 1, and mostly close to 1`);
  const batches = updateBn && batchesOf(`${who}: updateBn`, updateBn, { batchSize }, 500);
  let averaged: swaUtils.AveragedModel | undefined;
  let kept: { model: Record<string, Tensor> } | null = null;
  const take = ({ epoch, net }: Run) => {
    if (epoch >= startFromEpoch) averaged!.updateParameters(net);
  };
  return {
    name,
    get averaged() {
      return averaged;
    },
    state: () => copied({ model: averaged?.stateDict() ?? {} }),
    restore: (state: Saved) => {
      kept = state as typeof kept;
      if (averaged && kept) averaged.loadStateDict(kept.model);
    },
    onTrainBegin({ net }) {
      averaged = new swaUtils.AveragedModel(
        net,
        decay === undefined ? {} : { multiAvgFn: swaUtils.getEmaMultiAvgFn(decay) },
      );
    },
    onTrainBatchEnd(_batch, _logs, run) {
      if (every === 'step') take(run);
    },
    onEpochEnd(_epoch, _logs, run) {
      if (every === 'epoch') take(run);
    },
    onTrainEnd({ net }) {
      if (!swap || averaged === undefined || averaged.nAveraged.item() === 0) return;
      const of = averaged.module;
      noGrad(() => {
        for (const [i, p] of net.parameters().entries()) p.detach().copy_(of.parameters()[i]!);
      });
      if (batches) swaUtils.updateBn(batches, net);
    },
  };
}
