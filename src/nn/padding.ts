import { repr } from '../display';
import { ValueError } from '../errors';
import { shown } from '../ops/table/arguments';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type PadMode, pad } from './functional/padding';
import { Module } from './module';

/** One count for all sides, or two for each dimension, the last dimension first: `[left, right, top, bottom, …]`. */
export type PaddingSize = number | readonly number[];

/** What the padding layers have in common: `forward` is `nn.functional.pad`. */
abstract class PaddingLayer extends Module {
  /** Two counts for each padded dimension, the last dimension first. */
  readonly padding: readonly number[];

  /** Pads the last `dims` dimensions. */
  constructor(
    padding: PaddingSize,
    dims: number,
    /** What stands in the new places. @internal */
    protected readonly mode: PadMode,
    /** The number that stands there, if it is one. */
    readonly value: number | null = null,
  ) {
    super();
    this.padding = typeof padding === 'number' ? new Array<number>(2 * dims).fill(padding) : padding;
    if (!Array.isArray(this.padding) || this.padding.length !== 2 * dims || !this.padding.every(Number.isInteger))
      throw new ValueError(
        `${new.target.name}: padding is ${Array.isArray(padding) ? formatShape(padding) : shown(padding)}; it must be a ` +
          `whole number, or a list of ${2 * dims}`,
      );
  }

  forward(input: Tensor): Tensor {
    return pad(input, this.padding, { mode: this.mode, value: this.value });
  }

  override extraRepr(): string {
    return repr(this.padding);
  }
}

/** Padding with a number of the user's choice. */
abstract class ConstantPad extends PaddingLayer {
  constructor(padding: PaddingSize, dims: number, value: number) {
    super(padding, dims, 'constant', value);
  }

  override extraRepr(): string {
    return `padding=${repr(this.padding)}, value=${repr(this.value)}`;
  }
}

/** Adds `value` at both ends of the last dimension (`torch.nn.ConstantPad1d`). */
export class ConstantPad1d extends ConstantPad {
  /** Pads the last dimension with `value`. @throws {ValueError} unless `padding` is a whole number or 2 of them. */
  constructor(padding: PaddingSize, value: number) {
    super(padding, 1, value);
  }
}

/** Adds `value` at both ends of the last two dimensions (`torch.nn.ConstantPad2d`). */
export class ConstantPad2d extends ConstantPad {
  /** Pads the last two dimensions with `value`. @throws {ValueError} unless `padding` is a whole number or 4 of them. */
  constructor(padding: PaddingSize, value: number) {
    super(padding, 2, value);
  }
}

/** Adds `value` at both ends of the last three dimensions (`torch.nn.ConstantPad3d`). */
export class ConstantPad3d extends ConstantPad {
  /** Pads the last three dimensions with `value`. @throws {ValueError} unless `padding` is a whole number or 6 of them. */
  constructor(padding: PaddingSize, value: number) {
    super(padding, 3, value);
  }
}

/** Adds zeros at both ends of the last dimension (`torch.nn.ZeroPad1d`). */
export class ZeroPad1d extends PaddingLayer {
  /** Pads the last dimension with zeros. @throws {ValueError} unless `padding` is a whole number or 2 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 1, 'constant', 0);
  }
}

/** Adds zeros at both ends of the last two dimensions (`torch.nn.ZeroPad2d`). */
export class ZeroPad2d extends PaddingLayer {
  /** Pads the last two dimensions with zeros. @throws {ValueError} unless `padding` is a whole number or 4 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 2, 'constant', 0);
  }
}

/** Adds zeros at both ends of the last three dimensions (`torch.nn.ZeroPad3d`). */
export class ZeroPad3d extends PaddingLayer {
  /** Pads the last three dimensions with zeros. @throws {ValueError} unless `padding` is a whole number or 6 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 3, 'constant', 0);
  }
}

/** Adds the elements mirrored at the edge at both ends of the last dimension (`torch.nn.ReflectionPad1d`). */
export class ReflectionPad1d extends PaddingLayer {
  /** Pads the last dimension. @throws {ValueError} unless `padding` is a whole number or 2 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 1, 'reflect');
  }
}

/** Adds the elements mirrored at the edge at both ends of the last two dimensions (`torch.nn.ReflectionPad2d`). */
export class ReflectionPad2d extends PaddingLayer {
  /** Pads the last two dimensions. @throws {ValueError} unless `padding` is a whole number or 4 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 2, 'reflect');
  }
}

/** Adds the elements mirrored at the edge at both ends of the last three dimensions (`torch.nn.ReflectionPad3d`). */
export class ReflectionPad3d extends PaddingLayer {
  /** Pads the last three dimensions. @throws {ValueError} unless `padding` is a whole number or 6 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 3, 'reflect');
  }
}

/** Adds the element at the edge again at both ends of the last dimension (`torch.nn.ReplicationPad1d`). */
export class ReplicationPad1d extends PaddingLayer {
  /** Pads the last dimension. @throws {ValueError} unless `padding` is a whole number or 2 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 1, 'replicate');
  }
}

/** Adds the element at the edge again at both ends of the last two dimensions (`torch.nn.ReplicationPad2d`). */
export class ReplicationPad2d extends PaddingLayer {
  /** Pads the last two dimensions. @throws {ValueError} unless `padding` is a whole number or 4 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 2, 'replicate');
  }
}

/** Adds the element at the edge again at both ends of the last three dimensions (`torch.nn.ReplicationPad3d`). */
export class ReplicationPad3d extends PaddingLayer {
  /** Pads the last three dimensions. @throws {ValueError} unless `padding` is a whole number or 6 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 3, 'replicate');
  }
}

/** Adds the elements from the other end at both ends of the last dimension (`torch.nn.CircularPad1d`). */
export class CircularPad1d extends PaddingLayer {
  /** Pads the last dimension. @throws {ValueError} unless `padding` is a whole number or 2 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 1, 'circular');
  }
}

/** Adds the elements from the other end at both ends of the last two dimensions (`torch.nn.CircularPad2d`). */
export class CircularPad2d extends PaddingLayer {
  /** Pads the last two dimensions. @throws {ValueError} unless `padding` is a whole number or 4 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 2, 'circular');
  }
}

/** Adds the elements from the other end at both ends of the last three dimensions (`torch.nn.CircularPad3d`). */
export class CircularPad3d extends PaddingLayer {
  /** Pads the last three dimensions. @throws {ValueError} unless `padding` is a whole number or 6 of them. */
  constructor(padding: PaddingSize) {
    super(padding, 3, 'circular');
  }
}
