import type { Generator } from '../generator';
import { scratch } from '../kernels/wasm/runtime';
import { fillMapped, inDraws, inMemory, kernelsFor, uniform24 } from './draws';
import { fma32, fma64 } from './fma';

/**
 * Fills the array with numbers uniform in `[from, to)`, bit for bit as PyTorch: one draw per element for float32 and
 * two for float64, scaled by a fused multiply-add.
 */
export function fillUniform(data: Float32Array | Float64Array, from: number, to: number, generator: Generator): void {
  if (data instanceof Float32Array) fillFloat32(data, Math.fround(from), Math.fround(to), generator);
  else fillFloat64(data, from, to, generator);
}

/**
 * Whether kernels can scale by it: sums of its products with draws are never subnormal, where kernels would round
 * differently.
 */
export const isModerate = (x: number): boolean => x === 0 || (Math.abs(x) >= 2 ** -40 && Math.abs(x) <= 2 ** 60);

function fillFloat32(data: Float32Array, from: number, to: number, generator: Generator): void {
  const width = Math.fround(to - from);
  const isPlain = from === 0 && to === 1;
  const scaled = (u: number) => {
    const value = fma32(u, width, from);
    return value === to ? from : value;
  };
  const kernels = isPlain || (isModerate(width) && isModerate(from)) ? kernelsFor(data.length) : null;
  if (kernels !== null)
    inMemory(kernels, 'uniform', data.length, generator, (first, count, at) => {
      if (!isPlain) data.set(scratch.part(at, count), first);
      if (isPlain || kernels.scale(count, at, width, from, to) === 0) data.set(scratch.part(at, count), first);
      else for (let i = first; i < first + count; i++) data[i] = scaled(data[i]);
    });
  else
    inDraws(data.length, generator, (words, first, count) => {
      for (let i = 0; i < count; i++) data[first + i] = isPlain ? uniform24(words[i]) : scaled(uniform24(words[i]));
    });
}

function fillFloat64(data: Float64Array, from: number, to: number, generator: Generator): void {
  if (from === 0 && to === 1) {
    fillMapped(data, generator, (u) => u);
    return;
  }
  const width = to - from;
  fillMapped(data, generator, (u) => {
    const value = fma64(u, width, from);
    return value === to ? from : value;
  });
}
