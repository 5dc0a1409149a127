import { Linear, Sequential, Tanh } from '../../../nn';
import { Generator, manualSeed } from '../../../random';
import type { Tensor } from '../../../tensor/tensor';
import { rings } from '../../datasets';

/** Returns a net with one layer of tanh units and scores for two classes of points in a plane. */
export function ringNet(seed: number, width = 16): Sequential {
  const double = { dtype: 'float64' } as const;
  manualSeed(seed);
  return new Sequential(new Linear(2, width, double), new Tanh(), new Linear(width, 2, double));
}

/** Two rings that overlap slightly: rows for training, and others from the same rings. */
export function twoRings(): { seen: { x: Tensor; y: Tensor }; held: { x: Tensor; y: Tensor } } {
  const made = (count: number, seed: number) => rings(count, { sd: 0.25, generator: new Generator().manualSeed(seed) });
  return { seen: made(120, 1), held: made(400, 2) };
}
