import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import { requireBooleans, requireOneOf, requireSizes } from '../ops/table/arguments';
import { full } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { MultiheadAttention } from './attention';
import { ModuleList } from './containers';
import { Dropout } from './dropouts';
import { gelu, relu } from './functional';
import { xavierUniform_ } from './init';
import { Linear } from './linear';
import { Module } from './module';
import { isModule } from './module-tree';
import { LayerNorm } from './normalization';

/** The activation between the two linear maps of a layer: a name, a function, or a module. */
export type TransformerActivation = 'relu' | 'gelu' | ((x: Tensor) => Tensor) | Module;

/** Options of {@link TransformerEncoderLayer} and {@link TransformerDecoderLayer}. */
export interface TransformerLayerOptions {
  /** Size between the two linear maps; default 2048. */
  dimFeedforward?: number;
  /** Probability of dropping in training; default 0.1. */
  dropout?: number;
  /** The activation between the two linear maps; default `'relu'`. */
  activation?: TransformerActivation;
  /** Added to the variance in normalization; default 1e-5. */
  layerNormEps?: number;
  /** Inputs and outputs are `[N, L, E]` instead of `[L, N, E]`; default `false`. */
  batchFirst?: boolean;
  /** Normalize before attention and linear maps instead of after them; default `false`. */
  normFirst?: boolean;
  /** Add biases to linear maps and normalization; default `true`. */
  bias?: boolean;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/** Options of calling a {@link TransformerEncoderLayer}. */
export interface EncoderLayerMasks {
  /**
   * Attention mask `[L, L]` or `[N·heads, L, L]`: true excludes a position for another; or numbers added to the scores.
   */
  srcMask?: Tensor | null;
  /** Padding mask `[N, L]`: true excludes a position for all; or numbers added to its scores. */
  srcKeyPaddingMask?: Tensor | null;
  /** Declares that `srcMask`, which is required, is causal; it does not change the result; default `false`. */
  isCausal?: boolean;
}

const namedActivations = { relu: (x: Tensor) => relu(x), gelu: (x: Tensor) => gelu(x) };

/** Base of both kinds of layers: the feed-forward part, and the position of the normalization. */
abstract class TransformerLayer<A extends unknown[]> extends Module<A, Tensor> {
  /** Attention of the sequence to itself. */
  readonly selfAttn: MultiheadAttention;
  /** The first linear map. */
  declare readonly linear1: Linear;
  /** Dropout between the linear maps. */
  declare readonly dropout: Dropout;
  /** The second linear map. */
  declare readonly linear2: Linear;
  /** The normalization of the first part. */
  declare readonly norm1: LayerNorm;
  /** The normalization of the second part. */
  declare readonly norm2: LayerNorm;
  /** Dropout after the first part. */
  declare readonly dropout1: Dropout;
  /** Dropout after the second part. */
  declare readonly dropout2: Dropout;
  /** Whether normalization comes first. */
  readonly normFirst: boolean;
  /** The activation between the two linear maps. */
  declare readonly activation: ((x: Tensor) => Tensor) | Module;

  /** @internal */
  constructor(dModel: number, nhead: number, options: TransformerLayerOptions, attentions: readonly string[]) {
    super();
    const op = this.constructor.name;
    const { dimFeedforward = 2048, dropout = 0.1, activation = 'relu', layerNormEps: eps = 1e-5 } = options;
    const { batchFirst = false, normFirst = false, bias = true, dtype } = options;
    requireSizes(op, { dModel, nhead, dimFeedforward });
    requireBooleans(op, { batchFirst, normFirst, bias });
    if (typeof activation !== 'function') requireOneOf(op, { activation }, ['relu', 'gelu']);
    const attention = () => new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype });
    this.selfAttn = attention();
    for (const name of attentions) Object.assign(this, { [name]: attention() });
    this.normFirst = normFirst;
    const linear1 = new Linear(dModel, dimFeedforward, { bias, dtype });
    const linear2 = new Linear(dimFeedforward, dModel, { bias, dtype });
    Object.assign(this, { linear1, dropout: new Dropout(dropout), linear2 });
    const parts = [1, 2, ...attentions.map((_, i) => 3 + i)];
    for (const i of parts) Object.assign(this, { [`norm${i}`]: new LayerNorm(dModel, { eps, bias, dtype }) });
    for (const i of parts) Object.assign(this, { [`dropout${i}`]: new Dropout(dropout) });
    Object.assign(this, { activation: typeof activation === 'string' ? namedActivations[activation] : activation });
  }

  /** One part with its residual connection, normalized before or after it. @internal */
  protected part(x: Tensor, norm: LayerNorm, dropout: Dropout, compute: (x: Tensor) => Tensor): Tensor {
    return this.normFirst ? x.add(dropout(compute(norm(x)))) : norm(x.add(dropout(compute(x))));
  }

  /** @internal */
  protected feedForward(x: Tensor): Tensor {
    return this.linear2(this.dropout(this.activation(this.linear1(x))));
  }
}

