import { noGrad } from '../../../autograd';
import { ValueError } from '../../../errors';
import { Linear, ReLU, Sequential } from '../../../nn';
import { binaryCrossEntropyWithLogits } from '../../../nn/functional';
import { kaimingUniform_, uniform_ } from '../../../nn/init';
import type { Module } from '../../../nn/module';
import { stack } from '../../../ops/functions';
import { Adam } from '../../../optim';
import { Generator } from '../../../random';
import { tensor } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';
import { rings } from '../../datasets';

/** Options of {@link ringNet}. */
export interface RingNetOptions {
  /** The number of hidden units. Default: 8. */
  units?: number;
  /** The module after the hidden units. Default: ReLU. */
  bend?: () => Module;
  /** The radii of the inner and the outer ring. Default: 1 and 2. */
  radii?: readonly [number, number];
  /** The spread of the points around their ring. Default: 0.12. */
  sd?: number;
  /** The seed of points and weights. Default: 0. */
  seed?: number;
  /** The number of Adam steps. Default: 600. */
  steps?: number;
  /** The learning rate. Default: 0.02. */
  lr?: number;
  /** Called before the first step and after each one. Default: none. */
  onStep?: (step: number, net: RingNet) => void;
}

/** A net of one hidden layer, and its training data. */
export interface RingNet {
  net: Sequential;
  radii: readonly [number, number];
  /** 400 points, alternating between the inner and the outer ring. */
  x: Tensor;
  /** 0 on the inner ring, 1 on the outer one. */
  y: Tensor;
}

/**
 * Trains a net 2-units-1 to distinguish an inner from an outer ring, from 400 points and only their coordinates:
 * full-batch Adam on the cross entropy, in float64.
 */
export function ringNet(options: RingNetOptions = {}): RingNet {
  const { units = 8, bend = () => new ReLU(), radii = [1, 2], seed = 0, steps = 600, lr = 0.02, onStep } = options;
  const generator = new Generator().manualSeed(seed);
  const { x, y } = rings(400, { radii, generator, ...(options.sd !== undefined && { sd: options.sd }) });
  const linear = (inputs: number, outputs: number) => {
    const layer = new Linear(inputs, outputs, { dtype: 'float64' });
    // As the layer draws its own weights, but from this generator.
    kaimingUniform_(layer.weight, { a: Math.sqrt(5), generator });
    uniform_(layer.bias!, -1 / Math.sqrt(inputs), 1 / Math.sqrt(inputs), { generator });
    return layer;
  };
  const net = new Sequential(linear(2, units), bend(), linear(units, 1));
  const learnt: RingNet = { net, radii, x, y };
  const adam = new Adam(net.parameters(), { lr });
  onStep?.(0, learnt);
  for (let step = 1; step <= steps; step++) {
    adam.zeroGrad();
    binaryCrossEntropyWithLogits(net.forward(x).flatten(), y).backward();
    adam.step();
    onStep?.(step, learnt);
  }
  return learnt;
}

/**
 * A {@link ringNet} for each seed, trained together in one stack, [nets, points, units]. Training uses float32, and
 * results are float64 as those of the others. So ten nets take the time of two.
 */
export function ringNets(seeds: readonly number[], options: Omit<RingNetOptions, 'seed' | 'onStep'> = {}): RingNet[] {
  const { bend = () => new ReLU(), steps = 600, lr = 0.02 } = options;
  const nets = seeds.map((seed) => ringNet({ ...options, seed, steps: 0 }));
  const together = (of: (one: RingNet) => Tensor) => stack(nets.map((one) => of(one).detach())).to('float32');
  const [x, y] = [together((one) => one.x), together((one) => one.y)];
  const parameters = nets[0]!.net.parameters().map((_, k) => together(({ net }) => net.parameters()[k]!));
  const [w1, b1, w2, b2] = parameters.map((one) => one.requiresGrad_()) as [Tensor, Tensor, Tensor, Tensor];
  const bent = bend();
  const adam = new Adam(parameters, { lr });
  for (let step = 1; step <= steps; step++) {
    adam.zeroGrad();
    const hidden = bent.forward(x.matmul(w1.mT).add(b1.unsqueeze(1))) as Tensor;
    const outputs = hidden.matmul(w2.mT).add(b2.unsqueeze(1)).squeeze(2);
    binaryCrossEntropyWithLogits(outputs, y, { reduction: 'none' }).mean(1).sum().backward();
    adam.step();
  }
  noGrad(() => {
    for (const [i, { net }] of nets.entries())
      for (const [k, own] of net.parameters().entries()) own.copy_(parameters[k]!.select(0, i));
  });
  return nets;
}

/** The positions at a distance from the middle, evenly around it, starting at an angle that no ring point has. */
export function around(distance: number, count = 60): Tensor {
  const angles = Array.from({ length: count }, (_, k) => (2 * Math.PI * (k + 0.5)) / count);
  return tensor(
    angles.map((angle) => [distance * Math.cos(angle), distance * Math.sin(angle)]),
    { dtype: 'float64' },
  );
}

/** Returns the net's outputs at positions, before any sigmoid. */
export const outputsAt = ({ net }: Pick<RingNet, 'net'>, places: Tensor): number[] =>
  noGrad(() => net.forward(places).flatten().tolist() as number[]);

/** The fraction of a net's points on the correct ring. */
export function shareRight(ringed: RingNet): number {
  const outputs = outputsAt(ringed, ringed.x);
  const classes = ringed.y.tolist() as number[];
  return outputs.filter((output, i) => output > 0 === (classes[i] === 1)).length / outputs.length;
}

/** Mean and spread of a net's outputs around the middle at some distance. */
export interface Reading {
  mean: number;
  spread: number;
}

/**
 * The net's output at a distance from the middle, averaged over all directions, scaled so that its mean on the inner
 * ring is 0 and on the outer ring 1. `see` is applied to an output. Default: the output itself.
 * @throws {ValueError} if both rings have the same mean.
 */
export function reading(ringed: RingNet, distance: number, see: (output: number) => number = (z) => z): Reading {
  const at = (from: number) => {
    const seen = outputsAt(ringed, around(from)).map(see);
    const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
    const spread = Math.sqrt(seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen.length);
    return { mean, spread };
  };
  const [inner, outer] = ringed.radii.map((radius) => at(radius).mean) as [number, number];
  if (inner === outer) throw new ValueError(`reading: the net says ${inner} on both rings, which gives no scale`);
  const here = at(distance);
  return { mean: (here.mean - inner) / (outer - inner), spread: here.spread / Math.abs(outer - inner) };
}
