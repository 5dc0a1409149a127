import { describe, expect, test } from 'vitest';
import { optim, tensor, ValueError, zeros } from '../../src';

const { lrScheduler: schedulers } = optim;
type Scheduler = optim.lrScheduler.LRScheduler;

const sgd = (...lrs: number[]) =>
  new optim.SGD(
    lrs.map((lr) => ({ params: [zeros([1], { requiresGrad: true })], lr })),
    { momentum: 0.9 },
  );

/** The learning rate of the first group at the start and after each of `n` steps. */
function course(optimizer: optim.Optimizer, scheduler: Scheduler, n: number): number[] {
  const lrs = [optimizer.paramGroups[0].lr];
  for (let t = 0; t < n; t++) {
    optimizer.step();
    scheduler.step();
    lrs.push(optimizer.paramGroups[0].lr);
  }
  return lrs;
}

function expectNear(got: readonly number[], want: readonly number[]): void {
  expect(got.length).toBe(want.length);
  got.forEach((g, i) => {
    expect(Math.abs(g - want[i]), `number ${i}: ${g} instead of ${want[i]}`).toBeLessThan(1e-12);
  });
}

describe('ReduceLROnPlateau', () => {
  const run = (options: optim.lrScheduler.ReduceLROnPlateauOptions, metrics: number[]) => {
    const optimizer = sgd(1, 0.5);
    const scheduler = new schedulers.ReduceLROnPlateau(optimizer, options);
    return metrics.map((metric, i) => {
      // A tensor with one element works as well.
      scheduler.step(i % 2 === 0 ? metric : tensor(metric));
      return scheduler.getLastLr()[0];
    });
  };

  test('reduces after more than patience epochs without improvement', () => {
    expect(run({ patience: 1, factor: 0.5 }, [3, 2, 2, 2, 2, 2, 1])).toEqual([1, 1, 1, 0.5, 0.5, 0.25, 0.25]);
    expect(run({ patience: 0, mode: 'max', factor: 0.5 }, [1, 2, 2, 3])).toEqual([1, 1, 0.5, 0.5]);
  });

  test('threshold, cooldown, the smallest rate, eps', () => {
    const options = { patience: 0, factor: 0.5 };
    expect(run({ ...options, threshold: 0.5 }, [4, 3, 1])).toEqual([1, 0.5, 0.5]);
    expect(run({ ...options, threshold: 0.5, thresholdMode: 'abs' }, [4, 3, 2.75])).toEqual([1, 1, 0.5]);
    expect(run({ ...options, threshold: 0.5, thresholdMode: 'abs', mode: 'max' }, [1, 2, 2.25])).toEqual([1, 1, 0.5]);
    expect(run({ ...options, cooldown: 2 }, [1, 1, 1, 1, 1])).toEqual([1, 0.5, 0.5, 0.5, 0.25]);
    expect(run({ ...options, minLr: [0.4, 0] }, [1, 1, 1, 1])).toEqual([1, 0.5, 0.4, 0.4]);
    expect(run({ ...options, eps: 0.3 }, [1, 1, 1])).toEqual([1, 0.5, 0.5]);
    expect(run(options, [1, Number.NaN])).toEqual([1, 0.5]);
  });

  test('continues from a saved state', () => {
    const optimizer = sgd(1);
    const first = new schedulers.ReduceLROnPlateau(optimizer, { patience: 2, factor: 0.5 });
    for (const metric of [1, 2, 2]) first.step(metric);
    const second = new schedulers.ReduceLROnPlateau(sgd(1));
    second.loadStateDict(first.stateDict());
    expect([second.best, second.numBadEpochs, second.patience]).toEqual([1, 2, 2]);
    second.step(2);
    expect(second.getLastLr()).toEqual([0.5]);
  });
});

describe('momentum against the learning rate', () => {
  test('of SGD, and the first beta of Adam', () => {
    const optimizer = sgd(1);
    const scheduler = new schedulers.CyclicLR(optimizer, 0.1, 0.5, {
      stepSizeUp: 2,
      baseMomentum: 0.5,
      maxMomentum: 0.9,
    });
    const momenta = [0, 1, 2, 3].map(() => {
      const { momentum } = optimizer.paramGroups[0];
      optimizer.step();
      scheduler.step();
      return momentum;
    });
    expectNear(momenta, [0.9, 0.7, 0.5, 0.7]);
    const adam = new optim.Adam([zeros([1])]);
    const oneCycle = new schedulers.OneCycleLR(adam, 1, { epochs: 2, stepsPerEpoch: 5, pctStart: 0.5 });
    expect(adam.paramGroups[0].betas).toEqual([0.95, 0.999]);
    course(adam, oneCycle, 4);
    expect(adam.paramGroups[0].betas[0]).toBeCloseTo(0.85, 12);
  });

  test('needs an optimizer with momentum', () => {
    const adagrad = new optim.Adagrad([zeros([1])]);
    expect(() => new schedulers.CyclicLR(adagrad, 0.1, 1)).toThrow(
      new ValueError('CyclicLR: Adagrad has no momentum to cycle; pass { cycleMomentum: false }'),
    );
    expect(new schedulers.CyclicLR(adagrad, 0.1, 1, { cycleMomentum: false }).getLastLr()).toEqual([0.1]);
  });
});

