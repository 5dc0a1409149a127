import { floatRepr } from '../display';
import { requireOneOf } from '../ops/table/arguments';
import { checkKind } from '../options';
import type { Tensor } from '../tensor/tensor';
import {
  type GeluOptions,
  gelu,
  glu,
  logsigmoid,
  mish,
  type SoftplusOptions,
  silu,
  softmin,
  softplus,
  softsign,
  tanhshrink,
} from './functional';
import { Module } from './module';
import { InplaceActivation } from './rectifier';
import { passOn } from './recycling';
import { requireSpatial } from './spatial';

/** Logistic function `1 / (1 + e^(-x))` (`torch.nn.Sigmoid`). */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

/** `ln(1 / (1 + e^(-x)))` without overflow (`torch.nn.LogSigmoid`). */
export class LogSigmoid extends Module {
  forward(input: Tensor): Tensor {
    return logsigmoid(input);
  }
}

/** Hyperbolic tangent (`torch.nn.Tanh`). */
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return input.tanh();
  }
}

/** `x - tanh x` (`torch.nn.Tanhshrink`). */
export class Tanhshrink extends Module {
  forward(input: Tensor): Tensor {
    return tanhshrink(input);
  }
}

/** `x / (1 + |x|)` (`torch.nn.Softsign`). */
export class Softsign extends Module {
  forward(input: Tensor): Tensor {
    return softsign(input);
  }
}

/** `ln(1 + e^(beta·x)) / beta`, a smooth {@link ReLU} (`torch.nn.Softplus`). */
export class Softplus extends Module {
  /** Steepness at 0. */
  readonly beta: number;
  /** Above this value of `beta·x` the result is `x` itself. */
  readonly threshold: number;

  constructor(options: SoftplusOptions = {}) {
    const { beta = 1, threshold = 20 } = options;
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  forward(input: Tensor): Tensor {
    return softplus(input, this);
  }

  override extraRepr(): string {
    return `beta=${floatRepr(this.beta)}, threshold=${floatRepr(this.threshold)}`;
  }
}

/** `x·Φ(x)` with the normal distribution `Φ`, or its approximation by a hyperbolic tangent (`torch.nn.GELU`). */
export class GELU extends Module {
  /** `'none'` or `'tanh'`. */
  readonly approximate: 'none' | 'tanh';

  constructor(options: GeluOptions = {}) {
    const { approximate = 'none' } = options;
    requireOneOf('GELU', { approximate }, ['none', 'tanh']);
    super();
    this.approximate = approximate;
  }

  forward(input: Tensor): Tensor {
    return gelu(input, this);
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/** `x·sigmoid(x)`, also known as swish (`torch.nn.SiLU`). */
export class SiLU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return silu(input, this);
  }
}

/** `x·tanh(ln(1 + e^x))` (`torch.nn.Mish`). */
export class Mish extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return mish(input, this);
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

passOn(Sigmoid, Tanh, GELU, SiLU);
