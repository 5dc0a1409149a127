import { stack } from '../../../ops/functions';
import type { Generator } from '../../../random';
import { arange } from '../../../tensor/creation';
import { rand, randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** Points of two classes, in float64. */
export interface Arms {
  /** Of shape [n, 2]. */
  x: Tensor;
  /** Of shape [n, 1]: 0 and 1 by turns. */
  y: Tensor;
}

/** Points on two arms of a spiral, 0.3 to 2 from the middle, each moved by a bell of 0.09 in both directions. */
export function spiralArms(n: number, generator: Generator): Arms {
  const random = { dtype: 'float64', generator } as const;
  const along = rand([n], random);
  const off = randn([n, 2], random).mul(0.09);
  const y = arange(n, { dtype: 'float64' }).remainder(2);
  const angle = along.mul(1.2).add(y).mul(Math.PI);
  const radius = along.mul(1.7).add(0.3);
  return { x: stack([angle.cos().mul(radius), angle.sin().mul(radius)], 1).add(off), y: y.unsqueeze(1) };
}