/**
 * A layer of a transformer's encoder (`torch.nn.TransformerEncoderLayer`): attention of a sequence to itself, then two linear
 * maps with an activation between them, each with a residual connection and normalization: `x ← norm(x + part(x))`, with `normFirst`
 * `x ← x + part(norm(x))`. Takes and returns `[L, N, dModel]`, `[L, dModel]` without a batch.
 *
 * @example
 * const layer = new nn.TransformerEncoderLayer(8, 2, { batchFirst: true });
 * layer(rand([5, 3, 8])).shape // [5, 3, 8]
 * @throws {ValueError} if the heads do not divide `dModel`, or an option is not among its values.
 */
export class TransformerEncoderLayer extends TransformerLayer<[src: Tensor, masks?: EncoderLayerMasks]> {
  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super(dModel, nhead, options, []);
  }

  /**
   * The sequence after the layer.
   * @throws {ShapeError} if the shapes do not fit; {@link ValueError} for `isCausal` without a mask.
   */
  forward(src: Tensor, masks: EncoderLayerMasks = {}): Tensor {
    const { srcMask: attnMask = null, srcKeyPaddingMask: keyPaddingMask = null, isCausal } = masks;
    const options = { attnMask, keyPaddingMask, isCausal, needWeights: false };
    const x = this.part(src, this.norm1, this.dropout1, (y) => this.selfAttn(y, y, y, options)[0]);
    return this.part(x, this.norm2, this.dropout2, (y) => this.feedForward(y));
  }
}

/** Options of calling a {@link TransformerDecoderLayer} or a {@link TransformerDecoder}. */
export interface DecoderMasks {
  /** Attention mask of the sequence: `[T, T]` or `[N·heads, T, T]`. */
  tgtMask?: Tensor | null;
  /** Attention mask of the memory: `[T, S]` or `[N·heads, T, S]`. */
  memoryMask?: Tensor | null;
  /** Padding mask of the sequence: `[N, T]`. */
  tgtKeyPaddingMask?: Tensor | null;
  /** Padding mask of the memory: `[N, S]`. */
  memoryKeyPaddingMask?: Tensor | null;
  /** Declares that `tgtMask`, which is required, is causal; it does not change the result; default `false`. */
  tgtIsCausal?: boolean;
  /** Declares that `memoryMask`, which is required, is causal; it does not change the result; default `false`. */
  memoryIsCausal?: boolean;
}

/**
 * A layer of a transformer's decoder (`torch.nn.TransformerDecoderLayer`): attention of a sequence to itself, then to the
 * `memory` from an encoder, then two linear maps; see {@link TransformerEncoderLayer}. Takes `[T, N, dModel]` and
 * `[S, N, dModel]`, and returns `[T, N, dModel]`.
 * @throws {ValueError} if the heads do not divide `dModel`, or an option is not among its values.
 */
export class TransformerDecoderLayer extends TransformerLayer<[tgt: Tensor, memory: Tensor, masks?: DecoderMasks]> {
  /** Attention of the sequence to the memory. */
  declare readonly multiheadAttn: MultiheadAttention;
  /** The normalization of the third part. */
  declare readonly norm3: LayerNorm;
  /** Dropout after the third part. */
  declare readonly dropout3: Dropout;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super(dModel, nhead, options, ['multiheadAttn']);
  }

  /**
   * The sequence after the layer.
   * @throws {ShapeError} if the shapes do not fit; {@link ValueError} for a causal mask that is not given.
   */
  forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks = {}): Tensor {
    const own = {
      attnMask: masks.tgtMask ?? null,
      keyPaddingMask: masks.tgtKeyPaddingMask ?? null,
      isCausal: masks.tgtIsCausal,
      needWeights: false,
    };
    const other = {
      attnMask: masks.memoryMask ?? null,
      keyPaddingMask: masks.memoryKeyPaddingMask ?? null,
      isCausal: masks.memoryIsCausal,
      needWeights: false,
    };
    let x = this.part(tgt, this.norm1, this.dropout1, (y) => this.selfAttn(y, y, y, own)[0]);
    x = this.part(x, this.norm2, this.dropout2, (y) => this.multiheadAttn(y, memory, memory, other)[0]);
    return this.part(x, this.norm3, this.dropout3, (y) => this.feedForward(y));
  }
}

