import { noGrad } from '../../../autograd';
import { describe } from '../../../describe';
import { ValueError } from '../../../errors';
import { type AnyModule, functional, LeakyReLU, PReLU, ReLU, ReLU6, RReLU } from '../../../nn';
import { requireSizes, requireTensor } from '../../../ops/table/arguments';
import { SGD } from '../../../optim';
import type { Tensor } from '../../../tensor/tensor';
import type { Loss, Net } from '../../../training/net';

/** Options of {@link unitRaster}. */
export interface UnitRasterOptions {
  /** The learning rate η. */
  rate: number;
  /** The number of steps. Default: 200. */
  steps?: number;
  /** The momentum β. Default: 0. */
  momentum?: number;
  /** The decay λ of weights and biases. Default: 0. */
  weightDecay?: number;
  /** The loss of all samples. Default: `nn.functional.mseLoss`. */
  loss?: Loss;
  /** Called before each step and after the last with its number, from 0, and the net's outputs; `false` ends the run. */
  onStep?: (step: number, output: Tensor) => unknown;
}

/** The result of {@link unitRaster}, by layer. */
export interface UnitRaster {
  /** The share of the samples for which a unit is active: `on[layer][unit][step]`. Index 0 is before the first step. */
  on: number[][][];
  /** The number of dead units: `dead[layer][step]`. */
  dead: number[][];
  /** How often a step made an active unit dead, for each layer. */
  deaths: number[];
  /** How often a step made a dead unit active, for each layer. */
  revivals: number[];
  /** The loss before the first step and after each. */
  loss: number[];
}

/** Activations whose output is above 0 exactly where their input is. */
const rectifiers = [ReLU, ReLU6, LeakyReLU, PReLU, RReLU];

/**
 * Trains a net by full-batch gradient descent and records the units of its rectifiers (`nn.ReLU`, `nn.LeakyReLU`, `nn.PReLU`, …, each a
 * layer, in the order of the net). A unit is active for a sample if its output is above 0, and dead if it is active for none. The net is
 * changed. After divergence shares are NaN and nothing is counted.
 *
 * @example
 * manualSeed(2);
 * const net = new nn.Sequential(new nn.Linear(1, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * const x = linspace(-2, 2, 20).unsqueeze(1);
 * const { on, loss } = unitRaster(net, x, x.mul(2).sin(), { rate: 0.1, steps: 50 });
 * [on.length, on[0].length, on[0][0].length, loss.length] // [1, 8, 51, 51]
 * @throws {ValueError} if the net has no rectifier, `rate` is missing, or a number is out of range.
 */
export function unitRaster(net: Net, x: Tensor, y: Tensor, options: UnitRasterOptions): UnitRaster {
  const { rate, steps = 200, momentum = 0, weightDecay = 0, loss = functional.mseLoss, onStep } = options;
  requireTensor('unitRaster', x, 'x');
  requireTensor('unitRaster', y, 'y');
  requireSizes('unitRaster', { steps });
  if (!(rate >= 0)) throw new ValueError(`unitRaster: rate must be a number, 0 or more, got ${describe(rate)}`);
  const layers = net.modules().filter((module) => rectifiers.some((kind) => module instanceof kind));
  if (!layers.length)
    throw new ValueError('unitRaster: the net has no rectifier, such as nn.ReLU, whose units could be watched');
  const seen: number[][][] = layers.map(() => []);
  const handles = layers.map((layer: AnyModule, l) =>
    layer.registerForwardHook((_module: AnyModule, _inputs: unknown[], output: unknown) => {
      seen[l]!.push(sharesOf(output as Tensor));
    }),
  );
  const optimizer = new SGD(net.parameters(), { lr: rate, momentum, weightDecay });
  const losses: number[] = [];
  try {
    for (let step = 0; step <= steps; step++) {
      const output = net(x);
      const value = loss(output, y);
      losses.push(value.item());
      if (onStep?.(step, output.detach()) === false) break;
      if (step === steps) break;
      optimizer.zeroGrad();
      value.backward();
      optimizer.step();
    }
  } finally {
    for (const handle of handles) handle.remove();
  }
  const on = seen.map((steps) => steps[0]!.map((_, unit) => steps.map((shares) => shares[unit]!)));
  const count = (happened: (before: number, after: number) => boolean) =>
    on.map((units) => sum(units.map((shares) => sum(shares.slice(1).map((now, i) => +happened(shares[i]!, now))))));
  return {
    on,
    dead: seen.map((steps) => steps.map((shares) => sum(shares.map((share) => +(share === 0))))),
    deaths: count((before, after) => before > 0 && after === 0),
    revivals: count((before, after) => before === 0 && after > 0),
    loss: losses,
  };
}

/** The share of outputs above 0 for each unit, along dimension 1. */
function sharesOf(output: Tensor): number[] {
  return noGrad(() => {
    const units = output.ndim > 1 ? output.transpose(0, 1).flatten(1) : output.unsqueeze(1);
    // A NaN makes the share of its unit NaN.
    return units.gt(0).to(output.dtype).add(units.mul(0)).mean(1).tolist() as number[];
  });
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
