import { IndexError, ShapeError, ValueError } from '../errors';
import { requireTensor } from '../ops/table/arguments';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { placeOf, requireIndices, requireItems } from './checks';

/**
 * Items by index (`torch.utils.data.Dataset`). Write a subclass with `length` and `at`, or use a plain array, which has both.
 * `T` is the type of an item. It may be a promise, which `for await (const batch of loader)` awaits.
 *
 * @example
 * class Squares extends data.Dataset<[Tensor, number]> {
 *   readonly length = 100;
 *   at(index: number): [Tensor, number] {
 *     return [tensor([index]), index ** 2];
 *   }
 * }
 * new Squares().at(3) // [tensor([3.]), 9]
 */
export abstract class Dataset<T> {
  /** Number of items (`len(dataset)` in Python). */
  abstract readonly length: number;

  /** The item at `index`, from 0 to `length - 1` (`dataset[index]` in Python). */
  abstract at(index: number): T;

  /** Iterates over all items in order. */
  *[Symbol.iterator](): Generator<T, void> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /** The notebook's description of a variable with a dataset. @internal */
  [Symbol.for('Jupyter.summary')](): string {
    return `${this.constructor.name} of ${this.length} items`;
  }
}

/**
 * A {@link Dataset} or an array. Iteration gives the type of an item, because an array's `at` may return `undefined`.
 */
export interface Items<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): unknown;
}

/**
 * Items in sequence, in an order and number that only the pass shows (`torch.utils.data.IterableDataset`), such as the lines of
 * a file. Write a subclass with `[Symbol.iterator]`.
 */
export abstract class IterableDataset<T> {
  abstract [Symbol.iterator](): Iterator<T>;
}

/** Tensors, each of the same type as in the list. */
export type TensorItem<T extends readonly Tensor[]> = { -readonly [K in keyof T]: Tensor };

/**
 * Tensors with one item in each row (`torch.utils.data.TensorDataset`): item `i` is the list of the `i`-th rows.
 * @example
 * const dataset = new data.TensorDataset(tensor([[1, 2], [3, 4]]), tensor([5, 6]));
 * dataset.at(1) // [tensor([3., 4.]), tensor(6.)]
 * new data.TensorDataset(ones([4, 2]), ones([3]))
 * // ShapeError: TensorDataset: the tensors have shapes [4, 2], [3]; all need the same number of rows, the first size
 * @throws {ShapeError} unless all tensors have the same number of rows; {@link ValueError} if there are none,
 *   or something else is among them.
 */
export class TensorDataset<T extends readonly Tensor[]> extends Dataset<TensorItem<T>> {
  /** The tensors. */
  readonly tensors: T;

  constructor(...tensors: T) {
    super();
    if (tensors.length === 0) throw new ValueError('TensorDataset: needs at least one tensor');
    for (const t of tensors) requireTensor('TensorDataset', t, 'each argument');
    const { shape } = tensors[0];
    if (tensors.some((t) => t.ndim === 0 || t.shape[0] !== shape[0]))
      throw new ShapeError(
        `TensorDataset: the tensors have shapes ${tensors.map((t) => formatShape(t.shape)).join(', ')}; ` +
          'all need the same number of rows, the first size',
      );
    this.tensors = tensors;
  }

  override get length(): number {
    return this.tensors[0].shape[0];
  }

  override at(index: number): TensorItem<T> {
    const row = placeOf('TensorDataset', index, this.length);
    return this.tensors.map((t) => t.select(0, row)) as TensorItem<T>;
  }
}

/** The items of several datasets at one index. */
export type StackedItem<D extends readonly Items<unknown>[]> = {
  -readonly [K in keyof D]: D[K] extends Items<infer T> ? T : never;
};

/**
 * Datasets side by side (`torch.utils.data.StackDataset`): item `i` is the list of their items `i`, such as a row of inputs and
 * its label.
 * @example
 * new data.StackDataset(['a', 'b'], [0, 1]).at(1) // ['b', 1]
 * @throws {ValueError} if there are none, one is not a dataset, or their lengths differ.
 */
export class StackDataset<D extends readonly Items<unknown>[]> extends Dataset<StackedItem<D>> {
  /** The datasets. */
  readonly datasets: D;

  constructor(...datasets: D) {
    super();
    if (datasets.length === 0) throw new ValueError('StackDataset: needs at least one dataset');
    for (const dataset of datasets) requireItems('StackDataset', dataset);
    if (datasets.some(({ length }) => length !== datasets[0].length))
      throw new ValueError(
        `StackDataset: the datasets have ${datasets.map(({ length }) => length).join(', ')} items; all need the same number`,
      );
    this.datasets = datasets;
  }

  override get length(): number {
    return this.datasets[0].length;
  }

  override at(index: number): StackedItem<D> {
    const place = placeOf('StackDataset', index, this.length);
    return this.datasets.map((dataset) => dataset.at(place)) as StackedItem<D>;
  }
}

/**
 * A subset of a dataset's items, by their indices (`torch.utils.data.Subset`).
 * @example
 * new data.Subset(['a', 'b', 'c'], [2, 0]).at(0) // 'c'
 * @throws {IndexError} if the dataset has no item at an index; {@link ValueError} if the indices are not a list of whole
 * numbers, or the dataset is not one.
 */
export class Subset<T> extends Dataset<T> {
  /** Items of `dataset` at `indices`. */
  constructor(
    /** The whole dataset. */
    readonly dataset: Items<T>,
    /** Indices into `dataset`. */
    readonly indices: readonly number[],
  ) {
    super();
    requireItems('Subset', dataset);
    requireIndices('Subset', indices);
    for (const i of indices) placeOf('Subset', i, dataset.length);
    this.indices = indices.slice();
  }

  override get length(): number {
    return this.indices.length;
  }

  override at(index: number): T {
    const there = this.indices[placeOf('Subset', index, this.length)];
    return this.dataset.at(placeOf('Subset', there, this.dataset.length)) as T;
  }
}

/**
 * Datasets concatenated (`torch.utils.data.ConcatDataset`).
 * @example
 * new data.ConcatDataset([['a', 'b'], ['c']]).at(2) // 'c'
 * @throws {ValueError} if there are none, or one is not a dataset.
 */
export class ConcatDataset<T> extends Dataset<T> {
  /** All items of `datasets`, in their order. */
  constructor(
    /** The datasets. */
    readonly datasets: readonly Items<T>[],
  ) {
    super();
    if (!Array.isArray(datasets) || datasets.length === 0)
      throw new ValueError('ConcatDataset: needs a list of at least one dataset');
    for (const dataset of datasets) requireItems('ConcatDataset', dataset);
    this.datasets = [...datasets];
  }

  /** The index after each dataset's last item (`torch.utils.data.ConcatDataset.cumulative_sizes`). */
  get cumulativeSizes(): number[] {
    let total = 0;
    return this.datasets.map((d) => {
      total += d.length;
      return total;
    });
  }

  override get length(): number {
    return this.datasets.reduce((total, d) => total + d.length, 0);
  }

  override at(index: number): T {
    let rest = placeOf('ConcatDataset', index, this.length);
    for (const dataset of this.datasets) {
      if (rest < dataset.length) return dataset.at(rest) as T;
      rest -= dataset.length;
    }
    throw new IndexError(`ConcatDataset: item ${index} has gone; a dataset became shorter`);
  }
}
