// Algebraic properties for any shape, compared with plain loops over nested arrays. The seeds are fixed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arange, cat, type Index, type NestedArray, ShapeError, slice, stack, tensor, zeros } from '../../src';

const options = { seed: 7, numRuns: 150 };
const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const filled = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
const count = (shape: readonly number[]) => shape.reduce((n, m) => n * m, 1);
const counting = (shape: readonly number[]) => arange(count(shape)).float().reshape(shape);

/** A tensor of the shape with distinct elements, in another memory order: permuted, and with gaps. */
const strided = (shape: readonly number[], order: readonly number[]) => {
  const inverse = order.map((_, d) => order.indexOf(d));
  const wide = zeros([...order.map((d) => shape[d]), 2]);
  const y = wide.at('...', 0).permute(inverse);
  y.copy_(counting(shape));
  return y;
};
const layouts = filled.chain((shape) =>
  fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((order) => ({ shape, order })),
);

function at(nested: NestedArray, index: readonly number[]): NestedArray {
  return index.reduce((rows: NestedArray, i) => (rows as NestedArray[])[i], nested);
}

function everyIndex(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>((all, n) => all.flatMap((i) => Array.from({ length: n }, (_, k) => [...i, k])), [[]]);
}

test('reshape there and back is the identity', () => {
  fc.assert(
    fc.property(layouts, ({ shape, order }) => {
      const x = strided(shape, order);
      expect(x.reshape(-1).reshape(shape).tolist()).toEqual(x.tolist());
      expect(Array.from(x.reshape(-1).toArray())).toEqual(Array.from(x.toArray()));
      expect(x.unsqueeze(0).squeeze(0).stride).toEqual(x.stride);
    }),
    options,
  );
});

test('permute and its inverse cancel, and move every element', () => {
  fc.assert(
    fc.property(layouts, ({ shape, order }) => {
      const x = counting(shape);
      const y = x.permute(order);
      expect(y.permute(order.map((_, d) => order.indexOf(d))).tolist()).toEqual(x.tolist());
      const [from, to] = [x.tolist(), y.tolist()];
      for (const i of everyIndex(shape))
        expect(
          at(
            to,
            order.map((d) => i[d]),
          ),
        ).toBe(at(from, i));
    }),
    options,
  );
});

test('a view exists exactly if the elements keep their order in memory', () => {
  const factorings = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(layouts, factorings, fc.nat(), ({ shape, order }, parts, seed) => {
      const x = strided(shape, order);
      // Another shape with the same number of elements: random factors of the rest.
      const target: number[] = [];
      let left = x.numel();
      for (const p of parts) {
        const n = left % p === 0 ? p : 1;
        target.push(n);
        left /= n;
      }
      target.splice(seed % (target.length + 1), 0, left);
      expect(x.reshape(target).tolist()).toEqual(counting(target).tolist());
      // Positions in memory, in row-major order; a view exists if they are linear in the new index.
      const position = (i: number[]) => i.reduce((sum, k, d) => sum + k * x.stride[d], x.offset);
      const positions = everyIndex(shape).map(position);
      const steps = target.map((n, d) => (n > 1 ? positions[count(target.slice(d + 1))] - positions[0] : 0));
      const linear = everyIndex(target).every(
        (i, k) => positions[k] === i.reduce((sum, v, d) => sum + v * steps[d], positions[0]),
      );
      if (linear) {
        expect(x.view(target).data).toBe(x.data);
        expect(x.view(target).tolist()).toEqual(counting(target).tolist());
      } else expect(() => x.view(target)).toThrow(ShapeError);
    }),
    options,
  );
});

test('broadcasting agrees with loops', () => {
  const pairs = shapes.chain((shape) =>
    fc
      .tuple(...[0, 1].map(() => fc.tuple(fc.nat({ max: shape.length }), fc.array(fc.boolean(), { minLength: 4 }))))
      .map((choices) => ({
        shape,
        parts: choices.map(([drop, ones]) => shape.slice(drop).map((n, d) => (ones[d] ? 1 : n))),
      })),
  );
  fc.assert(
    fc.property(pairs, ({ parts: [a, b] }) => {
      const [x, y] = [counting(a), counting(b).add(100)];
      const z = x.mul(2).sub(y);
      const rank = Math.max(a.length, b.length);
      const wide = (s: number[]) => [...Array<number>(rank - s.length).fill(1), ...s];
      const expected = wide(a).map((n, d) => (n === 1 ? wide(b)[d] : n));
      expect(z.shape).toEqual(expected);
      const [xs, ys, zs] = [x.tolist(), y.tolist(), z.tolist()];
      const inner = (s: number[], i: number[]) => i.slice(rank - s.length).map((k, d) => (s[d] === 1 ? 0 : k));
      for (const i of everyIndex(expected))
        expect(at(zs, i)).toBe(2 * (at(xs, inner(a, i)) as number) - (at(ys, inner(b, i)) as number));
    }),
    options,
  );
});

