import { DtypeError } from '../../errors';
import { checkInt32 } from '../../kernels/int32';
import { isFloat, resultType } from '../../tensor/dtype';
import type { Tensor } from '../../tensor/tensor';
import { overwrite } from '../filling/copying';
import { requireNumbers } from '../table/arguments';
import { defineComposites } from '../table/define';
import { broadcasting, elementwise } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Bits {}
}

/** Bitwise operations on integers, bytes and bools; operands broadcast. There is no gradient. */
export interface Bits {
  /**
   * Bitwise and (`torch.bitwise_and`).
   * @throws {DtypeError} for floats; {@link ShapeError} if the shapes do not broadcast; {@link ValueError} for a number
   * beyond int32 with an int32 tensor.
   */
  bitwiseAnd(other: Tensor | number): Tensor;
  bitwiseAnd_(other: Tensor | number): Tensor;
  /** Bitwise or; see {@link Bits.bitwiseAnd} (`torch.bitwise_or`). */
  bitwiseOr(other: Tensor | number): Tensor;
  bitwiseOr_(other: Tensor | number): Tensor;
  /** Bitwise exclusive or; see {@link Bits.bitwiseAnd} (`torch.bitwise_xor`). */
  bitwiseXor(other: Tensor | number): Tensor;
  bitwiseXor_(other: Tensor | number): Tensor;
  /** Bitwise not (`torch.bitwise_not`). @throws {DtypeError} for floats. */
  bitwiseNot(): Tensor;
  bitwiseNot_(): Tensor;
  /**
   * `a · 2ᵇ` (`torch.bitwise_left_shift`); bits beyond 32, or 8 of a byte, are lost.
   * @throws {DtypeError} for floats and for two bools; {@link ShapeError} if the shapes do not broadcast.
   */
  bitwiseLeftShift(other: Tensor | number): Tensor;
  bitwiseLeftShift_(other: Tensor | number): Tensor;
  /**
   * `⌊a / 2ᵇ⌋` (`torch.bitwise_right_shift`).
   * @throws {DtypeError} for floats and for two bools; {@link ShapeError} if the shapes do not broadcast.
   */
  bitwiseRightShift(other: Tensor | number): Tensor;
  bitwiseRightShift_(other: Tensor | number): Tensor;
}

/** Returns a function of two operands, at least one of them a tensor, that must not be floats. */
function ofBits(name: string, expression: string, refuse?: (op: string, a: Tensor) => void) {
  const { forward } = broadcasting(name, expression);
  return (a: Tensor, b: Tensor | number): Tensor => {
    const dtype = resultType(a, b);
    if (isFloat(dtype)) throw floats(name, dtype);
    if (dtype === 'bool') refuse?.(name, a);
    return forward(a, b);
  };
}

const floats = (name: string, dtype: string) =>
  new DtypeError(`${name}: ${dtype} numbers have no bits to work on; convert them with to('int32')`);

/** Returns a function of the bits of both operands, whose numbers must fit into int32. */
function ofBoth(name: string, expression: string) {
  const compute = ofBits(name, expression);
  return (a: Tensor, b: Tensor | number): Tensor => {
    if (typeof b === 'number' && resultType(a, b) === 'int32') checkInt32(name, b);
    return compute(a, b);
  };
}

const and = ofBoth('bitwiseAnd', 'a & b');
const or = ofBoth('bitwiseOr', 'a | b');
const xor = ofBoth('bitwiseXor', 'a ^ b');
const left = ofBits('bitwiseLeftShift', 'b < 0 || b > 31 ? 0 : a << b', requireNumbers);
const right = ofBits('bitwiseRightShift', 'a >> (b < 0 || b > 31 ? 31 : b)', requireNumbers);
const not = elementwise('bitwiseNot', '~x', 'same');

defineComposites<Bits>({
  bitwiseAnd(other) {
    return and(this, other);
  },
  bitwiseAnd_(other) {
    return overwrite('bitwiseAnd_', this, and(this, other));
  },
  bitwiseOr(other) {
    return or(this, other);
  },
  bitwiseOr_(other) {
    return overwrite('bitwiseOr_', this, or(this, other));
  },
  bitwiseXor(other) {
    return xor(this, other);
  },
  bitwiseXor_(other) {
    return overwrite('bitwiseXor_', this, xor(this, other));
  },
  bitwiseNot() {
    if (isFloat(this.dtype)) throw floats('bitwiseNot', this.dtype);
    return this.dtype === 'bool' ? this.logicalNot() : not.forward(this);
  },
  bitwiseNot_() {
    return overwrite('bitwiseNot_', this, this.bitwiseNot());
  },
  bitwiseLeftShift(other) {
    return left(this, other);
  },
  bitwiseLeftShift_(other) {
    return overwrite('bitwiseLeftShift_', this, left(this, other));
  },
  bitwiseRightShift(other) {
    return right(this, other);
  },
  bitwiseRightShift_(other) {
    return overwrite('bitwiseRightShift_', this, right(this, other));
  },
});