describe('cycles', () => {
  const heights = (options: optim.lrScheduler.CyclicLROptions) => {
    const optimizer = sgd(1);
    return course(optimizer, new schedulers.CyclicLR(optimizer, 0, 1, { stepSizeUp: 1, ...options }), 5);
  };

  test('shrink', () => {
    expectNear(heights({ mode: 'triangular2' }), [0, 1, 0, 0.5, 0, 0.25]);
    expectNear(heights({ mode: 'exp_range', gamma: 0.5 }), [0, 0.5, 0, 0.125, 0, 0.03125]);
    const ofStep = { mode: 'triangular2', scaleMode: 'iterations', stepSizeUp: 2 } as const;
    expectNear(heights(ofStep), [0, 0.5, 1, 0.5, 0, 0.25]);
    expectNear(heights({ scaleFn: (x) => 1 / x }), [0, 1, 0, 0.5, 0, 1 / 3]);
    expectNear(heights({ scaleFn: (x) => x, scaleMode: 'iterations' }), [0, 1, 0, 3, 0, 5]);
    expectNear(heights({ stepSizeDown: 2 }), [0, 1, 0.5, 0, 1, 0.5]);
  });

  test('OneCycleLR ends after its steps, far below its start', () => {
    const optimizer = sgd(1);
    const scheduler = new schedulers.OneCycleLR(optimizer, 1, { totalSteps: 10, threePhase: true });
    const lrs = course(optimizer, scheduler, 9);
    expectNear([lrs[0], lrs[2], lrs[4], lrs[9]], [0.04, 1, 0.04, 0.04 / 1e4]);
    scheduler.step();
    const before = scheduler.stateDict();
    expect(() => scheduler.step()).toThrow('the schedule has 10 steps, all of which have been made');
    expect(scheduler.stateDict()).toEqual(before);
  });

  test('CosineAnnealingWarmRestarts takes fractions of an epoch, and jumps', () => {
    for (const TMult of [1, 2]) {
      const scheduler = new schedulers.CosineAnnealingWarmRestarts(sgd(1), 2, { TMult });
      const at = (epoch: number) => {
        scheduler.step(epoch);
        return scheduler.getLastLr()[0];
      };
      expectNear([at(0.5), at(1), at(2)], [(1 + Math.SQRT1_2) / 2, 0.5, 1]);
      expectNear([at(5)], TMult === 1 ? [0.5] : [(1 + Math.cos(0.75 * Math.PI)) / 2]);
      scheduler.step();
      expectNear(scheduler.getLastLr(), [1]);
      expect(scheduler.lastEpoch).toBe(6);
    }
  });
});

describe('schedulers of schedulers', () => {
  test('a chain inside a sequence starts again', () => {
    const optimizer = sgd(1);
    const warm = new schedulers.ConstantLR(optimizer, { factor: 0.1, totalIters: 2 });
    const chain = new schedulers.ChainedScheduler([
      new schedulers.ConstantLR(optimizer, { factor: 0.5, totalIters: 2 }),
      new schedulers.ExponentialLR(optimizer, 0.9),
    ]);
    const sequence = new schedulers.SequentialLR(optimizer, [warm, chain], [2]);
    expectNear(course(optimizer, sequence, 5), [0.1, 0.1, 0.5, 0.45, 0.81, 0.729]);
  });

  test('a sequence inside a sequence', () => {
    const optimizer = sgd(1);
    const half = () => new schedulers.ExponentialLR(optimizer, 0.5);
    const inner = new schedulers.SequentialLR(optimizer, [half(), half()], [2]);
    const outer = new schedulers.SequentialLR(optimizer, [half(), inner], [2]);
    expectNear(course(optimizer, outer, 6), [1, 0.5, 1, 0.5, 1, 0.5, 0.25]);
  });

  test('a factor of 0 stops training', () => {
    const optimizer = sgd(1);
    const scheduler = new schedulers.ConstantLR(optimizer, { factor: 0, totalIters: 2 });
    expect(course(optimizer, scheduler, 3)).toEqual([0, 0, 1, 1]);
  });
});
