import { noTensor } from '../../describe';
import { DtypeError, ShapeError, ValueError } from '../../errors';
import { isFloat, resultType } from '../../tensor/dtype';
import { broadcastShapes, formatShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { defineComposites, defineFunctions, defineOps } from '../table/define';
import { notDifferentiable } from '../table/rule';
import { blending, ternarySamples } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Masking, ChoiceForms {}
}

/** Filling by a mask. */
export interface Masking {
  /**
   * `value`, a number or a tensor of one, where `mask` is true, else the element (`torch.masked_fill`); tensor and mask
   * broadcast.
   * @throws {ShapeError} if the shapes do not broadcast, or the value has dimensions; {@link DtypeError} if the mask is not
   * `bool`, or the value is infinite or NaN for an integer tensor.
   */
  maskedFill(mask: Tensor, value: Tensor | number): Tensor;
  maskedFill_(mask: Tensor, value: Tensor | number): Tensor;
}

/** Selection from two tensors. */
export interface Choices {
  /** See {@link where}. @internal */
  where(condition: Tensor, input: Tensor | number, other: Tensor | number): Tensor;
}

const choice = blending('where', 'a !== 0 ? b : c');
const filling = blending('maskedFill', 'a !== 0 ? b : c');

defineOps<Masking>({
  maskedFill: {
    torch: { name: 'masked_fill', params: ['input', 'mask', 'value'] },
    math: 'y = [b]\\, c + [\\neg b]\\, a',
    vjpMath: { a: '\\bar y \\odot [\\neg b]', c: '\\textstyle\\sum \\bar y \\odot [b]' },
    saves: { a: ['b'], c: ['b'] },
    shape: (a, mask) => broadcastShapes('maskedFill', a, mask),
    forward: (a, mask, value) => {
      if (mask.dtype !== 'bool')
        throw new DtypeError(
          `maskedFill: the mask must be a bool tensor, got ${mask.dtype}; make one by comparing, as in x.gt(0)`,
        );
      if (value instanceof Tensor ? value.ndim > 0 : typeof value !== 'number')
        throw new ShapeError(
          `maskedFill: the value must be a number or a tensor of shape ${formatShape([])}, got ${noTensor(value)}`,
        );
      // Integers truncate fractions, as elsewhere.
      const filler = value instanceof Tensor ? value.item() : value;
      if (!isFloat(a.dtype) && !Number.isFinite(filler))
        throw new DtypeError(
          `maskedFill: a tensor of dtype ${a.dtype} cannot hold ${filler}; convert it with to('float32')`,
        );
      return filling.run(a.dtype, mask, value, a);
    },
    jvp: 'diagonal',
    batch: (c) => {
      const [x, mask, value] = c.args as [Tensor, Tensor, Tensor | number];
      // A value that differs between examples is not one scalar for all.
      if (!c.isBatched(2) || mask.dtype !== 'bool') return c.as('elementwise');
      return c.ofOne(c.call('where', mask, (value as Tensor).to(x.dtype), x));
    },
    vjp: {
      a: (dy, { b }) => dy.maskedFill(b, 0),
      b: notDifferentiable,
      c: (dy, { b }) => dy.maskedFill(b.logicalNot(), 0),
    },
    inPlace: true,
    gradFn: ({ isNumber: [, , c] }) => `MaskedFillBackward${c ? 0 : 1}`,
    samples: ['2x3 3 #7', '2x1 2x3 ()', '2x2 2x2 #0', '() () #1', '0 0 #1'],
  },
});

/** @internal */
export const choices: Choices = defineFunctions<Choices>({
  where: {
    torch: { name: 'where', params: ['condition', 'input', 'other'] },
    math: 'y = [a]\\, b + [\\neg a]\\, c',
    vjpMath: { b: '\\bar y \\odot [a]', c: '\\bar y \\odot [\\neg a]' },
    saves: { b: ['a'], c: ['a'] },
    shape: choice.shape,
    forward: (condition, a, b) => {
      if (condition.dtype !== 'bool' && condition.dtype !== 'uint8')
        throw new ValueError(
          `where: the condition must be a bool tensor, got ${condition.dtype}; make one by comparing, as in x.gt(0)`,
        );
      const [first, second] = [a, b].map((x) => (typeof x === 'boolean' ? Number(x) : x));
      return choice.run(resultType(a, b), condition, first, second);
    },
    jvp: 'diagonal',
    batch: 'elementwise',
    vjp: {
      a: notDifferentiable,
      b: (dy, { a }) => choices.where(a, dy, 0),
      c: (dy, { a }) => choices.where(a, 0, dy),
    },
    samples: [...ternarySamples, '2x3 2x3 #0.5', '2 #-1 2x1'],
  },
});

/**
 * `input` where `condition` is true, else `other` (`torch.where`); the three broadcast. For only a condition, the
 * indices of the elements that are not 0, one list per dimension: `nonzero(condition, { asTuple: true })`.
 *
 * @example
 * where(tensor([true, false]), tensor([1, 2]), 0) // tensor([1., 0.])
 * where(tensor([[0, 5], [7, 0]])) // [ tensor([0, 1]), tensor([1, 0]) ]
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} if the condition is not `bool`.
 */
export function where(condition: Tensor): Tensor[];
export function where(condition: Tensor, input: Tensor | number, other: Tensor | number): Tensor;
export function where(condition: Tensor, input?: Tensor | number, other?: Tensor | number): Tensor | Tensor[] {
  return input === undefined && other === undefined
    ? condition.nonzero({ asTuple: true })
    : choices.where(condition, input!, other!);
}

/** Selection as a method. */
export interface ChoiceForms {
  /**
   * The element where `condition` is true, else `other` (`torch.Tensor.where`); the three broadcast.
   * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} if the condition is not `bool`.
   */
  where(condition: Tensor, other: Tensor | number): Tensor;
}

defineComposites<ChoiceForms>({
  where(condition, other) {
    return choices.where(condition, this, other);
  },
});
