import type { TableEntry } from '../ops/table/table';

/** Formats a name in LaTeX: `w1` with an index, `yHat` with a hat, Greek letters as such, words upright. */
export function texName(name: string): string {
  if (/^-?[\d.]+(e[+-]?\d+)?$/.test(name)) return name;
  const hat = /^(.+)Hat$/.exec(name);
  if (hat !== null) return `\\hat{${texName(hat[1])}}`;
  const indexed = /^(.*?)_?(\d+)$/.exec(name);
  if (indexed !== null && indexed[1] !== '') return `${texName(indexed[1])}_{${indexed[2]}}`;
  if (greek.has(name)) return `\\${name}`;
  return name.length === 1 ? name : `\\mathrm{${name.replace(/_/g, '\\_')}}`;
}

const greek = new Set(
  (
    'alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega ' +
    'Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega'
  ).split(' '),
);

/**
 * Fills a formula of the op table with names in place of `x`, `a`, `b`, `c` and `y`; `null` for an omitted input. For
 * an operation on a list, `index` is the element that the formula is for.
 */
export function fillFormula(
  op: TableEntry,
  template: string,
  inputs: readonly (string | null)[],
  output: string,
  index?: number,
): string {
  const few = inputs.length <= FEW;
  // A formula for every element of a short list is written for each.
  if (op.isList && index === undefined && few && template.includes('_k'))
    return inputs.map((_, k) => fillFormula(op, template, inputs, output, k)).join(',\\; ');
  const names = new Map<string, string>([['y', texName(output)]]);
  if (!op.isList)
    for (const [i, name] of op.inputNames.entries()) {
      const input = inputs[i];
      names.set(name, input === null ? (op.rule.absent?.[name] ?? '\\text{none}') : texName(input));
    }
  // Text inside \text{…} is not part of the formula.
  return template
    .split(/(\\text\{[^}]*\})/)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : numbered(
            op.isList && few ? part.replace(OPEN_LIST, inputs.map((_, k) => `x_${k + 1}`).join('; ')) : part,
            index,
          )
            .replace(/(?<![A-Za-z\\])x_(\d+)(?![A-Za-z])/g, (all, k: string) => {
              const input = op.isList ? (inputs[Number(k) - 1] ?? null) : null;
              return input === null ? all : `{${texName(input)}}`;
            })
            .replace(/(?<![A-Za-z\\])([a-z])(?![A-Za-z])/g, (all, letter: string) =>
              names.has(letter) ? `{${names.get(letter)}}` : all,
            ),
    )
    .join('');
}

/** Longest list whose elements are all named. */
const FEW = 4;

/** A list in a formula. */
const OPEN_LIST = 'x_1; x_2; \\dots';

/** The formula of one element of a list. */
function numbered(formula: string, index: number | undefined): string {
  return index === undefined ? formula : formula.replace(/(?<![A-Za-z\\])([xy])_k(?![A-Za-z])/g, `$1_${index + 1}`);
}

const words: readonly (readonly [RegExp, string])[] = [
  [/\\mathrm\{([^{}]*)\}/g, '$1'],
  [/\\(?:text|operatorname)\{([^{}]*)\}/g, '$1'],
  [/_\{(\d+)\}/g, '$1'],
  [/\\hat\{([^{}]*)\}/g, '$1Hat'],
  [/\\bar\s*\{([^{}]*)\}/g, '∇$1'],
  [/\\nabla_\{([^{}]*)\}/g, '∇$1'],
  [/\\frac\{([^{}]*)\}\{([^{}]*)\}/g, '$1/$2'],
  [/\^\{\\top\}/g, 'ᵀ'],
  [/\^\{-\\top\}/g, '⁻ᵀ'],
  [/\\[bB]ig(?![A-Za-z])/g, ''],
  [/\{(-?[\w.∇]+)\}/g, '$1'],
  [/\^\{(-?[\w.]+)\}/g, '^$1'],
  [/\^\{([^{}]*)\}/g, '^($1)'],
  [/\\sqrt\s*\{?([\w∇]+)\}?/g, '√$1'],
  [/\\textstyle\s*/g, ''],
  [/\\sum(_\{[^{}]*\})?/g, 'Σ'],
  [/\\odot/g, '⊙'],
  [/\\cdot/g, '·'],
  [/\\infty/g, '∞'],
  [/\\dots/g, '…'],
  [/\\le(?![A-Za-z])/g, '≤'],
  [/\\ge(?![A-Za-z])/g, '≥'],
  [/\\(?:,|;|\\)/g, ' '],
  [/\\([A-Za-z#]+)/g, '$1'],
  [/[{}\\]/g, ''],
  [/\s+/g, ' '],
];

/** Converts a formula to a line of plain text: `∇x = ∇y · 2 x^(2 - 1)`. */
export function plainFormula(tex: string): string {
  return words.reduce((text, [pattern, by]) => text.replace(pattern, by), tex).trim();
}

/**
 * Simplifies a filled formula: `2 x` for `2 x^{2 - 1}`, a product of numbers with `·`, and ∇ with an index for a
 * derivative, because a bar over a hat is hard to read.
 */
export function tidy(tex: string, isOfNumbers: boolean): string {
  const powers = tex.replace(/\^\{\{?(-?\d+(?:\.\d+)?)\}?\s*-\s*1\}/g, (_, n: string) =>
    Number(n) === 2 ? '' : `^{${Number(n) - 1}}`,
  );
  const products = isOfNumbers ? powers.replaceAll('\\odot', '\\cdot') : powers;
  // In braces, so that an index or exponent may follow.
  return products.replace(/\\bar\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}/g, '{\\nabla_{$1}}');
}
