import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  DtypeError,
  grad,
  gradcheck,
  IndexError,
  manualSeed,
  nn,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';
import { ints } from '../support/tensors';

const { ctcLoss } = nn.functional;
const none = { reduction: 'none' } as const;

/** The probability of a target by definition: the sum over all paths that read as it. */
function byPaths(probabilities: number[][], target: readonly number[], blank: number): number {
  const read = (path: number[]) => path.filter((c, t) => c !== blank && c !== path[t - 1]);
  const walk = (t: number, path: number[], p: number): number => {
    if (t === probabilities.length) return String(read(path)) === String(target) ? p : 0;
    return probabilities[t].reduce((sum, q, c) => sum + walk(t + 1, [...path, c], p * q), 0);
  };
  return walk(0, [], 1);
}

describe('ctcLoss', () => {
  test.each<[number[], number, number]>([
    [[1], 1, 0],
    [[1], 4, 0],
    [[1, 1], 4, 0],
    [[1, 2, 1], 5, 0],
    [[], 3, 0],
    [[0, 2, 2], 5, 1],
    [[2, 1], 2, 0],
  ])('is the logarithm of the probability of all paths that read as %j in %i steps', (target, steps, blank) => {
    manualSeed(steps);
    const x = randn([steps, 3], { dtype: 'float64' }).logSoftmax(1);
    const expected = -Math.log(byPaths(x.exp().tolist() as number[][], target, blank));
    const loss = ctcLoss(x, ints(target), steps, target.length, { ...none, blank });
    expectClose(loss, expected, 1e-12);
    expect(loss.shape).toEqual([]);
  });

  test('sequences of different lengths, their targets in rows or one after the other', () => {
    manualSeed(0);
    const x = randn([6, 3, 4], { dtype: 'float64' }).logSoftmax(2);
    const each = [
      ctcLoss(x.select(1, 0), ints([1, 2]), 6, 2),
      ctcLoss(x.select(1, 1), ints([3]), 4, 1),
      ctcLoss(x.select(1, 2), ints([3, 3, 1]), 5, 3),
    ].map((loss) => loss.item());
    const rows = tensor(
      [
        [1, 2, 1],
        [3, 1, 1],
        [3, 3, 1],
      ],
      { dtype: 'int32' },
    );
    const [inputs, targets] = [
      [6, 4, 5],
      [2, 1, 3],
    ];
    const all = each.map((loss, i) => loss * targets[i]);
    expectClose(ctcLoss(x, rows, inputs, targets, none), all, 1e-12);
    expectClose(ctcLoss(x, ints([1, 2, 3, 3, 3, 1]), ints(inputs), ints(targets), none), all, 1e-12);
    expectClose(ctcLoss(x, rows, inputs, targets, { reduction: 'sum' }), all[0] + all[1] + all[2], 1e-12);
    expectClose(ctcLoss(x, rows, inputs, targets), (each[0] + each[1] + each[2]) / 3, 1e-12);
    const layer = new nn.CTCLoss();
    expectClose(layer(x, rows, inputs, targets), (each[0] + each[1] + each[2]) / 3, 1e-12);
    expect(String(layer)).toBe('CTCLoss()');
    expectClose(ctcLoss(x.transpose(0, 1).clone().transpose(0, 1), rows, inputs, targets, none), all, 1e-12);
  });

  test('the gradient is with respect to scores, as in PyTorch', () => {
    manualSeed(1);
    const scores = randn([5, 2, 4], { dtype: 'float64', requiresGrad: true });
    const loss = (s: Tensor) => ctcLoss(s.logSoftmax(2), ints([1, 2, 2, 3]), [5, 4], [3, 1]);
    expect(gradcheck(loss, [scores])).toBe(true);
    const x = scores.detach().logSoftmax(2).requiresGrad_();
    const y = ctcLoss(x, ints([1, 2, 2, 3]), [5, 4], [3, 1], none);
    expect(y.gradFn?.name).toBe('CtcLossBackward0');
    const [g] = grad(y.sum(), x, { createGraph: true });
    // At each step the probabilities minus the shares of the paths, both of which sum to 1; beyond its end a sequence
    // has none.
    expectClose(g.sum(2), new Array(5).fill([0, 0]), 1e-12);
    expect(g.at(4, 1).tolist()).toEqual([0, 0, 0, 0]);
    expect(() => g.sum().backward()).toThrow(AutogradError);
  });

  test('an impossible target has infinite loss, or zero', () => {
    const x = zeros([2, 2, 3]).logSoftmax(2).requiresGrad_();
    const impossible = (options: object) => ctcLoss(x, ints([1, 1, 2]), [2, 2], [2, 1], { ...none, ...options });
    expect(impossible({}).at(0).item()).toBe(Number.POSITIVE_INFINITY);
    const y = impossible({ zeroInfinity: true });
    expectClose(y, [0, Math.log(3)], 1e-6);
    y.sum().backward();
    expect(x.grad!.select(1, 0).abs().sum().item()).toBe(0);
    expect(x.grad!.select(1, 1).abs().sum().item()).toBeGreaterThan(0);
    expect(ctcLoss(x, ints([1]), [0, 0], [1, 0], none).tolist()).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(
      new nn.CTCLoss({ zeroInfinity: true, reduction: 'sum' })(x, ints([1, 1, 2]), [2, 2], [2, 1]).item(),
    ).toBeCloseTo(Math.log(3), 6);
  });

  test('rejects mismatched arguments', () => {
    const x = zeros([2, 2, 3]);
    const t = ints([1, 2]);
    expect(() => ctcLoss(x, t, [3, 2], [1, 1])).toThrow(
      new ValueError('ctcLoss: inputLengths holds 3; lengths are whole numbers from 0 to 2'),
    );
    expect(() => ctcLoss(x, t, [2], [1, 1])).toThrow(
      new ValueError('ctcLoss: inputLengths has 1 numbers for 2 sequences; give one each'),
    );
    expect(() => ctcLoss(x, t, [2, 2], [2, 1])).toThrow(
      new ShapeError(
        'ctcLoss: targets of shape [2] do not fit 2 sequences; expected [2, S], or [3] for all one after the other',
      ),
    );
    expect(() => ctcLoss(x, ints([1, 3]), [2, 2], [1, 1])).toThrow(
      new IndexError('ctcLoss: target 3 is not a class: there are 3, numbered from 0 to 2'),
    );
    expect(() => ctcLoss(x, t, [2, 2], [1, 1], { blank: 3 })).toThrow(ValueError);
    expect(() => ctcLoss(x, tensor([true, false]), [2, 2], [1, 1])).toThrow(DtypeError);
    expect(() => ctcLoss(x.int(), t, [2, 2], [1, 1])).toThrow(DtypeError);
    expect(() => ctcLoss(zeros([2]), t, [2, 2], [1, 1])).toThrow(ShapeError);
  });
});
