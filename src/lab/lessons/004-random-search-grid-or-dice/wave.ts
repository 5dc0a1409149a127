import { noGrad } from '../../../autograd';
import * as nn from '../../../nn';
import { Generator } from '../../../random';
import { linspace } from '../../../tensor/creation';
import { randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** Sixty points of sin 2x with noise of spread 0.1, and 61 clean ones between them that nobody trains with. */
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

/** Losses of a net over a grid of two settings; between them their logarithms are joined by straight lines. */
export class LossMap {
  /** @param rows for each value of the second setting the losses for each of the first, evenly spaced */
  constructor(readonly rows: readonly (readonly number[])[]) {}

  /** The loss at a place of the square. */
  at([u, v]: readonly number[]): number {
    const [across, up] = [this.rows[0]!.length - 1, this.rows.length - 1];
    const [i, j] = [Math.min(across - 1, Math.floor(u! * across)), Math.min(up - 1, Math.floor(v! * up))];
    const [p, q] = [u! * across - i, v! * up - j];
    const log = (row: number, column: number) => Math.log(this.rows[row]![column]!);
    const along = (row: number) => (1 - p) * log(row, i) + p * log(row, i + 1);
    return Math.exp((1 - q) * along(j) + q * along(j + 1));
  }

  /** The lowest loss of some places, of the unit square, put into a window of that size with its lower left corner there. */
  best(places: readonly (readonly number[])[], corner: readonly number[] = [0, 0], size = 1): number {
    return Math.min(...places.map((place) => this.at(place.map((value, axis) => corner[axis]! + size * value))));
  }
}
