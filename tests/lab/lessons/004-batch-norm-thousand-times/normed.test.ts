import { describe, expect, it } from 'vitest';
import {
  cornersNet,
  descend,
  descendTogether,
  gradients,
  lossOf,
  probabilityIn,
  scale,
} from '../../../../src/lab/lessons/004-batch-norm-thousand-times';
import { ReLU, Sigmoid } from '../../../../src/nn';

const relu = () => new ReLU();

describe('a net with batch norm', () => {
  it('descends: the first step lowers the loss by the rate times the square of the gradient', () => {
    const one = cornersNet({ bend: relu, norm: false, hidden: 1 });
    const before = lossOf(one).item();
    one.net.zeroGrad();
    lossOf(one).backward();
    const square = one.net.parameters().reduce((sum, p) => sum + p.grad!.square().sum().item(), 0);
    const [first, second] = descend(one, 1, 1e-5);
    expect(first).toBe(before);
    expect((first! - second!) / (1e-5 * square)).toBeCloseTo(1, 2);
  });

  it.each([true, false])('trains nets together as separately, batch norm: %s', (norm) => {
    const nets = () =>
      [1, 2].map((seed) => cornersNet({ bend: () => new Sigmoid(), norm, hidden: 3, seed, eps: 1e-5 }));
    const together = descendTogether(nets(), { rates: { hidden: 0.5, gains: 0.5, last: 0.5 }, steps: 8 });
    nets().forEach((one, i) => {
      const alone = descend(one, 8, 0.5);
      expect(together[i]).toHaveLength(9);
      together[i]!.forEach((loss, step) => {
        expect(loss).toBeCloseTo(alone[step]!, 4);
      });
    });
  });

  it('supports a rate for each part, restores lengths, and steps by Adam', () => {
    const nets = [cornersNet({ bend: () => new Sigmoid(), norm: true, hidden: 2 })];
    const still = { hidden: 0, gains: 0, last: 0 };
    const endOf = (options: Partial<Parameters<typeof descendTogether>[1]>) =>
      descendTogether(nets, { rates: still, steps: 5, ...options })[0]!.at(-1)!;
    const start = endOf({});
    expect(start).toBeCloseTo(lossOf(nets[0]!).item(), 5);
    for (const part of ['hidden', 'gains', 'last'])
      expect(endOf({ rates: { ...still, [part]: 0.3 } })).toBeLessThan(start);
    const twice = descendTogether([nets[0]!, nets[0]!], { rates: [still, { ...still, last: 0.3 }], steps: 5 });
    expect(twice[0]!.at(-1)).toBe(start);
    expect(twice[1]!.at(-1)).toBe(endOf({ rates: { ...still, last: 0.3 } }));
    const hidden = { rates: { ...still, hidden: 5 } };
    expect(endOf({ ...hidden, brakes: false })).not.toBe(endOf(hidden));
    expect(endOf({ rates: { ...still, last: 0.01 }, adam: true })).toBeLessThan(start);
    expect(endOf({ top: true })).not.toBeCloseTo(start, 3);
  });

  it('is invariant to the scale of its inner weights, and a plain net is not', () => {
    const [normed, plain] = [true, false].map((norm) => cornersNet({ bend: relu, norm, seed: 2 }));
    const [a, b] = [normed!, plain!].map((one) => lossOf(one).item());
    for (const one of [normed!, plain!]) scale(one, 5);
    expect(lossOf(normed!).item()).toBeCloseTo(a!, 9);
    expect(Math.abs(lossOf(plain!).item() - b!)).toBeGreaterThan(0.5);
    expect(gradients(normed!)).toHaveLength(4);
  });

  it('is evaluated with the statistics of its rows', () => {
    const one = cornersNet({ bend: relu, norm: true });
    const said = probabilityIn(one)(one.x).tolist() as number[];
    const loss = said.reduce((sum, p, i) => sum - Math.log((one.y.tolist() as number[])[i] ? p : 1 - p), 0) / 128;
    // The running variance is the unbiased one, 128/127 of the batch's.
    expect(loss).toBeCloseTo(lossOf(one).item(), 1);
    expect(one.net.training).toBe(true);
  });

  it('stops at a NaN loss, and rejects invalid arguments', () => {
    const wild = cornersNet({ bend: relu, norm: false });
    scale(wild, 1e80);
    expect(descend(wild, 5, 1)).toHaveLength(1);
    expect(() => cornersNet({ bend: relu, norm: true, hidden: 0 })).toThrow('got 0');
  });
});
