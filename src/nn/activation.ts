import { floatRepr, repr } from '../display';
import { ValueError } from '../errors';
import { requireSizes } from '../ops/table/arguments';
import { checkKind } from '../options';
import { full } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';
import {
  type celu,
  type elu,
  type gelu,
  glu,
  type HardtanhOptions,
  type hardshrink,
  type hardsigmoid,
  type hardswish,
  hardtanh,
  type InplaceOption,
  type leakyRelu,
  type logsigmoid,
  type mish,
  prelu,
  type relu,
  type relu6,
  type rrelu,
  type selu,
  type sigmoid,
  type silu,
  softmin,
  type softplus,
  type softshrink,
  type softsign,
  type tanh,
  type tanhshrink,
  threshold,
} from './functional';
import { Module } from './module';
import { noteMembers } from './module-tree';
import { Parameter } from './parameter';
import { requireSpatial } from './spatial';

/**
 * The activations that are their function with its options. The build writes the classes (`activations.ts`), with the function's
 * documentation. Tags say what its settings print (`@prints nothing`, or `@prints values` without names), and whether the
 * module keeps neither input nor output (`@passesOn`, see recycling.ts).
 * @internal
 */
export interface Activations {
  CELU: typeof celu;
  /** @passesOn */
  ELU: typeof elu;
  /** @passesOn */
  GELU: typeof gelu;
  /** @prints values */
  Hardshrink: typeof hardshrink;
  /** @prints nothing */
  Hardsigmoid: typeof hardsigmoid;
  /** @prints nothing */
  Hardswish: typeof hardswish;
  /** @passesOn */
  LeakyReLU: typeof leakyRelu;
  LogSigmoid: typeof logsigmoid;
  Mish: typeof mish;
  /**
   * @passesOn
   * @example
   * new nn.ReLU()(tensor([-1, 2])) // tensor([0., 2.])
   */
  ReLU: typeof relu;
  ReLU6: typeof relu6;
  RReLU: typeof rrelu;
  SELU: typeof selu;
  /** @passesOn */
  Sigmoid: typeof sigmoid;
  /** @passesOn */
  SiLU: typeof silu;
  Softplus: typeof softplus;
  /** @prints values */
  Softshrink: typeof softshrink;
  Softsign: typeof softsign;
  /** @passesOn */
  Tanh: typeof tanh;
  Tanhshrink: typeof tanhshrink;
}

/** Base class of activations. */
export abstract class Activation extends Module {
  /** Settings as printed. @internal */
  protected printed(...parts: string[]): string {
    return parts.join(', ');
  }

  override extraRepr(): string {
    return this.printed();
  }
}

/** Base class of activations that can overwrite their input. */
export abstract class InplaceActivation extends Activation {
  /** Whether the input is overwritten. */
  readonly inplace: boolean;

  constructor(options: InplaceOption = {}) {
    const { inplace = false } = options;
    super();
    this.inplace = inplace;
  }

  /** @internal */
  protected override printed(...parts: string[]): string {
    return super.printed(...parts, ...(this.inplace ? ['inplace=True'] : []));
  }
}

/** Options of {@link PReLU}. */
export interface PReLUOptions {
  /** 1 (default), or the number of channels `C` of inputs `[N, C, …]`, each with its own learned factor. */
  numParameters?: number;
  /** The initial factor; default 0.25. */
  init?: number;
  /** Dtype of the parameter; default `float32`. */
  dtype?: Dtype;
}

/** `x` above 0, else `weight·x` with a learnt weight (`torch.nn.PReLU`). */
export class PReLU extends Module {
  /** `[numParameters]`. */
  weight: Parameter;
  /** How many factors are learnt. */
  readonly numParameters: number;
  /** The factor to start from. */
  readonly init: number;

