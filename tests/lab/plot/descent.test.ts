import { describe, expect, it } from 'vitest';
import { PlotError } from '../../../src/errors';
import { covered } from '../../../src/lab/notebook/ask';
import type { Prediction } from '../../../src/lab/notebook/predict';
import { descent } from '../../../src/lab/plot';
import {
  anglesOf,
  cameraOf,
  climbs,
  codeOf,
  type DescentParts,
  descend,
  groundOf,
  isInBox,
  lossText,
  namedGrounds,
  type Place,
  ratesIn,
  titleOf,
  trailOf,
} from '../../../src/lab/plot/descent-path';

const loss = {
  rows: [
    [1, 1],
    [3, 1],
  ],
  targets: [2, 4],
} as const;
const ground = groundOf(loss);
const start: Place = [5, 9];
const box = { domain: [-10, 10], top: 1100 } as const;
const parts: DescentParts = {
  ...box,
  ...{ loss, start, rate: 0.04, steps: 60, camera: { elev: 40, azim: -72 }, rates: [0.002, 0.1] },
};
const at = (rate: number, step: number) => descend(ground, start, rate, step)[step]!;

describe('the numbers of a descent', () => {
  it('match a calculation by hand from Σ (target − row·w)²', () => {
    expect(ground.loss(start)).toBe(544);
    expect(ground.gradient(start)).toEqual([144, 64]);
    const [w1, w2] = at(0.04, 1);
    expect([w1, w2].map((weight) => weight.toFixed(9))).toEqual(['-0.760000000', '6.440000000']);
    expect(ground.loss([w1, w2])).toBeCloseTo((2 + 0.76 - 6.44) ** 2 + (4 + 3 * 0.76 - 6.44) ** 2, 9);
    expect(ground.minima).toEqual([[1, 1]]);
  });

  it('follow the closed form: along each axis of the bowl a step multiplies the distance by 1 − ηλ', () => {
    // ∇²L = 2 Σ row rowᵀ = [[20, 8], [8, 4]]: λ = 12 ± 8√2.
    const axes = [12 + 8 * Math.SQRT2, 12 - 8 * Math.SQRT2].map((value) => {
      const [a, b] = [8, value - 20];
      return { value, axis: [a / Math.hypot(a, b), b / Math.hypot(a, b)] as const };
    });
    for (const rate of [0.02, 0.08, 0.09]) {
      const [w1, w2] = at(rate, 17);
      for (const { value, axis } of axes) {
        const along = ([x, y]: Place) => (x - 1) * axis[0] + (y - 1) * axis[1];
        expect(along([w1, w2])).toBeCloseTo(along(start) * (1 - rate * value) ** 17, 8);
      }
    }
  });

  it('leave the box at step 5 with η = 0.09, above the top, and never with 0.08', () => {
    const path = descend(ground, start, 0.09, 60);
    expect(path.findIndex((place) => !isInBox(ground, { ...box, top: Number.POSITIVE_INFINITY }, place))).toBe(5);
    expect(ground.loss(path[5]!)).toBeGreaterThan(1100);
    expect(climbs(ground, path)).toBe(true);
    const lower = descend(ground, start, 0.08, 60);
    expect(lower.every((place) => isInBox(ground, box, place))).toBe(true);
    expect(climbs(ground, lower)).toBe(false);
  });

  it('have gradients that match finite differences and vanish at minima, also for named losses', () => {
    for (const { loss: height, gradient, minima } of [ground, ...Object.values(namedGrounds)]) {
      const [x, y, h] = [0.7, -1.3, 1e-5];
      const [g1, g2] = gradient([x, y]);
      expect(g1).toBeCloseTo((height([x + h, y]) - height([x - h, y])) / (2 * h), 4);
      expect(g2).toBeCloseTo((height([x, y + h]) - height([x, y - h])) / (2 * h), 4);
      for (const minimum of minima) {
        expect(height(minimum)).toBeCloseTo(0, 12);
        expect(Math.hypot(...gradient(minimum))).toBeLessThan(1e-6);
      }
    }
  });

  it('stay finite when the descent diverges', () => {
    const path = descend(ground, start, 1, 2000);
    expect(path).toHaveLength(2001);
    expect(Number.isFinite(path.at(-1)![0])).toBe(true);
  });

  it('have no minimum if it is not unique', () => {
    const flat = groundOf({
      rows: [
        [1, 2],
        [2, 4],
      ],
      targets: [1, 1],
    });
    expect(flat.minima).toEqual([]);
  });
});

