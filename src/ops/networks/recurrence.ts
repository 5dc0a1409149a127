import { gradMode } from '../../autograd/mode';
import { DtypeError, ShapeError } from '../../errors';
import { multiply } from '../../kernels/products';
import { turned } from '../../kernels/products/strided-matrix';
import { type LstmValues, lstmCells, lstmGradients, lstmOutputs } from '../../kernels/recurrence';
import { zeros } from '../../tensor/creation';
import { arrayOf } from '../../tensor/dtype';
import { formatShape, type Shape, sameShape } from '../../tensor/shape';
import { empty, packed, type Tensor, valuesOf } from '../../tensor/tensor';
import { joining } from '../joining/cat';
import { matrixOf } from '../products/matmul';
import { requireFloat } from '../table/arguments';
import { defineFunctions } from '../table/define';

/** The result of an LSTM for `L` steps of `N` cases. */
export interface LstmSteps {
  /** The outputs `[L, N, H]`. */
  hidden: Tensor;
  /** The cells after each step `[L, N, H]`. */
  cells: Tensor;
  /** The gates after their functions `[L, N, 4·H]`: input, forget, candidate, output. */
  gates: Tensor;
}

/** Recurrent networks, after the linear maps of their inputs. */
export interface Recurrences {
  /**
   * The steps of an LSTM: `[i, f, g, o] = sums_t + W h_{t-1}`, `c_t = σ(f)·c_{t-1} + σ(i)·tanh(g)`, `h_t =
   * σ(o)·tanh(c_t)`. For the first step, `sums` `[L, N, 4·H]` must contain the product with the initial state. W is
   * `[4·H, H]`, `cell` `[N, H]`.
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ.
   */
  lstmSteps(sums: Tensor, weight: Tensor, cell: Tensor): LstmSteps;
}

function shapesOf(sums: Shape, weight: Shape, cell: Shape): Shape[] {
  const [length, cases, wide] = sums;
  const size = wide / 4;
  if (sums.length !== 3 || !sameShape(weight, [wide, size]) || !sameShape(cell, [cases, size]))
    throw new ShapeError(
      `LSTM: gates of shape ${formatShape(sums)} do not fit a weight of shape ${formatShape(weight)} and a cell of shape ` +
        `${formatShape(cell)}; expected [L, N, 4·H], [4·H, H] and [N, H]`,
    );
  const states = [length, cases, size];
  return [states, states, sums];
}

const numbersOf = (x: Tensor) => valuesOf(packed(x));
const rowsOf = (step: number, cases: number) => ({ from: step * cases, to: (step + 1) * cases });

/** The gradients of all three inputs, computed together in one pass back through the steps. */
interface Gradients {
  readonly sums: Tensor;
  readonly weight: Tensor;
  readonly cell: Tensor;
}

function gradientsOf(dys: readonly Tensor[], weight: Tensor, cell: Tensor, ys: readonly Tensor[]): Gradients {
  const [length, cases, size] = ys[0].sizes;
  const values: LstmValues = {
    gates: numbersOf(ys[2]),
    cells: numbersOf(ys[1]),
    bent: numbersOf(ys[1].tanh()),
    first: numbersOf(cell),
  };
  const [sums, dCell] = [empty(ys[2].sizes, ys[2].dtype), empty(cell.sizes, cell.dtype)];
  const nextHidden = arrayOf(cell.dtype, cases * size);
  const [hidden, cells, gates] = dys.map(numbersOf);
  const dy = { hidden, cells, gates, nextHidden, nextCell: dCell.memory };
  const w = matrixOf(weight);
  const wide = 4 * size;
  for (let t = length - 1; t >= 0; t--) {
    lstmGradients(size, rowsOf(t, cases), sums.memory, values, dy);
    const ofStep = { memory: sums.memory, offset: t * cases * wide, row: wide, col: 1 };
    if (t > 0) multiply(cases, size, wide, ofStep, w, nextHidden, 0);
  }
  return { sums, weight: weightGradient(sums, ys[0]), cell: dCell };
}

/** Returns `Σ_t sums_tᵀ h_{t-1}`, without the first step. */
function weightGradient(sums: Tensor, hidden: Tensor): Tensor {
  const [length, , size] = hidden.sizes;
  const after = sums.narrow(0, 1, length - 1).reshape([-1, 4 * size]);
  return after.t().matmul(hidden.narrow(0, 0, length - 1).reshape([-1, size]));
}

/** Computes the same by tensor operations, which are recorded. */
function recordedGradients(dys: readonly Tensor[], weight: Tensor, cell: Tensor, ys: readonly Tensor[]): Gradients {
  const [hidden, cells, gates] = ys;
  const [length, , size] = hidden.sizes;
  const bent = cells.tanh();
  const sums: Tensor[] = [];
  let nextHidden = zeros(cell.sizes, { dtype: cell.dtype });
  let nextCell = nextHidden;
  for (let t = length - 1; t >= 0; t--) {
    const [i, f, g, o] = gates.select(0, t).split(size, -1);
    const b = bent.select(0, t);
    const dHidden = dys[0].select(0, t).add(nextHidden);
    const dCell = dys[1]
      .select(0, t)
      .add(nextCell)
      .add(dHidden.mul(o).mul(b.square().rsub(1)));
    const before = t === 0 ? cell : cells.select(0, t - 1);
    const each = joining.cat([dCell.mul(g), dCell.mul(before), dCell.mul(i), dHidden.mul(b)], -1);
    const slopes = joining.cat([i.mul(i.rsub(1)), f.mul(f.rsub(1)), g.square().rsub(1), o.mul(o.rsub(1))], -1);
    sums[t] = each.add(dys[2].select(0, t)).mul(slopes);
    nextHidden = sums[t].matmul(weight);
    nextCell = dCell.mul(f);
  }
  const all = joining.stack(sums);
  return { sums: all, weight: weightGradient(all, hidden), cell: nextCell };
}

