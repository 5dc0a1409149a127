// Compiles Jacobian-vector products of operations from their rules.

import type { Input, Node } from '../../autograd/node';
import { ones, zeros } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';
import type { ForwardRule } from './rule';
import type { TableEntry } from './table';

/** Returns the tangent of the output, or of all outputs, from the tangents of the inputs. */
export type Jvp = (tangents: readonly (Tensor | null)[], n: Node) => Tensor | null | (Tensor | null)[];

/** Returns the sum of the terms that are not null, `null` if all are. @internal */
export function sumOf(terms: readonly (Tensor | null | undefined)[]): Tensor | null {
  return terms.reduce<Tensor | null>((a, b) => (a === null ? (b ?? null) : b ? a.add(b) : a), null);
}

/** Compiles a rule to a function; `op` returns the operation of the rule once it is registered. @internal */
export function compileJvp(op: () => TableEntry, rule: unknown): Jvp | undefined {
  if (rule === undefined || typeof rule === 'function') return rule as Jvp | undefined;
  switch (rule as Exclude<ForwardRule, (...args: never[]) => unknown>) {
    case 'diagonal':
      return (tangents, n) =>
        sumOf(tangents.map((t, i) => (t === null ? null : op().vjps[n.inputs[i].rule]!(t.expand(n.outShape), n, i))));
    case 'linear':
      return (tangents, n) =>
        applied(
          op(),
          n,
          tangents.map((t, i) => t ?? nothingLike(n.inputs[i])),
        );
    case 'reduction':
      return (tangents, n) => {
        const one = ones(n.outShape, { dtype: n.outDtype });
        const { params } = op().rule.torch;
        const given = n.args.slice(params.indexOf('dim') - n.inputs.length);
        const [dim, options] = given as Parameters<Tensor['sum']>;
        const total = (x: Tensor) => (n.outShape.length === 0 ? x.sum() : x.sum(dim, { keepdim: options?.keepdim }));
        return sumOf(tangents.map((t, i) => t && total(op().vjps[n.inputs[i].rule]!(one, n, i)!.mul(t))));
      };
    case 'multilinear':
      return (tangents, n) => {
        const values = [() => n.a, () => n.b, () => n.c];
        const term = (t: Tensor, i: number) =>
          applied(
            op(),
            n,
            tangents.map((_, k) => (k === i ? t : values[k]())),
          ) as Tensor;
        return sumOf(tangents.map((t, i) => (t === null ? null : term(t, i))));
      };
  }
}

/** Returns a zero tangent for an input, also for a number or an absent one. */
function nothingLike(input: Input): Tensor | number | null {
  if (input.isNumber) return 0;
  return input.isAbsent ? null : zeros(input.shape, { dtype: input.dtype });
}

/** Applies the operation of a node to other inputs, recorded if the mode is on. */
function applied({ isList, rule, inputNames, invoke }: TableEntry, n: Node, inputs: readonly unknown[]) {
  const { params, options } = rule.torch;
  const count = params.length + (options === undefined ? 0 : 1) - (isList ? 1 : inputNames.length);
  const args = n.args.slice(0, count);
  const y = isList ? invoke(inputs, ...args) : invoke(...inputs, ...args);
  const { returns } = rule;
  return (returns === undefined ? y : returns.map((name) => (y as Record<string, Tensor>)[name])) as Tensor;
}
