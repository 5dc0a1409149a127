import { describe, expect, test } from 'vitest';
import { nn, ones, optim, type Tensor, tensor, ValueError, zeros } from '../../src';
import { expectClose } from '../support/close';
import { leaf } from '../support/tensors';

/** One step with a gradient of ones. */
function stepWithOnes(optimizer: { step(): void }, p: Tensor): number[] {
  p.grad = ones(p.shape, { dtype: p.dtype });
  optimizer.step();
  return p.tolist() as number[];
}

const betas = [0.9, 0.999];
const adam = { lr: 0.001, betas, eps: 1e-8, weightDecay: 0, maximize: false, decoupledWeightDecay: false };

/** Name, class, PyTorch's defaults, and options with which all state is used. */
const optimizers = [
  [
    'SGD',
    optim.SGD,
    { lr: 0.001, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false },
    { lr: 0.1, momentum: 0.9 },
  ],
  [
    'RMSprop',
    optim.RMSprop,
    { lr: 0.01, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0, centered: false, maximize: false },
    { lr: 0.1, momentum: 0.9, centered: true },
  ],
  ['Adam', optim.Adam, { ...adam, amsgrad: false }, { lr: 0.1, amsgrad: true }],
  [
    'AdamW',
    optim.AdamW,
    { ...adam, amsgrad: false, weightDecay: 0.01, decoupledWeightDecay: true },
    { lr: 0.1, amsgrad: true },
  ],
  ['NAdam', optim.NAdam, { ...adam, lr: 0.002, momentumDecay: 0.004 }, { lr: 0.1 }],
  ['RAdam', optim.RAdam, adam, { lr: 0.1, betas: [0.8, 0.7] }],
  ['Adamax', optim.Adamax, { lr: 0.002, betas, eps: 1e-8, weightDecay: 0, maximize: false }, { lr: 0.1 }],
  [
    'Adagrad',
    optim.Adagrad,
    { lr: 0.01, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, maximize: false },
    { lr: 0.1, lrDecay: 0.1 },
  ],
  ['Adadelta', optim.Adadelta, { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false }, { lr: 2 }],
  [
    'ASGD',
    optim.ASGD,
    { lr: 0.01, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false },
    { lr: 0.1, t0: 2 },
  ],
  ['Rprop', optim.Rprop, { lr: 0.01, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false }, { lr: 0.1 }],
] as const;

