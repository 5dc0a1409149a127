import { DataLoader } from '../data';
import { ShapeError, ValueError } from '../errors';
import { describe, requireSizes, requireTensor } from '../ops/table/arguments';
import type { Generator } from '../random';
import { tensor } from '../tensor/creation';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** What goes into a net, what should come out, and perhaps how much each row weighs. */
export type Batch = readonly [x: Tensor, y: Tensor, weights?: Tensor];

/** All rows as tensors; `weights` says how much each weighs in the loss, all the same where it is absent. */
export interface Rows {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly weights?: Tensor;
}

/** What a net is trained or tested with: batches, such as a `DataLoader` gives, or all rows as tensors. */
export type TrainingData = Iterable<Batch> | Rows;

/** Data for `fitAsync`, which waits for batches that arrive. */
export type ArrivingData = TrainingData | AsyncIterable<Batch>;

/** How the rows of tensors become batches. */
export interface BatchOptions {
  /** How many rows make a batch. Not for a loader, which has its own. */
  batchSize?: number;
  /** Whether each pass takes the rows in a new random order. */
  shuffle?: boolean;
  /** Where the order comes from; default: the generator that `manualSeed` starts. */
  generator?: Generator;
}

/** Whether the data are rows of tensors, which are still to be made into batches. @internal */
export const areRows = (data: ArrivingData): data is Rows => !(Symbol.iterator in data || Symbol.asyncIterator in data);

/**
 * Batches of data, in the order that `new DataLoader(new TensorDataset(x, y), options)` gives for the same seed, but each
 * taken from the tensors in one go.
 * @param usual the size of a batch that is given none. @param passes how often the batches will be gone through.
 * @throws {ValueError} for something else, what cannot be gone through so often, or options that a loader decides itself; {@link ShapeError} unless `x` and `y`
 *   have the same number of rows.
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
  const places = Array.from({ length: x.shape[0]! }, (_, i) => i);
  return new DataLoader<number, Batch>(places, {
    batchSize,
    shuffle,
    ...(generator && { generator }),
    collateFn: (rows) => {
      const at = tensor(Int32Array.from(rows));
      const batch: [Tensor, Tensor] = [x.indexSelect(0, at), y.indexSelect(0, at)];
      return weights === undefined ? batch : [...batch, weights.indexSelect(0, at)];
    },
  });
}