  /** @throws {ValueError} if the number of parameters is not a whole number, 1 or more. */
  constructor(options: PReLUOptions = {}) {
    const { numParameters = 1, init = 0.25, dtype } = options;
    super();
    requireSizes('PReLU', { numParameters });
    this.numParameters = numParameters;
    this.init = init;
    this.weight = new Parameter(full([numParameters], init, { dtype: dtype ?? 'float32' }));
    noteMembers(this);
  }

  forward(input: Tensor): Tensor {
    return prelu(input, this.weight);
  }

  override extraRepr(): string {
    return `numParameters=${this.numParameters}`;
  }
}

/** `min(max(x, minVal), maxVal)` (`torch.nn.Hardtanh`). */
export class Hardtanh extends InplaceActivation {
  /** Lower bound. */
  readonly minVal: number;
  /** Upper bound. */
  readonly maxVal: number;

  /** @throws {ValueError} unless the upper bound is above the lower one. */
  constructor(options: HardtanhOptions = {}) {
    const { minVal = -1, maxVal = 1, inplace } = options;
    super({ inplace });
    if (!(minVal < maxVal)) throw new ValueError(`Hardtanh: minVal is ${minVal}, not less than maxVal, ${maxVal}`);
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  forward(input: Tensor): Tensor {
    return hardtanh(input, this);
  }

  override extraRepr(): string {
    return this.printed(`minVal=${floatRepr(this.minVal)}`, `maxVal=${floatRepr(this.maxVal)}`);
  }
}

/** `x` above `threshold`, else `value` (`torch.nn.Threshold`). */
export class Threshold extends InplaceActivation {
  constructor(
    /** Above this value the input is unchanged. */
    readonly threshold: number,
    /** The result for all other inputs. */
    readonly value: number,
    options: InplaceOption = {},
  ) {
    for (const [name, given] of Object.entries({ threshold, value })) checkKind('Threshold', name, given, 'number');
    super(options);
  }

  forward(input: Tensor): Tensor {
    return threshold(input, this.threshold, this.value, this);
  }

  override extraRepr(): string {
    return this.printed(`threshold=${repr(this.threshold)}`, `value=${repr(this.value)}`);
  }
}

/** Base of the modules that work along a dimension. */
abstract class AlongDimension extends Module {
  constructor(
    /** The dimension that is halved, or along which the results, or their exponentials, sum to 1. */
    readonly dim: number,
  ) {
    checkKind(new.target.name, 'dim', dim, 'number');
    super();
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** Gated linear unit: the first half along a dimension times the logistic function of the second (`torch.nn.GLU`). */
export class GLU extends AlongDimension {
  constructor(dim = -1) {
    super(dim);
  }

  forward(input: Tensor): Tensor {
    return glu(input, this.dim);
  }
}

/**
 * Softmax along a dimension (`torch.nn.Softmax`): positive and summing to 1.
 *
 * @example
 * new nn.Softmax(1)(tensor([[0, 0, 0, 0]])) // tensor([[0.2500, 0.2500, 0.2500, 0.2500]])
 */
export class Softmax extends AlongDimension {
  forward(input: Tensor): Tensor {
    return input.softmax(this.dim);
  }
}

/** Logarithm of the softmax along a dimension (`torch.nn.LogSoftmax`). */
export class LogSoftmax extends AlongDimension {
  forward(input: Tensor): Tensor {
    return input.logSoftmax(this.dim);
  }
}

/** Softmax of `-x` along a dimension: the smallest element gets the largest weight (`torch.nn.Softmin`). */
export class Softmin extends AlongDimension {
  forward(input: Tensor): Tensor {
    return softmin(input, this.dim);
  }
}

/** Softmax over the channels of images `[C, H, W]` or `[N, C, H, W]` (`torch.nn.Softmax2d`). */
export class Softmax2d extends Module {
  /** @throws {ShapeError} unless the input has three or four dimensions. */
  forward(input: Tensor): Tensor {
    requireSpatial('Softmax2d', input, 2);
    return input.softmax(-3);
  }
}
