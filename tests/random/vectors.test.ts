import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fillIntegers, fillNormal, fillPermutation, fillUniform, Generator } from '../../src/random';

// Numbers made by PyTorch 2.13 on a CPU: sequences of calls with the SHA-256 of all values and the first few of them.
// Most sequences end with two uniform float64, which stand for the state of the generator after the call.

type FloatArray = Float32Array | Float64Array;
type Arguments = (number | string)[];
interface Result {
  dtype: keyof typeof arrays;
  n: number;
  head: number[];
  sha256: string;
  exact: boolean;
}
interface Entry {
  seed: string;
  calls: { fn: keyof typeof functions; args: Arguments }[];
  out: Result[];
}

const arrays = {
  float32: (n: number) => new Float32Array(n),
  float64: (n: number) => new Float64Array(n),
  // int64 holds here whole numbers far below 2⁵³; they are widened to 8 bytes for the hash.
  int64: (n: number) => new Float64Array(n),
  uint8: (n: number) => new Uint8Array(n),
};

const filled =
  (fill: (data: FloatArray, generator: Generator, numbers: number[]) => void) =>
  (generator: Generator, args: Arguments, data: FloatArray) =>
    fill(
      data,
      generator,
      args.filter((a): a is number => typeof a === 'number'),
    );

const functions = {
  rand: filled((data, g) => fillUniform(data, 0, 1, g)),
  uniform_: filled((data, g, [, from, to]) => fillUniform(data, from, to, g)),
  randn: filled((data, g) => fillNormal(data, 0, 1, g)),
  normal_: filled((data, g, [, mean, std]) => fillNormal(data, mean, std, g)),
  randint: filled((data, g, [low, high]) => fillIntegers(data, low, high, g)),
  randperm: filled((data, g) => fillPermutation(data, g)),
};

function bytes(data: FloatArray | Uint8Array, dtype: string): Uint8Array {
  return new Uint8Array(dtype === 'int64' ? BigInt64Array.from(data, (v) => BigInt(v)).buffer : data.buffer);
}

/** Distance of neighbouring float64 numbers around `x`. */
function ulp(x: number): number {
  return 2 ** (Math.floor(Math.log2(x)) - 52);
}

const entries = JSON.parse(readFileSync(`${__dirname}/data/vectors.json`, 'utf8')) as Entry[];
const byFunction = new Map<string, Entry[]>();
for (const entry of entries) {
  const { fn } = entry.calls[0];
  byFunction.set(fn, [...(byFunction.get(fn) ?? []), entry]);
}

describe('the same numbers as PyTorch', () => {
  test.each([...byFunction.keys()])('%s', (fn) => {
    for (const { seed, calls, out } of byFunction.get(fn)!) {
      const generator = new Generator().manualSeed(BigInt(seed));
      calls.forEach((call, i) => {
        const { dtype, n, head, sha256, exact } = out[i];
        const data = arrays[dtype](n);
        functions[call.fn](generator, call.args, data as FloatArray);
        const what = `seed ${seed}, call ${i} of ${JSON.stringify(calls)}`;
        if (exact) {
          expect([...data.slice(0, head.length)], what).toEqual(head);
          expect(createHash('sha256').update(bytes(data, dtype)).digest('hex'), what).toBe(sha256);
          return;
        }
        // The engine's logarithm and sine differ from the C library's in the last place. Where a mean is added and
        // digits cancel, the distance counts in units of the mean.
        const [, mean] = call.fn === 'normal_' ? (call.args as number[]) : [0, 0];
        head.forEach((want, k) => {
          const error = Math.abs(data[k] - want);
          expect(error, `${what}, value ${k}`).toBeLessThanOrEqual(4 * ulp(Math.max(Math.abs(want), mean)));
        });
      });
    }
  });

  test('every function and dtype is covered', () => {
    const covered = new Set(entries.flatMap((e) => e.calls.map((c, i) => `${c.fn} ${e.out[i].dtype}`)));
    expect([...covered].sort()).toEqual([
      'normal_ float32',
      'normal_ float64',
      'rand float32',
      'rand float64',
      'randint float32',
      'randint float64',
      'randint int64',
      'randint uint8',
      'randn float32',
      'randn float64',
      'randperm int64',
      'uniform_ float32',
      'uniform_ float64',
    ]);
  });
});
