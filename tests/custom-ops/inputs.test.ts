// Which arguments of a custom operation are its inputs, their names, and errors.
import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  defineOp,
  explain,
  grad,
  gradcheck,
  gradgradcheck,
  noGrad,
  notDifferentiable,
  type Tensor,
  tensor,
  ValueError,
} from '../../src';
import { opTable } from '../../src/ops/table/table';
import { leaf } from '../support/tensors';

describe('inputs', () => {
  const double = (v: number | number[]) => tensor(v, { dtype: 'float64', requiresGrad: true });

  test('may be at any position among the arguments', () => {
    const blend = defineOp({
      name: 'testBlend',
      forward: (a: Tensor, weight: number, b: Tensor, power: number) => a.mul(weight).mul(b.pow(power)),
      saves: ['a', 'b'],
      vjp: {
        a: (dy, { b, args: [weight, power] }) => dy.mul(weight).mul(b.pow(power)),
        b: (dy, { a, b, args: [weight, power] }) =>
          dy
            .mul(a)
            .mul(weight * power)
            .mul(b.pow(power - 1)),
      },
    });
    const [a, b] = [double([1, 2]), double([3, 4])];
    expect(blend(a, 2, b, 2).tolist()).toEqual([18, 64]);
    expect(gradcheck((p, q) => blend(p, 2, q, 3), [a, b])).toBe(true);
    expect(gradgradcheck((p, q) => blend(p, 2, q, 3), [a, b])).toBe(true);
    // A tensor that needs no gradient is still an input.
    expect(gradcheck((q) => blend(a.detach(), 2, q, 3), [b])).toBe(true);
    const behind = defineOp({
      name: 'testBehind',
      forward: (factor: number, x: Tensor) => x.mul(factor),
      saves: [],
      vjp: { x: (dy, { args: [factor] }) => dy.mul(factor) },
    });
    expect(grad(behind(3, a).sum(), a)[0].tolist()).toEqual([3, 3]);
  });

  test('may be any number, some of them without derivative', () => {
    const product = defineOp({
      name: 'testFive',
      forward: (a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor) => a.mul(b).mul(c).mul(d).mul(e),
      saves: { a: ['b', 'c', 'd', 'e'], b: ['a', 'c', 'd', 'e'], d: ['a', 'b', 'c', 'e'], e: ['y', 'e'] },
      vjp: {
        a: (dy, { b, c, d, e }) => dy.mul(b).mul(c).mul(d).mul(e),
        b: (dy, { a, c, d, e }) => dy.mul(a).mul(c).mul(d).mul(e),
        c: notDifferentiable,
        d: (dy, { a, b, c, e }) => dy.mul(a).mul(b).mul(c).mul(e),
        e: (dy, { y, e }) => dy.mul(y).div(e),
      },
    });
    const [a, b, c, d, e] = [2, 3, 5, 7, 11].map(double);
    product(a, b, c, d, e).backward();
    expect([a, b, c, d, e].map((t) => t.grad?.item() ?? null)).toEqual([1155, 770, null, 330, 210]);
  });

  test('may be tensors and lists of tensors', () => {
    const weighted = defineOp({
      name: 'testListAndTensor',
      forward: (scale: number, xs: readonly Tensor[], w: Tensor, ys: readonly Tensor[]) =>
        [...xs, ...ys]
          .map((x, i) => x.mul(w).mul(i + 1))
          .reduce((p, q) => p.add(q))
          .mul(scale),
      vjp: {
        a: (dy, { a, b, args: [scale] }, k) =>
          dy
            .mul(b)
            .mul(scale * (k + 1))
            .add(a[k].mul(0)),
        b: (dy, { a, c, args: [scale] }) => {
          const sum = [...a, ...c].map((x, i) => x.mul(i + 1)).reduce((p, q) => p.add(q));
          return dy.mul(sum).mul(scale);
        },
        c: (dy, { a, b, args: [scale] }, k) => dy.mul(b).mul(scale * (a.length + k + 1)),
      },
    });
    const [p, q, w, r] = [double(2), double(3), double(5), double(7)];
    const f = (...[p, q, w, r]: Tensor[]) => weighted(10, [p, q], w, [r]);
    expect(f(p, q, w, r).item()).toBe(10 * 5 * (2 + 6 + 21));
    expect(gradcheck(f, [p, q, w, r])).toBe(true);
    expect(gradgradcheck(f, [p, q, w, r])).toBe(true);
    expect(weighted(10, [p], w, []).item()).toBe(100);
    expect(grad(weighted(10, [p], w, []), [p, w]).map((g) => g.item())).toEqual([50, 20]);
    const text = String(explain(f(p, q, w, r), { p, q, w, r }));
    expect(text).toContain('y = testListAndTensor((p, q), w, r)    1450');
    expect(f(p, q, w, r).gradFn!.saved.b).toBe(w);
  });

  test('may be omitted or be numbers, if their positions are declared', () => {
    const affine = defineOp({
      name: 'testAffine',
      forward: (a: Tensor, factor: number, b?: Tensor | null) => (b ? a.mul(factor).add(b) : a.mul(factor)),
      inputs: [0, 2],
      saves: [],
      vjp: { a: (dy, { args: [factor] }) => dy.mul(factor), b: (dy) => dy },
    });
    const [x, y] = [double(2), double(3)];
    expect(grad(affine(x, 4, y), [x, y]).map((g) => g.item())).toEqual([4, 1]);
    for (const z of [affine(x, 4), affine(x, 4, null), affine(x, 4, undefined)])
      expect([z.item(), grad(z, x)[0].item()]).toEqual([8, 4]);
    const times = defineOp({
      name: 'testTimes',
      forward: (a: Tensor, b: Tensor | number) => a.mul(b),
      inputs: [0, 1],
      saves: { a: ['b'], b: ['a'] },
      vjp: { a: (dy, { b }) => dy.mul(b), b: (dy, { a }) => dy.mul(a) },
    });
    expect(grad(times(x, 5), x)[0].item()).toBe(5);
    expect(grad(times(x, y), [x, y]).map((g) => g.item())).toEqual([3, 2]);
    expect(String(explain(times(x, 5), { x }))).toContain('testTimes(x, 5)');
  });

  test('the first ones may be given alone without a declaration', () => {
    const biased = defineOp({
      name: 'testBiased',
      forward: (a: Tensor, b: Tensor, c?: Tensor) => (c === undefined ? a.mul(b) : a.mul(b).add(c)),
      saves: { a: ['b', 'c'], b: ['a'] },
      vjp: {
        a: (dy, { b, c }) => (c === null ? dy.mul(b) : dy.mul(b).add(c.mul(0))),
        b: (dy, { a }) => dy.mul(a),
        c: (dy) => dy,
      },
    });
    const [a, b, c] = [double(2), double(3), double(4)];
    expect(grad(biased(a, b), [a, b]).map((g) => g.item())).toEqual([3, 2]);
    expect(grad(biased(a, b, c), [a, b, c]).map((g) => g.item())).toEqual([3, 2, 1]);
  });

  test('that are ambiguous are rejected', () => {
    const unclear = defineOp({
      name: 'testUnclear',
      forward: (a: Tensor, factor: number, b?: Tensor) => (b === undefined ? a.mul(factor) : a.mul(factor).add(b)),
      saves: [],
      vjp: { a: (dy: Tensor) => dy, b: (dy: Tensor) => dy },
    } as never) as (a: Tensor, factor: number, b?: Tensor) => Tensor;
    const x = double(2);
    expect(unclear(x, 3, x).item()).toBe(8);
    expect(() => unclear(x, 3)).toThrow(ValueError);
    expect(() => unclear(x, 3)).toThrow('testUnclear: the second input must be a tensor, got 3; if an input may');
    expect(() => unclear(x, 3)).toThrow('inputs: [0, 2]');
    const three = defineOp({
      name: 'testUnclearThree',
      forward: (a: Tensor, b: Tensor | undefined, _note: string, c: Tensor) => a.add(b ?? c),
      saves: [],
      vjp: { a: (dy: Tensor) => dy, b: (dy: Tensor) => dy, c: () => null },
    } as never) as (a: Tensor, b: Tensor | undefined, note: string, c: Tensor) => Tensor;
    expect(() => three(x, undefined, 'n', x)).toThrow("the third input must be a tensor, got 'n'");
  });

  test('that require a gradient without a derivative are rejected', () => {
    const make = (vjp: object, more: object = {}) =>
      defineOp({
        name: 'testCovered',
        forward: (a: Tensor, b: unknown, c?: unknown) => a.mul(b as Tensor).mul(c === undefined ? 1 : 2),
        saves: [],
        vjp,
        ...more,
      } as never) as unknown as (a: Tensor, b: unknown, c?: unknown) => Tensor;
    const one = make({ x: (dy: Tensor) => dy });
    const [x, w] = [leaf(2), leaf(3)];
    expect(() => one(x, w)).toThrow(AutogradError);
    expect(() => one(x, w)).toThrow(
      'testCovered: a tensor in the second argument requires a gradient, and vjp has none for it (it names x): ',
    );
    for (const hidden of [[w], { w }, { w: [w] }, [[w]]])
      expect(() => one(x, tensor(3), hidden)).toThrow('the third argument');
    expect(grad(one(x, tensor(3)), x)[0].item()).toBe(1);
    expect(noGrad(() => one(x, w)).item()).toBe(6);
    expect(() => make({ a: (dy: Tensor) => dy, b: (dy: Tensor) => dy })(x, w, w)).toThrow('it names a, b');
  });

  test('of another kind than their name are rejected', () => {
    const one = defineOp({ name: 'testOne', forward: (x: Tensor) => x, saves: [], vjp: { x: (dy) => dy } });
    expect(() => one([leaf(1)] as never)).toThrow('testOne: the input must be a tensor, got a list; a list');
    const many = defineOp({ name: 'testMany', forward: (xs: Tensor[]) => xs[0], saves: [], vjp: { xs: (dy) => dy } });
    expect(() => many(leaf(1) as never)).toThrow(
      'testMany: xs must be a list of tensors, got a float32 tensor of shape []',
    );
  });
});

