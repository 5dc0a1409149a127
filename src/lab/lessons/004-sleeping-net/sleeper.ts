import { noGrad } from '../../../autograd';
import { ValueError } from '../../../errors';
import { BatchNorm1d, Linear, Sequential } from '../../../nn';
import { binaryCrossEntropyWithLogits } from '../../../nn/functional';
import { normal_, zeros_ } from '../../../nn/init';
import { Module } from '../../../nn/module';
import { SGD } from '../../../optim';
import { Generator } from '../../../random';
import type { Tensor } from '../../../tensor/tensor';
import { clusters, corners } from '../../datasets';
import type { Activation } from '../../signal-propagation';

/** What a net is given, one or more; without any of them it sleeps. */
export interface Pills {
  /** Hidden layers of 16 units each. Default: 8. */
  hidden?: number;
  /** g of starting weights from N(0, g²/inputs). Default: ½. */
  gain?: number;
  /** What stands behind each hidden layer. Default: the sigmoid. */
  bend?: Activation;
  /** Whether batch norm stands before each bend. Default: false. */
  norm?: boolean;
  /** Whether each hidden layer but the first adds its input to what it makes. Default: false. */
  shortcuts?: boolean;
}

/** A net and what it learns from, in float32, whose functions are the same on every machine. */
export interface Sleeper {
  net: Sequential;
  /** The hidden layers, each with its bend, from the first to the last. */
  blocks: Module<[Tensor], Tensor>[];
  /** 128 rows around the four corners (±1, ±1). */
  x: Tensor;
  /** 1 where the corner's coordinates have one sign. */
  y: Tensor;
  /** 400 rows that it has not learned from, and their classes. */
  fresh: { x: Tensor; y: Tensor };
}

const width = 16;

class Bend extends Module<[Tensor], Tensor> {
  constructor(readonly of: Activation) {
    super();
  }
  override forward(x: Tensor): Tensor {
    return this.of(x);
  }
}

class Shortcut extends Module<[Tensor], Tensor> {
  constructor(readonly inner: Sequential) {
    super();
  }
  override forward(x: Tensor): Tensor {
    return x.add(this.inner.forward(x));
  }
}

function rowsOf(perCentre: number, generator: Generator) {
  const { x, y } = clusters(corners, { perCentre, sd: 0.3, generator });
  return { x: x.to('float32'), y: y.lt(2).to('float32') };
}

/**
 * A net for the task that corners across from each other belong together, not yet trained.
 * @throws {ValueError} if `hidden` is not a whole number above 0.
 */
export function sleeper(pills: Pills = {}, options: { seed?: number } = {}): Sleeper {
  const { hidden = 8, gain = 0.5, bend = (x) => x.sigmoid(), norm = false, shortcuts = false } = pills;
  const { seed = 1 } = options;
  if (!Number.isInteger(hidden) || hidden < 1)
    throw new ValueError(`sleeper: hidden must be a whole number above 0, got ${String(hidden)}`);
  const generator = new Generator().manualSeed(seed);
  const { x, y } = rowsOf(32, generator);
  const linear = (inputs: number, outputs: number) => {
    const layer = new Linear(inputs, outputs);
    normal_(layer.weight, 0, gain / Math.sqrt(inputs), { generator });
    zeros_(layer.bias!);
    return layer;
  };
  const blocks = Array.from({ length: hidden }, (_, l) => {
    const normed = norm ? [new BatchNorm1d(width)] : [];
    const block = new Sequential(linear(l ? width : 2, width), ...normed, new Bend(bend));
    return shortcuts && l ? new Shortcut(block) : block;
  });
  const net = new Sequential(...blocks, linear(width, 1));
  return { net, blocks, x, y, fresh: rowsOf(100, generator) };
}

/** The mean cross entropy over all rows, in training mode. */
export function lossOf({ net, x, y }: Sleeper): Tensor {
  return binaryCrossEntropyWithLogits(net.forward(x).squeeze(1), y);
}

/** Options of {@link wake}. */
export interface WakeOptions {
  /** How often all rows are shown. Default: 300. */
  steps?: number;
  /** The learning rate. Default: 0.1. */
  lr?: number;
  /** Stops as soon as the loss is below this. Default: it goes on. */
  until?: number;
}

/** Trains with all rows, keeping nine tenths of each velocity: the loss before each step, and after the last. */
export function wake(one: Sleeper, options: WakeOptions = {}): number[] {
  const { steps = 300, lr = 0.1, until = Number.NEGATIVE_INFINITY } = options;
  const sgd = new SGD(one.net.parameters(), { lr, momentum: 0.9 });
  const losses: number[] = [];
  for (let step = 0; step <= steps; step++) {
    sgd.zeroGrad();
    const loss = lossOf(one);
    losses.push(loss.item());
    if (step === steps || !Number.isFinite(loss.item()) || loss.item() < until) break;
    loss.backward();
    sgd.step();
  }
  return losses;
}

/** How many of the fresh rows it gets right, as a share, in use. */
export function accuracy({ net, fresh }: Sleeper): number {
  net.eval();
  const isRight = noGrad(() => net.forward(fresh.x).squeeze(1))
    .gt(0)
    .to('float32')
    .eq(fresh.y);
  net.train();
  return isRight.to('float32').mean().item();
}

/**
 * What is left at the end of a way through the hidden layers: of what differs between rows, from the first to the last, and of blame,
 * from the last to the first.
 */
export function passes(one: Sleeper): { up: number; down: number } {
  const outputs: Tensor[] = [];
  const hooks = one.blocks.map((block) =>
    block.registerForwardHook((_, __, output) => {
      output.retainGrad();
      outputs.push(output);
    }),
  );
  one.net.zeroGrad();
  lossOf(one).backward();
  for (const hook of hooks) hook.remove();
  return noGrad(() => {
    const differs = (all: Tensor) =>
      all
        .sub(all.mean(0, { keepdim: true }))
        .norm()
        .item();
    const [first, last] = [outputs[0]!, outputs.at(-1)!];
    return { up: differs(last) / differs(first), down: first.grad!.norm().item() / last.grad!.norm().item() };
  });
}
