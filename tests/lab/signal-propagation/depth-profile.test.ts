import { describe, expect, it, vi } from 'vitest';
import { Generator, nn, randn, type Tensor, tensor } from '../../../src';
import { numeric, signalPropagation } from '../../../src/lab';

const seeded = (seed: number) => new Generator().manualSeed(seed);
const relu = (x: Tensor) => x.relu();
const tanh = (x: Tensor) => x.tanh();
const identity = (x: Tensor) => x;

describe('depthProfile', () => {
  it('sends a signal forward and a gradient backward, in agreement with finite differences', () => {
    const options = { depth: 3, width: 4, n: 2, gain: 1.3 };
    const { outputs, gradient, signal } = signalPropagation.depthProfile(tanh, { ...options, generator: seeded(3) });
    expect(outputs.map(({ shape }) => [...shape])).toEqual(Array(4).fill([2, 4]));
    for (const [layer, output] of outputs.entries()) {
      expect(signal[layer]).toBeCloseTo(Math.sqrt(output.square().mean().item()), 12);
    }
    // The same weights and the same random gradient, drawn again by hand.
    const generator = seeded(3);
    const draw = (rows: number) => randn([rows, 4], { dtype: 'float64', generator });
    const [x] = [draw(2), draw(2)];
    const weights = [0, 1, 2].map(() => draw(4).mul(1.3 / 2));
    const top = draw(2);
    const forward = (from: Tensor) =>
      weights
        .reduce((h, w) => h.matmul(w.t()).tanh(), from)
        .mul(top)
        .sum()
        .item();
    let square = 0;
    for (let i = 0; i < 2; i++)
      for (let k = 0; k < 4; k++) {
        const hair = tensor(
          [0, 1].map((r) => [0, 1, 2, 3].map((c) => (r === i && c === k ? 1e-6 : 0))),
          { dtype: 'float64' },
        );
        square += ((forward(x!.add(hair)) - forward(x!.sub(hair))) / 2e-6) ** 2;
      }
    expect(gradient[0]).toBeCloseTo(Math.sqrt(square / 8) / Math.sqrt(top.square().mean().item()), 8);
    expect(gradient[3]).toBe(1);
  });

  it('scales with the gain where the function is linear, and keeps lengths under rotations', () => {
    const profile = (gain: number) =>
      signalPropagation.depthProfile(identity, { gain, depth: 5, generator: seeded(1) });
    expect(profile(2).signal[5]! / profile(1).signal[5]!).toBeCloseTo(32, 10);
    expect(profile(2).gradient[0]! / profile(1).gradient[0]!).toBeCloseTo(32, 10);
    const init = (w: Tensor) => nn.init.orthogonal_(w);
    const { signal, gradient, cosine } = signalPropagation.depthProfile(identity, {
      depth: 6,
      init,
      generator: seeded(1),
    });
    expect(signal[6]! / signal[0]!).toBeCloseTo(1, 12);
    expect(gradient[0]).toBeCloseTo(1, 12);
    expect(cosine[6]).toBeCloseTo(cosine[0]!, 12);
    expect(cosine[0]).toBeCloseTo(0.9, 1);
  });

  it('accepts one function for each layer, and zero weights', () => {
    const mixed = signalPropagation.depthProfile([tanh, relu], { generator: seeded(2) });
    expect(mixed.signal).toHaveLength(3);
    expect(mixed.outputs[2]!.min().item()).toBeGreaterThanOrEqual(0);
    const silent = signalPropagation.depthProfile(relu, { gain: 0, depth: 2, generator: seeded(2) });
    expect([silent.signal.slice(1), silent.gradient]).toEqual([
      [0, 0],
      [0, 0, 1],
    ]);
  });

  it('measures sizes whose squares overflow', () => {
    const { signal } = signalPropagation.depthProfile(identity, {
      gain: 1e-60,
      depth: 4,
      n: 2,
      width: 8,
      generator: seeded(1),
    });
    expect(signal[4]).toBeGreaterThan(1e-242);
    expect(signal[4]).toBeLessThan(1e-238);
  });

  it('explains invalid nets', () => {
    expect(() => signalPropagation.depthProfile(relu, { depth: 0 })).toThrow(
      'depth must be a whole number above 0, got 0',
    );
    expect(() => signalPropagation.depthProfile(relu, { width: 1.5 })).toThrow(
      'width must be a whole number above 0, got 1.5',
    );
    expect(() => signalPropagation.depthProfile(relu, { gain: -1 })).toThrow('gain must be 0 or more, got -1');
    expect(() => signalPropagation.meanField([])).toThrow('depth');
    expect(() => signalPropagation.meanField(relu, { gain: Number.NaN })).toThrow('gain');
  });
});

