import { ValueError } from '../../errors';
import type { Tensor } from '../../tensor/tensor';
import { defineOps } from '../table/define';
import { elementwise, pointwise, samplesWith } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Special {}
}

/** The error function, the gamma function and their kin. */
export interface Special {
  /** Error function `2/√π ∫₀ˣ e^(-t²) dt` (`torch.erf`). */
  erf(): Tensor;
  erf_(): Tensor;
  /** `1 - erf x`, accurate also close to 0 (`torch.erfc`). */
  erfc(): Tensor;
  erfc_(): Tensor;
  /** Inverse of the error function; infinite at -1 and 1, NaN beyond (`torch.erfinv`). */
  erfinv(): Tensor;
  erfinv_(): Tensor;
  /** `ln |Γ(x)|`, the logarithm of the gamma function; infinite at 0, -1, -2, … (`torch.lgamma`). */
  lgamma(): Tensor;
  lgamma_(): Tensor;
  /** Derivative of {@link Special.lgamma} (`torch.digamma`). */
  digamma(): Tensor;
  digamma_(): Tensor;
  /**
   * The `n`-th derivative of {@link Special.digamma} (`torch.Tensor.polygamma`).
   * @throws {ValueError} unless `n` is a whole number, 0 or more.
   */
  polygamma(n: number): Tensor;
  polygamma_(n: number): Tensor;
}

const derived = elementwise('polygamma', 'order === 0 ? digamma(x) : polygamma(order, x)', 'float', ['order']);
const root = Math.sqrt(Math.PI);

defineOps<Special>({
  erf: pointwise('erf', 'y = \\operatorname{erf} x', 'erf(x)', {
    x: '\\tfrac{2}{\\sqrt\\pi} \\bar y \\odot e^{-x^2}',
    saves: ['x'],
    vjp: (dy, { x }) =>
      dy.mul(
        x
          .mul(x)
          .neg()
          .exp()
          .mul(2 / root),
      ),
  }),
  erfc: pointwise('erfc', 'y = 1 - \\operatorname{erf} x', 'erfc(x)', {
    x: '-\\tfrac{2}{\\sqrt\\pi} \\bar y \\odot e^{-x^2}',
    saves: ['x'],
    vjp: (dy, { x }) =>
      dy.mul(
        x
          .mul(x)
          .neg()
          .exp()
          .mul(-2 / root),
      ),
  }),
  erfinv: pointwise(
    'erfinv',
    'y = \\operatorname{erf}^{-1} x',
    'erfinv(x)',
    {
      x: '\\tfrac{\\sqrt\\pi}{2} \\bar y \\odot e^{(\\operatorname{erf}^{-1} x)^2}',
      // The result is recomputed, so that it may be modified in place, as in PyTorch.
      saves: ['x'],
      vjp: (dy, { x }) => {
        const y = x.erfinv();
        return dy.mul(
          y
            .mul(y)
            .exp()
            .mul(root / 2),
        );
      },
    },
    { domain: [-0.9, 0.9] },
  ),
  lgamma: pointwise(
    'lgamma',
    'y = \\ln |\\Gamma(x)|',
    'lgamma(x)',
    { x: '\\bar y \\odot \\psi(x)', saves: ['x'], vjp: (dy, { x }) => dy.mul(x.digamma()) },
    { domain: [0.3, 3] },
  ),
  digamma: pointwise(
    'digamma',
    'y = \\psi(x)',
    'digamma(x)',
    { x: "\\bar y \\odot \\psi'(x)", saves: ['x'], vjp: (dy, { x }) => dy.mul(x.polygamma(1)) },
    { domain: [0.5, 3] },
  ),
  polygamma: {
    torch: { name: 'polygamma', params: ['input', 'n'] },
    math: 'y = \\psi^{(n)}(x)',
    vjpMath: { x: '\\bar y \\odot \\psi^{(n + 1)}(x)' },
    saves: ['x'],
    ...derived,
    forward: (x, n) => {
      if (!Number.isInteger(n) || n < 0)
        throw new ValueError(`polygamma: there is no derivative number ${n}; n is a whole number, 0 or more`);
      return derived.forward(x, n);
    },
    jvp: 'diagonal',
    vjp: { x: (dy, { x, args: [n] }) => dy.mul(x.polygamma(n + 1)) },
    inPlace: true,
    samples: [...samplesWith(0), ...samplesWith(2)],
    domain: [0.8, 3],
  },
});
