import type { Tensor } from '../../src';
import { tensor } from '../../src';
import type { Dtype } from '../../src/tensor/dtype';
import { layoutOf } from '../../src/tensor/layout';
import { Tensor as TensorClass } from '../../src/tensor/tensor';
import '../../src/ops';
import { caseOf } from '../../src/ops/table/samples';
import { opTable, type TableEntry } from '../../src/ops/table/table';

/** A case of an operation: a shape for each tensor, or a number instead, and the other arguments. */
export interface Sample {
  readonly inputs: readonly (readonly number[] | number)[];
  readonly args: readonly unknown[];
}

const inputOf = (text: string) =>
  text.startsWith('#') ? Number(text.slice(1)) : text === '()' ? [] : text.split('x').map(Number);

/** Reads the texts of samples. */
export const samplesOf = ({ rule }: TableEntry): Sample[] =>
  rule.samples.map(caseOf).map(({ inputs, args }) => ({ inputs: inputs.split(' ').map(inputOf), args }));

const isRefused = (vjp: unknown) => typeof vjp === 'object' && vjp !== null && 'notImplemented' in vjp;

/**
 * Every operation of the table that has samples. Operations made with defineOp, and those without gradients, have their
 * own tests.
 */
export const entries: TableEntry[] = [...opTable.values()].filter(
  (op) => !op.isOwn && !Object.values(op.rule.vjp).some(isRefused),
);

/** The memory layout of an input; the values are the same. */
export type Layout = 'contiguous' | 'gaps' | 'swapped' | 'backwards';

/** Inputs of one sample and the call on them. */
interface Case {
  readonly inputs: (Tensor | number)[];
  call(...inputs: (Tensor | number)[]): Tensor | readonly Tensor[];
}

const GOLDEN = 0.6180339887498949;

/** Distinct values spread over the rule's domain, none close to 0, where several functions have a kink. */
function values(count: number, first: number, [low, high]: readonly [number, number]): number[] {
  return Array.from({ length: count }, (_, i) => {
    const v = low + (high - low) * ((0.5 + (first + i) * GOLDEN) % 1);
    return Math.abs(v) < 0.05 ? v + 0.1 : v;
  });
}

/**
 * A tensor of `shape` whose memory has gaps, whose last two dimensions are swapped in memory, or all of whose
 * dimensions are reversed.
 */
function withLayout(flat: readonly number[], shape: readonly number[], dtype: Dtype, layout: Layout): Tensor {
  const plain = tensor([...flat], { dtype }).reshape(shape);
  if (layout === 'contiguous' || shape.length === 0) return plain;
  if (layout === 'swapped' && shape.length >= 2) return plain.transpose(-1, -2).clone().transpose(-1, -2).detach();
  if (layout === 'backwards')
    return new TensorClass(
      plain.data.slice().reverse(),
      layoutOf(
        shape,
        plain.stride.map((s) => -s),
      ),
      Math.max(flat.length - 1, 0),
      dtype,
    );
  const array = new (plain.data.constructor as new (n: number) => typeof plain.data)(2 * flat.length + 1);
  plain.data.forEach((v: number, i: number) => {
    array[2 * i + 1] = v;
  });
  return new TensorClass(
    array,
    layoutOf(
      shape,
      plain.stride.map((s) => 2 * s),
    ),
    1,
    dtype,
  );
}

/** The inputs of a sample as tensors, which require gradients if the rule has one. */
export function build(op: TableEntry, sample: Sample, layout: Layout = 'contiguous', dtype: Dtype = 'float64'): Case {
  const { isList } = op;
  const derivative = (i: number) => op.vjps[isList ? 0 : i];
  const someDerivative = op.vjps.some((v) => v !== null);
  let used = 0;
  const inputs = sample.inputs.map((input, i) => {
    if (typeof input === 'number') return input;
    const count = input.reduce((n, m) => n * m, 1);
    const flat = values(count, used, op.rule.domain ?? [-1.5, 1.5]);
    used += count;
    // An input without derivative beside one that has it is a mask.
    if (someDerivative && derivative(i) === null)
      return withLayout(
        flat.map((v) => (v > 0 ? 1 : 0)),
        input,
        'bool',
        layout,
      );
    const x = withLayout(flat, input, dtype, layout);
    if (derivative(i) !== null) x.requiresGrad_();
    return x;
  });
  const { args } = sample;
  return {
    inputs,
    call: (...xs) => {
      const given = xs.map((x, i) => (typeof x === 'number' ? x : (op.rule.prepared?.(x, i) ?? x)));
      return results(op.invoke(...(isList ? [given] : given), ...args));
    },
  };
}

/** Results as a tensor or a list; properties of an object are listed in order. */
export function results(y: unknown): Tensor | readonly Tensor[] {
  if (y instanceof TensorClass || Array.isArray(y)) return y as Tensor | Tensor[];
  return Object.values(y as Record<string, Tensor>);
}

/** The tensors among the inputs of a case, and its call as a function of only these. */
export function tensorsOnly(c: Case): { xs: Tensor[]; f: (...xs: Tensor[]) => Tensor | readonly Tensor[] } {
  const xs = c.inputs.filter((x): x is Tensor => typeof x !== 'number');
  return {
    xs,
    f: (...given) => {
      let next = 0;
      return c.call(...c.inputs.map((x) => (typeof x === 'number' ? x : given[next++])));
    },
  };
}

/** A name for a sample in the list of tests. */
export function label(sample: Sample): string {
  const inputs = sample.inputs.map((x) => (typeof x === 'number' ? x : `[${x}]`)).join(' ');
  return sample.args.length === 0
    ? inputs
    : `${inputs} ${JSON.stringify(sample.args, (_, v) => (v instanceof TensorClass ? v.tolist() : v))}`;
}
