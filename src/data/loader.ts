import { describe } from '../describe';
import { ValueError } from '../errors';
import { requireBooleans, requireList, requireSizes } from '../ops/table/arguments';
import { defaultGenerator, type Generator } from '../random';
import { placeOf, requireItems, requireSampler } from './checks';
import { type Collated, defaultCollate } from './collate';
import { type Items, IterableDataset } from './dataset';
import { BatchSampler, batched, RandomSampler, SequentialSampler, type Sized } from './samplers';

/** Options of {@link DataLoader}. */
export interface DataLoaderOptions<T, B> {
  /** Number of items in a batch; default 1. */
  batchSize?: number;
  /** Whether each pass has a new random order; default `false`. */
  shuffle?: boolean;
  /** The order of the items, instead of `shuffle`. */
  sampler?: Iterable<number> & Sized;
  /** The item indices of each batch, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: Iterable<readonly number[]> & Sized;
  /** Makes a batch of a list of items; default {@link defaultCollate}. */
  collateFn?: (items: Awaited<T>[]) => B;
  /** Whether to drop a last batch that is too small; default `false`. */
  dropLast?: boolean;
  /** The generator of the order; default: the one that `manualSeed` seeds. */
  generator?: Generator;
}

/**
 * Batches of a dataset (`torch.utils.data.DataLoader`), in PyTorch's order for the same seed. Each `for` loop is one pass. If
 * the items are promises (of files, say), `for await` awaits those of a batch together.
 *
 * @example
 * manualSeed(420);
 * const dataset = new data.TensorDataset(rand([10, 3]), arange(10));
 * const loader = new data.DataLoader(dataset, { batchSize: 4, shuffle: true });
 * const places: Tensor[] = [];
 * for (const [x, y] of loader) places.push(y);
 * places // [tensor([7, 9, 6, 4]), tensor([3, 0, 8, 1]), tensor([5, 2])]
 * @throws {ValueError} if options exclude each other, or `batchSize` is not a whole number, 1 or more.
 */
export class DataLoader<T, B = Collated<Awaited<T>>> {
  /** The item indices of each batch; `null` for an {@link IterableDataset}. */
  readonly batchSampler: (Iterable<readonly number[]> & Sized) | null;
  /** Number of items in a batch; `null` with a batch sampler. */
  readonly batchSize: number | null;
  /** Whether a last batch that is too small is dropped. */
  readonly dropLast: boolean;
  /** The generator of the order, or `null`: the one that `manualSeed` seeds. */
  readonly generator: Generator | null;
  private readonly collate: (items: Awaited<T>[]) => B;

  /** Batches of the items of `dataset`. */
  constructor(
    /** The dataset. */
    readonly dataset: Items<T> | IterableDataset<T>,
    options: DataLoaderOptions<T, B> = {},
  ) {
    checkOptions(dataset, options);
    const { batchSize = 1, dropLast = false, generator } = options;
    this.batchSize = options.batchSampler === undefined ? batchSize : null;
    this.dropLast = dropLast;
    this.generator = generator ?? null;
    this.collate = options.collateFn ?? ((items) => defaultCollate(items) as B);
    if (dataset instanceof IterableDataset) this.batchSampler = null;
    else {
      const order = () =>
        options.shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset);
      this.batchSampler =
        copyOfList(options.batchSampler) ?? new BatchSampler(options.sampler ?? order(), batchSize, dropLast);
    }
  }

  /**
   * Number of batches in a pass (`len(loader)` in Python).
   * @throws {ValueError} for an {@link IterableDataset}, whose length is not known.
   */
  get length(): number {
    if (this.batchSampler === null) throw new ValueError('DataLoader: the length of an IterableDataset is not known');
    return this.batchSampler.length;
  }

  /** Starts a pass. @throws {ValueError} if the items, or the dataset's iterator, are asynchronous; use `for await`. */
  [Symbol.iterator](): IterableIterator<B> {
    if (isWaitedFor(this.dataset)) throw new ValueError(`DataLoader: the items of the dataset are ${waitFor}`);
    return this.pass(this.batches());
  }

  /** Starts a pass that awaits items that are promises. */
  [Symbol.asyncIterator](): AsyncGenerator<B, void> {
    if (isWaitedFor(this.dataset)) return this.arrivingPass(this.dataset as unknown as AsyncIterable<T>);
    return this.waitingPass(this.batches());
  }

  /**
   * A pass without its first `skipped` batches: their order is drawn, but their items are not fetched (those of an
   * {@link IterableDataset} are). `note` receives the item indices of every batch, skipped ones included. Returns `undefined` for an
   * asynchronous dataset, whose items cannot be skipped without waiting. @internal
   */
  passFrom(
    skipped: number,
    note: (indices: readonly number[]) => void,
    isWaiting: boolean,
  ): Iterator<B> | AsyncIterator<B> | undefined {
    if (isWaitedFor(this.dataset)) return undefined;
    const batches = this.batches(skipped, note);
    return isWaiting ? this.waitingPass(batches) : this.pass(batches);
  }

  /** Yields the items of each batch. Starting draws one number, with which PyTorch seeds its workers. */
  private batches(skipped = 0, note?: (indices: readonly number[]) => void): Iterable<T[]> {
    (this.generator ?? defaultGenerator).random63();
    const { dataset, batchSampler } = this;
    if (dataset instanceof IterableDataset)
      return behind(batched(itemsOf(dataset), this.batchSize!, this.dropLast), skipped);
    const lists = mapped(batchSampler!, (indices) => {
      requireList('DataLoader: a batch of batchSampler', indices);
      const all = [...indices];
      note?.(all);
      return all;
    });
    return mapped(behind(lists, skipped), (indices) =>
      indices.map((i) => dataset.at(placeOf('DataLoader', i, dataset.length)) as T),
    );
  }

  private *pass(batches: Iterable<T[]>): IterableIterator<B> {
    for (const items of batches) {
      const promises = items.filter((item) => item instanceof Promise);
      if (promises.length > 0) {
        // These promises will not be awaited: a rejection must not end the process.
        for (const promise of promises) promise.catch(() => {});
        throw new ValueError(`DataLoader: the items are ${waitFor}`);
      }
      yield this.collate(items as Awaited<T>[]);
    }
  }

  private async *waitingPass(batches: Iterable<T[]>): AsyncGenerator<B, void> {
    for (const items of batches) yield this.collate(await Promise.all(items));
  }

  /** A pass over an asynchronous dataset. */
  private async *arrivingPass(dataset: AsyncIterable<T>): AsyncGenerator<B, void> {
    (this.generator ?? defaultGenerator).random63();
    let items: Awaited<T>[] = [];
    for await (const item of dataset) {
      items.push(item);
      if (items.length < this.batchSize!) continue;
      yield this.collate(items);
      items = [];
    }
    if (items.length > 0 && !this.dropLast) yield this.collate(items);
  }
}

