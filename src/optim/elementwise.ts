import { enableGrad, noGrad } from '../autograd';
import { perCall, turn, whole } from '../cancellation';
import { copyStrided } from '../kernels/elementwise';
import type { FloatArray } from '../kernels/optimizer-steps';
import { checkWritable } from '../ops/table/inplace';
import { full } from '../tensor/creation';
import { packed, type Tensor } from '../tensor/tensor';
import { Optimizer, type OptimizerOptions, type ParamGroup, type ParamState } from './optimizer';

/**
 * Base class of the optimizers that change each element by its own gradient and memory, which is all of them but
 * {@link LBFGS}.
 */
export abstract class ElementwiseOptimizer<O extends OptimizerOptions> extends Optimizer<O> {
  /** Changes `p` in place for its gradient `g`; both are contiguous and of one dtype. @internal */
  protected abstract update(parameter: Tensor, p: FloatArray, g: FloatArray, group: O): void;

  /**
   * Changes every parameter that has a gradient, in place. With a closure, which computes the loss and calls
   * `backward()`, it is called first and its result is returned (`torch.optim.Optimizer.step`). A cancellation
   * comes before or after a step, never in the middle.
   * @throws {ShapeError} if elements of a parameter share memory.
   */
  step(): void;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T | undefined {
    const loss = closure === undefined ? undefined : enableGrad(closure);
    turn(perCall);
    whole(() => this.changeAll());
    return loss;
  }

  private changeAll(): void {
    this.noteGradients();
    const trained = this.paramGroups.map((group) => ({
      group,
      parameters: group.params.filter((p) => p.grad !== null),
    }));
    noGrad(() => {
      // All are checked before the first is changed.
      for (const { parameters } of trained) for (const p of parameters) checkWritable('step', p);
      const clipped = this.clipped(trained.flatMap(({ parameters }) => parameters));
      for (const { group, parameters } of trained)
        for (const p of parameters) this.change(p, clipped?.get(p) ?? p.grad!, group);
    });
    this.stepsTaken++;
  }

  /** Gradients that replace those of the parameters, if any. @internal */
  protected clipped(_parameters: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> | null {
    return null;
  }

  private change(parameter: Tensor, grad: Tensor, group: ParamGroup<O>): void {
    const from = packed(parameter);
    const g = packed(grad.dtype === parameter.dtype ? grad : grad.to(parameter.dtype));
    this.update(parameter, elements(from), elements(g), group);
    if (from !== parameter) copyStrided(parameter.shape, parameter, from);
    (parameter.owner ?? parameter).writes++;
  }

  /** The state of a parameter. @internal */
  protected stateOf(parameter: Tensor): ParamState {
    let state = this.state.get(parameter);
    if (state === undefined) {
      state = {};
      this.state.set(parameter, state);
    }
    return state;
  }

  /** Counts the steps of a parameter: the number of this one, from 1. @internal */
  protected countStep(parameter: Tensor): number {
    const state = this.stateOf(parameter);
    const step = ((state.step as number | undefined) ?? 0) + 1;
    state.step = step;
    return step;
  }

  /** The elements of a state tensor of a parameter, initially filled with `initial`. @internal */
  protected remembered(parameter: Tensor, name: string, initial = 0): FloatArray {
    const state = this.stateOf(parameter);
    state[name] ??= full(parameter.shape, initial, { dtype: parameter.dtype });
    // A module may have been converted since.
    const kept = (state[name] as Tensor).to(parameter.dtype);
    state[name] = kept;
    return kept.memory as FloatArray;
  }
}

/** The elements of a contiguous tensor. */
function elements(x: Tensor): FloatArray {
  const n = x.numel();
  return (x.memory.length === n ? x.memory : x.memory.subarray(x.offset, x.offset + n)) as FloatArray;
}
