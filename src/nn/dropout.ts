import { repr } from '../display';
import {
  type alphaDropout,
  checkDropout,
  type DropoutOptions,
  type dropout,
  type dropout1d,
  type dropout2d,
  type dropout3d,
  type featureAlphaDropout,
} from './functional/dropout';
import { Module } from './module';

/** Option of the dropout layers. */
export type DropoutLayerOptions = Pick<DropoutOptions, 'inplace'>;

/** Base class of dropout: active in training; in `eval()` it returns its input. */
export abstract class DropoutLayer extends Module {
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
 * The dropout layers: each is its function with its options. The build writes the classes (`dropouts.ts`), with the function's
 * documentation unless a row has its own.
 * @internal
 */
export interface Dropouts {
  /**
   * @passesOn
   * @example
   * const dropout = new nn.Dropout(0.5);
   * dropout.eval();
   * dropout(ones([3])) // tensor([1., 1., 1.])
   */
  Dropout: typeof dropout;
  Dropout1d: typeof dropout1d;
  Dropout2d: typeof dropout2d;
  Dropout3d: typeof dropout3d;
  /** Dropout for networks of SELU (`torch.nn.AlphaDropout`): dropped elements become the limit of SELU, and mean and spread stay. */
  AlphaDropout: typeof alphaDropout;
  FeatureAlphaDropout: typeof featureAlphaDropout;
}
