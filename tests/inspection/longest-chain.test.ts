import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AutogradError, depth, nn, noGrad, stack, type Tensor, tensor, ValueError, zeros } from '../../src';

const leaf = (value = 1) => tensor(value, { requiresGrad: true, dtype: 'float64' });
const leaves = (count: number) => Array.from({ length: count }, (_, i) => leaf(i));
const chain = (terms: Tensor[]) => terms.reduce((sum, term) => sum.add(term));

describe('depth', () => {
  test('counts the longest chain, not the operations', () => {
    const [a, b] = [leaf(), leaf()];
    expect(depth(a)).toBe(0);
    expect(depth(a.mul(b))).toBe(1);
    expect(depth(a.mul(2).add(b.mul(3)))).toBe(2);
    expect(depth(a.mul(2).exp().sin().add(b))).toBe(4);
    const twice = a.add(1);
    expect(depth(twice.mul(twice.exp()))).toBe(3);
  });

  test('of d products is one more with one sum for all, d with a chain', () => {
    for (const d of [2, 8, 64]) {
      const products = () => leaves(d).map((w) => w.mul(2));
      expect(depth(stack(products()).sum())).toBe(3);
      expect(depth(stack(products()).sum(), { steps: ['Mul', 'Sum'] })).toBe(2);
      expect(depth(chain(products()))).toBe(d);
    }
  });

  test('counts only the given operations as steps', () => {
    const y = leaf().mul(3).add(leaf()).sigmoid();
    const of = (...steps: string[]) => depth(y, { steps });
    expect([of('Mul', 'Add', 'Sigmoid'), of('Mul', 'Sigmoid'), of('Sigmoid'), of('Add'), of()]).toEqual([
      3, 2, 1, 1, 0,
    ]);
    expect(of('Tanh')).toBe(0);
  });

  test('never grows if fewer operations are steps, and is their number in a single chain', () => {
    const kinds = ['exp', 'sin', 'tanh'] as const;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { minLength: 1 }), fc.subarray([...kinds]), (ops, chosen) => {
        const y = ops.reduce((x: Tensor, op) => x[op](), leaf(0.1));
        const steps = chosen.map((op) => op[0]!.toUpperCase() + op.slice(1));
        expect(depth(y)).toBe(ops.length);
        expect(depth(y, { steps })).toBe(ops.filter((op) => chosen.includes(op)).length);
      }),
    );
  });

  test('goes through modules and chains of many thousand operations', () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
    expect(depth(net(zeros([4, 2])))).toBe(3);
    let x: Tensor = leaf(0.5);
    for (let i = 0; i < 20_000; i++) x = x.add(1);
    expect(depth(x)).toBe(20_000);
  });

  test('works after backward has freed the tape', () => {
    const y = leaf().mul(2).exp();
    y.backward();
    expect(depth(y)).toBe(2);
  });

  test('needs a history, a tensor and names', () => {
    const a = leaf();
    expect(() => depth(noGrad(() => a.mul(2)))).toThrow(AutogradError);
    expect(() => depth(tensor(1))).toThrow(/no history/);
    expect(() => depth(2 as never)).toThrow(ValueError);
    expect(() => depth(a.mul(2), { steps: 'Mul' as never })).toThrow(/steps must be a list, got 'Mul'/);
    expect(() => depth(a.mul(2), { steps: [1] as never })).toThrow(/must be a list of names/);
  });
});
