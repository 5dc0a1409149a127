// Cases made with PyTorch 2.13, as JSON: tensors as { "$": "tensor", dtype, shape, data }, names as PyTorch writes them.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type Dtype, Tensor, tensor } from '../../src';

/** A tensor in JSON; `rg`: it requires a gradient; `nc`: its last two dimensions are swapped in memory. */
export interface TensorJson {
  $: 'tensor';
  dtype: string;
  shape: number[];
  data: (number | string)[];
  rg?: boolean;
  nc?: string;
}

/** The allowed difference: `|got - want| ≤ atol + rtol·|want|`. */
export interface Tolerance {
  rtol: number;
  atol: number;
}

/** Reads a list of cases from a JSON file beside the test. */
export function readCases<T>(directory: string, name: string): T[] {
  return JSON.parse(readFileSync(`${directory}/data/${name}.json`, 'utf8')) as T[];
}

/** PyTorch's int64 is int32 here. */
const dtypeOf = (name: string): Dtype => (name === 'int64' ? 'int32' : (name as Dtype));

function isTensorJson(value: unknown): value is TensorJson {
  return typeof value === 'object' && value !== null && (value as TensorJson).$ === 'tensor';
}

/** A value of a case: tensors are made, everything else is taken as it is. */
export function fromJson(value: unknown): unknown {
  if (!isTensorJson(value)) return value;
  const flat = tensor(value.data.map(Number), { dtype: dtypeOf(value.dtype) });
  let x = flat.reshape(value.shape);
  if (value.nc === 'T') x = x.transpose(-1, -2).contiguous().transpose(-1, -2);
  x = x.detach();
  return value.rg ? x.requiresGrad_() : x;
}

/** Named arguments with our names: `weight_decay` becomes `weightDecay`. */
export function options(kwargs: Record<string, unknown>): Record<string, unknown> {
  const camel = (name: string) => name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());
  return Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [camel(name), fromJson(value)]));
}

/** Expects shape, dtype and values of a tensor; NaN equals NaN. */
export function expectTensor(
  got: Tensor | null,
  want: TensorJson | null,
  { rtol, atol }: Tolerance,
  what: string,
): void {
  if (want === null || got === null) {
    expect(got, what).toBe(want);
    return;
  }
  expect(got, what).toBeInstanceOf(Tensor);
  expect(got.shape, what).toEqual(want.shape);
  expect(got.dtype, what).toBe(dtypeOf(want.dtype));
  expectNumbers([...got.toArray()], want.data.map(Number), { rtol, atol }, what);
}

/** Expects numbers within a tolerance; NaN equals NaN. */
export function expectNumbers(
  got: readonly number[],
  want: readonly number[],
  { rtol, atol }: Tolerance,
  what: string,
): void {
  expect(got.length, what).toBe(want.length);
  want.forEach((w, i) => {
    const g = got[i];
    const fits = Object.is(g, w) || g === w || Math.abs(g - w) <= atol + rtol * Math.abs(w);
    expect(fits, `${what}, element ${i}: ${g} instead of ${w}`).toBe(true);
  });
}
