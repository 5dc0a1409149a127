// For every operation of the table: shapes, layouts, dtypes, in-place twins, and what the rule declares about itself.
import { describe, expect, test } from 'vitest';
import { noGrad, type Tensor } from '../../src';
import { dataDependent } from '../../src/ops/table/rule';
import type { TableEntry } from '../../src/ops/table/table';
import { build, entries, type Layout, label, results, samplesOf } from '../support/op-samples';

const asList = (y: Tensor | readonly Tensor[]): readonly Tensor[] => (Array.isArray(y) ? y : [y as Tensor]);
const numbers = (y: Tensor) => Array.from(y.toArray());

/** Operations whose samples lack a kind, and why. */
const without: Record<'empty' | 'single number', Record<string, string>> = {
  empty: {
    mean: 'the mean of nothing is NaN',
    mseLoss: 'the mean of nothing is NaN',
    nllLoss: 'the mean of nothing is NaN',
    amax: 'there is no largest of nothing',
    amin: 'there is no smallest of nothing',
    argmax: 'there is no largest of nothing',
    argmin: 'there is no smallest of nothing',
    maxOfAll: 'there is no largest of nothing',
    minOfAll: 'there is no smallest of nothing',
    medianOfAll: 'the median of nothing is NaN',
    readView: 'a position outside the memory is refused before',
    spreadView: 'a position outside the memory is refused before',
    writeView: 'a position outside the memory is refused before',
    squeeze: 'covered by view, on which it depends',
    converted: 'covered by clone, which has the same loop',
    stack: 'covered by cat, which does the work',
  },
  'single number': {
    cat: 'single numbers have no dimension to join along',
    matmul: 'single numbers are not matrices',
    linear: 'needs a dimension of inputs',
    nllLoss: 'needs a dimension of classes',
    nllLossSum: 'needs a dimension of classes',
    nllLossNone: 'needs a dimension of classes',
    transpose: 'needs two dimensions',
    pick: 'needs a dimension to pick from',
    split: 'needs a dimension to split',
    diagonal: 'needs two dimensions',
    diagEmbed: 'needs a dimension to put on a diagonal',
    tril: 'needs two dimensions',
    triu: 'needs two dimensions',
    im2col: 'needs images',
    col2im: 'needs columns',
    unbind: 'needs a dimension to take apart',
    readView: 'is internal, and called for views with dimensions',
    spreadView: 'is internal, and called for views with dimensions',
    writeView: 'is internal, and called for views with dimensions',
    var: 'a single number has no variance',
    std: 'a single number has no variance',
    argmax: 'covered by maxAlong, which finds the same place',
    argmin: 'covered by maxAlong, which finds the same place',
    convolution: 'needs dimensions of cases, channels and places',
    convolutionTransposed: 'needs dimensions of cases, channels and places',
    convolutionWeight: 'needs dimensions of cases, channels and places',
    maxPool: 'needs a dimension of places',
    maxPoolBack: 'needs a dimension of places',
    resample: 'needs a dimension of places',
    renorm: 'needs two dimensions',
    rowDistances: 'needs two dimensions',
    lstmSteps: 'needs steps, cases and gates',
    solve: 'single numbers are not matrices',
    lstsq: 'single numbers are not matrices',
    mirrored: 'single numbers are not matrices',
    eigh: 'single numbers are not matrices',
    svd: 'single numbers are not matrices',
    cholesky: 'single numbers are not matrices',
    qr: 'single numbers are not matrices',
    det: 'single numbers are not matrices',
    inverted: 'single numbers are not matrices',
    slogdet: 'single numbers are not matrices',
    cofactors: 'single numbers are not matrices',
  },
};

