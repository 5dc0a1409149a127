import { noGrad } from '../autograd';
import { repr } from '../display';
import { ShapeError } from '../errors';
import { requireOneOf, requireSizes, requireTensor } from '../ops/table/arguments';
import { zeros } from '../tensor/creation';
import { checkDtype, type Dtype } from '../tensor/dtype';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type BagMode, type EmbeddingBagOptions, type EmbeddingOptions, embedding, embeddingBag } from './functional';
import { checkPadding } from './functional/sparse';
import { normal_ } from './init';
import { Module } from './module';
import { noteMembers } from './module-tree';
import { Parameter } from './parameter';

/** Options of {@link Embedding}. */
export interface EmbeddingLayerOptions extends EmbeddingOptions {
  /** Initial rows, sharing memory with this matrix; default: random rows. */
  weight?: Tensor | null;
  /** Dtype of the rows; default `float32`, or that of `weight`. */
  dtype?: Dtype;
}

/** Options of {@link Embedding.fromPretrained} and {@link EmbeddingBag.fromPretrained}. */
export interface FromPretrainedOptions extends EmbeddingOptions {
  /** Do not train the rows; default `true`. */
  freeze?: boolean;
}

/** A table of learned rows, looked up by their numbers. */
abstract class EmbeddingTable<A extends unknown[]> extends Module<A, Tensor> {
  /** `[numEmbeddings, embeddingDim]`. */
  weight: Parameter;
  /** The number whose row gets no gradient, or `null`. */
  readonly paddingIdx: number | null;
  /** Rows with a larger norm are scaled down to it when they are used, or `null`. */
  readonly maxNorm: number | null;
  /** The `p` of that norm. */
  readonly normType: number;
  /** Whether the gradient of each row is divided by the number of its occurrences. */
  readonly scaleGradByFreq: boolean;

  constructor(
    /** Number of rows. */
    readonly numEmbeddings: number,
    /** Length of each row. */
    readonly embeddingDim: number,
    options: EmbeddingLayerOptions,
  ) {
    super();
    const name = this.constructor.name;
    const { weight = null, dtype } = options;
    if (dtype !== undefined) checkDtype(name, dtype);
    requireSizes(name, { numEmbeddings, embeddingDim }, 0);
    this.paddingIdx = checkPadding(name, options.paddingIdx ?? null, numEmbeddings);
    this.maxNorm = options.maxNorm ?? null;
    this.normType = options.normType ?? 2;
    this.scaleGradByFreq = options.scaleGradByFreq ?? false;
    this.weight = new Parameter(weight ?? zeros([numEmbeddings, embeddingDim], { dtype }));
    noteMembers(this);
    if (weight === null) this.resetParameters();
    else if (weight.ndim !== 2 || weight.shape[0] !== numEmbeddings || weight.shape[1] !== embeddingDim)
      throw new ShapeError(
        `${name}: weight has shape ${formatShape(weight.shape)}, expected ${formatShape([numEmbeddings, embeddingDim])}`,
      );
  }

  /** Initializes the rows again (`torch.nn.Embedding.reset_parameters`). */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => this.weight.setAt(paddingIdx, 0));
  }

  /** The options that differ from the defaults, for the printed form. */
  protected get settings(): string[] {
    const { maxNorm, normType, scaleGradByFreq } = this;
    return [
      ...(maxNorm === null ? [] : [`maxNorm=${repr(maxNorm)}`]),
      ...(normType === 2 ? [] : [`normType=${repr(normType)}`]),
      ...(scaleGradByFreq ? [`scaleGradByFreq=${repr(scaleGradByFreq)}`] : []),
    ];
  }

  /** The setting of the padding, if there is one. */
  protected get padding(): string[] {
    return this.paddingIdx === null ? [] : [`paddingIdx=${this.paddingIdx}`];
  }
}

/** Creates a layer with the rows of a matrix; `make` is called with its sizes. */
function pretrained<L extends EmbeddingTable<never>>(
  embeddings: Tensor,
  freeze: boolean | undefined,
  make: (rows: number, size: number) => L,
): L {
  requireTensor('fromPretrained', embeddings, 'the rows');
  if (embeddings.ndim !== 2)
    throw new ShapeError(`fromPretrained: needs a matrix of rows, got shape ${formatShape(embeddings.shape)}`);
  const layer = make(embeddings.shape[0], embeddings.shape[1]);
  layer.weight.requiresGrad_(!(freeze ?? true));
  return layer;
}

