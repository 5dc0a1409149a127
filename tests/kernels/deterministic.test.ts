// The same bits with and without an engine's fused multiply-add.
import { afterEach, expect, test } from 'vitest';
import {
  areDeterministicAlgorithmsEnabled,
  manualSeed,
  nn,
  randn,
  type Tensor,
  useDeterministicAlgorithms,
} from '../../src';
import { setSwitches } from '../../src/kernels/wasm/runtime';

const before = setSwitches({});
afterEach(() => {
  setSwitches(before);
  useDeterministicAlgorithms(false);
});

/** A product and a convolution, each summing 400 terms, in float32. */
function computed(fma: boolean): number[][] {
  setSwitches({ fma });
  manualSeed(0);
  const [a, b] = [randn([40, 400]), randn([400, 40])];
  const [images, windows] = [randn([2, 16, 9, 9]), randn([8, 16, 5, 5])];
  return [a.matmul(b), nn.functional.conv2d(images, windows)].map((t: Tensor) => t.flatten().tolist() as number[]);
}

test('useDeterministicAlgorithms disables fused multiply-add until it is reset', () => {
  expect(areDeterministicAlgorithmsEnabled()).toBe(false);
  const fast = computed(true);
  const [product, convolution] = computed(false);
  useDeterministicAlgorithms(true);
  expect(areDeterministicAlgorithmsEnabled()).toBe(true);
  expect(computed(true)).toEqual([product, convolution]);
  useDeterministicAlgorithms(false);
  expect(computed(true)).toEqual(fast);
  // Otherwise the test would prove nothing.
  expect(fast[0]).not.toEqual(product);
  expect(fast[1]).not.toEqual(convolution);
});

test('rejects a value that is not a boolean, and changes nothing', () => {
  useDeterministicAlgorithms(true);
  expect(() => useDeterministicAlgorithms('off' as unknown as boolean)).toThrow("expected true or false, got 'off'");
  expect(areDeterministicAlgorithmsEnabled()).toBe(true);
});
