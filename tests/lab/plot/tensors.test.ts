import { describe, expect, it } from 'vitest';
import { linspace, type Tensor, tensor } from '../../../src';
import { show } from '../../../src/display';
import { judge } from '../../../src/lab/notebook';
import { contour, curves, surface } from '../../../src/lab/plot';

/** The loss of two weights in tensor operations, which broadcasts over grids, too. */
const loss = (w1: Tensor, w2: Tensor): Tensor => {
  const first = w1.add(w2).sub(2);
  const second = w1.mul(3).add(w2).sub(4);
  return first.mul(first).add(second.mul(second));
};

describe('figures and claims of real tensors', () => {
  it('draws a grid computed with broadcasting, and points that are tensors', () => {
    const x = linspace(-10, 10, 5);
    const figure = surface(
      { x, y: x, z: loss(x.reshape([1, 5]), x.reshape([5, 1])) },
      {
        paths: [
          {
            points: tensor([
              [-5, 5],
              [0, 0],
              [1, 1],
            ]),
          },
        ],
        marks: [{ at: tensor([1, 1]) }],
      },
    );
    expect((figure.data[0]!.z as number[][])[0]).toEqual([2420, 1130, 340, 50, 260]);
    expect(figure.data[2]).toMatchObject({ x: [-5, 0, 1], y: [5, 0, 1] });
  });

  it('draws functions that return tensors, and gradients as arrows', () => {
    const w = tensor([4, 6], { requiresGrad: true });
    loss(w.at(0), w.at(1)).backward();
    const figure = contour((w1, w2) => loss(tensor(w1), tensor(w2)), {
      resolution: 5,
      arrows: [{ at: w, along: w.grad! }],
    });
    const arrow = figure.data.find(({ name }) => name === 'direction') as unknown as { x: number[]; y: number[] };
    const [dx, dy] = [arrow.x[1]! - arrow.x[0]!, arrow.y[1]! - arrow.y[0]!];
    expect(dx / dy).toBeCloseTo(100 / 44, 2);
  });

  it('draws series and judges values of any dtype', () => {
    expect(curves([{ name: 'loss', y: tensor([3, 2, 1]) }]).data[0]!.y).toEqual([3, 2, 1]);
    const measured = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { dtype: 'float64' },
    );
    expect(
      judge('claim X', {
        value: measured,
        expected: [
          [1, 2],
          [3, 4],
        ],
        tolerance: 0,
      }).passed,
    ).toBe(true);
    expect(judge('claim X', { value: measured.sum(), below: 10 }).passed).toBe(false);
    expect(() => judge('claim X', { value: measured.gt(2), expected: 1, tolerance: 0 })).toThrow(
      'a boolean cannot have a tolerance, below or above',
    );
    expect(show(tensor([1, 2]))).toBeUndefined();
  });
});
