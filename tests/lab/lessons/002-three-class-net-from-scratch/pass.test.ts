import { expect, it } from 'vitest';
import { manualSeed, nn, rand, randint, randn, type Tensor } from '../../../../src';
import {
  moved,
  passHero,
  throughAndBack,
  trainByHand,
  type Weights,
} from '../../../../src/lab/lessons/002-three-class-net-from-scratch';
import type { Figure } from '../../../../src/lab/plot';

const float64 = { dtype: 'float64' } as const;
const setting = () => {
  manualSeed(7);
  const weights: Weights = [
    randn([4, 5], float64),
    randn([5, 3], float64),
    randn([3, 3], float64),
    randn([3], float64),
  ];
  return { x: rand([12, 4], float64), y: randint(0, 3, [12]), weights };
};
const scoresOf = (x: Tensor, [W1, W2, W3, b]: Weights) => x.matmul(W1).relu().matmul(W2).sigmoid().matmul(W3).add(b);

it("has autograd's loss and gradients", () => {
  const { x, y, weights } = setting();
  const pass = throughAndBack(x, y, weights);
  const leaves = weights.map((w) => w.clone().requiresGrad_()) as unknown as Weights;
  const loss = nn.functional.crossEntropy(scoresOf(x, leaves), y);
  loss.backward();
  expect(pass.loss).toBeCloseTo(loss.item(), 12);
  for (const [k, leaf] of leaves.entries())
    expect(pass.gradients[k]!.sub(leaf.grad!).abs().max().item()).toBeLessThan(1e-12);
});

it('trains with momentum, and records each pass, the last one after the last update', () => {
  const { x, y, weights } = setting();
  const own = weights.map((w) => w.clone()) as unknown as Weights;
  const steps: number[] = [];
  trainByHand(x, y, own, { rate: 0.1, gamma: 0.5, steps: 2 }, (step) => steps.push(step));
  const byHand = weights.map((w) => w.clone()) as unknown as Weights;
  const first = throughAndBack(x, y, byHand).gradients;
  for (const [k, w] of byHand.entries()) w.sub_(first[k]!.mul(0.1));
  const second = throughAndBack(x, y, byHand).gradients;
  for (const [k, w] of byHand.entries()) w.sub_(second[k]!.add(first[k]!.mul(0.5)).mul(0.1));
  expect(steps).toEqual([0, 1, 2]);
  for (const [k, w] of own.entries()) expect(w.sub(byHand[k]!).abs().max().item()).toBeLessThan(1e-12);
});

const title = ({ layout }: { layout?: unknown }) =>
  (layout as { title: { text: string } }).title.text.replaceAll('<br>', ' ');
const titles = ({ frames }: Figure) => frames.map(title);

it('follows a row forward and backward, and counts the weights it moves', () => {
  const { x, y, weights } = setting();
  const before = weights.map((w) => w.tolist());
  const figure = passHero({ x, y, weights, row: 2 });
  const { a1, gradients } = throughAndBack(x.narrow(0, 2, 1), y.narrow(0, 2, 1), weights);
  const silent = a1.eq(0).sum().item();
  // Four weights lead into each silent unit, and three out of it.
  expect(moved(gradients)).toBe(47 - 7 * silent);
  expect(titles(figure)[6]).toBe(`Back at the start: this row moves ${47 - 7 * silent} of 47 weights`);
  expect(titles(figure)[7]).toMatch(/^1 update by all rows: true class 0\.\d\d, loss /);
  expect(weights.map((w) => w.tolist())).toEqual(before);
});
