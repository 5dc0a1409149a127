import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConvolutionPlan, convolve, convolveBack, convolveWeight } from '../../src/kernels/convolution';
import { numel } from '../../src/kernels/strides';
import { type Switches, setSwitches } from '../../src/kernels/wasm/runtime';
import { eachVariant } from '../support/kernels';

const int = (min: number, max: number) => fc.integer({ min, max });
const axis = fc.record({
  kernel: int(1, 4),
  stride: int(1, 3),
  dilation: int(1, 2),
  padding: int(0, 3),
  more: int(0, 9),
});
const plans = fc
  .record({ axes: fc.array(axis, { minLength: 1, maxLength: 3 }), groups: int(1, 3), cin: int(1, 7), cout: int(1, 7) })
  .map(({ axes, groups, cin, cout }): ConvolutionPlan => {
    const reach = axes.map(({ kernel, dilation }) => dilation * (kernel - 1) + 1);
    // Large enough for one window.
    const input = axes.map(({ padding, more }, d) => Math.max(reach[d] - 2 * padding, 1) + more);
    return {
      groups,
      inChannels: groups * cin,
      outChannels: groups * cout,
      input,
      output: axes.map(({ padding, stride }, d) => Math.floor((input[d] + 2 * padding - reach[d]) / stride) + 1),
      kernel: axes.map((a) => a.kernel),
      stride: axes.map((a) => a.stride),
      padding: axes.map((a) => a.padding),
      dilation: axes.map((a) => a.dilation),
    };
  });

const numbers = (n: number, seed: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(seed + i * 78.233));
type Floats = Float32Array | Float64Array;

/**
 * Compares the float32 results of `run` for `n` elements with float64, relative to the sum of the magnitudes of all
 * terms; `as` converts its operands.
 */
function check(n: number, run: (to: Floats, as: (x: Float32Array) => Floats) => void): void {
  // Previous contents do not matter.
  const [result, exact, sizes] = [new Float32Array(n).fill(7), new Float64Array(n).fill(7), new Float64Array(n)];
  run(result, (x) => x);
  run(exact, (x) => Float64Array.from(x));
  run(sizes, (x) => Float64Array.from(x, Math.abs));
  const errors = exact.map((v, i) => Math.abs(result[i] - v) / Math.max(sizes[i], 1e-30));
  expect(errors.reduce((most, v) => Math.max(most, v), 0)).toBeLessThan(2e-6);
}

describe.each(eachVariant)('%s', (_, switches) => {
  let before: Switches;
  beforeEach(() => {
    before = setSwitches(switches);
  });
  afterEach(() => void setSwitches(before));

  test('a convolution and its derivatives are those of float64, rounded', () => {
    fc.assert(
      fc.property(plans, int(0, 3), (p, batch) => {
        const x = numbers(batch * p.inChannels * numel(p.input) + 2, 1);
        const w = numbers((p.outChannels * p.inChannels * numel(p.kernel)) / p.groups + 1, 2);
        const y = numbers(batch * p.outChannels * numel(p.output), 3);
        const bias = numbers(Math.max(p.inChannels, p.outChannels) + 1, 4);
        for (const withBias of [false, true]) {
          const c = (as: (x: Float32Array) => Floats) => (withBias ? { memory: as(bias), offset: 1 } : null);
          check(y.length, (to, as) =>
            convolve(p, batch, { memory: as(x), offset: 2 }, { memory: as(w), offset: 1 }, c(as), to),
          );
          check(x.length - 2, (to, as) =>
            convolveBack(p, batch, { memory: as(y), offset: 0 }, { memory: as(w), offset: 1 }, c(as), to),
          );
        }
        check(w.length - 1, (to, as) =>
          convolveWeight(p, batch, { memory: as(x), offset: 2 }, { memory: as(y), offset: 0 }, to),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('images of usual sizes', () => {
    for (const [cin, cout, size, kernel, padding] of [
      [1, 16, 28, 3, 1],
      [16, 32, 14, 3, 1],
      [3, 7, 33, 5, 0],
      [4, 4, 20, 3, 2],
    ]) {
      const two = (n: number) => [n, n];
      const output = two(size + 2 * padding - kernel + 1);
      const p = {
        ...{ groups: 1, inChannels: cin, outChannels: cout, input: two(size), output, kernel: two(kernel) },
        ...{ stride: two(1), padding: two(padding), dilation: two(1) },
      };
      const [x, w, y] = [2 * cin * size * size, cout * cin * kernel * kernel, 2 * cout * numel(output)].map(numbers);
      check(y.length, (to, as) => convolve(p, 2, { memory: as(x), offset: 0 }, { memory: as(w), offset: 0 }, null, to));
      check(x.length, (to, as) =>
        convolveBack(p, 2, { memory: as(y), offset: 0 }, { memory: as(w), offset: 0 }, null, to),
      );
      check(w.length, (to, as) => convolveWeight(p, 2, { memory: as(x), offset: 0 }, { memory: as(y), offset: 0 }, to));
    }
  });

  test('a spectrogram, whose windows are far apart, and one channel with many outputs', () => {
    for (const [cout, kernel, stride] of [
      [40, 32, 16],
      [48, 5, 2],
    ]) {
      const output = [Math.floor((1100 - kernel) / stride) + 1];
      const p = {
        ...{ groups: 1, inChannels: 1, outChannels: cout, input: [1100], output, kernel: [kernel], stride: [stride] },
        ...{ padding: [0], dilation: [1] },
      };
      const [x, w, y, c] = [2 * 1100, cout * kernel, 2 * cout * output[0], cout].map(numbers);
      const at = (as: (x: Float32Array) => Floats, data: Float32Array) => ({ memory: as(data), offset: 0 });
      check(y.length, (to, as) => convolve(p, 2, at(as, x), at(as, w), at(as, c), to));
      check(x.length, (to, as) => convolveBack(p, 2, at(as, y), at(as, w), at(as, c), to));
      check(w.length, (to, as) => convolveWeight(p, 2, at(as, x), at(as, y), to));
    }
  });
});
