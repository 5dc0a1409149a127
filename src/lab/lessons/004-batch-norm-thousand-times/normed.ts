import { noGrad } from '../../../autograd';
import { describe } from '../../../describe';
import { ValueError } from '../../../errors';
import { BatchNorm1d, Linear, Sequential } from '../../../nn';
import { batchNorm, binaryCrossEntropyWithLogits } from '../../../nn/functional';
import { normal_, zeros_ } from '../../../nn/init';
import type { Module } from '../../../nn/module';
import { stack } from '../../../ops/functions';
import { Adam, SGD } from '../../../optim';
import { Generator } from '../../../random';
import { ones, tensor, zeros } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';
import { clusters, corners } from '../../datasets';

/** Options of {@link cornersNet}. */
export interface CornersNetOptions {
  /** The module after each hidden layer, such as `new nn.ReLU()`. */
  bend: () => Module;
  /** Whether batch norm precedes each activation. */
  norm: boolean;
  /** Hidden layers of 12 units each. Default: 4. */
  hidden?: number;
  /** The spread of starting weights, times 1/√inputs. Default: √2. */
  gain?: number;
  /** The seed of rows and weights. Default: 1. */
  seed?: number;
  /** Added to variances. Default: 1e-12, which is negligible. */
  eps?: number;
}

/** A net and its training data. */
export interface CornersNet {
  net: Sequential;
  /** The layers before an activation; if batch norm follows, scaling their weights has no effect. */
  inner: Linear[];
  /** 128 rows around the four corners (±1, ±1). */
  x: Tensor;
  /** 1 if the corner's coordinates have equal signs, float64 of shape [128]. */
  y: Tensor;
}

/**
 * A net of hidden layers of 12 units for the task in which opposite corners have the same class, in float64 and
 * untrained. Batch norm keeps the last batch's mean and variance (momentum 1), so that `eval()` uses these.
 * @throws {ValueError} if `hidden` is not a whole number above 0.
 */
export function cornersNet(options: CornersNetOptions): CornersNet {
  const { bend, norm, hidden = 4, gain = Math.SQRT2, seed = 1, eps = 1e-12 } = options;
  if (!Number.isInteger(hidden) || hidden < 1)
    throw new ValueError(`cornersNet: hidden must be a whole number above 0, got ${describe(hidden)}`);
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

/**
 * Runs full-batch gradient descent. Returns the loss before each step and after the last; it stops if the loss is NaN
 * or infinite.
 */
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

/** Learning rates of the parts of a net: of the hidden layers, of γ and β, and of the last layer. */
export interface PartRates {
  hidden: number;
  gains: number;
  last: number;
}

/** Options of {@link descendTogether}. */
export interface TogetherOptions {
  /**
   * Of the hidden layers, of γ and β, and of the last layer; for all nets, or for each. Adam uses those of the first.
   */
  rates: PartRates | readonly PartRates[];
  /** Default: 150. */
  steps?: number;
  /** Whether batch norm follows the last layer as well. Default: false. */
  top?: boolean;
  /**
   * Whether hidden weights may change their lengths; else each unit's length is restored after each step. Default:
   * true.
   */
  brakes?: boolean;
  /** Whether to use Adam. Default: false. */
  adam?: boolean;
}

/**
 * Runs gradient descent with copies of sigmoid nets that differ only in their numbers. Returns the losses of each as
 * {@link descend}. They are in one stack, [nets, units, rows], which takes a quarter of the time, and in float32.
 */
export function descendTogether(nets: readonly CornersNet[], options: TogetherOptions): number[][] {
  const { rates, steps = 150, top = false, brakes = true, adam = false } = options;
  const together = (of: (one: CornersNet) => Tensor) => stack(nets.map((one) => of(one).detach())).to('float32');
  const layersOf = (one: CornersNet) => [...one.net].filter((layer) => layer instanceof Linear);
  const normsOf = (one: CornersNet) => [...one.net].filter((layer) => layer instanceof BatchNorm1d);
  const layers = layersOf(nets[0]!).map((_, l) => ({
    weight: together((one) => layersOf(one)[l]!.weight).requiresGrad_(),
    bias: together((one) => layersOf(one)[l]!.bias!).requiresGrad_(),
  }));
  const norms = normsOf(nets[0]!).map(({ eps }, l) => ({
    gamma: together((one) => normsOf(one)[l]!.weight!).requiresGrad_(),
    beta: together((one) => normsOf(one)[l]!.bias!).requiresGrad_(),
    eps,
  }));
  const shape = [nets.length, 1];
  if (top) norms.push({ gamma: ones(shape).requiresGrad_(), beta: zeros(shape).requiresGrad_(), eps: 1e-5 });
  const [x, y] = [together((one) => one.x).mT, together((one) => one.y)];
  /** The part after a layer: batch norm over the rows of each unit of each net, if requested. */
  const normed = (sums: Tensor, l: number) => {
    if (norms[l] === undefined) return sums;
    const { gamma, beta, eps } = norms[l];
    const units = sums.flatten(0, 1).unsqueeze(0); // as channels
    const [weight, bias] = [gamma.flatten(), beta.flatten()];
    return batchNorm(units, null, null, { weight, bias, training: true, eps }).reshape(sums.shape);
  };
  const lossesNow = () => {
    const scores = layers.reduce((h, { weight, bias }, l) => {
      const sums = normed(weight.matmul(h).add(bias.unsqueeze(2)), l);
      return l < layers.length - 1 ? sums.sigmoid() : sums;
    }, x);
    return binaryCrossEntropyWithLogits(scores.squeeze(1), y, { reduction: 'none' }).mean(1);
  };
  const hidden = layers.slice(0, -1);
  const both = (some: typeof layers) => some.flatMap(({ weight, bias }) => [weight, bias]);
  const parts = {
    hidden: both(hidden),
    gains: norms.flatMap(({ gamma, beta }) => [gamma, beta]),
    last: both(layers.slice(-1)),
  };
  const ratesOf = nets.map((_, i) => ('hidden' in rates ? rates : rates[i]!));
  const groups = (['hidden', 'gains', 'last'] as const)
    .map((part) => ({ params: parts[part], lr: tensor(ratesOf.map((one) => one[part])), first: ratesOf[0]![part] }))
    .filter(({ params }) => params.length > 0);
  const rule = adam ? new Adam(groups.map(({ params, first }) => ({ params, lr: first }))) : null;
  const step = () => {
    if (rule) return rule.step();
    noGrad(() => {
      for (const { params, lr } of groups)
        for (const one of params)
          one.sub_(one.grad!.mul(lr.reshape([nets.length, ...one.shape.slice(1).map(() => 1)])));
    });
  };
  const lengths = () => hidden.map(({ weight }) => weight.detach().square().sum(2, { keepdim: true }).sqrt());
  const before = lengths();
  const losses: number[][] = nets.map(() => []);
  for (let done = 0; done <= steps; done++) {
    for (const { params } of groups) for (const one of params) one.grad = null;
    const now = lossesNow();
    (now.tolist() as number[]).forEach((loss, i) => {
      if (Number.isFinite(losses[i]!.at(-1) ?? 0)) losses[i]!.push(loss);
    });
    if (done === steps) break;
    now.sum().backward();
    step();
    if (!brakes)
      noGrad(() => {
        for (const [l, length] of lengths().entries()) hidden[l]!.weight.mul_(before[l]!.div(length));
      });
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

/** Returns the net's probability of class 1 at positions, with the statistics of its training batch. */
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
