import { describe, expect, test } from 'vitest';
import { nn, noGrad, ones, optim, ShapeError, type Tensor, tensor, ValueError } from '../../src';
import { Module } from '../../src/nn/module';
import { expectClose } from '../support/close';

const { AveragedModel, getEmaAvgFn, getEmaMultiAvgFn, getSwaAvgFn, getSwaMultiAvgFn, SWALR, updateBn } = optim.swaUtils;
const f64 = { dtype: 'float64' } as const;
const batch = () =>
  tensor(
    [
      [0.5, -1],
      [2, 0.25],
      [-0.75, 1.5],
    ],
    f64,
  );

function fill(net: nn.AnyModule, s: number): void {
  noGrad(() => {
    net.parameters().forEach((p, k) => {
      const values = Float64Array.from({ length: p.numel() }, (_, i) => ((i * 0.37 + 0.11 + k * 0.23 + s) % 1) - 0.5);
      p.copy_(tensor(values, f64).view(p.shape));
    });
  });
}

const makeNet = () => {
  const net = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2)).double();
  fill(net, 0);
  return net;
};

describe('AveragedModel', () => {
  // PyTorch 2.13: fill(net, s * 0.31); net(x + s); averaged.update_parameters(net), for s = 0, 1, 2; then
  // module[0].weight, module[1].running_mean, module[1].num_batches_tracked
  const swa = [-0.08000000000000002, -0.04333333333333331, -0.00666666666666671, 0.029999999999999943];
  const ema = [-0.30010000000000003, -0.0301, 0.24989999999999998, -0.19010000000000005];
  const own = [0.46312499999999995, -0.7924999999999998, -0.17312500000000008, 0.7587499999999997];
  const last = [0.01834916666666668, -0.008647500000000058];
  test.each([
    ['by default', {}, swa, last, 3],
    ['getSwaMultiAvgFn', { multiAvgFn: getSwaMultiAvgFn() }, swa, last, 3],
    ['getSwaAvgFn', { avgFn: getSwaAvgFn() }, swa, last, 3],
    ['getEmaMultiAvgFn', { multiAvgFn: getEmaMultiAvgFn(0.9) }, ema, last, 3],
    ['getEmaAvgFn', { avgFn: getEmaAvgFn(0.9) }, ema, last, 3],
    [
      'a custom function',
      { avgFn: (a: Tensor, m: Tensor, n: number) => a.mul(0.25).add(m.mul(0.75 * (n + 1))) },
      own,
      last,
      3,
    ],
    ['useBuffers', { useBuffers: true }, swa, [-0.00588083333333333, -0.013779722222222249], 1],
    [
      'useBuffers, exponentially',
      { useBuffers: true, multiAvgFn: getEmaMultiAvgFn(0.9) },
      ema,
      [-0.029664333333333338, 0.020972999999999988],
      1,
    ],
  ])('%s', (_, options, weight, mean, batches) => {
    const net = makeNet();
    const averaged = new AveragedModel(net, options);
    for (let s = 0; s < 3; s++) {
      fill(net, s * 0.31);
      net(batch().add(s));
      averaged.updateParameters(net);
    }
    expect(averaged.nAveraged.item()).toBe(3);
    const state = averaged.stateDict();
    expectClose(state['module.0.weight'].flatten(), weight, 1e-12);
    expectClose(state['module.1.runningMean'], mean, 1e-12);
    expect(state['module.1.numBatchesTracked'].item()).toBe(batches);
  });

  test('has names and a printed form as in PyTorch, and is called like the module', () => {
    const net = makeNet().eval();
    const averaged = new AveragedModel(net);
    expect(Object.keys(averaged.stateDict())).toEqual([
      'nAveraged',
      ...Object.keys(net.stateDict()).map((k) => `module.${k}`),
    ]);
    expect(String(averaged)).toBe(`AveragedModel(\n  (module): ${String(net).replaceAll('\n', '\n  ')}\n)`);
    expect(averaged(batch()).tolist()).toEqual(net(batch()).tolist());
    noGrad(() => net.parameters()[0].fill_(9));
    expect(averaged.parameters()[0].tolist()).not.toEqual(net.parameters()[0].tolist());
    expect(averaged).toBeInstanceOf(Module);
  });

  test('rejects mismatched arguments', () => {
    const net = makeNet();
    expect(() => new AveragedModel(net, { avgFn: getEmaAvgFn(), multiAvgFn: getEmaMultiAvgFn() })).toThrow(ValueError);
    expect(() => new AveragedModel(net, { decay: 1 } as never)).toThrow(/there is no option decay/);
    expect(() => new AveragedModel({} as never)).toThrow(/expected a module/);
    expect(() => getEmaAvgFn(2)).toThrow(/decay is 2; it must be from 0 to 1/);
    expect(() => getEmaMultiAvgFn(-0.1)).toThrow(ValueError);
    const averaged = new AveragedModel(net);
    expect(() => averaged.updateParameters(new nn.Linear(2, 2))).toThrow(
      /shapes \[2, 2\], \[2\], those that are averaged/,
    );
    expect(averaged.nAveraged.item()).toBe(0);
  });
});

