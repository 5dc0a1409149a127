import { repr } from '../display';
import { ShapeError, ValueError } from '../errors';
import { joining } from '../ops/joining/cat';
import { requireBooleans, requireSizes } from '../ops/table/arguments';
import { zeros } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { dropout as dropoutOf, linear } from './functional';
import { checkDropout } from './functional/dropout';
import { Module } from './module';
import { Parameter } from './parameter';
import {
  checkRecurrentInput,
  drawRecurrent,
  gruRecurrence,
  lstmRecurrence,
  type Recurrence,
  type RecurrentNonlinearity,
  type StepWeights,
  simpleRecurrence,
  startFrom,
} from './recurrent-cells';

/** Options that all recurrent networks share. */
export interface RecurrentOptions {
  /** Add biases; default `true`. */
  bias?: boolean;
  /** Inputs and outputs are `[N, L, …]` instead of `[L, N, …]`; the states are not; default `false`. */
  batchFirst?: boolean;
  /** Probability with which the outputs of every layer but the last are dropped in training; default 0. */
  dropout?: number;
  /** Run over the sequence in both directions, and join the outputs; default `false`. */
  bidirectional?: boolean;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/** Kind and sizes of a network, from its constructor. */
interface Architecture extends RecurrentOptions {
  readonly recurrence: Recurrence;
  readonly numLayers?: number;
  readonly projSize?: number;
}

/** Base class of recurrent networks: layers over a sequence, in one direction or both. */
abstract class RNNBase<H extends Tensor | [Tensor, Tensor]> extends Module<
  [input: Tensor, hx?: H | null],
  [output: Tensor, hx: H]
> {
  /** Size of the last dimension of the input. */
  readonly inputSize: number;
  /** Size of the last dimension of the state. */
  readonly hiddenSize: number;
  /**
   * Weights of the first layer for the input; those of layer 1 are `weightIhL1`, of the reverse direction
   * `weightIhL1Reverse`.
   */
  declare weightIhL0: Parameter;
  /** Weights of the first layer for its state. */
  declare weightHhL0: Parameter;
  /** Bias added with `weightIhL0`; absent without a bias. */
  declare biasIhL0?: Parameter;
  /** Bias added with `weightHhL0`; absent without a bias. */
  declare biasHhL0?: Parameter;
  /** Number of layers. */
  readonly numLayers: number;
  /** Whether there are biases. */
  readonly bias: boolean;
  /** Whether inputs and outputs are `[N, L, …]`. */
  readonly batchFirst: boolean;
  /** Probability with which outputs between layers are dropped in training. */
  readonly dropout: number;
  /** Whether there are layers that run backwards. */
  readonly bidirectional: boolean;
  /** Size of the projected output, or 0. */
  readonly projSize: number;
  private readonly recurrence: Recurrence;

  /** @internal */
  constructor(inputSize: number, hiddenSize: number, architecture: Architecture) {
    super();
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    const { recurrence, numLayers = 1, bias = true, batchFirst = false, dropout = 0 } = architecture;
    const { bidirectional = false, projSize = 0, dtype } = architecture;
    const op = this.constructor.name;
    requireSizes(op, { inputSize, hiddenSize, numLayers });
    requireBooleans(op, { bias, batchFirst, bidirectional });
    checkDropout(op, dropout);
    requireSizes(op, { projSize }, 0);
    if (projSize >= hiddenSize)
      throw new ValueError(`${op}: projSize ${projSize} must be smaller than hiddenSize ${hiddenSize}`);
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.projSize = projSize;
    this.recurrence = recurrence;
    const rows = recurrence.gates * hiddenSize;
    const out = this.outputSize;
    const hold = (name: string, shape: number[]) =>
      Object.assign(this, { [name]: new Parameter(zeros(shape, { dtype })) });
    for (const [suffix, layer] of this.directions()) {
      hold(`weightIh${suffix}`, [rows, layer === 0 ? inputSize : out * this.directionCount]);
      hold(`weightHh${suffix}`, [rows, out]);
      if (bias) hold(`biasIh${suffix}`, [rows]);
      if (bias) hold(`biasHh${suffix}`, [rows]);
      if (projSize > 0) hold(`weightHr${suffix}`, [projSize, hiddenSize]);
    }
    this.resetParameters();
  }

  private get directionCount(): 1 | 2 {
    return this.bidirectional ? 2 : 1;
  }

  private get outputSize(): number {
    return this.projSize === 0 ? this.hiddenSize : this.projSize;
  }

  /** Suffix of the parameter names for every layer and direction, and the number of the layer. */
  private directions(): [suffix: string, layer: number][] {
    return Array.from({ length: this.numLayers }, (_, layer) =>
      ['', 'Reverse'].slice(0, this.directionCount).map((d): [string, number] => [`L${layer}${d}`, layer]),
    ).flat();
  }

  /** Initializes the parameters again, uniform in `±1/√hiddenSize` (`torch.nn.RNN.reset_parameters`). */
  resetParameters(): void {
    drawRecurrent(this.parameters(), this.hiddenSize);
  }

  /**
   * Outputs of the last layer for a sequence `[L, N, inputSize]`, or `[L, inputSize]` without a batch, and the last
   * state of every layer and direction; `hx` holds the states before, zeros if left out.
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} for another dtype than the weights'.
   */
  forward(input: Tensor, hx: H | null = null): [output: Tensor, hx: H] {
    const op = this.constructor.name;
    checkRecurrentInput(op, input, [2, 3], this.inputSize, this.weightIhL0.dtype);
    const swap = this.batchFirst && input.ndim === 3;
    let x = swap ? input.transpose(0, 1) : input;
    if (x.sizes[0] === 0)
      throw new ShapeError(`${op}: the sequence in an input of shape ${formatShape(input.sizes)} has length 0`);
    const directions = this.directions();
    const shapes = [this.outputSize, this.hiddenSize]
      .slice(0, this.recurrence.states)
      .map((size) => [directions.length, ...x.sizes.slice(1, -1), size]);
    const starts = startFrom(op, hx, shapes, x.dtype);
    const ends: Tensor[][] = [];
    for (let layer = 0; layer < this.numLayers; layer++) {
      const outputs: Tensor[] = [];
      for (let d = 0; d < this.directionCount; d++) {
        const start = starts.map((s) => s.select(0, ends.length));
        const [output, end] = this.runLayer(x, start, this.weightsOf(directions[ends.length][0]), d === 1, hx === null);
        outputs.push(output);
        ends.push(end);
      }
      x = outputs.length === 1 ? outputs[0] : joining.cat(outputs, -1);
      if (this.training && this.dropout > 0 && layer < this.numLayers - 1) x = dropoutOf(x, this.dropout);
    }
    const last = starts.map((_, i) => joining.stack(ends.map((end) => end[i])));
    return [swap ? x.transpose(0, 1) : x, (last.length === 1 ? last[0] : last) as H];
  }

  private weightsOf(suffix: string): StepWeights {
    const own = this as unknown as Record<string, Parameter | undefined>;
    const of = (name: string) => own[`${name}${suffix}`] ?? null;
    const [weightIh, weightHh] = [of('weightIh')!, of('weightHh')!];
    return { weightIh, weightHh, biasIh: of('biasIh'), biasHh: of('biasHh'), weightHr: of('weightHr') };
  }

  /** One layer in one direction: its outputs in the order of the input, and its last state. */
  private runLayer(
    x: Tensor,
    start: readonly Tensor[],
    w: StepWeights,
    backwards: boolean,
    isZero: boolean,
  ): [output: Tensor, end: Tensor[]] {
    // The input's part of the gates does not depend on the state: one product for the whole sequence.
    const { steps } = this.recurrence;
    if (steps !== undefined && w.weightHr === null && x.ndim === 3) {
      const gates = linear(x, w.weightIh, w.biasIh?.add(w.biasHh!) ?? null);
      if (!backwards) return steps(gates, start, w, isZero);
      const [output, end] = steps(gates.flip(0), start, w, isZero);
      return [output.flip(0), end];
    }
    const fromInput = linear(x, w.weightIh, w.biasIh).unbind(0);
    const outputs = new Array<Tensor>(fromInput.length);
    let state = [...start];
    for (let i = 0; i < fromInput.length; i++) {
      const t = backwards ? fromInput.length - 1 - i : i;
      state = this.recurrence.step(fromInput[t], state, w);
      outputs[t] = state[0];
    }
    return [joining.stack(outputs), state];
  }

  override extraRepr(): string {
    const { projSize, numLayers, bias, batchFirst, dropout, bidirectional } = this;
    const unusual = Object.entries({ projSize, numLayers, bias, batchFirst, dropout, bidirectional })
      .filter(([name, value]) => value !== usual[name])
      .map(([name, value]) => `, ${name}=${repr(value)}`);
    return `${this.inputSize}, ${this.hiddenSize}${unusual.join('')}`;
  }
}

/** Values that are not printed. */
const usual: Record<string, unknown> = {
  projSize: 0,
  numLayers: 1,
  bias: true,
  batchFirst: false,
  dropout: 0,
  bidirectional: false,
};

/** Options of {@link RNN}. */
export interface RNNOptions extends RecurrentOptions {
  /** Layers, each over the outputs of the one before; default 1. */
  numLayers?: number;
  /** The activation; default `'tanh'`. */
  nonlinearity?: RecurrentNonlinearity;
}

/**
 * Simple recurrent network (`torch.nn.RNN`): `h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)` over a sequence
 * `[L, N, inputSize]`, in one layer or several. `rnn(input, hx)` returns `[output, h]`: the outputs of the last layer
 * `[L, N, hiddenSize]`, and the last state of every layer `[numLayers, N, hiddenSize]`. Both directions double the last
 * dimension of the outputs and the first of the states.
 */
export class RNN extends RNNBase<Tensor> {
  /** The activation. */
  readonly nonlinearity: RecurrentNonlinearity;

