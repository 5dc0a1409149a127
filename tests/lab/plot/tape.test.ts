import { describe, expect, it } from 'vitest';
import { type Tensor, tensor } from '../../../src';
import { plot } from '../../../src/lab';

const leaf = (value: number | number[]) => tensor(value, { requiresGrad: true, dtype: 'float64' });
type Text = { text: string[]; x: number[]; y: number[] };

/** y = ((a + b) · a)², in the figure's texts. */
function drawn(options: { at?: number; direction?: 'forward' | 'backward' } = {}) {
  const [a, b] = [leaf(2), leaf(3)];
  const { data, description } = plot.tape(a.add(b).mul(a).pow(2), { names: { a, b }, ...options });
  const [names, numbers, slopes] = data.slice(-3) as unknown as Text[];
  const at = (texts: Text, name: string) => texts.text[names!.text.findIndex((label) => label.startsWith(name))];
  const lit = data[1] as unknown as { x: (number | null)[]; text: string[] };
  return {
    data,
    description,
    names: names!,
    number: (n: string) => at(numbers!, n),
    slope: (n: string) => at(slopes!, n),
    lit,
  };
}

describe('tape', () => {
  it('draws values from left to right, each to the right of its operands', () => {
    const { names, number } = drawn();
    const column = (name: string) => names.x[names.text.findIndex((label) => label.startsWith(name))]!;
    expect([...names.text].sort()).toEqual(['a', 'b', 'v₁ = a + b', 'v₂ = v₁ · a', 'y = v₂²']);
    expect(column('v₁')).toBeGreaterThan(Math.max(column('a'), column('b')));
    expect(column('y')).toBeGreaterThan(column('v₂'));
    expect(['a', 'b', 'v₁', 'v₂', 'y'].map(column)).toEqual([0, 0, 1, 2, 3]);
    expect(['a', 'b', 'v₁', 'v₂', 'y'].map(number)).toEqual(['2', '3', '5', '10', '100'].map((v) => `<b>${v}</b>`));
  });

  it('keeps values of one column apart if they have the same operands', () => {
    const [a, b] = [leaf(2), leaf(3)];
    const names = plot.tape(a.add(b).mul(a.sub(b))).data.at(-3) as unknown as Text & { y: number[] };
    const rows = names.y.filter((_, i) => names.x[i] === 1).sort((low, high) => low - high);
    expect(rows.length).toBe(2);
    expect(rows[1]! - rows[0]!).toBeCloseTo(0.8, 12);
  });

  it('shows the forward pass, an edge at a time', () => {
    expect(drawn({ at: 0 }).number('v₁')).toBe(' ');
    expect(drawn({ at: 0 }).lit.x.every((x) => x === null)).toBe(true);
    expect(drawn({ at: 1 }).number('v₁')).toBe(' ');
    expect(drawn({ at: 2 }).number('v₁')).toBe('<b>5</b>');
    expect(drawn({ at: 2 }).number('v₂')).toBe(' ');
    expect(drawn({ at: 5 }).number('y')).toBe('<b>100</b>');
    expect(drawn({ at: 2 }).lit.x.every((x) => x !== null)).toBe(true);
  });

  it('shows the backward pass and sums where two paths meet', () => {
    const back = (at: number) => drawn({ at, direction: 'backward' });
    expect([back(0).slope('y'), back(0).slope('v₂')]).toEqual(['<b>∇ 1</b>', ' ']);
    expect(back(1).slope('v₂')).toBe('<b>∇ 20</b>'); // 2 v₂
    const last = back(5);
    // dy/da = 2 v₂ (v₁ + a) = 20 · 7, dy/db = 2 v₂ a = 40
    expect([last.slope('a'), last.slope('b')]).toEqual(['<b>∇ 140</b>', '<b>∇ 40</b>']);
    const shares = [2, 3, 4, 5].map((at) => back(at).slope('a'));
    expect(shares).toContain('<b>∇ 100</b>'); // by the product alone: 20 · v₁
    expect(last.description).toContain('∇a is 140');
  });

  it('draws two edges if an operation uses a value twice', () => {
    const w = leaf(3);
    const edges = plot.tape(w.mul(w), { names: { w } }).data[0] as unknown as { y: (number | null)[] };
    const middles = [edges.y[1]!, edges.y[5]!];
    expect(middles[0]).toBe(-middles[1]!);
    expect(middles[0]).not.toBe(0);
  });

  it('shows in boxes what each operation saves, until its gradients are sent', () => {
    const [a, b] = [leaf(2), leaf(3)];
    const y = a.pow(2).mul(b.exp().add(1)); // edges: a², exp, + 1, and two of the product
    const at = (walked: number | undefined, direction: 'forward' | 'backward' = 'forward') => {
      const { data, description } = plot.tape(y, { names: { a, b }, kept: true, direction, at: walked });
      const [all, , opened, full, none] = data as unknown as Text[];
      return {
        boxes: all!.x.filter((x) => x === null).length,
        opened: opened!.x.filter((x) => x !== null).length,
        full: full!.text,
        none: none!.text,
        description,
      };
    };
    expect(at(0)).toMatchObject({ boxes: 4, full: [], none: ['nothing'] });
    expect(at(1).full).toEqual(['2, exponent 2']);
    expect(at(4).full).toEqual(['2, exponent 2', '20.09']);
    expect(at(5)).toMatchObject({ full: ['2, exponent 2', '20.09', '4, 21.09'], opened: 0 });
    expect(at(undefined).full).toHaveLength(3);
    expect(at(0, 'backward')).toMatchObject({ full: ['2, exponent 2', '20.09', '4, 21.09'], opened: 0 });
    expect(at(2, 'backward')).toMatchObject({ full: ['2, exponent 2', '20.09', '4, 21.09'], opened: 5 }); // the product
    expect(at(3, 'backward')).toMatchObject({ full: ['2, exponent 2', '20.09'], opened: 0 }); // the sum opens nothing
    expect(at(5, 'backward').full).toEqual(['2, exponent 2']);
    expect(at(undefined, 'backward').full).toEqual([]);
    expect(at(1, 'backward').description).toContain('y keeps 4, 21.09');
    expect(at(5, 'backward').description).toContain('y keeps nothing now');
    y.backward(); // drawing has freed nothing
    expect(a.grad!.item()).toBeCloseTo(4 * (Math.exp(3) + 1), 12);
  });

  it('has a box for an operation of several results, of which not all are used', () => {
    const x = leaf([1, 2, 3]);
    const { data } = plot.tape(x.unbind()[1]!.mul(5), { names: { x }, kept: true });
    expect((data[3] as unknown as Text).text).toEqual(['5']);
  });

  it('agrees with backward, for tensors too, and does not change the tape', () => {
    const x = leaf([1, 2, 3]);
    const y: Tensor = x.mul(x).sum();
    const { description } = plot.tape(y, { names: { x }, direction: 'backward' });
    y.backward();
    expect(description).toContain(`∇x is [2, 4, 6]`);
    expect(x.grad!.tolist()).toEqual([2, 4, 6]);
  });

  it('rejects a missing edge and a tensor without history', () => {
    expect(() => drawn({ at: 6 })).toThrow('at must be a whole number from 0 to 5, the number of edges, got 6');
    expect(() => drawn({ at: 0.5 })).toThrow('got 0.5');
    expect(() => plot.tape(tensor(1))).toThrow('no history');
  });
});
