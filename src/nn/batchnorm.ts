import { noGrad } from '../autograd';
import { repr } from '../display';
import { ShapeError } from '../errors';
import { requireBooleans, requireFloatTensor } from '../ops/table/arguments';
import { ones, tensor, zeros } from '../tensor/creation';
import { checkDtype, type Dtype } from '../tensor/dtype';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { batchNorm, instanceNorm } from './functional';
import { noteMembers } from './module-tree';
import { AffineNorm } from './normalization';
import { Buffer } from './parameter';
import { rankOf } from './spatial';

/** Options of the layers that normalize channels by statistics they may keep. */
export interface ChannelNormOptions {
  /** Added to the variance; default 1e-5. */
  eps?: number;
  /**
   * Weight of a new batch in the running statistics; default 0.1. `null`: the mean of all batches (not for instances).
   */
  momentum?: number | null;
  /** Learn a weight and a bias for each channel; default `true` for batches, `false` for instances. */
  affine?: boolean;
  /** Keep running statistics for evaluation; default `true` for batches, `false` for instances. */
  trackRunningStats?: boolean;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
  /** With `affine`, learn a bias as well as a weight; default `true`. */
  bias?: boolean;
}

/** Base class of batch and instance normalization. */
abstract class ChannelNorm extends AffineNorm {
  /** Added to the variance. */
  readonly eps: number;
  /** Weight of a new batch in the running statistics, or `null` for the mean of all batches. */
  readonly momentum: number | null;
  /** Whether a weight (and a bias) is learned. */
  readonly affine: boolean;
  /** Whether running statistics are kept. */
  readonly trackRunningStats: boolean;
  /** Running means `[numFeatures]`, or `null`. */
  runningMean: Buffer | null;
  /** Running variances `[numFeatures]`, or `null`. */
  runningVar: Buffer | null;
  /** Number of batches in the running statistics, or `null`. */
  numBatchesTracked: Buffer | null;

  constructor(
    /** Number of channels. */
    readonly numFeatures: number,
    options: ChannelNormOptions,
    byDefault: boolean,
  ) {
    const {
      eps = 1e-5,
      momentum = 0.1,
      affine = byDefault,
      trackRunningStats = byDefault,
      dtype,
      bias = true,
    } = options;
    super({ numFeatures }, affine, bias, dtype);
    if (dtype !== undefined) checkDtype(this.constructor.name, dtype);
    requireBooleans(this.constructor.name, { trackRunningStats });
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.runningMean = trackRunningStats ? new Buffer(zeros([numFeatures], { dtype })) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones([numFeatures], { dtype })) : null;
    this.numBatchesTracked = trackRunningStats ? new Buffer(tensor(0, { dtype: 'int32' })) : null;
    noteMembers(this);
  }

  /** Resets the running statistics (`torch.nn.BatchNorm2d.reset_running_stats`). */
  resetRunningStats(): void {
    noGrad(() => {
      this.runningMean?.zero_();
      this.runningVar?.fill_(1);
      this.numBatchesTracked?.zero_();
    });
  }

  /** Resets the weights and the running statistics (`torch.nn.BatchNorm2d.reset_parameters`). */
  override resetParameters(): void {
    this.resetRunningStats();
    super.resetParameters();
  }

  /** @throws {ShapeError} unless the input has one of these numbers of dimensions. @internal */
  protected checkInput(input: Tensor, ranks: readonly number[]): void {
    requireFloatTensor(this.constructor.name, input);
    if (!ranks.includes(input.ndim))
      throw new ShapeError(
        `${this.constructor.name}: needs an input of ${ranks.join(' or ')} dimensions, got shape ` +
          formatShape(input.sizes),
      );
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this;
    return (
      `${numFeatures}, eps=${repr(eps)}, momentum=${repr(momentum)}, affine=${repr(affine)}, ` +
      `bias=${repr(this.bias !== null)}, trackRunningStats=${repr(trackRunningStats)}`
    );
  }
}

/**
 * Batch normalization (`torch.nn.BatchNorm2d`) of inputs `[N, C, H, W]`: each channel with mean 0 and variance 1 over the
 * batch, times a learned weight plus a learned bias; in evaluation by running statistics. `BatchNorm1d` also takes `[N, C]`.
 * See `nn.functional.batchNorm`.
 * @passesOn
 */
export abstract class BatchNorm extends ChannelNorm {
  /**
   * Batch normalization of `numFeatures` channels.
   * @throws {ValueError} if `numFeatures` is no whole number, or a switch neither `true` nor `false`.
   */
  constructor(numFeatures: number, options: ChannelNormOptions = {}) {
    super(numFeatures, options, true);
  }

  forward(input: Tensor): Tensor {
    const rank = rankOf(this);
    this.checkInput(input, rank === 1 ? [2, 3] : [rank + 2]);
    const { runningMean, runningVar, numBatchesTracked, weight, bias, momentum, eps } = this;
    if (!this.training)
      return batchNorm(input, runningMean, runningVar, { weight, bias, training: runningMean === null, eps });
    const batches = numBatchesTracked === null ? 1 : numBatchesTracked.item() + 1;
    const options = { weight, bias, training: true, momentum: momentum ?? 1 / batches, eps };
    const y = batchNorm(input, runningMean, runningVar, options);
    noGrad(() => numBatchesTracked?.fill_(batches));
    return y;
  }
}

/**
 * Instance normalization (`torch.nn.InstanceNorm2d`) of inputs `[N, C, H, W]` or `[C, H, W]`: each channel of each case with
 * mean 0 and variance 1. See `nn.functional.instanceNorm`.
 */
export abstract class InstanceNorm extends ChannelNorm {
  /**
   * Instance normalization of `numFeatures` channels.
   * @throws {ValueError} if `numFeatures` is no whole number, or a switch neither `true` nor `false`.
   */
  constructor(numFeatures: number, options: ChannelNormOptions = {}) {
    super(numFeatures, options, false);
  }

  forward(input: Tensor): Tensor {
    const rank = rankOf(this);
    this.checkInput(input, [rank + 1, rank + 2]);
    const single = input.ndim === rank + 1;
    const { runningMean, runningVar, weight, bias, momentum, eps } = this;
    const y = instanceNorm(single ? input.unsqueeze(0) : input, {
      runningMean,
      runningVar,
      weight,
      bias,
      useInputStats: this.training || runningMean === null,
      momentum: momentum ?? 0,
      eps,
    });
    return single ? y.squeeze(0) : y;
  }
}
