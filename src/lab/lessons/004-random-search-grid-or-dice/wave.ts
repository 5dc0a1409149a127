import { noGrad } from '../../../autograd';
import * as nn from '../../../nn';
import { cat, stack } from '../../../ops/functions';
import { Adam } from '../../../optim';
import { defaultGenerator, Generator, manualSeed } from '../../../random';
import { linspace, ones } from '../../../tensor/creation';
import { randn, randperm } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** Sixty points of sin 2x with noise of spread 0.1, and 61 noise-free ones between them, not used for training. */
export function wavePoints(seed = 51): { seen: { x: Tensor; y: Tensor }; fresh: { x: Tensor; y: Tensor } } {
  const column = (end: number, count: number) => linspace(-end, end, count).unsqueeze(1);
  const x = column(Math.PI, 60);
  const noise = randn([60, 1], { generator: new Generator().manualSeed(seed) }).mul(0.1);
  const between = column(3.1, 61);
  return { seen: { x, y: x.mul(2).sin().add(noise) }, fresh: { x: between, y: between.mul(2).sin() } };
}

/** A net of one number: one layer of tanh units. */
export const waveNet = (width: number): nn.Sequential =>
  new nn.Sequential(new nn.Linear(1, width), new nn.Tanh(), new nn.Linear(width, 1));

/** The mean squared error of a net on some points. */
export const errorOn = (net: nn.Module<[Tensor], Tensor>, { x, y }: { x: Tensor; y: Tensor }): number =>
  noGrad(() => nn.functional.mseLoss(net.forward(x), y).item());

/** Options of {@link waveErrors}. */
export interface WaveErrorsOptions {
  /** A net for each: the seed of its weights and of the order of its points. */
  seeds: readonly number[];
  /** The rates of Adam; one net is trained at each. */
  rates: readonly number[];
  /** The ε of Adam. Default: 1e-8. */
  eps?: number;
  /** The number of epochs, in batches of up to 32. Default: 40. */
  epochs?: number;
}

/**
 * Trains {@link waveNet}s on the points of {@link wavePoints}, and returns their errors on the noise-free ones, for
 * each rate those of the seeds. A net learns as by `training.fit` after `manualSeed(seed)`. All nets of a seed are in
 * one stack, [nets, …], and an optimizer has a group for each rate. That takes a quarter of the time.
 */
export function waveErrors(width: number, options: WaveErrorsOptions): number[][] {
  const { seeds, rates, eps = 1e-8, epochs = 40 } = options;
  const { seen, fresh } = wavePoints();
  const count = seen.x.shape[0]!;
  /** The points in a loader's order. It draws one more number, for its workers. */
  const order = () => {
    defaultGenerator.random63();
    return randperm(count, { generator: new Generator().manualSeed(defaultGenerator.random63()) });
  };
  const drawn = seeds.map((seed) => {
    manualSeed(seed);
    const net = waveNet(width);
    const orders = Array.from({ length: epochs }, order);
    return { weights: net.parameters().map((one) => one.detach()), orders: stack(orders) };
  });
  const orders = stack(drawn.map((net) => net.orders)); // seeds × epochs × points
  const starts = [0, 1, 2, 3].map((k) => stack(drawn.map(({ weights }) => weights[k]!)));
  const groups = rates.map(() => starts.map((start) => start.clone().requiresGrad_()));
  const optimizer = new Adam(
    groups.map((params, i) => ({ params, lr: rates[i]! })),
    { eps },
  );
  /** The squared errors, rates × seeds × points; weights and bias of the first layer are one matrix, for inputs x and 1. */
  const squares = (x: Tensor, y: Tensor) => {
    const [w1, b1, w2, b2] = [0, 1, 2, 3].map((k) => stack(groups.map((params) => params[k]!)));
    const inputs = cat([x, ones(x.shape)], -1).expand([rates.length, seeds.length, -1, 2]);
    const inner = inputs.matmul(cat([w1!, b1!.unsqueeze(3)], 3).mT).tanh();
    return inner.matmul(w2!.mT).squeeze(3).add(b2!).sub(y.squeeze(-1)).square();
  };
  for (let epoch = 0; epoch < epochs; epoch++)
    for (let from = 0; from < count; from += 32) {
      const rows = orders.select(1, epoch).narrow(1, from, Math.min(32, count - from));
      const of = (all: Tensor) => all.indexSelect(0, rows.flatten()).reshape([seeds.length, -1, 1]);
      optimizer.zeroGrad();
      squares(of(seen.x), of(seen.y)).mean(2).sum().backward();
      optimizer.step();
    }
  return noGrad(() => squares(fresh.x, fresh.y).mean(2)).tolist() as number[][];
}

/** Losses of a net over a grid of two settings; between them their logarithms are interpolated linearly. */
export class LossMap {
  /** @param rows for each value of the second setting the losses for each of the first, evenly spaced */
  constructor(readonly rows: readonly (readonly number[])[]) {}

  /** The loss at a position of the square. */
  at([u, v]: readonly number[]): number {
    const [across, up] = [this.rows[0]!.length - 1, this.rows.length - 1];
    const [i, j] = [Math.min(across - 1, Math.floor(u! * across)), Math.min(up - 1, Math.floor(v! * up))];
    const [p, q] = [u! * across - i, v! * up - j];
    const log = (row: number, column: number) => Math.log(this.rows[row]![column]!);
    const along = (row: number) => (1 - p) * log(row, i) + p * log(row, i + 1);
    return Math.exp((1 - q) * along(j) + q * along(j + 1));
  }

  /**
   * The lowest loss of some positions, of the unit square, scaled into a window of that size with its lower left corner
   * there.
   */
  best(places: readonly (readonly number[])[], corner: readonly number[] = [0, 0], size = 1): number {
    return Math.min(...places.map((place) => this.at(place.map((value, axis) => corner[axis]! + size * value))));
  }
}
