import { describe, expect, it } from 'vitest';
import { Generator } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import * as lesson from '../../../../src/lab/lessons/003-policy-gradient';

const seeded = (seed = 0) => new Generator().manualSeed(seed);
/** Six cells; the last one is beyond goal and pit, so no walk reaches it. */
const small = lesson.gridWorld({ size: [2, 3], goal: [0, 2], pits: [[1, 1]], start: [0, 0] });
const table = [
  [0.2, 0.6, -0.3, 0],
  [0, 0.4, 0.1, -0.2],
  [0, 0, 0, 0],
  [0.5, 0, 0.2, -0.4],
  [0, 0, 0, 0],
  [0.1, 0.2, 0.3, 0.4],
];
const softmax = (row: readonly number[]) => {
  const sum = row.reduce((total, s) => total + Math.exp(s), 0);
  return row.map((s) => Math.exp(s) / sum);
};

interface Walk {
  chance: number;
  steps: { at: number; action: number; reward: number; to: number; ends: boolean }[];
}
/** Every walk of at most `limit` steps, with its probability. */
function allWalks(world: lesson.GridWorld, scores: readonly (readonly number[])[], limit: number): Walk[] {
  const grow = (walk: Walk, at: number): Walk[] =>
    walk.steps.length === limit || walk.steps.at(-1)?.ends
      ? [walk]
      : world.moves[at]!.flatMap((move, action) =>
          grow(
            { chance: walk.chance * softmax(scores[at]!)[action]!, steps: [...walk.steps, { at, action, ...move }] },
            move.to,
          ),
        );
  return grow({ chance: 1, steps: [] }, world.index(world.start));
}
/** The expected return, by enumeration. */
const expected = (world: lesson.GridWorld, scores: readonly (readonly number[])[], limit: number) =>
  allWalks(world, scores, limit).reduce(
    (sum, { chance, steps }) => sum + chance * steps.reduce((total, { reward }) => total + reward, 0),
    0,
  );

/** The mean update of many single walks, each from the same scores. */
function meanPush(learn: (generator: Generator) => lesson.Walker, draws: number) {
  const generator = seeded(11);
  const sums = table.map((row) => row.map(() => 0));
  for (let n = 0; n < draws; n++) {
    const { scores } = learn(generator).history[0]!;
    for (const [s, row] of scores.entries()) for (const a of row.keys()) sums[s]![a]! += row[a]! - table[s]![a]!;
  }
  return sums.map((row) => row.map((sum) => sum / draws));
}

