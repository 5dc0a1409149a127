import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { displaySymbol, noGrad, ones, optim, ShapeError, type Tensor, tensor, ValueError } from '../../src';
import { expectClose } from '../support/close';
import { leaf } from '../support/tensors';

/** One step with a gradient of ones. */
function stepWithOnes(optimizer: { step(): void }, p: Tensor): number[] {
  p.grad = ones(p.shape, { dtype: p.dtype });
  optimizer.step();
  return p.tolist() as number[];
}

describe('stateDict', () => {
  test('numbers parameters through the groups', () => {
    const [a, b, c] = [leaf([1]), leaf([2]), leaf([3])];
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

  test('of other parameters is rejected, and nothing changes', () => {
    const make = (...params: Tensor[]) => new optim.SGD(params, { momentum: 0.9 });
    const p = leaf([1, 2]);
    const optimizer = make(p);
    stepWithOnes(optimizer, p);
    const other = make(leaf([1]), leaf([2]));
    expect(() => optimizer.loadStateDict(other.stateDict())).toThrow(
      new ValueError('loadStateDict: the state has groups of [2] parameters, this SGD of [1]'),
    );
    const q = leaf([1, 2, 3]);
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
  test('incompatible options', () => {
    const message = "SGD: Nesterov's form needs a momentum and no dampening, got momentum";
    expect(() => new optim.SGD([leaf([1])], { nesterov: true })).toThrow(`${message} 0 and dampening 0`);
    expect(() => new optim.SGD([leaf([1])], { nesterov: true, momentum: 0.9, dampening: 0.1 })).toThrow(
      `${message} 0.9 and dampening 0.1`,
    );
  });

  test('options that are not an object', () => {
    expect(() => new optim.SGD([leaf([1])], 0.1 as unknown as object)).toThrow(
      new ValueError('SGD: options are given as an object such as { lr: … }, got 0.1'),
    );
  });

  test('momentum starts with the whole gradient, with or without dampening', () => {
    const p = leaf([0]);
    const optimizer = new optim.SGD([p], { lr: 1, momentum: 0.5, dampening: 0.5 });
    expectClose(tensor(stepWithOnes(optimizer, p)), [-1]);
    expectClose(tensor(stepWithOnes(optimizer, p)), [-2]);
  });
});

describe('options between steps', () => {
  test('a learning rate may be assigned', () => {
    const p = leaf([0]);
    const optimizer = new optim.Adam([p], { lr: 0.1 });
    stepWithOnes(optimizer, p);
    const before = p.item();
    optimizer.paramGroups[0].lr = 0;
    stepWithOnes(optimizer, p);
    expect(p.item()).toBe(before);
  });

  test.each([optim.Adam, optim.AdamW, optim.NAdam, optim.RAdam, optim.Adamax])(
    '%o rejects betas outside [0, 1)',
    (Class) => {
      for (const wrong of [[1, 0.9], [0.9, -0.1], [0.9]])
        expect(() => new Class([leaf([1])], { betas: wrong as unknown as [number, number] })).toThrow(
          new ValueError(`${Class.name}: betas are [${wrong.join(', ')}]; both must be 0 or more and below 1`),
        );
    },
  );

  test('ranges of Adadelta and Rprop', () => {
    expect(() => new optim.Adadelta([leaf([1])], { rho: 1.1 })).toThrow(
      new ValueError('Adadelta: rho is 1.1; it must be from 0 to 1'),
    );
    for (const etas of [
      [0, 1.2],
      [0.5, 1],
      [1.5, 2],
    ] as const)
      expect(() => new optim.Rprop([leaf([1])], { etas })).toThrow(
        `Rprop: etas are [${etas.join(', ')}]; the first must lie between 0 and 1, the second above 1`,
      );
  });
});

describe('steps by hand', () => {
  test('decoupled decay shrinks, an L2 penalty changes the gradient', () => {
    const oneStep = (Class: typeof optim.Adam, options: object) => {
      const p = leaf([2]);
      return stepWithOnes(new Class([p], { lr: 0.1, weightDecay: 0.5, ...options }), p)[0];
    };
    // Adam's first step is lr times the sign of the gradient, whatever the penalty adds to it.
    expect(oneStep(optim.Adam, {})).toBeCloseTo(1.9, 6);
    expect(oneStep(optim.Adam, { decoupledWeightDecay: true })).toBeCloseTo(2 * 0.95 - 0.1, 6);
    expect(oneStep(optim.AdamW as typeof optim.Adam, {})).toBeCloseTo(2 * 0.95 - 0.1, 6);
    expect(new optim.AdamW([leaf([1])])).toBeInstanceOf(optim.Adam);
    expect(() => new optim.AdamW([leaf([1])], { decoupledWeightDecay: false } as object)).toThrow(
      'AdamW: there is no option decoupledWeightDecay',
    );
  });

  test('Rprop: a step grows while the sign stays, shrinks and pauses when it changes, and ignores NaN', () => {
    const p = leaf([0]);
    const optimizer = new optim.Rprop([p], { lr: 1, etas: [0.5, 2] });
    const places = [1, 3, -1, -1, Number.NaN, 5].map((g) => {
      p.grad = tensor([g]);
      optimizer.step();
      return p.item();
    });
    expect(places).toEqual([-1, -3, -3, -2, -2, -3]);
  });

  test('Adagrad: lr / √t', () => {
    const p = leaf([0]);
    const optimizer = new optim.Adagrad([p], { lr: 1 });
    const steps = [1, 2, 3].map(() => stepWithOnes(optimizer, p)[0]);
    expectClose(tensor(steps), [-1, -1 - 1 / Math.SQRT2, -1 - 1 / Math.SQRT2 - 1 / Math.sqrt(3)]);
  });

  test('ASGD averages from step t0 on', () => {
    const p = leaf([0]);
    const optimizer = new optim.ASGD([p], { lr: 1, lambd: 0, t0: 1 });
    for (let t = 0; t < 4; t++) stepWithOnes(optimizer, p);
    // Positions -1, -2, -3, -4; the average follows the parameter until then.
    expectClose(optimizer.state.get(p)!.ax as Tensor, [-3.5]);
  });
});

describe('step with a closure', () => {
  test('returns the loss from before the step, and records even inside noGrad', () => {
    const p = leaf([3]);
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
    const p = leaf([3]);
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

test("prints as PyTorch's", () => {
  const optimizer = new optim.Adam([{ params: [leaf([1])] }, { params: [leaf([1])], lr: 0.5, amsgrad: true }]);
  expect(String(optimizer)).toBe(
    [
      'Adam (',
      'Parameter Group 0',
      '    amsgrad: False',
      '    betas: (0.9, 0.999)',
      '    decoupledWeightDecay: False',
      '    eps: 1e-08',
      '    lr: 0.001',
      '    maximize: False',
      '    weightDecay: 0',
      '',
      'Parameter Group 1',
      '    amsgrad: True',
      '    betas: (0.9, 0.999)',
      '    decoupledWeightDecay: False',
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
