import type { Tensor } from '../tensor/tensor';
import { Module } from './module';

/** `max(x, 0)` (`torch.nn.ReLU`). */
export class ReLU extends Module {
  /** Whether the input is overwritten. */
  readonly inplace: boolean;

  constructor(options: { inplace?: boolean } = {}) {
    super();
    this.inplace = options.inplace ?? false;
  }

  forward(x: Tensor): Tensor {
    return this.inplace ? x.relu_() : x.relu();
  }

  override extraRepr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

/** Logistic function `1 / (1 + e^(-x))` (`torch.nn.Sigmoid`). */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return x.sigmoid();
  }
}

/** Hyperbolic tangent (`torch.nn.Tanh`). */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return x.tanh();
  }
}

/** Softmax along a dimension (`torch.nn.Softmax`): positive and summing to 1. */
export class Softmax extends Module {
  constructor(
    /** The dimension whose elements sum to 1. */
    readonly dim: number,
  ) {
    super();
  }

  forward(x: Tensor): Tensor {
    return x.softmax(this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** Logarithm of the softmax along a dimension (`torch.nn.LogSoftmax`). */
export class LogSoftmax extends Module {
  constructor(
    /** The dimension whose exponentials sum to 1. */
    readonly dim: number,
  ) {
    super();
  }

  forward(x: Tensor): Tensor {
    return x.logSoftmax(this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
