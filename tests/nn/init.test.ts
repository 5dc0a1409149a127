import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type Dtype,
  DtypeError,
  Generator,
  manualSeed,
  nn,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { readCases } from '../support/torch-cases';

type Args = never[];
interface Entry {
  seed: string;
  calls: { fn: string; args: unknown[] }[];
  out: { dtype: string; n: number; head: number[]; sha256: string; exact: boolean }[];
}

const { init } = nn;
const weight = (shape: number[], dtype: Dtype) => zeros(shape, { dtype });

/** PyTorch's functions: the values that they make, flattened. */
const functions: Record<string, (...args: Args) => Tensor[]> = {
  linear: (inputs: number, outputs: number, bias: boolean, dtype: Dtype) =>
    new nn.Linear(inputs, outputs, { bias, dtype }).parameters(),
  kaiming_uniform: (shape: number[], a: number, mode: 'fan_in', nonlinearity: 'relu', dtype: Dtype) => [
    init.kaimingUniform_(weight(shape, dtype), { a, mode, nonlinearity }),
  ],
  kaiming_normal: (shape: number[], a: number, mode: 'fan_in', nonlinearity: 'relu', dtype: Dtype) => [
    init.kaimingNormal_(weight(shape, dtype), { a, mode, nonlinearity }),
  ],
  xavier_uniform: (shape: number[], gain: number, dtype: Dtype) => [
    init.xavierUniform_(weight(shape, dtype), { gain }),
  ],
  xavier_normal: (shape: number[], gain: number, dtype: Dtype) => [init.xavierNormal_(weight(shape, dtype), { gain })],
  rand: (n: number, dtype: Dtype) => [rand(n, { dtype })],
};

const cases = readCases<Entry>(__dirname, 'init');

test('the cases cover every function', () => {
  expect(new Set(cases.flatMap((c) => c.calls.map((call) => call.fn)))).toEqual(new Set(Object.keys(functions)));
});

test.each(cases.map((c) => [`${c.calls[0].fn} ${JSON.stringify(c.calls[0].args)}, seed ${c.seed}`, c] as const))(
  "%s: PyTorch's numbers, and its state after",
  (_, { seed, calls, out }) => {
    manualSeed(BigInt(seed));
    calls.forEach(({ fn, args }, i) => {
      const tensors = functions[fn](...(args as Args));
      const { dtype, n, head, sha256, exact } = out[i];
      const data = new (dtype === 'float32' ? Float32Array : Float64Array)(n);
      let at = 0;
      for (const t of tensors) {
        data.set(t.toArray(), at);
        at += t.numel();
      }
      expect(at).toBe(n);
      if (exact) {
        expect([...data.slice(0, head.length)]).toEqual(head);
        expect(createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex')).toBe(sha256);
      }
      // float64 normal numbers are equal but for the last places of the logarithm and the sine.
      else
        head.forEach((want, k) => {
          expect(Math.abs(data[k] - want)).toBeLessThanOrEqual(4 * 2 ** -52 * Math.abs(want));
        });
    });
  },
);

describe('fills', () => {
  test('uniform_ and normal_ stay in place and record nothing', () => {
    const p = new nn.Parameter(zeros([40]));
    const generator = new Generator().manualSeed(1);
    expect(init.uniform_(p, -2, 3, { generator })).toBe(p);
    expect(p.min().item()).toBeGreaterThanOrEqual(-2);
    expect(p.max().item()).toBeLessThan(3);
    expect([p.isLeaf, p.requiresGrad, p.version]).toEqual([true, true, 1]);
    init.normal_(p, 5, 0);
    expect(p.tolist()).toEqual(Array(40).fill(5));
  });

  test('constant_, zeros_ and ones_', () => {
    const p = new nn.Parameter(zeros([2]));
    expect(init.constant_(p, 7).tolist()).toEqual([7, 7]);
    expect(init.ones_(p).tolist()).toEqual([1, 1]);
    expect(init.zeros_(p).tolist()).toEqual([0, 0]);
    expect([p.isLeaf, p.requiresGrad]).toEqual([true, true]);
  });

  test('a transposed tensor is filled in the order of its elements', () => {
    const plain = init.uniform_(zeros([2, 3]), 0, 1, { generator: new Generator().manualSeed(1) });
    const turned = init.uniform_(zeros([3, 2]).t(), 0, 1, { generator: new Generator().manualSeed(1) });
    expect(turned.tolist()).toEqual(plain.tolist());
  });
});

describe('bad input is refused', () => {
  test.each([
    ['from above to', () => init.uniform_(zeros([2]), 1, 0), ValueError],
    ['a negative deviation', () => init.normal_(zeros([2]), 0, -1), ValueError],
    ['whole numbers', () => init.uniform_(tensor([1], { dtype: 'int32' })), DtypeError],
    ['one dimension', () => init.xavierUniform_(zeros([3])), ShapeError],
    ['one dimension', () => init.kaimingNormal_(zeros([3])), ShapeError],
    ['an expanded tensor', () => init.uniform_(zeros([1]).expand(3)), ShapeError],
    ['an unknown mode', () => init.kaimingUniform_(zeros([2, 2]), { mode: 'fan' as 'fan_in' }), ValueError],
    ['an unknown activation', () => init.calculateGain('swish' as 'relu'), ValueError],
  ])('%s', (_, run, error) => {
    expect(run).toThrow(error);
  });
});

test('gains', () => {
  expect((['linear', 'conv1d', 'conv2d', 'sigmoid'] as const).map((n) => init.calculateGain(n))).toEqual([1, 1, 1, 1]);
  expect(init.calculateGain('tanh')).toBe(5 / 3);
  expect(init.calculateGain('relu')).toBe(Math.SQRT2);
  expect(init.calculateGain('leaky_relu')).toBeCloseTo(Math.sqrt(2 / 1.0001), 15);
  expect(init.calculateGain('leaky_relu', 1)).toBe(1);
  expect(init.calculateGain('selu')).toBe(0.75);
});
