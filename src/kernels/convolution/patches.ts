// Convolution by matrix products, one for every case and group: output = weight · patches. Row `(channel, kernel
// position)` of the patches has the inputs of this kernel position, for each output position.

import { turn } from '../../cancellation';
import { copyByLoops } from '../elementwise';
import { monomorphic } from '../monomorphic';
import { multiply } from '../products';
import { type Matrix, turned } from '../products/strided-matrix';
import { roomFor } from '../room';
import { collapse, contiguousStride, forEachRow, type NumberArray, numel } from '../strides';
import type { ConvolutionPlan, Packed } from './plan';

/** Rows of neighbours from which one call copies faster than a loop. */
const longRow = 16;

const copyRow = monomorphic((n: number, to: NumberArray, t: number, from: NumberArray, f: number, step: number) => {
  for (let i = 0; i < n; i++) to[t + i] = from[f + i * step];
});

const addRow = monomorphic((n: number, to: NumberArray, t: number, step: number, from: NumberArray, f: number) => {
  for (let i = 0; i < n; i++) to[t + i * step] += from[f + i];
});

const rowMajor = (data: NumberArray, offset: number, row: number): Matrix => ({ memory: data, offset, row, col: 1 });

const emptyLike = (array: NumberArray, n: number) =>
  roomFor(array.constructor as typeof Float32Array, n) as NumberArray;

/** The sizes that the three directions share. */
function measure(p: ConvolutionPlan) {
  const cin = p.inChannels / p.groups;
  const cout = p.outChannels / p.groups;
  // Zeros on all sides, as far as the windows reach.
  const padded = p.input.map((n, d) =>
    Math.max(p.padding[d] + n, (p.output[d] - 1) * p.stride[d] + (p.kernel[d] - 1) * p.dilation[d] + 1),
  );
  const stride = contiguousStride(padded);
  const plane = numel(padded);
  const windows = [cin, ...p.kernel, ...p.output];
  const steps = [plane, ...stride.map((s, d) => s * p.dilation[d]), ...stride.map((s, d) => s * p.stride[d])];
  return {
    cin,
    cout,
    plane,
    rows: cin * numel(p.kernel),
    columns: numel(p.output),
    isPadded: padded.some((n, d) => n !== p.input[d]),
    /** The loop over the patches, which are contiguous, and their positions in the padded input. */
    walk: collapse(windows, [contiguousStride(windows), steps]),
    /** The position of the input within its padding. */
    inside: { steps: [plane, ...stride], offset: stride.reduce((sum, s, d) => sum + s * p.padding[d], 0) },
  };
}

type Measures = ReturnType<typeof measure>;

/** Returns the input surrounded by zeros, or the input itself without padding. */
function pad(p: ConvolutionPlan, m: Measures, batch: number, x: Packed): Packed {
  if (!m.isPadded) return x;
  const data = emptyLike(x.memory, batch * p.inChannels * m.plane);
  const shape = [batch * p.inChannels, ...p.input];
  copyByLoops(
    shape,
    { memory: data, ...m.inside },
    { memory: x.memory, steps: contiguousStride(shape), offset: x.offset },
  );
  return { memory: data, offset: 0 };
}

/** Calls `visit` for every case and group with the offsets of their parts. */
function forEachPart(
  p: ConvolutionPlan,
  m: Measures,
  batch: number,
  visit: (input: number, weight: number, output: number) => void,
): void {
  for (let i = 0; i < batch * p.groups; i++) {
    visit(i * m.cin * m.plane, (i % p.groups) * m.cout * m.rows, i * m.cout * m.columns);
    turn(m.rows * m.columns);
  }
}

/** Fills the channels of all cases with their biases, or with zeros. */
function fill(y: NumberArray, channels: number, plane: number, bias: Packed | null): void {
  if (bias === null) y.fill(0);
  else
    for (let i = 0; i * plane < y.length; i++)
      y.fill(bias.memory[bias.offset + (i % channels)], i * plane, (i + 1) * plane);
}

/** `y` becomes the convolution of `x` with the weight `w`, plus a bias for each channel. */
export function convolveByPatches(
  p: ConvolutionPlan,
  batch: number,
  x: Packed,
  w: Packed,
  bias: Packed | null,
  y: NumberArray,
): void {
  const m = measure(p);
  fill(y, p.outChannels, m.columns, bias);
  const from = pad(p, m, batch, x);
  const patches = emptyLike(from.memory, m.rows * m.columns);
  forEachPart(p, m, batch, (input, weight, output) => {
    gather(m, from, input, patches);
    const kernel = rowMajor(w.memory, w.offset + weight, m.rows);
    multiply(
      m.cout,
      m.columns,
      m.rows,
      kernel,
      rowMajor(patches, 0, m.columns),
      y,
      output,
      rowMajor(y, output, m.columns),
    );
  });
}

/** Computes the weight gradient `w`: sums of inputs times outputs. */
export function convolveWeightByPatches(p: ConvolutionPlan, batch: number, x: Packed, y: Packed, w: NumberArray): void {
  const m = measure(p);
  w.fill(0);
  const from = pad(p, m, batch, x);
  const patches = emptyLike(from.memory, m.rows * m.columns);
  forEachPart(p, m, batch, (input, weight, output) => {
    gather(m, from, input, patches);
    const left = rowMajor(y.memory, y.offset + output, m.columns);
    const right = turned(rowMajor(patches, 0, m.columns));
    multiply(m.cout, m.rows, m.columns, left, right, w, weight, rowMajor(w, weight, m.rows));
  });
}

/** Computes the input gradient `x`: sums of weights times outputs, plus a bias for each channel. */
export function convolveBackByPatches(
  p: ConvolutionPlan,
  batch: number,
  y: Packed,
  w: Packed,
  bias: Packed | null,
  x: NumberArray,
): void {
  const m = measure(p);
  fill(x, p.inChannels, numel(p.input), bias);
  const whole = pad(p, m, batch, { memory: x, offset: 0 });
  const patches = emptyLike(x, m.rows * m.columns);
  forEachPart(p, m, batch, (input, weight, output) => {
    const left = turned(rowMajor(w.memory, w.offset + weight, m.rows));
    const right = rowMajor(y.memory, y.offset + output, m.columns);
    multiply(m.rows, m.columns, m.cout, left, right, patches, 0);
    scatter(m, patches, whole, input);
  });
  if (!m.isPadded) return;
  const shape = [batch * p.inChannels, ...p.input];
  copyByLoops(shape, { memory: x, steps: contiguousStride(shape), offset: 0 }, { memory: whole.memory, ...m.inside });
}

function gather({ walk }: Measures, from: Packed, at: number, patches: NumberArray): void {
  const step = walk.strides[1][walk.shape.length - 1];
  const copy = copyRow(patches);
  forEachRow(walk.shape, walk.strides, [0, from.offset + at], (start, n) => {
    if (step === 1 && n >= longRow) patches.set(from.memory.subarray(start[1], start[1] + n), start[0]);
    else copy(n, patches, start[0], from.memory, start[1], step);
    turn(n);
  });
}

function scatter({ walk }: Measures, patches: NumberArray, to: Packed, at: number): void {
  const step = walk.strides[1][walk.shape.length - 1];
  const add = addRow(patches);
  forEachRow(walk.shape, walk.strides, [0, to.offset + at], (start, n) => {
    add(n, to.memory, start[1], step, patches, start[0]);
    turn(n);
  });
}
