import { describe, expect, it } from 'vitest';
import { Generator, manualSeed, optim, randn } from '../../../../src';
import * as lesson from '../../../../src/lab/lessons/000-gans-and-fine-detail';

const play = (options: Partial<Parameters<typeof lesson.gan1d>[1]> = {}) =>
  lesson.gan1d(
    { mean: 6, sd: 0.5 },
    { criticSteps: 2, loss: 'saturating', steps: 5, generators: [new Generator().manualSeed(3)], ...options },
  )[0]!.history;

describe('gan1d', () => {
  // PyTorch 2.13, float64: the same draws, nn.functional.binary_cross_entropy of sigmoids, Adam.
  it.each([
    [
      'saturating',
      {},
      [
        -0.10647054402453263, 0.11954967915402867, -0.34427298183209637, 0.1474719378657391, 0.16285612414642242,
        0.6294553100232948,
      ],
    ],
    [
      'non-saturating',
      { criticSteps: 3, steps: 20 },
      [
        0.7576520025534339, 0.42050522758018855, -0.5592153080675748, 0.21676360568675065, 0.5521249164035547,
        0.8372616598518863,
      ],
    ],
  ] as const)('matches PyTorch: %s', (loss, options, wanted) => {
    const end = play({ loss, ...options }).at(-1)!;
    const got = [end.mean, end.sd, end.samples[0]!, end.pushes[0]!, end.pushes[99]!, end.critic([6])[0]!];
    for (const [i, value] of wanted.entries()) expect(got[i]! / value).toBeCloseTo(1, 9);
  });

  it('moves each sample down its own loss, by finite differences of the critic', () => {
    for (const loss of ['saturating', 'non-saturating'] as const) {
      const { samples, pushes, critic } = play({ loss, steps: 30 }).at(-1)!;
      const lossAt = (x: number) => {
        const d = critic([x])[0]!;
        return loss === 'saturating' ? Math.log(1 - d) : -Math.log(d);
      };
      for (const k of [0, 40, 99]) {
        const x = samples[k]!;
        expect(pushes[k]).toBeCloseTo(-(lossAt(x + 1e-5) - lossAt(x - 1e-5)) / 2e-5, 7);
      }
    }
  });

  it('finds the truth with the swapped loss and a strong critic, and not with the other', () => {
    const strong = { criticSteps: 20, steps: 200 };
    const { mean, sd } = play({ ...strong, loss: 'non-saturating' }).at(-1)!;
    expect(Math.abs(mean - 6)).toBeLessThan(0.3);
    expect(sd).toBeGreaterThan(0.1);
    expect(play(strong).at(-1)!.mean).toBeLessThan(2);
  });

  it('uses another optimizer for the generator', () => {
    const adam = play({ generatorOptimizer: (weights) => new optim.Adam(weights, { lr: 0.005, betas: [0.5, 0.999] }) });
    expect(adam.at(-1)!.samples).toEqual(play().at(-1)!.samples);
    const moves = [0, 1e-6, 2e-6].map((lr) => {
      const [start, end] = play({ steps: 1, generatorOptimizer: (weights) => new optim.SGD(weights, { lr }) });
      return end!.mean - start!.mean;
    });
    expect(moves[0]).toBe(0);
    expect(moves[2]! / moves[1]!).toBeCloseTo(2, 5);
    // Adam's first step moves each weight by its whole rate, whatever the slope: far more than SGD at the same rate.
    const [start, end] = play({ steps: 1, lr: 1e-6 });
    expect(Math.abs(end!.mean - start!.mean)).toBeGreaterThan(10 * Math.abs(moves[1]!));
  });

  it("blurs the critic's input in the rounds with noise", () => {
    const none = play();
    expect(play({ noise: () => 0 }).at(-1)!.samples).toEqual(none.at(-1)!.samples);
    const early = play({ steps: 2, snapshots: [0, 1, 2], noise: (round) => (round === 1 ? 3 : 0) });
    const clear = play({ steps: 2, snapshots: [0, 1, 2] });
    expect(early[1]!.samples).toEqual(clear[1]!.samples);
    expect(early[2]!.samples).not.toEqual(clear[2]!.samples);
    // Numbers with spread 0.5 and 0.1 around 6 and 0, both with noise of spread 100: they are indistinguishable.
    const blind = play({ criticSteps: 20, steps: 8, batch: 256, noise: () => 100 }).at(-1)!;
    const seeing = play({ criticSteps: 20, steps: 8, batch: 256 }).at(-1)!;
    const tells = ({ critic }: typeof blind) => critic([6])[0]! - critic([0])[0]!;
    expect(Math.abs(tells(blind))).toBeLessThan(0.3);
    expect(tells(seeing)).toBeGreaterThan(0.7);
  });

  it('distinguishes two modes from samples between them', () => {
    const two = { mean: 1, sd: 0.2, apart: 6 };
    const options = {
      criticSteps: 20,
      loss: 'saturating',
      steps: 20,
      generators: [new Generator().manualSeed(3)],
    } as const;
    const { critic } = lesson.gan1d(two, options)[0]!.history.at(-1)!;
    const [low, middle, high] = critic([-2, 1, 4]) as [number, number, number];
    expect(Math.min(low, high)).toBeGreaterThan(0.5);
    expect(middle).toBeLessThan(0.3);
  });

  it('records the critic of each snapshot, and its initial state', () => {
    const [start, middle] = play({ steps: 20, snapshots: [0, 10, 20] });
    const early = play({ steps: 10 }).at(-1)!;
    expect([middle!.step, middle!.samples, middle!.pushes]).toEqual([10, early.samples, early.pushes]);
    expect(middle!.critic([0, 6])).toEqual(early.critic([0, 6]));
    expect(play({ steps: 0 })[0]!.samples).toEqual(start!.samples);
    expect(start!.samples).toHaveLength(100);
  });

  it('uses the given generator, and not the default one', () => {
    manualSeed(1);
    const next = randn([1]).item();
    manualSeed(1);
    play();
    expect(randn([1]).item()).toBe(next);
    const byDefault = () => {
      manualSeed(3);
      return play({ generators: undefined }).at(-1)!.samples;
    };
    expect(byDefault()).toEqual(play().at(-1)!.samples);
    expect(play({ generators: [new Generator().manualSeed(4)] })[0]!.samples).not.toEqual(play()[0]!.samples);
  });

  it('plays several games with the same results as separately', () => {
    const seeds = [5, 3, 8];
    const generators = () => seeds.map((seed) => new Generator().manualSeed(seed));
    const options = { criticSteps: 3, loss: 'saturating', steps: 30, snapshots: [0, 30] } as const;
    const games = lesson.gan1d({ mean: 2, sd: 1 }, { ...options, generators: generators() });
    for (const [i, { history }] of games.entries()) {
      const [alone] = lesson.gan1d({ mean: 2, sd: 1 }, { ...options, generators: [generators()[i]!] });
      for (const [k, { mean, pushes, critic }] of history.entries()) {
        const other = alone!.history[k]!;
        expect(mean).toBeCloseTo(other.mean, 9);
        expect(pushes[7]).toBeCloseTo(other.pushes[7]!, 9);
        expect(critic([2])[0]).toBeCloseTo(other.critic([2])[0]!, 9);
      }
    }
    expect(games[0]!.history[1]!.mean).not.toBeCloseTo(games[1]!.history[1]!.mean, 3);
  });

  it.each([
    [{ generators: [] }, 'at least one generator'],
    [{ criticSteps: 0 }, 'criticSteps must be a whole number above 0, got 0'],
    [{ batch: 1.5 }, 'batch must be a whole number above 0, got 1.5'],
    [{ hidden: -1 }, 'hidden must be a whole number above 0, got -1'],
    [{ steps: -1 }, 'steps must be a whole number from 0 on, got -1'],
    [{ snapshots: [3, 2] }, 'rising whole numbers from 0 to 5, got [3,2]'],
    [{ snapshots: [6] }, 'rising whole numbers from 0 to 5, got [6]'],
    [{ lr: 0 }, 'lr must be above 0, got 0'],
    [{ loss: 'other' as never }, "'saturating' or 'non-saturating', got 'other'"],
  ])('rejects %o', (options, message) => {
    expect(() => play(options)).toThrow(message);
  });

  it('rejects a target without spread', () => {
    const options = { criticSteps: 1, loss: 'saturating', steps: 1 } as const;
    expect(() => lesson.gan1d({ mean: 1, sd: 0 }, options)).toThrow('sd above 0, got 1 and 0');
    expect(() => lesson.gan1d({ mean: Number.NaN, sd: 1 }, options)).toThrow('got NaN and 1');
    expect(() => lesson.gan1d({ mean: 0, sd: 1, apart: -1 }, options)).toThrow('0 or more apart, got -1');
  });
});
