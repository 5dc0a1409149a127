import { enableGrad, noGrad } from '../autograd';
import { whole } from '../cancellation';
import { describe } from '../describe';
import { ValueError } from '../errors';
import { parametersToVector, vectorToParameters } from '../nn/utils';
import { requireOneOf, requireSizes } from '../ops/table/arguments';
import { checkWritable } from '../ops/table/inplace';
import { zerosLike } from '../tensor/creation';
import type { Shape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { type Evaluation, largest, strongWolfe } from './line-search';
import { Optimizer, type OptimizerOptions, type ParamGroupInput, type ParamState, type Params } from './optimizer';
import { checkNotNegative } from './options';

/** Options of {@link LBFGS}. */
export interface LBFGSOptions extends OptimizerOptions {
  /** Length of a step, or with a line search of its first attempt; default 1. */
  lr: number;
  /** How many iterations a call of `step` makes at most; default 20. */
  maxIter: number;
  /** How often a call of `step` calls the closure before it ends; default `maxIter·5/4`. */
  maxEval: number;
  /** Ends when no element of the gradient is larger; default 1e-7. */
  toleranceGrad: number;
  /** Ends when neither a parameter nor the loss changes by more; default 1e-9. */
  toleranceChange: number;
  /** How many steps are remembered; default 100. */
  historySize: number;
  /** Line search: `'strong_wolfe'`, or `null` (default) for the constant step `lr`. */
  lineSearchFn: 'strong_wolfe' | null;
}

/** The memory between iterations, with PyTorch's names. */
interface Memory {
  funcEvals: number;
  nIter: number;
  /** The last direction and the length of the step along it. */
  d: Tensor;
  t: number;
  /** Changes of the gradient, changes of the parameters, and one over their products. */
  oldDirs: Tensor[];
  oldStps: Tensor[];
  ro: number[];
  hDiag: number;
  prevFlatGrad: Tensor;
  prevLoss: number;
}

/**
 * L-BFGS (`torch.optim.LBFGS`): quasi-Newton steps, whose direction takes the curvature from the changes of the gradient
 * over the last `historySize` steps. A call of `step` makes up to `maxIter` iterations and needs a closure that
 * computes the loss again. All parameters are one group.
 *
 * @example
 * const w = tensor([3, -2], { requiresGrad: true });
 * const optimizer = new optim.LBFGS([w], { lineSearchFn: 'strong_wolfe' });
 * optimizer.step(() => {
 *   optimizer.zeroGrad();
 *   const loss = w.sub(1).square().sum();
 *   loss.backward();
 *   return loss;
 * });
 * w.detach() // tensor([1.0000, 1.0000])
 * @throws {ValueError} if an option is out of range, or there are several groups.
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  /**
   * Quasi-Newton steps for `net.parameters()`; `step` takes a closure that computes the loss and calls `backward()`.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<LBFGSOptions>, options: Partial<LBFGSOptions> = {}) {
    const maxIter = typeof options?.maxIter === 'number' ? options.maxIter : 20; // another kind is refused below
    const counts = { maxIter, maxEval: Math.floor((maxIter * 5) / 4), historySize: 100 };
    super(params, { lr: 1, ...counts, toleranceGrad: 1e-7, toleranceChange: 1e-9, lineSearchFn: null }, options);
  }

  /** @internal */
  protected checkOptions(options: LBFGSOptions): void {
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn } = options;
    checkNotNegative('LBFGS', { lr, toleranceGrad, toleranceChange });
    requireSizes('LBFGS', { maxIter, maxEval, historySize });
    requireOneOf('LBFGS', { lineSearchFn }, ['strong_wolfe', null]);
  }

  /** @throws {ValueError} for a second group: all parameters are optimized together. */
  override addParamGroup(group: ParamGroupInput<LBFGSOptions>): void {
    if (this.paramGroups.length > 0)
      throw new ValueError('LBFGS: all parameters are optimized together; they must be one group');
    super.addParamGroup(group);
  }

  /**
   * Up to `maxIter` iterations. The closure clears the gradients, computes the loss, calls `backward()` and returns the
   * loss; the result is the first loss. After an error or a cancellation, the parameters are those of its last
   * call.
   * @throws {ValueError} if there is no closure, or it does not return a number or a tensor with one element.
   */
  step(): void;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T {
    if (closure === undefined)
      throw new ValueError(
        'LBFGS: step needs a closure that recomputes the loss: optimizer.step(() => { optimizer.zeroGrad(); … return loss; })',
      );
    this.stepsTaken++;
    return noGrad(() => {
      const loss = this.iterate(closure);
      this.noteGradients();
      return loss;
    });
  }

  /** @internal */
  protected override stateShape(): Shape {
    return [this.parameters.reduce((n, p) => n + p.numel(), 0)];
  }

  private get parameters(): Tensor[] {
    return this.paramGroups[0].params;
  }

  private iterate<T>(closure: () => T): T {
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn } = this.paramGroups[0];
    const { parameters } = this;
    for (const p of parameters) checkWritable('step', p);
    const memory = this.memory();
    let evaluations = 0;
    const evaluate = (): Evaluation & { loss: T } => {
      const loss = enableGrad(closure);
      evaluations++;
      memory.funcEvals++;
      return {
        loss,
        value: numberOf(loss),
        gradient: parametersToVector(parameters.map((p) => p.grad ?? zerosLike(p))),
      };
    };
    const first = evaluate();
    let here: Evaluation = first;
    if (largest(here.gradient) <= toleranceGrad) return first.loss;
    for (let n = 1; n <= maxIter; n++) {
      const slope = whole(() => begin(memory, here, lr, historySize));
      const { d } = memory;
      let { t } = memory;
      if (slope > -toleranceChange) break;
      const start = parametersToVector(parameters);
      const move = (length: number) => vectorToParameters(start.add(d.mul(length)), parameters);
      if (lineSearchFn === null) {
        move(t);
        if (n < maxIter) here = evaluate();
      } else {
        const probe = (length: number): Evaluation => {
          move(length);
          return evaluate();
        };
        const point = strongWolfe(probe, d, here, t, toleranceChange);
        here = point;
        t = memory.t = point.t;
        move(t);
      }
      if (n === maxIter || evaluations >= maxEval || largest(here.gradient) <= toleranceGrad) break;
      if (largest(d.mul(t)) <= toleranceChange || Math.abs(here.value - memory.prevLoss) < toleranceChange) break;
    }
    return first.loss;
  }

  /** The memory, which is the state of the first parameter. */
  private memory(): Memory {
    const [first] = this.parameters;
    if (!this.state.has(first))
      this.state.set(first, { funcEvals: 0, nIter: 0, oldDirs: [], oldStps: [], ro: [], hDiag: 1 });
    return this.state.get(first) as ParamState & Memory;
  }
}

