// More arguments than an operation takes are an error, as in PyTorch, where they used to be left out in silence.
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { cat, exp, mul, Tensor, tensor, ValueError } from '../../src';
import { arities } from '../../src/ops/table/arities';
import { type Call, contractOf, exported, run } from '../support/exports';
import { entries } from '../support/op-samples';

const methods = Tensor.prototype as unknown as Record<string, Call>;
const arityOf = ({ rule: { torch } }: (typeof entries)[number]) => torch.params.length + (torch.options ? 1 : 0);
const nothing = (count: number) => Array.from({ length: count }, () => undefined);
const messageOf = (body: () => unknown): string => {
  try {
    body();
    return '';
  } catch (error) {
    return String(error);
  }
};
const refused = /^ValueError: [\w.]+: takes (no|\d) arguments?( after its tensor)?, got \d; there is no place for/;

const declared = entries.filter((op) => op.isMethod && !op.rule.variadic);
const counted: [string, number][] = [
  ...declared.map((op): [string, number] => [op.name, arityOf(op) - 1]),
  ...declared.filter((op) => op.rule.inPlace).map((op): [string, number] => [`${op.name}_`, arityOf(op) - 1]),
  ...Object.entries(arities),
];

describe('methods', () => {
  test('nearly all of them count', () => {
    expect(counted.length).toBeGreaterThan(350);
  });

  test.each(counted)('%s takes %i', (name, most) => {
    const x = tensor([1.5, 2.5]);
    expect(messageOf(() => methods[name].apply(x, nothing(most + 1)))).toMatch(refused);
    expect(messageOf(() => methods[name].apply(tensor([1.5, 2.5]), nothing(most)))).not.toMatch(refused);
    expect([x.tolist(), x.version]).toEqual([[1.5, 2.5], 0]);
  });
});

describe('methods of classes', () => {
  const { nn, optim } = gradlab;
  const parameters = () => [new nn.Parameter(tensor([1.5, 2.5]))];
  const sgd = () => new optim.SGD(parameters(), { lr: 0.1 });
  const { lrScheduler } = optim;
  const made: [string, () => object, Record<string, number>][] = [
    ['a tensor', () => tensor([1.5]), { numel: 0, dim: 0, size: 1, isContiguous: 0, item: 0, tolist: 0, toArray: 0 }],
    ['a tensor', () => tensor([1.5]).requiresGrad_(), { detach: 0, retainGrad: 0, registerHook: 1, requiresGrad_: 1 }],
    [
      'a layer',
      () => new nn.Linear(2, 1),
      { train: 1, eval: 0, zeroGrad: 1, to: 1, double: 0, apply: 1, stateDict: 1, loadStateDict: 2, clone: 0 },
    ],
    ['a layer', () => new nn.Linear(2, 1), { registerBuffer: 3, addModule: 2, registerForwardHook: 1 }],
    [
      'a layer',
      () => new nn.Linear(2, 1),
      { children: 0, modules: 0, parameters: 1, namedBuffers: 1, getSubmodule: 1 },
    ],
    ['SGD', sgd, { step: 1, zeroGrad: 1, addParamGroup: 1, stateDict: 0, loadStateDict: 1 }],
    ['LBFGS', () => new optim.LBFGS(parameters()), { step: 1, stateDict: 0 }],
    ['StepLR', () => new lrScheduler.StepLR(sgd(), 1), { step: 0, getLastLr: 0, stateDict: 0, loadStateDict: 1 }],
    ['ReduceLROnPlateau', () => new lrScheduler.ReduceLROnPlateau(sgd()), { step: 1, stateDict: 0 }],
    [
      'a generator',
      () => new gradlab.Generator(),
      { manualSeed: 1, initialSeed: 0, seed: 0, getState: 0, setState: 1 },
    ],
  ];
  const calls = made.flatMap(([what, make, all]) =>
    Object.entries(all).map(([name, most]) => [what, name, most, make] as const),
  );

  test.each(calls)('%s.%s takes %i', (_, name, most, make) => {
    const one = make() as Record<string, Call>;
    const message = messageOf(() => one[name].apply(one, nothing(most + 1)));
    expect(message).toMatch(refused);
    expect(message).toContain(`${name}: takes ${most === 0 ? 'no' : most} argument`);
    expect(messageOf(() => one[name].apply(one, nothing(most)))).not.toMatch(refused);
  });

  test('a schedule that needs no loss says so', () => {
    const schedule = new lrScheduler.StepLR(sgd(), 1);
    expect(() => (schedule.step as (loss: number) => void)(0.25)).toThrow(
      'StepLR.step: takes no arguments, got 1; there is no place for 0.25',
    );
    expect(schedule.lastEpoch).toBe(0);
  });

  test('a generator says how it gets its seed', () => {
    const make = gradlab.Generator as unknown as new (seed: unknown) => unknown;
    expect(() => new make(5)).toThrow(
      'Generator: takes no arguments, got 5; for a seed write new Generator().manualSeed(5)',
    );
    expect(() => new make({ seed: 5 })).toThrow('got an object');
  });
});

