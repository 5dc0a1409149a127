import { describe, expect, test } from 'vitest';
import { Generator, initialSeed, manualSeed, ValueError } from '../../src';
import { defaultGenerator, fillNormal, fillUniform } from '../../src/random';

/** The next numbers of a generator, which depend on its state. */
function next(generator: Generator, n = 3): number[] {
  const data = new Float32Array(n);
  fillUniform(data, 0, 1, generator);
  return [...data];
}

const SEED_420 = [0.8053541779518127, 0.19903993606567383, 0.9758533239364624];

describe('Generator', () => {
  test("a new one starts like PyTorch's", () => {
    expect(new Generator().initialSeed()).toBe(67280421310721);
    expect(next(new Generator())).toEqual(next(new Generator().manualSeed(67280421310721)));
  });

  test('manualSeed reseeds and returns the generator', () => {
    const generator = new Generator();
    expect(generator.manualSeed(420)).toBe(generator);
    expect(next(generator)).toEqual(SEED_420);
    expect(next(generator)).not.toEqual(SEED_420);
    generator.manualSeed(420);
    expect(next(generator)).toEqual(SEED_420);
  });

  test('stores the whole seed, but only the low 32 bits matter', () => {
    const generator = new Generator().manualSeed(420 + 2 ** 40);
    expect(generator.initialSeed()).toBe(420 + 2 ** 40);
    expect(next(generator)).toEqual(SEED_420);
    expect(next(generator.manualSeed(2n ** 63n + 420n))).toEqual(SEED_420);
    expect(generator.initialSeed()).toBe(2n ** 63n + 420n);
  });

  test('negative seeds wrap around at 2⁶⁴', () => {
    expect(new Generator().manualSeed(-1).initialSeed()).toBe(2n ** 64n - 1n);
    expect(next(new Generator().manualSeed(-1))).toEqual(next(new Generator().manualSeed(2 ** 32 - 1)));
  });

  test.each([1.5, Number.NaN, 2 ** 53, 2n ** 64n, -(2n ** 63n) - 1n, '420' as unknown as number])(
    'rejects the seed %s and keeps its state',
    (seed) => {
      const generator = new Generator().manualSeed(420);
      expect(() => generator.manualSeed(seed)).toThrow(ValueError);
      expect(generator.initialSeed()).toBe(420);
      expect(next(generator)).toEqual(SEED_420);
    },
  );

  test('generators are independent', () => {
    const a = new Generator().manualSeed(420);
    const b = new Generator().manualSeed(7);
    expect([next(a, 1), next(b, 1), next(a, 2)].flat()).toEqual([
      SEED_420[0],
      ...next(new Generator().manualSeed(7), 1),
      ...SEED_420.slice(1),
    ]);
  });

  test('the second of a pair of normal numbers is kept for the next call, and reseeding drops it', () => {
    const one = new Float64Array(1);
    const normal = (generator: Generator) => {
      fillNormal(one, 0, 1, generator);
      return one[0];
    };
    const pair = new Float64Array(2);
    fillNormal(pair, 0, 1, new Generator().manualSeed(420));
    const generator = new Generator().manualSeed(420);
    expect(normal(generator)).toBe(pair[0]);
    next(generator);
    expect(normal(generator)).toBe(pair[1]);
    normal(generator);
    generator.manualSeed(420);
    expect(normal(generator)).toBe(pair[0]);
  });

  test('seed() sets a different seed each time', () => {
    const generator = new Generator();
    const seed = generator.seed();
    expect(generator.initialSeed()).toBe(seed);
    expect(next(generator)).toEqual(next(new Generator().manualSeed(seed)));
    expect(generator.seed()).not.toBe(seed);
  });
});

test('the default generator follows manualSeed', () => {
  expect(manualSeed(420)).toBe(defaultGenerator);
  expect(initialSeed()).toBe(420);
  expect(next(defaultGenerator)).toEqual(SEED_420);
});

test('numbers for a non-contiguous tensor are drawn one by one, whatever their count', () => {
  const data = new Float32Array(16);
  fillNormal(data, 0, 1, new Generator().manualSeed(420), false);
  const [a, b] = [new Float32Array(8), new Float32Array(8)];
  const generator = new Generator().manualSeed(420);
  fillNormal(a, 0, 1, generator);
  fillNormal(b, 0, 1, generator);
  expect([...data]).toEqual([...a, ...b]);
});
