import { expect, it } from 'vitest';
import { Generator, nn, optim, randn, tensor } from '../../../src';
import { classic, datasets } from '../../../src/lab';

const { x, y } = datasets.line200();
const seeded = (seed: number) => new Generator().manualSeed(seed);
const distance = (w: readonly number[]) => Math.hypot(w[0]! - 1.02793573, w[1]! + 2.03489148);

it('has the digits of the same recipe in Python', () => {
  const single = classic.sgd(x, y, { batch: 1, lr: 0.02, passes: 1, order: 'fixed' });
  expect(single.points).toHaveLength(201);
  expect(single.points.at(-1)![0]).toBeCloseTo(0.94594281, 8);
  expect(single.points.at(-1)![1]).toBeCloseTo(-2.009604, 8);
  expect(distance(single.points.at(-1)!)).toBeCloseTo(0.08580382522, 7);
  const whole = classic.sgd(x, y, { batch: 200, lr: 0.02, passes: 200 });
  expect(whole.points[1]![0]).toBeCloseTo(0.03849181, 8);
  expect(whole.points[1]![1]).toBeCloseTo(-0.0803524, 7);
  expect(distance(whole.points[1]!)).toBeCloseTo(2.190712734, 7);
  expect(distance(whole.points.at(-1)!)).toBeCloseTo(0.00085534562, 7);
});

it('steps like optim.SGD on the same batches, with momentum and a schedule', () => {
  const run = classic.sgd(x, y, {
    batch: 64,
    lr: 0.05,
    passes: 3,
    order: 'fixed',
    momentum: 0.9,
    schedule: (pass, step) => 1 / (1 + pass) + step / 100,
    start: [1, 1],
  });
  const w = tensor([1, 1], { dtype: 'float64', requiresGrad: true });
  const optimizer = new optim.SGD([w], { lr: 0.05, momentum: 0.9 });
  let step = 0;
  for (let pass = 0; pass < 3; pass++)
    for (const first of [0, 64, 128, 192]) {
      const size = Math.min(64, 200 - first);
      optimizer.paramGroups[0]!.lr = 0.05 * (1 / (1 + pass) + step / 100);
      optimizer.zeroGrad();
      x.narrow(0, first, size)
        .matmul(w)
        .sub(y.narrow(0, first, size))
        .square()
        .mean()
        .backward();
      optimizer.step();
      step++;
      for (const k of [0, 1]) expect(run.points[step]![k]).toBeCloseTo((w.tolist() as number[])[k]!, 12);
    }
  expect(run.moves).toHaveLength(step);
  expect(run.spent).toEqual([0, 64, 128, 192, 200, 264, 328, 392, 400, 464, 528, 592, 600]);
});

it('accepts the slope of another loss', () => {
  const labels = y.gt(0).to('float64');
  const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));
  const { points } = classic.sgd(x, labels, {
    batch: 50,
    lr: 1,
    passes: 1,
    order: 'fixed',
    slope: (s, t) => sigmoid(s) - t,
  });
  const w = tensor([0, 0], { dtype: 'float64', requiresGrad: true });
  const optimizer = new optim.SGD([w], { lr: 1 });
  for (const first of [0, 50, 100, 150]) {
    optimizer.zeroGrad();
    nn.functional
      .binaryCrossEntropyWithLogits(x.narrow(0, first, 50).matmul(w), labels.narrow(0, first, 50))
      .backward();
    optimizer.step();
  }
  for (const k of [0, 1]) expect(points.at(-1)![k]).toBeCloseTo((w.tolist() as number[])[k]!, 12);
});

it('uses every row once per pass if it shuffles, and some twice if it draws', () => {
  const rows = Array.from({ length: 50 }, (_, i) => [i]);
  const seen = (order: 'shuffled' | 'drawn' | 'fixed', batch = 1) => {
    const list: number[] = [];
    // The score is 0 at the weight 0, which a rate of 0 keeps, so the target identifies the row.
    const slope = (_: number, target: number) => list.push(target);
    classic.sgd(
      rows,
      rows.map((_, i) => i),
      { batch, lr: 0, passes: 2, order, slope, generator: seeded(4) },
    );
    return list;
  };
  const all = rows.map((_, i) => i);
  const shuffled = seen('shuffled');
  for (const pass of [shuffled.slice(0, 50), shuffled.slice(50)]) {
    expect(pass).not.toEqual(all);
    expect([...pass].sort((a, b) => a - b)).toEqual(all);
  }
  expect(shuffled.slice(0, 50)).not.toEqual(shuffled.slice(50));
  expect(seen('fixed')).toEqual([...all, ...all]);
  expect(seen('shuffled', 16)).toEqual(shuffled);
  expect(new Set(seen('drawn').slice(0, 50)).size).toBeLessThan(42);
  // Drawn batches have one size.
  expect(seen('drawn', 16)).toHaveLength(128);
});

it('repeats with a seed, and continues through overflow', () => {
  const run = (seed: number) => classic.sgd(x, y, { batch: 4, lr: 0.02, passes: 1, generator: seeded(seed) }).points;
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
  const far = classic.sgd(randn([10, 1]), randn([10]), { batch: 1, lr: 1e200, passes: 2 });
  expect(far.points).toHaveLength(21);
  expect(far.points.at(-1)![0]).not.toSatisfy(Number.isFinite);
});

it('rejects invalid arguments', () => {
  const fine = { batch: 1, lr: 1, passes: 1 };
  expect(() => classic.sgd([[1]], [1, 2], fine)).toThrow('x has 1 rows, y has 2');
  expect(() => classic.sgd([[1], [1, 2]], [1, 2], fine)).toThrow('row 1 has 2 numbers, for 1 weights');
  expect(() => classic.sgd([[1]], [1], { ...fine, start: [1, 2] })).toThrow('row 0 has 1 numbers, for 2 weights');
  expect(() => classic.sgd([[1]], [1], { ...fine, batch: 2 })).toThrow('from 1 to the 1 rows, got 2');
  expect(() => classic.sgd([[1]], [1], { ...fine, passes: 0.5 })).toThrow('got 0.5');
  expect(() => classic.sgd([[1]], [1], { ...fine, lr: Number.NaN })).toThrow('lr must be a finite number, got NaN');
  expect(() => classic.sgd([[1]], [1], { ...fine, order: 'sorted' as never })).toThrow("'drawn', got 'sorted'");
});
