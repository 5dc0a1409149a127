import { markdown, type RichOutput } from '../display';
import type { Tensor } from '../tensor/tensor';
import { fillFormula, plainFormula, texName, tidy } from './formula';
import { type Contribution, contributions, type Names, type Step, traceOf, type Value } from './trace';

/**
 * Derives `y` and its gradients line by line from the tape: every operation with its formula and value, then the chain
 * rule from `y` back to the leaves, in symbols and numbers. `names` are your names of tensors; other values are called
 * `v1`, `v2`, ….
 *
 * Call it before `backward()`, which frees the saved tensors. It changes nothing.
 *
 * @example
 * const x = tensor([3, 4], { requiresGrad: true });
 * explain(x.pow(2).sum(), { x });
 * @throws {AutogradError} if `y` has no history or is not a single number.
 */
export function explain(y: Tensor, names: Names = {}): RichOutput {
  const trace = traceOf('explain', y, names);
  const { sent, totals } = contributions('explain', y, trace);
  const forward = trace.steps.map((s): Line => ({ formula: forwardFormula(s), value: s.outputs[0].value }));
  const start: Line = { formula: tidy(`\\bar ${braced(trace.result)} = 1`, true), value: totals.get(trace.result)! };
  const backward = [start, ...backwardLines(sent, totals)];
  const text = [
    '**Forward**, as the tape recorded it:',
    table(forward),
    `**Backward**, from $${start.formula}$; $\\nabla_v$ stands for the derivative of $${texName(trace.result.name)}$ by $v$:`,
    table(backward),
  ].join('\n\n');
  const plain = ['forward', ...forward.map(plainLine), 'backward', ...backward.map(plainLine)].join('\n');
  return markdown(text, plain);
}

interface Line {
  readonly formula: string;
  readonly value: Tensor | null;
}

const braced = (v: Value) => `{${texName(v.name)}}`;

/** Returns a name for each input of the rule; an input of a custom operation may be a list. */
function namesOf({ op, node, inputs }: Step): (string | null)[] {
  const names = inputs.map((i) => i?.name ?? null);
  if (op.isList || names.length === op.inputNames.length) return names;
  return op.inputNames.map((_, k) => {
    const some = names.filter((_, i) => node.inputs[i].rule === k);
    return some.length === 1 ? some[0] : `(${some.join(', ')})`;
  });
}

/** Returns the formula of a step with the values' names, in LaTeX. */
export function forwardFormula(step: Step): string {
  return tidy(fillFormula(step.op, step.op.rule.math, namesOf(step), step.outputs[0].name), isOfNumbers(step));
}

const isOfNumbers = ({ inputs, outputs }: Step): boolean =>
  [...inputs, ...outputs].every((v) => v === null || v.shape.length === 0);

/** Returns a line for each contribution to a gradient; after several, a line with their sum. */
function backwardLines(sent: readonly Contribution[], totals: ReadonlyMap<Value, Tensor>): Line[] {
  const lines: Line[] = [];
  const left = new Map<Value, number>();
  for (const { to } of sent) left.set(to, (left.get(to) ?? 0) + 1);
  const several = new Set([...left].filter(([, n]) => n > 1).map(([v]) => v));
  for (const { step, index, to, gradient } of sent) {
    const { op } = step;
    const key = op.inputNames[step.node.inputs[index].rule];
    const template = op.rule.vjpMath[key as never] as string | undefined;
    const right =
      template === undefined
        ? `\\text{(see the rule of ${op.name})}`
        : fillFormula(op, template, namesOf(step), step.outputs[0].name, index);
    const sign = several.has(to) ? '\\mathrel{+}=' : '=';
    lines.push({ formula: tidy(`\\bar ${braced(to)} ${sign} ${right}`, isOfNumbers(step)), value: gradient });
    left.set(to, left.get(to)! - 1);
    if (several.has(to) && left.get(to) === 0)
      lines.push({
        formula: tidy(`\\bar ${braced(to)} = \\text{the sum of these}`, true),
        value: totals.get(to)!,
      });
  }
  return lines;
}

/** Returns the elements on one line if there are few, else shape and dtype. */
export function summary(x: Tensor | null): string {
  if (x === null) return 'not kept';
  const text = x
    .detach()
    .toString()
    .replace(/\s+/g, ' ')
    .replace(/\[ /g, '[')
    .replace(/^tensor\((.*?)(, dtype=\w+)?\)$/, '$1')
    .replace(/(\d)\.(?!\d)/g, '$1');
  return text.length <= 72 ? text : `${x.dtype} [${x.shape.join(', ')}]`;
}

function table(lines: readonly Line[]): string {
  const rows = lines.map(({ formula, value }) => `| $${formula.replace(/\|/g, '\\vert ')}$ | \`${summary(value)}\` |`);
  return ['| formula | value |', '|:--|:--|', ...rows].join('\n');
}

function plainLine({ formula, value }: Line): string {
  return `  ${plainFormula(formula.replace('\\mathrel{+}=', '+='))}    ${summary(value)}`;
}
