import { noGrad } from '../../../autograd';
import { ValueError } from '../../../errors';
import { binaryCrossEntropyWithLogits } from '../../../nn/functional';
import { SGD } from '../../../optim';
import { Generator } from '../../../random';
import { zeros } from '../../../tensor/creation';
import { randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';
import type { Activation } from '../../signal-propagation';

/** Options of {@link trainQuarters}. */
export interface LearnerOptions {
  /** g: the weights start from N(0, g²/inputs), the biases at 0. Default: 1. */
  gain?: number;
  /** Of which points and weights are drawn. Default: 0. */
  seed?: number;
  /** How many layers of 24 units the net has before its last one. Default: 7. */
  hidden?: number;
  /** How often all points are shown. Default: 150. */
  steps?: number;
  /** The learning rate. Default: 0.1. */
  lr?: number;
  /** The share of its velocity that a step keeps. Default: 0.9. */
  momentum?: number;
}

/** What became of a net. */
export interface Learner {
  /** Its mean cross entropy after the last step; not a number where the weights ran away. */
  loss: number;
  /** The points that it was shown, [64, 2]. */
  x: Tensor;
  /** Their classes, 0 or 1. */
  y: Tensor;
  /** How probable it takes class 1 to be, for places of shape [n, 2]. */
  probability: (places: Tensor) => Tensor;
}

const width = 24;

/**
 * Trains a deep net to tell apart the four quarters of a plane: 64 points from a bell, of class 1 where the product of their
 * coordinates is above 0. In float32, whose functions are gradlab's own: those of float64 are the engine's, and what training makes of
 * their last digit would differ from browser to browser. A net whose loss is no longer a number is left as it is.
 * @throws {ValueError} if `hidden` or `steps` is not a whole number above 0, or `gain` is negative or not finite.
 */
export function trainQuarters(f: Activation, options: LearnerOptions = {}): Learner {
  const { gain = 1, seed = 0, hidden = 7, steps = 150, lr = 0.1, momentum = 0.9 } = options;
  for (const [name, value] of Object.entries({ hidden, steps }))
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError(`trainQuarters: ${name} must be a whole number above 0, got ${String(value)}`);
    }
  if (!(Number.isFinite(gain) && gain >= 0))
    throw new ValueError(`trainQuarters: gain must be 0 or more, got ${String(gain)}`);
  const random = { generator: new Generator().manualSeed(seed) };
  const x = randn([64, 2], random);
  const y = x.prod(1).gt(0).to('float32');
  const sizes = [2, ...Array.from({ length: hidden }, () => width), 1];
  const layers = sizes.slice(1).map((units, l) => ({
    weight: randn([units, sizes[l]!], random)
      .mul(gain / Math.sqrt(sizes[l]!))
      .requiresGrad_(),
    bias: zeros([units]).requiresGrad_(),
  }));
  const output = (at: Tensor) =>
    layers
      .reduce((h, { weight, bias }, l) => {
        const input = h.matmul(weight.t()).add(bias);
        return l < hidden ? f(input) : input;
      }, at)
      .squeeze(1);
  const loss = () => binaryCrossEntropyWithLogits(output(x), y);
  const sgd = new SGD(
    layers.flatMap(({ weight, bias }) => [weight, bias]),
    { lr, momentum },
  );
  for (let step = 0; step < steps; step++) {
    sgd.zeroGrad();
    const now = loss();
    if (!Number.isFinite(now.item())) break;
    now.backward();
    sgd.step();
  }
  return { loss: noGrad(loss).item(), x, y, probability: (places) => noGrad(() => output(places).sigmoid()) };
}