describe('a definition is rejected', () => {
  const define = (changes: object) =>
    defineOp({ name: 'testRefused', forward: (a: Tensor, b: Tensor) => a.mul(b), ...changes } as never);
  const id = (dy: Tensor) => dy;

  test.each<[string, object]>([
    ['vjp names w, x, and w fits no input: a single tensor is called x', { vjp: { x: id, w: id } }],
    ['vjp names a, and a fits no input', { vjp: { a: id } }],
    ['vjp names a, c, and c fits no input', { vjp: { a: id, c: id } }],
    ['vjp names x, xs, and x fits no input', { vjp: { x: id, xs: id } }],
    ['vjp names no input', { vjp: {} }],
    ['vjp has 3 for b; it must be a function, notDifferentiable', { vjp: { a: id, b: 3 } }],
    ['vjp has undefined for a', { vjp: { a: undefined, b: id } }],
    ["saves names 'c'; there are a, b, y", { vjp: { a: id, b: id }, saves: ['a', 'c'] }],
    ["saves names 'q'; there are a, b, y", { vjp: { a: id, b: id }, saves: { a: ['q'] } }],
    ['saves has a list for c; the inputs are a, b', { vjp: { a: id, b: id }, saves: { c: ['a'] } }],
    ['inputs must have a place, counted from 0, for each of a, b, got [0]', { vjp: { a: id, b: id }, inputs: [0] }],
    ['got [1, 0]', { vjp: { a: id, b: id }, inputs: [1, 0] }],
  ])('%s', (message, changes) => {
    expect(() => define(changes)).toThrow(ValueError);
    expect(() => define(changes)).toThrow(`defineOp: testRefused: `);
    expect(() => define(changes)).toThrow(message);
  });

  test('and leaves the previous one unchanged', () => {
    const first = defineOp({
      name: 'testRefused',
      forward: (x: Tensor) => x.mul(2),
      saves: [],
      vjp: { x: (dy) => dy.mul(2) },
    });
    expect(() => define({ vjp: { a: id } })).toThrow(ValueError);
    expect(opTable.get('testRefused')!.inputNames).toEqual(['x']);
    const x = leaf(1);
    expect(grad(first(x), x)[0].item()).toBe(2);
  });
});