describe('updateBn', () => {
  test('computes statistics as means over all batches', () => {
    const net = makeNet().eval();
    const norm = net.at(1);
    updateBn([[batch(), 0], batch().add(1)], net);
    expectClose(norm.runningMean, [-0.5974999999999999, 0.37916666666666654], 1e-12);
    expectClose(norm.runningVar, [0.27679374999999995, 0.5078645833333333], 1e-12);
    expect([norm.momentum, net.training, norm.training, norm.numBatchesTracked!.item()]).toEqual([
      0.1,
      false,
      false,
      2,
    ]);
    expect(norm.runningMean!.requiresGrad).toBe(false);
  });

  test('an exception restores mode and momentum; without batch normalization nothing happens', () => {
    const net = makeNet().eval();
    expect(() => updateBn([ones([2, 3], f64)], net)).toThrow(ShapeError);
    expect([net.at(1).momentum, net.training]).toEqual([0.1, false]);
    expect(() => updateBn([['x']], net)).toThrow(/a batch must be a tensor, or a list that begins with one/);
    updateBn(null as never, new nn.Linear(1, 1));
  });
});

describe('SWALR', () => {
  const groups = () =>
    new optim.SGD(
      [
        { params: [ones([1]).requiresGrad_()], lr: 1 },
        { params: [ones([1]).requiresGrad_()], lr: 0.2 },
      ],
      { lr: 0.1 },
    );

  test.each([
    [
      0.05,
      { annealEpochs: 4 },
      [
        [1, 0.2],
        [0.86087572106361, 0.17803300858899107],
        [0.525, 0.125],
        [0.18912427893638994, 0.07196699141100894],
        [0.05, 0.05],
        [0.05, 0.05],
        [0.05, 0.05],
      ],
    ],
    [
      [0.05, 0.5],
      { annealEpochs: 3, annealStrategy: 'linear' as const },
      [
        [1, 0.2],
        [0.6833333333333335, 0.30000000000000004],
        [0.3666666666666667, 0.4],
        [0.05, 0.5],
        [0.05, 0.5],
        [0.05, 0.5],
        [0.05, 0.5],
      ],
    ],
    [0.05, { annealEpochs: 0 }, Array(7).fill([0.05, 0.05])],
  ])('%j, %j', (swaLr, options, expected) => {
    const optimizer = groups();
    const scheduler = new SWALR(optimizer, swaLr, options);
    const rates = [scheduler.getLastLr()];
    for (let i = 0; i < 6; i++) {
      optimizer.step();
      scheduler.step();
      rates.push(optimizer.paramGroups.map((group) => group.lr));
    }
    rates.forEach((row, i) => {
      row.forEach((lr, k) => {
        expect(lr).toBeCloseTo(expected[i][k], 12);
      });
    });
  });

  test('after another scheduler, and from its state', () => {
    // PyTorch 2.13: CosineAnnealingLR(T_max=10) for three epochs, then SWALR(0.05, anneal_epochs=2)
    const run = (reload: boolean) => {
      const optimizer = new optim.SGD([ones([1]).requiresGrad_()], { lr: 1 });
      const cosine = new optim.lrScheduler.CosineAnnealingLR(optimizer, 10);
      let swa = new SWALR(optimizer, 0.05, { annealEpochs: 2 });
      const rates: number[] = [];
      for (let epoch = 0; epoch < 6; epoch++) {
        optimizer.step();
        (epoch >= 3 ? swa : cosine).step();
        rates.push(optimizer.paramGroups[0].lr);
        if (!reload || epoch !== 3) continue;
        const state = swa.stateDict();
        const { lr } = optimizer.paramGroups[0];
        swa = new SWALR(optimizer, 0.05, { annealEpochs: 2 });
        optimizer.paramGroups[0].lr = lr;
        swa.loadStateDict(state);
      }
      return rates;
    };
    const expected = [0.9755282581475768, 0.9045084971874737, 0.7938926261462366, 0.4219463130731183, 0.05, 0.05];
    for (const reload of [false, true])
      run(reload).forEach((lr, i) => {
        expect(lr).toBeCloseTo(expected[i], 12);
      });
  });

  test('rejects unknown values', () => {
    expect(() => new SWALR(groups(), 0.1, { annealStrategy: 'x' as never })).toThrow(
      /annealStrategy is 'x'; use 'cos' or 'linear'/,
    );
    expect(() => new SWALR(groups(), 0.1, { annealEpochs: -1 })).toThrow(/annealEpochs is -1/);
    expect(() => new SWALR(groups(), [0.1])).toThrow(/swaLr has 1 values, the optimizer 2 groups/);
    expect(() => new SWALR({} as never, 0.1)).toThrow(ValueError);
  });
});
