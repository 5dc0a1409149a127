import { expect, it } from 'vitest';
import { tuner } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import {
  bracketFigure,
  bracketOf,
  chanceAhead,
  lastersFigure,
  momentsFigure,
} from '../../../../src/lab/lessons/004-hyperband-second-hour';

/** Nine trials; number 8 is last at the first cut and best in the end, 3 is best at both cuts. */
const losses = [
  [5, 5, 5],
  [4, 4, 4],
  [2, 3, 6],
  [1, 1, 3],
  [6, 6, 7],
  [7, 7, 8],
  [8, 8, 9],
  [3, 2, 2],
  [9, 9, 1],
];

it('keeps a third, by the loss at each cut', () => {
  const bracket = bracketOf(losses);
  expect(bracket.alive).toEqual([[3, 2, 7, 1, 0, 4, 5, 6, 8], [3, 7, 2], [3]]);
  expect(bracket).toMatchObject({ winner: 3, best: 8, survived: 0, rank: 3 });
  expect(bracketOf(losses.map(([a, b]) => [a!, b!, b!]))).toMatchObject({ winner: 3, best: 3, survived: 2, rank: 1 });
});

it('matches Hyperband with the same losses', () => {
  const study = new tuner.Search(tuner.space({ x: tuner.float(0, 1) }), {
    sampler: tuner.random(),
    pruner: tuner.hyperband({ max: 9 }),
    seed: 4,
  });
  const first = (number: number): number => {
    const { from } = study.trials.find((trial) => trial.number === number)!;
    return from === undefined ? number : first(from);
  };
  const rungs: number[][] = [[], [], []];
  for (let trial = study.ask(); typeof trial === 'object' && trial.bracket === 0; trial = study.ask()) {
    const origin = first(trial.number);
    rungs[trial.rung!]!.push(origin);
    study.tell(trial.number, losses[origin]![trial.rung!]!);
  }
  const { alive } = bracketOf(losses);
  expect(rungs.slice(1).map((trials) => [...trials].sort())).toEqual(
    alive.slice(1).map((trials) => [...trials].sort()),
  );
});

it('rejects mismatched losses', () => {
  expect(() => bracketOf([[1, 2], [1]])).toThrow(ValueError);
  expect(() => bracketOf(losses.slice(0, 8))).toThrow('too few for 2 cuts');
});

it('estimates how likely one is ahead of random others', () => {
  expect(chanceAhead(1, 27, 3)).toBe(1);
  expect(chanceAhead(27, 27, 1)).toBe(0);
  expect(chanceAhead(2, 3, 1)).toBeCloseTo(1 / 2, 12);
  expect(chanceAhead(3, 27, 3)).toBeCloseTo((24 * 23 * 22) / (26 * 25 * 24), 12);
});

it('draws a bracket up to a cut, the survivors, and a moment compared with the end', () => {
  const runs = losses.map((own) => ({ steps: [1, 3, 9], losses: own }));
  const bracket = bracketOf(losses);
  const named = (figure: ReturnType<typeof bracketFigure>, name: string) =>
    figure.data.find((trace) => trace.name === name)!;
  const start = bracketFigure(runs, bracket, [1, 3, 9], 0);
  expect((named(start, 'still training').x as number[]).filter((x) => x > 0)).toHaveLength(9);
  const end = bracketFigure(runs, bracket, [1, 3, 9], 2);
  expect((named(end, 'still training').x as number[]).filter((x) => x > 0)).toEqual([1, 3, 9]);
  expect((named(end, 'cut').x as number[]).filter((x) => x > 0)).toHaveLength(6 + 2 * 2);
  expect(named(end, 'the later best').y).toEqual([9, 9, 1]);
  const lasted = lastersFigure([0, 2], 1, 0, 9);
  expect(named(lasted, 'still in')).toMatchObject({ x: [1, 2, 2], y: [0, 0, 1] });
  expect(named(lasted, 'cut off')).toMatchObject({ x: [1], y: [1] });
  const { ticktext } = lasted.layout.xaxis as { ticktext: string[] };
  expect(ticktext).toEqual(['<b>← 1</b>', '2']);
  const moment = momentsFigure(losses, 0);
  expect(named(moment, 'go on').x).toEqual([1, 2, 3]);
  expect(named(moment, 'the later best')).toMatchObject({ x: [9], y: [1] });
});
