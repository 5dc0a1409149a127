// Optimizer steps on float32: parameters and state change in place. The formulas are those of the loops in
// kernels/optimizer-steps.ts.

import { Module } from './assembler';
import { f32x4, i32, type Local, type Vector, v128 } from './instructions';

/**
 * The functions of {@link stepsModule}, by name. They take the number of elements, the addresses of the arrays in
 * bytes, the numbers in the order of {@link steps}, then a sign. `…Decayed` adds `decay·p` to the gradient, with
 * `decay` as the last number. A decay of 0 is not the same as none, since a parameter may be infinite.
 */
export type StepsExports = Record<string, (...args: readonly number[]) => void>;

const { add, sub, mul, div, sqrt } = f32x4;
type Vectors<Names extends readonly string[]> = Record<Names[number] | 'd', Vector>;

/** A step: its arrays, the parameters first and then the gradient, and its numbers. */
interface VectorStep {
  readonly arrays: readonly string[];
  readonly numbers: readonly string[];
  /** Returns the new vectors, from the old ones and the direction `d`. */
  readonly change: (x: Record<string, Vector>, keep: (v: Vector) => Local<'v128'>) => Record<string, Vector>;
}

const step = <const A extends readonly string[], const N extends readonly string[]>(
  arrays: A,
  numbers: N,
  change: (x: Vectors<[...A, ...N]>, keep: (v: Vector) => Local<'v128'>) => Record<string, Vector>,
): VectorStep => ({ arrays, numbers, change: change as VectorStep['change'] });

const momentum = (isNesterov: boolean) =>
  step(['p', 'g', 'v'], ['lr', 'keep', 'take', 'momentum'], ({ p, v, d, lr, keep, take, momentum }, local) => {
    const velocity = local(add(mul(v, keep), mul(d, take)));
    return { v: velocity, p: sub(p, mul(lr, isNesterov ? add(d, mul(velocity, momentum)) : velocity)) };
  });

export type StepName = 'descend' | 'momentum' | 'nesterov' | 'rmsprop' | 'adam';

const steps: Readonly<Record<StepName, VectorStep>> = {
  descend: step(['p', 'g'], ['lr'], ({ p, d, lr }) => ({ p: sub(p, mul(d, lr)) })),
  momentum: momentum(false),
  nesterov: momentum(true),
  rmsprop: step(['p', 'g', 's'], ['lr', 'keep', 'take', 'eps'], ({ p, s, d, lr, keep, take, eps }, local) => {
    const spread = local(add(mul(s, keep), mul(mul(d, d), take)));
    return { s: spread, p: sub(p, mul(lr, div(d, add(sqrt(spread), eps)))) };
  }),
  adam: step(
    ['p', 'g', 'm', 'v'],
    ['rate', 'root', 'shrink', 'take1', 'keep2', 'take2', 'eps'],
    ({ p, m, v, d, rate, root, shrink, take1, keep2, take2, eps }, local) => {
      const mean = local(add(m, mul(sub(d, m), take1)));
      const spread = local(add(mul(v, keep2), mul(mul(d, d), take2)));
      return { m: mean, v: spread, p: sub(mul(p, shrink), div(mul(rate, mean), add(div(sqrt(spread), root), eps))) };
    },
  ),
};

export function stepsModule(): Module {
  const module = new Module();
  for (const [name, step] of Object.entries(steps))
    for (const isDecayed of [false, true]) define(module, isDecayed ? `${name}Decayed` : name, step, isDecayed);
  return module;
}

function define(module: Module, name: string, { arrays, numbers, change }: VectorStep, isDecayed: boolean): void {
  const scalars = [...numbers, 'sign', ...(isDecayed ? ['decay'] : [])];
  const parameters: Record<string, 'i32' | 'f32'> = { n: 'i32' };
  for (const a of arrays) parameters[a] = 'i32';
  for (const a of scalars) parameters[a] = 'f32';
  module.define(name, parameters, (f, locals) => {
    const vectors: Record<string, Vector> = {};
    for (const a of scalars) vectors[a] = f.local('v128', f32x4.splat(locals[a] as Local<'f32'>));
    const at = arrays.map((a) => locals[a] as Local<'i32'>);
    const end = f.local('i32', i32.add(at[0], i32.shl(locals.n as Local<'i32'>, 2)));
    f.while(
      () => i32.lt(at[0], end),
      () => {
        arrays.forEach((a, i) => {
          vectors[a] = f.local('v128', v128.load(at[i]));
        });
        const gradient = mul(vectors.g, vectors.sign);
        vectors.d = f.local('v128', isDecayed ? add(gradient, mul(vectors.p, vectors.decay)) : gradient);
        const changed = change(vectors, (v) => f.local('v128', v));
        for (const a in changed) f.store(locals[a] as Local<'i32'>, changed[a]);
        for (const address of at) f.advance(address, 16);
      },
    );
  });
}
