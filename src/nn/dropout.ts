import { repr } from '../display';
import type { Tensor } from '../tensor/tensor';
import {
  alphaDropout,
  checkDropout,
  type DropoutOptions,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
} from './functional/dropout';
import { Module } from './module';
import { passOn } from './recycling';

/** Option of the dropout layers. */
export type DropoutLayerOptions = Pick<DropoutOptions, 'inplace'>;

/** Base class of dropout: active in training; in `eval()` it returns its input. */
abstract class DropoutLayer extends Module {
  /** Whether the input is overwritten. */
  readonly inplace: boolean;
  /** Drops with probability `p`. @throws {ValueError} if `p` is not from 0 to 1. */
  constructor(
    /** The probability of dropping. */
    readonly p = 0.5,
    options: DropoutLayerOptions = {},
  ) {
    const { inplace = false } = options;
    super();
    checkDropout(new.target.name, p);
    this.inplace = inplace;
  }

  /** Marks the module as behaving differently in training. @internal */
  get hasModes(): true {
    return true;
  }

  /** The arguments after the input of the function that does the work. @internal */
  protected get settings(): [p: number, options: DropoutOptions] {
    const { p, training, inplace } = this;
    return [p, { training, inplace }];
  }

  override extraRepr(): string {
    return `p=${this.p}, inplace=${repr(this.inplace)}`;
  }
}

/**
 * Sets elements to 0 at random while training, and divides the others by `1 - p` (`torch.nn.Dropout`); see `nn.functional.dropout`.
 *
 * @example
 * const dropout = new nn.Dropout(0.5);
 * dropout.eval();
 * dropout(ones([3])) // tensor([1., 1., 1.])
 */
export class Dropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return dropout(x, ...this.settings);
  }
}

/** Dropout of whole channels of `[N, C, L]` or `[C, L]` (`torch.nn.Dropout1d`); see `nn.functional.dropout1d`. */
export class Dropout1d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return dropout1d(x, ...this.settings);
  }
}

/** Dropout of whole channels of `[N, C, H, W]` (`torch.nn.Dropout2d`); see `nn.functional.dropout2d`. */
export class Dropout2d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return dropout2d(x, ...this.settings);
  }
}

/** Dropout of whole channels of `[N, C, D, H, W]` or `[C, D, H, W]` (`torch.nn.Dropout3d`); see `nn.functional.dropout3d`. */
export class Dropout3d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return dropout3d(x, ...this.settings);
  }
}

/** Dropout for networks of SELU (`torch.nn.AlphaDropout`); see `nn.functional.alphaDropout`. */
export class AlphaDropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return alphaDropout(x, ...this.settings);
  }
}

/** Dropout of whole channels for networks of SELU (`torch.nn.FeatureAlphaDropout`); see `nn.functional.featureAlphaDropout`. */
export class FeatureAlphaDropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return featureAlphaDropout(x, ...this.settings);
  }
}

passOn(Dropout);
