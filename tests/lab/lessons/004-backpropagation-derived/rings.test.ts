import { describe, expect, it } from 'vitest';
import { cat, grad, manualSeed, ones, randn, type Tensor, tensor } from '../../../../src';
import { datasets } from '../../../../src/lab';
import { programs, rightRows, train, trainingFigure } from '../../../../src/lab/lessons/004-backpropagation-derived';

const float64 = { dtype: 'float64' } as const;
manualSeed(0);
const rows = datasets.rings(40);
const x = cat([rows.x, ones([40, 1], float64)], 1);
const y = rows.y.unsqueeze(1).mul(2).sub(1);
const start = [
  [3, 4],
  [4, 4],
  [4, 1],
].map((shape) => randn(shape, float64).div(2));
const costOf = (weights: readonly Tensor[]) =>
  weights
    .reduce((I, w) => I.matmul(w).tanh(), x)
    .sub(y)
    .square()
    .mean();
const firstSteps = (program: (typeof programs)[number]) => {
  const { weights } = train(program, x, y, start, { rate: 1, watched: [0, 1] });
  return weights.get(1)!.map((w, l) => start[l]!.sub(w));
};
const largest = (a: Tensor, b: Tensor) => a.sub(b).abs().max().item();

describe('train', () => {
  const leaves = start.map((w) => w.clone().requiresGrad_());
  const gradients = grad(costOf(leaves), leaves);

  it('makes the steps of the tape, and begins with its cost', () => {
    for (const [l, step] of firstSteps('right').entries()) expect(largest(step, gradients[l]!)).toBeLessThan(1e-14);
    expect(train('right', x, y, start, { watched: [0] }).costs).toEqual([costOf(start).item()]);
  });

  it('has each mistake at its documented position', () => {
    const wrong = (program: (typeof programs)[number]) =>
      firstSteps(program).map((step, l) => largest(step, gradients[l]!) > 1e-6);
    expect(wrong('minus in ∇W²')).toEqual([false, true, false]);
    expect(wrong('W for Wᵀ')).toEqual([true, false, false]);
    expect(wrong('no slope in 2')).toEqual([true, true, false]);
    expect(wrong('no slope')).toEqual([true, true, true]);
    expect(wrong('P too late')).toEqual([true, true, false]);
    expect(largest(firstSteps('minus in ∇W²')[1]!, gradients[1]!.neg())).toBeLessThan(1e-14);
  });

  it('learns the chapter’s rings exactly if its steps stay below 90° from −∇C', () => {
    manualSeed(0);
    const ringed = datasets.rings(200);
    const points = cat([ringed.x, ones([200, 1], float64)], 1);
    const label = ringed.y.unsqueeze(1).mul(2).sub(1);
    const first = [
      [3, 8],
      [8, 8],
      [8, 1],
    ].map(([from, to]) => randn([from!, to!], float64).div(Math.sqrt(from!)));
    const found = programs.map((program) => {
      const { angles, weights } = train(program, points, label, first, { watched: [300] });
      return [program, Math.max(...angles) < 90, rightRows(weights.get(300)!, points, label) === 200];
    });
    expect(found).toEqual([
      ['right', true, true],
      ['minus in ∇W²', false, false],
      ['W for Wᵀ', true, true],
      ['no slope in 2', true, true],
      ['P too late', true, true],
      ['no slope', false, false],
    ]);
    expect(Math.max(...train('right', points, label, first, { watched: [20] }).angles)).toBeLessThan(1e-5);
  });

  it('does not modify the initial weights', () => {
    const before = start.map((w) => w.tolist());
    train('right', x, y, start, { watched: [0, 5] });
    expect(start.map((w) => w.tolist())).toEqual(before);
  });
});

describe('trainingFigure', () => {
  it('has the border where the output is 0, and counts the correct rows', () => {
    const run = train('right', x, y, start, { rate: 0.3, watched: [0, 200] });
    const figure = trainingFigure(run, 200, x, y);
    const border = figure.data.find(({ name }) => name === 'border')!;
    const [xs, ys] = [border.x, border.y] as (number | null)[][];
    const places = xs!.flatMap((a, i) => (a === null || ys![i] === null ? [] : [[a, ys![i]!, 1]]));
    expect(places.length).toBeGreaterThan(10);
    const out = run.weights.get(200)!.reduce((I, w) => I.matmul(w).tanh(), tensor(places, float64));
    expect(out.abs().max().item()).toBeLessThan(0.01);
    expect(figure.description).toContain(`${rightRows(run.weights.get(200)!, x, y)} of 40 points right`);
  });
});
