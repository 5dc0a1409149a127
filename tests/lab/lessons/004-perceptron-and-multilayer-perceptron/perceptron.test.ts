import { describe, expect, it } from 'vitest';
import { Generator, tensor } from '../../../../src';
import { datasets } from '../../../../src/lab';
import * as lesson from '../../../../src/lab/lessons/004-perceptron-and-multilayer-perceptron';

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

describe('perceptron', () => {
  it('learns AND, step by step as on paper', () => {
    const seen: [number[], number][] = [];
    const found = lesson.perceptron(corners, [0, 0, 0, 1], { onMistake: (_, w, b) => seen.push([[...w], b]) });
    expect(found).toMatchObject({ weights: [2, 1], bias: -3, separated: true, history: [2, 3, 3, 2, 1, 0] });
    expect(seen.slice(0, 4)).toEqual([
      [[0, 0], -1],
      [[1, 1], 0],
      [[1, 1], -1],
      [[1, 0], -2],
    ]);
    expect(found.mistakes.slice(0, 3)).toEqual([
      { row: 0, error: -1 },
      { row: 3, error: 1 },
      { row: 0, error: -1 },
    ]);
    expect(seen.at(-1)).toEqual([found.weights, found.bias]);
  });

  it('accepts tensors, a start, a rate and no bias', () => {
    const { x, y } = datasets.clusters(
      [
        [-2, -2],
        [2, 2],
      ],
      { generator: new Generator().manualSeed(1) },
    );
    const found = lesson.perceptron(x, y, { weights: [-3, 1], rate: 0.05, bias: false });
    expect(found).toMatchObject({ separated: true, bias: 0 });
    const scores = x.matmul(tensor(found.weights, { dtype: 'float64' }));
    expect(scores.ge(0).ne(y.eq(1)).sum().item()).toBe(0);
    const rows = x.tolist() as number[][];
    const pushed = found.mistakes.reduce((sum, { row, error }) => sum + 0.05 * error * rows[row]![0]!, -3);
    expect(found.weights[0]).toBeCloseTo(pushed, 12);
    // A negative rate pushes away, and never ends.
    const away = lesson.perceptron(x, y, { weights: [-3, 1], rate: -0.05, passes: 4 });
    expect(away).toMatchObject({ separated: false });
    expect(away.history[3]).toBe(100);
  });

  it('continues forever on XOR, until the limit of passes', () => {
    const found = lesson.perceptron(corners, [0, 1, 1, 0], { passes: 200 });
    expect(found.separated).toBe(false);
    expect(found.history).toHaveLength(200);
    expect(Math.min(...found.history)).toBeGreaterThan(0);
    const stopped = lesson.perceptron(corners, [0, 1, 1, 0], { onMistake: () => false });
    expect(stopped).toMatchObject({ separated: false, history: [1] });
    expect(lesson.perceptron(corners, [1, 1, 1, 1])).toMatchObject({ separated: true, history: [0] });
    expect(lesson.perceptron(corners, [0, 1, 1, 0], { passes: 0 })).toMatchObject({ separated: false, history: [] });
  });

  it('explains mismatched arguments', () => {
    expect(() => lesson.perceptron([], [])).toThrow('x must be rows of finite numbers');
    expect(() => lesson.perceptron(corners, [0, 1])).toThrow('y must hold 0 or 1 for each of the 4 rows');
    expect(() => lesson.perceptron(corners, [-1, 1, 1, -1])).toThrow('y must hold 0 or 1');
    expect(() => lesson.perceptron(corners, [0, 0, 0, 1], { weights: [1] })).toThrow('as many in each');
    expect(() => lesson.perceptron(corners, [0, 0, 0, 1], { rate: Number.NaN })).toThrow('rate must be finite');
    expect(() => lesson.perceptron(corners, [0, 0, 0, 1], { bias: Number.NaN })).toThrow('bias must be finite');
    expect(() => lesson.perceptron(corners, [0, 0, 0, 1], { passes: 1.5 })).toThrow('passes must be a whole number');
  });
});
