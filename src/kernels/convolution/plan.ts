import type { NumberArray } from '../strides';

/**
 * The positions that match: along each spatial dimension, kernel position `k` and output `o` use input
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
  readonly memory: NumberArray;
  readonly offset: number;
}
