import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Kernel } from '../../src/kernels/elementwise';
import { parse, roundings } from '../../src/kernels/expression';
import { contiguousStride, numel } from '../../src/kernels/strides';
import { type Switches, setSwitches } from '../../src/kernels/wasm/runtime';
import { allocate, type Dtype } from '../../src/tensor/dtype';

/** Expressions of float32 operands, and those with truth values, whose kernels give the same bits as loops. */
const exact: readonly (readonly [expression: string, operands: string, result: Dtype])[] = [
  ['a + b', 'ab', 'float32'],
  ['a - b', 'ab', 'float32'],
  ['a * b', 'ab', 'float32'],
  ['a / b', 'ab', 'float32'],
  ['b - 0.3 * a', 'ab', 'float32'],
  ['b <= 0 || b >= 1.5 ? 0 : a', 'ab', 'float32'],
  ['copySign(a, b)', 'ab', 'float32'],
  ['a < b', 'ab', 'bool'],
  ['a >= b', 'ab', 'bool'],
  ['a === b || (Math.abs(b) !== Infinity && Math.abs(a - b) <= 0.1 + 0.3 * Math.abs(b))', 'ab', 'bool'],
  ['a !== b && !(a > 1)', 'ab', 'bool'],
  ['a + 0.3 * b / c', 'abc', 'float32'],
  ['bounded(a, b, c)', 'abc', 'float32'],
  ['c !== 0 ? a : b', 'abC', 'float32'],
  ['a * b', 'aB', 'float32'],
  ['x < 0 ? 0 : x', 'x', 'float32'],
  ['Math.abs(x)', 'x', 'float32'],
  ['-x', 'x', 'float32'],
  ['1 / x', 'x', 'float32'],
  ['1 / Math.sqrt(x)', 'x', 'float32'],
  ['x * x * x', 'x', 'float32'],
  ['(x * Math.min(Math.max(x + 3, 0), 6)) / 6', 'x', 'float32'],
  ['x > 0 ? 1 : x < 0 ? -1 : 0', 'x', 'float32'],
  ['halfToEven(x)', 'x', 'float32'],
  ['Math.floor(x)', 'x', 'float32'],
  ['Math.trunc(narrow(x / 0.3))', 'x', 'float32'],
  ['x !== x', 'x', 'bool'],
];
const special = [0, -0, Infinity, -Infinity, Number.NaN, 1e-45, -1e-45, 2 ** -126, 3.4e38, 0.5, 2.5, -1.5, 1, 7e-30];

/** The kernel of an expression, after enough elements to leave the loop; capital operands are truth values. */
function warmed(expression: string, operands: string, result: Dtype) {
  const kernel = new Kernel(expression, [...operands.toLowerCase()]);
  const kinds: Dtype[] = [...operands].map((c) => (c < 'a' ? 'bool' : 'float32'));
  const key = kinds.every((k) => k === result) ? result : `${kinds}>${result}`;
  const n = 60_000;
  kernel.loops(key, result).flat(n, allocate(result, n), ...kinds.flatMap((k) => [allocate(k, n), 0]));
  return { kernel, kinds, key };
}

/** Strides of one operand over `shape`: contiguous, transposed, with gaps, or broadcast. */
function strideOf(shape: readonly number[], form: number): readonly number[] {
  if (form === 0) return contiguousStride(shape);
  if (form === 1) return contiguousStride([...shape].reverse()).toReversed();
  if (form === 2) return contiguousStride(shape.map((n) => n + 1));
  return contiguousStride(shape).map((s, d) => ((form >> d) & 1 ? 0 : s));
}

describe.each([true, false])('with fused multiply-add %s', (fma) => {
  let before: Switches;
  beforeEach(() => {
    before = setSwitches({ wasm: true, fma });
  });
  afterEach(() => void setSwitches(before));

  test.each(exact)('%s of %s: the bits of the loop, in any layout', (expression, operands, result) => {
    const { kernel, kinds, key } = warmed(expression, operands, result);
    const shape = fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 90 })),
      fc.tuple(fc.constantFrom(1, 2), fc.integer({ min: 4000, max: 9000 })),
    );
    const forms = fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 }), fc.nat({ max: 7 }));
    fc.assert(
      fc.property(shape, forms, fc.nat({ max: 5 }), (sizes, form, offset) => {
        const inputs = kinds.map((kind, k) => {
          const data = allocate(kind, 40_000 + offset);
          for (let i = 0; i < data.length; i++)
            data[i] =
              kind === 'bool'
                ? (i * 7 + k) % 3
                : i % 11 === k
                  ? special[i % special.length]
                  : 3 * Math.sin(i * (k + 1));
          if (kind === 'bool') for (let i = 0; i < data.length; i++) data[i] = Math.min(data[i], 1);
          return { memory: data, steps: strideOf(sizes, form[k]), offset };
        });
        const run = (wasm: boolean) => {
          setSwitches({ wasm });
          const y = allocate(result, numel(sizes));
          kernel.runStrided(key, result, sizes, y, contiguousStride(sizes), inputs);
          return y;
        };
        const [given, expected] = [run(true), run(false)];
        for (let i = 0; i < given.length; i++)
          if (!Object.is(given[i], expected[i])) expect.fail(`element ${i}: ${given[i]} and not ${expected[i]}`);
      }),
      { numRuns: 40 },
    );
  });

  test('numbers as operands', () => {
    for (const [expression, names] of [
      ['a / b', 'ab'],
      ['Math.abs(c) < 0.5 ? a + c * (b - a) : b - (b - a) * (1 - c)', 'abc'],
    ] as const) {
      const kernel = new Kernel(expression, [...names]);
      const x = Float32Array.from({ length: 60_000 }, (_, i) => special[i % 40] ?? Math.sin(i));
      const numbers = [Math.fround(0.3), Math.fround(0.7)].slice(0, names.length - 1);
      const run = () => {
        const y = new Float32Array(x.length - 1);
        kernel.loops('float32', 'float32').numbers(y.length, y, x, 1, ...numbers);
        return y;
      };
      const byLoop = run();
      expect(run()).toEqual(byLoop);
    }
  });
});

test.each([
  ['a + b', 1],
  ['-(a * b)', 1],
  ['a < b ? a : b * b', 1],
  ['a + 0.5 * b', Number.POSITIVE_INFINITY],
  ['a * 0.1', Number.POSITIVE_INFINITY],
  ['Math.max(a * b, 1)', 1],
  ['a + b < 1', Number.POSITIVE_INFINITY],
  ['Math.exp(a)', Number.POSITIVE_INFINITY],
])('%s is rounded %d times before its result', (text, times) => {
  expect(roundings(parse(text)!)).toBe(times);
});

test.each(['a ** b', 'a % b', 'x[0]', 'a + ', '(a', 'f(a', 'a ? b', 'a b'])('%s is not parsed', (text) => {
  expect(parse(text)).toBe(null);
});
