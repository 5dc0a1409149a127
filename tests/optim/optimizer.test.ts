import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { displaySymbol, nn, noGrad, ones, optim, ShapeError, type Tensor, tensor, ValueError, zeros } from '../../src';
import { expectClose } from '../support/close';

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true });

/** One step with a gradient of ones. */
function stepWithOnes(optimizer: { step(): void }, p: Tensor): number[] {
  p.grad = ones(p.shape, { dtype: p.dtype });
  optimizer.step();
  return p.tolist() as number[];
}

describe.each([
  ['SGD', optim.SGD, { lr: 0.001, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false }],
  [
    'RMSprop',
    optim.RMSprop,
    { lr: 0.01, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0, centered: false, maximize: false },
  ],
  ['Adam', optim.Adam, { lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false }],
] as const)('%s', (name, Class, defaults) => {
  const make = Class as unknown as new (params: unknown, options?: object) => optim.Optimizer<{ lr: number }>;

  test("has PyTorch's defaults", () => {
    const optimizer = new make([leaf(1)]);
    expect(optimizer.defaults).toEqual(defaults);
    const { params, ...options } = optimizer.paramGroups[0];
    expect(options).toEqual(defaults);
    expect(params.length).toBe(1);
  });

  test('descends, or climbs with maximize', () => {
    const [a, b] = [leaf(1, 2), leaf(1, 2)];
    const [low] = stepWithOnes(new make([a]), a);
    const [high] = stepWithOnes(new make([b], { maximize: true }), b);
    expect(low).toBeLessThan(1);
    expect(high - 1).toBeCloseTo(1 - low, 6);
  });

  test('changes parameters in place, counts versions, records nothing, leaves gradients alone', () => {
    const p = leaf(1, 2);
    const data = p.data;
    stepWithOnes(new make([p]), p);
    expect([p.data === data, p.version, p.isLeaf, p.requiresGrad]).toEqual([true, 1, true, true]);
    expect(p.grad!.tolist()).toEqual([1, 1]);
  });

  test('a graph from before the step cannot be used after it', () => {
    const p = leaf(1, 2);
    const y = p.pow(2).sum();
    stepWithOnes(new make([p]), p);
    expect(() => y.backward()).toThrow('modified in place');
  });

  test('skips parameters without a gradient', () => {
    const [a, b] = [leaf(1), leaf(1)];
    const optimizer = new make([a, b], { weightDecay: 0.5 });
    stepWithOnes(optimizer, a);
    expect([b.tolist(), b.version, optimizer.state.has(b)]).toEqual([[1], 0, false]);
  });

  test('float64 and tensors that are not contiguous', () => {
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

  test('a parameter that cannot be written is refused before anything is changed', () => {
    const a = leaf(1);
    const optimizer = new make([a]);
    a.grad = ones([1]);
    const wide = zeros([1]).expand(2).detach().requiresGrad_();
    wide.grad = ones([2]);
    optimizer.addParamGroup({ params: [wide] });
    expect(() => optimizer.step()).toThrow('share one place in memory');
    expect([a.tolist(), a.version, optimizer.state.size]).toEqual([[1], 0, 0]);
  });

  test('groups have options of their own, which may change between steps', () => {
    const [a, b, c] = [leaf(0), leaf(0), leaf(0)];
    const optimizer = new make([{ params: [a] }, { params: b, lr: 0 }], { lr: 0.1 });
    optimizer.addParamGroup({ params: [c], lr: 0.1 });
    for (const p of [a, b, c]) p.grad = ones([1]);
    optimizer.step();
    expect(a.item()).toBeLessThan(0);
    expect([b.item(), c.item()]).toEqual([0, a.item()]);
    const before = a.item();
    optimizer.paramGroups[0].lr = 0;
    optimizer.step();
    expect(a.item()).toBe(before);
    expect(c.item()).toBeLessThan(before);
  });

  test.each([
    ['an empty list', [], `${name}: the list of parameters is empty; pass net.parameters()`],
    ['one tensor', leaf(1), 'got one tensor; put it in a list'],
    ['a module', new nn.ReLU(), 'got a module; pass net.parameters()'],
    ['a number in the list', [3], 'parameter 0 is number, not a tensor'],
    ['a result', [leaf(1).mul(2)], 'parameter 0 of shape [1] is not a leaf but a result (MulBackward0)'],
    ['groups and parameters mixed', [{ params: [leaf(1)] }, leaf(1)], 'cannot be mixed'],
  ])('refuses %s', (_, params, message) => {
    expect(() => new make(params)).toThrow(ValueError);
    expect(() => new make(params)).toThrow(message);
  });

  test('refuses a parameter that is there already, and stays as it was', () => {
    const p = leaf(1);
    expect(() => new make([p, p])).toThrow('appears twice');
    const optimizer = new make([p]);
    expect(() => optimizer.addParamGroup({ params: [leaf(2), p] })).toThrow('appears twice');
    expect(optimizer.paramGroups.length).toBe(1);
  });

  test.each(Object.keys(defaults).filter((o) => ['lr', 'momentum', 'weightDecay', 'eps', 'alpha'].includes(o)))(
    'refuses a negative %s, and NaN',
    (option) => {
      for (const value of [-0.1, Number.NaN])
        expect(() => new make([leaf(1)], { [option]: value })).toThrow(
          new ValueError(`${name}: ${option} is ${value}; it must be 0 or more`),
        );
      const optimizer = new make([leaf(1)]);
      expect(() => optimizer.addParamGroup({ params: [leaf(1)], [option]: -1 })).toThrow(ValueError);
    },
  );

  test('an option given as undefined is the default', () => {
    expect(new make([{ params: [leaf(1)], lr: undefined }], { lr: undefined }).paramGroups[0].lr).toBe(defaults.lr);
  });

  test('goes on from a saved state as if it had not stopped', () => {
    const options = { lr: 0.1, ...(name === 'Adam' ? { amsgrad: true } : { momentum: 0.9 }) };
    const run = (optimizer: optim.Optimizer<{ lr: number }>, p: Tensor, from: number, to: number) => {
      for (let t = from; t < to; t++) {
        p.grad = tensor([Math.sin(t), Math.cos(t)]);
        optimizer.step();
      }
    };
    const whole = leaf(1, 2);
    run(new make([whole], options), whole, 0, 8);
    const half = leaf(1, 2);
    const first = new make([half], options);
    run(first, half, 0, 4);
    const rest = half.detach().clone().requiresGrad_();
    const second = new make([rest], { lr: 77 });
    const saved = first.stateDict();
    second.loadStateDict(saved);
    run(first, half, 4, 8);
    run(second, rest, 4, 8);
    expect(rest.tolist()).toEqual(whole.tolist());
    expect(half.tolist()).toEqual(whole.tolist());
    expect(second.paramGroups[0].lr).toBe(0.1);
    expect(saved.paramGroups[0].params).toEqual([0]);
  });
});

describe('stateDict', () => {
  test('numbers parameters through the groups', () => {
    const [a, b, c] = [leaf(1), leaf(2), leaf(3)];
    const optimizer = new optim.Adam([{ params: [a, b] }, { params: [c], lr: 0.5 }]);
    c.grad = ones([1]);
    optimizer.step();
    const { state, paramGroups } = optimizer.stateDict();
    expect(paramGroups.map((g) => [g.params, g.lr])).toEqual([
      [[0, 1], 0.001],
      [[2], 0.5],
    ]);
    expect(Object.keys(state)).toEqual(['2']);
    expect(state[2].step).toBe(1);
    expectClose(state[2].expAvg as Tensor, [0.1]);
    expectClose(state[2].expAvgSq as Tensor, [0.001]);
  });

  test('of other parameters is refused, and nothing changes', () => {
    const make = (...params: Tensor[]) => new optim.SGD(params, { momentum: 0.9 });
    const p = leaf(1, 2);
    const optimizer = make(p);
    stepWithOnes(optimizer, p);
    const other = make(leaf(1), leaf(2));
    expect(() => optimizer.loadStateDict(other.stateDict())).toThrow(
      new ValueError('loadStateDict: the state has groups of [2] parameters, this SGD of [1]'),
    );
    const q = leaf(1, 2, 3);
    const third = make(q);
    stepWithOnes(third, q);
    expect(() =>
      optimizer.loadStateDict({ ...third.stateDict(), paramGroups: [{ ...third.paramGroups[0], lr: 5, params: [0] }] }),
    ).toThrow(new ShapeError('loadStateDict: momentumBuffer of parameter 0 has shape [3], the parameter [2]'));
    expect(() =>
      optimizer.loadStateDict({ state: {}, paramGroups: [{ ...third.defaults, lr: -1, params: [0] }] }),
    ).toThrow(ValueError);
    expect(optimizer.paramGroups[0].lr).toBe(0.001);
    expect((optimizer.state.get(p)!.momentumBuffer as Tensor).tolist()).toEqual([1, 1]);
  });
});

describe('SGD', () => {
  test('options that do not go together', () => {
    const message = "SGD: Nesterov's form needs a momentum and no dampening, got momentum";
    expect(() => new optim.SGD([leaf(1)], { nesterov: true })).toThrow(`${message} 0 and dampening 0`);
    expect(() => new optim.SGD([leaf(1)], { nesterov: true, momentum: 0.9, dampening: 0.1 })).toThrow(
      `${message} 0.9 and dampening 0.1`,
    );
  });

  test('momentum starts with the whole gradient, dampening or not', () => {
    const p = leaf(0);
    const optimizer = new optim.SGD([p], { lr: 1, momentum: 0.5, dampening: 0.5 });
    expectClose(tensor(stepWithOnes(optimizer, p)), [-1]);
    expectClose(tensor(stepWithOnes(optimizer, p)), [-2]);
  });
});

test('Adam refuses betas outside [0, 1)', () => {
  for (const betas of [[1, 0.9], [0.9, -0.1], [0.9]])
    expect(() => new optim.Adam([leaf(1)], { betas: betas as unknown as [number, number] })).toThrow(
      new ValueError(`Adam: betas are [${betas.join(', ')}]; both must be 0 or more and below 1`),
    );
});

describe('step with a closure', () => {
  test('returns the loss from before the step, and records even inside noGrad', () => {
    const p = leaf(3);
    const optimizer = new optim.SGD([p], { lr: 0.1 });
    const loss = noGrad(() =>
      optimizer.step(() => {
        optimizer.zeroGrad();
        const value = p.pow(2).sum();
        value.backward();
        return value;
      }),
    );
    expect(loss.item()).toBe(9);
    expectClose(p.detach(), [2.4]);
  });
});

describe('zeroGrad', () => {
  test('sets gradients to null, or to zeros', () => {
    const p = leaf(3);
    const optimizer = new optim.SGD([p]);
    p.grad = ones([1]);
    optimizer.zeroGrad();
    expect(p.grad).toBeNull();
    const g = ones([1]);
    p.grad = g;
    optimizer.zeroGrad({ setToNone: false });
    expect([p.grad === g, g.tolist()]).toEqual([true, [0]]);
  });
});

test('the minimum of a bowl is found', () => {
  for (const make of [
    (p: Tensor) => new optim.SGD([p], { lr: 0.05, momentum: 0.5 }),
    (p: Tensor) => new optim.RMSprop([p], { lr: 0.01 }),
    (p: Tensor) => new optim.Adam([p], { lr: 0.1 }),
  ]) {
    const w = zeros([2], { requiresGrad: true });
    const optimizer = make(w);
    for (let t = 0; t < 1000; t++) {
      optimizer.zeroGrad();
      const [w1, w2] = [w.at(0), w.at(1)];
      w1.add(w2).rsub(2).pow(2).add(w1.mul(3).add(w2).rsub(4).pow(2)).backward();
      optimizer.step();
    }
    expectClose(w.detach(), [1, 1], 0.02);
  }
});

test("prints as PyTorch's", () => {
  const optimizer = new optim.Adam([{ params: [leaf(1)] }, { params: [leaf(1)], lr: 0.5, amsgrad: true }]);
  expect(String(optimizer)).toBe(
    [
      'Adam (',
      'Parameter Group 0',
      '    amsgrad: False',
      '    betas: (0.9, 0.999)',
      '    eps: 1e-08',
      '    lr: 0.001',
      '    maximize: False',
      '    weightDecay: 0',
      '',
      'Parameter Group 1',
      '    amsgrad: True',
      '    betas: (0.9, 0.999)',
      '    eps: 1e-08',
      '    lr: 0.5',
      '    maximize: False',
      '    weightDecay: 0',
      ')',
    ].join('\n'),
  );
  expect(inspect(optimizer)).toBe(String(optimizer));
  expect((optimizer as unknown as Record<symbol, () => unknown>)[displaySymbol]()).toEqual({
    'text/plain': String(optimizer),
  });
});