describe('the trail of a descent', () => {
  it('has 16 points per step on the line between two steps', () => {
    const [line, ...others] = trailOf(ground, box, descend(ground, start, 0.04, 3), 2);
    expect(others).toEqual([]);
    expect(line).toHaveLength(33);
    const [a, b] = [at(0.04, 1), at(0.04, 2)];
    expect(line![16]).toEqual(a);
    expect(line![20]![0]).toBeCloseTo(a[0] + (b[0] - a[0]) / 4, 12);
  });

  it('is clipped at the edge of the box, and continues where the path re-enters', () => {
    const path = descend(ground, start, 0.09, 6);
    const lines = trailOf(ground, { ...box, top: Number.POSITIVE_INFINITY }, path, 6);
    expect(lines).toHaveLength(2);
    expect(lines[0]!.at(-1)![0]).toBeCloseTo(-10, 6);
    expect(lines[1]![0]![0]).toBeCloseTo(-10, 6);
    // Step 5 crosses the edge.
    const [[a, b], [c, d]] = [path[4]!, path[5]!];
    const share = (-10 - a) / (c - a);
    expect(lines[0]!.at(-1)![1]).toBeCloseTo(b + (d - b) * share, 6);
    const cut = trailOf(ground, box, path, 5).at(-1)!.at(-1)!;
    expect(ground.loss(cut)).toBeLessThanOrEqual(1100);
  });

  it('ends at the ball between two steps', () => {
    const path = descend(ground, start, 0.04, 3);
    const end = trailOf(ground, box, path, 1.4)[0]!.at(-1)!;
    expect(end[0]).toBeCloseTo(path[1]![0] + 0.4 * (path[2]![0] - path[1]![0]), 12);
  });
});

describe('the texts of a descent', () => {
  const title = (rate: number, step: number) =>
    titleOf(ground, parts, descend(ground, start, rate, 60), { rate, step });
  it.each([
    [0.04, 0, 'Step 0: the ball is at loss 544. Where is it after 60 steps with η = 0.04?'],
    [0.04, 60, 'η = 0.04, step 60: loss 0.42; down the slope, then slowly along the floor'],
    [0.02, 1, 'η = 0.02, step 1: loss 163; down the slope'],
    [0.08, 60, 'η = 0.08, step 60: loss 0.013; from wall to wall, and lower each time'],
    [0.09, 1, 'η = 0.09, step 1: loss 652; each step lands higher'],
    [0.09, 5, 'η = 0.09, step 5: loss 1,365; each step lands higher, and it has left the picture'],
  ])('at η = %s, step %s', (rate, step, text) => expect(title(rate, step)).toBe(text));

  it('describes a path that rises and falls, and one that overflows', () => {
    const himmelblau = groundOf('himmelblau');
    const whole = { ...parts, domain: [-100, 100] as const, top: 1e9 };
    const path = descend(himmelblau, [4, 4], 0.03, 5);
    expect(himmelblau.loss(path[3]!)).toBeLessThan(himmelblau.loss(path[2]!));
    expect(titleOf(himmelblau, whole, path, { rate: 0.03, step: 5 })).toMatch(
      /step 5: loss \d+; higher than the start$/,
    );
    const rosenbrock = groundOf('rosenbrock');
    const lost = descend(rosenbrock, [2, 2], 0.01, 20);
    expect(titleOf(rosenbrock, whole, lost, { rate: 0.01, step: 20 })).toBe(
      'η = 0.01, step 20: loss ∞; each step lands higher, and it has left the picture',
    );
  });

  it('formats losses of all sizes', () => {
    expect([0, 2.6e-9, 0.013, 13.55, 1364.6, 4.12e7].map(lossText)).toEqual([
      '0',
      '2.6 × 10⁻⁹',
      '0.013',
      '13.6',
      '1,365',
      '4.1 × 10⁷',
    ]);
  });

  it('pairs the two lines of code of a step with their numbers', () => {
    expect(codeOf(ground, descend(ground, start, 0.04, 1), { rate: 0.04, step: 0 })).toEqual([
      ['const [g1, g2] = gradient(w);', '(144, 64)'],
      ['w = [w[0] - 0.04 * g1, w[1] - 0.04 * g2];', '(5, 9) → (−0.76, 6.44)'],
    ]);
  });
});

