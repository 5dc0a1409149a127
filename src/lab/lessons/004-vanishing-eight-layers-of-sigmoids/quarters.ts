import { noGrad } from '../../../autograd';
import { describe } from '../../../describe';
import { ValueError } from '../../../errors';
import { binaryCrossEntropyWithLogits } from '../../../nn/functional';
import { stack } from '../../../ops/functions';
import { type Optimizer, SGD } from '../../../optim';
import { Generator } from '../../../random';
import { zeros } from '../../../tensor/creation';
import { randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';
import { type Activation, listed } from '../../signal-propagation/depth-profile';

/** Options of {@link trainQuarters}. */
export interface LearnerOptions {
  /** g: initial weights are from N(0, g²/inputs). Default: 1. */
  gain?: number;
  /** From the second layer on, a unit's initial bias is minus this times the sum of its weights. Default: 0. */
  offset?: number;
  /** A net for each: the seed of its points and weights. Default: one net, of 0. */
  seeds?: readonly number[];
  /** The number of hidden layers of 24 units, if one activation is given for all. Default: 7. */
  hidden?: number;
  /** The number of full-batch steps. Default: 150. */
  steps?: number;
  /**
   * Creates one optimizer for all nets. It must be elementwise, as SGD and Adam are. Default: `SGD` at a rate of 0.1
   * with momentum 0.9.
   */
  optimizer?: (parameters: Tensor[]) => Optimizer;
}

/** A trained net. */
export interface Learner {
  /** Its mean cross entropy after the last step; not finite if training diverged. */
  loss: number;
  /** Its training points, [64, 2]. */
  x: Tensor;
  /** Their classes, 0 or 1. */
  y: Tensor;
  /** Its probability of class 1, for points of shape [n, 2]. */
  probability: (places: Tensor) => Tensor;
}

const width = 24;
const defaultSgd = (parameters: Tensor[]): Optimizer => new SGD(parameters, { lr: 0.1, momentum: 0.9 });

/**
 * Trains deep nets to classify the quadrants of a plane: 64 normally distributed points for each net, of class 1 where the product of
 * their coordinates is above 0. The nets are in one stack, [nets, …], which halves the time of a step. They use float32, whose functions
 * are gradlab's own. Those of float64 are the engine's, and training would amplify differences between browsers. It ends early once no
 * loss is finite.
 *
 * `activation` is one function for all hidden layers, or a list with one for each.
 * @throws {ValueError} if there is no seed or no hidden layer, `hidden` or `steps` is not a whole number above 0, or `gain` is negative or not finite.
 */
export function trainQuarters(activation: Activation | readonly Activation[], options: LearnerOptions = {}): Learner[] {
  const { gain = 1, offset = 0, seeds = [0], steps = 150, optimizer = defaultSgd } = options;
  const bends = listed(activation, options.hidden ?? 7);
  const hidden = bends.length;
  if (!seeds.length) throw new ValueError('trainQuarters: expected at least one seed, got none');
  for (const [name, value] of Object.entries({ hidden: options.hidden ?? hidden, steps }))
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError(`trainQuarters: ${name} must be a whole number above 0, got ${describe(value)}`);
    }
  if (!(Number.isFinite(gain) && gain >= 0))
    throw new ValueError(`trainQuarters: gain must be 0 or more, got ${describe(gain)}`);
  const sizes = [2, ...Array.from({ length: hidden }, () => width), 1];
  const drawn = seeds.map((seed) => {
    const random = { generator: new Generator().manualSeed(seed) };
    const x = randn([64, 2], random);
    const weights = sizes
      .slice(1)
      .map((units, l) => randn([units, sizes[l]!], random).mul(gain / Math.sqrt(sizes[l]!)));
    return { x, weights };
  });
  const x = stack(drawn.map((net) => net.x));
  const y = x.prod(2).gt(0).to('float32');
  const layers = sizes.slice(1).map((units, l) => {
    const weight = stack(drawn.map(({ weights }) => weights[l]!));
    const bias = l > 0 ? weight.sum(2, { keepdim: true }).mT.mul(-offset) : zeros([seeds.length, 1, units]);
    return { weight: weight.requiresGrad_(), bias: bias.requiresGrad_() };
  });
  const output = (at: Tensor, nets = layers) =>
    nets
      .reduce((h, { weight, bias }, l) => {
        const input = h.matmul(weight.mT).add(bias);
        return l < hidden ? bends[l]!(input) : input;
      }, at)
      .squeeze(-1);
  const losses = () => binaryCrossEntropyWithLogits(output(x), y, { reduction: 'none' }).mean(1);
  const stepper = optimizer(layers.flatMap(({ weight, bias }) => [weight, bias]));
  for (let step = 0; step < steps; step++) {
    stepper.zeroGrad();
    const now = losses();
    if (!now.isfinite().any().item()) break;
    now.sum().backward();
    stepper.step();
  }
  const found = noGrad(losses).tolist() as number[];
  return found.map((loss, i) => {
    const own = layers.map(({ weight, bias }) => ({ weight: weight.select(0, i), bias: bias.select(0, i) }));
    const probability = (places: Tensor) => noGrad(() => output(places, own).sigmoid());
    return { loss, x: x.select(0, i), y: y.select(0, i), probability };
  });
}
