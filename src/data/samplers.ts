import { describe } from '../describe';
import { ValueError } from '../errors';
import type { GeneratorOption } from '../ops/filling/random';
import { requireBooleans, requireSizes } from '../ops/table/arguments';
import { defaultGenerator, Generator } from '../random';
import { tensor } from '../tensor/creation';
import { randint, randperm } from '../tensor/random-creation';
import { Tensor } from '../tensor/tensor';
import { requireIndices, requireSampler, requireSized } from './checks';

/** A dataset, an array or a sampler. */
export interface Sized {
  readonly length: number;
}

/**
 * The order in which a `DataLoader` takes items (`torch.utils.data.Sampler`): a sequence of indices, or for a batch sampler, of
 * lists of indices. Write a subclass with `length` and `[Symbol.iterator]`.
 */
export abstract class Sampler<T = number> {
  /** Number of indices, or lists, in a pass. */
  abstract readonly length: number;
  /** Starts a new pass. */
  abstract [Symbol.iterator](): Iterator<T>;
}

/** All items in order (`torch.utils.data.SequentialSampler`). */
export class SequentialSampler extends Sampler {
  constructor(
    /** The dataset. */
    readonly dataSource: Sized,
  ) {
    super();
    requireSized('SequentialSampler', dataSource);
  }

  override get length(): number {
    return this.dataSource.length;
  }

  override *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

/** Options of {@link RandomSampler}. */
export interface RandomSamplerOptions extends GeneratorOption {
  /** Whether an item may be drawn more than once; default `false`. */
  replacement?: boolean;
  /** How many items to draw; default: as many as there are. */
  numSamples?: number;
}

/** Indices drawn at a time with replacement. */
const BLOCK = 32;

/**
 * Items at random (`torch.utils.data.RandomSampler`): without replacement, each once before any repeats. Without a generator,
 * each pass draws the seed of its own generator.
 *
 * @example
 * manualSeed(1);
 * [...new data.RandomSampler(['a', 'b', 'c', 'd'])].sort() // [0, 1, 2, 3]
 * @throws {ValueError} if the dataset is empty, or `numSamples` is not positive.
 */
export class RandomSampler extends Sampler {
  /** Whether an item may be drawn more than once. */
  readonly replacement: boolean;
  /** The generator of the indices, or `null`: a new one in each pass. */
  readonly generator: Generator | null;
  private readonly samples: number | null;

  /** Items of `dataSource` at random. */
  constructor(
    /** The dataset. */
    readonly dataSource: Sized,
    options: RandomSamplerOptions = {},
  ) {
    super();
    requireSized('RandomSampler', dataSource);
    this.replacement = options.replacement ?? false;
    requireBooleans('RandomSampler', { replacement: this.replacement });
    this.samples = options.numSamples ?? null;
    this.generator = options.generator ?? null;
    requireSizes('RandomSampler', {
      [options.numSamples === undefined ? 'the number of items' : 'numSamples']: this.length,
    });
  }

  /** How many items one pass draws (`torch.utils.data.RandomSampler.num_samples`). */
  get numSamples(): number {
    return this.samples ?? this.dataSource.length;
  }

  override get length(): number {
    return this.numSamples;
  }

  override *[Symbol.iterator](): Iterator<number> {
    const n = this.dataSource.length;
    const generator = this.generator ?? new Generator().manualSeed(defaultGenerator.random63());
    if (this.replacement) {
      for (let left = this.numSamples; left > 0; left -= BLOCK)
        yield* randint(0, n, [Math.min(left, BLOCK)], { generator }).memory;
      return;
    }
    for (let left = this.numSamples; left >= n; left -= n) yield* randperm(n, { generator }).memory;
    // PyTorch draws this last order even if nothing of it is needed.
    yield* randperm(n, { generator }).memory.subarray(0, this.numSamples % n);
  }
}

/** Some items in random order, each once (`torch.utils.data.SubsetRandomSampler`). */
export class SubsetRandomSampler extends Sampler {
  /** The generator of the order. */
  readonly generator: Generator;

  /** The items `indices`, in random order. */
  constructor(
    /** The indices of the items. */
    readonly indices: readonly number[],
    options: GeneratorOption = {},
  ) {
    super();
    requireIndices('SubsetRandomSampler', indices);
    this.indices = indices.slice();
    this.generator = options.generator ?? defaultGenerator;
  }

