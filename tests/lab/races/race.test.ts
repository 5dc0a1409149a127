import { describe, expect, it } from 'vitest';
import { Generator, noGrad, type optim, randn, type Tensor, tensor } from '../../../src';
import { races } from '../../../src/lab';
import { settledAt } from '../../../src/lab/races/race';

const { landscapes, race, racers, tuneRates } = races;

/** PyTorch 2.13, float64, gradients by its tape: positions after 5 and 20 steps, with these racers' rates. */
const torch = {
  himmelblau: {
    GD: [0.2041207474857103, -0.8259362170357986, 3.5437004054733054, -1.405819426956616],
    momentum: [0.9097396833418295, -0.7016600583881415, 4.139875070920884, -1.5525548589859175],
    Nesterov: [2.417096090032199, -0.5126915668116512, 3.578827932834663, -1.7867420866736292],
    AdaGrad: [2.9481103278495344, 2.0465316356952727, 2.9999996441531485, 2.0000005806213457],
    RMSprop: [1.1665206908065564, 0.49434109551648464, 2.8103568902411515, 2.052807426612907],
    Adam: [3.7583164485246665, 2.7873516243877994, 2.9562711154059857, 2.0951147982631415],
    AdamW: [3.723414778494207, 2.7754518576121656, 2.8753632516793926, 2.061388665058188],
  },
  bowl: {
    GD: [3.8529701497000004, 1.0374999999999999, 3.453720812791693, 1.0000011444091796],
    momentum: [3.6149020777, 0.37384000000000006, 1.353466532671974, 0.6351045833260893],
    Nesterov: [3.515322289961503, 0.9866353750000001, 1.3458328348827095, 0.999581367681964],
    AdaGrad: [1.6105837526183988, 1.0002020164437708, 1.0104080691086283, 1.000000000000001],
    RMSprop: [3.0067038222770557, 1.3461645417940875, 1.7327731889357594, 1.00153992523516],
    Adam: [-0.16177791137909459, 0.5937715270011481, 1.4763163498671168, 1.226350488823785],
    AdamW: [-0.20693742802264403, 0.6080842872859153, 1.3729962067959007, 1.2202290448423554],
  },
};