const waitFor = 'promises; wait for them with `for await (const batch of loader)`';

/** Whether the dataset can only be iterated asynchronously. */
function isWaitedFor(dataset: object): boolean {
  return dataset instanceof IterableDataset && !(Symbol.iterator in dataset) && Symbol.asyncIterator in dataset;
}

/** Iterates over an {@link IterableDataset}. @throws {ValueError} if it is asynchronous. */
function* itemsOf<T>(dataset: IterableDataset<T>): IterableIterator<T> {
  const start: unknown = dataset[Symbol.iterator];
  const items: unknown = typeof start === 'function' ? start.call(dataset) : undefined;
  if (typeof items !== 'object' || items === null || !('next' in items))
    throw new ValueError('DataLoader: the dataset has no [Symbol.iterator] that returns its items');
  // An asynchronous generator would yield promises without end.
  if (Symbol.asyncIterator in items)
    throw new ValueError(
      'DataLoader: [Symbol.iterator] of the dataset is asynchronous; call it [Symbol.asyncIterator], and wait for the ' +
        'batches with `for await (const batch of loader)`',
    );
  yield* { [Symbol.iterator]: () => items as unknown as Iterator<T> };
}

/** Copies a list, because the caller may change it; a sampler is iterated again in each pass. */
function copyOfList<L extends (Iterable<readonly number[]> & Sized) | undefined>(batches: L): L {
  if (!Array.isArray(batches)) return batches;
  return batches.map((batch) => (Array.isArray(batch) ? [...batch] : batch)) as unknown as L;
}

/** Returns the iterator after its first `n` values. */
function behind<T>(values: IterableIterator<T>, n: number): IterableIterator<T> {
  for (let i = 0; i < n && !values.next().done; i++);
  return values;
}

function* mapped<T, R>(values: Iterable<T>, f: (value: T) => R): IterableIterator<R> {
  for (const value of values) yield f(value);
}

function checkOptions(dataset: object, options: DataLoaderOptions<never, unknown>): void {
  if (!(dataset instanceof IterableDataset)) requireItems('DataLoader', dataset);
  const { batchSize = 1, shuffle = false, dropLast = false, sampler, batchSampler, collateFn } = options;
  requireSizes('DataLoader', { batchSize });
  requireBooleans('DataLoader', { shuffle, dropLast });
  if (sampler !== undefined) requireSampler('DataLoader', sampler);
  if (batchSampler !== undefined) requireSampler('DataLoader', batchSampler, 'batchSampler');
  if (collateFn !== undefined && typeof collateFn !== 'function')
    throw new ValueError(`DataLoader: collateFn must be a function, got ${describe(collateFn)}`);
  const given = (['batchSize', 'shuffle', 'sampler', 'batchSampler', 'dropLast'] as const).filter(
    (name) => options[name] !== undefined && options[name] !== false,
  );
  const exclude = (chosen: string, others: readonly string[]) => {
    const clash = given.filter((name) => others.includes(name));
    if (clash.length > 0)
      throw new ValueError(`DataLoader: ${chosen} decides the order, so leave out ${clash.join(', ')}`);
  };
  if (dataset instanceof IterableDataset) exclude('an IterableDataset', ['shuffle', 'sampler', 'batchSampler']);
  if (options.batchSampler !== undefined) exclude('batchSampler', ['batchSize', 'shuffle', 'sampler', 'dropLast']);
  if (options.sampler !== undefined) exclude('sampler', ['shuffle']);
}
