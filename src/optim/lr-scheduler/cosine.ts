import { ValueError } from '../../errors';
import { requireSizes } from '../../ops/table/arguments';
import { checkKind } from '../../options';
import type { Optimizer } from '../optimizer';
import { complete } from '../options';
import { EpochScheduler, type LastEpochOption } from './scheduler';

/** Options of {@link CosineAnnealingLR}. */
export interface CosineAnnealingLROptions extends LastEpochOption {
  /** The smallest learning rate; default 0. */
  etaMin?: number;
}

/** From 1 to 0 along half a cosine while `part` goes from 0 to 1. */
const halfCosine = (part: number) => (1 + Math.cos(Math.PI * part)) / 2;

/**
 * Lets the learning rate fall along half a cosine over `TMax` epochs, and rise again after them
 * (`torch.optim.lr_scheduler.CosineAnnealingLR`): `lr = etaMin + (base - etaMin)·(1 + cos(π·epoch / TMax)) / 2`.
 *
 * @example
 * const optimizer = new optim.SGD([tensor(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, 4);
 * const rates = [1, 2, 3, 4].map(() => {
 *   optimizer.step();
 *   scheduler.step();
 *   return scheduler.getLastLr()[0]!.toFixed(2);
 * });
 * rates // ['0.85', '0.50', '0.15', '0.00']
 * @throws {ValueError} if `TMax` is not a positive whole number.
 */
export class CosineAnnealingLR extends EpochScheduler {
  /** The smallest learning rate. */
  readonly etaMin: number;

  constructor(
    optimizer: Optimizer,
    /** Epochs until the smallest learning rate. */
    readonly TMax: number,
    options: CosineAnnealingLROptions = {},
  ) {
    const { etaMin, lastEpoch } = complete('CosineAnnealingLR', { etaMin: 0, lastEpoch: -1 }, options);
    requireSizes('CosineAnnealingLR', { TMax });
    super(optimizer, lastEpoch);
    this.etaMin = etaMin;
    this.start();
  }

  /** @internal */
  protected next(lr: number, base: number): number {
    if (this.isInitial) return lr;
    const { etaMin, TMax, lastEpoch } = this;
    // After the smallest rate the recursion would multiply zero.
    if ((lastEpoch - 1 - TMax) % (2 * TMax) === 0) return lr + (base - etaMin) * (1 - halfCosine(1 / TMax));
    return (halfCosine(lastEpoch / TMax) / halfCosine((lastEpoch - 1) / TMax)) * (lr - etaMin) + etaMin;
  }

  /** @internal */
  protected override first(base: number): number {
    return base;
  }
}

/** Options of {@link CosineAnnealingWarmRestarts}. */
export interface CosineAnnealingWarmRestartsOptions extends LastEpochOption {
  /** How many times longer each period is than the one before; default 1. */
  TMult?: number;
  /** The smallest learning rate; default 0. */
  etaMin?: number;
}

/**
 * Lets the learning rate fall along half a cosine, then starts again from the top
 * (`torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`). The first period takes `T0` epochs, each further one `TMult`
 * times as many.
 * @throws {ValueError} if `T0` or `TMult` is not a positive whole number.
 */
export class CosineAnnealingWarmRestarts extends EpochScheduler {
  /** How many times longer each period is than the one before. */
  readonly TMult: number;
  /** The smallest learning rate. */
  readonly etaMin: number;
  /** Length of this period. */
  TI: number;
  /** Epochs since it began. */
  TCur: number;

  constructor(
    optimizer: Optimizer,
    /** Length of the first period. */
    readonly T0: number,
    options: CosineAnnealingWarmRestartsOptions = {},
  ) {
    const defaults = { TMult: 1, etaMin: 0, lastEpoch: -1 };
    const { TMult, etaMin, lastEpoch } = complete('CosineAnnealingWarmRestarts', defaults, options);
    requireSizes('CosineAnnealingWarmRestarts', { T0, TMult });
    super(optimizer, lastEpoch);
    this.TMult = TMult;
    this.etaMin = etaMin;
    this.TI = T0;
    this.TCur = lastEpoch;
    this.start();
  }

  /** @internal */
  protected next(_lr: number, base: number): number {
    return this.etaMin + (base - this.etaMin) * halfCosine(this.TCur / this.TI);
  }

  /**
   * Goes on to the next epoch, or to the one given, which may be a fraction: `scheduler.step(epoch + i / batches)`
   * (`torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.step`).
   * @throws {ValueError} if the epoch is negative.
   */
  override step(epoch?: number): void {
    if (epoch !== undefined) checkKind('CosineAnnealingWarmRestarts', 'epoch', epoch, 'number');
    if (epoch !== undefined && !(epoch >= 0))
      throw new ValueError(`CosineAnnealingWarmRestarts: the epoch is ${epoch}; it must be 0 or more`);
    const to = epoch ?? (this.lastEpoch < 0 ? 0 : undefined);
    if (to === undefined) this.advance();
    else this.goTo(to);
    this.lastEpoch = Math.floor(to ?? this.lastEpoch + 1);
    this.setLrs((lr, base) => this.next(lr, base));
  }

  private advance(): void {
    this.TCur++;
    if (this.TCur < this.TI) return;
    this.TCur %= this.TI;
    this.TI *= this.TMult;
  }

  private goTo(epoch: number): void {
    const { T0, TMult } = this;
    // The periods T0·TMult^i before this one.
    const n =
      TMult === 1 ? Math.floor(epoch / T0) : Math.floor(Math.log((epoch / T0) * (TMult - 1) + 1) / Math.log(TMult));
    this.TCur = TMult === 1 ? epoch % T0 : epoch - (T0 * (TMult ** n - 1)) / (TMult - 1);
    this.TI = T0 * TMult ** n;
  }
}
