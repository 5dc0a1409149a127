import { expect, it } from 'vitest';
import { nn, noGrad, tensor } from '../../../../src';
import {
  around,
  levelLines,
  outputsAt,
  type RingNet,
  reading,
  ringNet,
  ringNets,
  rise,
  shareRight,
} from '../../../../src/lab/lessons/004-representation-invented';

/** A net that computes |x₁| + |x₂|, by four ReLUs. */
function pyramid(): RingNet {
  const hidden = new nn.Linear(2, 4, { dtype: 'float64' });
  const last = new nn.Linear(4, 1, { dtype: 'float64' });
  noGrad(() => {
    hidden.weight.copy_(
      tensor([
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ]),
    );
    hidden.bias!.zero_();
    last.weight.fill_(1);
    last.bias!.zero_();
  });
  const { x, y } = ringNet({ steps: 0, sd: 0 });
  return { net: new nn.Sequential(hidden, new nn.ReLU(), last), radii: [1, 2], x, y };
}

it('learns to separate the rings, deterministically', () => {
  const steps: number[] = [];
  const learnt = ringNet({ seed: 3, steps: 300, onStep: (step) => steps.push(step) });
  expect(steps).toEqual(Array.from({ length: 301 }, (_, i) => i));
  expect(shareRight(learnt)).toBe(1);
  expect(outputsAt(learnt, learnt.x)).toEqual(outputsAt(ringNet({ seed: 3, steps: 300 }), learnt.x));
  expect(shareRight(ringNet({ seed: 3, steps: 0 }))).toBeLessThan(0.8);
});

it('trains several with the same results as separately', () => {
  const options = { units: 5, steps: 20, bend: () => new nn.Tanh() };
  ringNets([2, 4], options).forEach((one, i) => {
    const alone = ringNet({ ...options, seed: [2, 4][i]! });
    const here = outputsAt(one, one.x);
    outputsAt(alone, alone.x).forEach((output, k) => {
      expect(here[k]).toBeCloseTo(output, 4);
    });
    expect(ringNets([2], { ...options, steps: 0 })[0]!.x.tolist()).toEqual(ringNet({ seed: 2, steps: 0 }).x.tolist());
  });
});

it('reads a net on the scale of its rings', () => {
  const net = pyramid();
  const [at1, at3] = [reading(net, 1), reading(net, 3)];
  expect(at1.mean).toBeCloseTo(0, 12);
  expect(reading(net, 2).mean).toBeCloseTo(1, 12);
  expect(at3.mean).toBeCloseTo(2, 12);
  expect(at3.spread / at1.spread).toBeCloseTo(3, 9);
  // The mean of |cos| + |sin| is 4/π, that of its square 1 + 2/π.
  expect(at1.spread).toBeCloseTo(Math.sqrt(1 + 2 / Math.PI - (4 / Math.PI) ** 2) / (4 / Math.PI), 2);
  const step = reading(net, 1.1, (output) => (output > 1.5 ? 1 : 0));
  expect(step.mean).toBeGreaterThanOrEqual(0);
  expect(() => reading(net, 1, () => 5)).toThrow('the net says 5 on both rings');
});

it('finds the lines of equal output, and none where it does not increase', () => {
  const { x, y } = levelLines(pyramid(), [1, 2, 100]);
  const line = (k: number) => x.slice(74 * k, 74 * k + 73).map((u, i) => Math.abs(u) + Math.abs(y[74 * k + i]!));
  for (const sum of line(0)) expect(sum).toBeCloseTo(1, 9);
  for (const sum of line(1)) expect(sum).toBeCloseTo(2, 9);
  expect(line(2).every(Number.isNaN)).toBe(true);
  expect(x[73]).toBeNaN();
});

it('draws rings, lines and outputs', () => {
  const { plane, outputs, means } = rise(pyramid());
  means.forEach((mean, i) => {
    expect(mean).toBeCloseTo(((i + 1) * 4) / Math.PI, 2);
  });
  expect(plane.data.map(({ name }) => name)).toEqual(['inner ring', 'outer ring', 'equal outputs']);
  expect(outputs.data.map(({ name }) => name)).toEqual(['new places', 'inner ring', 'outer ring']);
  const [fresh, inner] = outputs.data as unknown as { x: number[]; y: number[] }[];
  expect(fresh!.x).toHaveLength(300);
  fresh!.x.forEach((distance, i) => {
    expect(fresh!.y[i]! / distance).toBeGreaterThan(0.99);
    expect(fresh!.y[i]! / distance).toBeLessThan(Math.SQRT2 + 0.01);
  });
  expect(Math.min(...inner!.x)).toBeCloseTo(1, 3);
});

it('puts positions around the middle', () => {
  const places = around(2, 8).tolist() as [number, number][];
  expect(places).toHaveLength(8);
  for (const [a, b] of places) expect(Math.hypot(a, b)).toBeCloseTo(2, 12);
});
