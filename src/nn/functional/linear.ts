import { ShapeError } from '../../errors';
import { checkLinear, linearMaps } from '../../ops/networks/linear';
import { requireFloatTensor, requireMatching, requireTensor } from '../../ops/table/arguments';
import { formatShape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';

/**
 * Linear map `y = input Wᵀ + b` (`torch.nn.functional.linear`): `input` is `[…, in]`, `weight` `[out, in]` (or `[in]`,
 * for a single output without its dimension), `bias` `[out]` (or `[]`) or absent.
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are not floats.
 */
export function linear(input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  if (bias !== null) requireTensor('linear', bias, 'the bias');
  if (weight.ndim === 1) {
    const single = linear(input, weight.unsqueeze(0), bias === null ? null : bias.reshape(1));
    return single.squeeze(-1);
  }
  if (bias !== null) return linearMaps.linear(input, weight, bias);
  checkLinear(input, weight, null);
  return input.matmul(weight.t());
}

/**
 * Bilinear map `y_o = Σ_ij x1_i·W_oij·x2_j + b_o` (`torch.nn.functional.bilinear`): `input1` is `[…, in1]`, `input2`
 * `[…, in2]`, `weight` `[out, in1, in2]`, `bias` `[out]` or absent.
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are not floats.
 */
export function bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  for (const [name, x] of Object.entries({ input1, input2, weight })) requireFloatTensor('bilinear', x, name);
  const lead = input1.sizes.slice(0, -1);
  const [out, in1, in2] = weight.sizes;
  if (weight.ndim !== 3 || !sameShape(input1.sizes, [...lead, in1]) || !sameShape(input2.sizes, [...lead, in2]))
    throw new ShapeError(
      `bilinear: inputs of shapes ${formatShape(input1.sizes)} and ${formatShape(input2.sizes)} do not fit a weight of ` +
        `shape ${formatShape(weight.sizes)}; expected […, in1], […, in2] and [out, in1, in2]`,
    );
  requireMatching('bilinear', input1, input2.sizes, { input2 });
  requireMatching('bilinear', input1, weight.sizes, { weight });
  requireMatching('bilinear', input1, [out], { bias });
  // For every case first the matrix Σ_i x1_i·W_oij, then its products with x2.
  const matrices = input1.matmul(weight.transpose(0, 1).reshape([in1, out * in2])).reshape([...lead, out, in2]);
  const y = matrices.matmul(input2.unsqueeze(-1)).squeeze(-1);
  return bias === null ? y : y.add(bias);
}
