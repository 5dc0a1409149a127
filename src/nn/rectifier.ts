// Activations that bend or cut off the identity.

import { floatRepr, repr } from '../display';
import { ValueError } from '../errors';
import { requireSizes } from '../ops/table/arguments';
import { checkKind } from '../options';
import { full } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';
import {
  celu,
  type EluOptions,
  elu,
  type HardtanhOptions,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  type InplaceOption,
  type LeakyReluOptions,
  leakyRelu,
  prelu,
  type RreluOptions,
  relu,
  relu6,
  rrelu,
  type ShrinkOptions,
  selu,
  softshrink,
  threshold,
} from './functional';
import { Module } from './module';
import { noteMembers } from './module-tree';
import { Parameter } from './parameter';
import { passOn } from './recycling';

/** Base class of activations that can overwrite their input. */
export abstract class InplaceActivation extends Module {
  /** Whether the input is overwritten. */
  readonly inplace: boolean;

  constructor(options: InplaceOption = {}) {
    const { inplace = false } = options;
    super();
    this.inplace = inplace;
  }

  /** Parameters as printed, and `inplace=True` after them. @internal */
  protected printed(...parts: string[]): string {
    return [...parts, ...(this.inplace ? ['inplace=True'] : [])].join(', ');
  }

  override extraRepr(): string {
    return this.printed();
  }
}

/**
 * `max(x, 0)` (`torch.nn.ReLU`).
 *
 * @example
 * new nn.ReLU()(tensor([-1, 2])) // tensor([0., 2.])
 */
export class ReLU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return relu(input, this);
  }
}

/** `min(max(x, 0), 6)` (`torch.nn.ReLU6`). */
export class ReLU6 extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return relu6(input, this);
  }
}

/** `x` above 0, else `negativeSlope·x` (`torch.nn.LeakyReLU`). */
export class LeakyReLU extends InplaceActivation {
  /** Factor below 0. */
  readonly negativeSlope: number;

  constructor(options: LeakyReluOptions = {}) {
    const { negativeSlope = 0.01, inplace } = options;
    super({ inplace });
    this.negativeSlope = negativeSlope;
  }

  forward(input: Tensor): Tensor {
    return leakyRelu(input, this);
  }

  override extraRepr(): string {
    return this.printed(`negativeSlope=${floatRepr(this.negativeSlope)}`);
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

/** `x` above 0, else `a·x`; in training `a` is drawn for each element (`torch.nn.RReLU`). */
export class RReLU extends InplaceActivation {
  /** Smallest factor below 0. */
  readonly lower: number;
  /** Largest factor below 0. */
  readonly upper: number;

  constructor(options: Omit<RreluOptions, 'training'> = {}) {
    const { lower = 1 / 8, upper = 1 / 3, inplace } = options;
    super({ inplace });
    this.lower = lower;
    this.upper = upper;
  }

  /** Marks the module as behaving differently in training. @internal */
  get hasModes(): true {
    return true;
  }

  forward(input: Tensor): Tensor {
    return rrelu(input, this);
  }

  override extraRepr(): string {
    return this.printed(`lower=${floatRepr(this.lower)}`, `upper=${floatRepr(this.upper)}`);
  }
}

/** Base of {@link ELU} and {@link CELU}: the parameter. */
abstract class WithAlpha extends InplaceActivation {
  /** The function goes to `-alpha` far below 0. */
  readonly alpha: number;

  constructor(options: EluOptions = {}) {
    const { alpha = 1, inplace } = options;
    super({ inplace });
    this.alpha = alpha;
  }

  override extraRepr(): string {
    return this.printed(`alpha=${floatRepr(this.alpha)}`);
  }
}

/** `x` above 0, else `alpha·(e^x - 1)` (`torch.nn.ELU`). */
export class ELU extends WithAlpha {
  forward(input: Tensor): Tensor {
    return elu(input, this);
  }
}

/** `x` above 0, else `alpha·(e^(x/alpha) - 1)` (`torch.nn.CELU`). */
export class CELU extends WithAlpha {
  forward(input: Tensor): Tensor {
    return celu(input, this);
  }
}

/** `1.0507·x` above 0, else `1.7581·(e^x - 1)` (`torch.nn.SELU`). */
export class SELU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return selu(input, this);
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

/** `relu6(x + 3) / 6` (`torch.nn.Hardsigmoid`). */
export class Hardsigmoid extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return hardsigmoid(input, this);
  }

  override extraRepr(): string {
    return '';
  }
}

/** `x·relu6(x + 3) / 6` (`torch.nn.Hardswish`). */
export class Hardswish extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return hardswish(input, this);
  }

  override extraRepr(): string {
    return '';
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

/** Base of {@link Hardshrink} and {@link Softshrink}: the parameter. */
abstract class Shrink extends Module {
  /** Half the width of the range that becomes 0. */
  readonly lambd: number;

  constructor(options: ShrinkOptions = {}) {
    const { lambd = 0.5 } = options;
    super();
    this.lambd = lambd;
  }

  override extraRepr(): string {
    return floatRepr(this.lambd);
  }
}

/** `x` outside `-lambd` to `lambd`, else 0 (`torch.nn.Hardshrink`). */
export class Hardshrink extends Shrink {
  forward(input: Tensor): Tensor {
    return hardshrink(input, this);
  }
}

/** `x` moved towards 0 by `lambd`, 0 where it would pass it (`torch.nn.Softshrink`). */
export class Softshrink extends Shrink {
  forward(input: Tensor): Tensor {
    return softshrink(input, this);
  }
}

passOn(ReLU, LeakyReLU, ELU);
