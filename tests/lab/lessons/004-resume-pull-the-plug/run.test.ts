import { expect, test } from 'vitest';
import {
  apart,
  apartFigure,
  begin,
  go,
  load,
  lossFigure,
  parts,
  save,
  setting,
  waves,
} from '../../../../src/lab/lessons/004-resume-pull-the-plug';
import * as training from '../../../../src/training';

/** A training that is saved after 3 epochs, and resumed until the sixth. */
function cut(options: Parameters<typeof begin>[1] = {}) {
  const run = begin(1, options);
  const first = go(run, 3);
  const saved = save(run);
  return { run, first, saved, rest: go(run, 3) };
}

test('rows are two normal numbers, and a wave with noise', () => {
  const { x, y } = waves(1);
  expect([x.shape, y.shape]).toEqual([
    [200, 2],
    [200, 1],
  ]);
  const noise = (x.tolist() as number[][]).map(
    ([a, b], i) => (y.tolist() as number[][])[i]![0]! - Math.sin(2 * a!) * b!,
  );
  const sd = Math.sqrt(noise.reduce((sum, e) => sum + e * e, 0) / 200);
  expect(sd).toBeGreaterThan(0.085);
  expect(sd).toBeLessThan(0.115);
});

test.each(['Adam', 'RMSprop', 'momentum', 'SGD'] as const)('with all parts %s resumes to the bit', (optimizer) => {
  for (const isFalling of [true, false]) {
    const { run, saved, rest } = cut({ optimizer, isFalling });
    const other = { ...begin(2, { optimizer, isFalling }), rows: run.rows };
    load(other, saved, parts);
    const again = go(other, 3);
    expect(again.losses).toEqual(rest.losses);
    expect(apart(again.weights.at(-1)!, rest.weights.at(-1)!)).toBe(0);
  }
});

test('without any one of its parts Adam ends elsewhere', () => {
  const { run, saved, rest } = cut();
  for (const lost of parts) {
    const other = { ...begin(2), rows: run.rows };
    load(
      other,
      saved,
      parts.filter((part) => part !== lost),
    );
    expect(apart(go(other, 3).weights.at(-1)!, rest.weights.at(-1)!), lost).toBeGreaterThan(1e-4);
  }
});

test('the saved state does not change when the run continues', () => {
  const run = begin(3);
  go(run, 1);
  const saved = save(run);
  const before = JSON.stringify(saved.weights);
  go(run, 1);
  expect(JSON.stringify(saved.weights)).toBe(before);
});

test('the rate is part of the optimizer, and a lost schedule starts again from it', () => {
  const { run, saved } = cut();
  const rateWith = (names: typeof parts, epochs = 0) => {
    const other = { ...begin(2), rows: run.rows };
    load(other, saved, names);
    if (epochs > 0) go(other, epochs);
    return other.optimizer.paramGroups[0]!.lr;
  };
  const share = (epochs: number) => (1 + Math.cos((Math.PI * epochs) / 40)) / 2;
  expect(rateWith(['weights', 'schedule'])).toBe(0.01);
  expect(rateWith(['optimizer'])).toBeCloseTo(0.01 * share(3), 12);
  expect(rateWith(['weights', 'optimizer'], 2)).toBeCloseTo(0.01 * share(3) * share(2), 12);
  expect(rateWith(parts, 2)).toBeCloseTo(0.01 * share(5), 12);
});

test('the first step of Adam is one rate, that of RMSprop ten; losses are recorded by epoch or by step', () => {
  const middle = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  expect(middle(go(begin(1), 1).firstStep)).toBeCloseTo(1, 3);
  expect(middle(go(begin(1, { optimizer: 'RMSprop' }), 1).firstStep)).toBeCloseTo(10, 2);
  const counts: number[] = [];
  const course = go(begin(1), 2, { isEachStep: true, at: (epochs) => counts.push(epochs) });
  expect([course.losses.length, course.weights.length, counts]).toEqual([27, 2, [1, 2]]);
  expect(go(begin(1), 2).losses).toEqual([0, 13, 26].map((step) => course.losses[step]));
});

test('measures the distance of lists', () => {
  expect(apart([1, 2], [1, 2])).toBe(0);
  expect(apart([1, 2, 3], [1, 2.5, 1])).toBe(2);
});

test('another optimizer is rejected', () => {
  expect(() => begin(1, { optimizer: 'Lion' as never })).toThrow('begin: optimizer must be one of Adam, RMSprop');
});

test('a setting depends on its seed', () => {
  const train = (seed: number) => {
    const { net, rows, options } = setting(seed);
    return training.fit(net, rows, { ...options, epochs: 2 }).history.loss;
  };
  expect(train(1)).toEqual(train(1));
  expect(train(1)).not.toEqual(train(2));
  const { rows, fresh } = setting(1);
  expect(rows.x.mean().item()).toBeCloseTo(3, 0);
  expect(fresh.x.shape).toEqual([200, 2]);
});

test('curves share one numbering, and a difference of 0 has a separate position', () => {
  const figure = lossFigure([5, 4, 3, 2], [3, 2], { from: 1, pulled: 2, xLabel: 'epoch', yRange: [1, 10] });
  expect(figure.data.slice(0, 2).map(({ x }) => x)).toEqual([
    [1, 2, 3],
    [2, 3],
  ]);
  const { data, layout } = apartFigure([0, 0.1], 25);
  expect([data[0]!.x, data[0]!.y]).toEqual([
    [26, 27],
    [1e-7, 0.1],
  ]);
  const { tickvals, ticktext } = layout.yaxis as { tickvals: number[]; ticktext: string[] };
  expect(ticktext[tickvals.indexOf(1e-7)]).toBe('0');
});