  override get length(): number {
    return this.indices.length;
  }

  override *[Symbol.iterator](): Iterator<number> {
    for (const i of randperm(this.length, { generator: this.generator }).memory) yield this.indices[i];
  }
}

/** Options of {@link WeightedRandomSampler}. */
export interface WeightedRandomSamplerOptions extends GeneratorOption {
  /** Whether an item may be drawn more than once; default `true`. */
  replacement?: boolean;
}

/**
 * Items drawn with probabilities proportional to their weights (`torch.utils.data.WeightedRandomSampler`), for classes of
 * unequal size, say.
 * @example
 * manualSeed(420);
 * [...new data.WeightedRandomSampler([1, 0, 3], 6)] // [2, 2, 2, 0, 0, 2]
 * @throws {ValueError} if `numSamples` is not positive, or the weights are not one list of numbers.
 */
export class WeightedRandomSampler extends Sampler {
  /** The weights, in float64. */
  readonly weights: Tensor;
  /** Whether an item may be drawn more than once. */
  readonly replacement: boolean;
  /** The generator of the indices. */
  readonly generator: Generator;

  /** `numSamples` items, by `weights`. */
  constructor(
    weights: Tensor | readonly number[],
    /** How many items one pass draws. */
    readonly numSamples: number,
    options: WeightedRandomSamplerOptions = {},
  ) {
    super();
    requireSizes('WeightedRandomSampler', { numSamples });
    this.weights = weightsOf(weights);
    if (this.weights.ndim !== 1)
      throw new ValueError(`WeightedRandomSampler: the weights have ${this.weights.ndim} dimensions; expected one`);
    this.replacement = options.replacement ?? true;
    requireBooleans('WeightedRandomSampler', { replacement: this.replacement });
    this.generator = options.generator ?? defaultGenerator;
  }

  override get length(): number {
    return this.numSamples;
  }

  override *[Symbol.iterator](): Iterator<number> {
    const { replacement, generator } = this;
    yield* this.weights.multinomial(this.numSamples, { replacement, generator }).memory;
  }
}

/** @throws {ValueError} unless they are a tensor, or a list of numbers. */
function weightsOf(weights: Tensor | readonly number[]): Tensor {
  if (weights instanceof Tensor) return weights.detach().to('float64').clone();
  const isList = Array.isArray(weights) || ArrayBuffer.isView(weights);
  if (!isList || !Array.from(weights).every((w) => typeof w === 'number'))
    throw new ValueError(
      `WeightedRandomSampler: the weights must be a tensor or a list of numbers, got ${describe(weights)}`,
    );
  return tensor(Float64Array.from(weights));
}

/**
 * The indices of a sampler in batches (`torch.utils.data.BatchSampler`); `dropLast` drops a last batch that is too small.
 * @example
 * [...new data.BatchSampler(new data.SequentialSampler('abcde'), 2, false)] // [[0, 1], [2, 3], [4]]
 * @throws {ValueError} unless `batchSize` is a whole number, 1 or more.
 */
export class BatchSampler extends Sampler<number[]> {
  /** Batches of `batchSize` of the numbers of `sampler`. */
  constructor(
    /** The sampler. */
    readonly sampler: Iterable<number> & Sized,
    /** Number of indices in a batch. */
    readonly batchSize: number,
    /** Whether a last batch that is too small is dropped. */
    readonly dropLast: boolean,
  ) {
    super();
    requireSampler('BatchSampler', sampler);
    requireSizes('BatchSampler', { batchSize });
    requireBooleans('BatchSampler', { dropLast });
    // A copy, because the caller may change a list; a sampler is iterated again in each pass.
    if (Array.isArray(sampler)) this.sampler = [...sampler];
  }

  override get length(): number {
    const batches = this.sampler.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  override [Symbol.iterator](): Iterator<number[]> {
    return batched(this.sampler, this.batchSize, this.dropLast);
  }
}

/** Lists of `size` values; the last may be shorter unless `dropLast`. @internal */
export function* batched<T>(values: Iterable<T>, size: number, dropLast: boolean): IterableIterator<T[]> {
  let batch: T[] = [];
  for (const value of values) {
    batch.push(value);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0 && !dropLast) yield batch;
}
