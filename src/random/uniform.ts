import { fma32, fma64 } from './fma';
import type { Generator } from './generator';

/**
 * Fills the array with numbers uniform in `[from, to)`, bit for bit PyTorch's: one draw each for float32 and two for
 * float64, scaled with a fused multiply-add.
 */
export function fillUniform(data: Float32Array | Float64Array, from: number, to: number, generator: Generator): void {
  if (data instanceof Float32Array) fillFloat32(data, Math.fround(from), Math.fround(to), generator);
  else fillFloat64(data, from, to, generator);
}

function fillFloat32(data: Float32Array, from: number, to: number, generator: Generator): void {
  if (from === 0 && to === 1) {
    for (let i = 0; i < data.length; i++) data[i] = generator.uniform24();
    return;
  }
  const width = Math.fround(to - from);
  for (let i = 0; i < data.length; i++) {
    const value = fma32(generator.uniform24(), width, from);
    data[i] = value === to ? from : value;
  }
}

function fillFloat64(data: Float64Array, from: number, to: number, generator: Generator): void {
  if (from === 0 && to === 1) {
    for (let i = 0; i < data.length; i++) data[i] = generator.uniform53();
    return;
  }
  const width = to - from;
  for (let i = 0; i < data.length; i++) {
    const value = fma64(generator.uniform53(), width, from);
    data[i] = value === to ? from : value;
  }
}