/** Cached gradients: the backward pass gives the same list to the rules of all inputs. */
const waiting = new WeakMap<readonly Tensor[], Gradients>();

function gradient(
  input: keyof Gradients,
  dys: readonly Tensor[],
  { b, c, ys }: { readonly b: Tensor | null; readonly c: Tensor | null; readonly ys: readonly Tensor[] },
): Tensor {
  const given = [dys, b!, c!, [ys[0], ys[1], ys[2]]] as const;
  if (gradMode.recording) return recordedGradients(...given)[input];
  const all = waiting.get(dys) ?? gradientsOf(...given);
  waiting.set(dys, all);
  return all[input];
}

/** @internal */
export const recurrences = defineFunctions<Recurrences>({
  lstmSteps: {
    torch: { name: 'lstm', params: ['sums', 'weight', 'cell'] },
    math: '[i, f, g, o]_t = a_t + h_{t-1} b^{\\top}, \\quad c_t = \\sigma(f_t) \\odot c_{t-1} + \\sigma(i_t) \\odot \\tanh g_t, \\quad h_t = \\sigma(o_t) \\odot \\tanh c_t',
    vjpMath: {
      a: "\\bar a_t = [\\bar c_t \\odot g,\\; \\bar c_t \\odot c_{t-1},\\; \\bar c_t \\odot i,\\; \\bar h_t \\odot \\tanh c_t] \\odot [\\sigma', \\sigma', \\tanh', \\sigma']",
      b: '\\textstyle\\sum_t \\bar a_t^{\\top} h_{t-1}',
      c: '\\bar c_1 \\odot \\sigma(f_1)',
    },
    saves: ['b', 'c', 'hidden', 'cells', 'gates'],
    returns: ['hidden', 'cells', 'gates'],
    shape: shapesOf,
    forward: (sums, weight, cell) => {
      requireFloat('LSTM', sums);
      const [shape] = shapesOf(sums.sizes, weight.sizes, cell.sizes);
      for (const [name, x] of Object.entries({ weight, cell }))
        if (x.dtype !== sums.dtype)
          throw new DtypeError(
            `LSTM: the ${name} is ${x.dtype}, the gates are ${sums.dtype}; convert it with to('${sums.dtype}')`,
          );
      const [length, cases, size] = shape;
      const [hidden, cells] = [empty(shape, sums.dtype), empty(shape, sums.dtype)];
      const gates = empty(sums.sizes, sums.dtype);
      const given = packed(sums.detach());
      const w = turned(matrixOf(weight));
      const first = numbersOf(cell);
      const values = { gates: gates.memory, cells: cells.memory, first };
      const next = empty(sums.sizes.slice(1), sums.dtype);
      for (let t = 0; t < length; t++) {
        const rows = rowsOf(t, cases);
        let own = given.select(0, t);
        if (t > 0) {
          const before = { memory: hidden.memory, offset: (t - 1) * cases * size, row: size, col: 1 };
          multiply(cases, 4 * size, size, before, w, next.memory, 0, matrixOf(own));
          own = next;
        }
        gates.memory.set(numbersOf(own.sigmoid()), 4 * rows.from * size);
        lstmCells(size, rows, numbersOf(own.narrow(-1, 2 * size, size).tanh()), values);
        lstmOutputs(size, rows, hidden.memory, gates.memory, numbersOf(cells.select(0, t).tanh()));
      }
      return [hidden, cells, gates];
    },
    batch: (c) => {
      const [sums, weight, cell] = c.args as [Tensor, Tensor, Tensor];
      if (c.isBatched(1)) return undefined;
      // Examples as cases: `[B, L, N, …]` as `[L, B·N, …]`.
      const cases = c.spread(sums).transpose(0, 1).flatten(1, 2);
      const all = c.run(cases, weight, c.spread(cell).flatten(0, 1)) as Record<string, Tensor>;
      const apart = (y: Tensor) => y.unflatten(1, [c.size, cell.sizes[0]]).transpose(0, 1);
      return Object.fromEntries(Object.entries(all).map(([name, y]) => [name, apart(y)]));
    },
    vjp: {
      // The cells and the gates have gradients, too, in second derivatives.
      a: (dys, n) => gradient('sums', dys, n),
      b: (dys, n) => gradient('weight', dys, n),
      c: (dys, n) => gradient('cell', dys, n),
    },
    gradFn: 'LstmBackward0',
    samples: ['3x2x8 8x2 2x2', '1x3x4 4x1 3x1', '2x0x4 4x1 0x1'],
  },
});
