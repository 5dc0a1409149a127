import { describe, expect, it } from 'vitest';
import { PlotError } from '../../../src/errors';
import { plot, races } from '../../../src/lab';
import { covered } from '../../../src/lab/notebook/ask';
import { groundOf, type Place } from '../../../src/lab/plot/descent-path';
import {
  progressOf,
  type RaceParts,
  type RacerName,
  raceTitleOf,
  runsOf,
  standingOf,
} from '../../../src/lab/plot/race-path';

/** ½ (w₁² + 50 w₂²) */
const loss = {
  rows: [
    [Math.SQRT1_2, 0],
    [0, 5],
  ],
  targets: [0, 0],
} as const;
const start: Place = [3, 1.2];
const rates = { GD: 0.038, momentum: 0.0056, Nesterov: 0.018, AdaGrad: 2, RMSprop: 0.026, Adam: 0.068 };
const figure = () => plot.liveRace({ loss, start, rates, steps: 80, top: 60 });
const partsOf = (one = figure()) => (one.layout.meta as { race: RaceParts }).race;
const runs = runsOf(groundOf(loss), partsOf(), start);

describe('a race that the page computes', () => {
  it('makes the same steps as the optimizers of optim', () => {
    const six = races.racers().slice(0, 6);
    for (const name of ['bowl', 'himmelblau'] as const) {
      const map = name === 'bowl' ? races.landscapes.bowl({ center: [0, 0] }) : races.landscapes.himmelblau();
      const by = name === 'bowl' ? 1 : 20;
      const racers = six.map((racer) => ({ ...racer, lr: rates[racer.name as RacerName] / by }));
      const from: Place = name === 'bowl' ? start : [-0.2, -0.9];
      const parts = {
        ...partsOf(),
        steps: 40,
        racers: partsOf().racers.map((racer) => ({ ...racer, rate: racer.rate / by })),
      };
      const here = runsOf(groundOf(name === 'bowl' ? loss : 'himmelblau'), parts, from);
      for (const [k, { path }] of races.race(map, racers, { steps: 40, start: from }).runs.entries())
        for (const [t, place] of path.entries())
          place.forEach((value, i) => {
            expect(here[k]!.path[t]![i]).toBeCloseTo(value, 9);
          });
    }
  });

  it('gives each the look of races.racers()', () => {
    const looks = races.racers().slice(0, 6);
    expect(partsOf().racers.map(({ name, color, dash }) => ({ name, color, dash }))).toEqual(
      looks.map(({ name, color, dash }) => ({ name, color, dash })),
    );
  });

  it('shows at each step who has arrived, but not at step 0', () => {
    const settled = Object.fromEntries(runs.map((run) => [run.racer.name, run.settled]));
    // Along the valley plain descent keeps 1 − η of the distance, across it |1 − 50η|: ½ (x² + 50y²) < 0.01.
    const gd = [...Array(200).keys()].find(
      (t) => (9 * (1 - 0.038) ** (2 * t) + 72 * (1 - 50 * 0.038) ** (2 * t)) / 2 < 0.01,
    );
    expect(settled.GD).toBe(gd);
    expect(settled.AdaGrad).toBeLessThan(settled.Nesterov!);
    expect(raceTitleOf(runs, { step: 0 })).not.toMatch(/AdaGrad|Nesterov/);
    expect(raceTitleOf(runs, { step: 2 })).toMatch(/nobody is through yet/);
    const first = settled.AdaGrad!;
    expect(raceTitleOf(runs, { step: first })).toBe(
      `Step ${first}: AdaGrad was through first, after ${first}; nobody else is through yet`,
    );
    const { length } = runs.filter((run) => run.settled <= 80);
    expect(raceTitleOf(runs, { step: 80 })).toContain(`${length} of 6 are through`);
    expect(standingOf(runs[3]!, first)).toBe(`through after ${first}`);
    expect(standingOf(runs[0]!, 0)).toBe('loss 40.5');
    expect(progressOf(runs[0]!, 0.01, 0)).toBe(0);
    expect(progressOf(runs[3]!, 0.01, first)).toBe(1);
    expect(progressOf(runs[0]!, 0.01, 40)).toBeCloseTo(
      Math.log(40.5 / runs[0]!.losses[40]!) / Math.log(40.5 / 0.01),
      12,
    );
  });

  it('numbers the goals of a map with several', () => {
    const parts = partsOf(
      plot.liveRace({
        loss: 'himmelblau',
        start: [-0.2, -0.9],
        rates: { GD: 0.01, Adam: 0.1 },
        steps: 200,
        domain: [-5, 5],
        top: 250,
      }),
    );
    const ends = runsOf(groundOf('himmelblau'), parts, [-0.2, -0.9]);
    expect(ends.map(({ goal }) => goal)).toEqual([2, 1]);
    expect(standingOf(ends[0]!, 200)).toMatch(/, goal 2$/);
    expect(raceTitleOf(ends, { step: 200 })).toMatch(/at 2 goals$/);
  });

  it('adds noise of the given deviation, the same for all, and decays rates like races.race', () => {
    const flat = { rows: [[0, 0]], targets: [0] } as const;
    const noisy = partsOf(
      plot.liveRace({
        loss: flat,
        start: [1, 1],
        rates: { GD: 1, momentum: 1 },
        noise: 0.5,
        steps: 500,
        top: 1,
        domain: [-99, 99],
      }),
    );
    const [gd, momentum] = runsOf(groundOf(flat), noisy, [1, 1]);
    const moves = gd!.path.slice(1).map(([x], t) => gd!.path[t]![0] - x);
    const mean = moves.reduce((a, b) => a + b) / 500;
    const deviation = Math.sqrt(moves.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 499);
    // Standard errors: 0.022 and 0.016.
    expect(Math.abs(mean)).toBeLessThan(0.08);
    expect(Math.abs(deviation - 0.5)).toBeLessThan(0.06);
    // The second velocity is 0.9 of the first noise plus the second.
    expect(momentum!.path[1]![0] - momentum!.path[2]![0]).toBeCloseTo(0.9 * moves[0]! + moves[1]!, 12);
    const falling = runsOf(groundOf(loss), { ...partsOf(), steps: 40, falls: true }, start);
    const map = races.landscapes.bowl({ center: [0, 0] });
    const racers = races
      .racers()
      .slice(0, 6)
      .map((racer) => ({ ...racer, lr: rates[racer.name as RacerName] }));
    const { runs: wanted } = races.race(map, racers, { steps: 40, schedule: (t, n) => 1 - t / n });
    for (const [k, { path }] of wanted.entries())
      path.at(-1)!.forEach((value, i) => {
        expect(falling[k]!.path.at(-1)![i]).toBeCloseTo(value, 9);
      });
  });

  it('waits for an answer at step 0', () => {
    const prediction = {
      question: 'Who?',
      before: 'Who is through first?',
      answers: [
        { text: 'AdaGrad', right: true, remark: '.' },
        { text: 'GD', remark: '.' },
      ],
    };
    const asked = covered('who', prediction as never, figure(), { from: { step: 0 }, deciding: { step: 6 } });
    const { lesson } = asked.layout.meta as { lesson: { from: object; deciding: object; title: { text: string } } };
    expect(lesson.from).toEqual({ step: 0 });
    expect(lesson.deciding).toEqual({ step: 6 });
    expect(lesson.title.text).toBe(raceTitleOf(runs, { step: 6 }));
    expect(() => covered('who', prediction as never, figure(), { deciding: { step: 81 } })).toThrow(PlotError);
  });

  it('rejects what it cannot draw', () => {
    expect(() => plot.liveRace({ loss, start, rates: { AdaMax: 1 } as never })).toThrow(/rates are those of GD/);
    expect(() => plot.liveRace({ loss, start, rates: {} })).toThrow(/at least one optimizer/);
    expect(() => plot.liveRace({ loss, start, rates: { GD: 0 } })).toThrow(/rate of GD must be above 0/);
    expect(() => plot.liveRace({ loss, start: [9, 9], rates })).toThrow(
      /liveRace: start \(9, 9\) must lie in the picture/,
    );
    expect(() => plot.liveRace({ loss, start, rates, steps: 501 })).toThrow(/from 1 to 500/);
    expect(() => plot.liveRace({ loss, start, rates, still: 200 })).toThrow(/step of still/);
    expect(() => plot.liveRace({ loss: 'hill' as never, start, rates })).toThrow(/liveRace: loss must be/);
  });
});
