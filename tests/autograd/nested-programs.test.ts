// Random programs whose hooks start passes over the same graph, with hooks that start further passes: the results of
// the passes are independent.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backward, enableGrad, grad, type Tensor } from '../../src';
import { point, programs, START, unlessRefused, variablesOf, weighted } from '../support/programs';

const KEEP = { retainGraph: true };
const DEPTH = 3;
const numbers = (g: Tensor | null) => (g === null ? null : Array.from<number>(g.toArray()));

/** Passes that can start at any time; each returns everything that it computes. */
const passes: ((y: Tensor, x: Tensor, v: Tensor) => unknown)[] = [
  (y, x) => numbers(grad(y, x, { ...KEEP, allowUnused: true })[0]),
  (y, x, v) => grad(y, [v, x], { ...KEEP, allowUnused: true }).map(numbers),
  (y, x, v) => {
    backward(y, { ...KEEP, inputs: [x] });
    return numbers(
      grad(
        enableGrad(() => v.sum()),
        x,
        { ...KEEP, allowUnused: true },
      )[0],
    );
  },
  (y, x) => {
    const [slope] = grad(y, x, { createGraph: true });
    if (!slope.requiresGrad) return numbers(slope);
    return numbers(
      grad(
        enableGrad(() => slope.mul(slope).sum()),
        x,
        { ...KEEP, allowUnused: true },
      )[0],
    );
  },
  (y, x, v) => {
    const handle = v.registerHook(() => {
      throw new RangeError('stop');
    });
    try {
      grad(y, x, { ...KEEP, allowUnused: true });
      return 'passed';
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return 'stopped';
    } finally {
      handle.remove();
    }
  },
];
/** The pass that adds to `grad` of the leaf, and the one that throws, also out of passes inside it. */
const ADDS = 2;
const THROWS = 4;

/** Inner passes: what they do, from which variable, to which, in which kind of hook, of which variable. */
const inners = fc.array(
  fc.tuple(
    fc.nat({ max: passes.length - 1 }),
    fc.nat({ max: 999 }),
    fc.nat({ max: 999 }),
    fc.nat({ max: 4 }),
    fc.nat({ max: 999 }),
  ),
  { minLength: 1, maxLength: 6 },
);

/** Calls `body` from a hook of `v`, or of the leaf `x`. */
function hook(place: number, v: Tensor, x: Tensor, body: () => void): void {
  const calls = [
    () => v.registerHook(() => body()),
    () => v.gradFn!.registerPrehook(() => body()),
    () => v.gradFn!.registerHook(() => body()),
    () => x.registerHook(() => body()),
    () => x.registerPostAccumulateGradHook(() => body()),
  ];
  calls[place]();
}

test('a nested pass gives the same result as alone, and so does the outer one', () => {
  const counts = { compared: 0, refused: 0, deepest: 0 };
  fc.assert(
    fc.property(programs(12), inners, (steps, wanted) => {
      const x = point(START).requiresGrad_();
      const made = unlessRefused(() => {
        const all = variablesOf(steps, x);
        return { variables: all, ys: all.map(weighted) };
      });
      if (made === null) return;
      const { variables, ys } = made;
      const pick = <T>(list: readonly T[], n: number) => list[n % list.length];
      const total = ys.reduce((a, b) => a.add(b));
      const alone = wanted.map(([kind, from, to]) =>
        unlessRefused(() => {
          x.grad = null;
          return [passes[kind](pick(ys, from), x, pick(variables, to)), numbers(x.grad)] as const;
        }),
      );
      const whole = unlessRefused(() => numbers(grad(total, x, KEEP)[0]));
      if (whole === null || alone.includes(null)) {
        counts.refused++;
        return;
      }
      x.grad = null;
      let expected = whole;
      let depth = 0;
      wanted.forEach(([kind, from, to, place, at], i) => {
        hook(place, pick(variables, at), x, () => {
          if (depth >= DEPTH) return;
          const step = kind === THROWS ? DEPTH : 1;
          depth += step;
          if (step === 1) counts.deepest = Math.max(counts.deepest, depth);
          try {
            const found = passes[kind](pick(ys, from), x, pick(variables, to));
            expect(found).toEqual(alone[i]![0]);
            if (kind === ADDS) expected = expected.map((g, k) => g + alone[i]![1]![k]);
            counts.compared++;
          } finally {
            depth -= step;
          }
        });
      });
      total.backward(null, KEEP);
      numbers(x.grad)!.forEach((g, k) => {
        expect(Math.abs(g - expected[k])).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected[k])));
      });
    }),
    { seed: 14, numRuns: 300 },
  );
  expect(counts.compared).toBeGreaterThan(300);
  expect(counts.refused).toBeLessThan(200);
  expect(counts.deepest).toBe(DEPTH);
});
