// Kernels draw the same bits as the scalar code, and leave the generator in the same state.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { randomModule } from '../../src/kernels/wasm/random';
import { Family, type Switches, scratch, setSwitches } from '../../src/kernels/wasm/runtime';
import {
  fillBernoulli,
  fillBernoulliEach,
  fillIntegers,
  fillNormal,
  fillPermutation,
  fillUniform,
  Generator,
} from '../../src/random';
import { inDraws } from '../../src/random/draws';

const patient = 30_000;

/** Triggers the compilation of the kernels, if there are any. */
function warm(): void {
  fillUniform(new Float32Array(patient), 0, 1, new Generator());
}

type Fill = (data: Float32Array, generator: Generator) => void;
const chances = Float32Array.from({ length: patient }, (_, i) => (i % 101) / 100);
const fills: Record<string, Fill> = {
  uniform: (data, g) => fillUniform(data, 0, 1, g),
  'uniform from -0.3 to 2.1': (data, g) => fillUniform(data, -0.3, 2.1, g),
  'uniform, tiny': (data, g) => fillUniform(data, 0, 1e-44, g),
  normal: (data, g) => fillNormal(data, 0, 1, g),
  'normal of mean 3 and deviation 0.02': (data, g) => fillNormal(data, 3, 0.02, g),
  'normal, tiny': (data, g) => fillNormal(data, 0, 1e-42, g),
  bernoulli: (data, g) => fillBernoulli(data, 0.3, g),
  'bernoulli, each': (data, g) => fillBernoulliEach(data, chances.subarray(0, data.length), g),
  integers: (data, g) => fillIntegers(data, -5, 1_000_000, g),
  permutation: (data, g) => fillPermutation(data, g),
};

/** The result of a fill without kernels, after some draws. */
function plain(fill: Fill, n: number, before: number): { data: Float32Array; state: Uint8Array } {
  const old = setSwitches({ wasm: false });
  try {
    const generator = new Generator().manualSeed(7 * n + before);
    for (let i = 0; i < before; i++) generator.random();
    const data = new Float32Array(n);
    fill(data, generator);
    return { data, state: generator.bytes() };
  } finally {
    setSwitches(old);
  }
}

describe.each([
  ['with one rounding', { wasm: true, fma: true }],
  ['in float64', { wasm: true, fma: false }],
] as const)('kernels that multiply and add %s', (_, switches) => {
  let before: Switches;
  beforeEach(() => {
    before = setSwitches(switches);
    warm();
  });
  afterEach(() => void setSwitches(before));

  test.each(Object.entries(fills))('%s: the same bits and the same state', (_name, fill) => {
    const lengths = fc.oneof(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 700, max: 21_000 }));
    fc.assert(
      fc.property(lengths, fc.integer({ min: 0, max: 1300 }), (n, skipped) => {
        const expected = plain(fill, n, skipped);
        const generator = new Generator().manualSeed(7 * n + skipped);
        for (let i = 0; i < skipped; i++) generator.random();
        const data = new Float32Array(n);
        fill(data, generator);
        expect(new Int32Array(data.buffer)).toEqual(new Int32Array(expected.data.buffer));
        expect(generator.bytes()).toEqual(expected.state);
      }),
      { numRuns: 8, seed: 1 },
    );
  });

  test('draws are those of the generator', () => {
    const [many, single] = [new Generator().manualSeed(3), new Generator().manualSeed(3)];
    const seen: number[] = [];
    inDraws(25_000, many, (words, first, count) => {
      expect(first).toBe(seen.length);
      for (let i = 0; i < count; i++) seen.push(words[i] >>> 0);
    });
    expect(seen).toEqual(Array.from({ length: 25_000 }, () => single.random()));
  });
});

test('without fused multiply-add, a sum changed by double rounding is reported', () => {
  const kernels = new Family<{ scale: (...args: number[]) => number }>(() => randomModule(false)).kernels!;
  scratch.reserve(4096);
  const scaled = (u: number, width: number, from: number) => {
    scratch.f32.fill(u, 256, 260);
    const doubt = kernels.scale(4, 1024, width, from, 9);
    return [scratch.f32[256], doubt];
  };
  // 1 + 2⁻²⁴ is in the middle of two numbers. The product is 2⁻²⁴ + 2⁻⁶⁰, whose last bits float64 loses.
  expect(1774001 * 38737).toBe(2 ** 36 + 1);
  expect(scaled(1774001, 38737 * 2 ** -60, 1)[1]).toBe(1);
  expect(scaled(1, 2 ** -24, 1)).toEqual([1, 0]);
  expect(scaled(3, 2 ** -24, 1)).toEqual([1 + 2 ** -22, 0]);
});
