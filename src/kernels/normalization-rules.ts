// The formulas of normalization as expressions, from which plain loops (here) and vector kernels
// (wasm/normalization.ts) are generated.

import { monomorphic } from './monomorphic';
import type { NumberArray } from './strides';

/**
 * Expressions of an element's deviation `d = x - mean`, the gradient `g` of its result, its `weight` and `bias`, and
 * the `scale`, `level` and `slope` of its statistic. They are results of elements, or sums for each statistic or
 * weight.
 */
export interface Rule {
  readonly of: 'elements' | 'statistics' | 'weights';
  readonly expressions: readonly string[];
}

export type RuleName = 'squares' | 'transform' | 'gradients' | 'combine' | 'slopes' | 'weigh';

export const rules: Readonly<Record<RuleName, Rule>> = {
  squares: { of: 'statistics', expressions: ['d * d'] },
  transform: { of: 'elements', expressions: ['d * scale * weight + bias'] },
  gradients: { of: 'statistics', expressions: ['g * weight', 'g * weight * d'] },
  combine: { of: 'elements', expressions: ['g * weight * scale - level - d * slope'] },
  slopes: { of: 'statistics', expressions: ['g * d'] },
  weigh: { of: 'weights', expressions: ['g * d * scale'] },
};

/**
 * `m` lines of `n` elements with a common statistic. `at`, `s` and `w` are the positions of the first element,
 * statistic and weight; the others follow with steps between lines and between elements.
 */
export interface Lines {
  readonly m: number;
  readonly n: number;
  readonly at: number;
  readonly s: number;
  readonly w: number;
  readonly line: number;
  readonly step: number;
  readonly sLine: number;
  readonly wLine: number;
  readonly wStep: number;
}

/** The arrays of a rule: of elements, in row-major order, of statistics, and of weights. */
export interface Operands {
  readonly x: NumberArray;
  readonly dy?: NumberArray;
  readonly means: NumberArray;
  readonly scales?: Float64Array;
  readonly levels?: Float64Array;
  readonly slopes?: Float64Array;
  readonly weights?: NumberArray;
  readonly biases?: NumberArray;
  /** The results of elements. */
  readonly y?: NumberArray;
  /** The sums to add to, for each expression. */
  readonly totals?: readonly Float64Array[];
}

/** Code for the names in expressions, per line and per element. */
const ofLine = { mean: 'means[k]', scale: 'scales[k]', level: 'levels[k]', slope: 'slopes[k]' };
const ofElement = { d: 'x[p] - mean', g: 'dy[p]', weight: 'weights[j]', bias: 'biases[j]' };

/** The loop of a rule, for arrays of any kind and steps. */
function loopOf({ of, expressions }: Rule): (like: NumberArray) => (lines: Lines, operands: Operands) => void {
  const used = new Set(expressions.join(' ').match(/[a-z]+/g));
  if (used.has('d')) used.add('mean');
  const take = (places: object) =>
    Object.entries(places)
      .filter(([name]) => used.has(name))
      .map(([name, place]) => `const ${name} = ${place};`)
      .join(' ');
  const each = (add: (expression: string, i: number) => string) =>
    `for (let i = 0, p = at + r * line, j = w + r * wLine; i < n; i++, p += step, j += wStep) {
        ${take(ofElement)} ${expressions.map(add).join(' ')}
      }`;
  const body = {
    elements: () => each((e) => `y[p] = ${e};`),
    statistics: () =>
      `${expressions.map((_, i) => `let sum${i} = 0;`).join(' ')}
      ${each((e, i) => `sum${i} += ${e};`)}
      ${expressions.map((_, i) => `totals[${i}][k] += sum${i};`).join(' ')}`,
    weights: () =>
      `if (wStep === 0) {
      let sum = totals[0][w + r * wLine];
      ${each((e) => `sum += ${e};`)}
      totals[0][w + r * wLine] = sum;
      } else ${each((e) => `totals[0][j] += ${e};`)}`,
  }[of]();
  return monomorphic<
    (lines: Lines, operands: Operands) => void
  >(`({ m, n, at, s, w, line, step, sLine, wLine, wStep }, operands) => {
    const { x, dy, means, scales, levels, slopes, weights, biases, y, totals } = operands;
    for (let r = 0, k = s; r < m; r++, k += sLine) {
      ${take(ofLine)}
      ${body}
    }
  }`);
}

/** The loops of all rules. */
export const loops = Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, loopOf(rule)])) as Readonly<
  Record<RuleName, ReturnType<typeof loopOf>>
>;