describe.each(entries.map((op) => [op.name, op] as const))('%s', (_, op) => {
  test('declares itself', () => {
    expect(op.rule.math.length).toBeGreaterThan(0);
    expect(op.rule.torch.name).toMatch(/^[a-z0-9_]+$/);
    const names = op.inputNames;
    names.forEach((name, i) => {
      const described = name in op.rule.vjpMath;
      expect(described, `the derivative of ${name} in LaTeX`).toBe(op.vjps[i] !== null);
    });
  });

  test('has samples of every kind', () => {
    const shapes = samplesOf(op)
      .flatMap((s) => s.inputs)
      .filter((s): s is readonly number[] => typeof s !== 'number');
    const kinds = { empty: shapes.some((s) => s.includes(0)), 'single number': shapes.some((s) => s.length === 0) };
    for (const kind of ['empty', 'single number'] as const)
      expect(kinds[kind] || op.name in without[kind], `a sample that is ${kind}, or the reason why not`).toBe(true);
  });

  for (const sample of samplesOf(op)) {
    test(`shape rule and forward agree on ${label(sample)}`, () => {
      const { shape } = op.rule;
      if (shape === dataDependent) return;
      const { inputs, call } = build(op, sample);
      const shapes = inputs.map((x) => (typeof x === 'number' ? [] : x.shape));
      const { isList } = op;
      const said = shape(...(isList ? [shapes] : shapes), ...sample.args) as number[] | number[][];
      const y = call(...inputs);
      expect(said).toEqual(Array.isArray(y) ? y.map((t: Tensor) => t.shape) : (y as Tensor).shape);
    });

    test.each<Layout>(op.name === 'view' ? ['gaps'] : ['gaps', 'swapped'])(
      `strides do not matter on ${label(sample)}, %s`,
      (layout) => {
        const plain = build(op, sample);
        const other = build(op, sample, layout);
        const run = (c: typeof plain) => noGrad(() => asList(c.call(...c.inputs)).map(numbers));
        expect(run(other)).toEqual(run(plain));
      },
    );

    test(`float32 and float64 agree on ${label(sample)}`, () => {
      const run = (dtype: 'float32' | 'float64') => {
        const { inputs, call } = build(op, sample, 'contiguous', dtype);
        return noGrad(() => asList(call(...inputs)));
      };
      const [coarse, fine] = [run('float32'), run('float64')];
      coarse.forEach((y, k) => {
        const exact = numbers(fine[k]);
        numbers(y).forEach((v, i) => {
          expect(Math.abs(v - exact[i])).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(exact[i])));
        });
      });
    });
  }

  if (op.vjps.some((v) => v !== null))
    test('saves what its derivatives read, and nothing else', () => {
      const names = op.inputNames;
      const declared = names.map((name) => {
        const { saves, returns } = op.rule;
        const list: string[] = Array.isArray(saves) ? saves : ((saves as Record<string, string[]>)[name] ?? []);
        return new Set(list.flatMap((saved) => (saved === 'y' ? (returns ?? ['y']) : [saved])));
      });
      const read = names.map(() => new Set<string>());
      spying(op, read, () => {
        for (const sample of samplesOf(op)) {
          const { inputs, call } = build(op, sample);
          for (const y of asList(call(...inputs)))
            if (y.requiresGrad) y.sum().backward(undefined, { retainGraph: true });
        }
      });
      names.forEach((_, i) => {
        if (op.vjps[i] !== null) expect(read[i]).toEqual(declared[i]);
      });
    });

  if (op.rule.inPlace)
    test('modifies its tensor in place', () => {
      for (const sample of samplesOf(op)) {
        const { inputs, call } = build(op, sample);
        const [x, ...rest] = inputs as [Tensor, ...(Tensor | number)[]];
        const expected = results(call(...inputs)) as Tensor;
        const fits = expected.shape.join() === x.shape.join();
        const copy = x.clone();
        const before = copy.version;
        const run = () =>
          (copy as unknown as Record<string, (...a: unknown[]) => Tensor>)[`${op.name}_`](...rest, ...sample.args);
        if (!fits) {
          expect(run).toThrow(`${op.name}_: the result has shape`);
          expect(numbers(copy)).toEqual(numbers(x));
          continue;
        }
        expect(run()).toBe(copy);
        expect(numbers(copy)).toEqual(numbers(expected));
        expect(copy.version).toBe(before + 1);
        const gradients = (y: Tensor) => {
          x.grad = null;
          y.sum().backward();
          return x.grad === null ? null : numbers(x.grad);
        };
        if (expected.requiresGrad) expect(gradients(copy)).toEqual(gradients(expected));
        else expect(copy.requiresGrad).toBe(false);
      }
    });
});

const SAVED = new Set(['x', 'a', 'b', 'c', 'xs', 'y', 'ys']);

/** Runs `body` while noting, for each derivative, which saved values it reads. */
function spying(op: TableEntry, read: Set<string>[], body: () => void): void {
  const real = op.vjps.slice();
  real.forEach((vjp, i) => {
    if (vjp === null) return;
    op.vjps[i] = (dy, n, index) =>
      vjp(
        dy,
        new Proxy(n, {
          get(target, key) {
            if (typeof key === 'string' && SAVED.has(key)) {
              const value = Reflect.get(target, key);
              // A plain number in a tensor's place is not saved.
              if (key === 'ys') return noting(value as Tensor[], op.rule.returns, read[i]);
              if (typeof value !== 'number') read[i].add(key);
              return value;
            }
            return Reflect.get(target, key);
          },
        }),
        index,
      );
  });
  try {
    body();
  } finally {
    real.forEach((vjp, i) => {
      op.vjps[i] = vjp;
    });
  }
}

/** The outputs, noting by their names which are read; those without names are `y` together. */
function noting(ys: Tensor[], names: readonly string[] | undefined, read: Set<string>): Tensor[] {
  return new Proxy(ys, {
    get(target, key) {
      const i = typeof key === 'string' ? Number(key) : Number.NaN;
      if (!Number.isNaN(i)) read.add(names?.[i] ?? 'y');
      return Reflect.get(target, key);
    },
  });
}
