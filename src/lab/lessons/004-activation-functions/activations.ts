import { activationLooks, type Look } from '../../plot/theme';

/** An activation function with its derivative, on plain numbers. */
export interface Activation {
  name: string;
  f: (x: number) => number;
  slope: (x: number) => number;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const density = (x: number) => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Φ(x), the standard normal distribution function, by Simpson's rule with 64 intervals. */
function normalShare(x: number): number {
  const step = x / 64;
  let sum = density(0) + density(x);
  for (let i = 1; i < 64; i++) sum += (i % 2 === 1 ? 4 : 2) * density(i * step);
  return 0.5 + (sum * step) / 3;
}

/** The six activations of the chapter's first figure, in its order. At a kink the slope is the left derivative, as in PyTorch. */
export const activations: readonly Activation[] = [
  { name: 'sigmoid', f: sigmoid, slope: (x: number) => sigmoid(x) * (1 - sigmoid(x)) },
  { name: 'tanh', f: Math.tanh, slope: (x: number) => 1 - Math.tanh(x) ** 2 },
  { name: 'ReLU', f: (x: number) => Math.max(0, x), slope: (x: number) => (x > 0 ? 1 : 0) },
  { name: 'leaky ReLU', f: (x: number) => (x > 0 ? x : 0.01 * x), slope: (x: number) => (x > 0 ? 1 : 0.01) },
  { name: 'ELU', f: (x: number) => (x > 0 ? x : Math.expm1(x)), slope: (x: number) => (x > 0 ? 1 : Math.exp(x)) },
  { name: 'GELU', f: (x: number) => x * normalShare(x), slope: (x: number) => normalShare(x) + x * density(x) },
];

/** Marker sizes, so that overlapping markers nest. */
const sizes: Record<string, number> = { ReLU: 19, 'leaky ReLU': 14, PReLU: 14, ELU: 9, GELU: 8 };

/** The look of an activation, with its marker size. */
export const lookOf = (name: string): Look & { size: number } => ({
  ...activationLooks[name as keyof typeof activationLooks],
  size: sizes[name] ?? 11,
});
