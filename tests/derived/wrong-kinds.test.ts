// What is given in a place is of the kind that its declaration says, or is refused: no value of another kind passes in silence, or
// ends in an error of JavaScript's.
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { data, nn, ones, optim, rand, type Tensor, tensor, training, ValueError } from '../../src';
import { kindsOfList } from '../../src/option-kinds';
import * as names from '../../src/option-names';
import { checkOptions } from '../../src/options';

/** A value of each kind, by the names that the generated lists use. */
const values: Readonly<Record<string, unknown>> = {
  number: 1,
  boolean: true,
  text: 'text',
  numbers: [1, 2],
  list: ['a'],
  tensor: ones([2]),
  function: () => 1,
  generator: new gradlab.Generator(),
  null: null,
  object: { a: 1 },
  bigint: 1n,
  symbol: Symbol('one'),
};
/** Which kinds a value is of besides its own. */
const also: Readonly<Record<string, readonly string[]>> = {
  boolean: ['number'],
  numbers: ['list'],
  null: ['generator'],
};

const types = [...kindsOfList].map(([list, kinds]): [string, readonly string[], readonly string[]] => {
  const [name] = Object.entries(names).find(([, other]) => other === list)!;
  return [name, list, kinds];
});

describe('every option takes the kinds of its declaration and no others', () => {
  test('nearly all are known', () => {
    expect(types.length).toBeGreaterThan(200);
    const kinds = types.flatMap(([, , all]) => all);
    expect(kinds.filter((kind) => kind !== '').length / kinds.length).toBeGreaterThan(0.8);
  });

  test.each(types)('%s', (_, list, kinds) => {
    for (const [i, name] of list.entries()) {
      if (kinds[i] === '') continue;
      const taken = kinds[i].split(' | ');
      for (const [kind, value] of Object.entries(values)) {
        const call = () => checkOptions('f', { [name]: value }, list);
        if ([kind, ...(also[kind] ?? [])].some((one) => taken.includes(one))) call();
        else expect(call, `${name} = ${kind}`).toThrow(ValueError);
      }
    }
  });
});

const net = () => new nn.Linear(2, 2);
const sgd = () => new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 1 });

/** A call, with what is right in a place; each of the other values there is refused. */
const places: [string, unknown, (value: never) => unknown, string][] = [
  ['Conv2d bias', true, (bias) => new nn.Conv2d(1, 1, 2, { bias }), 'boolean'],
  ['MaxPool2d returnIndices', true, (returnIndices) => new nn.MaxPool2d(2, { returnIndices }), 'boolean'],
  ['MaxPool2d kernelSize', 2, (size) => new nn.MaxPool2d(size), 'number numbers boolean'],
  ['AvgPool2d kernelSize', 2, (size) => new nn.AvgPool2d(size), 'number numbers boolean'],
  ['LPPool2d normType', 2, (p) => new nn.LPPool2d(p, 2), 'number boolean'],
  ['Fold outputSize', 4, (size) => new nn.Fold(size, 2), 'number numbers boolean'],
  ['Unfold kernelSize', 2, (size) => new nn.Unfold(size), 'number numbers boolean'],
  ['AdaptiveAvgPool2d outputSize', 2, (size) => new nn.AdaptiveAvgPool2d(size), 'number numbers boolean null'],
  ['Upsample size', 2, (size) => new nn.Upsample({ size }), 'number numbers boolean null'],
  ['Softmax dim', 1, (dim) => new nn.Softmax(dim), 'number boolean'],
  ['GELU approximate', 'tanh', (approximate) => new nn.GELU({ approximate }), 'nothing'],
  ['Threshold value', 1, (value) => new nn.Threshold(0, value), 'number boolean'],
  ['ConstantPad1d value', 1, (value) => new nn.ConstantPad1d(1, value), 'number boolean'],
  ['Flatten startDim', 1, (dim) => new nn.Flatten(dim), 'number boolean'],
  ['PixelShuffle', 2, (factor) => new nn.PixelShuffle(factor), 'number'],
  ['Softmax forward', ones([1, 2]), (x) => new nn.Softmax(1).forward(x), 'tensor'],
  ['Tanh forward', ones([1, 2]), (x) => new nn.Tanh().forward(x), 'tensor'],
  ['Module.train', false, (mode) => net().train(mode), 'boolean'],
  ['Module.requiresGrad_', false, (wanted) => net().requiresGrad_(wanted), 'boolean'],
  ['Module.stateDict prefix', 'net.', (prefix) => net().stateDict({ prefix }), 'text'],
  ['Module.getParameter', 'weight', (path) => net().getParameter(path), 'nothing'],
  ['Module.registerForwardHook', () => undefined, (hook) => net().registerForwardHook(hook), 'function'],
  ['Module.registerForwardPreHook', () => undefined, (hook) => net().registerForwardPreHook(hook), 'function'],
  ['Module.registerFullBackwardHook', () => undefined, (hook) => net().registerFullBackwardHook(hook), 'function'],
  ['Tensor.registerHook', () => undefined, (hook) => ones([1]).requiresGrad_().registerHook(hook), 'function'],
  ['Tensor.requiresGrad_', true, (wanted) => ones([1]).requiresGrad_(wanted), 'boolean'],
  ['Tensor.roll', 1, (shift) => ones([3]).roll(shift), 'number numbers'],
  ['Tensor.random_', 5, (to) => ones([3]).random_(0, to), 'number null object'],
  ['Tensor.nonzero asTuple', true, (asTuple) => ones([3]).nonzero({ asTuple }), 'boolean'],
  ['zeros', [2, 2], (size) => gradlab.zeros(size), 'number numbers'],
  ['rand', [2, 2], (size) => rand(size), 'number numbers'],
  ['dirichletSample', [2, 2], (size) => gradlab.dirichletSample([1, 2], size), 'number numbers'],
  ['bincount weights', ones([2]), (weights) => tensor([0, 1]).int().bincount({ weights }), 'tensor null'],
  ['maxUnpool1d outputSize', [4], (outputSize) => unpool(outputSize), 'null'],
  ['RandomSampler', [1, 2], (source) => new data.RandomSampler(source), 'numbers list tensor text'],
  ['ExponentialLR gamma', 1, (gamma) => new optim.lrScheduler.ExponentialLR(sgd(), gamma), 'number boolean'],
  ['AveragedModel avgFn', null, (avgFn) => new optim.swaUtils.AveragedModel(net(), { avgFn }), 'function null'],
  ['updateBn', [ones([2, 2])], (loader) => optim.swaUtils.updateBn(loader, new nn.BatchNorm1d(2)), 'nothing'],
  ['compile optimizer', 'adam', (optimizer) => compiled({ optimizer }), 'nothing'],
  ['compile loss', 'mse', (loss) => compiled({ loss }), 'function'],
  ['compile metrics', ['mae'], (metrics) => compiled({ metrics }), 'object generator'],
];
const unpool = (outputSize: number[]) => {
  const { values: y, indices } = nn.functional.maxPool1d(rand([1, 1, 4]), 2, { returnIndices: true });
  return new nn.MaxUnpool1d(2).forward(y as Tensor, indices as Tensor, { outputSize });
};
const compiled = (options: object) => new training.Model(net()).compile({ optimizer: 'adam', loss: 'mse', ...options });

test.each(places)('%s', (_, right, call, taken) => {
  call(right as never);
  for (const [kind, value] of Object.entries(values))
    if (!taken.split(' ').includes(kind)) expect(() => call(value as never), kind).toThrow(gradlab.GradlabError);
});
