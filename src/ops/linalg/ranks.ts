import { ValueError } from '../../errors';
import type { Tensor } from '../../tensor/tensor';
import { requireBooleans } from '../table/arguments';
import { epsilonOf, requireMatrices, requireSquare } from './matrices';
import { mirrored, svdvals } from './spectra';

/** Which singular values count as 0. */
export interface Tolerances {
  /** Those up to this value; default 0. */
  atol?: number | null;
  /**
   * Those up to this fraction of the largest; default: the dtype's precision times the longer side, or 0 if `atol` is
   * given.
   */
  rtol?: number | null;
  /** Whether A is symmetric: then only its lower triangle is read. */
  hermitian?: boolean;
}

/** The tolerances with PyTorch's defaults. @throws {ValueError} if one is below 0. */
export function tolerances(
  op: string,
  x: Tensor,
  { atol, rtol, hermitian = false }: Tolerances,
): { atol: number; rtol: number } {
  requireBooleans(op, { hermitian });
  const byDefault = (atol ?? 0) > 0 ? 0 : Math.max(...x.sizes.slice(-2)) * epsilonOf(x.dtype);
  const found = { atol: atol ?? 0, rtol: rtol ?? byDefault };
  for (const [name, value] of Object.entries(found))
    if (!(value >= 0)) throw new ValueError(`${op}: ${name} is ${value}; it must be 0 or more`);
  return found;
}

/** Returns the symmetric matrix with this lower triangle. */
export function fromLower(op: string, x: Tensor): Tensor {
  requireSquare(op, x);
  return mirrored(x, 'L');
}

/**
 * The rank of matrices (`torch.linalg.matrix_rank`): the number of singular values above `max(atol, rtol · S₁)`.
 * @throws {ShapeError} if there are no matrices, or not square ones with `hermitian`; {@link LinAlgError} if A has
 * elements that are not finite; {@link DtypeError} for integers; {@link ValueError} if a tolerance is below 0.
 */
export function matrixRank(A: Tensor, options: Tolerances = {}): Tensor {
  requireMatrices('matrixRank', A);
  const { atol, rtol } = tolerances('matrixRank', A, options);
  const s = svdvals((options.hermitian ? fromLower('matrixRank', A) : A).detach());
  if (s.sizes[s.ndim - 1] === 0) return s.sum(-1).to('int32');
  const cut = s.amax(-1, { keepdim: true }).mul(rtol).clamp(atol);
  return s.gt(cut).sum(-1);
}
