import { ValueError } from '../../../errors';
import { Generator } from '../../../random';
import { tensor } from '../../../tensor/creation';
import { randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';
import type { Activation } from '../../signal-propagation';

/** Returns the variance of a layer's weights from its numbers of inputs and outputs. */
export type Rule = (inputs: number, outputs: number) => number;

/** Options of {@link bothWays}. */
export interface BothWaysOptions {
  /** The activation between layers. Default: ReLU. */
  bend?: Activation;
  /** The number of rows. Default: 64. */
  rows?: number;
  /** The seeds of weights, rows and gradients, a net for each. Default: 0 to 29. */
  seeds?: readonly number[];
}

/** Sizes (roots of mean squares) at each layer, the first one first. */
export interface Sizes {
  /** Of the pre-activations of a layer; 1 in the first. */
  signal: number[];
  /** Of the gradient by these; 1 in the last. */
  blame: number[];
}

/** Sizes over all nets together, and those of each. */
export interface BothWays extends Sizes {
  nets: Sizes[];
}

/**
 * Sends rows forward through random nets and gradients back: pre-activations z from N(0, 1) in the first layer, z ← W ·
 * bend(z) from layer to layer with weights from N(0, rule(in, out)), and a gradient from N(0, 1) at the last layer,
 * which the tape propagates back.
 * @throws {ValueError} if there are fewer than two layers, or a width is not a whole number above 0.
 */
export function bothWays(widths: readonly number[], rule: Rule, options: BothWaysOptions = {}): BothWays {
  const { bend = (x: Tensor) => x.relu(), rows = 64, seeds = Array.from({ length: 30 }, (_, seed) => seed) } = options;
  if (widths.length < 2) throw new ValueError(`bothWays: expected at least two layers, got ${widths.length}`);
  const odd = widths.find((width) => !Number.isInteger(width) || width < 1);
  if (odd !== undefined) throw new ValueError(`bothWays: a width must be a whole number above 0, got ${odd}`);
  const nets = seeds.map((seed) => once(widths, rule, bend, rows, new Generator().manualSeed(seed)));
  const together = (kind: keyof Sizes) =>
    widths.map((_, l) => size(tensor(Float64Array.from(nets, (net) => net[kind][l]!))));
  return { signal: together('signal'), blame: together('blame'), nets };
}

const size = (x: Tensor) => x.detach().square().mean().sqrt().item();

function once(widths: readonly number[], rule: Rule, bend: Activation, rows: number, generator: Generator): Sizes {
  const first = randn([rows, widths[0]!], { generator }).requiresGrad_();
  const sums = [first];
  for (const [l, outputs] of widths.slice(1).entries()) {
    const inputs = widths[l]!;
    const weights = randn([inputs, outputs], { generator }).mul(Math.sqrt(rule(inputs, outputs)));
    const next = bend(sums[l]!).matmul(weights);
    next.retainGrad();
    sums.push(next);
  }
  const last = sums.at(-1)!;
  last.backward(randn(last.shape, { generator }));
  return { signal: sums.map(size), blame: sums.map((z) => size(z.grad!)) };
}
