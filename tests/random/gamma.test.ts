import { describe, expect, test } from 'vitest';
import {
  betaSample,
  DtypeError,
  dirichletSample,
  Generator,
  gammaSample,
  manualSeed,
  rand,
  ShapeError,
} from '../../src';
import { ValueError } from '../../src/errors';

const seeded = (seed = 7) => ({ generator: new Generator().manualSeed(seed) });

/** After `torch.manual_seed(7)`: the sample in float32 and in float64, and the next number of `torch.rand(1)`. */
const torch = [
  {
    name: 'gamma 2.5',
    draw: (dtype: 'float32' | 'float64') => gammaSample(2.5, 3, { dtype }),
    float32: [1.9576935768127441, 3.5420663356781006, 5.729987621307373],
    float64: [1.957693464893112, 3.542066168128252, 5.729987281456627],
    next: 0.4450901746749878,
  },
  {
    name: 'gamma 0.3',
    draw: (dtype: 'float32' | 'float64') => gammaSample(0.3, 3, { dtype }),
    float32: [0.23634669184684753, 0.0008882189868018031, 0.03055551089346409],
    float64: [0.23634670111255907, 0.0008882188506949137, 0.03055551708904527],
    next: 0.8828775882720947,
  },
  {
    name: 'beta 0.4, 0.4',
    draw: (dtype: 'float32' | 'float64') => betaSample(0.4, 0.4, [4], { dtype }),
    float32: [0.9781090021133423, 0.10379868745803833, 0.4768252670764923, 0.9844235181808472],
    float64: [0.9781089753362944, 0.10379868571832324, 0.4768252703817538, 0.984423541286027],
    next: 0.7368624210357666,
  },
  {
    name: 'beta 2, 5',
    draw: (dtype: 'float32' | 'float64') => betaSample(2, 5, 3, { dtype }),
    float32: [0.18406963348388672, 0.6231396198272705, 0.4942781627178192],
    float64: [0.1840696384603085, 0.6231396148912206, 0.49427816297614724],
    next: 0.5209300518035889,
  },
  {
    name: 'Dirichlet',
    draw: (dtype: 'float32' | 'float64') => dirichletSample([0.5, 1.5, 3], 2, { dtype }),
    float32: [
      [0.05190243944525719, 0.552977442741394, 0.39512014389038086],
      [0.007011809386312962, 0.34589633345603943, 0.6470918655395508],
    ].flat(),
    float64: [
      [0.05190244093907311, 0.5529774291353685, 0.39512012992555845],
      [0.007011809309877456, 0.3458963300884898, 0.6470918606016328],
    ].flat(),
    next: 0.7652736902236938,
  },
];

describe.each(torch)("$name, PyTorch's numbers", ({ draw, float32, float64, next }) => {
  test('float32, bit for bit', () => {
    manualSeed(7);
    expect(draw('float32').flatten().tolist()).toEqual(float32);
    expect(rand(1).item()).toBe(next);
  });

  test('float64, within a few units in the last place', () => {
    manualSeed(7);
    const drawn = draw('float64').flatten().tolist() as number[];
    for (const [i, value] of drawn.entries()) expect(Math.abs(value / float64[i]! - 1)).toBeLessThan(2e-15);
    expect(rand(1).item()).toBe(next);
  });
});

test.each([
  [0.4, 0.4],
  [2, 5],
])('the moments of Beta(%d, %d)', (a, b) => {
  const x = betaSample(a, b, [20_000], { dtype: 'float64', ...seeded() });
  const variance = (a * b) / ((a + b) ** 2 * (a + b + 1));
  expect(Math.abs(x.mean().item() - a / (a + b))).toBeLessThan(4 * Math.sqrt(variance / 20_000));
  expect(x.var().item() / variance).toBeCloseTo(1, 1);
});

test.each([0.5, 1, 7])('the moments of Gamma(%d)', (alpha) => {
  const x = gammaSample(alpha, [20_000], { dtype: 'float64', ...seeded() });
  expect(Math.abs(x.mean().item() - alpha)).toBeLessThan(4 * Math.sqrt(alpha / 20_000));
  expect(x.var().item() / alpha).toBeCloseTo(1, 1);
});

test('shares sum to 1 and have the means of their concentrations', () => {
  const x = dirichletSample([1, 2, 5], [40, 500], { dtype: 'float64', ...seeded() });
  expect(x.shape).toEqual([40, 500, 3]);
  expect(x.sum(-1).sub(1).abs().max().item()).toBeLessThan(1e-15);
  for (const [k, mean] of (x.mean([0, 1]).tolist() as number[]).entries())
    expect(mean).toBeCloseTo([1, 2, 5][k]! / 8, 2);
});

test('tiny concentrations give numbers other than 0 and 1, as in PyTorch', () => {
  const x = betaSample(0.001, 0.001, [500], seeded());
  expect([x.min().item(), x.max().item()]).toEqual([2 ** -126, 1 - 2 ** -24]);
});

test('invalid concentrations, shapes or dtypes are rejected before anything is drawn', () => {
  const { generator } = seeded();
  const before = generator.getState().tolist();
  expect(() => betaSample(0, 1, 3, { generator })).toThrow(
    new ValueError('betaSample: a must be a number above 0, got 0'),
  );
  expect(() => betaSample(1, Number.NaN, 3, { generator })).toThrow('b must be a number above 0, got NaN');
  expect(() => gammaSample(-1, 3, { generator })).toThrow(
    'gammaSample: the concentration must be a number above 0, got -1',
  );
  expect(() => dirichletSample([], 3, { generator })).toThrow('must be a list such as [1, 2, 5]');
  expect(() => dirichletSample([1, 0], 3, { generator })).toThrow('concentration 1 must be a number above 0, got 0');
  expect(() => gammaSample(1, [-1], { generator })).toThrow(ShapeError);
  expect(() => gammaSample(1, 2, { dtype: 'int32', generator })).toThrow(DtypeError);
  expect(generator.getState().tolist()).toEqual(before);
  expect(betaSample(1, 1, 2, { requiresGrad: true, generator }).requiresGrad).toBe(true);
});
