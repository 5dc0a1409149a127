import { noGrad } from '../../../autograd';
import { Linear, Sequential, Tanh } from '../../../nn';
import { cat, stack } from '../../../ops/functions';
import { Adam, type Optimizer, SGD } from '../../../optim';
import { Generator, manualSeed } from '../../../random';
import { linspace, zeros } from '../../../tensor/creation';
import { rand, randn, randperm } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** Rows around a wave, for training and for validation: x and y of shape [n, 1]. */
export interface Rows {
  training: { x: Tensor; y: Tensor };
  validation: { x: Tensor; y: Tensor };
}

/** Points (x, sin x + noise · ε) with x between −3 and 3: 30 for training, drawn first, and `count` for validation. */
export function wavyRows(seed: number, { noise = 0.3, count = 30 }: { noise?: number; count?: number } = {}): Rows {
  const generator = new Generator().manualSeed(seed);
  const draw = (n: number) => {
    const x = rand([n, 1], { generator }).mul(6).sub(3);
    return { x, y: x.sin().add(randn([n, 1], { generator }).mul(noise)) };
  };
  return { training: draw(30), validation: draw(count) };
}

/**
 * Returns a net with hidden tanh layers and PyTorch's initial weights for this seed, which also reseeds the default
 * generator.
 */
export function netOf(seed: number, units = 20, hidden = 2): Sequential {
  manualSeed(seed);
  const layers = Array.from({ length: hidden }, (_, l) => [new Linear(l === 0 ? 1 : units, units), new Tanh()]);
  return new Sequential(...layers.flat(), new Linear(units, 1));
}

/** Options of {@link histories}. */
export interface HistoriesOptions {
  /** A net with separate rows for each seed. Default: 1 to 10. */
  seeds?: readonly number[];
  /** Default: 2,000. */
  epochs?: number;
  /** Default: 0.01. */
  rate?: number;
  /** The optimizer: Adam, plain gradient descent, or gradient descent with a momentum of 0.9. Default: `'adam'`. */
  by?: 'adam' | 'descent' | 'momentum';
  /** The batch size, 1 to 30; smaller batches than 30 are shuffled in every epoch. Default: 30. */
  batch?: number;
  /** The units in a hidden layer. Default: 20. */
  units?: number;
  /** The number of hidden layers. Default: 2. */
  hidden?: number;
  /** The number of validation rows. Default: 30. */
  count?: number;
  /** The standard deviation of the noise. Default: 0.3. */
  noise?: number;
  /** Whether the distance from the wave is measured, which costs as much as the validation. Default: true. */
  wave?: boolean;
}

/** Losses of one net, epoch by epoch. */
export interface History {
  /** Mean squared error of the training rows, each batch before its step. */
  training: number[];
  /** That of the validation rows, after the epoch. */
  validation: number[];
  /** That to the wave itself, at 31 positions, after the epoch; empty if it is not measured. */
  wave: number[];
}

/**
 * Trains nets, each on its own 30 rows in every epoch. They are trained together, as one batch of matrices, without
 * affecting each other: the loss is their sum, and optimizers work elementwise. So ten nets take the time of one. In
 * mini-batches all nets use the same order of rows, drawn with the seed 0.
 */
