import { ShapeError, ValueError } from '../errors';
import { joining } from '../ops/joining/cat';
import { requireBooleans, requireSizes } from '../ops/table/arguments';
import { zeros } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import { formatShape, type Shape, sameShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { dropout as dropoutOf, linear, scaledDotProductAttention } from './functional';
import { attentionScores, averaged, checkMask, leavingOut } from './functional/attention';
import { checkDropout } from './functional/dropout';
import { xavierNormal_, xavierUniform_, zeros_ } from './init';
import { Linear } from './linear';
import { Module } from './module';
import { noteMembers } from './module-tree';
import { Parameter } from './parameter';

/** Options of {@link MultiheadAttention}. */
export interface MultiheadAttentionOptions {
  /** Probability with which a weight is dropped in training; default 0. */
  dropout?: number;
  /** Add biases to the linear maps; default `true`. */
  bias?: boolean;
  /** Add a learned key and value to every sequence; default `false`. */
  addBiasKv?: boolean;
  /** Add a key and a value of zeros to every sequence; default `false`. */
  addZeroAttn?: boolean;
  /** Size of the keys; default `embedDim`. */
  kdim?: number | null;
  /** Size of the values; default `embedDim`. */
  vdim?: number | null;
  /** Inputs and outputs are `[N, L, E]` instead of `[L, N, E]`; default `false`. */
  batchFirst?: boolean;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/** Options of calling a {@link MultiheadAttention}. */
export interface AttentionOptions {
  /**
   * Mask of keys `[N, S]` (`[S]` without a batch): true excludes a key from attention; or numbers added to each key's
   * scores.
   */
  keyPaddingMask?: Tensor | null;
  /** Also return the attention weights; default `true`. */
  needWeights?: boolean;
  /**
   * Mask `[L, S]`, or `[N·numHeads, L, S]` for each head: true excludes a key for a query; or numbers added to the
   * scores.
   */
  attnMask?: Tensor | null;
  /** Average the weights over the heads; default `true`. */
  averageAttnWeights?: boolean;
  /** Declares that `attnMask`, which is required, is causal; it does not change the result; default `false`. */
  isCausal?: boolean;
}

/** Options of {@link MultiheadAttention}. */
export type AttentionInput = [query: Tensor, key: Tensor, value: Tensor, options?: AttentionOptions];

/**
 * Attention of several heads (`torch.nn.MultiheadAttention`): linear maps of queries, keys and values, split into heads,
 * each of which attends by itself (`nn.functional.scaledDotProductAttention`), and a linear map of the heads together.
 * Queries are `[L, N, embedDim]`, keys `[S, N, kdim]`, values `[S, N, vdim]`, without `N` if there is no batch.
 * `attention(query, key, value)` returns the output `[L, N, embedDim]`, and the weights `[N, L, S]` or `null`.
 *
 * @example
 * const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
 * const x = rand([5, 3, 8]);
 * const [output, weights] = attention(x, x, x);
 * [output.shape, weights?.shape] // [[5, 3, 8], [5, 3, 3]]
 */
export class MultiheadAttention extends Module<AttentionInput, [output: Tensor, weights: Tensor | null]> {
  /** Maps of queries, keys and values, stacked in one matrix `[3·embedDim, embedDim]`, if all have the same size. */
  inProjWeight: Parameter | null = null;
  /** Map of the queries `[embedDim, embedDim]`, if the sizes differ. */
  qProjWeight: Parameter | null = null;
  /** Map of the keys `[embedDim, kdim]`, if the sizes differ. */
  kProjWeight: Parameter | null = null;
  /** Map of the values `[embedDim, vdim]`, if the sizes differ. */
  vProjWeight: Parameter | null = null;
  /** Biases of the three maps `[3·embedDim]`, or `null`. */
  inProjBias: Parameter | null;
  /** The linear map of the concatenated heads. */
  outProj: Linear;
  /** The added key `[1, 1, embedDim]`, or `null`. */
  biasK: Parameter | null;
  /** The added value `[1, 1, embedDim]`, or `null`. */
  biasV: Parameter | null;
  /** Probability with which a weight is dropped in training. */
  readonly dropout: number;
  /** Whether a key and a value of zeros are added. */
  readonly addZeroAttn: boolean;
  /** Whether inputs and outputs are `[N, L, E]`. */
  readonly batchFirst: boolean;
  /** Size of a head. */
  readonly headDim: number;
  /** Size of the keys. */
  readonly kdim: number;
  /** Size of the values. */
  readonly vdim: number;

  /**
   * Attention with `numHeads` heads over vectors of size `embedDim`, with PyTorch's initial weights.
   * @throws {ValueError} if the heads do not divide `embedDim`, or an option is not among its values.
   */
  constructor(
    /** Size of the queries and of the output. */
    readonly embedDim: number,
    /** Number of heads. */
    readonly numHeads: number,
    options: MultiheadAttentionOptions = {},
  ) {
    super();
    const { dropout = 0, bias = true, addBiasKv = false, addZeroAttn = false, batchFirst = false, dtype } = options;
    const kdim = options.kdim ?? embedDim;
    const vdim = options.vdim ?? embedDim;
    requireSizes('MultiheadAttention', { embedDim, numHeads, kdim, vdim });
    requireBooleans('MultiheadAttention', { bias, addBiasKv, addZeroAttn, batchFirst });
    checkDropout('MultiheadAttention', dropout);
    if (embedDim % numHeads !== 0)
      throw new ValueError(`MultiheadAttention: embedDim ${embedDim} does not divide into ${numHeads} heads`);
    this.dropout = dropout;
    this.addZeroAttn = addZeroAttn;
    this.batchFirst = batchFirst;
    this.headDim = embedDim / numHeads;
    this.kdim = kdim;
    this.vdim = vdim;
    const parameter = (...shape: number[]) => new Parameter(zeros(shape, { dtype }));
    if (kdim === embedDim && vdim === embedDim) this.inProjWeight = parameter(3 * embedDim, embedDim);
    else {
      this.qProjWeight = parameter(embedDim, embedDim);
      this.kProjWeight = parameter(embedDim, kdim);
      this.vProjWeight = parameter(embedDim, vdim);
    }
    this.inProjBias = bias ? parameter(3 * embedDim) : null;
    this.outProj = new Linear(embedDim, embedDim, { bias, dtype });
    this.biasK = addBiasKv ? parameter(1, 1, embedDim) : null;
    this.biasV = addBiasKv ? parameter(1, 1, embedDim) : null;
    noteMembers(this);
    this.drawParameters();
  }

  /** Initializes the maps of queries, keys and values; the output map has initialized itself. */
  private drawParameters(): void {
    for (const weight of [this.inProjWeight, this.qProjWeight, this.kProjWeight, this.vProjWeight])
      if (weight !== null) xavierUniform_(weight);
    for (const bias of [this.inProjBias, this.outProj.bias]) if (bias !== null) zeros_(bias);
    for (const bias of [this.biasK, this.biasV]) if (bias !== null) xavierNormal_(bias);
  }

  /**
   * The output and, unless `needWeights` is `false`, the attention weights.
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are no floats;
   * {@link ValueError} for `isCausal` without a mask.
   */
  forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttentionOptions = {},
  ): [output: Tensor, weights: Tensor | null] {
    const { needWeights = true, averageAttnWeights = true, isCausal = false, attnMask = null } = options;
    if (isCausal && attnMask === null)
      throw new ValueError('MultiheadAttention: isCausal says that attnMask is causal; give attnMask as well');
    this.checkShapes(query, key, value);
    const batched = query.ndim === 3;
    const rows = (x: Tensor) => (!batched ? x.unsqueeze(0) : this.batchFirst ? x : x.transpose(0, 1));
    const queries = rows(query);
    const keys = batched && key === query ? queries : rows(key);
    const values = batched && value === key ? keys : rows(value);
    const [q, k, v] = this.projected(queries, keys, values).map((x) => this.splitHeads(x));
    const mask = this.addedToScores(options, q, k.sizes[2]);
    const p = this.training ? this.dropout : 0;
    let weights: Tensor | null = null;
    let heads: Tensor;
    if (needWeights) {
      weights = dropoutOf(attentionScores(q, k, 1 / Math.sqrt(this.headDim), mask).softmax(-1), p);
      heads = averaged(weights, v, mask);
      if (averageAttnWeights) weights = weights.mean(1);
      if (!batched) weights = weights.squeeze(0);
    } else heads = scaledDotProductAttention(q, k, v, { attnMask: mask, dropoutP: p });
    // As in PyTorch, the output's memory always has the queries outermost.
    const output = this.outProj(heads.permute(2, 0, 1, 3).flatten(2));
    return [!batched ? output.squeeze(1) : this.batchFirst ? output.transpose(0, 1) : output, weights];
  }

  /**
   * Queries, keys and values `[N, L, E]` after the linear maps, including added keys and values. In a batch, inputs
   * that are the same tensor are mapped by one product, as in PyTorch. Thus a zero gradient of the values meets a NaN
   * or an infinity of the input as there.
   */
  private projected(query: Tensor, key: Tensor, value: Tensor): Tensor[] {
    const { inProjWeight, inProjBias, embedDim, biasK, biasV } = this;
    const each = [query, key, value];
    const sizes = inProjWeight === null || key !== value ? [1, 1, 1] : query === key ? [3] : [1, 2];
    const rows = sizes.map((size) => size * embedDim);
    const weights =
      inProjWeight === null ? [this.qProjWeight!, this.kProjWeight!, this.vProjWeight!] : inProjWeight.split(rows);
    const biases = inProjBias?.split(rows);
    const [q, k, v] = sizes.flatMap((size, i) => {
      const maps = linear(each[i], weights[i], biases?.[i] ?? null);
      return size === 1 ? [maps] : maps.split(embedDim, -1);
    });
    const added = [k, v].map((x, i) => {
      const one = [x.sizes[0], 1, embedDim];
      const bias = i === 0 ? biasK : biasV;
      const more = bias === null ? [] : [bias.expand(one)];
      if (this.addZeroAttn) more.push(zeros(one, { dtype: x.dtype }));
      return more.length === 0 ? x : joining.cat([x, ...more], 1);
    });
    return [q, ...added];
  }

  /** `[N, L, E]` as `[N, heads, L, E / heads]`. */
  private splitHeads(x: Tensor): Tensor {
    return x.reshape([...x.sizes.slice(0, 2), this.numHeads, this.headDim]).transpose(1, 2);
  }

  /** Returns the numbers added to the scores `[N, heads, L, S]`, or `null`. Added keys are never masked. */
  private addedToScores({ attnMask, keyPaddingMask }: AttentionOptions, q: Tensor, keys: number): Tensor | null {
    const [cases, heads, length] = q.sizes;
    const added = Number(this.biasK !== null) + Number(this.addZeroAttn);
    const given = keys - added;
    const additive = (name: string, mask: Tensor, shapes: Shape[], to: Shape) => {
      checkMask('MultiheadAttention', name, mask, q);
      if (!shapes.some((shape) => sameShape(mask.sizes, shape)))
        throw new ShapeError(
          `MultiheadAttention: ${name} has shape ${formatShape(mask.sizes)}; expected ${shapes.map(formatShape).join(' or ')}`,
        );
      const numbers = (mask.dtype === 'bool' ? leavingOut(mask, q) : mask).reshape(to);
      return added === 0 ? numbers : joining.cat([numbers, zeros([...to.slice(0, -1), added], { dtype: q.dtype })], -1);
    };
    const masks: Tensor[] = [];
    if (attnMask) {
      const one = [length, given];
      const each = [cases * heads, length, given];
      const to = attnMask.ndim === 2 ? one : [cases, heads, length, given];
      masks.push(additive('attnMask', attnMask, [one, each], to));
    }
    if (keyPaddingMask) {
      const shapes = cases === 1 ? [[given], [1, given]] : [[cases, given]];
      masks.push(additive('keyPaddingMask', keyPaddingMask, shapes, [cases, 1, 1, given]));
    }
    return masks.length === 0 ? null : masks.reduce((a, b) => a.add(b));
  }

  private checkShapes(query: Tensor, key: Tensor, value: Tensor): void {
    const shapes = [query, key, value].map((x) => x.sizes);
    const named = `query ${formatShape(shapes[0])}, key ${formatShape(shapes[1])} and value ${formatShape(shapes[2])}`;
    const rank = query.ndim;
    if ((rank !== 2 && rank !== 3) || key.ndim !== rank || value.ndim !== rank)
      throw new ShapeError(`MultiheadAttention: ${named} must have three dimensions each, or two without a batch`);
    const sizes = [this.embedDim, this.kdim, this.vdim];
    if (shapes.some((shape, i) => shape[rank - 1] !== sizes[i]))
      throw new ShapeError(`MultiheadAttention: the last dimensions of ${named} must be ${sizes.join(', ')}`);
    const batch = this.batchFirst ? 0 : 1;
    if (
      !sameShape(shapes[1].slice(0, -1), shapes[2].slice(0, -1)) ||
      (rank === 3 && shapes[0][batch] !== shapes[1][batch])
    )
      throw new ShapeError(
        `MultiheadAttention: ${named} do not fit: there must be as many keys as values, and one number of cases`,
      );
  }
}
