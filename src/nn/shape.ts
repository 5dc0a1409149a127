import { describe } from '../describe';
import { repr } from '../display';
import { ValueError } from '../errors';
import { requireSizes } from '../ops/table/arguments';
import { checkKind } from '../options';
import type { Tensor } from '../tensor/tensor';
import { pixelShuffle, pixelUnshuffle } from './functional/shuffling';
import { Module } from './module';

/**
 * Joins the dimensions from `startDim` to `endDim` into one (`torch.nn.Flatten`); by default all but the first.
 *
 * @example
 * new nn.Flatten()(rand([4, 3, 8, 8])).shape // [4, 192]
 */
export class Flatten extends Module {
  constructor(
    /** The first dimension joined. */
    readonly startDim = 1,
    /** The last dimension joined. */
    readonly endDim = -1,
  ) {
    for (const [name, dim] of Object.entries({ startDim, endDim })) checkKind('Flatten', name, dim, 'number');
    super();
  }

  forward(input: Tensor): Tensor {
    return input.flatten(this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `startDim=${this.startDim}, endDim=${this.endDim}`;
  }
}

/** Divides the dimension `dim` into dimensions of `unflattenedSize`, one of which may be -1 (`torch.nn.Unflatten`). */
export class Unflatten extends Module {
  constructor(
    /** The dimension that is divided. */
    readonly dim: number,
    /** The sizes that replace it. */
    readonly unflattenedSize: readonly number[],
  ) {
    checkKind('Unflatten', 'dim', dim, 'number');
    super();
    if (!Array.isArray(unflattenedSize) || ![...unflattenedSize].every(Number.isInteger))
      throw new ValueError(
        `Unflatten: unflattenedSize must be a list of whole numbers, got ${describe(unflattenedSize)}`,
      );
    this.unflattenedSize = [...unflattenedSize];
  }

  forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    return `dim=${this.dim}, unflattenedSize=${repr(this.unflattenedSize)}`;
  }
}

/** Returns its input (`torch.nn.Identity`): a placeholder for another layer, with the same arguments. */
export class Identity extends Module {
  constructor(..._given: unknown[]) {
    super();
  }

  forward(input: Tensor): Tensor {
    return input;
  }
}

/** Larger images from more channels (`torch.nn.PixelShuffle`); see `nn.functional.pixelShuffle`. */
export class PixelShuffle extends Module {
  constructor(
    /** How many times higher and wider the images become. */
    readonly upscaleFactor: number,
  ) {
    requireSizes('PixelShuffle', { upscaleFactor });
    super();
  }

  forward(input: Tensor): Tensor {
    return pixelShuffle(input, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscaleFactor=${this.upscaleFactor}`;
  }
}

/** More channels from larger images (`torch.nn.PixelUnshuffle`); see `nn.functional.pixelUnshuffle`. */
export class PixelUnshuffle extends Module {
  constructor(
    /** How many times lower and narrower the images become. */
    readonly downscaleFactor: number,
  ) {
    requireSizes('PixelUnshuffle', { downscaleFactor });
    super();
  }

  forward(input: Tensor): Tensor {
    return pixelUnshuffle(input, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscaleFactor=${this.downscaleFactor}`;
  }
}
