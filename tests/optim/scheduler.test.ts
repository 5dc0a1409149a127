import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { optim, ValueError, zeros } from '../../src';

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

/** All schedulers without a metric, by name, with their effect on a learning rate of 1. */
const all: [string, (o: optim.Optimizer) => Scheduler, (epoch: number) => number][] = [
  ['StepLR', (o) => new schedulers.StepLR(o, 3, { gamma: 0.5 }), (e) => 0.5 ** Math.floor(e / 3)],
  ['MultiStepLR', (o) => new schedulers.MultiStepLR(o, [5, 2, 5]), (e) => (e < 2 ? 1 : e < 5 ? 0.1 : 0.001)],
  ['ConstantLR', (o) => new schedulers.ConstantLR(o, { factor: 0.5, totalIters: 4 }), (e) => (e < 4 ? 0.5 : 1)],
  [
    'LinearLR',
    (o) => new schedulers.LinearLR(o, { startFactor: 0.2, totalIters: 8 }),
    (e) => Math.min(1, 0.2 + e / 10),
  ],
  ['ExponentialLR', (o) => new schedulers.ExponentialLR(o, 0.9), (e) => 0.9 ** e],
  [
    'PolynomialLR',
    (o) => new schedulers.PolynomialLR(o, { totalIters: 6, power: 2 }),
    (e) => Math.max(0, 1 - e / 6) ** 2,
  ],
  [
    'CosineAnnealingLR',
    (o) => new schedulers.CosineAnnealingLR(o, 5, { etaMin: 0.1 }),
    (e) => 0.1 + 0.45 * (1 + Math.cos((Math.PI * e) / 5)),
  ],
  [
    'CosineAnnealingWarmRestarts',
    (o) => new schedulers.CosineAnnealingWarmRestarts(o, 2, { TMult: 2 }),
    (e) => {
      const [from, length] = e < 2 ? [0, 2] : e < 6 ? [2, 4] : [6, 8];
      return (1 + Math.cos((Math.PI * (e - from)) / length)) / 2;
    },
  ],
  [
    'CyclicLR',
    (o) => new schedulers.CyclicLR(o, 0.1, 0.5, { stepSizeUp: 4 }),
    (e) => 0.1 + 0.4 * (1 - Math.abs(((e + 4) % 8) - 4) / -4 - 1),
  ],
  [
    'OneCycleLR',
    (o) => new schedulers.OneCycleLR(o, 1, { totalSteps: 20, pctStart: 0.25, annealStrategy: 'linear' }),
    (e) => (e <= 4 ? 0.04 + (0.96 * e) / 4 : 1 + ((0.04 / 1e4 - 1) * (e - 4)) / 15),
  ],
  ['LambdaLR', (o) => new schedulers.LambdaLR(o, (e) => 1 / (1 + e)), (e) => 1 / (1 + e)],
  ['MultiplicativeLR', (o) => new schedulers.MultiplicativeLR(o, () => 0.8), (e) => 0.8 ** e],
  [
    'SequentialLR',
    (o) =>
      new schedulers.SequentialLR(
        o,
        [new schedulers.LinearLR(o, { startFactor: 0.5, totalIters: 3 }), new schedulers.ExponentialLR(o, 0.5)],
        [3],
      ),
    (e) => (e < 3 ? 0.5 + e / 6 : 0.5 ** (e - 3)),
  ],
  [
    'ChainedScheduler',
    (o) =>
      new schedulers.ChainedScheduler([
        new schedulers.ConstantLR(o, { factor: 0.5, totalIters: 4 }),
        new schedulers.ExponentialLR(o, 0.9),
      ]),
    (e) => 0.9 ** e * (e < 4 ? 0.5 : 1),
  ],
];

describe.each(all)('%s', (_, make, lrAt) => {
  test('follows its formula', () => {
    const optimizer = sgd(1);
    const scheduler = make(optimizer);
    expectNear(
      course(optimizer, scheduler, 12),
      [...Array(13).keys()].map((e) => lrAt(e)),
    );
    expectNear(scheduler.getLastLr(), [lrAt(12)]);
  });

  test('continues from a saved state as if uninterrupted', () => {
    const whole = sgd(1, 0.5);
    const expected = course(whole, make(whole), 12).slice(6);
    const first = sgd(1, 0.5);
    const scheduler = make(first);
    course(first, scheduler, 6);
    const saved = JSON.parse(JSON.stringify(scheduler.stateDict()));
    const optimizerState = first.stateDict();
    const second = sgd(3, 3);
    const resumed = make(second);
    second.loadStateDict(optimizerState);
    resumed.loadStateDict(saved);
    expect(resumed.getLastLr()).toEqual(scheduler.getLastLr());
    expect(course(second, resumed, 6)).toEqual(expected);
    expect(second.paramGroups[1]).toEqual({ ...whole.paramGroups[1], params: second.paramGroups[1].params });
  });

  test('rejects the state of another kind, and is not changed', () => {
    const optimizer = sgd(1);
    const scheduler = make(optimizer);
    const before = scheduler.stateDict();
    expect(() => scheduler.loadStateDict({ ...before, strange: 1 })).toThrow('strange is unexpected');
    expect(() => scheduler.loadStateDict({ lastEpoch: 4 })).toThrow(ValueError);
    expect(scheduler.stateDict()).toEqual(before);
  });
});

