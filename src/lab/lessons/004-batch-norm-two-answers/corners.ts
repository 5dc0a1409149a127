import { noGrad } from '../../../autograd';
import { describe } from '../../../describe';
import { ValueError } from '../../../errors';
import { BatchNorm1d, Linear, Sequential } from '../../../nn';
import { batchNorm, binaryCrossEntropyWithLogits } from '../../../nn/functional';
import { normal_, zeros_ } from '../../../nn/init';
import type { Module } from '../../../nn/module';
import { joining } from '../../../ops/joining/cat';
import { SGD } from '../../../optim';
import { Generator } from '../../../random';
import { tensor } from '../../../tensor/creation';
import { randn, randperm } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** The corners of the task, and whether rows around them are of class 1, “yes”. */
export const corners = [
  { at: [1, 1], yes: 1 },
  { at: [-1, -1], yes: 1 },
  { at: [1, -1], yes: 0 },
  { at: [-1, 1], yes: 0 },
] as const;

/** The distance of rows from their corner in each direction: a standard deviation. */
export const around = 0.3;

/** Options of {@link trainCorners}. */
export interface CornerOptions {
  /** The module after each batch norm, such as `new nn.ReLU()`. */
  bend: () => Module;
  /** The number of hidden layers. Default: 2. */
  hidden?: number;
  /** The seed of weights, rows and their order. Default: 1. */
  seed?: number;
  /** The number of batches of 32. Default: 300. */
  steps?: number;
  /** The learning rate. Default: 0.3. */
  lr?: number;
}

/** A trained net in training mode, and its rows. */
export interface CornerNet {
  net: Sequential;
  /** 256 rows, 64 around each corner. */
  x: Tensor;
  /** Their classes, float32. */
  y: Tensor;
}

/** Rows around a position: position + 0.3 · ε with ε from N(0, I), float32 of shape [count, 2]. */
export function rowsAround(place: readonly [number, number], count: number, generator: Generator): Tensor {
  return randn([count, 2], { generator })
    .mul(around)
    .add(tensor([...place]));
}

/**
 * Trains a net of hidden layers of 12 units, each with batch norm before its activation, to decide whether a row
 * belongs to the corners (1, 1) and (−1, −1) or to the other two: SGD on 256 rows in batches of 32, cross entropy. In
 * float32, for the same reason as `trainQuarters` of lesson 004/vanishing-eight-layers-of-sigmoids.
 * @throws {ValueError} if `hidden` or `steps` is not a whole number above 0.
 */
export function trainCorners({ bend, hidden = 2, seed = 1, steps = 300, lr = 0.3 }: CornerOptions): CornerNet {
  for (const [name, value] of Object.entries({ hidden, steps }))
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError(`trainCorners: ${name} must be a whole number above 0, got ${describe(value)}`);
    }
  const generator = new Generator().manualSeed(seed);
  const x = joining.cat(corners.map(({ at }) => rowsAround(at, 64, generator)));
  const y = tensor(Float32Array.from({ length: 256 }, (_, i) => corners[Math.floor(i / 64)]!.yes));
  const linear = (inputs: number, outputs: number) => {
    const layer = new Linear(inputs, outputs);
    normal_(layer.weight, 0, Math.sqrt(2 / inputs), { generator });
    zeros_(layer.bias!);
    return layer;
  };
  const layers = Array.from({ length: hidden }, (_, l) => [linear(l ? 12 : 2, 12), new BatchNorm1d(12), bend()]);
  const net = new Sequential(...layers.flat(), linear(12, 1));
  const sgd = new SGD(net.parameters(), { lr });
  let order = randperm(256, { generator });
  for (let step = 0; step < steps; step++) {
    if (step % 8 === 0) order = randperm(256, { generator });
    const rows = order.narrow(0, 32 * (step % 8), 32);
    sgd.zeroGrad();
    binaryCrossEntropyWithLogits(net.forward(x.indexSelect(0, rows)).squeeze(1), y.indexSelect(0, rows)).backward();
    sgd.step();
  }
  return { net, x, y };
}

/**
 * The log-odds of a net in training mode for each position, in a separate batch with these neighbours. The net does not
 * change, not even its running averages. Positions have the shape [p, 2], neighbours [b, 2], the result [p].
 */
export function answersAmong(net: Sequential, places: Tensor, neighbours: Tensor): Tensor {
  const [count, size] = [places.shape[0]!, neighbours.shape[0]! + 1];
  return noGrad(() => {
    // Batches side by side: [rows, positions, features]. Each feature of each batch is a channel for the norm.
    const beside = neighbours.unsqueeze(1).expand([size - 1, count, 2]);
    let h = joining.cat([places.unsqueeze(0), beside]);
    for (const layer of net) {
      if (layer instanceof BatchNorm1d) {
        const { weight, bias, eps } = layer;
        const each = (one: Tensor | null) => one?.repeat(count) ?? null;
        const channels = h.reshape([size, -1]);
        const options = { weight: each(weight), bias: each(bias), training: true, eps };
        h = batchNorm(channels, null, null, options).reshape([size, count, -1]);
      } else h = layer.forward(h);
    }
    return h.select(0, 0).squeeze(1);
  });
}