describe('meanField', () => {
  it('is exact where integrals are known', () => {
    const he = signalPropagation.meanField(relu, { gain: Math.SQRT2, depth: 7 });
    for (const size of [...he.signal, ...he.gradient]) expect(size).toBeCloseTo(1, 11);
    const line = signalPropagation.meanField(identity, { gain: 0.5, depth: 3 });
    for (const [l, size] of line.signal.entries()) expect(size).toBeCloseTo(0.5 ** l, 12);
    for (const [l, size] of line.gradient.entries()) expect(size).toBeCloseTo(0.5 ** (3 - l), 12);
    // E (x²)² = 3, E (2x)² = 4
    const square = signalPropagation.meanField((x) => x.square(), { depth: 1 });
    expect([square.signal[1], square.gradient[0]]).toEqual([expect.closeTo(Math.sqrt(3), 10), expect.closeTo(2, 10)]);
  });

  it('agrees with wide nets', () => {
    for (const gain of [0.7, 1, 2]) {
      const [net, integrals] = [
        signalPropagation.depthProfile(tanh, { gain, depth: 6, width: 300, n: 30, generator: seeded(5) }),
        signalPropagation.meanField(tanh, { gain, depth: 6 }),
      ];
      for (let l = 0; l <= 6; l++) {
        expect(net.signal[l]! / integrals.signal[l]!).toBeCloseTo(1, 0);
        expect(net.gradient[l]! / integrals.gradient[l]!).toBeCloseTo(1, 0);
      }
    }
  });
});

describe('gaussianMean', () => {
  it('computes the moments of a normal distribution', () => {
    expect(numeric.gaussianMean(() => 1)).toBeCloseTo(1, 13);
    expect(numeric.gaussianMean((x) => x ** 4)).toBeCloseTo(3, 11);
    expect(numeric.gaussianMean((x) => x * x, { mean: 2, sd: 3 })).toBeCloseTo(13, 10);
    expect(numeric.gaussianMean((x) => Math.exp(x))).toBeCloseTo(Math.exp(0.5), 12);
    expect(numeric.gaussianMean((x) => x + 1, { mean: 4, sd: 0 })).toBe(5);
  });

  it('is exact at a kink or a jump at 0, for any mean', () => {
    expect(numeric.gaussianMean((x) => Math.abs(x))).toBeCloseTo(Math.sqrt(2 / Math.PI), 13);
    expect(numeric.gaussianMean((x) => (x > 0 ? 1 : 0))).toBeCloseTo(0.5, 13);
    // Φ(0.3 / 0.7), by PyTorch
    expect(numeric.gaussianMean((x) => (x > 0 ? 1 : 0), { mean: 0.3, sd: 0.7 })).toBeCloseTo(0.6658824291023753, 12);
  });

  it('explains what it cannot average', () => {
    expect(() => numeric.gaussianMean((x) => x, { sd: -1 })).toThrow('sd 0 or more; got 0 and -1');
    expect(() => numeric.gaussianMean(() => Number.NaN)).toThrow('f is NaN at');
  });
});

it("timed measures intervals shorter than the clock's resolution", () => {
  let microseconds = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => {
    microseconds += 0.5;
    return Math.floor(microseconds / 100) / 10;
  });
  try {
    const lasting = (time: number) => () => {
      microseconds += time;
    };
    const { short, long } = numeric.timed({ short: lasting(7), long: lasting(700) }, { repeats: 5 });
    expect(short / 0.007).toBeCloseTo(1, 1);
    expect(long / 0.7).toBeCloseTo(1, 1);
  } finally {
    now.mockRestore();
  }
});

it('timed returns a median of runs that alternate', () => {
  const order: string[] = [];
  const wait = (name: string) => () => {
    order.push(name);
    const end = performance.now() + (order.length === 9 ? 40 : 2);
    while (performance.now() < end);
  };
  const time = numeric.timed({ a: wait('a'), b: wait('b') }, { repeats: 5 });
  expect(order.join('')).toBe('ab'.repeat(8));
  expect(Object.keys(time)).toEqual(['a', 'b']);
  expect(time.a).toBeGreaterThanOrEqual(2);
  expect(() => numeric.timed({ a: wait('a') }, { repeats: 0 })).toThrow(
    'repeats must be a whole number above 0, got 0',
  );
});
