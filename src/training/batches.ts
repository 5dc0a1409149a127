import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import { numel } from '../kernels/strides';
import { requireBooleans, requireSizes, requireTensor } from '../ops/table/arguments';
import { defaultGenerator, Generator } from '../random';
import { randperm } from '../tensor/random-creation';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** Inputs of a net, targets, and optionally a weight for each row. */
export type Batch = readonly [x: Tensor, y: Tensor, weights?: Tensor];

/** All rows as tensors; `weights` has each row's weight in the loss. Default: equal weights. */
export interface Rows {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly weights?: Tensor;
}

/** Data for training or testing: batches, as from a `DataLoader`, or all rows as tensors. */
export type TrainingData = Iterable<Batch> | Rows;

/** Data for `fitAsync`, which awaits asynchronous batches. */
export type ArrivingData = TrainingData | AsyncIterable<Batch>;

/** Options for making batches from the rows of tensors. */
export interface BatchOptions {
  /** Number of rows in a batch. Not for a loader, which has its own. */
  batchSize?: number;
  /** Whether each pass has a new random order of the rows. */
  shuffle?: boolean;
  /** The generator of the order; default: the one that `manualSeed` seeds. */
  generator?: Generator;
}

/** @throws {ValueError} unless it is a list of two or three. @internal */
export function requireBatch(who: string, batch: unknown): asserts batch is Batch {
  if (!Array.isArray(batch) || batch.length < 2)
    throw new ValueError(`${who}: a batch must be a list of x and y, got ${describe(batch)}`);
}

/** Whether the data are rows of tensors, which are not batches yet. @internal */
export const areRows = (data: ArrivingData): data is Rows => !(Symbol.iterator in data || Symbol.asyncIterator in data);

/**
 * Returns batches of data, in the order of `new DataLoader(new TensorDataset(x, y), options)` for the same seed, but
 * each is indexed from the tensors at once.
 * @param usual the default batch size. @param passes the number of passes over the batches.
 * @throws {ValueError} for other values, data that cannot be iterated so often, or options that a loader decides
 * itself; {@link ShapeError} unless `x` and `y` have the same number of rows.
 * @internal
 */
export function batchesOf<D extends ArrivingData>(
  who: string,
  data: D,
  options: BatchOptions,
  usual: number,
  passes = 1,
): D extends TrainingData ? Iterable<Batch> : Iterable<Batch> | AsyncIterable<Batch> {
  return madeOf(who, data, options, usual, passes) as Iterable<Batch>;
}

function madeOf(
  who: string,
  data: ArrivingData,
  options: BatchOptions,
  usual: number,
  passes: number,
): Iterable<Batch> | AsyncIterable<Batch> {
  if (typeof data !== 'object' || data === null)
    throw new ValueError(`${who}: the data must be a loader or { x, y }, got ${describe(data)}`);
  if (!areRows(data)) {
    const given = (['batchSize', 'generator'] as const).find((name) => options[name] !== undefined);
    if (given)
      throw new ValueError(`${who}: leave out ${given}, which the loader decides; or give the data as { x, y }`);
    if (passes > 1 && 'next' in data)
      throw new ValueError(
        `${who}: the data are an iterator, which runs once, for ${passes} epochs; give a DataLoader, an array of batches ` +
          'or { x, y }',
      );
    return data;
  }
  const { x, y, weights } = data;
  requireTensor(who, x, 'x');
  requireTensor(who, y, 'y');
  if (x.ndim === 0 || x.shape[0] !== y.shape[0] || x.shape[0] === 0)
    throw new ShapeError(
      `${who}: x has shape ${formatShape(x.shape)} and y ${formatShape(y.shape)}; both need the same number of rows, the ` +
        'first size, and at least one',
    );
  if (weights !== undefined) {
    requireTensor(who, weights, 'weights');
    if (weights.ndim !== 1 || weights.shape[0] !== x.shape[0])
      throw new ShapeError(
        `${who}: x has shape ${formatShape(x.shape)} and weights ${formatShape(weights.shape)}; each row needs one weight`,
      );
  }
  const { batchSize = usual, shuffle = false, generator } = options;
  requireSizes(who, { batchSize });
  requireBooleans(who, { shuffle });
  return new RowBatches(data, batchSize, shuffle, generator ?? null);
}

/** Receives the indices of the rows of a batch. @internal */
export type Note = (indices: Iterable<number>) => void;

/** Batches whose pass can skip the first ones, as a `DataLoader` does. @internal */
export interface Passes {
  passFrom(skipped: number, note: Note, isWaiting: boolean): Iterator<Batch> | AsyncIterator<Batch> | undefined;
}

/**
 * Rows of tensors in batches: in the order of a `DataLoader`, with the same draws from generators at the same times.
 */
class RowBatches implements Iterable<Batch>, Passes {
  constructor(
    private readonly rows: Rows,
    private readonly batchSize: number,
    private readonly shuffle: boolean,
    private readonly generator: Generator | null,
  ) {}

  [Symbol.iterator](): Iterator<Batch> {
    return this.passFrom(0);
  }

  passFrom(skipped: number, note?: Note): Iterator<Batch> {
    // A loader seeds its workers with this number.
    (this.generator ?? defaultGenerator).random63();
    const places = this.places(note);
    for (let i = 0; i < skipped && !places.next().done; i++);
    return this.gathered(places);
  }

  private *gathered(places: Iterable<Int32Array>): IterableIterator<Batch> {
    const { x, y, weights } = this.rows;
    for (const at of places) {
      const batch: [Tensor, Tensor] = [rowsAt(x, at), rowsAt(y, at)];
      yield weights === undefined ? batch : [...batch, rowsAt(weights, at)];
    }
  }

  /** Yields the indices of the rows of each batch. */
  private *places(note: Note | undefined): IterableIterator<Int32Array> {
    const { batchSize } = this;
    const n = this.rows.x.shape[0]!;
    const order = this.shuffle ? this.drawn() : Int32Array.from({ length: n }, (_, i) => i);
    // A sampler that is asked for more rows than there are draws an unused order; this matters to other users of its
    // generator.
    const drawAgain = () => {
      if (this.shuffle && this.generator !== null) this.drawn();
    };
    for (let from = 0; from < n; from += batchSize) {
      const at = order.slice(from, from + batchSize);
      if (n - from < batchSize) drawAgain();
      note?.(at);
      yield at;
    }
    if (n % batchSize === 0) drawAgain();
  }

  private drawn(): Int32Array {
    const generator = this.generator ?? new Generator().manualSeed(defaultGenerator.random63());
    return randperm(this.rows.x.shape[0]!, { generator }).toArray() as Int32Array;
  }
}

/** `x.indexSelect(0, …)` without checks of the indices. */
function rowsAt(x: Tensor, rows: Int32Array): Tensor {
  const shape = x.shape.slice();
  shape[0] = rows.length;
  const run = numel(x.shape.slice(1));
  return x.readAt({ name: 'IndexSelect', shape, at: run === 1 ? rows : rows.map((i) => i * run), run });
}
