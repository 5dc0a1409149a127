// Convolution in WebAssembly (wasm/convolution.ts), on ordinary arrays: any stride, padding, dilation and groups, in one to
// three dimensions.
//
// With a stride `s`, a place of the kernel meets every s-th place of the input. So the input is sorted: into one image for
// each remainder that a place, counted from the padding's beginning, leaves on division by the stride. In these images the
// stride is 1. What leads back from outputs to inputs gives such images, of which each meets a part of the kernel.

import type { ConvolutionPlan, Packed } from './convolution';
import { contiguousStride, type NumberArray, numel } from './strides';
import { type ConvolutionExports, convolutionModule } from './wasm/convolution';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';

const family = new Family<ConvolutionExports>(convolutionModule);

/** Multiplications, of one image and of all, from which the copies are worth their while. */
const worthwhile = { image: 256, all: 4096 };
/** Elements that WebAssembly's memory should hold for one image. */
const largest = 2 ** 23;

/** The kernels, if there are any for such numbers and sizes. */
function kernelsFor(p: ConvolutionPlan, batch: number, x: NumberArray): ConvolutionExports | null {
  if (!(x instanceof Float32Array) || p.kernel.length > 3) return null;
  const [cin, cout] = [p.inChannels / p.groups, p.outChannels / p.groups];
  const places = numel(p.output);
  const work = cin * cout * numel(p.kernel) * places;
  if (work < worthwhile.image || work * batch * p.groups < worthwhile.all) return null;
  const around = p.kernel.map((k, d) => (k - 1) * p.dilation[d]);
  const inputs = numel(p.input.map((n, d) => n + 2 * p.padding[d] + around[d]));
  const outputs = numel(p.output.map((n, d) => n + around[d]));
  return (inputs + outputs) * (cin + cout) <= largest ? family.kernels : null;
}

/** The places of the input along one dimension that leave one remainder, and those of the kernel that meet them. */
interface Phase {
  /** The first of them, how many there are, and which place of their image the first takes. */
  readonly first: number;
  readonly count: number;
  readonly at: number;
  /** Places of the kernel, and by how many places of the image they stand off. */
  readonly kernel: readonly { readonly place: number; readonly shift: number }[];
}

function phasesOf(size: number, kernel: number, stride: number, padding: number, dilation: number): Phase[] {
  return Array.from({ length: stride }, (_, remainder) => {
    const first = (((remainder - padding) % stride) + stride) % stride;
    return {
      first,
      count: Math.max(Math.ceil((size - first) / stride), 0),
      at: (first + padding - remainder) / stride,
      kernel: Array.from({ length: kernel }, (_, place) => ({ place, offset: place * dilation }))
        .filter(({ offset }) => offset % stride === remainder)
        .map(({ place, offset }) => ({ place, shift: Math.floor(offset / stride) })),
    };
  });
}

/** The phases along each of three dimensions. */
type Phases = readonly (readonly Phase[])[];

/** A list of sizes or steps for three dimensions; where there are less, the first are `fill`. */
const three = (list: readonly number[], fill: number) => [fill, fill, fill, ...list].slice(-3);

/** What all directions know of a plan. */
function measure(p: ConvolutionPlan) {
  const [input, output, kernel] = [p.input, p.output, p.kernel].map((sizes) => three(sizes, 1));
  const [stride, padding, dilation] = [three(p.stride, 1), three(p.padding, 0), three(p.dilation, 1)];
  const phases: Phases = input.map((n, d) => phasesOf(n, kernel[d], stride[d], padding[d], dilation[d]));
  const [cin, cout] = [p.inChannels / p.groups, p.outChannels / p.groups];
  const [inputs, outputs, places] = [input, output, kernel].map(numel);
  return { cin, cout, input, output, kernel, stride, phases, inputs, outputs, places };
}

type Measures = ReturnType<typeof measure>;

/** A block of two dimensions to copy, in elements from the beginning of what is copied, and steps. */
interface Copy {
  readonly to: number;
  readonly toRow: number;
  readonly toColumn: number;
  readonly from: number;
  readonly fromRow: number;
  readonly fromColumn: number;
  readonly rows: number;
  readonly columns: number;
}

