import { checkLinear, linearMaps } from '../../ops/linear';
import type { Tensor } from '../../tensor/tensor';

/**
 * Linear map `y = x Wᵀ + b` (`torch.nn.functional.linear`): `x` is `[…, in]`, `weight` `[out, in]` (or `[in]`, for a
 * single output without its dimension), `bias` `[out]` (or `[]`) or absent.
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are not floats.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  if (weight.ndim === 1) {
    const single = linear(x, weight.unsqueeze(0), bias === null ? null : bias.reshape(1));
    return single.squeeze(-1);
  }
  if (bias !== null) return linearMaps.linear(x, weight, bias);
  checkLinear(x, weight, null);
  return x.matmul(weight.t());
}