describe('as the second scheduler of a SequentialLR', () => {
  // The schedulers that PyTorch restarts at the initial learning rate, whatever the previous one did.
  const anew = [
    'StepLR',
    'MultiStepLR',
    'ConstantLR',
    'LinearLR',
    'ExponentialLR',
    'PolynomialLR',
    'CosineAnnealingLR',
  ];
  test.each(all.filter(([name]) => anew.includes(name)))('%s starts again', (_, make, lrAt) => {
    const optimizer = sgd(1);
    const before = new schedulers.ExponentialLR(optimizer, 0.5);
    const scheduler = new schedulers.SequentialLR(optimizer, [before, make(optimizer)], [2]);
    expectNear(
      course(optimizer, scheduler, 6).slice(2),
      [0, 1, 2, 3, 4].map((e) => lrAt(e)),
    );
  });

  test('a warm-up of no epochs is over', () => {
    const optimizer = sgd(1);
    const none = new schedulers.ConstantLR(optimizer, { factor: 0.5, totalIters: 0 });
    const after = new schedulers.SequentialLR(optimizer, [new schedulers.ExponentialLR(optimizer, 0.5), none], [1]);
    expect(course(optimizer, after, 2)).toEqual([1, 1, 1]);
  });
});

test('LambdaLR does not change a group that was added later', () => {
  const optimizer = sgd(1);
  const scheduler = new schedulers.LambdaLR(optimizer, (e) => 1 / (1 + e));
  optimizer.addParamGroup({ params: [zeros([1], { requiresGrad: true })], lr: 3 });
  optimizer.step();
  scheduler.step();
  expect(optimizer.paramGroups.map((group) => group.lr)).toEqual([0.5, 3]);
});

