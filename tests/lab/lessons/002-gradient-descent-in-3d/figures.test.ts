import { expect, it } from 'vitest';
import { manualSeed, nn, noGrad, optim, randn, type Tensor } from '../../../../src';
import {
  cut,
  narrow,
  netSteps,
  recordedSteps,
  ruledRows,
  shadows,
  slices,
  stepsToLearn,
  stepsUntil,
  twentyToThree,
} from '../../../../src/lab/lessons/002-gradient-descent-in-3d';
import type { Figure } from '../../../../src/lab/plot';

/** The titles of a figure's frames, as drawn. */
const titles = ({ frames }: Figure) =>
  frames.map(({ layout }) => (layout as { title: { text: string } }).title.text.replaceAll('<br>', ' '));

it('slices the bowl along one weight, with the slope of its formula', () => {
  // At w₁ = 6: r = (−13, −23), so the slopes are 26 + 138 and 26 + 46.
  expect(titles(slices('w₁'))[3]).toBe('At (6, 9) the gradient is (164, 72)');
  expect(titles(slices('w₂'))[0]).toBe('At (5, 7) the gradient is (128, 56)');
  expect(titles(slices('w₂'))[2]).toBe('At (5, 9) the gradient is (144, 64)');
});

it('cuts the bowl along the gradient: predicted 544 − 24,832 η, actual with the curvature', () => {
  const all = titles(cut());
  expect(all[2]).toBe('η = 0.01: the slope promises 296, the step reaches 325');
  expect(all[5]).toBe('η = 0.04: the slope promises −449, the step reaches 14');
});

it('names the factors 1 − ηλ of the two shadows', () => {
  const { frames } = shadows();
  const words = frames.map((frame) => JSON.stringify(frame));
  expect(words[6]).toContain('across the valley: times −0.87 a step');
  expect(words[6]).toContain('along the valley: times 0.945 a step');
  expect(words[10]).toContain('times −1.10 a step');
  expect(titles(shadows())[10]).toBe('η = 0.09: each leap across lands farther out');
  expect(titles(shadows())[3]).toBe('η = 0.043: one step ends on the floor');
});

it('counts steps by κ: one in a round valley, with momentum about √κ as many', () => {
  expect([stepsUntil(1, 'plain'), stepsUntil(1, 'momentum')]).toEqual([1, 1]);
  // The loss shrinks by ((κ − 1)/(κ + 1))² a step, whatever the start, if both axes shrink alike.
  for (const kappa of [5, 34, 300]) {
    const share = ((kappa - 1) / (kappa + 1)) ** 2;
    expect(stepsUntil(kappa, 'plain')).toBe(Math.ceil(Math.log(1e-6) / Math.log(share)));
  }
  expect(stepsUntil(300, 'momentum') / stepsUntil(34, 'momentum')).toBeCloseTo(Math.sqrt(300 / 34), 0);
  expect(titles(narrow())[0]).toBe('κ = 1: down to a millionth in 1 step, with momentum in 1');
});

it('generates 500 rows per class by a rule, and scales them', () => {
  const { x, y } = ruledRows(3, true);
  expect(x.shape).toEqual([500, 20]);
  expect(x.mean(0).abs().max().item()).toBeLessThan(1e-5);
  expect(x.std(0).sub(1).abs().max().item()).toBeLessThan(1e-5);
  expect(y.sub(ruledRows(3).y).abs().max().item()).toBe(0);
  const [first] = ruledRows(3).x.tolist() as number[][];
  const sums = [0, 2, 4].map((i) => first![i]! + first![i + 1]!);
  expect(y.at(0).item()).toBe(sums.indexOf(Math.max(...sums)));
  expect([...twentyToThree().parameters()].reduce((sum, weight) => sum + weight.numel(), 0)).toBe(391);
});

