// What a caller can write to: sizes and strides shared by tensors, lists passed as arguments, and setters.
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { GradlabError, grad, nn, ones, type Tensor, tensor, zeros } from '../../src';
import { build, entries, label, results, samplesOf } from '../support/op-samples';

const write = (list: readonly number[], value: number) => {
  (list as number[])[0] = value;
};

describe('sizes and strides', () => {
  test('are read-only, and an attempt to write changes no tensor', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    const y = x.mul(2);
    for (const list of [x.shape, x.stride, x.size(), y.t().shape, x.at(1).shape, x.sum(0).stride])
      expect(() => write(list, 6)).toThrow(TypeError);
    expect(x.sum().item()).toBe(36);
    expect([x.shape, y.shape, x.exp().shape, x.t().shape]).toEqual([
      [4, 2],
      [4, 2],
      [4, 2],
      [2, 4],
    ]);
  });

  test.each(
    Object.entries({ shape: [2, 4], stride: [1, 4], offset: 1, dtype: 'int32', data: [1], ndim: 1, length: 2 }),
  )('%s cannot be assigned', (name, value) => {
    const x = tensor([[1, 2]]);
    expect(() => Object.assign(x, { [name]: value })).toThrow(
      `${name}: this property of a tensor cannot be assigned; `,
    );
    expect(x.tolist()).toEqual([[1, 2]]);
  });

  test('tensors with the same layout share them', () => {
    const x = zeros([2, 3]);
    expect(x.mul(2).shape).toBe(x.shape);
    expect(zeros([2, 3]).stride).toBe(x.stride);
    expect(x.t().t().shape).toBe(x.shape);
  });

  test('more layouts than the cache holds: each tensor keeps its own', () => {
    const all = Array.from({ length: 5000 }, (_, i) => zeros([1, 1]).expand([1 + (i % 71), 1 + i]));
    all.forEach((x, i) => {
      expect(x.shape).toEqual([1 + (i % 71), 1 + i]);
      expect(x.stride).toEqual([0, i === 0 ? 1 : 0].map((s, d) => (x.shape[d] === 1 ? 1 : s)));
    });
  });
});

describe('lists passed as arguments', () => {
  test('creation functions keep none', () => {
    const { empty, full, ones, rand, randint, randn } = gradlab;
    const makers = [zeros, ones, empty, rand, randn, (s: number[]) => full(s, 1), (s: number[]) => randint(0, 3, s)];
    for (const make of makers) {
      const sizes = [2, 3];
      const x = make(sizes);
      write(sizes, 6);
      expect(x.shape).toEqual([2, 3]);
    }
  });

  const lists = (value: unknown): number[][] =>
    !Array.isArray(value) ? [] : value.every((v) => typeof v === 'number') ? [value] : value.flatMap(lists);
  const copied = (value: unknown): unknown => (Array.isArray(value) ? value.map(copied) : value);

  // Each operation of the table with a list of numbers among its arguments.
  const cases = entries.flatMap((op) =>
    samplesOf(op)
      .filter((s) => lists(s.args).length > 0)
      .map((s) => [op.name, label(s), op, s] as const),
  );
  test.each(cases)('%s %s: the gradient is that of the original list', (_name, _label, op, sample) => {
    const pass = (isWritten: boolean) => {
      const args = copied(sample.args) as unknown[];
      const { inputs } = build(op, sample);
      const given = inputs.map((x, i) => (typeof x === 'number' ? x : (op.rule.prepared?.(x, i) ?? x)));
      const ys = [results(op.invoke(...(op.isList ? [given] : given), ...args))].flat() as Tensor[];
      if (isWritten) for (const list of lists(args)) list.fill(0);
      const heads = ys.filter((y) => y.requiresGrad);
      const wanted = inputs.filter((x): x is Tensor => typeof x === 'object' && x.requiresGrad);
      if (heads.length === 0) return ys.map((y) => [y.shape, y.tolist()]);
      const gradients = grad(heads, wanted, {
        gradOutputs: heads.map((y) => ones(y.shape, { dtype: y.dtype })),
        allowUnused: true,
      });
      return [...ys, ...gradients].map((y) => y && [y.shape, y.tolist()]);
    };
    expect(pass(true)).toEqual(pass(false));
  });
});

describe('setters', () => {
  const strange: [string, unknown][] = [
    ['a list', [1, 2]],
    ['a text', 'x'],
    ['a number', 3],
    ['nothing', undefined],
    ['an object', {}],
    ['an object without a prototype', Object.create(null)],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a tensor of another shape', zeros([7, 7])],
    ['a tensor of another dtype', zeros([2, 2], { dtype: 'int32' })],
  ];

  const parametrized = () => {
    const net = new nn.Linear(2, 2);
    nn.utils.parametrizations.weightNorm(net);
    return net;
  };
  const owners: Record<string, () => object> = {
    Tensor: () => zeros([2, 2]),
    Parameter: () => new nn.Parameter(zeros([2, 2])),
    'a module with a parametrization': parametrized,
  };

  const settersOf = (value: object) => {
    const names = new Set<string>();
    for (let p = Object.getPrototypeOf(value); p !== null; p = Object.getPrototypeOf(p))
      for (const [name, { set }] of Object.entries(Object.getOwnPropertyDescriptors(p)))
        if (set !== undefined && name !== '__proto__') names.add(name);
    return [...names];
  };

  test('covers all public classes with setters', () => {
    const found = new Set<string>();
    const seen = new Set<unknown>();
    const walk = (value: unknown): void => {
      if (seen.has(value) || value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
      seen.add(value);
      if (typeof value === 'function') {
        const prototype = (value as { prototype?: object }).prototype;
        if (prototype && Object.values(Object.getOwnPropertyDescriptors(prototype)).some(({ set }) => set))
          found.add(value.name);
        return;
      }
      for (const v of Object.values(value)) walk(v);
    };
    for (const v of Object.values(gradlab)) walk(v);
    expect([...found]).toEqual(['Tensor']);
  });

  for (const [title, make] of Object.entries(owners))
    test.each(settersOf(make()))(`${title}, %s: rejects invalid values with a message`, (name) => {
      for (const [what, value] of strange) {
        const owner = make();
        let error: unknown = null;
        try {
          (owner as Record<string, unknown>)[name] = value;
        } catch (e) {
          error = e;
        }
        if (!(error instanceof GradlabError)) throw new Error(`${what}: ${error ?? 'taken'}`);
        expect(error.message).toMatch(/^[a-zA-Z]+: [a-z]/);
        expect(error.message).not.toMatch(/\[object|Cannot read/);
      }
    });

  test('replaces a gradient', () => {
    const x = zeros([2]).requiresGrad_();
    expect(() => {
      x.grad = x;
    }).toThrow('grad: a tensor cannot be its own gradient; assign a copy of it, made with clone()');
    expect(() => Object.assign(x, { grad: [1, 2] })).toThrow(
      'grad: expected a tensor, or null for none, got an array (make it a tensor with tensor(…))',
    );
    x.grad = ones([2]);
    x.grad = null;
    expect(x.grad).toBe(null);
  });
});
