import { repr } from '../display';
import { ValueError } from '../errors';
import { shown } from '../ops/table/arguments';
import { checkKind } from '../options';
import { refuseSurplus } from '../surplus';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type PadMode, pad } from './functional/padding';
import { Module } from './module';
import { inDimensions, rankOf } from './spatial';

/** One count for all sides, or two for each dimension, the last dimension first: `[left, right, top, bottom, …]`. */
export type PaddingSize = number | readonly number[];

/** What the padding layers have in common: `forward` is `nn.functional.pad`. */
abstract class PaddingLayer extends Module {
  /** Two counts for each padded dimension, the last dimension first. */
  readonly padding: readonly number[];
  /** What stands in the new places. @internal */
  protected readonly mode: PadMode;

  constructor(
    padding: PaddingSize,
    mode: PadMode,
    /** The number that stands there, if it is one. */
    readonly value: number | null = null,
  ) {
    super();
    this.mode = mode;
    const counts = 2 * rankOf(this);
    const given: unknown[] = Array.isArray(padding) ? [...padding] : new Array(counts).fill(padding);
    this.padding = given as number[];
    if (given.length !== counts || !given.every(Number.isInteger))
      throw new ValueError(
        `${new.target.name}: padding is ${Array.isArray(padding) ? formatShape(padding) : shown(padding)}; it must be a ` +
          `whole number, or a list of ${counts}`,
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
  /** Pads with `value`. @throws {ValueError} unless `padding` is a whole number or two for each padded dimension. */
  constructor(padding: PaddingSize, value: number) {
    if (arguments.length > 2) refuseSurplus(new.target.name, arguments, 2);
    checkKind(new.target.name, 'value', value, 'number');
    super(padding, 'constant', value);
  }

  override extraRepr(): string {
    return `padding=${repr(this.padding)}, value=${repr(this.value)}`;
  }
}

/** Adds `value` at both ends of the last dimension (`torch.nn.ConstantPad1d`). */
export class ConstantPad1d extends ConstantPad {}

/** Adds `value` at both ends of the last two dimensions (`torch.nn.ConstantPad2d`). */
export class ConstantPad2d extends ConstantPad {}

/** Adds `value` at both ends of the last three dimensions (`torch.nn.ConstantPad3d`). */
export class ConstantPad3d extends ConstantPad {}

/** Padding with zeros. */
abstract class ZeroPad extends PaddingLayer {
  /** Pads with zeros. @throws {ValueError} unless `padding` is a whole number or two for each padded dimension. */
  constructor(padding: PaddingSize) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    super(padding, 'constant', 0);
  }
}

/** Adds zeros at both ends of the last dimension (`torch.nn.ZeroPad1d`). */
export class ZeroPad1d extends ZeroPad {}

/** Adds zeros at both ends of the last two dimensions (`torch.nn.ZeroPad2d`). */
export class ZeroPad2d extends ZeroPad {}

/** Adds zeros at both ends of the last three dimensions (`torch.nn.ZeroPad3d`). */
export class ZeroPad3d extends ZeroPad {}

/** Padding with what is mirrored at the edge. */
abstract class ReflectionPad extends PaddingLayer {
  /** Pads the last dimensions. @throws {ValueError} unless `padding` is a whole number or two for each padded dimension. */
  constructor(padding: PaddingSize) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    super(padding, 'reflect');
  }
}

/** Adds the elements mirrored at the edge at both ends of the last dimension (`torch.nn.ReflectionPad1d`). */
export class ReflectionPad1d extends ReflectionPad {}

/** Adds the elements mirrored at the edge at both ends of the last two dimensions (`torch.nn.ReflectionPad2d`). */
export class ReflectionPad2d extends ReflectionPad {}

/** Adds the elements mirrored at the edge at both ends of the last three dimensions (`torch.nn.ReflectionPad3d`). */
export class ReflectionPad3d extends ReflectionPad {}

/** Padding with the edge. */
abstract class ReplicationPad extends PaddingLayer {
  /** Pads the last dimensions. @throws {ValueError} unless `padding` is a whole number or two for each padded dimension. */
  constructor(padding: PaddingSize) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    super(padding, 'replicate');
  }
}

/** Adds the element at the edge again at both ends of the last dimension (`torch.nn.ReplicationPad1d`). */
export class ReplicationPad1d extends ReplicationPad {}

/** Adds the element at the edge again at both ends of the last two dimensions (`torch.nn.ReplicationPad2d`). */
export class ReplicationPad2d extends ReplicationPad {}

/** Adds the element at the edge again at both ends of the last three dimensions (`torch.nn.ReplicationPad3d`). */
export class ReplicationPad3d extends ReplicationPad {}

/** Padding from the other end. */
abstract class CircularPad extends PaddingLayer {
  /** Pads the last dimensions. @throws {ValueError} unless `padding` is a whole number or two for each padded dimension. */
  constructor(padding: PaddingSize) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    super(padding, 'circular');
  }
}

/** Adds the elements from the other end at both ends of the last dimension (`torch.nn.CircularPad1d`). */
export class CircularPad1d extends CircularPad {}

/** Adds the elements from the other end at both ends of the last two dimensions (`torch.nn.CircularPad2d`). */
export class CircularPad2d extends CircularPad {}

/** Adds the elements from the other end at both ends of the last three dimensions (`torch.nn.CircularPad3d`). */
export class CircularPad3d extends CircularPad {}

inDimensions(ConstantPad1d, ConstantPad2d, ConstantPad3d);
inDimensions(ZeroPad1d, ZeroPad2d, ZeroPad3d);
inDimensions(ReflectionPad1d, ReflectionPad2d, ReflectionPad3d);
inDimensions(ReplicationPad1d, ReplicationPad2d, ReplicationPad3d);
inDimensions(CircularPad1d, CircularPad2d, CircularPad3d);