it('anglesOf inverts cameraOf at any distance', () => {
  for (const camera of [
    { elev: 40, azim: -72 },
    { elev: 0, azim: 180 },
    { elev: 89, azim: 10 },
  ]) {
    const angles = anglesOf(cameraOf(camera, 2.5));
    expect(angles.elev).toBeCloseTo(camera.elev, 6);
    expect(angles.azim).toBeCloseTo(camera.azim, 6);
    expect(angles.far).toBeCloseTo(2.5, 9);
  }
});

it("a slider has rates of two digits, and includes the figure's", () => {
  const rates = ratesIn([0.002, 0.1], [0.0855, 0.04]);
  expect([rates[0], rates.at(-1)]).toEqual([0.002, 0.1]);
  expect(rates).toContain(0.0855);
  expect(rates).toContain(0.09);
  expect(new Set(rates).size).toBe(rates.length);
  expect(rates).toEqual([...rates].sort((a, b) => a - b));
});

describe('momentum', () => {
  const valley = namedGrounds.valley;
  const roll = (rate: number, beta: number, steps = 60) => descend(valley, [-9, 1.8], rate, steps, beta);

  it('moves by V ← βV + η ∇L: two steps by hand', () => {
    const path = roll(0.01, 0.5, 2);
    // V = (−0.09, 0.9), then 0.5 V + 0.01 (−8.91, 45).
    expect(path[1]![0]).toBeCloseTo(-8.91, 12);
    expect(path[1]![1]).toBeCloseTo(0.9, 12);
    expect(path[2]![0]).toBeCloseTo(-8.91 - (0.5 * -0.09 + 0.01 * -8.91), 12);
    expect(path[2]![1]).toBeCloseTo(0.9 - (0.5 * 0.9 + 0.01 * 45), 12);
  });

  it('follows the recurrence w ← (1 + β − ηλ) w − β w₋₁ along each axis, and without β plain descent', () => {
    const path = roll(0.02, 0.9);
    for (const [side, curvature] of [
      [0, 1],
      [1, 50],
    ] as const)
      for (let t = 1; t < 60; t++)
        expect(path[t + 1]![side]).toBeCloseTo((1.9 - 0.02 * curvature) * path[t]![side] - 0.9 * path[t - 1]![side], 9);
    expect(roll(0.02, 0)).toEqual(descend(valley, [-9, 1.8], 0.02, 60));
  });

  const flat: DescentParts = { ...parts, loss: 'valley', start: [-9, 1.8], domain2: [-2.7, 2.7], beta: 0 };
  it.each([
    [0, 0.038, 'β = 0, η = 0.038, step 60: loss 0.39; from wall to wall'],
    [0.9, 0.005, 'β = 0.9, η = 0.005, step 60: loss 0.19; it overshoots, and comes back'],
    [0, 0.01, 'β = 0, η = 0.01, step 60: loss 12.1; down the slope, then slowly along the floor'],
  ])('has both constants in its title: β = %s, η = %s', (beta, rate, text) =>
    expect(titleOf(valley, flat, roll(rate, beta), { rate, step: 60, beta })).toBe(text),
  );

  it('shows the velocity before and after a step, and the weights', () => {
    expect(codeOf(valley, roll(0.01, 0.5, 2), { rate: 0.01, step: 1, beta: 0.5 })).toEqual([
      ['V = [0.5 * V[0] + 0.01 * g[0], 0.5 * V[1] + 0.01 * g[1]];', '(−0.09, 0.9) → (−0.13, 0.9)'],
      ['w = [w[0] - V[0], w[1] - V[1]];', '(−8.91, 0.9) → (−8.78, 0)'],
    ]);
  });

  const flatOptions = {
    loss: 'valley',
    start: [-9, 1.8],
    rate: 0.038,
    beta: 0,
    domain: { x: [-10, 6], y: [-2.7, 2.7] },
  } as const;

  it('has a map without a surface, and each weight over the steps', () => {
    const figure = descent({ ...flatOptions, still: { rate: 0.038, step: 60, beta: 0.5 } });
    const { data, layout } = figure.toJSON();
    expect(data.map(({ type, name, xaxis }) => [type, name, xaxis])).toEqual([
      ['contour', 'map', undefined],
      ['scatter', 'w₁', 'x2'],
      ['scatter', 'w₂', 'x3'],
      ['scatter', 'path', undefined],
      ['scatter', 'home', undefined],
      ['scatter', 'ball', undefined],
    ]);
    const path = roll(0.038, 0.5);
    for (const side of [0, 1] as const) {
      const drawn = data[1 + side]!.y as number[];
      expect(drawn).toHaveLength(61);
      expect(drawn[7]).toBeCloseTo(path[7]![side], 2);
    }
    expect(layout.scene).toBeUndefined();
    expect(figure.plays!.from).toEqual({ rate: 0.038, step: 60, beta: 0 });
    expect(figure.plays!.stateOf({ rate: 0.01, step: 3 }, 'deciding')).toEqual({ rate: 0.01, step: 3, beta: 0 });
    expect(figure.plays!.titleAt({ rate: 0.038, step: 60, beta: 0.5 })).toContain('β = 0.5');
  });

  it.each([
    [{ beta: 1 }, /beta must be from 0 to 0.99, got 1/],
    [{ beta: undefined }, /a domain for each weight needs beta/],
    [{ start: [-9, 5] as const }, /start \(-9, 5\) must lie in the picture/],
    [{ still: { rate: 0.01, step: 1, beta: -0.1 } }, /the beta of still must be from 0 to 0.99/],
  ])('rejects %j', (change, message) => {
    expect(() => descent({ ...flatOptions, ...(change as object) })).toThrow(message);
  });
});

