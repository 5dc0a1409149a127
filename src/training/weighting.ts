import { describe } from '../describe';
import { ValueError } from '../errors';
import { type AnyModule, Module } from '../nn';
import { requireTensor } from '../ops/table/arguments';
import { tensor } from '../tensor/creation';
import { formatShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { answersOf, largestOf } from './metrics/classes';
import { elementsOf } from './metrics/tally';
import type { Loss } from './net';

/** The weight of a row by the number of its class; 1 for an absent class. */
export type ClassWeight = readonly number[] | Readonly<Record<number, number>>;

/**
 * The divisor of a weighted mean: `'weights'`, their sum, as PyTorch's losses with `weight`; or `'rows'`, their number,
 * as Keras.
 */
export type WeightedBy = 'weights' | 'rows';

/** Losses of batches whose rows may have weights. @internal */
export class WeightedLoss {
  private readonly perRow: (output: Tensor, target: Tensor) => unknown;

  constructor(
    readonly loss: Loss,
    private readonly classWeight: ClassWeight | undefined,
    private readonly by: WeightedBy,
  ) {
    if (classWeight !== undefined) checkClassWeight(classWeight);
    this.perRow = rowsOf(loss);
  }

  /** Returns the mean loss of a batch, and the number of rows it counts for. */
  of(output: Tensor, target: Tensor, weights?: Tensor): { value: Tensor; rows: number } {
    const rows = output.shape[0] ?? 1;
    if (weights === undefined && this.classWeight === undefined) {
      const value: unknown = this.loss(output, target);
      requireTensor('training', value, 'the loss');
      return { value, rows };
    }
    const all = this.weightsOf(output, target, rows, weights);
    const losses = this.perRow(output, target);
    if (!(losses instanceof Tensor) || losses.ndim === 0 || losses.shape[0] !== rows)
      throw new ValueError(
        `training: to weigh rows, the loss must return one number for each row when it is called with { reduction: 'none' }, as those of ` +
          `nn do; got ${losses instanceof Tensor ? formatShape(losses.shape) : describe(losses)} for ${rows} rows`,
      );
    const each = losses.ndim > 1 ? losses.flatten(1).mean(1) : losses;
    const sum = each.mul(tensor(each.dtype === 'float64' ? all : Float32Array.from(all))).sum();
    const share = this.by === 'rows' ? rows : all.reduce((a, b) => a + b, 0);
    if (!(share > 0))
      throw new ValueError('training: the weights of a batch sum to 0, so that it has no mean; leave such rows out');
    return { value: sum.div(share), rows: share };
  }

  private weightsOf(output: Tensor, target: Tensor, rows: number, weights: Tensor | undefined): Float64Array {
    if (weights !== undefined) {
      requireTensor('training', weights, 'the weights of a batch');
      if (weights.numel() !== rows)
        throw new ValueError(
          `training: a batch of ${rows} rows has weights of shape ${formatShape(weights.shape)}; each row needs one`,
        );
    }
    const all = weights === undefined ? new Float64Array(rows).fill(1) : Float64Array.from(elementsOf(weights));
    const wrong = all.find((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
    if (wrong !== undefined) throw new ValueError(`training: a row weighs ${wrong}; weights are 0 or more`);
    if (this.classWeight === undefined) return all;
    const classes = answersOf(output, target) ? classesOf(target, rows) : undefined;
    if (classes === undefined)
      throw new ValueError(
        `training: classWeight needs class numbers [batch] as targets, got ${formatShape(target.shape)} for outputs ${formatShape(output.shape)}`,
      );
    return all.map((weight, i) => weight * ((this.classWeight as Record<number, number>)[classes[i]!] ?? 1));
  }
}

/** Returns the number of each row's class; of one-hot rows the position of the 1. */
function classesOf(target: Tensor, rows: number): ArrayLike<number> | undefined {
  if (target.numel() === rows) return elementsOf(target.detach());
  return target.ndim === 2 ? largestOf(target.detach()) : undefined;
}

/**
 * Returns a function of the losses of the rows: `loss` with an option, or a copy of the module that does not reduce.
 */
function rowsOf(loss: Loss): (output: Tensor, target: Tensor) => unknown {
  if (!((loss as unknown) instanceof Module))
    return (output, target) =>
      (loss as unknown as (...given: unknown[]) => unknown)(output, target, { reduction: 'none' });
  const module = loss as unknown as AnyModule & { reduction?: string };
  if (typeof module.reduction !== 'string') return loss;
  const copy = module.clone();
  Object.assign(copy, { reduction: 'none' });
  return copy as unknown as Loss;
}

function checkClassWeight(given: ClassWeight): void {
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : [];
  if (entries.length === 0 || given instanceof Tensor)
    throw new ValueError(
      `fit: classWeight must be a list of numbers, one for each class, or an object such as { 0: 1, 1: 5 }, got ${describe(given)}`,
    );
  for (const [name, weight] of entries)
    if (!/^\d+$/.test(name) || !(typeof weight === 'number' && weight >= 0 && Number.isFinite(weight)))
      throw new ValueError(
        `fit: classWeight has ${describe(weight)} for ${name}; it must have numbers, 0 or more, by the numbers of classes`,
      );
}
