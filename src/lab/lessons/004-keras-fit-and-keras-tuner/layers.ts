import { Linear, Sequential, Tanh } from '../../../nn';
import { Generator, manualSeed } from '../../../random';
import { randn } from '../../../tensor/random-creation';
import type { Rows } from '../../../training';

/** A net of three layers for a number, of 2, 8, 8 and 1 units, and 120 rows for it. */
export function layers(seed: number, rows = 120): { net: Sequential; linear: Linear[]; data: Rows } {
  const double = { dtype: 'float64' } as const;
  manualSeed(seed);
  const linear = [new Linear(2, 8, double), new Linear(8, 8, double), new Linear(8, 1, double)];
  const net = new Sequential(linear[0]!, new Tanh(), linear[1]!, new Tanh(), linear[2]!);
  const x = randn([rows, 2], { ...double, generator: new Generator().manualSeed(seed) });
  return { net, linear, data: { x, y: x.prod(1).unsqueeze(1) } };
}
