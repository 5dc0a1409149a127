// Metrics compared with scikit-learn's numbers, written by data/metrics.py.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nn, type Tensor, tensor, training, zeros } from '../../src';
import { ShapeError, ValueError } from '../../src/errors';

const { metrics } = training;
const data = JSON.parse(readFileSync(new URL('data/metrics.json', import.meta.url), 'utf8'));

/** The value of a metric for outputs in batches of `batchSize` rows. */
function measured<V>(metric: training.Metric<V>, output: Tensor, target: Tensor, batchSize = output.shape[0]!): V {
  let tally = metric.start();
  for (let i = 0; i < output.shape[0]!; i += batchSize) {
    const rows = Math.min(batchSize, output.shape[0]! - i);
    tally.add(output.narrow(0, i, rows), target.narrow(0, i, rows));
    // Intermediate results change nothing.
    const again = metric.start();
    again.restore(JSON.parse(JSON.stringify(tally.state())));
    tally = again;
  }
  return tally.value();
}

const float64 = (values: number[] | number[][]) => tensor(values, { dtype: 'float64' });

type Case = { scores: number[][]; truth: number[]; expected: Record<string, number> };

describe.each(data.cases as Case[])('of a classifier, case %#', ({ scores, truth, expected }) => {
  const made: Record<string, (how?: string) => training.Metric<unknown>> = {
    accuracy: () => metrics.accuracy(),
    confusion: () => metrics.confusion(),
    f1: (average) => metrics.f1({ average } as never),
    precision: (average) => metrics.precision({ average } as never),
    recall: (average) => metrics.recall({ average } as never),
    topK: (k) => metrics.topK(Number(k)),
  };
  test.each(Object.keys(expected))('%s', (name) => {
    const [kind, how] = name.split(' ');
    for (const batchSize of [100, 7]) {
      const value = measured(made[kind!]!(how), float64(scores), tensor(truth), batchSize);
      if (typeof value === 'number') expect(value).toBeCloseTo(expected[name]!, 12);
      else expect(value).toEqual(expected[name]);
    }
    const oneHot = nn.functional.oneHot(tensor(Int32Array.from(truth)), scores[0]!.length).to('float32');
    const same = measured(made[kind!]!(how), float64(scores), oneHot);
    if (kind !== 'topK') expect(same).toEqual(measured(made[kind!]!(how), float64(scores), tensor(truth)));
  });
});

test('of one score for each row, above a threshold', () => {
  const { scores, truth, cases } = data.binary;
  for (const { threshold, accuracy, f1, confusion } of cases)
    for (const output of [float64(scores), float64(scores).unsqueeze(1)]) {
      expect(measured(metrics.accuracy({ threshold }), output, tensor(truth), 5)).toBeCloseTo(accuracy, 12);
      expect(measured(metrics.f1({ threshold }), output, tensor(truth), 5)).toBeCloseTo(f1, 12);
      expect(measured(metrics.confusion({ threshold }), output, tensor(truth), 5)).toEqual(confusion);
    }
});

test('of numbers', () => {
  for (const { output, truth, ...expected } of data.regression)
    for (const name of ['mae', 'mse', 'rmse', 'r2'] as const)
      for (const batchSize of [100, 6])
        expect(measured(metrics[name](), float64(output), float64(truth), batchSize)).toBeCloseTo(expected[name], 9);
});

test('a constant target is explained only by itself', () => {
  expect(measured(metrics.r2(), tensor([2, 2]), tensor([2, 2]))).toBe(1);
  expect(measured(metrics.r2(), tensor([2, 3]), tensor([2, 2]))).toBe(0);
});

test('equal scores count from the first class on, and all classes are the top', () => {
  const output = zeros([3, 4]);
  const target = tensor([0, 1, 3]);
  expect([1, 2, 3, 4].map((k) => measured(metrics.topK(k), output, target))).toEqual([1 / 3, 2 / 3, 2 / 3, 1]);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 9 }), (rows) => {
      const scores = tensor(rows.map((row) => [...row]));
      const truth = tensor(rows.map((row) => row[0]));
      expect(measured(metrics.topK(1), scores, truth)).toBe(measured(metrics.accuracy(), scores, truth));
      expect(measured(metrics.topK(3), scores, truth)).toBe(1);
    }),
  );
});

test('scores of positions, [batch, classes, …], count each position', () => {
  const output = tensor([
    [
      [1, 5, 0],
      [2, 0, 7],
    ],
  ]);
  expect(measured(metrics.accuracy(), output, tensor([[1, 0, 0]]))).toBeCloseTo(2 / 3, 12);
});

test('reject mismatched arguments', () => {
  expect(() => measured(metrics.mae(), zeros([4, 1]), zeros([4]))).toThrow(ShapeError);
  expect(() => measured(metrics.accuracy(), zeros([4, 3]), tensor([0, 1, 2, 3]))).toThrow(
    'the net gives [4, 3] for targets [4]',
  );
  expect(() => measured(metrics.f1({ average: 'binary' }), zeros([3, 3]), zeros([3]))).toThrow(
    'for two classes, there are 3',
  );
  expect(() => metrics.topK(0)).toThrow(ValueError);
  expect(() => metrics.f1({ averag: 'macro' } as never)).toThrow('did you mean average');
});