describe('reinforce', () => {
  it('updates along the gradient of the expected return, by finite differences of all walks', () => {
    const limit = 5;
    const slope = (s: number, a: number) => {
      const moved = (by: number) => table.map((row, i) => row.map((x, k) => (i === s && k === a ? x + by : x)));
      return (expected(small, moved(1e-5), limit) - expected(small, moved(-1e-5), limit)) / 2e-5;
    };
    const push = meanPush(
      (generator) => lesson.reinforce(small, { walks: 1, lr: 1, scores: table, limit, snapshots: [1], generator }),
      40_000,
    );
    for (const s of [0, 1, 3, 5])
      for (const a of [0, 1, 2, 3]) expect(Math.abs(push[s]![a]! - slope(s, a))).toBeLessThan(0.012);
    expect(Math.abs(slope(0, 1))).toBeGreaterThan(0.05);
  });

  it('with a discount, weights each step by its advantage, from visits and values', () => {
    const discount = 0.7;
    const limit = 60;
    // Σ over steps of P(cell) π(a) (Q - V), no factor γᵗ: visits by powers of the chain, values by the linear system.
    const chances = table.map(softmax);
    const values = small.values(chances, discount);
    let place: number[] = table.map((_, i) => (i === 0 ? 1 : 0));
    const visits = table.map(() => 0);
    for (let t = 0; t < limit; t++) {
      const next = table.map(() => 0);
      for (const [at, p] of place.entries()) {
        visits[at]! += p;
        for (const [a, { to, ends }] of small.moves[at]!.entries()) if (!ends) next[to]! += p * chances[at]![a]!;
      }
      place = next;
    }
    const push = meanPush(
      (generator) =>
        lesson.reinforce(small, { walks: 1, lr: 1, discount, limit, scores: table, snapshots: [1], generator }),
      40_000,
    );
    for (const at of [0, 1, 3, 5])
      for (const [a, { to, reward, ends }] of small.moves[at]!.entries()) {
        const better = reward + (ends ? 0 : discount * values[to]!) - values[at]!;
        expect(Math.abs(push[at]![a]! - visits[at]! * chances[at]![a]! * better)).toBeLessThan(0.012);
      }
  });

  it('matches a calculation by hand', () => {
    const walk = lesson.reinforce(small, { walks: 1, lr: 0.5, discount: 0.8, valueLr: 0.1, generator: seeded(3) });
    const [start, end] = walk.history;
    const track = end!.track.map((cell) => small.index(cell));
    const wanted = start!.scores.map((row) => [...row]);
    const values = wanted.map(() => 0);
    const way = track.slice(1).map((to, t) => ({ at: track[t]!, to, reward: to === 2 ? 1 : to === 4 ? -1 : 0 }));
    for (const [t, { at, to }] of way.entries()) {
      const after = way[way.length - 1]!.reward * 0.8 ** (way.length - 1 - t);
      values[at]! += 0.1 * (after - values[at]!);
      const action = small.moves[at]!.findIndex((move, a) => move.to === to && end!.scores[at]![a] !== undefined);
      // If several actions lead to the same cell (against a wall), the track does not reveal the action.
      if (to !== at) for (const a of [0, 1, 2, 3]) wanted[at]![a]! += 0.5 * after * ((a === action ? 1 : 0) - 0.25);
      else wanted[at]!.fill(Number.NaN);
    }
    for (const [s, row] of wanted.entries())
      for (const [a, score] of row.entries())
        if (!Number.isNaN(score)) expect(end!.scores[s]![a]).toBeCloseTo(score, 12);
    for (const [s, value] of values.entries()) expect(end!.values[s]).toBeCloseTo(value, 12);
    expect(walk.returns).toEqual([way.at(-1)!.reward]);
    expect(walk.steps).toEqual([way.length]);
  });

  it('with a baseline, a bonus for every ending changes no walk', () => {
    const learn = (plus: number, baseline: boolean) =>
      lesson.reinforce(
        lesson.gridWorld({
          size: 4,
          goal: [0, 3],
          pits: [[2, 1]],
          start: [3, 0],
          rewards: { goal: 1 + plus, pit: plus - 1, late: plus },
        }),
        { walks: 200, lr: 0.2, limit: 20, baseline, generator: seeded(1) },
      );
    expect(learn(5, true).steps).toEqual(learn(0, true).steps);
    expect(learn(5, false).steps).not.toEqual(learn(0, false).steps);
    expect(learn(5, true).returns.map((r) => r - 5)).toEqual(learn(0, true).returns);
  });

  it('a bonus on every step equals one on every ending; on the first steps it changes the walks', () => {
    const learn = (plus: number, first: number) =>
      lesson.reinforce(
        lesson.gridWorld({
          ...{ size: 4, goal: [0, 3], pits: [[2, 1]], start: [3, 0] },
          rewards: { goal: 1 + plus, pit: plus - 1, late: plus },
        }),
        { walks: 100, lr: 0.1, limit: 20, bonus: (step) => (step < first ? 5 : 0), generator: seeded(1) },
      );
    expect(learn(0, 20).steps).toEqual(learn(5, 0).steps);
    expect(learn(0, 20).returns).toEqual(learn(5, 0).returns.map((r) => r - 5));
    expect(learn(0, 4).steps).not.toEqual(learn(0, 20).steps);
  });

  it('finds the treasure from every seed, and learns nothing without rewards', () => {
    const open = { size: 5, goal: [0, 4], pits: [[2, 2]], start: [4, 0] } as const;
    const world = lesson.gridWorld(open);
    for (let seed = 0; seed < 5; seed++) {
      const { history, returns } = lesson.reinforce(world, { walks: 500, discount: 0.8, generator: seeded(seed) });
      expect(returns.slice(-100).reduce((a, b) => a + b)).toBeGreaterThan(90);
      expect(world.directness(history[1]!.probabilities)[20]).toBeGreaterThan(0.8);
    }
    const shut = lesson.gridWorld({
      ...open,
      pits: [],
      walls: [
        [0, 3],
        [1, 4],
      ],
    });
    const { history } = lesson.reinforce(shut, { walks: 50, generator: seeded() });
    expect(history[1]!.scores).toEqual(history[0]!.scores);
  });
});

