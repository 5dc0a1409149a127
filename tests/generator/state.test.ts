import { describe, expect, test } from 'vitest';
import {
  DtypeError,
  Generator,
  getRngState,
  manualSeed,
  rand,
  randn,
  setRngState,
  tensor,
  uint8,
  ValueError,
} from '../../src';

const word = (state: Uint8Array, at: number) => new DataView(state.buffer, state.byteOffset).getUint32(at, true);

describe('the state of a generator', () => {
  test('after seeding is laid out as in PyTorch', () => {
    const state = new Generator().manualSeed(2n ** 32n + 420n).getState();
    expect([state.shape, state.dtype]).toEqual([[5056], 'uint8']);
    const bytes = state.data as Uint8Array;
    // Seed (low and high word), draws left, seeded, next.
    expect([0, 4, 8, 12, 16].map((at) => word(bytes, at))).toEqual([420, 1, 1, 1, 0]);
    // The first words of the engine: the seed, and what follows from it by the rule for seeding.
    expect(word(bytes, 24)).toBe(420);
    expect(word(bytes, 32)).toBe((Math.imul(1812433253, 420) + 1) >>> 0);
    expect(bytes.subarray(5016).every((b) => b === 0)).toBe(true);
  });

  test.each([1, 623, 624, 625])('counts %i draws', (draws) => {
    const generator = new Generator();
    rand(draws, { generator });
    const bytes = generator.getState().data as Uint8Array;
    const inBlock = ((draws - 1) % 624) + 1;
    expect([word(bytes, 8), word(bytes, 16)]).toEqual([625 - inBlock, inBlock]);
  });

  test('contains the spare normal number', () => {
    const generator = new Generator();
    randn(3, { generator });
    const bytes = generator.getState().data as Uint8Array;
    expect(word(bytes, 5040)).toBe(1);
    const spare = new DataView(bytes.buffer).getFloat64(5024, true);
    expect(randn([], { generator, dtype: 'float64' }).item()).toBe(spare);
  });

  test('is a copy, from which any generator continues', () => {
    const generator = new Generator().manualSeed(-1);
    randn(5, { generator });
    const state = generator.getState();
    const want = [randn(3, { generator }), rand(700, { generator })].map((x) => x.tolist());
    const other = new Generator();
    expect(other.setState(state)).toBe(other);
    expect(other.initialSeed()).toBe(2n ** 64n - 1n);
    expect([randn(3, { generator: other }), rand(700, { generator: other })].map((x) => x.tolist())).toEqual(want);
  });

  test('is rejected if invalid, and the generator is unchanged', () => {
    const generator = new Generator().manualSeed(420);
    const state = generator.getState();
    const spoilt = state.clone();
    spoilt.setAt(9, 255);
    expect(() => generator.setState(state.narrow(0, 0, 5055))).toThrow(ValueError);
    expect(() => generator.setState(spoilt)).toThrow(ValueError);
    expect(() => generator.setState(tensor([1]))).toThrow(DtypeError);
    expect(() => generator.setState([1] as never)).toThrow(ValueError);
    expect(generator.getState().equal(state)).toBe(true);
  });
});

test('getRngState and setRngState use the default generator', () => {
  manualSeed(420);
  const state = getRngState();
  expect(state.dtype).toBe(uint8);
  const want = rand(3).tolist();
  expect(rand(3).tolist()).not.toEqual(want);
  setRngState(state);
  expect(rand(3).tolist()).toEqual(want);
});
