import type { Tensor } from '../../tensor/tensor';
import { requireFloat, requireNumbers } from '../table/arguments';
import { defineOps } from '../table/define';
import { checked, elementwise, pointwise, samplesWith, zeroDerivative } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Rounding {}
}

/** Option of {@link Rounding.round}. */
export interface RoundOptions {
  /** Number of decimal places; a negative number rounds to tens, hundreds, …; default 0. */
  decimals?: number;
}

/** Rounding of elements; the gradient of a step function is 0. Bool tensors are refused. */
export interface Rounding {
  /** Rounds up (`torch.ceil`). */
  ceil(): Tensor;
  ceil_(): Tensor;
  /** Rounds down (`torch.floor`). */
  floor(): Tensor;
  floor_(): Tensor;
  /** Rounds towards 0 (`torch.trunc`). */
  trunc(): Tensor;
  trunc_(): Tensor;
  /** The fractional part, with the sign of `x` (`torch.frac`). @throws {DtypeError} for integers. */
  frac(): Tensor;
  frac_(): Tensor;
  /**
   * Rounds to the given number of decimals; halves go to the even neighbour (`torch.round`).
   * @throws {DtypeError} for decimals of integers.
   */
  round(options?: RoundOptions): Tensor;
  round_(options?: RoundOptions): Tensor;
}

const same = { kind: 'same' } as const;
const step = (name: string, math: string, expression: string) =>
  checked(name, requireNumbers, pointwise(name, `y = ${math}`, expression, zeroDerivative, same));
const nearest = checked('round', requireNumbers, elementwise('round', 'halfToEven(x)', 'same'));
const fine = elementwise('round', 'halfToEven(narrow(x * scale)) / scale', 'same', ['scale']);
const coarse = elementwise('round', 'halfToEven(narrow(x / scale)) * scale', 'same', ['scale']);

defineOps<Rounding>({
  ceil: step('ceil', '\\lceil x \\rceil', 'Math.ceil(x)'),
  floor: step('floor', '\\lfloor x \\rfloor', 'Math.floor(x)'),
  trunc: step('trunc', '\\operatorname{trunc} x', 'Math.trunc(x)'),
  frac: checked(
    'frac',
    requireFloat,
    pointwise(
      'frac',
      'y = x - \\operatorname{trunc} x',
      'x - Math.trunc(x)',
      { x: '\\bar y', saves: [], vjp: (dy) => dy },
      same,
    ),
  ),
  round: {
    torch: { name: 'round', params: ['input'], options: ['decimals'] },
    math: 'y = \\operatorname{round} x',
    vjpMath: { x: '0' },
    saves: [],
    ...nearest,
    forward: (x, options) => {
      const decimals = options?.decimals ?? 0;
      if (decimals === 0) return nearest.forward(x);
      requireFloat('round', x);
      return decimals > 0 ? fine.forward(x, 10 ** decimals) : coarse.forward(x, 10 ** -decimals);
    },
    jvp: 'diagonal',
    vjp: { x: zeroDerivative.vjp },
    inPlace: true,
    samples: [...nearest.samples, ...samplesWith({ decimals: 1 }), ...samplesWith({ decimals: -1 })],
  },
});