describe('actorCritic', () => {
  it('with a fixed policy, the critic finds the exact values', () => {
    const { history } = lesson.actorCritic(small, {
      walks: 60_000,
      lr: 0,
      valueLr: 0.002,
      discount: 0.9,
      scores: table,
      limit: 500,
      generator: seeded(2),
    });
    const exact = small.values(table.map(softmax), 0.9);
    for (const at of [0, 1, 3]) expect(Math.abs(history[1]!.values[at]! - exact[at]!)).toBeLessThan(0.06);
    expect(history[1]!.scores).toEqual(table);
  });

  it('matches a calculation by hand: two steps of a corridor', () => {
    const corridor = lesson.gridWorld({ size: [1, 3], goal: [0, 2], pits: [], start: [0, 0] });
    const scores = [
      [-40, 40, -40, -40],
      [-40, 40, -40, -40],
      [0, 0, 0, 0],
    ];
    const { history } = lesson.actorCritic(corridor, { walks: 2, lr: 0, valueLr: 0.5, discount: 0.8, scores });
    // First walk: 0, then 0.5; second: 0.5 · 0.8 · 0.5, then 0.75.
    expect(history[1]!.values).toEqual([0.2, 0.75, 0]);
    const free = lesson.actorCritic(corridor, { walks: 1, lr: 1, snapshots: [1], generator: seeded(4) });
    const track = free.history[0]!.track.map(([, column]) => column);
    expect(track.at(-1)).toBe(2);
    // Only the last step was a surprise: the scores of the first cell have not changed.
    expect(free.history[0]!.scores[0]).toEqual([0, 0, 0, 0]);
    expect(free.history[0]!.scores[1]).toEqual([-0.25, 0.75, -0.25, -0.25]);
  });

  it('finds the treasure from every seed', () => {
    const world = lesson.gridWorld({ size: 5, goal: [0, 4], pits: [[2, 2]], start: [4, 0] });
    for (let seed = 0; seed < 5; seed++) {
      const { history, returns } = lesson.actorCritic(world, { walks: 600, discount: 0.8, generator: seeded(seed) });
      expect(returns.slice(-100).reduce((a, b) => a + b)).toBeGreaterThan(90);
      expect(history[1]!.values[20]! / 0.8 ** 7).toBeGreaterThan(0.8);
    }
  });
});