test('at agrees with nested arrays, for any mix of positions, slices and lists', () => {
  const entry = (n: number): fc.Arbitrary<Index> =>
    fc.oneof(
      fc.integer({ min: -n, max: n - 1 }),
      fc
        .tuple(fc.integer({ min: -n, max: n }), fc.integer({ min: -n, max: n }), fc.integer({ min: 1, max: 3 }))
        .map(([s, e, k]) => slice(s, e, k)),
      fc.constant(slice()),
    );
  const cases = layouts.chain(({ shape, order }) =>
    fc.tuple(...shape.map(entry)).map((index) => ({ shape, order, index: index as Index[] })),
  );
  fc.assert(
    fc.property(cases, ({ shape, order, index }) => {
      const x = strided(shape, order);
      const pick = (rows: NestedArray, d: number): NestedArray => {
        if (d === index.length) return rows;
        const list = rows as NestedArray[];
        const e = index[d];
        if (typeof e === 'number') return pick(list.at(e)!, d + 1);
        const { start, end, step } = e as ReturnType<typeof slice>;
        return list
          .slice(start ?? undefined, end ?? undefined)
          .filter((_, i) => i % step === 0)
          .map((row) => pick(row, d + 1));
      };
      const y = x.at(...index);
      // Dimensions of size 0 hide those inside them in nested arrays.
      expect(y.tolist()).toEqual(pick(x.tolist(), 0));
      if (y.numel() === 0) return;
      const before = x.clone();
      x.setAt(index, -1);
      expect(x.at(...index).tolist()).toEqual(zeros(y.shape).sub(1).tolist());
      expect(x.lt(0).sum().item()).toBe(y.numel());
      x.setAt(index, y.clone().copy_(before.at(...index)));
      expect(x.tolist()).toEqual(before.tolist());
    }),
    options,
  );
});

test('a mask selects like filter, and setAt writes it back', () => {
  fc.assert(
    fc.property(layouts, fc.infiniteStream(fc.boolean()), ({ shape, order }, flags) => {
      const x = strided(shape, order);
      const chosen = Array.from({ length: x.numel() }, () => flags.next().value as boolean);
      const mask = tensor(chosen).reshape(shape);
      if (shape.length === 0) return;
      const picked = x.at(mask);
      expect(picked.tolist()).toEqual(Array.from(x.toArray()).filter((_, i) => chosen[i]));
      const y = zeros(shape);
      y.setAt(mask, picked);
      expect(Array.from(y.toArray())).toEqual(Array.from(x.toArray(), (v, i) => (chosen[i] ? v : 0)));
    }),
    options,
  );
});

test('split and cat are inverse, and so are unbind and stack', () => {
  fc.assert(
    fc.property(layouts, fc.nat(), fc.integer({ min: 1, max: 5 }), ({ shape, order }, pickDim, size) => {
      if (shape.length === 0) return;
      const x = strided(shape, order);
      const dim = pickDim % shape.length;
      expect(cat(x.split(size, dim), dim).tolist()).toEqual(x.tolist());
      expect(stack(x.unbind(dim), dim).tolist()).toEqual(x.tolist());
    }),
    options,
  );
});

test('sums over some dimensions, then the others, equal the total', () => {
  fc.assert(
    fc.property(layouts, fc.nat({ max: 15 }), ({ shape, order }, chosen) => {
      const x = strided(shape, order);
      const dims = [...shape.keys()].filter((d) => chosen & (1 << d));
      const total = (count(shape) * (count(shape) - 1)) / 2;
      expect(x.sum().item()).toBe(total);
      if (dims.length > 0) expect(x.sum(dims).sum().item()).toBe(total);
      expect(x.max().item()).toBe(count(shape) - 1);
      expect(x.permute(order).argmax().item()).toBe(count(shape) - 1);
    }),
    options,
  );
});
