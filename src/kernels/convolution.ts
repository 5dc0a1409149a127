// A convolution is the form Σ x·w·y over all input, kernel and output places that meet. Its three derivatives, each
// adding to what is there, are one product of matrices for every case and group: output = weight · patches, where row
// `(channel, kernel place)` of the patches holds the inputs that this kernel place meets, output place by output place. With
// stride 1, in one or two dimensions, the patches are not made (direct-convolution.ts), but for the weight's derivative.

import { directConvolution, type Images, isDirect } from './direct-convolution';
import { copyStrided } from './elementwise';
import { monomorphic } from './monomorphic';
import { type Matrix, multiply, turned } from './product';
import { collapse, contiguousStride, forEachRow, type NumberArray, numel } from './strides';

/**
 * Which places meet: along each spatial dimension, kernel place `k` and output place `o` meet input place
 * `o·stride + k·dilation - padding`, if the input has it.
 */
export interface ConvolutionPlan {
  readonly groups: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Spatial sizes. */
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly output: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/** Elements in row-major order from `offset` on. */
export interface Packed {
  readonly data: NumberArray;
  readonly offset: number;
}

/** Rows of neighbours from which one call copies faster than a loop. */
const longRow = 16;

const copyRow = monomorphic((n: number, to: NumberArray, t: number, from: NumberArray, f: number, step: number) => {
  for (let i = 0; i < n; i++) to[t + i] = from[f + i * step];
});

const addRow = monomorphic((n: number, to: NumberArray, t: number, step: number, from: NumberArray, f: number) => {
  for (let i = 0; i < n; i++) to[t + i * step] += from[f + i];
});

const rowMajor = (data: NumberArray, offset: number, row: number): Matrix => ({ data, offset, row, col: 1 });

const emptyLike = (array: NumberArray, n: number) => new (array.constructor as new (n: number) => NumberArray)(n);

/** The sizes that the three directions share. */
function measure(p: ConvolutionPlan) {
  const cin = p.inChannels / p.groups;
  const cout = p.outChannels / p.groups;
  // Zeros all around, as far as the windows reach.
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
    /** Walks the patches, which are contiguous, and their places in the padded input. */
    walk: collapse(windows, [contiguousStride(windows), steps]),
    /** Where the input stands among its padding. */
    inside: { stride: [plane, ...stride], offset: stride.reduce((sum, s, d) => sum + s * p.padding[d], 0) },
  };
}

type Measures = ReturnType<typeof measure>;

/** The input among zeros, or the input itself if there are none. */
function pad(p: ConvolutionPlan, m: Measures, batch: number, x: Packed): Packed {
  if (!m.isPadded) return x;
  const data = emptyLike(x.data, batch * p.inChannels * m.plane);
  const shape = [batch * p.inChannels, ...p.input];
  copyStrided(shape, { data, ...m.inside }, { ...x, stride: contiguousStride(shape) });
  return { data, offset: 0 };
}

/** Calls `visit` for every case and group with the places of their parts. */
function forEachPart(
  p: ConvolutionPlan,
  m: Measures,
  batch: number,
  visit: (input: number, weight: number, output: number) => void,
): void {
  for (let i = 0; i < batch * p.groups; i++)
    visit(i * m.cin * m.plane, (i % p.groups) * m.cout * m.rows, i * m.cout * m.columns);
}

