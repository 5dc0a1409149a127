import { noGrad } from '../../../autograd';
import { describe } from '../../../describe';
import { ValueError } from '../../../errors';
import { Linear, ReLU, Sequential, Sigmoid, Tanh } from '../../../nn';
import { binaryCrossEntropyWithLogits } from '../../../nn/functional';
import { constant_, normal_, zeros_ } from '../../../nn/init';
import type { Module } from '../../../nn/module';
import { SGD } from '../../../optim';
import { Generator } from '../../../random';
import type { Tensor } from '../../../tensor/tensor';
import { clusters, corners } from '../../datasets';

/** Four reasons not to learn: sigmoids with small weights, silent ReLUs, zero weights, a rate of a millionth. */
export const illnesses = ['fading', 'silent', 'zero', 'slow'] as const;

/** One of {@link illnesses}. */
export type Illness = (typeof illnesses)[number];

/** Options of {@link patient}. */
export interface PatientOptions {
  /** The seed of rows and weights. Default: 2. */
  seed?: number;
  /** Hidden layers of 16 units each. Default: 8. */
  hidden?: number;
  /** Weights are drawn from N(0, gain²/inputs). Default: ½ for fading, √2 for silent, 0 for zero, 1 for slow. */
  gain?: number;
  /** Whether only one corner of four is of class 1, instead of two opposite ones. Default: false. */
  uneven?: boolean;
  /** The learning rate. Default: 0.1; for the slow one a millionth. */
  lr?: number;
}

/** A net that does not learn, and its task. */
export interface Patient {
  net: Sequential;
  /** Its layers with weights, from the first to the last. */
  linears: Linear[];
  /** 128 rows around the four corners (±1, ±1). */
  x: Tensor;
  /** 0 or 1, float64 of shape [128]. */
  y: Tensor;
  lr: number;
}

/** The state of the layers of a net at one step; one number for each layer. */
export interface Visit {
  step: number;
  loss: number;
  /** The length of the gradient of the layer's weights. */
  gradients: number[];
  /** The length of its part that all rows have in common. */
  common: number[];
  /** The length of its part in which rows differ. */
  apart: number[];
  /** The length of its weights. */
  weights: number[];
}

const width = 16;

const recipes: Record<Illness, { bend: () => Module; gain: number; bias: number }> = {
  fading: { bend: () => new Sigmoid(), gain: 0.5, bias: 0 },
  silent: { bend: () => new ReLU(), gain: Math.SQRT2, bias: -5 },
  zero: { bend: () => new Tanh(), gain: 0, bias: 0 },
  slow: { bend: () => new Tanh(), gain: 1, bias: 0 },
};

/**
 * A net with one illness for the task in which opposite corners have the same class, in float64 and untrained. Weights
 * are drawn from N(0, gain²/inputs); the biases of hidden layers are −5 in the silent net and 0 elsewhere.
 * @throws {ValueError} if `hidden` is not a whole number above 0.
 */
export function patient(illness: Illness, options: PatientOptions = {}): Patient {
  const { seed = 2, hidden = 8, uneven = false, lr = illness === 'slow' ? 1e-6 : 0.1 } = options;
  if (!Number.isInteger(hidden) || hidden < 1)
    throw new ValueError(`patient: hidden must be a whole number above 0, got ${describe(hidden)}`);
  const { bend, bias } = recipes[illness];
  const gain = options.gain ?? recipes[illness].gain;
  const generator = new Generator().manualSeed(seed);
  const { x, y } = clusters(corners, { perCentre: 32, sd: 0.3, generator });
  const sizes = [2, ...Array.from({ length: hidden }, () => width), 1];
  const linears = sizes.slice(1).map((units, l) => {
    const layer = new Linear(sizes[l]!, units, { dtype: 'float64' });
    normal_(layer.weight, 0, gain / Math.sqrt(sizes[l]!), { generator });
    if (l < hidden) constant_(layer.bias!, bias);
    else zeros_(layer.bias!);
    return layer;
  });
  const net = new Sequential(...linears.flatMap((layer, l) => (l < hidden ? [layer, bend()] : [layer])));
  return { net, linears, x, y: y.lt(uneven ? 1 : 2).to('float64'), lr };
}

/** The mean cross entropy over all rows. */
export function lossOf({ net, x, y }: Patient): Tensor {
  return binaryCrossEntropyWithLogits(net.forward(x).squeeze(1), y);
}

/** Trains on all rows by plain gradient descent, and records the layers before the given steps. */
export function visits(one: Patient, steps: readonly number[]): Visit[] {
  const sgd = new SGD(one.net.parameters(), { lr: one.lr });
  const seen: Visit[] = [];
  for (let step = 0; step <= Math.max(...steps); step++) {
    sgd.zeroGrad();
    if (steps.includes(step)) seen.push({ step, ...examined(one) });
    else lossOf(one).backward();
    sgd.step();
  }
  return seen;
}

/**
 * The sum over rows of error × input is the product of their means, times the number of rows, plus a sum over the
 * centred values.
 */
function examined(one: Patient): Omit<Visit, 'step'> {
  const kept: { input: Tensor; output: Tensor }[] = [];
  const hooks = one.linears.map((layer) =>
    layer.registerForwardHook((_, inputs, output) => {
      output.retainGrad();
      kept.push({ input: (inputs[0] as Tensor).detach(), output });
    }),
  );
  const loss = lossOf(one);
  loss.backward();
  for (const hook of hooks) hook.remove();
  const length = (all: Tensor) => all.norm().item();
  return noGrad(() => {
    const parts = kept.map(({ input, output }) => {
      const blame = output.grad!;
      const [meanBlame, meanInput] = [blame.mean(0, { keepdim: true }), input.mean(0, { keepdim: true })];
      return {
        common: length(meanBlame.t().matmul(meanInput)) * input.shape[0]!,
        apart: length(blame.sub(meanBlame).t().matmul(input.sub(meanInput))),
      };
    });
    return {
      loss: loss.item(),
      gradients: one.linears.map(({ weight }) => length(weight.grad!)),
      common: parts.map(({ common }) => common),
      apart: parts.map(({ apart }) => apart),
      weights: one.linears.map(({ weight }) => length(weight.detach())),
    };
  });
}
