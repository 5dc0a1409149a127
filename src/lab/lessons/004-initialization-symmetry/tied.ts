import { ValueError } from '../../../errors';
import { Generator } from '../../../random';
import { randn } from '../../../tensor/random-creation';

/** Options of {@link trainTied}. */
export interface TiedOptions {
  /** How far the starting weights lie apart: the standard deviation of what is added to each. Default: 0. */
  apart?: number;
  /** The weight that all start from. Default: 0.5. */
  from?: number;
  /** The target is sin(frequency · x). Default: 1.5. */
  frequency?: number;
  /** How many hidden units. Default: 6. */
  units?: number;
  /** How many steps. Default: 3,000. */
  steps?: number;
  /** The learning rate. Default: 0.1. */
  lr?: number;
  /** Whether steps are Adam's, with β 0.9 and 0.999, in place of gradient descent's. Default: false. */
  adam?: boolean;
  /** Of which the differences are drawn. Default: 1. */
  seed?: number;
  /** The steps after which weights are noted; the last step always is. Default: none. */
  noted?: readonly number[];
}

/** A net at one moment: Σ out · tanh(inward · x + bias) + last. */
export interface TiedNet {
  step: number;
  /** Mean squared error over the points. */
  loss: number;
  inward: number[];
  bias: number[];
  out: number[];
  last: number;
}

/** Where the target is known: forty places from −π to π. */
export const places: readonly number[] = Array.from({ length: 40 }, (_, i) => -Math.PI + (2 * Math.PI * i) / 39);

/** What a net says at x. */
export function outputOf({ inward, bias, out, last }: TiedNet, x: number): number {
  return inward.reduce((sum, w, j) => sum + out[j]! * Math.tanh(w * x + bias[j]!), last);
}

/** How far the largest input weight is from the smallest. */
export function spreadOf({ inward }: TiedNet): number {
  return Math.max(...inward) - Math.min(...inward);
}

/**
 * Trains a net of one hidden layer of tanh whose weights all start from one number, biases from 0, each plus `apart` times a number from
 * N(0, 1), by gradient descent or Adam on all forty points. In plain loops over float64, so that a hundred runs cost a second; every unit's
 * sums run in the same order, and equal units stay equal to the last bit.
 * @returns the nets after the noted steps, in order, the last step's at the end.
 * @throws {ValueError} if `units` or `steps` is not a whole number above 0.
 */
export function trainTied(options: TiedOptions = {}): TiedNet[] {
  const {
    apart = 0,
    from = 0.5,
    frequency = 1.5,
    units = 6,
    steps = 3000,
    lr = 0.1,
    seed = 1,
    noted = [],
    adam = false,
  } = options;
  for (const [name, value] of Object.entries({ units, steps }))
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError(`trainTied: ${name} must be a whole number above 0, got ${String(value)}`);
    }
  const generator = new Generator().manualSeed(seed);
  const draws = randn([3, units], { dtype: 'float64', generator }).mul(apart).tolist() as number[][];
  const inward = draws[0]!.map((one) => from + one);
  const bias = [...draws[1]!];
  const out = draws[2]!.map((one) => from + one);
  const target = places.map((x) => Math.sin(frequency * x));
  const net: TiedNet = { step: 0, loss: 0, inward, bias, out, last: 0 };
  const wanted = new Set([...noted, steps]);
  const found: TiedNet[] = [];
  const moments = new Map<string, [number, number]>();
  for (let step = 0; step <= steps; step++) {
    const slopes = slopesOf(net, target);
    if (wanted.has(step))
      found.push({ step, loss: slopes.loss, inward: [...inward], bias: [...bias], out: [...out], last: net.last });
    const move = adam ? adamMoves(moments, slopes, step + 1) : slopes;
    for (let j = 0; j < units; j++) {
      inward[j]! -= lr * move.inward[j]!;
      bias[j]! -= lr * move.bias[j]!;
      out[j]! -= lr * move.out[j]!;
    }
    net.last -= lr * move.last;
  }
  return found;
}

/** What Adam makes of slopes: their average over the root of the average of their squares, both corrected for their start at 0. */
function adamMoves(moments: Map<string, [number, number]>, slopes: ReturnType<typeof slopesOf>, t: number) {
  const move = (name: string, slope: number) => {
    const [m, v] = moments.get(name) ?? [0, 0];
    const now: [number, number] = [0.9 * m + 0.1 * slope, 0.999 * v + 0.001 * slope * slope];
    moments.set(name, now);
    return now[0] / (1 - 0.9 ** t) / (Math.sqrt(now[1] / (1 - 0.999 ** t)) + 1e-8);
  };
  const all = (name: string, list: number[]) => list.map((slope, j) => move(name + j, slope));
  return {
    inward: all('inward', slopes.inward),
    bias: all('bias', slopes.bias),
    out: all('out', slopes.out),
    last: move('last', slopes.last),
  };
}

/** The loss and its slope along each weight. */
function slopesOf(net: TiedNet, target: readonly number[]) {
  const { inward, bias, out } = net;
  const zeros = () => Array<number>(inward.length).fill(0);
  const slopes = { loss: 0, inward: zeros(), bias: zeros(), out: zeros(), last: 0 };
  for (const [i, x] of places.entries()) {
    const hidden = inward.map((w, j) => Math.tanh(w * x + bias[j]!));
    const error = hidden.reduce((sum, h, j) => sum + out[j]! * h, net.last) - target[i]!;
    const pull = (2 * error) / places.length;
    slopes.loss += error ** 2 / places.length;
    slopes.last += pull;
    for (const [j, h] of hidden.entries()) {
      const inside = pull * out[j]! * (1 - h * h);
      slopes.out[j]! += pull * h;
      slopes.inward[j]! += inside * x;
      slopes.bias[j]! += inside;
    }
  }
  return slopes;
}