/** Begins an iteration: stores its direction and first step length in the memory. Returns the slope along it. */
function begin(memory: Memory, { gradient, value }: Evaluation, lr: number, historySize: number): number {
  memory.nIter++;
  const isFirst = memory.nIter === 1;
  if (!isFirst) remember(memory, gradient, historySize);
  const d = direction(memory, gradient);
  // The first direction is the gradient itself, whose size is arbitrary.
  const t = isFirst ? Math.min(1, 1 / gradient.abs().sum().item()) * lr : lr;
  Object.assign(memory, { d, t, prevFlatGrad: gradient, prevLoss: value });
  return gradient.dot(d).item();
}

/** Adds the last step and the change of the gradient over it to the memory, if the curvature along it is positive. */
function remember(memory: Memory, gradient: Tensor, historySize: number): void {
  const y = gradient.sub(memory.prevFlatGrad);
  const s = memory.d.mul(memory.t);
  const product = y.dot(s).item();
  // False for NaN too, so that it is not added.
  if (!(product > 1e-10)) return;
  // New arrays: a state dictionary may hold the old ones.
  memory.oldDirs = [...memory.oldDirs, y].slice(-historySize);
  memory.oldStps = [...memory.oldStps, s].slice(-historySize);
  memory.ro = [...memory.ro, 1 / product].slice(-historySize);
  memory.hDiag = product / y.dot(y).item();
}

/** The approximate inverse Hessian times the negative gradient, by the two loops of L-BFGS. */
function direction({ oldDirs, oldStps, ro, hDiag }: Memory, gradient: Tensor): Tensor {
  const factors: number[] = [];
  let q = gradient.neg();
  for (let i = ro.length - 1; i >= 0; i--) {
    factors[i] = oldStps[i].dot(q).item() * ro[i];
    q = q.sub(oldDirs[i].mul(factors[i]));
  }
  let r = q.mul(hDiag);
  for (let i = 0; i < ro.length; i++) r = r.add(oldStps[i].mul(factors[i] - oldDirs[i].dot(r).item() * ro[i]));
  return r;
}

function numberOf(loss: unknown): number {
  if (typeof loss === 'number') return loss;
  if (loss instanceof Tensor) return loss.item();
  throw new ValueError(
    `LBFGS: the closure must return the loss, a number or a tensor with one element, got ${describe(loss)}`,
  );
}
