import { DtypeError, ShapeError, ValueError } from '../errors';
import { joining } from '../ops/joining/cat';
import { recurrences } from '../ops/networks/recurrence';
import { requireBooleans, requireFloatTensor, requireOneOf, requireSizes } from '../ops/table/arguments';
import { zeros } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import { formatShape, type Shape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { linear } from './functional/linear';
import { uniform_ } from './init';
import { Module } from './module';
import { Parameter } from './parameter';

/** Weights and biases of a recurrent step. */
export interface StepWeights {
  readonly weightIh: Tensor;
  readonly weightHh: Tensor;
  readonly biasIh: Tensor | null;
  readonly biasHh: Tensor | null;
  /** Projection of an LSTM's output, or `null`. */
  readonly weightHr: Tensor | null;
}

/** Computes the next state (of an LSTM two tensors) from the input's part of the gates and the state. */
export type Step = (fromInput: Tensor, state: readonly Tensor[], weights: StepWeights) => Tensor[];

/**
 * Computes the outputs `[L, N, H]` and the last state from the input's part of the gates `[L, N, gates·H]`, with both
 * biases, and the initial state, which may be all zeros.
 */
export type Steps = (
  fromInput: Tensor,
  state: readonly Tensor[],
  weights: StepWeights,
  isZero: boolean,
) => [output: Tensor, end: Tensor[]];

/** The step that a network or cell computes. */
export interface Recurrence {
  /** Number of vectors of the hidden size that the linear maps compute. */
  readonly gates: number;
  /** Number of tensors in the state. */
  readonly states: 1 | 2;
  readonly step: Step;
  /** All steps at once; only for a batch without projection. */
  readonly steps?: Steps;
}

const fromState = (h: Tensor, { weightHh, biasHh }: StepWeights) => linear(h, weightHh, biasHh);

/** The parts of `gates` that belong to each gate. */
const split = (gates: Tensor, count: number) => gates.split(gates.sizes[gates.ndim - 1] / count, -1);

/** Names of the activations of a simple network. */
export type RecurrentNonlinearity = 'tanh' | 'relu';

/**
 * The simple recurrent network: `h' = activation(W_ih x + b_ih + W_hh h + b_hh)`.
 * @throws {ValueError} if the activation is neither `tanh` nor `relu`.
 * @internal
 */
export function simpleRecurrence(op: string, nonlinearity: RecurrentNonlinearity): Recurrence {
  requireOneOf(op, { nonlinearity }, ['tanh', 'relu']);
  return { gates: 1, states: 1, step: (x, [h], w) => [x.add(fromState(h, w))[nonlinearity]()] };
}

/** The long short-term memory, after Hochreiter and Schmidhuber, with forget gate. @internal */
export const lstmRecurrence: Recurrence = {
  gates: 4,
  states: 2,
  step: (x, [h, c], w) => {
    const [input, forget, candidate, output] = split(x.add(fromState(h, w)), 4);
    const cell = forget.sigmoid().mul(c).add(input.sigmoid().mul(candidate.tanh()));
    const hidden = output.sigmoid().mul(cell.tanh());
    return [w.weightHr === null ? hidden : linear(hidden, w.weightHr), cell];
  },
  steps: (x, [h, c], { weightHh }, isZero) => {
    // The initial state contributes to the sums of the first step.
    const first = () => x.narrow(0, 0, 1).add(linear(h, weightHh));
    const sums = isZero ? x : joining.cat([first(), x.narrow(0, 1, x.sizes[0] - 1)]);
    const { hidden, cells } = recurrences.lstmSteps(sums, weightHh, c);
    return [hidden, [hidden.select(0, -1), cells.select(0, -1)]];
  },
};

/** The gated recurrent unit, after Cho and others. @internal */
export const gruRecurrence: Recurrence = {
  gates: 3,
  states: 1,
  step: (x, [h], w) => {
    const [resetX, updateX, newX] = split(x, 3);
    const [resetH, updateH, newH] = split(fromState(h, w), 3);
    const reset = resetX.add(resetH).sigmoid();
    const update = updateX.add(updateH).sigmoid();
    const candidate = newX.add(reset.mul(newH)).tanh();
    return [candidate.add(update.mul(h.sub(candidate)))];
  },
};

/**
 * Checks an input of one step or of a sequence.
 * @throws {ShapeError} for another number of dimensions or another size of the last; {@link DtypeError} for another
 * dtype than the weights'.
 * @internal
 */
export function checkRecurrentInput(op: string, x: Tensor, ranks: readonly number[], size: number, dtype: Dtype): void {
  requireFloatTensor(op, x);
  if (!ranks.includes(x.ndim))
    throw new ShapeError(`${op}: needs an input of ${ranks.join(' or ')} dimensions, got ${formatShape(x.sizes)}`);
  if (x.sizes[x.ndim - 1] !== size)
    throw new ShapeError(
      `${op}: the last dimension of an input of shape ${formatShape(x.sizes)} must have inputSize ${size}`,
    );
  if (x.dtype !== dtype)
    throw new DtypeError(
      `${op}: the input is ${x.dtype}, the weights are ${dtype}; convert the input with to('${dtype}'), or the module`,
    );
}

/**
 * The initial state: the given one, or zeros.
 * @throws {ValueError} for another number of tensors; {@link ShapeError} for other shapes.
 * @internal
 */
export function startFrom(
  op: string,
  given: Tensor | readonly Tensor[] | null,
  shapes: readonly Shape[],
  dtype: Dtype,
): readonly Tensor[] {
  if (given === null) return shapes.map((shape) => zeros(shape, { dtype }));
  const state = given instanceof Tensor ? [given] : given;
  if (!Array.isArray(state) || state.length !== shapes.length)
    throw new ValueError(
      `${op}: the state hx must be ${shapes.length === 1 ? 'a tensor' : 'a pair of tensors [h, c]'}`,
    );
  state.forEach((t, i) => {
    requireFloatTensor(op, t, 'hx');
    if (!sameShape(t.shape, shapes[i]))
      throw new ShapeError(
        `${op}: a state of shape ${formatShape(t.shape)} does not fit this input; expected ${formatShape(shapes[i])}`,
      );
  });
  return state;
}

/** Weights uniform in `±1/√hiddenSize`, one after the other. @internal */
export function drawRecurrent(parameters: Iterable<Parameter>, hiddenSize: number): void {
  const bound = hiddenSize > 0 ? 1 / Math.sqrt(hiddenSize) : 0;
  for (const parameter of parameters) uniform_(parameter, -bound, bound);
}

/** Options of {@link LSTMCell} and {@link GRUCell}. */
export interface RecurrentCellOptions {
  /** Add biases; default `true`. */
  bias?: boolean;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/** Base class of the cells: one step of a recurrent network. */
abstract class RNNCellBase<H extends Tensor | [Tensor, Tensor]> extends Module<[input: Tensor, hx?: H | null], H> {
  /** Size of the last dimension of the input. */
  readonly inputSize: number;
  /** Size of the last dimension of the state. */
  readonly hiddenSize: number;
  /** Weights on the input `[gates·hiddenSize, inputSize]`. */
  weightIh: Parameter;
  /** Weights on the state `[gates·hiddenSize, hiddenSize]`. */
  weightHh: Parameter;
  /** Bias of the map of the input `[gates·hiddenSize]`, or `null`. */
  biasIh: Parameter | null;
  /** Bias of the map of the state `[gates·hiddenSize]`, or `null`. */
  biasHh: Parameter | null;
  private readonly recurrence: Recurrence;

  /** @internal */
  constructor(inputSize: number, hiddenSize: number, options: RecurrentCellOptions, recurrence: Recurrence) {
    super();
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    const { bias = true, dtype } = options;
    const op = this.constructor.name;
    requireSizes(op, { inputSize, hiddenSize }, 0);
    requireBooleans(op, { bias });
    this.recurrence = recurrence;
    const rows = recurrence.gates * hiddenSize;
    this.weightIh = new Parameter(zeros([rows, inputSize], { dtype }));
    this.weightHh = new Parameter(zeros([rows, hiddenSize], { dtype }));
    this.biasIh = bias ? new Parameter(zeros([rows], { dtype })) : null;
    this.biasHh = bias ? new Parameter(zeros([rows], { dtype })) : null;
    this.resetParameters();
  }

  /** Initializes the parameters again, uniform in `±1/√hiddenSize` (`torch.nn.RNNCell.reset_parameters`). */
  resetParameters(): void {
    drawRecurrent(this.parameters(), this.hiddenSize);
  }

  /** The state after the input `[N, inputSize]` or `[inputSize]`; `hx` is the previous state, zeros by default. */
  forward(input: Tensor, hx: H | null = null): H {
    const op = this.constructor.name;
    const { step, states } = this.recurrence;
    const { weightIh, weightHh, biasIh, biasHh } = this;
    checkRecurrentInput(op, input, [1, 2], this.inputSize, weightIh.dtype);
    const shape = [...input.sizes.slice(0, -1), this.hiddenSize];
    const state = startFrom(op, hx, states === 1 ? [shape] : [shape, shape], input.dtype);
    const weights = { weightIh, weightHh, biasIh, biasHh, weightHr: null };
    const next = step(linear(input, weightIh, biasIh), state, weights);
    return (states === 1 ? next[0] : next) as H;
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.biasIh === null ? ', bias=False' : ''}`;
  }
}

/** Options of {@link RNNCell}. */
export interface RNNCellOptions {
  /** Add biases; default `true`. */
  bias?: boolean;
  /** The activation; default `'tanh'`. */
  nonlinearity?: RecurrentNonlinearity;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/**
 * One step of a simple recurrent network (`torch.nn.RNNCell`): `h' = tanh(W_ih x + b_ih + W_hh h + b_hh)`.
 * `cell(input, hx)` returns the next state.
 */
export class RNNCell extends RNNCellBase<Tensor> {
  /** The activation. */
  readonly nonlinearity: RecurrentNonlinearity;

  /**
   * A cell from `inputSize` numbers to a state of `hiddenSize`, with PyTorch's initial weights.
   * @throws {ValueError} if a size is no whole number, or an option not among its values.
   */
  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    const { nonlinearity = 'tanh' } = options;
    super(inputSize, hiddenSize, options, simpleRecurrence('RNNCell', nonlinearity));
    this.nonlinearity = nonlinearity;
  }

  override extraRepr(): string {
    return `${super.extraRepr()}${this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`}`;
  }
}

/**
 * One step of a long short-term memory (`torch.nn.LSTMCell`). `cell(input, [h, c])` returns the next `[h, c]`:
 * `c' = σ(f)·c + σ(i)·tanh(g)`, `h' = σ(o)·tanh(c')`, where `[i, f, g, o] = W_ih x + b_ih + W_hh h + b_hh`.
 */
export class LSTMCell extends RNNCellBase<[Tensor, Tensor]> {
  /**
   * A cell from `inputSize` numbers to a state of twice `hiddenSize`, with PyTorch's initial weights.
   * @throws {ValueError} if a size is no whole number, or `bias` neither `true` nor `false`.
   */
  constructor(inputSize: number, hiddenSize: number, options: RecurrentCellOptions = {}) {
    super(inputSize, hiddenSize, options, lstmRecurrence);
  }
}

/**
 * One step of a gated recurrent unit (`torch.nn.GRUCell`). `cell(input, hx)` returns the next state
 * `h' = (1 - z)·n + z·h`, where `r = σ(W_ir x + b_ir + W_hr h + b_hr)`, `z` likewise, and
 * `n = tanh(W_in x + b_in + r·(W_hn h + b_hn))`.
 */
export class GRUCell extends RNNCellBase<Tensor> {
  /**
   * A cell from `inputSize` numbers to a state of `hiddenSize`, with PyTorch's initial weights.
   * @throws {ValueError} if a size is no whole number, or `bias` neither `true` nor `false`.
   */
  constructor(inputSize: number, hiddenSize: number, options: RecurrentCellOptions = {}) {
    super(inputSize, hiddenSize, options, gruRecurrence);
  }
}