it('reproduces the recorded results of nets of some seeds and rates', () => {
  const again = (rule: 'plain' | 'momentum' | 'adam', scaled: boolean, rate: number) => {
    const { runs } = recordedSteps.find((one) => one.rule === rule && one.scaled === scaled)!;
    const steps = runs.find(([one]) => one === rate)![1];
    return [2, 5].map((seed) => [stepsToLearn({ rule, scaled, rate, seed }), steps[seed - 1]!]);
  };
  const pairs = [
    again('plain', true, 5),
    again('momentum', true, 2),
    again('adam', true, 0.1),
    again('adam', false, 0.03),
  ];
  for (const [now, recorded] of pairs.flat()) expect(Math.abs(now! - recorded!)).toBeLessThanOrEqual(3);
  expect(stepsToLearn({ rule: 'plain', rate: 0.01, most: 5 })).toBeNaN();
});

it('is fastest on scaled inputs, with every rule', () => {
  // NaN, of a net that never learns, counts as the largest.
  const medianSteps = (rule: 'plain' | 'momentum' | 'adam', scaled: boolean, rate: number) => {
    const { runs } = recordedSteps.find((one) => one.rule === rule && one.scaled === scaled)!;
    const steps = [...runs.find(([one]) => one === rate)![1]];
    return steps.sort((a, b) => (Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b))[2]!;
  };
  const fewest = (rule: 'plain' | 'momentum' | 'adam', scaled: boolean) => {
    const { runs } = recordedSteps.find((one) => one.rule === rule && one.scaled === scaled)!;
    return Math.min(...runs.map(([rate]) => medianSteps(rule, scaled, rate)).filter((steps) => !Number.isNaN(steps)));
  };
  expect(fewest('plain', false) / fewest('plain', true)).toBeGreaterThan(10);
  expect(fewest('plain', true)).toBeLessThan(fewest('adam', false));
  expect(medianSteps('plain', false, 10)).toBeNaN();
  expect(netSteps().data.filter(({ type }) => type === 'scatter').length).toBeGreaterThanOrEqual(6);
});

it('meets a moving limit: at the rate ½ the largest curvature of the net climbs from about 1 to about 4', () => {
  const { x, y } = ruledRows(2);
  manualSeed(1002);
  const net = twentyToThree();
  const weights = [...net.parameters()];
  const optimizer = new optim.SGD(weights, { lr: 0.5 });
  const lossOf = () => nn.functional.crossEntropy(net.forward(x), y);
  const gradients = (): Tensor[] => {
    optimizer.zeroGrad();
    lossOf().backward();
    return weights.map((weight) => weight.grad!.clone());
  };
  const moved = (by: readonly Tensor[], h: number) =>
    noGrad(() => {
      for (const [i, weight] of weights.entries()) weight.add_(by[i]!.mul(h));
    });
  /** By power iteration with differences of gradients. */
  const curvature = () => {
    let v = weights.map((weight) => randn(weight.shape));
    let value = 0;
    for (let k = 0; k < 25; k++) {
      const length = Math.sqrt(v.reduce((sum, part) => sum + part.square().sum().item(), 0));
      v = v.map((part) => part.div(length));
      moved(v, 3e-3);
      const above = gradients();
      moved(v, -6e-3);
      const below = gradients();
      moved(v, 3e-3);
      const image = above.map((part, i) => part.sub(below[i]!).div(6e-3));
      value = image.reduce((sum, part, i) => sum + part.mul(v[i]!).sum().item(), 0);
      v = image;
    }
    return value;
  };
  const atStart = [curvature(), lossOf().item()];
  for (let step = 0; step < 300; step++) {
    gradients();
    optimizer.step();
  }
  const later = [curvature(), lossOf().item()];
  expect(atStart[0]).toBeLessThan(2);
  expect(later[0]).toBeGreaterThan(3);
  expect(later[0]).toBeLessThan(6);
  expect(later[1]).toBeLessThan(atStart[1]! / 2);
});
