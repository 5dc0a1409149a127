import { Linear, Sequential, Tanh } from '../../../nn';
import { Generator, manualSeed } from '../../../random';
import { randn, randperm } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';
import type { Rows } from '../../../training';
import { clusters } from '../../datasets';

/**
 * Rows of three classes, small, middle and large, in heaps one behind the other along the first input: all of class 0 first, then
 * those of 1 and 2; 40 of each.
 */
export function sizes(seed: number): { x: Tensor; y: Tensor } {
  const centres = [
    [-2, 0],
    [0, 0],
    [2, 0],
  ];
  return clusters(centres, { perCentre: 40, sd: 0.5, generator: new Generator().manualSeed(seed) });
}

/** The same rows in an order by chance. */
export function mixed({ x, y }: Rows, seed: number): { x: Tensor; y: Tensor } {
  const order = randperm(x.shape[0]!, { generator: new Generator().manualSeed(seed) });
  return { x: x.indexSelect(0, order), y: y.indexSelect(0, order) };
}

/** A net of three layers for a number, of 2, 8, 8 and 1 units, and 120 rows for it. */
export function layers(seed: number, rows = 120): { net: Sequential; linear: Linear[]; data: Rows } {
  const double = { dtype: 'float64' } as const;
  manualSeed(seed);
  const linear = [new Linear(2, 8, double), new Linear(8, 8, double), new Linear(8, 1, double)];
  const net = new Sequential(linear[0]!, new Tanh(), linear[1]!, new Tanh(), linear[2]!);
  const x = randn([rows, 2], { ...double, generator: new Generator().manualSeed(seed) });
  return { net, linear, data: { x, y: x.prod(1).unsqueeze(1) } };
}
