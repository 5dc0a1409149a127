import type { Tensor } from '../../tensor/tensor';
import { requireFloat } from '../table/arguments';
import { defineOps } from '../table/define';
import { checked, elementwise, inOnePass, samplesWith, type Unary } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Activations {}
}

/**
 * Smooth activation functions. PyTorch has them only in `torch.nn.functional`, so they are internal here. Their
 * parameters are positional; the functions in `nn/functional/activation.ts` have the options.
 */
export interface Activations {
  /** `ln(1 + e^(beta·x)) / beta`, and `x` where `beta·x > threshold`. @internal */
  softplus(beta: number, threshold: number): Tensor;
  /** `ln(1 / (1 + e^(-x)))`. @internal */
  logsigmoid(): Tensor;
  /** `x·Φ(x)` with the normal distribution `Φ`. @internal */
  gelu(): Tensor;
  /** The approximation of {@link Activations.gelu} by a hyperbolic tangent. @internal */
  geluTanh(): Tensor;
  /** `x·sigmoid(x)`. @internal */
  silu(): Tensor;
  /** @internal */
  silu_(): Tensor;
  /** `x·tanh(ln(1 + e^x))`. @internal */
  mish(): Tensor;
  /** @internal */
  mish_(): Tensor;
}

/** Returns forward, shape and samples of an activation, which takes only floats. */
export function activation(
  name: string,
  expression: string,
  parameters: readonly string[],
  values: readonly number[],
): Unary {
  return {
    ...checked(name, requireFloat, elementwise(name, expression, 'same', parameters)),
    samples: samplesWith(...values),
  };
}

/** An activation without parameters. */
export const plain = (name: string, expression: string): Unary => activation(name, expression, [], []);

/** Density of the normal distribution. */
const density = (x: Tensor) =>
  x
    .mul(x)
    .mul(-0.5)
    .exp()
    .mul(1 / Math.sqrt(2 * Math.PI));
/** `(1 + tanh u) / 2` of geluTanh, and the hyperbolic tangent of mish, in `b`. */
const logistic = `sigmoid(${Math.sqrt(8 / Math.PI)} * (b + 0.044715 * b * b * b))`;
const bent = 'Math.tanh(softplus(b))';
const [linear, cubic] = [Math.sqrt(2 / Math.PI), 0.044715 * Math.sqrt(2 / Math.PI)];

defineOps<Activations>({
  softplus: {
    torch: { name: 'softplus', params: ['input', 'beta', 'threshold'] },
    math: 'y = \\tfrac{1}{\\beta} \\ln(1 + e^{\\beta x})',
    vjpMath: { x: '\\bar y / (1 + e^{-\\beta x})' },
    saves: ['x'],
    ...activation('softplus', 'x * beta > threshold ? x : softplus(x * beta) / beta', ['beta', 'threshold'], [1.5, 1]),
    jvp: 'diagonal',
    vjp: {
      x: inOnePass(
        'b * beta > threshold ? a : a * sigmoid(b * beta)',
        ({ x }) => x,
        (dy, { x, args: [beta, threshold] }) => {
          const scaled = x.mul(beta);
          return dy.mul(scaled.sigmoid().maskedFill(scaled.gt(threshold), 1));
        },
        ['beta', 'threshold'],
      ),
    },
  },
  logsigmoid: {
    torch: { name: 'logsigmoid', params: ['input'] },
    math: 'y = -\\ln(1 + e^{-x})',
    vjpMath: { x: '\\bar y / (1 + e^{x})' },
    saves: ['x'],
    ...plain('logsigmoid', '0 - softplus(-x)'),
    jvp: 'diagonal',
    vjp: {
      x: inOnePass(
        'a * sigmoid(-b)',
        ({ x }) => x,
        (dy, { x }) => dy.mul(x.neg().sigmoid()),
      ),
    },
    gradFn: 'LogSigmoidBackward0',
  },
  gelu: {
    torch: { name: 'gelu', params: ['input'] },
    math: 'y = x \\odot \\Phi(x)',
    vjpMath: { x: "\\bar y \\odot (\\Phi(x) + x \\odot \\Phi'(x))" },
    saves: ['x'],
    ...plain('gelu', 'x * phi(x)'),
    jvp: 'diagonal',
    vjp: {
      x: inOnePass(
        `a * (phi(b) + b * Math.exp(-0.5 * b * b) * ${1 / Math.sqrt(2 * Math.PI)})`,
        ({ x }) => x,
        (dy, { x }) =>
          dy.mul(
            x
              .mul(-Math.SQRT1_2)
              .erfc()
              .mul(0.5)
              .add(x.mul(density(x))),
          ),
      ),
    },
  },
  geluTanh: {
    torch: { name: 'gelu', params: ['input'] },
    math: 'y = \\tfrac12 x \\odot (1 + \\tanh u), \\quad u = \\sqrt{2/\\pi}\\,(x + 0.044715\\,x^3)',
    vjpMath: { x: "\\bar y \\odot \\tfrac12 (1 + \\tanh u + x \\odot u' (1 - \\tanh^2 u))" },
    saves: ['x'],
    // (1 + tanh u) / 2 is the logistic function of 2 u, which does not cancel where tanh is near -1.
    ...plain('gelu', `x * sigmoid(${Math.sqrt(8 / Math.PI)} * (x + 0.044715 * x * x * x))`),
    jvp: 'diagonal',
    vjp: {
      x: inOnePass(
        `a * ${logistic} * (1 + b * ${2 * linear} * (1 + ${3 * 0.044715} * b * b) * (1 - ${logistic}))`,
        ({ x }) => x,
        (dy, { x }) => {
          const square = x.mul(x);
          const t = square.mul(cubic).add(linear).mul(x).tanh();
          const inner = square
            .mul(3 * cubic)
            .add(linear)
            .mul(x);
          return dy.mul(
            t
              .add(1)
              .add(inner.mul(t.mul(t).rsub(1)))
              .mul(0.5),
          );
        },
      ),
    },
    gradFn: 'GeluBackward0',
  },
  silu: {
    torch: { name: 'silu', params: ['input'] },
    math: 'y = x \\odot \\sigma(x)',
    vjpMath: { x: '\\bar y \\odot \\sigma(x) \\odot (1 + x \\odot (1 - \\sigma(x)))' },
    saves: ['x'],
    ...plain('silu', 'x / (1 + Math.exp(-x))'),
    jvp: 'diagonal',
    vjp: {
      x: inOnePass(
        'a * sigmoid(b) * (1 + b * (1 - sigmoid(b)))',
        ({ x }) => x,
        (dy, { x }) => {
          const s = x.sigmoid();
          return dy.mul(s.mul(x.mul(s.rsub(1)).add(1)));
        },
      ),
    },
    inPlace: true,
  },
  mish: {
    torch: { name: 'mish', params: ['input'] },
    math: 'y = x \\odot \\tanh(\\ln(1 + e^{x}))',
    vjpMath: { x: '\\bar y \\odot (t + x \\odot \\sigma(x) \\odot (1 - t^2)), \\quad t = \\tanh(\\ln(1 + e^{x}))' },
    saves: ['x'],
    ...plain('mish', 'x * Math.tanh(softplus(x))'),
    jvp: 'diagonal',
    vjp: {
      x: inOnePass(
        `a * (${bent} + b * sigmoid(b) * (1 - ${bent} * ${bent}))`,
        ({ x }) => x,
        (dy, { x }) => {
          const t = x.softplus(1, 20).tanh();
          return dy.mul(t.add(x.mul(x.sigmoid()).mul(t.mul(t).rsub(1))));
        },
      ),
    },
    inPlace: true,
  },
});
