// Cases for the numeric checks of the operations; the tests read them.

import type { Shape } from '../../tensor/shape';

/** A case of an operation; a text is a case without further arguments. */
export type Sample = string | Case;

interface Case {
  /** A shape for each tensor, or a number: `2x3 () #0.5` is a matrix, a scalar and a number. */
  readonly inputs: string;
  readonly args: readonly unknown[];
}

/** Returns a case with tensors of these shapes. */
export const sampleOf = (shapes: readonly Shape[], args: readonly unknown[] = []): Case => ({
  inputs: shapes.map((shape) => shape.join('x') || '()').join(' '),
  args,
});

/** Returns a sample's inputs and arguments. */
export const caseOf = (sample: Sample): Case => (typeof sample === 'string' ? { inputs: sample, args: [] } : sample);

/** Returns samples with other arguments. */
export const withArguments = (
  samples: readonly Sample[],
  change: (args: readonly unknown[]) => readonly unknown[],
): Sample[] => samples.map(caseOf).map(({ inputs, args }) => ({ inputs, args: change(args) }));