const options = { loss, start, rate: 0.04, steps: 60, top: 1100, still: { rate: 0.08, step: 60 } };

describe('plot.descent', () => {
  it('draws its still state on the surface and on the map', () => {
    const { data, layout } = descent(options).toJSON();
    const title = (layout.title as { text: string }).text.replaceAll('<br>', ' ');
    expect(title).toBe('η = 0.08, step 60: loss 0.013; from wall to wall, and lower each time');
    const ball = data.filter(({ name }) => name === 'ball');
    expect(ball.map(({ type }) => type)).toEqual(['scatter3d', 'scatter']);
    const [w1, w2] = at(0.08, 60);
    for (const { x, y } of ball) {
      expect((x as number[])[0]).toBeCloseTo(w1, 2);
      expect((y as number[])[0]).toBeCloseTo(w2, 2);
    }
    expect(layout.meta).toMatchObject({ descent: { loss, start: [5, 9], rate: 0.04, steps: 60, domain: [-10, 10] } });
    expect(JSON.stringify({ data, layout }).length).toBeLessThan(110_000);
  });

  it.each([
    [{ start: [50, 0] as const }, /start \(50, 0\) must lie in the picture/],
    [{ rate: 0 }, /rate must be above 0/],
    [{ steps: 500 }, /steps must be a whole number from 1 to 200/],
    [{ loss: { rows: [[1, 1]] as const, targets: [1, 2] } }, /1 rows and 2 targets/],
    [{ loss: 'hill' as never }, /rosenbrock, himmelblau, saddle/],
    [{ still: { rate: 0.08, step: 61 } }, /step of still/],
    [{ camera: { elev: 100 } }, /elev must be from 0 to 90/],
  ])('rejects %j', (change, message) => {
    expect(() => descent({ ...options, ...change })).toThrow(PlotError);
    expect(() => descent({ ...options, ...change })).toThrow(message);
  });

  it('becomes a question with states, and the deciding one sets the title', () => {
    const prediction = {
      question: 'What does 0.09 do?',
      answers: [{ text: 'it climbs out', right: true }],
      before: 'At η = 0.08 the ball arrives. And at 0.09?',
    } as unknown as Prediction;
    const states = { from: { rate: 0.08, step: 0 }, deciding: { rate: 0.09, step: 5 } };
    const { layout } = covered('rate', prediction, descent(options), states).toJSON();
    const { lesson } = layout.meta as { lesson: { title: { text: string } } };
    expect(lesson).toMatchObject(states);
    expect(lesson.title.text).toBe('η = 0.09, step 5: loss 1,365; each step lands higher, and it has left the picture');
    expect((layout.title as { text: string }).text).toBe('At η = 0.08 the ball arrives. And at 0.09?');
    expect(() => covered('rate', prediction, descent(options), { deciding: 5 })).toThrow(/rate of deciding/);
  });
});
