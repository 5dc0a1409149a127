// Parameters after six steps of every optimizer with every option: PyTorch's values.
import { describe, expect, test } from 'vitest';
import { optim, type Tensor, tensor } from '../../src';
import { expectClose } from '../support/close';

const cases: [string, (w: Tensor) => optim.Optimizer, number[]][] = [
  ['SGD', (w) => new optim.SGD([w], { lr: 0.1 }), [0.46613411216, -0.646944069993, 0.872242166431]],
  [
    'SGD',
    (w) => new optim.SGD([w], { lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.1 }),
    [-0.191879017276, 1.03320370923, -1.74272802166],
  ],
  [
    'SGD',
    (w) => new optim.SGD([w], { lr: 0.1, momentum: 0.9, nesterov: true, maximize: true }),
    [-32.082844388, -33.2122390641, 43.443036711],
  ],
  [
    'RMSprop',
    (w) => new optim.RMSprop([w], { lr: 0.1, alpha: 0.5, eps: 0.001, weightDecay: 0.1, momentum: 0.5, centered: true }),
    [-0.0287920662861, 0.048388662805, 0.482561711474],
  ],
  ['RMSprop', (w) => new optim.RMSprop([w], { lr: 0.1, maximize: true }), [5.1856460906, -5.67631682823, 6.7928571905]],
  ['Adam', (w) => new optim.Adam([w], { lr: 0.1 }), [0.435192552366, -1.403164144, 2.40214238119]],
  [
    'Adam',
    (w) => new optim.Adam([w], { lr: 0.1, betas: [0.5, 0.6], eps: 0.001, weightDecay: 0.1, amsgrad: true }),
    [0.488850201539, -1.40706444091, 2.40357826665],
  ],
  ['Adam', (w) => new optim.Adam([w], { lr: 0.1, maximize: true }), [1.60373367165, -2.60168290874, 3.60133218456]],
  [
    'AdamW',
    (w) => new optim.AdamW([w], { lr: 0.1, weightDecay: 0.2 }),
    [0.341900906778, -1.20600505713, 2.09083040304],
  ],
  [
    'NAdam',
    (w) => new optim.NAdam([w], { lr: 0.1, weightDecay: 0.1, momentumDecay: 0.01 }),
    [0.581005830018, -1.53222415671, 2.52808416808],
  ],
  [
    'RAdam',
    (w) => new optim.RAdam([w], { lr: 0.1, betas: [0.9, 0.6] }),
    [0.501143577526, -0.422803130949, 0.449621891212],
  ],
  [
    'RAdam',
    (w) => new optim.RAdam([w], { lr: 0.1, weightDecay: 0.1, maximize: true }),
    [0.87773565104, -3.7726479327, 6.12435699589],
  ],
  [
    'Adamax',
    (w) => new optim.Adamax([w], { lr: 0.1, weightDecay: 0.1 }),
    [0.507487604744, -1.42694598199, 2.41888810556],
  ],
  ['Adamax', (w) => new optim.Adamax([w], { lr: 0.1, maximize: true }), [1.54899104069, -2.58281376691, 3.58681923406]],
  [
    'Adagrad',
    (w) => new optim.Adagrad([w], { lr: 0.5, lrDecay: 0.1, weightDecay: 0.1, initialAccumulatorValue: 0.5 }),
    [0.183492850675, -0.698121262895, 1.60162702495],
  ],
  [
    'Adadelta',
    (w) => new optim.Adadelta([w], { lr: 2, rho: 0.8, eps: 0.001, weightDecay: 0.1 }),
    [0.365397313914, -1.15326234351, 2.12590710158],
  ],
  [
    'ASGD',
    (w) => new optim.ASGD([w], { lr: 0.1, lambd: 0.01, alpha: 0.6, t0: 2, weightDecay: 0.1 }),
    [0.427191703167, -0.594819661423, 0.803186051743],
  ],
  [
    'Rprop',
    (w) => new optim.Rprop([w], { lr: 0.1, etas: [0.4, 1.3], stepSizes: [0.001, 0.4] }),
    [0.29342, -0.724397, 1.724397],
  ],
];

describe('after six steps down w·w + w₁w₂w₃/4', () => {
  test.each(cases)('%s', (_, make, expected) => {
    const w = tensor([1, -2, 3], { dtype: 'float64', requiresGrad: true });
    const optimizer = make(w);
    for (let step = 0; step < 6; step++) {
      optimizer.zeroGrad();
      w.mul(w).sum().add(w.prod().div(4)).backward();
      optimizer.step();
    }
    // PyTorch keeps some of its counts in float32.
    expectClose(w, expected, 1e-9);
  });

  test('covers every optimizer', () => {
    const made = new Set(cases.map(([name]) => name));
    const all = Object.entries(optim).flatMap(([name, value]) =>
      typeof value === 'function' && name !== 'Optimizer' && name !== 'LBFGS' ? [name] : [],
    );
    expect([...made].sort()).toEqual(all.sort());
  });
});
