import { describe } from '../../describe';
import { ValueError } from '../../errors';
import { requireOneOf, requireSizes } from '../../ops/table/arguments';
import type { Optimizer, OptimizerOptions, ParamGroup } from '../optimizer';
import { complete } from '../options';
import { EpochScheduler, type LastEpochOption, perGroup } from './scheduler';

/** How a momentum is cycled against the learning rate. */
interface MomentumCycle {
  readonly cycleMomentum: boolean;
  readonly baseMomentum: number | readonly number[];
  readonly maxMomentum: number | readonly number[];
  readonly lastEpoch: number;
}

/** The limits between which a momentum is cycled. */
interface Limits {
  readonly base: number;
  readonly max: number;
}

/** A scheduler that may cycle the momentum, or `β₁` of optimizers that have betas. */
abstract class CyclingScheduler extends EpochScheduler {
  readonly cycleMomentum: boolean;
  readonly baseMomentums: number[];
  readonly maxMomentums: number[];

  /** @internal */
  constructor(optimizer: Optimizer, options: MomentumCycle) {
    super(optimizer, options.lastEpoch);
    this.cycleMomentum = options.cycleMomentum;
    this.baseMomentums = perGroup(this.name, 'baseMomentum', options.baseMomentum, optimizer);
    this.maxMomentums = perGroup(this.name, 'maxMomentum', options.maxMomentum, optimizer);
    if (this.cycleMomentum && !('momentum' in optimizer.defaults || 'betas' in optimizer.defaults))
      throw new ValueError(
        `${this.name}: ${optimizer.constructor.name} has no momentum to cycle; pass { cycleMomentum: false }`,
      );
  }

  /** The momentum of a group at `lastEpoch`. @internal */
  protected abstract momentum(limits: Limits): number;

  /** @internal */
  protected override setLrs(rule: (lr: number, base: number, k: number) => number): void {
    super.setLrs(rule);
    if (!this.cycleMomentum) return;
    this.maxMomentums.forEach((max, k) => {
      setMomentum(this.groups[k], this.momentum({ base: this.baseMomentums[k], max }));
    });
  }
}

function setMomentum(group: ParamGroup<OptimizerOptions>, momentum: number): void {
  const options = group as { momentum?: number; betas?: readonly number[] };
  if (options.betas === undefined) options.momentum = momentum;
  else options.betas = [momentum, ...options.betas.slice(1)];
}

/** Options of {@link CyclicLR}. */
export interface CyclicLROptions extends LastEpochOption {
  /** Steps of the rise; default 2000. */
  stepSizeUp?: number;
  /** Steps of the fall; default `stepSizeUp`. */
  stepSizeDown?: number | null;
  /** `'triangular'` (default), `'triangular2'`, which halves the cycles, or `'exp_range'`, which shrinks them by `gamma` a step. */
  mode?: 'triangular' | 'triangular2' | 'exp_range';
  /** Factor of `'exp_range'`; default 1. */
  gamma?: number;
  /** Scales the cycles instead of `mode`, from 0 to 1. */
  scaleFn?: ((x: number) => number) | null;
  /** Whether `scaleFn` is a function of the number of the cycle (`'cycle'`, default) or of the step (`'iterations'`); modes have their own. */
  scaleMode?: 'cycle' | 'iterations';
  /** Cycle the momentum against the learning rate; default `true`. */
  cycleMomentum?: boolean;
  /** The momentum at the largest learning rate, for all groups or each; default 0.8. */
  baseMomentum?: number | readonly number[];
  /** The momentum at the smallest learning rate, for all groups or each; default 0.9. */
  maxMomentum?: number | readonly number[];
}

/**
 * Lets the learning rate rise and fall in straight lines between `baseLr` and `maxLr`
 * (`torch.optim.lr_scheduler.CyclicLR`), and the momentum against it. Step it after every batch.
 * @throws {ValueError} if the mode is unknown, a list has another length than the groups, or the optimizer has no
 * momentum to cycle.
 */
export class CyclicLR extends CyclingScheduler {
  readonly maxLrs: number[];
  readonly totalSize: number;
  readonly stepRatio: number;
  readonly mode: string;
  readonly gamma: number;
  readonly scaleMode: string;
  readonly scaleFn: ((x: number) => number) | null;