export function histories(options: HistoriesOptions = {}): History[] {
  const { seeds = Array.from({ length: 10 }, (_, i) => i + 1), epochs = 2000, rate = 0.01 } = options;
  const { by = 'adam', batch = 30, units = 20, hidden = 2, count = 30, noise = 0.3 } = options;
  const rows = seeds.map((seed) => wavyRows(seed, { noise, count }));
  const layers = seeds.map((seed) => [...netOf(seed, units, hidden)].filter((layer) => layer instanceof Linear));
  const weights = layers[0]!.map((_, l) => stack(layers.map((net) => net[l]!.weight.detach().t())).requiresGrad_());
  const biases = layers[0]!.map((_, l) =>
    stack(layers.map((net) => net[l]!.bias!.detach().unsqueeze(0))).requiresGrad_(),
  );
  const parameters = [...weights, ...biases];
  const outputs = (x: Tensor) =>
    weights.reduce((h, w, l) => {
      const z = h.matmul(w).add(biases[l]!);
      return l < hidden ? z.tanh() : z;
    }, x);
  const meanSquare = (off: Tensor) => off.square().mean([1, 2]);
  const lossesOf = (x: Tensor, y: Tensor) => meanSquare(outputs(x).sub(y));
  const together = (part: keyof Rows, of: 'x' | 'y') => stack(rows.map((one) => one[part][of]));
  const [x, y] = [together('training', 'x'), together('training', 'y')];
  const [vx, vy] = [together('validation', 'x'), together('validation', 'y')];
  const places = linspace(-3, 3, 31).unsqueeze(1).expand([seeds.length, 31, 1]);
  // Measurements after an epoch evaluate all nets together.
  const measured = options.wave === false ? vx : cat([vx, places], 1);
  const wanted = options.wave === false ? vy : cat([vy, places.sin()], 1);
  const optimizer: Optimizer =
    by === 'adam'
      ? new Adam(parameters, { lr: rate })
      : new SGD(parameters, { lr: rate, momentum: by === 'momentum' ? 0.9 : 0 });
  const generator = new Generator().manualSeed(0);
  const found = seeds.map((): History => ({ training: [], validation: [], wave: [] }));
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = batch < 30 ? randperm(30, { generator }) : undefined;
    let losses = zeros([seeds.length]);
    for (let from = 0; from < 30; from += batch) {
      const size = Math.min(batch, 30 - from);
      const rowsOf = (all: Tensor) => (order ? all.indexSelect(1, order.narrow(0, from, size)) : all);
      optimizer.zeroGrad();
      const ofBatch = lossesOf(rowsOf(x), rowsOf(y));
      ofBatch.sum().backward();
      optimizer.step();
      losses = losses.add(ofBatch.detach().mul(size / 30));
    }
    const after = noGrad(() => {
      const off = outputs(measured).sub(wanted);
      const parts = [off.narrow(1, 0, count), ...(options.wave === false ? [] : [off.narrow(1, count, 31)])];
      return [losses, ...parts.map(meanSquare)].map((t) => t.tolist() as number[]);
    });
    for (const [i, one] of found.entries()) {
      one.training.push(after[0]![i]!);
      one.validation.push(after[1]![i]!);
      if (after[2]) one.wave.push(after[2][i]!);
    }
  }
  return found;
}

/** The first rise of a validation loss. */
export interface FirstRise {
  /** The validation loss of the epoch before; null if it never rises. */
  before: number | null;
  /** The minimal validation loss of all epochs. */
  best: number;
  /** Whether the training loss also rises within one epoch of it. */
  risesToo: boolean;
}

/** The first rise of a net's validation loss. */
export function firstRise({ validation, training }: History): FirstRise {
  const at = validation.findIndex((loss, epoch) => validation[epoch + 1]! > loss);
  const best = Math.min(...validation);
  if (at < 0) return { before: null, best, risesToo: false };
  // A training loss is measured before its step.
  const risesToo = [at, at + 1, at + 2].some((epoch) => training[epoch + 1]! > training[epoch]!);
  return { before: validation[at]!, best, risesToo };
}

/** Two epochs, counted from 1. */
export interface Choice {
  /** The epoch with the minimal validation loss. */
  chosen: number;
  /** The epoch nearest to the wave. */
  right: number;
  /** The distance from the wave of the first, divided by that of the second. */
  over: number;
}

/** The epoch chosen by the validation rows, and the one nearest to the wave. */
export function choice({ validation, wave }: History): Choice {
  const [chosen, right] = [validation, wave].map((losses) => losses.indexOf(Math.min(...losses))) as [number, number];
  return { chosen: chosen + 1, right: right + 1, over: wave[chosen]! / wave[right]! };
}
