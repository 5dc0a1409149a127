// Copies between layouts, compared with positions computed element by element.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyStrided } from '../../src/kernels/elementwise';
import { contiguousStride, type NumberArray, numel } from '../../src/kernels/strides';
import { setSwitches } from '../../src/kernels/wasm/runtime';

interface Layout {
  readonly shape: number[];
  readonly target: number[];
  readonly source: number[];
  readonly sizes: readonly [number, number];
}

/** Strides of an array whose dimensions lie in memory in the given order, each with some more entries than are copied. */
function stridesFor(shape: readonly number[], order: readonly number[], more: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (const d of order) {
    stride[d] = step;
    step *= shape[d] + more[d];
  }
  return stride;
}
const sizeOf = (shape: readonly number[], stride: readonly number[]) =>
  shape.includes(0) ? 0 : shape.reduce((end, n, d) => end + (n - 1) * stride[d], 1);

const layout = fc.integer({ min: 1, max: 5 }).chain((rank) => {
  const sizes = fc.array(fc.constantFrom(0, 1, 2, 3, 4, 5, 16, 17, 33, 70, 300), { minLength: rank, maxLength: rank });
  const order = fc.shuffledSubarray([...Array(rank).keys()], { minLength: rank });
  const more = fc.array(fc.constantFrom(0, 0, 0, 1, 3), { minLength: rank, maxLength: rank });
  const repeated = fc.array(fc.constantFrom(false, false, false, true), { minLength: rank, maxLength: rank });
  return fc
    .tuple(sizes, order, order, more, more, repeated)
    .filter(([shape]) => numel(shape) < 60_000)
    .map(([shape, to, from, gaps, others, again]): Layout => {
      const target = stridesFor(shape, to, gaps);
      const source = stridesFor(shape, from, others).map((s, d) => (again[d] ? 0 : s));
      return { shape, target, source, sizes: [sizeOf(shape, target), sizeOf(shape, source)] };
    });
});

function expected(y: NumberArray, x: NumberArray, { shape, target, source }: Layout, to: number, from: number): void {
  const steps = contiguousStride(shape);
  for (let i = 0; i < numel(shape); i++) {
    let [p, q] = [to, from];
    shape.forEach((n, d) => {
      const k = Math.floor(i / steps[d]) % n;
      p += k * target[d];
      q += k * source[d];
    });
    y[p] = x[q];
  }
}

/** Arbitrary numbers, and signed zeros and NaN with a payload. A loop would change signaling NaN. */
function bitsFor(n: number, seed: number): Int32Array {
  const isNumber = (bits: number) => (bits & 0x7f800000) !== 0x7f800000;
  const bits = Int32Array.from({ length: n }, (_, i) => Math.imul(i + seed, 0x9e3779b1)).map((b) =>
    isNumber(b) ? b : 0,
  );
  for (let i = 0; i < n; i += 7) bits[i] = [-0x80000000, 0x7fc00123, 0x7fe00001][i % 3];
  return bits;
}

/** A plain comparison, because `toEqual` takes seconds for long arrays. */
const areEqual = (a: Int32Array, b: Int32Array) => Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;

const asFloats = (bits: Int32Array) => new Float32Array(bits.buffer);

test.each([true, false])('any layouts; with WebAssembly: %s', (wasm) => {
  const before = setSwitches({ wasm });
  // The kernels are compiled after some copies.
  const warm = new Float32Array(90_000);
  copyStrided(
    [300, 300],
    { memory: warm, steps: [300, 1], offset: 0 },
    { memory: warm.slice(), steps: [1, 300], offset: 0 },
  );
  try {
    fc.assert(
      fc.property(layout, fc.constantFrom(0, 1, 5), fc.boolean(), (one, offset, areFloats) => {
        const [to, from] = [bitsFor(one.sizes[0] + offset + 3, 1), bitsFor(one.sizes[1] + offset, 2)];
        const want = to.slice();
        expected(want, from, one, offset, offset);
        const [y, x] = areFloats ? [asFloats(to), asFloats(from)] : [to, from];
        copyStrided(one.shape, { memory: y, steps: one.target, offset }, { memory: x, steps: one.source, offset });
        expect(areEqual(to, want)).toBe(true);
      }),
      { numRuns: 400, seed: 3 },
    );
  } finally {
    setSwitches(before);
  }
});

test.each([
  [
    [1000, 500],
    [500, 1],
    [1, 1000],
  ],
  [
    [70, 300, 16],
    [4800, 16, 1],
    [4800, 1, 300],
  ],
  [
    [16, 20, 4, 16],
    [1280, 64, 16, 1],
    [1280, 16, 320, 1],
  ],
  [
    [100, 30, 100],
    [3000, 100, 1],
    [1, 100, 3000],
  ],
  [
    [40, 32, 32],
    [1156, 34, 1],
    [1024, 32, 1],
  ],
  [
    [3, 5000],
    [5000, 1],
    [1, 3],
  ],
  [
    [5000, 3],
    [3, 1],
    [1, 5000],
  ],
])('shape %j from %j to %j', (shape, target, source) => {
  const sizes = [sizeOf(shape, target), sizeOf(shape, source)] as const;
  const [to, from] = [bitsFor(sizes[0], 1), bitsFor(sizes[1], 2)];
  const want = to.slice();
  expected(want, from, { shape, target, source, sizes }, 0, 0);
  copyStrided(
    shape,
    { memory: asFloats(to), steps: target, offset: 0 },
    { memory: asFloats(from), steps: source, offset: 0 },
  );
  expect(areEqual(to, want)).toBe(true);
});