  constructor(
    optimizer: Optimizer,
    baseLr: number | readonly number[],
    maxLr: number | readonly number[],
    options: CyclicLROptions = {},
  ) {
    const defaults: Required<CyclicLROptions> = {
      stepSizeUp: 2000,
      stepSizeDown: null,
      mode: 'triangular',
      gamma: 1,
      scaleFn: null,
      scaleMode: 'cycle',
      cycleMomentum: true,
      baseMomentum: 0.8,
      maxMomentum: 0.9,
      lastEpoch: -1,
    };
    const all = complete('CyclicLR', defaults, options);
    const { stepSizeUp, mode, gamma, scaleFn, scaleMode } = all;
    const stepSizeDown = all.stepSizeDown ?? stepSizeUp;
    if (scaleFn === null) requireOneOf('CyclicLR', { mode }, ['triangular', 'triangular2', 'exp_range']);
    if (scaleFn !== null && typeof scaleFn !== 'function')
      throw new ValueError(`CyclicLR: scaleFn must be a function, got ${describe(scaleFn)}`);
    requireOneOf('CyclicLR', { scaleMode }, ['cycle', 'iterations']);
    if (!(stepSizeUp > 0 && stepSizeDown > 0))
      throw new ValueError(
        `CyclicLR: the steps up and down are ${stepSizeUp} and ${stepSizeDown}; both must be above 0`,
      );
    super(optimizer, all);
    const baseLrs = perGroup('CyclicLR', 'baseLr', baseLr, optimizer);
    this.maxLrs = perGroup('CyclicLR', 'maxLr', maxLr, optimizer);
    this.totalSize = stepSizeUp + stepSizeDown;
    this.stepRatio = stepSizeUp / this.totalSize;
    this.mode = mode;
    this.gamma = gamma;
    this.scaleFn = scaleFn;
    if (scaleFn !== null) this.scaleMode = scaleMode;
    else this.scaleMode = mode === 'exp_range' ? 'iterations' : 'cycle';
    if (all.lastEpoch === -1)
      this.groups.forEach((group, k) => {
        group.lr = baseLrs[k];
      });
    this.start();
    this.baseLrs = baseLrs;
  }

  /** @internal */
  protected next(lr: number, base: number, k: number): number {
    return k < this.maxLrs.length ? base + (this.maxLrs[k] - base) * this.height() : lr;
  }

  /** @internal */
  protected momentum({ base, max }: Limits): number {
    return max - (max - base) * this.height();
  }

  /** Position of `lastEpoch` between the ends, 0 to 1. */
  private height(): number {
    const { lastEpoch, totalSize, stepRatio } = this;
    const cycle = Math.floor(1 + lastEpoch / totalSize);
    const x = 1 + lastEpoch / totalSize - cycle;
    const part = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
    return part * this.scale(this.scaleMode === 'cycle' ? cycle : lastEpoch);
  }

  private scale(x: number): number {
    if (this.scaleFn !== null) return this.scaleFn(x);
    if (this.mode === 'triangular') return 1;
    return this.mode === 'triangular2' ? 2 ** (1 - x) : this.gamma ** x;
  }
}

/** Options of {@link OneCycleLR}. */
export interface OneCycleLROptions extends LastEpochOption {
  /** How many steps there will be; or give `epochs` and `stepsPerEpoch`. */
  totalSteps?: number | null;
  /** How many epochs there will be. */
  epochs?: number | null;
  /** How many steps an epoch has. */
  stepsPerEpoch?: number | null;
  /** The part of the steps in which the learning rate rises; default 0.3. */
  pctStart?: number;
  /** `'cos'` (default) or `'linear'`. */
  annealStrategy?: 'cos' | 'linear';
  /** Cycle the momentum against the learning rate; default `true`. */
  cycleMomentum?: boolean;
  /** The momentum at the largest learning rate, for all groups or each; default 0.85. */
  baseMomentum?: number | readonly number[];
  /** The momentum at the smallest learning rate, for all groups or each; default 0.95. */
  maxMomentum?: number | readonly number[];
  /** The first learning rate is `maxLr / divFactor`; default 25. */
  divFactor?: number;
  /** The last one is the first divided by this; default 1e4. */
  finalDivFactor?: number;
  /** Fall to the first learning rate as fast as it rose, and then to the last one; default `false`. */
  threePhase?: boolean;
}

type Anchor = 'initial' | 'max' | 'min';

