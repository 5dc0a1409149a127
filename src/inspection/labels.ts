import { formatNumber, toPlain } from '../display';
import type { Tensor } from '../tensor/tensor';
import { forwardFormula } from './explain';
import { plainFormula } from './formula';
import type { Step, Value } from './trace';

/** Longer formulas make a drawing too wide. */
const longest = 24;

/** Returns the label of a value: the formula of the `step` that computed it if it is short, else its name. */
export function labelOf(v: Value, step: Step | undefined): string {
  const made = step ? withIndices(plainFormula(forwardFormula(step))) : '';
  return made && made.length <= longest ? made : withIndices(v.name);
}

/** Formats names: v₁ for v1, ŷ for yHat, x² for x^2, xᵢ for x_i. */
const withIndices = (text: string): string =>
  text
    .replace(/([A-Za-z])Hat\b/g, '$1\u0302')
    .replace(/\^2(?![\d.])/g, '²')
    .replace(/(?<=[A-Za-z\dΣ])_i(?!\w)/g, 'ᵢ')
    .replace(
      /([A-Za-z])(\d+)(?![\w.])/g,
      (_, letter: string, digits: string) =>
        letter + [...digits].map((digit) => String.fromCodePoint(0x2080 + Number(digit))).join(''),
    );

/** Formats up to four numbers, or the shape of a tensor with more elements. */
export const short = (x: Tensor): string => (x.numel() <= 4 ? written(toPlain(x)) : `[${x.shape.join(' × ')}]`);

const written = (x: unknown): string => (Array.isArray(x) ? `[${x.map(written).join(', ')}]` : formatNumber(Number(x)));