describe('all schedulers', () => {
  test.each(
    (
      [
        [() => new schedulers.StepLR(sgd(1), 0), 'StepLR: stepSize is 0; it must be a whole number, 1 or more'],
        [() => new schedulers.StepLR(sgd(1), 2, { lastEpoch: -2 }), 'lastEpoch is -2'],
        [() => new schedulers.StepLR(sgd(1), 2, { lastEpoch: 3 }), 'group 0 of the optimizer has no initialLr'],
        [() => new schedulers.StepLR({} as optim.SGD, 2), 'the first argument must be an optimizer, got an object'],
        [
          () => new schedulers.StepLR(sgd(1), 2, { factor: 2 } as object),
          'StepLR: there is no option factor; the options are gamma, lastEpoch',
        ],
        [() => new schedulers.LambdaLR(sgd(1), () => 1, { gamma: 2 } as object), 'LambdaLR: there is no option gamma'],
        [() => new schedulers.ConstantLR(sgd(1), { factor: 1.5 }), 'factor is 1.5; it must be from 0 to 1'],
        [
          () => new schedulers.LinearLR(sgd(1), { startFactor: 0 }),
          'startFactor is 0; it must be above 0 and at most 1',
        ],
        [() => new schedulers.LinearLR(sgd(1), { endFactor: 2 }), 'endFactor is 2; it must be from 0 to 1'],
        [() => new schedulers.PolynomialLR(sgd(1), { totalIters: 0 }), 'totalIters is 0'],
        [() => new schedulers.CosineAnnealingLR(sgd(1), 0), 'TMax is 0'],
        [() => new schedulers.CosineAnnealingWarmRestarts(sgd(1), 1.5), 'T0 is 1.5'],
        [() => new schedulers.CosineAnnealingWarmRestarts(sgd(1), 2, { TMult: 0 }), 'TMult is 0'],
        [() => new schedulers.CosineAnnealingWarmRestarts(sgd(1), 2).step(-1), 'the epoch is -1; it must be 0 or more'],
        [
          () => new schedulers.LambdaLR(sgd(1), [() => 1, () => 2]),
          'LambdaLR: lrLambda has 2 values, the optimizer 1 groups',
        ],
        [() => new schedulers.LambdaLR(sgd(1), 3 as unknown as () => 1), 'lrLambda must be a function of the epoch'],
        [() => new schedulers.CyclicLR(sgd(1), 0.1, [1, 2]), 'maxLr has 2 values'],
        [
          () => new schedulers.CyclicLR(sgd(1), 0.1, 1, { mode: 'saw' as 'triangular' }),
          "mode is 'saw'; use 'triangular', 'triangular2' or 'exp_range'",
        ],
        [() => new schedulers.CyclicLR(sgd(1), 0.1, 1, { stepSizeUp: 0 }), 'both must be above 0'],
        [() => new schedulers.OneCycleLR(sgd(1), 1), 'give totalSteps, or both epochs and stepsPerEpoch'],
        [() => new schedulers.OneCycleLR(sgd(1), 1, { epochs: 3 }), 'give totalSteps, or both'],
        [() => new schedulers.OneCycleLR(sgd(1), 1, { totalSteps: 0 }), 'totalSteps is 0'],
        [
          () => new schedulers.OneCycleLR(sgd(1), 1, { totalSteps: 9, pctStart: 2 }),
          'pctStart is 2; it must be from 0 to 1',
        ],
        [() => new schedulers.ReduceLROnPlateau(sgd(1), { factor: 1 }), 'factor is 1; it must be below 1'],
        [() => new schedulers.ReduceLROnPlateau(sgd(1), { minLr: [1, 2] }), 'minLr has 2 values'],
        [() => new schedulers.SequentialLR(sgd(1), [], []), 'there must be at least one scheduler'],
        [() => new schedulers.ChainedScheduler([]), 'there must be at least one scheduler'],
        [
          () => new schedulers.ChainedScheduler([new schedulers.ExponentialLR(sgd(1), 0.5)], sgd(1)),
          'scheduler 0 belongs to another optimizer',
        ],
        [
          () => new schedulers.ChainedScheduler([new schedulers.ReduceLROnPlateau(sgd(1)) as unknown as Scheduler]),
          'scheduler 0 is ReduceLROnPlateau, which cannot be stepped without a metric',
        ],
      ] as [() => unknown, string][]
    ).map(([call, message]) => [message, call] as const),
  )('%s', (message, make) => {
    expect(make).toThrow(ValueError);
    expect(make).toThrow(message);
  });

  test('SequentialLR needs one milestone less than schedulers', () => {
    const optimizer = sgd(1);
    const parts = [new schedulers.ExponentialLR(optimizer, 0.5), new schedulers.ExponentialLR(optimizer, 0.5)];
    expect(() => new schedulers.SequentialLR(optimizer, parts, [1, 2])).toThrow(
      new ValueError('SequentialLR: 2 schedulers need 1 milestones, got 2'),
    );
  });

  test('continue from an epoch with initialLr in the groups', () => {
    const optimizer = new optim.SGD([{ params: [zeros([1])], lr: 0.25, initialLr: 1 }]);
    const scheduler = new schedulers.StepLR(optimizer, 2, { gamma: 0.5, lastEpoch: 3 });
    expect([scheduler.lastEpoch, scheduler.baseLrs, scheduler.getLastLr()]).toEqual([4, [1], [0.125]]);
  });

  test('a group that is added later is scheduled, too', () => {
    const optimizer = sgd(1);
    const scheduler = new schedulers.ExponentialLR(optimizer, 0.5);
    optimizer.addParamGroup({ params: [zeros([1])], lr: 8 });
    course(optimizer, scheduler, 2);
    expect(scheduler.getLastLr()).toEqual([0.25, 2]);
    const cyclic = new schedulers.CyclicLR(optimizer, 0.1, 0.2, { cycleMomentum: false });
    optimizer.addParamGroup({ params: [zeros([1])], lr: 3 });
    cyclic.step();
    expect(cyclic.getLastLr()[2]).toBe(3);
  });

  describe('a scheduler step before the first of the optimizer', () => {
    const warn = vi.spyOn(console, 'warn');
    beforeEach(() => void warn.mockReset().mockImplementation(() => undefined));
    afterEach(() => void warn.mockReset());

    test('warns', () => {
      const optimizer = sgd(1);
      const scheduler = new schedulers.ExponentialLR(optimizer, 0.5);
      expect(warn).not.toHaveBeenCalled();
      scheduler.step();
      expect(warn.mock.calls).toEqual([
        [expect.stringContaining("ExponentialLR: step() was called before the optimizer's")],
      ]);
      course(optimizer, new schedulers.ExponentialLR(optimizer, 0.5), 2);
      expect(warn).toHaveBeenCalledTimes(1);
    });
  });
});
