import type { Tensor } from '../tensor/tensor';
import { Module } from './module';

/** Joins the dimensions from `startDim` to `endDim` into one (`torch.nn.Flatten`); by default all but the first. */
export class Flatten extends Module {
  constructor(
    /** The first dimension joined. */
    readonly startDim = 1,
    /** The last dimension joined. */
    readonly endDim = -1,
  ) {
    super();
  }

  forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `startDim=${this.startDim}, endDim=${this.endDim}`;
  }
}

/** Gives back its input (`torch.nn.Identity`): stands where another layer may come. */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}