describe('a derivative that reads a value not named in saves', () => {
  const make = (name: string, saves: unknown, read: string) =>
    defineOp({
      name,
      forward: (a: Tensor, b: Tensor) => a.mul(b),
      saves,
      vjp: { a: (_dy: Tensor, n: Record<string, Tensor>) => n[read], b: (dy: Tensor) => dy },
    } as never) as unknown as (a: Tensor, b: Tensor) => Tensor;
  const read = (saves: unknown, what: string) => () => make('testReads', saves, what)(leaf(2), leaf(3)).backward();

  test('throws an error with advice', () => {
    expect(read(['b'], 'b')).not.toThrow();
    expect(read([], 'b')).toThrow(AutogradError);
    expect(read([], 'b')).toThrow(
      "testReads: the derivative of a reads b, which saves does not name for it; add it: saves: { a: ['b'], … }",
    );
    expect(read({ a: ['b'], b: ['a'] }, 'a')).toThrow("add it: saves: { a: ['b','a'], … }");
    expect(read(['a'], 'y')).toThrow('the derivative of a reads y, which saves does not name');
    expect(read(['a'], 'ys')).toThrow('the derivative of a reads ys, which saves does not name');
    expect(read(['a'], 'x')).toThrow('the derivative of a reads x, which is not an input; the inputs are a, b');
    expect(read(['a'], 'c')).toThrow('the derivative of a reads c, which is not an input');
  });
});
