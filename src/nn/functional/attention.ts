import { DtypeError, ShapeError, ValueError } from '../../errors';
import { requireDtypeOf, requireFloatTensor } from '../../ops/table/arguments';
import { rootOf } from '../../tensor/batched';
import { ones, zeros } from '../../tensor/creation';
import { isFloat } from '../../tensor/dtype';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { dropout } from './dropout';

/** Zeros, and `-∞` where `out` is true: what leaves scores out when it is added to them. @internal */
export function leavingOut(out: Tensor, like: Tensor): Tensor {
  return zeros(out.sizes, { dtype: like.dtype }).maskedFill(out, -Infinity);
}

/** Whether all numbers are finite, those of all examples inside `vmap`. */
const areFinite = (x: Tensor) => Number.isFinite(rootOf(x).detach().sum().item());

/** Zeros in place of what is not finite, with no gradient there. */
const finitePart = (x: Tensor) => x.maskedFill(x.detach().isfinite().logicalNot(), 0);

/**
 * How well every key answers to every query, plus a mask: `scale·Q Kᵀ + mask`; `-∞` where the mask is, whatever the key holds.
 * @internal
 */
export function attentionScores(query: Tensor, key: Tensor, scale: number, mask: Tensor | null): Tensor {
  // Half of the factor on either side, as in PyTorch: the products stay small.
  const root = Math.sqrt(Math.abs(scale));
  const products = (q: Tensor, k: Tensor) => q.mul(Math.sign(scale) * root).matmul(k.mul(root).mT);
  const scores = products(query, key);
  if (mask === null) return scores;
  if (areFinite(scores)) return scores.add(mask);
  // NaN - ∞ is NaN, and so is 0 times NaN in the backward step: what is not finite takes part where it is seen alone.
  const out = mask.detach().eq(-Infinity);
  const shown = mask.maskedFill(out, 0);
  const clean = products(finitePart(query), finitePart(key)).add(shown);
  const spoiled = scores.detach().isfinite().logicalNot();
  return clean.where(spoiled.logicalNot(), scores.detach().add(shown.detach())).maskedFill(out, -Infinity);
}

/** Values averaged with their weights. Beside a mask those of weight 0 do not count, not even NaN. @internal */
export function averaged(weights: Tensor, value: Tensor, mask: Tensor | null): Tensor {
  if (mask === null || areFinite(value)) return weights.matmul(value);
  const { dtype } = value;
  const [plain, counted] = [value.detach(), weights.detach().ne(0).to(dtype)];
  /** Where values of this kind have a weight. */
  const met = (kind: Tensor) => counted.matmul(kind.to(dtype)).gt(0);
  const y = weights.matmul(finitePart(value));
  const above = met(plain.eq(Infinity));
  const below = met(plain.eq(-Infinity));
  return y
    .maskedFill(above, Infinity)
    .maskedFill(below, -Infinity)
    .maskedFill(met(plain.isnan()).logicalOr(above.logicalAnd(below)), Number.NaN);
}

/** Options of {@link scaledDotProductAttention}. */
export interface ScaledDotProductAttentionOptions {
  /**
   * Which keys a query may look at, in a shape that broadcasts to `[…, L, S]`: truth values, or numbers added to the
   * scores; default: all.
   */
  attnMask?: Tensor | null;
  /** Probability with which a weight is dropped; default 0. */
  dropoutP?: number;
  /** A query looks at no later key than itself; default `false`. */
  isCausal?: boolean;
  /** Factor of the scores; default `1/√E`. */
  scale?: number | null;
  /**
   * Let several heads of queries share one of keys and values: the heads, in the dimension before the last two, are
   * fewer there by a whole factor; default `false`.
   */
  enableGqa?: boolean;
}

