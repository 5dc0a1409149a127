import { noGrad } from '../autograd';
import { repr } from '../display';
import { ShapeError } from '../errors';
import { requireSizes } from '../ops/arguments';
import { zeros } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type EmbeddingOptions, embedding } from './functional';
import { checkPadding } from './functional/sparse';
import { normal_ } from './init';
import { Module } from './module';
import { Parameter } from './parameter';

/** Options of {@link Embedding}. */
export interface EmbeddingLayerOptions extends EmbeddingOptions {
  /** The rows to start with, in the memory of this matrix; default: random ones. */
  weight?: Tensor | null;
  /** Kind of the rows; default `float32`, or that of `weight`. */
  dtype?: Dtype;
}

/** Options of {@link Embedding.fromPretrained}. */
export interface FromPretrainedOptions extends EmbeddingOptions {
  /** Keep the rows as they are: they want no gradient; default `true`. */
  freeze?: boolean;
}

/**
 * A table of rows that are looked up by their numbers and learnt (`torch.nn.Embedding`): from `int32` numbers of any
 * shape `[…]` to `[…, embeddingDim]`. The rows start normally distributed, with mean 0 and standard deviation 1; the one
 * for `paddingIdx` starts as zeros and stays so.
 */
export class Embedding extends Module {
  /** `[numEmbeddings, embeddingDim]`. */
  weight: Parameter;
  /** The number whose row gets no gradient, counted from the front, or `null`. */
  readonly paddingIdx: number | null;
  /** Rows whose norm is above this are shrunk to it when they are used, or `null`. */
  readonly maxNorm: number | null;
  /** The `p` of that norm. */
  readonly normType: number;
  /** Whether the gradient of each row is divided by how often its number occurs. */
  readonly scaleGradByFreq: boolean;

  /**
   * A table of `numEmbeddings` rows of `embeddingDim` numbers, with PyTorch's initial values.
   * @throws {ValueError} if a size is negative or fractional, or `paddingIdx` has no row.
   */
  constructor(
    /** Number of rows. */
    readonly numEmbeddings: number,
    /** Length of each row. */
    readonly embeddingDim: number,
    options: EmbeddingLayerOptions = {},
  ) {
    super();
    requireSizes('Embedding', { numEmbeddings, embeddingDim }, 0);
    this.paddingIdx = checkPadding('Embedding', options.paddingIdx ?? null, numEmbeddings);
    this.maxNorm = options.maxNorm ?? null;
    this.normType = options.normType ?? 2;
    this.scaleGradByFreq = options.scaleGradByFreq ?? false;
    const { weight = null, dtype } = options;
    this.weight = new Parameter(weight ?? zeros([numEmbeddings, embeddingDim], { dtype }));
    if (weight === null) this.resetParameters();
    else if (weight.ndim !== 2 || weight.shape[0] !== numEmbeddings || weight.shape[1] !== embeddingDim)
      throw new ShapeError(
        `Embedding: weight has shape ${formatShape(weight.shape)}, expected ${formatShape([numEmbeddings, embeddingDim])}`,
      );
  }

  /**
   * A layer with the rows of a given matrix, frozen unless `freeze` is `false` (`torch.nn.Embedding.from_pretrained`).
   * @throws {ShapeError} if `embeddings` is no matrix.
   */
  static fromPretrained(embeddings: Tensor, options: FromPretrainedOptions = {}): Embedding {
    const { freeze = true, ...rest } = options;
    if (embeddings.ndim !== 2)
      throw new ShapeError(`fromPretrained: needs a matrix of rows, got shape ${formatShape(embeddings.shape)}`);
    const layer = new Embedding(embeddings.shape[0], embeddings.shape[1], { ...rest, weight: embeddings });
    layer.weight.requiresGrad_(!freeze);
    return layer;
  }

  /** Draws the rows anew (`torch.nn.Embedding.reset_parameters`). */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => this.weight.setAt(paddingIdx, 0));
  }

  forward(input: Tensor): Tensor {
    return embedding(input, this.weight, this);
  }

  override extraRepr(): string {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    return [
      `${this.numEmbeddings}, ${this.embeddingDim}`,
      ...(paddingIdx === null ? [] : [`paddingIdx=${paddingIdx}`]),
      ...(maxNorm === null ? [] : [`maxNorm=${repr(maxNorm)}`]),
      ...(normType === 2 ? [] : [`normType=${repr(normType)}`]),
      ...(scaleGradByFreq ? [`scaleGradByFreq=${repr(scaleGradByFreq)}`] : []),
    ].join(', ');
  }
}
