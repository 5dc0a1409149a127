import type { Tensor } from '../tensor/tensor';
import { checkReduction, type LossOptions, mseLoss, type Reduction } from './functional';
import { Module } from './module';

/** Mean squared error between input and target (`torch.nn.MSELoss`). @throws {ValueError} for an unknown reduction. */
export class MSELoss extends Module<[input: Tensor, target: Tensor]> {
  readonly reduction: Reduction;

  constructor(options: LossOptions = {}) {
    super();
    this.reduction = checkReduction('MSELoss', options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}
