import { turn } from '../cancellation';
import type { Generator } from '../generator';
import { scratch } from '../kernels/wasm/runtime';
import { inMemory, kernelsFor } from './draws';
import { cos32, log32, sin32 } from './float32';
import { fma32, fma64 } from './fma';
import { fillUniform, isModerate } from './uniform';

/** Block size of the vectorised method, and the least number of elements for it. */
const BLOCK = 16;
const HALF = BLOCK / 2;

/**
 * Fills the array with normally distributed numbers, by PyTorch's two variants of Box and Muller's method. Fewer than
 * 16 numbers, or those of a tensor that is not contiguous, are drawn one by one in float64, others in blocks of 16.
 * float32 numbers equal PyTorch's bit for bit. float64 ones are within 4 units in the last place, because the engine's
 * logarithm, sine and cosine differ from the C library's.
 */
export function fillNormal(
  data: Float32Array | Float64Array,
  mean: number,
  std: number,
  generator: Generator,
  contiguous = true,
): void {
  if (data.length < BLOCK || !contiguous) {
    for (let i = 0; i < data.length; i++) data[i] = fma64(nextNormal(generator), std, mean);
  } else if (data instanceof Float32Array) fillFloat32(data, mean, std, generator);
  else {
    fillUniform(data, 0, 1, generator);
    transform(data, data.length, generator, blockTransform64(mean, std));
  }
}

/** Returns a standard normal number; they are computed in pairs. */
export function nextNormal(generator: Generator): number {
  const spare = generator.spareNormal;
  if (spare !== null) {
    generator.spareNormal = null;
    return spare;
  }
  const u1 = generator.uniform53();
  const u2 = generator.uniform53();
  const radius = Math.sqrt(-2 * Math.log1p(-u2));
  const angle = 2 * Math.PI * u1;
  generator.spareNormal = radius * Math.sin(angle);
  return radius * Math.cos(angle);
}

type BlockTransform<A> = (data: A, at: number) => void;

function fillFloat32(data: Float32Array, mean: number, std: number, generator: Generator): void {
  const block = blockTransform32(mean, std);
  const kernels = isModerate(mean) && isModerate(std) ? kernelsFor(data.length) : null;
  if (kernels === null) {
    fillUniform(data, 0, 1, generator);
    transform(data, data.length, generator, block);
    return;
  }
  inMemory(kernels, 'uniform', data.length, generator, (first, count, at) => {
    data.set(scratch.part(at, count), first);
    const whole = count - (count % BLOCK);
    if (kernels.normal(whole, at, mean, std) === 0) data.set(scratch.part(at, whole), first);
    else for (let i = first; i < first + whole; i += BLOCK) block(data, i);
  });
  transform(data, data.length % BLOCK, generator, block);
}

/** Transforms the first `n` uniform numbers into normal ones. */
function transform<A extends Float32Array | Float64Array>(
  data: A,
  n: number,
  generator: Generator,
  block: BlockTransform<A>,
): void {
  for (let at = data.length - n; at <= data.length - BLOCK; at += BLOCK) {
    block(data, at);
    turn(8 * BLOCK);
  }
  if (data.length % BLOCK === 0) return;
  // The last block overlaps the one before it and is drawn again.
  fillUniform(data.subarray(data.length - BLOCK), 0, 1, generator);
  block(data as A, data.length - BLOCK);
}

function blockTransform32(mean: number, std: number): BlockTransform<Float32Array> {
  const m = Math.fround(mean);
  const s = Math.fround(std);
  const circle = Math.fround(2 * Math.PI);
  const round = Math.fround;
  return (data, at) => {
    for (let i = at; i < at + HALF; i++) {
      const radius = round(Math.sqrt(round(-2 * log32(round(1 - data[i])))));
      const angle = round(circle * data[i + HALF]);
      data[i] = fma32(round(radius * cos32(angle)), s, m);
      data[i + HALF] = fma32(round(radius * sin32(angle)), s, m);
    }
  };
}

function blockTransform64(mean: number, std: number): BlockTransform<Float64Array> {
  return (data, at) => {
    for (let i = at; i < at + HALF; i++) {
      const radius = Math.sqrt(-2 * Math.log(1 - data[i]));
      const angle = 2 * Math.PI * data[i + HALF];
      data[i] = fma64(radius * Math.cos(angle), std, mean);
      data[i + HALF] = fma64(radius * Math.sin(angle), std, mean);
    }
  };
}
