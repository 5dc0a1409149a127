// The memory layout of images for the convolution kernels (wasm/convolution.ts), in one to three dimensions.
//
// With a stride `s`, a kernel position matches every s-th input position. So the input is split into phases: one image
// for each remainder of the position, counted from the start of the padding, modulo the stride. In these images the
// stride is 1. The input gradient is computed as such images, too; each uses a part of the kernel.

import { contiguousStride, numel } from '../strides';
import type { ConvolutionPlan } from './plan';

/** The input positions along one dimension with one remainder, and the kernel positions that match them. */
interface Phase {
  /** The first of them, their number, and the position of the first in its image. */
  readonly first: number;
  readonly count: number;
  readonly at: number;
  /** Kernel positions, and their shifts in the image. */
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

/** Pads a list of sizes or steps to three dimensions with leading `fill`. */
const three = (list: readonly number[], fill: number) => [fill, fill, fill, ...list].slice(-3);

/** Sizes of a plan that all directions use. */
export interface Measures {
  readonly cin: number;
  readonly cout: number;
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly phases: Phases;
  readonly inputs: number;
  readonly outputs: number;
  readonly places: number;
}

export function measure(p: ConvolutionPlan): Measures {
  const [input, output, kernel] = [p.input, p.output, p.kernel].map((sizes) => three(sizes, 1));
  const [stride, padding, dilation] = [three(p.stride, 1), three(p.padding, 0), three(p.dilation, 1)];
  const phases: Phases = input.map((n, d) => phasesOf(n, kernel[d], stride[d], padding[d], dilation[d]));
  const [cin, cout] = [p.inChannels / p.groups, p.outChannels / p.groups];
  const [inputs, outputs, places] = [input, output, kernel].map(numel);
  return { cin, cout, input, output, kernel, stride, phases, inputs, outputs, places };
}

/** A two-dimensional block to copy: offsets in elements from the start, and steps. */
export interface Copy {
  readonly to: number;
  readonly toRow: number;
  readonly toColumn: number;
  readonly from: number;
  readonly fromRow: number;
  readonly fromColumn: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Returns all positions of three dimensions, `sizes` long, between arrays with such steps, as two-dimensional blocks.
 */
export function blocks(
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

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
/** One of each list, in every combination. */
const combinations = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((all, list) => all.flatMap((some) => list.map((item) => [...some, item])), [[]]);

/** The layout of an input for the kernels. */
interface Sorted {
  /** Elements of one channel. */
  readonly size: number;
  /** Copies from a channel's original layout to the sorted one. */
  readonly copies: readonly Copy[];
  /** For each kernel position the offset of its input in the channel, for the first output. */
  readonly table: readonly number[];
  /** Strides between outputs, and the distance from the first to the end of the last. */
  readonly stride: readonly number[];
  readonly span: number;
}

/** Returns the layout of an input for the kernels: its images, with zeros where windows extend beyond it. */
export function sorted(m: Measures): Sorted {
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
  return { size: all.length * plane, copies, table, stride, span: dot(stride, m.output) - dot(stride, [1, 1, 1]) + 1 };
}

/** The layout of the outputs for the input gradient, and the parts that each image of inputs uses. */
interface Backwards {
  readonly size: number;
  readonly copies: readonly Copy[];
  readonly images: readonly {
    readonly places: readonly number[];
    readonly table: readonly number[];
    readonly span: number;
    readonly copies: readonly Copy[];
  }[];
}

export function backwards(m: Measures): Backwards {
  // Along each dimension, the range of outputs that the image positions of a phase use.
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