/** Options of {@link TransformerEncoder} and {@link TransformerDecoder}. */
export interface TransformerStackOptions {
  /** The module applied to the result, mostly a normalization; default `null`. */
  norm?: Module | null;
}

/** Copies of a layer, one after the other. */
function stackOf<M extends Module<never, Tensor>>(
  op: string,
  layer: M,
  numLayers: number,
  norm: unknown,
): ModuleList<M> {
  if (!isModule(layer)) throw new ValueError(`${op}: the first argument must be a layer, got ${describe(layer)}`);
  if (norm !== null && !isModule(norm))
    throw new ValueError(`${op}: norm must be a module or null, got ${describe(norm)}`);
  requireSizes(op, { numLayers }, 0);
  return new ModuleList(Array.from({ length: numLayers }, () => layer.clone()));
}

/** Options of calling a {@link TransformerEncoder}. */
export interface EncoderMasks {
  /** Attention mask for every layer: `[L, L]` or `[N·heads, L, L]`. */
  mask?: Tensor | null;
  /** Padding mask: `[N, L]`. */
  srcKeyPaddingMask?: Tensor | null;
  /** Declares that `mask`, which is required, is causal; it does not change the result; default `false`. */
  isCausal?: boolean;
}

/**
 * The encoder of a transformer (`torch.nn.TransformerEncoder`): `numLayers` copies of a layer, one after the other. They
 * begin with the same weights, those of the layer. Unlike PyTorch's, evaluation does not set padded positions to 0.
 * @throws {ValueError} if the layer is no module, or the number of layers no whole number.
 */
export class TransformerEncoder extends Module<[src: Tensor, masks?: EncoderMasks], Tensor> {
  /** The layers. */
  readonly layers: ModuleList<TransformerEncoderLayer>;
  /** The module applied to the result, or `null`. */
  readonly norm: Module | null;
  /** How many layers there are. */
  readonly numLayers: number;

  constructor(encoderLayer: TransformerEncoderLayer, numLayers: number, options: TransformerStackOptions = {}) {
    super();
    const { norm = null } = options;
    this.layers = stackOf('TransformerEncoder', encoderLayer, numLayers, norm);
    this.numLayers = numLayers;
    this.norm = norm;
  }

  /** The sequence after all layers. @throws {ShapeError} if the shapes do not fit. */
  forward(src: Tensor, masks: EncoderMasks = {}): Tensor {
    const { mask: srcMask, srcKeyPaddingMask, isCausal } = masks;
    let x = src;
    for (const layer of this.layers) x = layer(x, { srcMask, srcKeyPaddingMask, isCausal });
    return this.norm === null ? x : this.norm(x);
  }
}

/**
 * The decoder of a transformer (`torch.nn.TransformerDecoder`): `numLayers` copies of a layer, one after the other,
 * each of which attends to the same memory. They are initialized with the layer's weights.
 * @throws {ValueError} if the layer is no module, or the number of layers no whole number.
 */
export class TransformerDecoder extends Module<[tgt: Tensor, memory: Tensor, masks?: DecoderMasks], Tensor> {
  /** The layers. */
  readonly layers: ModuleList<TransformerDecoderLayer>;
  /** The module applied to the result, or `null`. */
  readonly norm: Module | null;
  /** How many layers there are. */
  readonly numLayers: number;

  constructor(decoderLayer: TransformerDecoderLayer, numLayers: number, options: TransformerStackOptions = {}) {
    super();
    const { norm = null } = options;
    this.layers = stackOf('TransformerDecoder', decoderLayer, numLayers, norm);
    this.numLayers = numLayers;
    this.norm = norm;
  }

  /** The sequence after all layers. @throws {ShapeError} if the shapes do not fit. */
  forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks = {}): Tensor {
    let x = tgt;
    for (const layer of this.layers) x = layer(x, memory, masks);
    return this.norm === null ? x : this.norm(x);
  }
}

/** Options of {@link Transformer}. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** Size of the vectors; default 512. */
  dModel?: number;
  /** Number of heads; default 8. */
  nhead?: number;
  /** Layers of the encoder; default 6. */
  numEncoderLayers?: number;
  /** Layers of the decoder; default 6. */
  numDecoderLayers?: number;
  /** A replacement for the encoder. */
  customEncoder?: Module<[src: Tensor, masks?: EncoderMasks], Tensor> | null;
  /** A replacement for the decoder. */
  customDecoder?: Module<[tgt: Tensor, memory: Tensor, masks?: DecoderMasks], Tensor> | null;
}

