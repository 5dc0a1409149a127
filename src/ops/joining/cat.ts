import { ShapeError } from '../../errors';
import { copyStrided } from '../../kernels/elementwise';
import { promoteTypes } from '../../tensor/dtype';
import { checkDim, formatShape, type Shape, sameShape } from '../../tensor/shape';
import { empty, type Tensor, unset } from '../../tensor/tensor';
import { requireTensor } from '../table/arguments';
import { defineFunctions } from '../table/define';
import type { BatchedCall } from '../table/rule';

/** Functions of several tensors. */
export interface Joining {
  /**
   * Concatenates tensors along `dim` (`torch.cat`).
   * @throws {ShapeError} if there are none, or their shapes differ in another dimension.
   */
  cat(tensors: readonly Tensor[], dim?: number): Tensor;
  /**
   * Stacks tensors of one shape along a new dimension `dim` (`torch.stack`).
   * @throws {ShapeError} if there are none, or their shapes differ.
   */
  stack(tensors: readonly Tensor[], dim?: number): Tensor;
}

/** An empty vector is ignored, as in PyTorch. */
const isLeftOut = (shape: Shape) => shape.length === 1 && shape[0] === 0;

function catShape(shapes: readonly Shape[], dim = 0): Shape {
  if (shapes.length === 0) throw new ShapeError('cat: needs at least one tensor');
  const parts = shapes.filter((s) => !isLeftOut(s));
  const [first] = parts.length === 0 ? shapes : parts;
  if (first.length === 0) throw new ShapeError('cat: single numbers have no dimension to join along; use stack()');
  const d = checkDim('cat', dim, first.length);
  for (const s of parts)
    if (s.length !== first.length || s.some((n, i) => i !== d && n !== first[i]))
      throw new ShapeError(
        `cat: shapes ${shapes.map(formatShape).join(', ')} differ in another dimension than ${d}, along which they are joined`,
      );
  return first.map((n, i) => (i === d ? parts.reduce((sum, s) => sum + s[d], 0) : n));
}

/** Joins the examples of tensors that are batched or repeated; `added` is the number of new dimensions. */
function joinedInEach(c: BatchedCall, added: number): unknown {
  const [xs, dim = 0] = c.args as [readonly Tensor[], number?];
  const { ndim, dtype } = xs[0];
  if (!xs.every((x) => x.ndim === ndim && x.dtype === dtype) || ndim + added === 0) return undefined;
  return c.run(
    xs.map((x) => c.spread(x)),
    c.dim(dim, ndim + added),
  );
}

function joined(tensors: readonly Tensor[], dim = 0): Tensor {
  for (const t of tensors) requireTensor('cat', t, 'each input');
  const shape = catShape(
    tensors.map((t) => t.sizes),
    dim,
  );
  const d = checkDim('cat', dim, shape.length);
  const dtype = tensors.map((t) => t.dtype).reduce(promoteTypes);
  const y = unset(shape, dtype);
  let offset = 0;
  for (const t of tensors) {
    if (isLeftOut(t.sizes)) continue;
    copyStrided(t.sizes, { memory: y.memory, steps: y.steps, offset }, t);
    offset += t.sizes[d] * y.steps[d];
  }
  return y;
}

function stackShape(shapes: readonly Shape[], dim = 0): Shape {
  if (shapes.length === 0) throw new ShapeError('stack: needs at least one tensor');
  const [first] = shapes;
  if (shapes.some((s) => !sameShape(s, first)))
    throw new ShapeError(`stack: all shapes must be equal, got ${shapes.map(formatShape).join(', ')}`);
  const d = checkDim('stack', dim, first.length + 1);
  return [...first.slice(0, d), shapes.length, ...first.slice(d)];
}

/** @internal */
export const joining: Joining = defineFunctions<Joining>({
  cat: {
    torch: { name: 'cat', params: ['tensors', 'dim'] },
    math: 'y = [x_1; x_2; \\dots]',
    vjpMath: { xs: '\\bar y \\text{ where } x_k \\text{ stands}' },
    saves: [],
    shape: catShape,
    forward: joined,
    jvp: 'linear',
    batch: (c) => joinedInEach(c, 0),
    vjp: {
      xs: (dy, { shapes, args: [dim = 0] }, k) => {
        // The result does not depend on it.
        if (isLeftOut(shapes[k])) return empty([0], dy.dtype);
        const d = checkDim('cat', dim, dy.ndim);
        const start = shapes.slice(0, k).reduce((sum, s) => sum + (isLeftOut(s) ? 0 : s[d]), 0);
        return dy.narrow(d, start, shapes[k][d]);
      },
    },
    samples: [
      '2x3 1x3',
      {
        inputs: '2x1x2 2x2x2 2x1x2',
        args: [1],
      },
      '2 0',
    ],
  },
  stack: {
    torch: { name: 'stack', params: ['tensors', 'dim'] },
    math: 'y_k = x_k',
    vjpMath: { xs: '\\bar y_k' },
    saves: [],
    shape: stackShape,
    forward: (tensors, dim = 0) => {
      const shape = stackShape(
        tensors.map((t) => t.sizes),
        dim,
      );
      const d = checkDim('stack', dim, shape.length);
      return joined(
        tensors.map((t) => t.detach().unsqueeze(d)),
        d,
      );
    },
    jvp: 'linear',
    batch: (c) => joinedInEach(c, 1),
    vjp: { xs: (dy, { args: [dim = 0] }, k) => dy.select(dim, k) },
    samples: [
      '2 2',
      {
        inputs: '2x3 2x3',
        args: [-1],
      },
      '() () ()',
    ],
  },
});
