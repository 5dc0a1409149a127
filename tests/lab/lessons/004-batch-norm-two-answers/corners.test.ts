import { describe, expect, it } from 'vitest';
import { noGrad } from '../../../../src/autograd';
import {
  answersAmong,
  around,
  corners,
  inWords,
  oddsCurves,
  rowsAround,
  trainCorners,
} from '../../../../src/lab/lessons/004-batch-norm-two-answers';
import { ReLU, Tanh } from '../../../../src/nn';
import { joining } from '../../../../src/ops/joining/cat';
import { Generator } from '../../../../src/random';
import { tensor } from '../../../../src/tensor/creation';

const seeded = (seed: number) => new Generator().manualSeed(seed);

describe('a net for four corners', () => {
  it('learns them, with identical runs', () => {
    const [a, b] = [1, 2].map(() => trainCorners({ bend: () => new ReLU(), steps: 200 }));
    a!.net.eval();
    b!.net.eval();
    const said = noGrad(() => a!.net.forward(a!.x).squeeze(1));
    expect(said.gt(0).to('float32').sub(a!.y).abs().sum().item()).toBeLessThan(3);
    expect(said.tolist()).toEqual(noGrad(() => b!.net.forward(b!.x).squeeze(1)).tolist());
  });

  it('sees 64 rows around each corner, with their classes', () => {
    const { x, y } = trainCorners({ bend: () => new Tanh(), steps: 1, hidden: 1 });
    for (const [i, { at, yes }] of corners.entries()) {
      const mean = x
        .narrow(0, 64 * i, 64)
        .mean(0)
        .tolist() as number[];
      expect(Math.hypot(mean[0]! - at[0], mean[1]! - at[1])).toBeLessThan(5 * (around / 8));
      expect(
        y
          .narrow(0, 64 * i, 64)
          .mean()
          .item(),
      ).toBe(yes);
    }
  });

  it('rejects invalid arguments', () => {
    expect(() => trainCorners({ bend: () => new ReLU(), hidden: 0 })).toThrow('hidden must be a whole number');
    expect(() => trainCorners({ bend: () => new ReLU(), steps: 1.5 })).toThrow('steps must be a whole number');
  });
});

describe('answers among neighbours', () => {
  const { net } = trainCorners({ bend: () => new Tanh(), steps: 20 });
  const neighbours = rowsAround([1, -1], 5, seeded(3));
  const places = [
    [0.6, 0.5],
    [-2, 1],
  ];

  it("are the net's outputs for each position in one batch with them", () => {
    const copy = net.clone().train();
    const asked = places.map((place) =>
      noGrad(() =>
        copy
          .forward(joining.cat([tensor([place]), neighbours]))
          .at(0, 0)
          .item(),
      ),
    );
    const [a, b] = answersAmong(net, tensor(places), neighbours).tolist() as number[];
    expect(a).toBeCloseTo(asked[0]!, 4);
    expect(b).toBeCloseTo(asked[1]!, 4);
  });

  it('leave the net unchanged', () => {
    const before = JSON.stringify(net.stateDict());
    answersAmong(net, tensor(places), neighbours);
    expect(JSON.stringify(net.stateDict())).toBe(before);
  });
});

describe('odds', () => {
  it('in words have the digits that the rarer class needs', () => {
    expect([0.1, 3, -6.9, 11, -13.8].map(inWords)).toEqual([
      'yes, 52 %',
      'yes, 95 %',
      'no, 99.9 %',
      'yes, 99.998 %',
      'no, 99.9999 %',
    ]);
  });

  it('on an axis are at their probabilities', () => {
    const { layout } = oddsCurves([{ name: 'answer', y: [-13, 13] }]);
    const { tickvals, ticktext, title } = layout.yaxis as Record<string, unknown>;
    const said = (tickvals as number[]).map((at) => 1 / (1 + Math.exp(-at)));
    expect(said[1]).toBeCloseTo(0.001, 12);
    expect(said[4]).toBeCloseTo(1 - 1e-6, 9);
    expect(ticktext).toEqual(['10⁻⁶', '0.001', '½', '0.999', '1 − 10⁻⁶']);
    expect((title as { text: string }).text).toContain('yes');
    const columns = oddsCurves([{ name: 'answer', y: [1, 2] }], { columns: ['2', '32'] }).layout.xaxis;
    expect(columns).toMatchObject({ tickvals: [0, 1], ticktext: ['2', '32'] });
  });
});