/** All places of three dimensions, `sizes` long, between arrays with such steps, as blocks of two dimensions. */
function blocks(
  sizes: readonly number[],
  to: number,
  toStep: readonly number[],
  from: number,
  fromStep: readonly number[],
): Copy[] {
  const [depth, rows, columns] = sizes;
  if (rows <= 0 || columns <= 0) return [];
  return Array.from({ length: Math.max(depth, 0) }, (_, i) => ({
    ...{ to: to + i * toStep[0], toRow: toStep[1], toColumn: toStep[2] },
    ...{ from: from + i * fromStep[0], fromRow: fromStep[1], fromColumn: fromStep[2] },
    ...{ rows, columns },
  }));
}

function run(kernels: ConvolutionExports, copies: readonly Copy[], to: number, from: number): void {
  for (const c of copies) {
    const [target, source] = [to + 4 * c.to, from + 4 * c.from];
    if (c.toColumn === 1 && c.fromColumn === 1)
      kernels.rows(target, 4 * c.toRow, source, 4 * c.fromRow, c.rows, 4 * c.columns);
    else kernels.pick(target, 4 * c.toRow, 4 * c.toColumn, source, 4 * c.fromRow, 4 * c.fromColumn, c.rows, c.columns);
  }
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
/** One of each list, in every combination. */
const combinations = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((all, list) => all.flatMap((some) => list.map((item) => [...some, item])), [[]]);

/** How an input stands in memory for the kernels: its images, with zeros where the windows reach beyond it. */
function sorted(m: Measures) {
  const used = m.phases.map((list) => list.filter(({ kernel }) => kernel.length > 0));
  const size = used.map((list, d) => m.output[d] + Math.max(...list.flatMap((f) => f.kernel.map((k) => k.shift))));
  const stride = contiguousStride(size);
  const plane = numel(size);
  const all = combinations(used);
  const steps = contiguousStride(m.input);
  const table = new Array<number>(m.places);
  const copies = all.flatMap((phase, i) => {
    for (const k of combinations(phase.map((f) => f.kernel))) {
      const place = dot(
        contiguousStride(m.kernel),
        k.map((each) => each.place),
      );
      table[place] =
        i * plane +
        dot(
          stride,
          k.map((each) => each.shift),
        );
    }
    const sizes = phase.map(({ count, at }, d) => Math.min(count, size[d] - at));
    const to =
      i * plane +
      dot(
        stride,
        phase.map((f) => f.at),
      );
    const from = dot(
      steps,
      phase.map((f) => f.first),
    );
    return blocks(
      sizes,
      to,
      stride,
      from,
      steps.map((s, d) => s * m.stride[d]),
    );
  });
  return {
    /** Elements of one channel. */
    size: all.length * plane,
    /** From the channel as it was to where it stands. */
    copies,
    /** Distance of the input that each place of the kernel meets in the channel, for the first output. */
    table,
    /** Steps between outputs, and how far it is from the first to behind the last. */
    stride,
    span: dot(stride, m.output) - dot(stride, [1, 1, 1]) + 1,
  };
}

/** Addresses in WebAssembly's memory, one behind the other. */
class Room {
  end = reservedBytes;
  take(elements: number): number {
    const at = this.end;
    this.end += padded(4 * elements);
    return at;
  }
}

/** Rows of sums are whole vectors, with room for what is computed beyond the last. */
const rowOf = (n: number) => (n + 15) & -8;

/** Writes the distances of each channel's inputs. */
function writeTable(at: number, channels: number, size: number, table: readonly number[]): void {
  const { i32 } = scratch;
  for (let c = 0, i = at / 4; c < channels; c++) for (const distance of table) i32[i++] = 4 * (c * size + distance);
}

/** Writes where the sums of each channel start: its bias, for all of one vector pair. Gives the address and the step. */
function writeStart(at: number, channels: number, bias: Packed | null, first: number): [number, number] {
  if (bias === null) return [0, 0];
  for (let c = 0; c < channels; c++) {
    const i = at / 4 + 8 * c;
    scratch.f32.fill(bias.data[bias.offset + first + c], i, i + 8);
  }
  return [at, 32];
}

/** `y` becomes the convolution of `x` with the weight `w`, plus a bias for each channel; gives whether there is a kernel. */
export function convolveDirect(
  p: ConvolutionPlan,
  batch: number,
  x: Packed,
  w: Packed,
  bias: Packed | null,
  y: NumberArray,
): boolean {
  const kernels = kernelsFor(p, batch, y);
  if (kernels === null) return false;
  const m = measure(p);
  const { cin, cout, inputs, outputs } = m;
  const layout = sorted(m);
  const k = cin * m.places;
  const row = rowOf(layout.span);
  const room = new Room();
  const [atTable, atWeights, atBias] = [room.take(k), room.take(k * cout), room.take(8 * cout)];
  const [atRaw, atImage] = [room.take(cin * inputs), room.take(cin * layout.size)];
  const [atSums, atOutput] = [room.take(row * cout), room.take(cout * outputs)];
  scratch.reserve(room.end);
  const { f32 } = scratch;
  writeTable(atTable, cin, layout.size, layout.table);
  f32.fill(0, atImage / 4, atImage / 4 + cin * layout.size);
  const out = blocks(m.output, 0, contiguousStride(m.output), 0, layout.stride);
  for (let g = 0; g < p.groups; g++) {
    const weights = w.offset + g * k * cout;
    f32.set(w.data.subarray(weights, weights + k * cout), atWeights / 4);
    const [start, startRow] = writeStart(atBias, cout, bias, g * cout);
    for (let i = g; i < batch * p.groups; i += p.groups) {
      const from = x.offset + i * cin * inputs;
      f32.set(x.data.subarray(from, from + cin * inputs), atRaw / 4);
      for (let c = 0; c < cin; c++) run(kernels, layout.copies, atImage + 4 * c * layout.size, atRaw + 4 * c * inputs);
      kernels.convolve(cout, layout.span, k, atWeights, atImage, atTable, start, startRow, atSums, 4 * row);
      for (let c = 0; c < cout; c++) run(kernels, out, atOutput + 4 * c * outputs, atSums + 4 * c * row);
      y.set(f32.subarray(atOutput / 4, atOutput / 4 + cout * outputs), i * cout * outputs);
    }
  }
  return true;
}

/** `w` becomes what each place of the weight meets, inputs times outputs; gives whether there is a kernel. */
export function convolveWeightDirect(p: ConvolutionPlan, batch: number, x: Packed, y: Packed, w: NumberArray): boolean {
  const kernels = kernelsFor(p, batch, w);
  if (kernels === null) return false;
  const m = measure(p);
  const { cin, cout, inputs, outputs } = m;
  const layout = sorted(m);
  const k = cin * m.places;
  // Channels of outputs lie side by side, in whole vectors.
  const row = (cout + 3) & -4;
  const room = new Room();
  const [atTable, atSums] = [room.take(k), room.take(k * row)];
  const [atRaw, atImage] = [room.take(Math.max(cin * inputs, cout * outputs, k * cout)), room.take(cin * layout.size)];
  const atTurned = room.take(layout.span * row);
  scratch.reserve(room.end);
  const { f32 } = scratch;
  writeTable(atTable, cin, layout.size, layout.table);
  // Between the rows of outputs there are zeros.
  f32.fill(0, atImage / 4, room.end / 4);
  const [, , columns] = m.output;
  const starts = combinations(m.output.slice(0, 2).map((n) => [...Array(n).keys()]));
  for (let g = 0; g < p.groups; g++) {
    f32.fill(0, atSums / 4, atSums / 4 + k * row);
    for (let i = g; i < batch * p.groups; i += p.groups) {
      const [from, to] = [x.offset + i * cin * inputs, y.offset + i * cout * outputs];
      f32.set(x.data.subarray(from, from + cin * inputs), atRaw / 4);
      for (let c = 0; c < cin; c++) run(kernels, layout.copies, atImage + 4 * c * layout.size, atRaw + 4 * c * inputs);
      f32.set(y.data.subarray(to, to + cout * outputs), atRaw / 4);
      starts.forEach(([d, h], r) => {
        const at = d * layout.stride[0] + h * layout.stride[1];
        kernels.turn(atTurned + 4 * at * row, 4 * row, atRaw + 4 * r * columns, 4 * outputs, cout, columns);
      });
      kernels.correlate(k, layout.span, atImage, atTable, atTurned, atSums, 4 * row);
    }
    kernels.turn(atRaw, 4 * k, atSums, 4 * row, k, cout);
    (w as Float32Array).set(f32.subarray(atRaw / 4, atRaw / 4 + k * cout), g * k * cout);
  }
  return true;
}

/** How the outputs stand in memory on the way back, and what each image of the inputs meets in them. */
function backwards(m: Measures) {
  // Along each dimension, the outputs that the first image place of a phase meets, from the first kernel place's on down.
  const least = m.phases.map((list) => Math.min(0, ...list.flatMap((f) => f.kernel.map((k) => f.at - k.shift))));
  const last = m.phases.map((list) => Math.max(...list.map((f) => f.at + f.count)));
  const size = m.output.map((n, d) => Math.max(n, last[d]) - least[d]);
  const stride = contiguousStride(size);
  const steps = contiguousStride(m.input);
  const images = combinations(m.phases)
    .filter((phase) => phase.every(({ count }) => count > 0))
    .map((phase) => {
      const kernel = combinations(phase.map((f) => f.kernel));
      const sizes = phase.map((f) => f.count);
      const to = dot(
        steps,
        phase.map((f) => f.first),
      );
      return {
        places: kernel.map((k) =>
          dot(
            contiguousStride(m.kernel),
            k.map((each) => each.place),
          ),
        ),
        table: kernel.map((k) =>
          dot(
            stride,
            k.map(({ shift }, d) => phase[d].at - least[d] - shift),
          ),
        ),
        span: dot(stride, sizes) - dot(stride, [1, 1, 1]) + 1,
        copies: blocks(
          sizes,
          to,
          steps.map((s, d) => s * m.stride[d]),
          0,
          stride,
        ),
      };
    });
  const copies = blocks(m.output, -dot(stride, least), stride, 0, contiguousStride(m.output));
  return { size: numel(size), copies, images };
}

/** `x` becomes what each place of the input meets, weights times outputs, plus a bias; gives whether there is a kernel. */
export function convolveBackDirect(
  p: ConvolutionPlan,
  batch: number,
  y: Packed,
  w: Packed,
  bias: Packed | null,
  x: NumberArray,
): boolean {
  const kernels = kernelsFor(p, batch, x);
  if (kernels === null) return false;
  const m = measure(p);
  const { cin, cout, inputs, outputs, places } = m;
  const layout = backwards(m);
  const row = rowOf(Math.max(...layout.images.map(({ span }) => span)));
  const room = new Room();
  const images = layout.images.map((image) => {
    const k = cout * image.places.length;
    return { ...image, k, atTable: room.take(k), atWeights: room.take(k * cin) };
  });
  const [atBias, atRaw, atOutput] = [room.take(8 * cin), room.take(cout * outputs), room.take(cout * layout.size)];
  const [atSums, atInput] = [room.take(row * cin), room.take(cin * inputs)];
  scratch.reserve(room.end);
  const { f32 } = scratch;
  for (const { atTable, table } of images) writeTable(atTable, cout, layout.size, table);
  f32.fill(0, atOutput / 4, atOutput / 4 + cout * layout.size);
  for (let g = 0; g < p.groups; g++) {
    for (const image of images) {
      let to = image.atWeights / 4;
      for (let c = 0; c < cin; c++)
        for (let o = 0; o < cout; o++) {
          const from = w.offset + ((g * cout + o) * cin + c) * places;
          for (const place of image.places) f32[to++] = w.data[from + place];
        }
    }
    const [start, startRow] = writeStart(atBias, cin, bias, g * cin);
    for (let i = g; i < batch * p.groups; i += p.groups) {
      const from = y.offset + i * cout * outputs;
      f32.set(y.data.subarray(from, from + cout * outputs), atRaw / 4);
      for (let o = 0; o < cout; o++)
        run(kernels, layout.copies, atOutput + 4 * o * layout.size, atRaw + 4 * o * outputs);
      for (const { k, span, atWeights, atTable, copies } of images) {
        kernels.convolve(cin, span, k, atWeights, atOutput, atTable, start, startRow, atSums, 4 * row);
        for (let c = 0; c < cin; c++) run(kernels, copies, atInput + 4 * c * inputs, atSums + 4 * c * row);
      }
      x.set(f32.subarray(atInput / 4, atInput / 4 + cin * inputs), i * cin * inputs);
    }
  }
  return true;
}
