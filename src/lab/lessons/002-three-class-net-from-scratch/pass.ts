import { oneHot } from '../../../nn/functional';
import { zerosLike } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';

/** The weights of a net of three layers, a column for each unit, and the biases of its last layer. */
export type Weights = readonly [W1: Tensor, W2: Tensor, W3: Tensor, b: Tensor];

/** The values of a forward and backward pass. */
export interface Pass {
  a1: Tensor;
  a2: Tensor;
  /** The inputs of softmax: a number for each class. */
  scores: Tensor;
  /** The probabilities of the classes in each row. */
  p: Tensor;
  /** The mean cross entropy of the rows. */
  loss: number;
  /** Errors of each layer's sums, the last layer first. */
  errors: readonly [d3: Tensor, d2: Tensor, d1: Tensor];
  /** Gradients of W1, W2, W3 and b. */
  gradients: readonly Tensor[];
}

/** Forward and backward pass by matrix products: ReLU, sigmoid, and scores with softmax and cross entropy. */
export function throughAndBack(x: Tensor, y: Tensor, [W1, W2, W3, b]: Weights): Pass {
  const [rows] = x.shape;
  const truth = oneHot(y, W3.shape[1]!).to(x.dtype);
  const a1 = x.matmul(W1).relu();
  const a2 = a1.matmul(W2).sigmoid();
  const scores = a2.matmul(W3).add(b);
  const p = scores.softmax(1);
  const d3 = p.sub(truth).div(rows!);
  const d2 = d3.matmul(W3.t()).mul(a2).mul(a2.rsub(1));
  const d1 = d2.matmul(W2.t()).mul(a1.gt(0).to(x.dtype));
  return {
    ...{ a1, a2, scores, p, errors: [d3, d2, d1] },
    loss: -p.mul(truth).sum(1).log().mean().item(),
    gradients: [x.t().matmul(d1), a1.t().matmul(d2), a2.t().matmul(d3), d3.sum(0)],
  };
}

/** Updates the weights in place with momentum, and calls `look` with each pass, the last one after the last update. */
export function trainByHand(
  x: Tensor,
  y: Tensor,
  weights: Weights,
  { rate, gamma, steps }: { rate: number; gamma: number; steps: number },
  look: (step: number, pass: Pass) => void,
): void {
  const speeds = weights.map((w) => zerosLike(w));
  for (let step = 0; step <= steps; step++) {
    const pass = throughAndBack(x, y, weights);
    look(step, pass);
    if (step === steps) return;
    for (const [k, w] of weights.entries()) {
      speeds[k]!.mul_(gamma).sub_(pass.gradients[k]!.mul(rate));
      w.add_(speeds[k]!);
    }
  }
}