  /**
   * A network from `inputSize` numbers to a state of `hiddenSize`, with PyTorch's initial weights.
   * @throws {ValueError} if a size is no whole number above 0, or an option not among its values.
   */
  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    const { nonlinearity = 'tanh' } = options;
    super(inputSize, hiddenSize, { ...options, recurrence: simpleRecurrence('RNN', nonlinearity) });
    this.nonlinearity = nonlinearity;
  }
}

/** Options of {@link LSTM}. */
export interface LSTMOptions extends RecurrentOptions {
  /** Layers, each over the outputs of the one before; default 1. */
  numLayers?: number;
  /** Project the outputs to this size, smaller than the hidden size; default 0: do not. */
  projSize?: number;
}

/**
 * Long short-term memory (`torch.nn.LSTM`) over a sequence `[L, N, inputSize]`; see {@link LSTMCell} for one step and
 * {@link RNN} for the shapes. `lstm(input, [h, c])` returns `[output, [h, c]]`.
 *
 * @example
 * const lstm = new nn.LSTM(3, 4);
 * const [output, [h, c]] = lstm(rand([7, 2, 3]));
 * [output.shape, h.shape, c.shape] // [[7, 2, 4], [1, 2, 4], [1, 2, 4]]
 */
export class LSTM extends RNNBase<[Tensor, Tensor]> {
  /** Projection of the first layer's outputs, unless there is none. */
  declare weightHrL0?: Parameter;

  /**
   * A network from `inputSize` numbers to a state of twice `hiddenSize`, with PyTorch's initial weights.
   * @throws {ValueError} if a size is no whole number above 0, or an option not among its values.
   */
  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    super(inputSize, hiddenSize, { ...options, recurrence: lstmRecurrence });
  }
}

/** Options of {@link GRU}. */
export interface GRUOptions extends RecurrentOptions {
  /** Layers, each over the outputs of the one before; default 1. */
  numLayers?: number;
}

/**
 * Gated recurrent unit (`torch.nn.GRU`) over a sequence `[L, N, inputSize]`; see {@link GRUCell} for one step and
 * {@link RNN} for the shapes. `gru(input, hx)` returns `[output, h]`.
 */
export class GRU extends RNNBase<Tensor> {
  /**
   * A network from `inputSize` numbers to a state of `hiddenSize`, with PyTorch's initial weights.
   * @throws {ValueError} if a size is no whole number above 0, or an option not among its values.
   */
  constructor(inputSize: number, hiddenSize: number, options: GRUOptions = {}) {
    super(inputSize, hiddenSize, { ...options, recurrence: gruRecurrence });
  }
}
