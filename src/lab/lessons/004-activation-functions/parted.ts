import { ValueError } from '../../../errors';
import { Generator } from '../../../random';
import { randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

const width = 10;
const rowCount = 200;

/**
 * Runs single rows from N(0, 1) through layers of ten units without biases, with an activation after each but the last. The loss is the
 * squared error to a random target.
 * @param bends the activations, one for each hidden layer
 * @returns for each weight matrix, the fraction of neurons whose incoming weights get gradients of both signs, over 200 rows
 * @throws {ValueError} if there is no activation
 */
export function partedShares(bends: readonly ((z: Tensor) => Tensor)[]): number[] {
  if (bends.length === 0) throw new ValueError('partedShares: expected at least one activation, got none');
  const generator = new Generator().manualSeed(9);
  const random = { dtype: 'float64' as const, generator };
  const counts = Array.from({ length: bends.length + 1 }, () => ({ parted: 0, of: 0 }));
  for (let row = 0; row < rowCount; row++) {
    const weights = counts.map(() => randn([width, width], random).div(Math.sqrt(width)).requiresGrad_());
    let h = randn([1, width], random);
    for (const [l, weight] of weights.entries()) {
      const z = h.matmul(weight);
      h = bends[l]?.(z) ?? z;
    }
    h.sub(randn([1, width], random))
      .square()
      .sum()
      .backward();
    for (const [l, weight] of weights.entries())
      for (const slopes of weight.grad!.t().tolist() as number[][]) {
        counts[l]!.of++;
        if (slopes.some((slope) => slope > 0) && slopes.some((slope) => slope < 0)) counts[l]!.parted++;
      }
  }
  return counts.map(({ parted, of }) => parted / of);
}