/**
 * One rise of the learning rate to `maxLr` and one fall far below the start (`torch.optim.lr_scheduler.OneCycleLR`), with
 * the momentum against it. Step it after every batch.
 *
 * @example
 * const optimizer = new optim.SGD([tensor(1, { requiresGrad: true })], { lr: 1, momentum: 0.9 });
 * const scheduler = new optim.lrScheduler.OneCycleLR(optimizer, 1, { totalSteps: 5 });
 * const rates = [1, 2, 3, 4].map(() => {
 *   optimizer.step();
 *   scheduler.step();
 *   return scheduler.getLastLr()[0]!.toFixed(2);
 * });
 * rates // ['0.95', '0.61', '0.19', '0.00']
 * @throws {ValueError} if the number of steps is not given, an option is out of range, or it is stepped too often.
 */
export class OneCycleLR extends CyclingScheduler {
  readonly maxLrs: number[];
  readonly totalSteps: number;
  readonly annealStrategy: string;
  readonly finalDivFactor: number;
  /** The last step of each phase. */
  private readonly ends: number[];
  /** The learning rates between the phases. */
  private readonly anchors: Anchor[];

  constructor(optimizer: Optimizer, maxLr: number | readonly number[], options: OneCycleLROptions = {}) {
    const defaults: Required<OneCycleLROptions> = {
      totalSteps: null,
      epochs: null,
      stepsPerEpoch: null,
      pctStart: 0.3,
      annealStrategy: 'cos',
      cycleMomentum: true,
      baseMomentum: 0.85,
      maxMomentum: 0.95,
      divFactor: 25,
      finalDivFactor: 1e4,
      threePhase: false,
      lastEpoch: -1,
    };
    const all = complete('OneCycleLR', defaults, options);
    const { pctStart, annealStrategy, divFactor, finalDivFactor, threePhase } = all;
    const totalSteps = stepsOf(all);
    if (!(pctStart >= 0 && pctStart <= 1))
      throw new ValueError(`OneCycleLR: pctStart is ${pctStart}; it must be from 0 to 1`);
    requireOneOf('OneCycleLR', { annealStrategy }, ['cos', 'linear']);
    super(optimizer, all);
    this.maxLrs = perGroup('OneCycleLR', 'maxLr', maxLr, optimizer);
    this.totalSteps = totalSteps;
    this.annealStrategy = annealStrategy;
    this.finalDivFactor = finalDivFactor;
    const rise = pctStart * totalSteps;
    this.ends = threePhase ? [rise - 1, 2 * rise - 2, totalSteps - 1] : [rise - 1, totalSteps - 1];
    this.anchors = threePhase ? ['initial', 'max', 'initial', 'min'] : ['initial', 'max', 'min'];
    if (all.lastEpoch === -1)
      this.groups.forEach((group, k) => {
        group.initialLr = this.maxLrs[k] / divFactor;
      });
    this.start();
  }

  override step(): void {
    if (this.lastEpoch >= this.totalSteps)
      throw new ValueError(`OneCycleLR: the schedule has ${this.totalSteps} steps, all of which have been made`);
    super.step();
  }

  /** @internal */
  protected next(lr: number, base: number, k: number): number {
    if (k >= this.maxLrs.length) return lr;
    return this.annealed({ initial: base, max: this.maxLrs[k], min: base / this.finalDivFactor });
  }

  /** @internal */
  protected momentum({ base, max }: Limits): number {
    return this.annealed({ initial: max, max: base, min: max });
  }

  /** The value at `lastEpoch`, on the way from one anchor to the next. */
  private annealed(values: Record<Anchor, number>): number {
    const { lastEpoch, ends, anchors } = this;
    const passed = ends.findIndex((end) => lastEpoch <= end);
    const phase = passed < 0 ? ends.length - 1 : passed;
    const from = phase === 0 ? 0 : ends[phase - 1];
    const part = ends[phase] === from ? 1 : (lastEpoch - from) / (ends[phase] - from);
    const [start, end] = [values[anchors[phase]], values[anchors[phase + 1]]];
    return this.annealStrategy === 'linear'
      ? start + (end - start) * part
      : end + ((start - end) / 2) * (Math.cos(Math.PI * part) + 1);
  }
}

function stepsOf({ totalSteps, epochs, stepsPerEpoch }: OneCycleLROptions): number {
  if (typeof totalSteps === 'number') {
    requireSizes('OneCycleLR', { totalSteps });
    return totalSteps;
  }
  if (typeof epochs !== 'number' || typeof stepsPerEpoch !== 'number')
    throw new ValueError('OneCycleLR: give totalSteps, or both epochs and stepsPerEpoch');
  requireSizes('OneCycleLR', { epochs, stepsPerEpoch });
  return epochs * stepsPerEpoch;
}