/**
 * Attention (`torch.nn.functional.scaled_dot_product_attention`): `softmax(scale·Q Kᵀ + mask) V`, the values averaged
 * with weights that say how well their keys answer to a query. Queries are `[…, L, E]`, keys `[…, S, E]`, values
 * `[…, S, Ev]`; the result is `[…, L, Ev]`, 0 for a query whose keys are all masked. What a mask
 * leaves out does not count, not even a NaN, which in PyTorch spoils the rows.
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are no floats;
 * {@link ValueError} for a mask beside `isCausal`.
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: ScaledDotProductAttentionOptions = {},
): Tensor {
  const op = 'scaledDotProductAttention';
  const { attnMask = null, dropoutP = 0, isCausal = false, enableGqa = false } = options;
  checkAttention(op, query, key, value);
  if (enableGqa) {
    const [keys, values] = [key, value].map((x) => forEachHead(op, query, x));
    return scaledDotProductAttention(query, keys, values, { ...options, enableGqa: false });
  }
  if (attnMask !== null && isCausal)
    throw new ValueError(`${op}: isCausal is a mask by itself; leave out attnMask, or let it say both`);
  const causal = () => ones([query.sizes[query.ndim - 2], key.sizes[key.ndim - 2]], { dtype: 'bool' }).tril();
  const given = isCausal ? causal() : attnMask;
  const mask = given === null || given.dtype !== 'bool' ? given : leavingOut(given.logicalNot(), query);
  checkMask(op, 'attnMask', given, query);
  const scale = options.scale ?? 1 / Math.sqrt(query.sizes[query.ndim - 1]);
  const scores = attentionScores(query, key, scale, mask);
  return averaged(dropout(softmaxOrNothing(scores), dropoutP), value, mask);
}

/** Keys or values repeated for the heads of the queries that share them. */
function forEachHead(op: string, query: Tensor, x: Tensor): Tensor {
  const [heads, shared] = [query, x].map((t) => t.sizes[t.ndim - 3]);
  if (!(heads % shared === 0))
    throw new ShapeError(
      `${op}: with enableGqa the heads of queries ${formatShape(query.sizes)} must be a multiple of those of keys and ` +
        `values, got ${formatShape(x.sizes)}`,
    );
  return x.repeatInterleave(heads / shared, -3);
}

/** Softmax of the last dimension; zeros where every score is `-∞`, with no gradient. */
function softmaxOrNothing(scores: Tensor): Tensor {
  if (scores.sizes[scores.ndim - 1] === 0) return scores;
  if (areFinite(scores)) return scores.softmax(-1);
  const nothing = scores.detach().amax(-1, { keepdim: true }).eq(-Infinity);
  return scores.maskedFill(nothing, 0).softmax(-1).maskedFill(nothing, 0);
}

function checkAttention(op: string, query: Tensor, key: Tensor, value: Tensor): void {
  for (const [name, t] of Object.entries({ query, key, value })) {
    requireFloatTensor(op, t, name);
    if (t.ndim < 2)
      throw new ShapeError(`${op}: ${name} needs two dimensions or more, [length, size], got ${formatShape(t.sizes)}`);
    requireDtypeOf(op, query, { [name]: t }, 'the query');
  }
  const [size, keySize] = [query, key].map((t) => t.sizes[t.ndim - 1]);
  const [length, valueLength] = [key, value].map((t) => t.sizes[t.ndim - 2]);
  if (size !== keySize || length !== valueLength)
    throw new ShapeError(
      `${op}: shapes ${formatShape(query.sizes)}, ${formatShape(key.sizes)} and ${formatShape(value.sizes)} do not fit: ` +
        'queries and keys must have one size, and there must be as many keys as values',
    );
}

/** @throws {DtypeError} unless a mask holds truth values or numbers of the query's dtype. @internal */
export function checkMask(op: string, name: string, mask: Tensor | null, query: Tensor): void {
  if (mask === null || mask.dtype === 'bool' || (isFloat(mask.dtype) && mask.dtype === query.dtype)) return;
  throw new DtypeError(`${op}: ${name} is ${mask.dtype}; it must be bool, or ${query.dtype} as the query`);
}
