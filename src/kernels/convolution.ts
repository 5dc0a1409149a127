// A convolution is the form Σ x·w·y over all input, kernel and output places that meet. Its three derivatives, each
// adding to what is there, are one product of matrices for every case and group: output = weight · patches, where row
// `(channel, kernel place)` of the patches holds the inputs that this kernel place meets, output place by output place.

import { copyStrided } from './elementwise';
import { matmulRows } from './matmul';
import { monomorphic } from './monomorphic';
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

const copyRow = monomorphic((n: number, to: NumberArray, t: number, from: NumberArray, f: number, step: number) => {
  for (let i = 0; i < n; i++) to[t + i] = from[f + i * step];
});

const addRow = monomorphic((n: number, to: NumberArray, t: number, step: number, from: NumberArray, f: number) => {
  for (let i = 0; i < n; i++) to[t + i * step] += from[f + i];
});

/** `y += a · bᵀ` for row-major matrices: `a` is `m × k`, `b` is `n × k`. Four sums at a time share what is read of `a`. */
const dotRows = monomorphic(
  (
    m: number,
    n: number,
    k: number,
    a: NumberArray,
    ao: number,
    b: NumberArray,
    bo: number,
    y: NumberArray,
    yo: number,
  ) => {
    const whole = n - (n % 4);
    for (let i = 0; i < m; i++) {
      const left = ao + i * k;
      const row = yo + i * n;
      for (let j = 0; j < whole; j += 4) {
        const b0 = bo + j * k;
        const b1 = b0 + k;
        const b2 = b1 + k;
        const b3 = b2 + k;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let p = 0; p < k; p++) {
          const factor = a[left + p];
          s0 += factor * b[b0 + p];
          s1 += factor * b[b1 + p];
          s2 += factor * b[b2 + p];
          s3 += factor * b[b3 + p];
        }
        y[row + j] += s0;
        y[row + j + 1] += s1;
        y[row + j + 2] += s2;
        y[row + j + 3] += s3;
      }
      for (let j = whole; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[left + p] * b[bo + j * k + p];
        y[row + j] += sum;
      }
    }
  },
);

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
  const patches = emptyLike(from.data, m.rows * m.columns);
  forEachPart(p, m, batch, (input, weight, output) => {
    gather(m, from, input, patches);
    matmulRows(m.cout, m.columns, m.rows, w.data, w.offset + weight, patches, 0, y, output);
  });
}

/** Adds to the weight `w` what each of its places meets: inputs times outputs. */
export function convolveWeight(p: ConvolutionPlan, batch: number, x: Packed, y: Packed, w: NumberArray): void {
  const m = measure(p);
  const from = pad(p, m, batch, x);
  const patches = emptyLike(from.data, m.rows * m.columns);
  forEachPart(p, m, batch, (input, weight, output) => {
    gather(m, from, input, patches);
    dotRows(w)(m.cout, m.rows, m.columns, y.data, y.offset + output, patches, 0, w, weight);
  });
}

/** Adds to the input `x` what each of its places meets: weights times outputs. */
export function convolveBack(p: ConvolutionPlan, batch: number, y: Packed, w: Packed, x: NumberArray): void {
  const m = measure(p);
  const whole = pad(p, m, batch, { data: x, offset: 0 });
  const patches = emptyLike(x, m.rows * m.columns);
  const transposed = emptyLike(x, p.groups * m.rows * m.cout);
  copyStrided(
    [p.groups, m.rows, m.cout],
    { data: transposed, stride: [m.rows * m.cout, m.cout, 1], offset: 0 },
    { ...w, stride: [m.rows * m.cout, 1, m.rows] },
  );
  forEachPart(p, m, batch, (input, weight, output) => {
    patches.fill(0);
    matmulRows(m.rows, m.columns, m.cout, transposed, weight, y.data, y.offset + output, patches, 0);
    scatter(m, patches, whole, input);
  });
  if (!m.isPadded) return;
  const shape = [batch * p.inChannels, ...p.input];
  copyStrided(shape, { data: x, stride: contiguousStride(shape), offset: 0 }, { ...whole, ...m.inside });
}

function gather({ walk }: Measures, from: Packed, at: number, patches: NumberArray): void {
  const step = walk.strides[1][walk.shape.length - 1];
  const copy = copyRow(patches);
  forEachRow(walk.shape, walk.strides, [0, from.offset + at], (start, n) =>
    copy(n, patches, start[0], from.data, start[1], step),
  );
}

function scatter({ walk }: Measures, patches: NumberArray, to: Packed, at: number): void {
  const step = walk.strides[1][walk.shape.length - 1];
  const add = addRow(patches);
  forEachRow(walk.shape, walk.strides, [0, to.offset + at], (start, n) =>
    add(n, to.data, start[1], step, patches, start[0]),
  );
}
