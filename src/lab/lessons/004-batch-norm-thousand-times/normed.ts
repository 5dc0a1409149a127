import { noGrad } from '../../../autograd';
import { ValueError } from '../../../errors';
import { BatchNorm1d, Linear, Sequential } from '../../../nn';
import { binaryCrossEntropyWithLogits } from '../../../nn/functional';
import { normal_, zeros_ } from '../../../nn/init';
import type { Module } from '../../../nn/module';
import { SGD } from '../../../optim';
import { Generator } from '../../../random';
import { tensor } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';
import { clusters, corners } from '../../datasets';

/** Options of {@link cornersNet}. */
export interface CornersNetOptions {
  /** What stands behind each hidden layer, such as `new nn.ReLU()`. */
  bend: () => Module;
  /** Whether batch norm stands before each bend. */
  norm: boolean;
  /** Hidden layers of 12 units each. Default: 4. */
  hidden?: number;
  /** The spread of starting weights, times 1/√inputs. Default: √2. */
  gain?: number;
  /** Of which rows and weights are drawn. Default: 1. */
  seed?: number;
  /** Added to variances. Default: 1e-12, next to nothing. */
  eps?: number;
}

/** A net and what it learns from. */
export interface CornersNet {
  net: Sequential;
  /** The layers before a bend, whose weights may be scaled without a change where batch norm follows. */
  inner: Linear[];
  /** 128 rows around the four corners (±1, ±1). */
  x: Tensor;
  /** 1 where the corner's coordinates have one sign, float64 of shape [128]. */
  y: Tensor;
}

/**
 * A net of hidden layers of 12 units for the task that corners across from each other belong together, in float64 and not yet trained. Batch
 * norm keeps the last batch's mean and variance (momentum 1), so that after `eval()` places are measured by these.
 * @throws {ValueError} if `hidden` is not a whole number above 0.
 */
export function cornersNet(options: CornersNetOptions): CornersNet {
  const { bend, norm, hidden = 4, gain = Math.SQRT2, seed = 1, eps = 1e-12 } = options;
  if (!Number.isInteger(hidden) || hidden < 1)
    throw new ValueError(`cornersNet: hidden must be a whole number above 0, got ${String(hidden)}`);
  const generator = new Generator().manualSeed(seed);
  const { x, y } = clusters(corners, { perCentre: 32, sd: 0.3, generator });
  const linear = (inputs: number, outputs: number) => {
    const layer = new Linear(inputs, outputs, { dtype: 'float64' });
    normal_(layer.weight, 0, gain / Math.sqrt(inputs), { generator });
    zeros_(layer.bias!);
    return layer;
  };
  const inner = Array.from({ length: hidden }, (_, l) => linear(l ? 12 : 2, 12));
  const normed = () => (norm ? [new BatchNorm1d(12, { eps, momentum: 1, dtype: 'float64' })] : []);
  const net = new Sequential(...inner.flatMap((layer) => [layer, ...normed(), bend()]), linear(12, 1));
  return { net, inner, x, y: y.lt(2).to('float64') };
}

/** The mean cross entropy over all rows, in training mode. */
export function lossOf({ net, x, y }: CornersNet): Tensor {
  return binaryCrossEntropyWithLogits(net.forward(x).squeeze(1), y);
}

/** Descends with all rows, and gives the loss before each step and after the last; it stops where that is no number. */
export function descend(one: CornersNet, steps: number, lr: number): number[] {
  const sgd = new SGD(one.net.parameters(), { lr });
  const losses: number[] = [];
  for (let step = 0; step <= steps; step++) {
    sgd.zeroGrad();
    const loss = lossOf(one);
    losses.push(loss.item());
    if (step === steps || !Number.isFinite(loss.item())) break;
    loss.backward();
    sgd.step();
  }
  return losses;
}

/** Multiplies the weights (and biases) of all inner layers. */
export function scale({ inner }: CornersNet, times: number): void {
  noGrad(() => {
    for (const { weight, bias } of inner) {
      weight.mul_(times);
      bias!.mul_(times);
    }
  });
}

/** Gradients of the inner layers' weights, one for each layer. */
export function gradients(one: CornersNet): Tensor[] {
  one.net.zeroGrad();
  lossOf(one).backward();
  return one.inner.map(({ weight }) => weight.grad!);
}

/** What the net says of places, class 1's probability, by the statistics of the batch that it learns from. */
export function probabilityIn(one: CornersNet): (places: Tensor) => Tensor {
  noGrad(() => {
    one.net.train();
    one.net.forward(one.x);
  });
  return (places) =>
    noGrad(() => {
      one.net.eval();
      const said = one.net
        .forward(tensor(places.tolist() as number[][], { dtype: 'float64' }))
        .squeeze(1)
        .sigmoid();
      one.net.train();
      return said;
    });
}
