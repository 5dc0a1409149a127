import { describe, expect, it } from 'vitest';
import { Generator } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import * as lesson from '../../../../src/lab/lessons/003-policy-gradient';

const room = lesson.gridWorld({ size: 3, goal: [0, 2], pits: [[1, 1]], start: [2, 0] });
const uniform = (cells: number) => Array.from({ length: cells }, () => [0.25, 0.25, 0.25, 0.25]);
const uneven = (cells: number) =>
  Array.from({ length: cells }, (_, i) => [0.1 + 0.01 * i, 0.4 - 0.02 * i, 0.2, 0.3 + 0.01 * i]);

/** A walk of random actions with these probabilities; returns the discounted rewards. */
function walkValue(world: lesson.GridWorld, at: number, table: number[][], discount: number, generator: Generator) {
  for (let factor = 1; ; factor *= discount) {
    const u = generator.random() / 2 ** 32;
    let [action, sum] = [0, table[at]![0]!];
    while (sum < u && action < 3) sum += table[at]![++action]!;
    const { to, reward, ends } = world.moves[at]![action]!;
    if (ends || factor < 1e-6) return factor * reward;
    at = to;
  }
}

describe('gridWorld', () => {
  it('moves by one cell, stays at edges and walls, and ends in the goal and in pits', () => {
    const world = lesson.gridWorld({ size: [2, 3], goal: [0, 2], pits: [[1, 2]], walls: [[0, 1]], start: [0, 0] });
    expect(world.moves[0]).toEqual([
      { to: 0, reward: 0, ends: false },
      { to: 0, reward: 0, ends: false },
      { to: 3, reward: 0, ends: false },
      { to: 0, reward: 0, ends: false },
    ]);
    expect(world.moves[4]![1]).toEqual({ to: 5, reward: -1, ends: true });
    expect([1, 2, 5].map((cell) => world.moves[cell]!.length)).toEqual([0, 0, 0]);
    expect(room.moves[1]![1]).toEqual({ to: 2, reward: 1, ends: true });
    const paid = { size: [1, 3], goal: [0, 2], pits: [[0, 0]], start: [0, 1], rewards: { goal: 6, pit: 4 } } as const;
    expect(lesson.gridWorld(paid).moves[1]!.map(({ reward }) => reward)).toEqual([0, 6, 0, 4]);
  });

  it('counts the steps of shortest paths around pits and walls', () => {
    const far = Number.POSITIVE_INFINITY;
    expect(room.distances).toEqual([2, 1, 0, 3, far, 1, 4, 3, 2]);
    const shut = lesson.gridWorld({
      size: 3,
      goal: [0, 2],
      pits: [],
      walls: [
        [0, 1],
        [1, 2],
      ],
      start: [2, 0],
    });
    expect(shut.distances.filter(Number.isFinite)).toEqual([0]);
    const round = lesson.gridWorld({ size: [2, 3], goal: [0, 2], pits: [], walls: [[0, 1]], start: [0, 0] });
    expect(round.distances).toEqual([4, far, 0, 3, 2, 1]);
    expect(room.directness(uniform(9))).toEqual([0.25, 0.25, 0, 0.25, 0, 0.25, 0.5, 0.25, 0.25]);
    expect(shut.directness(uniform(9))).toEqual(new Array(9).fill(0));
  });

  it('computes the values of a corridor in closed form: gambler’s ruin', () => {
    const corridor = lesson.gridWorld({ size: [1, 6], goal: [0, 5], pits: [[0, 0]], start: [0, 2] });
    // Right with p, left with q: the goal is reached from cell i with (1 - (q/p)ⁱ) / (1 - (q/p)⁵).
    const ratio = 0.4 / 0.6;
    const values = corridor.values(
      Array.from({ length: 6 }, () => [0, 0.6, 0, 0.4]),
      1,
    );
    for (const i of [1, 2, 3, 4]) expect(values[i]).toBeCloseTo((2 * (1 - ratio ** i)) / (1 - ratio ** 5) - 1, 12);
    expect([values[0], values[5]]).toEqual([0, 0]);
    // Not moving half of the time has no effect without discount.
    const lazy = corridor.values(
      Array.from({ length: 6 }, () => [0.25, 0.3, 0.25, 0.2]),
      1,
    );
    for (const i of [1, 2, 3, 4]) expect(lazy[i]).toBeCloseTo(values[i]!, 12);
    // Always right, from the start: γ² until the goal's reward.
    expect(
      corridor.values(
        Array.from({ length: 6 }, () => [0, 1, 0, 0]),
        0.8,
      )[2],
    ).toBeCloseTo(0.64, 12);
  });

  it('values agree with the mean of many walks', () => {
    const table = uneven(9);
    const generator = new Generator().manualSeed(5);
    const values = room.values(table, 0.9);
    for (const at of [6, 3, 8]) {
      let sum = 0;
      for (let n = 0; n < 20_000; n++) sum += walkValue(room, at, table, 0.9, generator);
      expect(Math.abs(sum / 20_000 - values[at]!)).toBeLessThan(0.02);
    }
  });

  it.each<[string, Partial<lesson.GridWorldOptions>, string]>([
    ['no size', { size: 0 }, 'whole numbers above 0, got 0'],
    ['a fractional row', { size: [1.5, 2] }, 'got [1.5, 2]'],
    ['a cell outside', { goal: [0, 3] }, 'from [0, 0] to [2, 2], got [0, 3]'],
    ['a fractional cell', { pits: [[0.5, 0]] }, 'got [0.5, 0]'],
    ['a cell of three numbers', { walls: [[0, 0, 0] as never] }, 'got [0, 0, 0]'],
    ['a start in the goal', { start: [0, 2] }, 'cell [0,2] cannot be goal and start'],
    ['an infinite reward', { rewards: { pit: -Infinity } }, 'the reward “pit” must be finite, got -Infinity'],
  ])('rejects %s', (_, part, message) => {
    const make = () => lesson.gridWorld({ size: 3, goal: [0, 2], pits: [[1, 1]], start: [2, 0], ...part });
    expect(make).toThrow(ValueError);
    expect(make).toThrow(message);
  });

  it('rejects probabilities that are not four for each cell', () => {
    expect(() => room.values(uniform(8), 1)).toThrow('for each of the 9 cells, got 8 × 4');
    expect(() => room.directness([[1]])).toThrow(ValueError);
  });
});