describe('race', () => {
  it.each(['himmelblau', 'bowl'] as const)('follows PyTorch’s optimizers: %s', (name) => {
    const { runs } = race(landscapes[name](), racers(), { steps: 20 });
    for (const { racer, path, losses } of runs) {
      expect(path).toHaveLength(21);
      const wanted = torch[name][racer.name as keyof typeof torch.bowl];
      [...path[5]!, ...path[20]!].forEach((value, i) => {
        expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-12);
      });
      path.forEach((at, i) => {
        expect(losses[i]).toBe(landscapes[name]().height(...at));
      });
    }
  });

  it('accepts rules in plain numbers and custom optimizers', () => {
    const sign = {
      name: 'sign',
      lr: 0.25,
      rule: (lr: number) => (w: Float64Array, g: Readonly<Float64Array>) => {
        for (const i of [0, 1]) w[i] = w[i]! - lr * Math.sign(g[i]!);
      },
    };
    const tensors = {
      name: 'sign of tensors',
      lr: 0.25,
      optimizer: (params: Tensor[], lr: number) => ({
        step: () => noGrad(() => params.map((p) => p.sub_(p.grad!.sign().mul(lr)))),
      }),
    };
    const { runs } = race(landscapes.bowl(), [sign, tensors], { steps: 3, start: [2, 1] });
    expect(runs[0]!.path).toEqual([
      [2, 1],
      [1.75, 1],
      [1.5, 1],
      [1.25, 1],
    ]);
    expect(runs[1]!.path).toEqual(runs[0]!.path);
  });

  it('finds when a loss stays below the tolerance, and not when it first dips', () => {
    expect(settledAt([3, 0.1, 2, 0.1, 0.2], 1, 4)).toBe(3);
    expect(settledAt([0.1, 0.2], 1, 1)).toBe(0);
    expect(settledAt([3, 0.1, 2], 1, 2)).toBe(Number.POSITIVE_INFINITY);
    expect(settledAt([3, Number.NaN, 0.1], 1, 2)).toBe(2);
    // A run that ended early has not arrived.
    expect(settledAt([3, 0.1], 1, 2)).toBe(Number.POSITIVE_INFINITY);
  });

  it('ends a run that diverges', () => {
    const [gd] = racers();
    const [run] = race(landscapes.bowl(), [{ ...gd!, lr: 3 }]).runs;
    expect(run!.losses.at(-1)).toBeGreaterThan(1e12);
    expect(run!.losses.at(-2)).toBeLessThan(1e12);
    expect(run!.path).toHaveLength(run!.losses.length);
    expect(run!.settled).toBe(Number.POSITIVE_INFINITY);
  });

  it('passes β and λ on', () => {
    const [, momentum, nesterov] = racers({ beta: 0 });
    const [gd] = racers();
    const { runs } = race(landscapes.beale(), [gd!, momentum!, nesterov!]);
    expect(runs[1]!.path).toEqual(runs[0]!.path);
    expect(runs[2]!.path).toEqual(runs[0]!.path);
    const [adam, adamW] = racers({ weightDecay: 0 }).slice(5);
    const same = race(landscapes.beale(), [adam!, adamW!]).runs;
    expect(same[1]!.path).toEqual(same[0]!.path);
  });

  it('adds the same noise to all gradients, from the generator', () => {
    const steps = 30;
    const map = landscapes.bowl({ center: [0, 0] });
    const drawn = randn([2 * steps], {
      dtype: 'float64',
      generator: new Generator().manualSeed(7),
    }).tolist() as number[];
    const { runs } = race(
      map,
      [
        { ...racers()[0]!, lr: 0.02 },
        { ...racers()[1]!, lr: 0.005 },
      ],
      {
        ...{ steps, noise: 0.3, generator: new Generator().manualSeed(7) },
      },
    );
    let [x, y, u, v, s, t] = [3, 1.2, 3, 1.2, 0, 0];
    for (let k = 0; k < steps; k++) {
      const [a, b] = [0.3 * drawn[2 * k]!, 0.3 * drawn[2 * k + 1]!];
      [x, y] = [x - 0.02 * (x + a), y - 0.02 * (50 * y + b)];
      [s, t] = [0.9 * s + u + a, 0.9 * t + 50 * v + b];
      [u, v] = [u - 0.005 * s, v - 0.005 * t];
    }
    for (const [run, place] of [
      [runs[0]!, [x, y]],
      [runs[1]!, [u, v]],
    ] as const)
      run.path.at(-1)!.forEach((value, i) => {
        expect(value).toBeCloseTo(place[i]!, 12);
      });
  });

  it('decays a rate like an optimizer whose rate is set before each step', () => {
    const map = landscapes.rosenbrock();
    const falls = (t: number, n: number) => 1 - t / n;
    const usual = racers().map((racer) => ({ ...racer, lr: racer.lr / 20 }));
    const { runs } = race(map, usual, { steps: 40, schedule: falls });
    for (const [k, { optimizer, lr }] of usual.entries()) {
      const place = tensor([...map.start], { dtype: 'float64', requiresGrad: true });
      const stepper = optimizer!([place], lr) as optim.Optimizer;
      for (let t = 0; t < 40; t++) {
        stepper.paramGroups[0]!.lr = lr * falls(t, 40);
        place.grad = tensor([...map.gradient(...(place.tolist() as [number, number]))], { dtype: 'float64' });
        stepper.step();
      }
      runs[k]!.path.at(-1)!.forEach((value, i) => {
        expect(value).toBeCloseTo((place.tolist() as number[])[i]!, 10);
      });
    }
    // Plain descent on ½λw²: the distance is multiplied by 1 − ηλ(1 − t/n).
    const bowl = landscapes.bowl({ center: [0, 0] });
    const end = race(bowl, [{ ...racers()[0]!, lr: 0.03 }], { steps: 20, schedule: falls }).runs[0]!.path.at(-1)!;
    const left = (lambda: number) =>
      Array.from({ length: 20 }, (_, t) => 1 - 0.03 * lambda * falls(t, 20)).reduce((a, b) => a * b);
    expect(end[0]).toBeCloseTo(3 * left(1), 12);
    expect(end[1]).toBeCloseTo(1.2 * left(50), 12);
  });

  it('rejects what cannot run', () => {
    expect(() => race(landscapes.bowl(), racers(), { noise: -1 })).toThrow(/noise must be a finite number from 0 on/);
    const map = landscapes.bowl();
    expect(() => race(map, racers(), { steps: 0 })).toThrow(/steps/);
    expect(() => race(map, racers(), { start: [1, Number.NaN] })).toThrow(/two finite numbers, got \[1, NaN\]/);
    expect(() => race(map, [{ name: 'none', lr: 1 }])).toThrow(/none needs either an optimizer or a rule/);
    expect(() => race(map, [{ ...racers()[0]!, lr: Number.NaN }])).toThrow(/learning rate of GD/);
  });
});

describe('tuneRates', () => {
  it('finds, for GD on a bowl, the steps of the formula at every rate', () => {
    const map = landscapes.bowl({ condition: 4 });
    const grid = [0.05, 0.2, 0.4, 0.6];
    const [tuning] = tuneRates([map], [racers()[0]!], { grid, steps: 200 });
    // Along each axis the distance shrinks by 1 - lr λ in a step.
    const stepsFrom = (lr: number, [x, y]: readonly [number, number]) => {
      if (lr * 4 > 2) return Number.POSITIVE_INFINITY;
      for (let t = 0; ; t++)
        if (((x - 1) * (1 - lr) ** t) ** 2 / 2 + 2 * ((y - 1) * (1 - 4 * lr) ** t) ** 2 < 0.01) return t;
    };
    const medians = grid.map((lr) => {
      const all = map.starts.map((start) => stepsFrom(lr, start as [number, number])).sort((a, b) => a - b);
      return all[3] === all[4] ? all[3] : (all[3]! + all[4]!) / 2;
    });
    expect(tuning!.medians()).toEqual(medians);
    expect(tuning!.best()).toEqual({ lr: 0.4, steps: medians[2] });
    expect(medians[3]).toBe(Number.POSITIVE_INFINITY);
    expect(tuning!.medians(0.5)[0]).toBeLessThan(medians[0]!);
  });

  it('reports that no rate arrives', () => {
    const map = { ...landscapes.bowl(), starts: [[4, 1.1]] as const };
    const [tuning] = tuneRates([map], [racers()[0]!], { steps: 5 });
    expect(tuning!.rates).toHaveLength(10);
    // 2/50 is the limit: in the grid, 0.0316 is closest after five steps, and larger rates diverge.
    expect(tuning!.best()).toEqual({ lr: 10 ** -1.5, steps: Number.POSITIVE_INFINITY });
    expect(() => tuneRates([], [], { grid: [0.1, 0] })).toThrow(/rates above 0, got \[0.1, 0\]/);
  });
});