describe('critic, start and optimizer', () => {
  const roomWith = (plus: number) =>
    lesson.gridWorld({
      ...{ size: 4, goal: [0, 3], pits: [[2, 1]], start: [3, 0] },
      rewards: { goal: 1 + plus, pit: plus - 1, late: plus },
    });

  it('a constant critic subtracts a constant', () => {
    const options = { walks: 60, limit: 20, lr: 0.25, valueLr: 0 };
    const off = lesson.reinforce(roomWith(4), { ...options, baseline: 'critic', valueStart: 4, generator: seeded(5) });
    const plain = lesson.reinforce(roomWith(0), { ...options, generator: seeded(5) });
    expect(off.steps).toEqual(plain.steps);
    expect(off.history[1]!.values[0]).toBe(4);
    const learning = lesson.reinforce(roomWith(0), {
      ...options,
      valueLr: 0.5,
      baseline: 'critic',
      generator: seeded(5),
    });
    expect(learning.steps).not.toEqual(plain.steps);
  });

  it('a bonus for every ending changes no walk if the critic starts higher by as much', () => {
    const options = { walks: 200, limit: 20, lr: 0.25, valueLr: 0.125 };
    for (const [learn, extra] of [
      [lesson.reinforce, { baseline: 'critic' }],
      [lesson.actorCritic, {}],
    ] as const) {
      const walk = (plus: number) =>
        learn(roomWith(plus), { ...options, ...extra, valueStart: plus, generator: seeded(6) }).steps;
      expect(walk(4)).toEqual(walk(0));
    }
  });

  it('the step limit is an end for the critic', () => {
    const late = lesson.gridWorld({ size: 9, goal: [0, 8], pits: [], start: [8, 0], rewards: { late: 2 } });
    const { history } = lesson.actorCritic(late, { walks: 1, limit: 1, valueLr: 0.5, valueStart: 1 });
    expect(history[1]!.values[late.index([8, 0])]).toBe(1.5);
  });

  it('momentum and Adam start by their formulas', () => {
    const first = (optimizer: 'SGD' | 'momentum' | 'Adam') =>
      lesson.reinforce(small, { walks: 1, lr: 0.5, limit: 9, optimizer, generator: seeded(3) }).history[1]!.scores;
    const [plain, momentum, adam] = [first('SGD'), first('momentum'), first('Adam')];
    expect(momentum).toEqual(plain);
    for (const [s, row] of plain.entries())
      for (const [a, score] of row.entries()) expect(adam[s]![a]).toBeCloseTo(0.5 * Math.sign(score), 5);
    const two = (optimizer: 'momentum' | 'SGD') =>
      lesson.reinforce(small, { walks: 2, lr: 1e-9, limit: 9, optimizer, snapshots: [1, 2], generator: seeded(3) })
        .history;
    const [[p1, p2], [m1, m2]] = [two('SGD'), two('momentum')];
    for (const [s, row] of p1!.scores.entries())
      for (const [a, score] of row.entries()) {
        const pushed = p2!.scores[s]![a]! - score;
        expect((m2!.scores[s]![a]! - m1!.scores[s]![a]!) * 1e9).toBeCloseTo((pushed + 0.9 * score) * 1e9, 5);
      }
  });

  it('both find the treasure with momentum and with Adam', () => {
    for (const optimizer of ['momentum', 'Adam'] as const)
      for (const [learn, lr] of [
        [lesson.reinforce, 0.05],
        [lesson.actorCritic, 0.02],
      ] as const) {
        const { returns } = learn(roomWith(0), { walks: 400, lr, optimizer, valueStart: 1, generator: seeded(1) });
        expect(returns.slice(-100).filter((reward) => reward === 1).length).toBeGreaterThan(50);
      }
  });
});

describe('both', () => {
  it('repeat with a seed, and snapshots do not change the walks', () => {
    for (const learn of [lesson.reinforce, lesson.actorCritic]) {
      const once = learn(small, { walks: 30, generator: seeded(7) });
      const again = learn(small, { walks: 30, snapshots: [0, 10, 30], generator: seeded(7) });
      expect(again.returns).toEqual(once.returns);
      expect(again.history[2]).toEqual(once.history[1]);
      expect(again.history.map(({ walk }) => walk)).toEqual([0, 10, 30]);
      expect(again.history[0]!.track).toEqual([]);
      expect(learn(small, { walks: 0 }).history).toHaveLength(1);
    }
  });

  it('limit the steps of a walk, which may be rewarded', () => {
    const late = lesson.gridWorld({ size: 9, goal: [0, 8], pits: [], start: [8, 0], rewards: { late: -2 } });
    for (const learn of [lesson.reinforce, lesson.actorCritic]) {
      expect(learn(late, { walks: 1, limit: 3 })).toMatchObject({ returns: [-2], steps: [3] });
    }
  });

  it.each<[Partial<lesson.ReinforceOptions>, string]>([
    [{ walks: -1 }, 'walks must be a whole number from 0 on, got -1'],
    [{ limit: 0 }, 'limit must be a whole number from 1 on, got 0'],
    [{ lr: Number.NaN }, 'lr must be a finite number from 0 on, got NaN'],
    [{ discount: -1 }, 'discount must be a finite number from 0 on, got -1'],
    [{ valueLr: Number.POSITIVE_INFINITY }, 'valueLr must be a finite number from 0 on, got Infinity'],
    [{ snapshots: [3, 2] }, 'rising whole numbers from 0 to 5, got [3,2]'],
    [{ snapshots: [6] }, 'from 0 to 5, got [6]'],
    [{ scores: [[0, 0, 0, 0]] }, 'four numbers for each of the 6 cells, got 1 × 4'],
  ])('reject %j', (options, message) => {
    for (const learn of [lesson.reinforce, lesson.actorCritic]) {
      expect(() => learn(small, { walks: 5, ...options })).toThrow(ValueError);
      expect(() => learn(small, { walks: 5, ...options })).toThrow(message);
    }
  });
});