/**
 * A table of rows that are looked up by their numbers and learnt (`torch.nn.Embedding`): from `int32` numbers of any
 * shape `[…]` to `[…, embeddingDim]`. The rows start normally distributed, with mean 0 and standard deviation 1; the one
 * for `paddingIdx` starts as zeros and stays so.
 *
 * @example
 * new nn.Embedding(10, 4)(tensor([[1, 2, 9], [3, 3, 0]])).shape // [2, 3, 4]
 */
export class Embedding extends EmbeddingTable<[input: Tensor]> {
  /**
   * A table of `numEmbeddings` rows of `embeddingDim` numbers, with PyTorch's initial values.
   * @throws {ValueError} if a size is negative or fractional, or `paddingIdx` has no row.
   */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingLayerOptions = {}) {
    super(numEmbeddings, embeddingDim, options);
  }

  /**
   * A layer with the rows of a given matrix, frozen unless `freeze` is `false` (`torch.nn.Embedding.from_pretrained`).
   * @throws {ShapeError} if `embeddings` is no matrix.
   */
  static fromPretrained(embeddings: Tensor, options: FromPretrainedOptions = {}): Embedding {
    const { freeze, ...rest } = options;
    return pretrained(embeddings, freeze, (n, size) => new Embedding(n, size, { ...rest, weight: embeddings }));
  }

  forward(input: Tensor): Tensor {
    return embedding(input, this.weight, this);
  }

  override extraRepr(): string {
    return [`${this.numEmbeddings}, ${this.embeddingDim}`, ...this.padding, ...this.settings].join(', ');
  }
}

/** Options of {@link EmbeddingBag}. */
export interface EmbeddingBagLayerOptions
  extends EmbeddingLayerOptions,
    Pick<EmbeddingBagOptions, 'mode' | 'includeLastOffset'> {}

/** Options of a call of {@link EmbeddingBag}. */
export type BagOptions = Pick<EmbeddingBagOptions, 'offsets' | 'perSampleWeights'>;

/**
 * A table of rows of which whole bags are looked up and brought together (`torch.nn.EmbeddingBag`): from numbers
 * `[bags, numbers]`, or a list of numbers with `offsets`, to `[bags, embeddingDim]`. See `nn.functional.embeddingBag`.
 *
 * @example
 * const bag = new nn.EmbeddingBag(10, 3, { mode: 'sum' });
 * bag(tensor([1, 2, 4, 5], { dtype: 'int32' }), { offsets: tensor([0, 3], { dtype: 'int32' }) }).shape // [2, 3]
 */
export class EmbeddingBag extends EmbeddingTable<[input: Tensor, options?: BagOptions]> {
  /** How the rows of a bag are combined. */
  readonly mode: BagMode;
  /** Whether the last offset is the end of the last bag. */
  readonly includeLastOffset: boolean;

  /**
   * A table of `numEmbeddings` rows of `embeddingDim` numbers, with PyTorch's initial values.
   * @throws {ValueError} if a size is negative or fractional, `paddingIdx` has no row, or there is no such mode.
   */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingBagLayerOptions = {}) {
    super(numEmbeddings, embeddingDim, options);
    const { mode = 'mean', includeLastOffset = false } = options;
    requireOneOf('EmbeddingBag', { mode }, ['sum', 'mean', 'max']);
    this.mode = mode;
    this.includeLastOffset = includeLastOffset;
  }

  /**
   * A layer with the rows of a given matrix, frozen unless `freeze` is `false`
   * (`torch.nn.EmbeddingBag.from_pretrained`).
   * @throws {ShapeError} if `embeddings` is no matrix.
   */
  static fromPretrained(
    embeddings: Tensor,
    options: EmbeddingBagLayerOptions & FromPretrainedOptions = {},
  ): EmbeddingBag {
    const { freeze, ...rest } = options;
    return pretrained(embeddings, freeze, (n, size) => new EmbeddingBag(n, size, { ...rest, weight: embeddings }));
  }

  /** The rows of each bag as one. */
  forward(input: Tensor, options: BagOptions = {}): Tensor {
    const { offsets, perSampleWeights } = options;
    const { paddingIdx, maxNorm, normType, scaleGradByFreq, mode, includeLastOffset } = this;
    return embeddingBag(input, this.weight, {
      offsets,
      perSampleWeights,
      paddingIdx,
      maxNorm,
      normType,
      scaleGradByFreq,
      mode,
      includeLastOffset,
    });
  }

  override extraRepr(): string {
    const sizes = `${this.numEmbeddings}, ${this.embeddingDim}`;
    return [sizes, ...this.settings, `mode=${repr(this.mode)}`, ...this.padding].join(', ');
  }
}
