// The state of an optimizer follows the dtype of a module that is converted between two steps.
import { expect, test } from 'vitest';
import { nn, noGrad, ones, optim, Tensor, tensor } from '../../src';

const makers: Record<string, (params: Iterable<Tensor>) => optim.Optimizer> = {
  SGD: (p) => new optim.SGD(p, { lr: 0.01, momentum: 0.9 }),
  Adam: (p) => new optim.Adam(p, { lr: 0.01, amsgrad: true }),
  NAdam: (p) => new optim.NAdam(p, { lr: 0.01 }),
  RAdam: (p) => new optim.RAdam(p, { lr: 0.01 }),
  Adamax: (p) => new optim.Adamax(p, { lr: 0.01 }),
  Adagrad: (p) => new optim.Adagrad(p, { lr: 0.01 }),
  Adadelta: (p) => new optim.Adadelta(p, { lr: 0.01 }),
  RMSprop: (p) => new optim.RMSprop(p, { lr: 0.01, momentum: 0.9, centered: true }),
  Rprop: (p) => new optim.Rprop(p, { lr: 0.01 }),
  ASGD: (p) => new optim.ASGD(p, { lr: 0.01 }),
};

test.each(Object.keys(makers))('%s', (name) => {
  const run = (convert: boolean) => {
    const net = new nn.Linear(2, 1, { bias: false });
    noGrad(() => net.weight.copy_(tensor([[0.5, -0.25]])));
    if (!convert) net.to('float64');
    const opt = makers[name](net.parameters());
    for (let i = 0; i < 6; i++) {
      if (i === 3) net.to('float64');
      opt.zeroGrad();
      net
        .forward(ones([3, 2], { dtype: net.weight.dtype }))
        .sub(1)
        .pow(2)
        .sum()
        .backward();
      opt.step();
    }
    const state = Object.values(opt.state.get(net.weight)!);
    return { weight: net.weight, kinds: state.filter((v): v is Tensor => v instanceof Tensor).map((v) => v.dtype) };
  };
  const [converted, whole] = [run(true), run(false)];
  expect(converted.kinds.length).toBeGreaterThan(0);
  expect(new Set(converted.kinds)).toEqual(new Set(['float64']));
  whole.weight.toArray().forEach((w: number, i: number) => {
    expect(Math.abs(converted.weight.toArray()[i] - w)).toBeLessThan(1e-6);
  });
});