describe('functions and classes', () => {
  const { nn, linalg } = gradlab;
  /** What takes any number of arguments. */
  const takesAny = new Set([
    ...['data.StackDataset', 'data.TensorDataset', 'nn.Sequential', 'nn.Identity'],
    ...['blockDiag', 'broadcastTensors', 'einsum', 'recompute', 'func.vjp'],
    ...['broadcastTo', 'permute', 'tile', 'flip', 'reshape'],
  ]);
  /** What others extend, and `Generator`, which says more itself. */
  const notMade = new Set([
    ...['nn.Module', 'data.Dataset', 'data.IterableDataset', 'data.Sampler', 'optim.lrScheduler.LRScheduler'],
    'Generator',
  ]);
  const all = exported.filter(([path]) => !takesAny.has(path) && !notMade.has(path) && !path.endsWith('Error'));

  test('are that many, nearly all with a contract from their declaration', () => {
    expect(all.length).toBeGreaterThan(700);
    const counted = all.filter(([path, call]) => contractOf(path, call)?.most !== undefined);
    expect(all.length - counted.length).toBeLessThan(10);
  });

  test.each(all)('%s refuses one more argument', async (path, call) => {
    const { most = 8, list } = contractOf(path, call) ?? {};
    const first = list === undefined ? tensor([1.5, 2.5]) : [tensor([1.5, 2.5])];
    const given = [first, ...nothing(Math.max(most, 8) - 1), {}];
    const message = await (async () => run(call, given))().catch((error) => error);
    expect(String(message)).toMatch(refused);
  });

  test('says that an object has no place', () => {
    const x = tensor([
      [2, 0],
      [0, 4],
    ]);
    expect(() => new (nn.Softmax as new (dim: number, options: object) => unknown)(1, { dtype: 'float64' })).toThrow(
      'Softmax: takes 1 argument, got 2; there is no place for an object. Leave it out',
    );
    expect(() => new (nn.Tanh as new (options: object) => unknown)({ inplace: true })).toThrow(
      'Tanh: takes no arguments',
    );
    expect(() => (linalg.inv as Call)(x, { left: true })).toThrow('inv: takes 1 argument, got 2');
    expect(() => (nn.functional.oneHot as Call)(tensor([1], { dtype: 'int32' }), 3, { numClases: 2 })).toThrow(
      'oneHot: takes 2',
    );
    expect(() => (nn.utils.clipGradValue_ as Call)([x], 1, { normType: 2 })).toThrow('clipGradValue_: takes 2');
    expect(() => (gradlab.manualSeed as Call)(1, {})).toThrow('manualSeed: takes 1 argument, got 2');
  });

  test('may stand in for what takes some', () => {
    expect(new nn.Identity(54, { unused: true })(tensor([1, 2])).tolist()).toEqual([1, 2]);
    class Net extends nn.Module {
      forward(x: Tensor) {
        return x;
      }
    }
    expect(() => new (Net as new (width: number) => unknown)(5)).toThrow('Net: takes no arguments, got 1');
  });
});

test('says what has no place', () => {
  const x = tensor([9, 16, 25]);
  const star = () => (mul as Call)(...x.unbind());
  expect(star).toThrow(ValueError);
  expect(star).toThrow(
    'mul: takes 2 arguments, got 3; there is no place for a float32 tensor of shape []. Leave it out, or call the ' +
      'operation again on its result',
  );
  expect(() => (x.mul as Call)(x, 2, x)).toThrow(
    'mul: takes 1 argument after its tensor, got 3; there is no place for',
  );
  expect(() => (x.exp as Call)(3)).toThrow('exp: takes no arguments after its tensor, got 1');
  expect(() => (cat as Call)([x], 0, 'out')).toThrow("no place for 'out'");
});

test('what map and reduce hand over is no mistake', () => {
  const list = [tensor([1, 2]), tensor([3, 4]), tensor([5, 6])];
  expect(list.map(exp).map((x) => x.shape)).toEqual([[2], [2], [2]]);
  expect(list.reduce(mul).tolist()).toEqual([15, 48]);
  expect(() => (exp as Call)(list[0], 1, list)).toThrow(ValueError);
});