/** Adds the convolution of `x` with the weight `w` to `y`. */
export function convolve(p: ConvolutionPlan, batch: number, x: Packed, w: Packed, y: NumberArray): void {
  const m = measure(p);
  const from = pad(p, m, batch, x);
  const images = imagesOf(p, m);
  if (images !== null && isDirect(from.data, images)) {
    const add = directConvolution(images, from.data, w.data, y);
    forEachPart(p, m, batch, (input, weight, output) => add(from.offset + input, w.offset + weight, output));
    return;
  }
  const patches = emptyLike(from.data, m.rows * m.columns);
  forEachPart(p, m, batch, (input, weight, output) => {
    gather(m, from, input, patches);
    const kernel = rowMajor(w.data, w.offset + weight, m.rows);
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

/** Adds to the weight `w` what each of its places meets: inputs times outputs. */
export function convolveWeight(p: ConvolutionPlan, batch: number, x: Packed, y: Packed, w: NumberArray): void {
  const m = measure(p);
  const from = pad(p, m, batch, x);
  const patches = emptyLike(from.data, m.rows * m.columns);
  forEachPart(p, m, batch, (input, weight, output) => {
    gather(m, from, input, patches);
    const left = rowMajor(y.data, y.offset + output, m.columns);
    const right = turned(rowMajor(patches, 0, m.columns));
    multiply(m.cout, m.rows, m.columns, left, right, w, weight, rowMajor(w, weight, m.rows));
  });
}

/** Adds to the input `x` what each of its places meets: weights times outputs. */
export function convolveBack(p: ConvolutionPlan, batch: number, y: Packed, w: Packed, x: NumberArray): void {
  const m = measure(p);
  const back = mirrored(p);
  if (back !== null) {
    const measures = measure(back);
    const images = imagesOf(back, measures);
    if (images !== null && isDirect(x, images)) {
      convolve(back, batch, y, mirroredWeight(p, m, w), x);
      return;
    }
  }
  const whole = pad(p, m, batch, { data: x, offset: 0 });
  const patches = emptyLike(x, m.rows * m.columns);
  forEachPart(p, m, batch, (input, weight, output) => {
    const left = turned(rowMajor(w.data, w.offset + weight, m.rows));
    const right = rowMajor(y.data, y.offset + output, m.columns);
    multiply(m.rows, m.columns, m.cout, left, right, patches, 0);
    scatter(m, patches, whole, input);
  });
  if (!m.isPadded) return;
  const shape = [batch * p.inChannels, ...p.input];
  copyStrided(shape, { data: x, stride: contiguousStride(shape), offset: 0 }, { ...whole, ...m.inside });
}

/** What the kernel of WebAssembly needs to know; `null` where it does not serve. */
function imagesOf(p: ConvolutionPlan, { cin, cout, plane, inside }: Measures): Images | null {
  const rank = p.kernel.length;
  if (rank > 2 || p.stride.some((s) => s !== 1)) return null;
  const [rows, columns] = rank === 1 ? [1, p.output[0]] : p.output;
  const [high, wide] = rank === 1 ? [1, p.kernel[0]] : p.kernel;
  const [down, right] = rank === 1 ? [0, p.dilation[0]] : p.dilation;
  const width = rank === 1 ? plane : inside.stride[1];
  const places = Array.from(
    { length: high * wide },
    (_, i) => Math.floor(i / wide) * down * width + (i % wide) * right,
  );
  return { cin, cout, plane, width, rows, columns, places };
}

/**
 * With stride 1, what leads back from outputs to inputs is a convolution, too: with the kernel mirrored, and padding for the
 * places where it reaches beyond the outputs. `null` where there is no such convolution.
 */
function mirrored(p: ConvolutionPlan): ConvolutionPlan | null {
  const padding = p.kernel.map((k, d) => p.dilation[d] * (k - 1) - p.padding[d]);
  if (p.stride.some((s) => s !== 1) || padding.some((n) => n < 0)) return null;
  const [inChannels, outChannels] = [p.outChannels, p.inChannels];
  return { ...p, inChannels, outChannels, input: p.output, output: p.input, padding };
}

/** The weight of {@link mirrored}: channels of input and output change places, those of the kernel turn round. */
function mirroredWeight(p: ConvolutionPlan, { cin, cout }: Measures, { data, offset }: Packed): Packed {
  const size = numel(p.kernel);
  const to = emptyLike(data, p.groups * cin * cout * size);
  let at = 0;
  for (let g = 0; g < p.groups; g++)
    for (let i = 0; i < cin; i++)
      for (let o = 0; o < cout; o++) {
        const last = offset + ((g * cout + o) * cin + i) * size + size - 1;
        for (let k = 0; k < size; k++) to[at++] = data[last - k];
      }
  return { data: to, offset: 0 };
}

function gather({ walk }: Measures, from: Packed, at: number, patches: NumberArray): void {
  const step = walk.strides[1][walk.shape.length - 1];
  const copy = copyRow(patches);
  forEachRow(walk.shape, walk.strides, [0, from.offset + at], (start, n) => {
    if (step === 1 && n >= longRow) patches.set(from.data.subarray(start[1], start[1] + n), start[0]);
    else copy(n, patches, start[0], from.data, start[1], step);
  });
}

function scatter({ walk }: Measures, patches: NumberArray, to: Packed, at: number): void {
  const step = walk.strides[1][walk.shape.length - 1];
  const add = addRow(patches);
  forEachRow(walk.shape, walk.strides, [0, to.offset + at], (start, n) =>
    add(n, to.data, start[1], step, patches, start[0]),
  );
}
