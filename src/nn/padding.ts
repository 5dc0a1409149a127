import { describe } from '../describe';
import { repr } from '../display';
import { ValueError } from '../errors';
import { checkKind } from '../options';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type PadMode, pad } from './functional/padding';
import { Module } from './module';
import { rankOf } from './spatial';

/** One count for all sides, or two for each dimension, the last dimension first: `[left, right, top, bottom, …]`. */
export type PaddingSize = number | readonly number[];

/** Base class of the padding layers: `forward` is `nn.functional.pad`. */
abstract class PaddingLayer extends Module {
  /** Two counts for each padded dimension, the last dimension first. */
  readonly padding: readonly number[];
  /** The padding mode. @internal */
  protected abstract readonly mode: PadMode;

  constructor(
    padding: PaddingSize,
    /** The new elements, if they are one number. */
    readonly value: number | null,
  ) {
    super();
    const counts = 2 * rankOf(this);
    const given: unknown[] = Array.isArray(padding) ? [...padding] : new Array(counts).fill(padding);
    this.padding = given as number[];
    if (given.length !== counts || !given.every(Number.isInteger))
      throw new ValueError(
        `${new.target.name}: padding is ${Array.isArray(padding) ? formatShape(padding) : describe(padding)}; it must be a ` +
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

/** Adds `value` at both ends of the last two dimensions (`torch.nn.ConstantPad2d`). */
export abstract class ConstantPad extends PaddingLayer {
  /** @internal */
  protected get mode(): PadMode {
    return 'constant';
  }

  /** Pads with `value`. @throws {ValueError} unless `padding` is a whole number or two for each padded dimension. */
  constructor(padding: PaddingSize, value: number) {
    checkKind(new.target.name, 'value', value, 'number');
    super(padding, value);
  }

  override extraRepr(): string {
    return `padding=${repr(this.padding)}, value=${repr(this.value)}`;
  }
}

/** Adds zeros at both ends of the last two dimensions (`torch.nn.ZeroPad2d`). */
export abstract class ZeroPad extends PaddingLayer {
  /** @internal */
  protected get mode(): PadMode {
    return 'constant';
  }

  /** Pads with zeros. @throws {ValueError} unless `padding` is a whole number or two for each padded dimension. */
  constructor(padding: PaddingSize) {
    super(padding, 0);
  }
}

/** Base class of the layers that repeat elements of the input. */
abstract class RepeatingPad extends PaddingLayer {
  /** Pads the last dimensions. @throws {ValueError} unless `padding` is a whole number or two for each padded dimension. */
  constructor(padding: PaddingSize) {
    super(padding, null);
  }
}

/** Adds the elements mirrored at the edge at both ends of the last two dimensions (`torch.nn.ReflectionPad2d`). */
export abstract class ReflectionPad extends RepeatingPad {
  /** @internal */
  protected get mode(): PadMode {
    return 'reflect';
  }
}

/** Adds the element at the edge again at both ends of the last two dimensions (`torch.nn.ReplicationPad2d`). */
export abstract class ReplicationPad extends RepeatingPad {
  /** @internal */
  protected get mode(): PadMode {
    return 'replicate';
  }
}

/** Adds the elements from the other end at both ends of the last two dimensions (`torch.nn.CircularPad2d`). */
export abstract class CircularPad extends RepeatingPad {
  /** @internal */
  protected get mode(): PadMode {
    return 'circular';
  }
}
