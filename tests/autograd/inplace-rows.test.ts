// Many writes to parts of one tensor: the history of the whole continues without copies, and never changes a gradient
// that a program holds.
import { describe, expect, test } from 'vitest';
import { arange, cat, grad, gradcheck, gradgradcheck, ones, stack, type Tensor, tensor, zeros } from '../../src';
import { expectClose } from '../support/close';
import { leaf } from '../support/tensors';

const matrix = (rows: number, columns: number) =>
  arange(rows * columns, { dtype: 'float64' })
    .mul(0.1)
    .sin()
    .view(rows, columns)
    .detach()
    .requiresGrad_();

/** Row by row: written, scaled, and read again. */
function rowByRow(x: Tensor, w: Tensor): Tensor {
  const y = x.mul(1);
  for (let i = 0; i < y.shape[0]; i++) {
    if (i % 3 === 0) y.at(i).copy_(w.mul(i + 1));
    else if (i % 3 === 1) y.at(i).mul_(w);
    else y.setAt([i, 1], y.at(i - 1, 0).mul(2));
    y.narrow(1, 0, 2).at(i).add_(0.5).mul_(w.at(0));
  }
  return y.mul(y);
}

/** The same without in-place changes. */
function without(x: Tensor, w: Tensor): Tensor {
  const rows: Tensor[] = [];
  for (let i = 0; i < x.shape[0]; i++) {
    let row = x.at(i);
    if (i % 3 === 0) row = w.mul(i + 1);
    else if (i % 3 === 1) row = row.mul(w);
    else row = cat([row.narrow(0, 0, 1), rows[i - 1].narrow(0, 0, 1).mul(2), row.narrow(0, 2, 1)]);
    rows.push(cat([row.narrow(0, 0, 2).add(0.5).mul(w.at(0)), row.narrow(0, 2, 1)]));
  }
  const y = stack(rows);
  return y.mul(y);
}

test('row writes have the same first and second gradients as code without them', () => {
  const [x, w] = [matrix(6, 3), matrix(1, 3).at(0).detach().requiresGrad_()];
  expectClose(rowByRow(x, w), without(x, w).tolist());
  const gradients = (f: typeof rowByRow) => grad(f(x, w).sum(), [x, w]);
  gradients(rowByRow).forEach((g, i) => {
    expectClose(g, gradients(without)[i].tolist());
  });
  expect(gradcheck(rowByRow, [x, w])).toBe(true);
  expect(gradgradcheck(rowByRow, [x, w])).toBe(true);
});

test('in memory of any layout', () => {
  const w = matrix(1, 3).at(0).detach().requiresGrad_();
  for (const layout of [(x: Tensor) => x.t(), (x: Tensor) => x.narrow(0, 1, 3), (x: Tensor) => x.flip([0])]) {
    const write = (x: Tensor) => {
      const y = layout(x.mul(1));
      for (let i = 0; i < 3; i++) y.at(i).narrow(0, 0, 3).mul_(w).add_(w);
      return y.mul(y);
    };
    const x = matrix(5, 5);
    expect(gradcheck((x, _w) => write(x), [x, w])).toBe(true);
  }
});

describe('does not change', () => {
  const setup = () => {
    const x = leaf([
      [1, 2],
      [3, 4],
    ]);
    const h = x.mul(1);
    const w = leaf([5, 6]);
    return { x, h, w };
  };

  test('gradients passed to hooks, in a chain of writes', () => {
    const { h, w } = setup();
    const kept: [Tensor, unknown][] = [];
    const keep = (g: Tensor | null) => {
      if (g !== null) kept.push([g, g.tolist()]);
    };
    h.registerHook(keep);
    for (let i = 0; i < 2; i++) {
      h.at(i).copy_(w);
      h.registerHook(keep);
      h.gradFn!.registerHook((ins, outs) => [...ins, ...outs].forEach(keep));
      h.at(i).mul_(w);
    }
    h.mul(3).sum().backward();
    expect(kept.length).toBeGreaterThan(6);
    for (const [g, was] of kept) expect(g.tolist()).toEqual(was);
    expect(w.grad!.tolist()).toEqual([60, 72]);
  });

  test('the starting gradient, and that of the value before', () => {
    const { x, h, w } = setup();
    const seed = ones([2, 2]);
    const seen: unknown[] = [];
    h.registerHook((g) => {
      seen.push(g.tolist());
    });
    h.at(0).copy_(w);
    h.at(1).copy_(w);
    h.backward(seed);
    expect(seed.tolist()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(seen).toEqual([
      [
        [0, 0],
        [0, 0],
      ],
    ]);
    expect(x.grad!.tolist()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(w.grad!.tolist()).toEqual([2, 2]);
  });

  test('results of grad(), for values between the writes', () => {
    const { x, h, w } = setup();
    h.at(0).copy_(w);
    const between = h.clone();
    h.at(1).copy_(w);
    const [gb, gh, gw, gx] = grad(h.mul(2).sum().add(between.sum()), [between, h, w, x]);
    expect([gb, gh, gw, gx].map((g) => g.tolist())).toEqual([
      [
        [1, 1],
        [1, 1],
      ],
      [
        [2, 2],
        [2, 2],
      ],
      [5, 5],
      [
        [0, 0],
        [1, 1],
      ],
    ]);
  });
});

test('a retained graph gives the same twice', () => {
  const x = zeros([3, 2]);
  const w = leaf([1, 2]);
  for (let i = 0; i < 3; i++) x.at(i).copy_(w.mul(i + 1));
  const y = x.mul(tensor([[1], [10], [100]])).sum();
  y.backward(undefined, { retainGraph: true });
  y.backward();
  expect(w.grad!.tolist()).toEqual([642, 642]);
});