describe.each(optimizers)('%s', (name, Class, defaults, remembering) => {
  const make = Class as unknown as new (params: unknown, options?: object) => optim.Optimizer;

  test("has PyTorch's defaults", () => {
    const optimizer = new make([leaf([1])]);
    expect(optimizer.defaults).toEqual(defaults);
    const { params, ...options } = optimizer.paramGroups[0];
    expect(options).toEqual(defaults);
    expect(params.length).toBe(1);
  });

  test('descends, or climbs with maximize', () => {
    const [a, b] = [leaf([1, 2]), leaf([1, 2])];
    const plain = 'weightDecay' in defaults ? { weightDecay: 0 } : {};
    const [low] = stepWithOnes(new make([a], plain), a);
    const [high] = stepWithOnes(new make([b], { ...plain, maximize: true }), b);
    expect(low).toBeLessThan(1);
    expect(high - 1).toBeCloseTo(1 - low, 5);
  });

  test('changes parameters in place, counts versions, records nothing, leaves gradients unchanged', () => {
    const p = leaf([1, 2]);
    const data = p.data;
    stepWithOnes(new make([p]), p);
    expect([p.data === data, p.version, p.isLeaf, p.requiresGrad]).toEqual([true, 1, true, true]);
    expect(p.grad!.tolist()).toEqual([1, 1]);
  });

  test('a graph recorded before the step cannot be used after it', () => {
    const p = leaf([1, 2]);
    const y = p.pow(2).sum();
    stepWithOnes(new make([p]), p);
    expect(() => y.backward()).toThrow('modified in place');
  });

  test('skips parameters without a gradient', () => {
    const [a, b] = [leaf([1]), leaf([1])];
    const optimizer = new make([a, b], 'weightDecay' in defaults ? { weightDecay: 0.5 } : {});
    stepWithOnes(optimizer, a);
    expect([b.tolist(), b.version, optimizer.state.has(b)]).toEqual([[1], 0, false]);
  });

  test('supports float64 and non-contiguous tensors', () => {
    const plain = tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { dtype: 'float64' },
    ).requiresGrad_();
    const turned = tensor(
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
      { dtype: 'float64' },
    )
      .t()
      .detach()
      .requiresGrad_();
    const part = tensor([0, 1, 2, 3, 4, 5, 6, 0], { dtype: 'float64' })
      .narrow(0, 1, 6)
      .view(2, 3)
      .detach()
      .requiresGrad_();
    const grad = tensor(
      [
        [1, -2, 3],
        [0.5, 0, 1],
      ],
      { dtype: 'float64' },
    );
    const all = [plain, turned, part];
    const optimizer = new make(all, { lr: 0.1 });
    for (let t = 0; t < 3; t++) {
      plain.grad = grad;
      turned.grad = grad.t().contiguous().t();
      part.grad = grad.clone();
      optimizer.step();
    }
    expect([plain.dtype, turned.isContiguous()]).toEqual(['float64', false]);
    expect(turned.tolist()).toEqual(plain.tolist());
    expect(part.tolist()).toEqual(plain.tolist());
    expect([part.data[0], part.data[7]]).toEqual([0, 0]);
    expect(plain.tolist()).not.toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test('a read-only parameter is rejected before anything is changed', () => {
    const a = leaf([1]);
    const optimizer = new make([a]);
    a.grad = ones([1]);
    const wide = zeros([1]).expand(2).detach().requiresGrad_();
    wide.grad = ones([2]);
    optimizer.addParamGroup({ params: [wide] });
    expect(() => optimizer.step()).toThrow('share one place in memory');
    expect([a.tolist(), a.version, optimizer.state.size]).toEqual([[1], 0, 0]);
  });

  test('a group with its own options is like a separate optimizer', () => {
    const grouped = [leaf([1, 2]), leaf([1, 2]), leaf([1, 2])];
    const optimizer = new make([{ params: [grouped[0]] }, { params: grouped[1], lr: 0.3 }], remembering);
    optimizer.addParamGroup({ params: [grouped[2]], lr: 0.5 });
    const alone = [leaf([1, 2]), leaf([1, 2]), leaf([1, 2])];
    const others = [{}, { lr: 0.3 }, { lr: 0.5 }].map((o, i) => new make([alone[i]], { ...remembering, ...o }));
    for (let t = 0; t < 4; t++) {
      for (const p of [...grouped, ...alone]) p.grad = tensor([Math.sin(t), Math.cos(t)]);
      for (const o of [optimizer, ...others]) o.step();
    }
    expect(grouped.map((p) => p.tolist())).toEqual(alone.map((p) => p.tolist()));
    expect(new Set(grouped.map((p) => String(p.tolist()))).size).toBe(3);
  });

  test.each([
    ['an empty list', [], `${name}: the list of parameters is empty; pass net.parameters()`],
    ['one tensor', leaf([1]), 'got one tensor; put it in a list'],
    ['a module', new nn.ReLU(), 'got a module ReLU; pass net.parameters()'],
    ['a number in the list', [3], 'parameter 0 is 3, not a tensor'],
    ['a result', [leaf([1]).mul(2)], 'parameter 0 of shape [1] is not a leaf but a result (MulBackward0)'],
    ['groups and parameters mixed', [{ params: [leaf([1])] }, leaf([1])], 'cannot be mixed'],
  ])('rejects %s', (_, params, message) => {
    expect(() => new make(params)).toThrow(ValueError);
    expect(() => new make(params)).toThrow(message);
  });

  test('rejects a duplicate parameter, and is not changed', () => {
    const p = leaf([1]);
    expect(() => new make([p, p])).toThrow('appears twice');
    const optimizer = new make([p]);
    expect(() => optimizer.addParamGroup({ params: [leaf([2]), p] })).toThrow('appears twice');
    expect(optimizer.paramGroups.length).toBe(1);
  });

  const sizes = [
    'lr',
    'momentum',
    'weightDecay',
    'eps',
    'alpha',
    'momentumDecay',
    'lrDecay',
    'initialAccumulatorValue',
  ];
  test.each(Object.keys(defaults).filter((o) => sizes.includes(o) && !(name === 'ASGD' && o === 'alpha')))(
    'rejects a negative %s, and NaN',
    (option) => {
      for (const value of [-0.1, Number.NaN])
        expect(() => new make([leaf([1])], { [option]: value })).toThrow(
          new ValueError(`${name}: ${option} is ${value}; it must be 0 or more`),
        );
      const optimizer = new make([leaf([1])]);
      expect(() => optimizer.addParamGroup({ params: [leaf([1])], [option]: -1 })).toThrow(ValueError);
    },
  );

  test('rejects unknown options, and lists the known ones', () => {
    const known = Object.keys(new make([leaf([1])]).defaults);
    // As in PyTorch, groups of AdamW name their kind of decay; AdamW itself has one.
    const own = name === 'AdamW' ? known.filter((option) => option !== 'decoupledWeightDecay') : known;
    const message = (options: string[]) =>
      `${name}: there is no option learningRate; the options are ${options.join(', ')}`;
    expect(() => new make([leaf([1])], { learningRate: 1 })).toThrow(new ValueError(message(own)));
    expect(() => new make([{ params: [leaf([1])], learningRate: 1 }])).toThrow(new ValueError(message(known)));
  });

  test('an option given as undefined is the default', () => {
    expect(new make([{ params: [leaf([1])], lr: undefined }], { lr: undefined }).paramGroups[0].lr).toBe(defaults.lr);
  });

  test('continues from a saved state as if uninterrupted', () => {
    const run = (optimizer: optim.Optimizer, p: Tensor, from: number, to: number) => {
      for (let t = from; t < to; t++) {
        p.grad = tensor([Math.sin(t), Math.cos(t)]);
        optimizer.step();
      }
    };
    const whole = leaf([1, 2]);
    run(new make([whole], remembering), whole, 0, 8);
    const half = leaf([1, 2]);
    const first = new make([half], remembering);
    run(first, half, 0, 4);
    const rest = half.detach().clone().requiresGrad_();
    const second = new make([rest], { lr: 77 });
    const saved = first.stateDict();
    second.loadStateDict(saved);
    run(first, half, 4, 8);
    run(second, rest, 4, 8);
    expect(rest.tolist()).toEqual(whole.tolist());
    expect(half.tolist()).toEqual(whole.tolist());
    expect(second.paramGroups[0].lr).toBe(remembering.lr);
    expect(saved.paramGroups[0].params).toEqual([0]);
  });

  test('finds the minimum of a quadratic', () => {
    const w = zeros([2], { requiresGrad: true });
    const optimizer = new make([w], { lr: name === 'Adagrad' ? 0.5 : name === 'Adadelta' ? 10 : 0.05 });
    for (let t = 0; t < 600; t++) {
      optimizer.zeroGrad();
      w.sub(tensor([1, -0.5]))
        .square()
        .mul(tensor([1, 0.5]))
        .sum()
        .backward();
      optimizer.step();
    }
    expectClose(w.detach(), name === 'AdamW' ? [0.995, -0.495] : [1, -0.5], 0.03);
  });
});