/** Options of calling a {@link Transformer}. */
export interface TransformerMasks extends DecoderMasks {
  /** Attention mask of the source: `[S, S]` or `[N·heads, S, S]`. */
  srcMask?: Tensor | null;
  /** Padding mask of the source: `[N, S]`. */
  srcKeyPaddingMask?: Tensor | null;
  /** Declares that `srcMask`, which is required, is causal; it does not change the result; default `false`. */
  srcIsCausal?: boolean;
}

/**
 * A transformer (`torch.nn.Transformer`): an encoder for the source `[S, N, dModel]`, and a decoder for the target
 * `[T, N, dModel]`, which attends to the encoder's output; both end with a normalization. Embedding of words and
 * prediction of words are not included. Matrices are initialized by `nn.init.xavierUniform_`.
 * @throws {ValueError} if the heads do not divide `dModel`, or an option is not among its values.
 */
export class Transformer extends Module<[src: Tensor, tgt: Tensor, masks?: TransformerMasks], Tensor> {
  /** The encoder. */
  readonly encoder: Module<[src: Tensor, masks?: EncoderMasks], Tensor>;
  /** The decoder. */
  readonly decoder: Module<[tgt: Tensor, memory: Tensor, masks?: DecoderMasks], Tensor>;
  /** Size of the vectors. */
  readonly dModel: number;
  /** Number of heads. */
  readonly nhead: number;
  /** Whether inputs and outputs are `[N, L, E]`. */
  readonly batchFirst: boolean;

  constructor(options: TransformerOptions = {}) {
    super();
    const { dModel = 512, nhead = 8, numEncoderLayers = 6, numDecoderLayers = 6, ...others } = options;
    const { customEncoder = null, customDecoder = null, ...ofLayers } = others;
    const { layerNormEps: eps = 1e-5, bias = true, dtype } = ofLayers;
    for (const [name, module] of Object.entries({ customEncoder, customDecoder }))
      if (module !== null && !isModule(module))
        throw new ValueError(`Transformer: ${name} must be a module or null, got ${describe(module)}`);
    const norm = () => new LayerNorm(dModel, { eps, bias, dtype });
    this.encoder =
      customEncoder ??
      new TransformerEncoder(new TransformerEncoderLayer(dModel, nhead, ofLayers), numEncoderLayers, { norm: norm() });
    this.decoder =
      customDecoder ??
      new TransformerDecoder(new TransformerDecoderLayer(dModel, nhead, ofLayers), numDecoderLayers, { norm: norm() });
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = options.batchFirst ?? false;
    for (const p of this.parameters()) if (p.ndim > 1) xavierUniform_(p);
  }

  /**
   * The decoder's output for the target; the decoder attends to the encoder's output for the source.
   * @throws {ShapeError} if source and target have different numbers of cases, or vectors of another size than
   *   `dModel`.
   */
  forward(src: Tensor, tgt: Tensor, masks: TransformerMasks = {}): Tensor {
    const shapes = `source ${formatShape(src.sizes)} and target ${formatShape(tgt.sizes)}`;
    const batch = this.batchFirst ? 0 : 1;
    if (src.ndim === 3 && tgt.ndim === 3 && src.sizes[batch] !== tgt.sizes[batch])
      throw new ShapeError(`Transformer: ${shapes} must have the same number of cases, their size ${batch}`);
    if (src.sizes[src.ndim - 1] !== this.dModel || tgt.sizes[tgt.ndim - 1] !== this.dModel)
      throw new ShapeError(`Transformer: the last dimension of ${shapes} must be dModel, ${this.dModel}`);
    const { srcMask: mask, srcKeyPaddingMask, srcIsCausal: isCausal, ...others } = masks;
    const memory = this.encoder(src, { mask, srcKeyPaddingMask, isCausal });
    return this.decoder(tgt, memory, others);
  }

  /**
   * The mask `[size, size]` for causal attention: 0 for the position itself and earlier ones, minus infinity for later
   * ones (`torch.nn.Transformer.generate_square_subsequent_mask`).
   * @throws {ValueError} if the size is no whole number.
   */
  static generateSquareSubsequentMask(size: number, options: { dtype?: Dtype } = {}): Tensor {
    requireSizes('generateSquareSubsequentMask', { size }, 0);
    const { dtype } = options;
    return full([size, size], Number.NEGATIVE_INFINITY, { dtype }).triu(1);
  }
}
