import { DtypeError, ShapeError } from '../../errors';
import { multiply } from '../../kernels/products';
import { turned } from '../../kernels/products/strided-matrix';
import { formatShape, type Shape } from '../../tensor/shape';
import { type Tensor, unset } from '../../tensor/tensor';
import { asRows, matrixOf } from '../products/matmul';
import { requireFloat } from '../table/arguments';
import { defineFunctions } from '../table/define';
import { sumOf } from '../table/forward';

/** The operation of a fully connected layer. */
export interface LinearMaps {
  /**
   * Linear map `y = x Wᵀ + b` (`torch.nn.functional.linear`): `x` is `[…, in]`, `weight` `[out, in]`, `bias` `[out]`.
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are not floats.
   */
  linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor;
}

function shapeOf(x: Shape, weight: Shape, bias: Shape | null): Shape {
  if (weight.length !== 2 || x.length === 0 || x[x.length - 1] !== weight[1])
    throw new ShapeError(
      `linear: an input of shape ${formatShape(x)} does not fit a weight of shape ${formatShape(weight)}; ` +
        'the weight is [out, in], and the last dimension of the input is in',
    );
  if (bias !== null && (bias.length !== 1 || bias[0] !== weight[0]))
    throw new ShapeError(
      `linear: a bias of shape ${formatShape(bias)} does not fit a weight of shape ${formatShape(weight)}; ` +
        `expected ${formatShape([weight[0]])}`,
    );
  return [...x.slice(0, -1), weight[0]];
}

/** @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are not floats. @internal */
export function checkLinear(x: Tensor, weight: Tensor, bias: Tensor | null): Shape {
  const shape = shapeOf(x.sizes, weight.sizes, bias?.sizes ?? null);
  requireFloat('linear', x);
  if (weight.dtype !== x.dtype || (bias !== null && bias.dtype !== x.dtype))
    throw new DtypeError(
      `linear: input, weight and bias must have one dtype, got ${x.dtype}, ${weight.dtype}` +
        `${bias === null ? '' : ` and ${bias.dtype}`}; convert with to('${x.dtype}')`,
    );
  return shape;
}

/** @internal */
export const linearMaps = defineFunctions<LinearMaps>({
  linear: {
    torch: { name: 'linear', params: ['input', 'weight', 'bias'] },
    math: 'y = a\\, b^{\\top} + c',
    vjpMath: { a: '\\bar y\\, b', b: '\\bar y^{\\top} a', c: '\\textstyle\\sum_i \\bar y_{i}' },
    saves: { a: ['b'], b: ['a'] },
    shape: shapeOf,
    forward: (x, weight, bias) => {
      const shape = checkLinear(x, weight, bias);
      const y = unset(shape, x.dtype);
      const [out, inner] = weight.sizes;
      const left = x.ndim === 2 ? x : asRows(x.detach());
      multiply(left.sizes[0], out, inner, matrixOf(left), turned(matrixOf(weight)), y.memory, 0, matrixOf(bias));
      return y;
    },
    jvp: ([a, b, c], n) => sumOf([a?.matmul(n.b.t()), b === null ? null : n.a.matmul(b.t()), c?.expand(n.outShape)]),
    batch: (c) => {
      const [x, weight, bias] = c.args as [Tensor, Tensor, Tensor];
      c.shape();
      if (!c.isBatched(1) && !c.isBatched(2)) return c.run(c.physical(0), weight, bias);
      return c.ofOne(x.matmul(weight.transpose(0, 1)).add(bias));
    },
    vjp: {
      a: (dy, { b }) => dy.matmul(b),
      b: (dy, { a }) => asRows(dy).t().matmul(asRows(a)),
      c: (dy) => dy,
    },
    gradFn: 'AddmmBackward0',
    samples: ['4x3 2x3 2', '3 2x3 2', '2x2x3 4x3 4', '0x3 2x3 2', '2x0 3x0 3'],
  },
});
