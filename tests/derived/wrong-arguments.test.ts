// Whatever is given in the place of a right argument, a public function, method or class works or throws one of the library's errors,
// and leaves what it was given as it was.
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { GradlabError, nn, ones, optim, Tensor, tensor, zeros } from '../../src';
import { type Call, exported, run } from '../support/exports';
import { entries } from '../support/op-samples';

const sgd = () => new optim.SGD([tensor([1, 2], { requiresGrad: true })], { lr: 0.1 });

const wrong: [string, () => unknown][] = [
  ['null', () => null],
  ['undefined', () => undefined],
  ['a number', () => 7],
  ['a text', () => 'seven'],
  ['an object', () => ({ a: 1 })],
  ['an empty list', () => []],
  ['NaN', () => Number.NaN],
  ['-1', () => -1],
  ['1.5', () => 1.5],
  ['a function', () => () => 1],
  ['a tensor of another shape', () => ones([3, 5, 1])],
  ['true', () => true],
  ['a bigint', () => 2n],
  ['a symbol', () => Symbol('seven')],
  ['a list of a symbol', () => [Symbol('seven')]],
  ['an object without a prototype', () => Object.create(null)],
  ['a list with a hole', () => Object.assign([1], { 2: 2 })],
  ['a list in itself', circle],
];

function circle(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

/** Arguments of many kinds: where they are wrong themselves, that is one more case. */
const bases: (() => unknown[])[] = [
  () => [ones([2, 2]), ones([2, 2]), ones([2, 2]), ones([2, 2])],
  () => [ones([2, 3]), 1, 0, {}],
  () => [ones([1, 2, 4, 4]), 2, { stride: 1 }],
  () => [ones([1, 2, 4, 4]), ones([1, 2, 3, 3]), ones([1]), {}],
  () => [2, 3, 1, {}],
  () => [{ scaleFactor: 2 }],
  () => [ones([2, 3]), { mode: 'max' }],
  () => [[2, 3], { dtype: 'float32' }],
  () => [[ones([2, 2]), ones([2, 2])], 0],
  () => [ones([2, 3]), [0, 1], {}],
  () => [ones([2, 3]), tensor([0, 1]), {}],
  () => [sgd(), 2, 1, {}],
  () => [[new optim.lrScheduler.StepLR(sgd(), 1)], sgd(), [1]],
  () => [new nn.Linear(2, 2), 'weight', new nn.Tanh(), {}],
  () => [(x: unknown) => (x instanceof Tensor ? x.sum() : ones([])), ones([2]), {}],
  () => [new nn.Linear(2, 1), { x: ones([4, 2]), y: ones([4, 1]) }, { lossFn: nn.functional.mseLoss, epochs: 1 }],
  () => [new gradlab.data.TensorDataset(ones([4, 2]), ones([4])), [2, 2], {}],
];

/** What the program around is changed by, what writes files or downloads, and what takes too long with its defaults. */
const left =
  /^(manualSeed|seed|set(NumThreads|GradEnabled|DetectAnomaly)|useDeterministic|keepFreed|display|io\.save|data\.fashionMnist|nn\.Transformer$|.*Error$)/;

/** What only the library calls, with what it has checked. */
const internal = new Set([
  'Tensor',
  ...[
    'become',
    'updatedMean',
    'arranged',
    'converted',
    'pick',
    'readView',
    'writeView',
    'spreadView',
    'readAt',
    'writeAt',
    'writeAt_',
    'reducedAt',
    'reducedAt_',
  ],
  ...['recurrence', 'constantPad', 'col2im', 'dirichletSample', 'optim.Optimizer', 'io.FileRows', 'io.SafetensorsFile'],
]);
const functions = exported.filter(([name]) => !left.test(name) && !internal.has(name));

/** What is in a value, to be compared: tensors with their versions. */
const snapshot = (value: unknown, depth = 0): unknown =>
  value instanceof Tensor
    ? [value.version, value.shape, value.tolist(), value.requiresGrad]
    : typeof value === 'bigint' || depth > 8 // which JSON does not write, and a list in itself
      ? String(typeof value)
      : Array.isArray(value)
        ? value.map((one) => snapshot(one, depth + 1))
        : typeof value === 'object' && value !== null
          ? Object.entries(value).map(([k, v]) => [k, snapshot(v, depth + 1)])
          : value;

/** Whether a value contains an invalid tensor: with wrong sizes, or positions outside of its memory. */
function hasImpossible(value: unknown, depth = 0): boolean {
  if (depth > 8) return false; // a list in itself
  if (value instanceof Tensor) {
    const { shape, stride, offset, memory } = value;
    const ends = shape.map((n, d) => Math.max(n - 1, 0) * stride[d]!);
    const first = ends.reduce((at, end) => at + Math.min(end, 0), offset);
    const last = ends.reduce((at, end) => at + Math.max(end, 0), offset);
    const isWhole = [...shape, ...stride, offset].every(Number.isInteger) && shape.every((n) => n >= 0);
    return !isWhole || (!shape.includes(0) && (first < 0 || last >= memory.length));
  }
  if (Array.isArray(value)) return value.some((one) => hasImpossible(one, depth + 1));
  const plain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return plain && Object.values(value).some((one) => hasImpossible(one, depth + 1));
}

/** Whether a message has what JavaScript prints for objects, or a name that programs cannot use. */
const isUnreadable = (message: string): boolean =>
  /\[object \w+\]/.test(message) || (/\b[a-z]+[A-Z]\w*/.exec(message)?.some((word) => internal.has(word)) ?? false);

/** What changes what it is given, where that is right. */
const changing = /_$|^setAt$|^optim\.(lrScheduler|swaUtils)|^nn\.utils\.parametri/;

/** The raw errors of a call with every wrong thing in every place. */
async function faults(name: string, make: () => unknown[], run: (args: unknown[]) => unknown): Promise<string[]> {
  const found: string[] = [];
  const count = make().length;
  for (let place = 0; place < count; place++)
    for (const [what, value] of wrong) {
      const args = make();
      args[place] = value();
      const before = JSON.stringify(snapshot(args));
      let isRefused = false;
      try {
        if (hasImpossible(await run(args))) found.push(`${name}: an impossible tensor, with ${what} in place ${place}`);
      } catch (error) {
        isRefused = true;
        if (!(error instanceof GradlabError) || isUnreadable(error.message))
          found.push(`${name}: ${what} in place ${place}: ${error}`);
      }
      if ((isRefused || !changing.test(name)) && JSON.stringify(snapshot(args)) !== before)
        found.push(`${name}: changed its arguments, with ${what} in place ${place}`);
    }
  return found;
}
describe('functions and classes', () => {
  test.each(functions)('%s', async (name, call) => {
    const found: string[] = [];
    for (const base of bases) found.push(...(await faults(name, base, (args) => run(call, args))));
    expect(found).toEqual([]);
  });
});

const methods = Object.getOwnPropertyNames(Tensor.prototype).filter((name) => {
  const { value } = Object.getOwnPropertyDescriptor(Tensor.prototype, name)!;
  return typeof value === 'function' && name !== 'constructor' && !internal.has(name);
});
describe('methods', () => {
  test.each(methods)('%s', async (name) => {
    const found: string[] = [];
    const run = (args: unknown[]) => {
      const [x, ...rest] = args;
      if (x instanceof Tensor) return (x as unknown as Record<string, Call>)[name](...rest);
    };
    for (const base of bases) if (base()[0] instanceof Tensor) found.push(...(await faults(name, base, run)));
    expect(found).toEqual([]);
  });
});

/** The options of a call, from what it says of one that it does not have; none if it does not get there. */
async function optionsOf(run: (args: unknown[]) => unknown, make: () => unknown[], place: number): Promise<string[]> {
  const args = make();
  args[place] = { thereIsNone: 1 };
  try {
    await run(args);
  } catch (error) {
    const [, names] = /he options are (.*)/.exec((error as Error).message) ?? [];
    return names?.split(', ') ?? [];
  }
  return [];
}

/** Options that may be any string; all others are not strings, or one of a list. */
const anyText = /^(name|description|file|label|title|monitor)$/;

/** What a call does that it may not, with every wrong thing for every option that it has. */
async function faultsOfOptions(name: string, run: (args: unknown[]) => unknown): Promise<string[]> {
  const found = new Set<string>();
  const tried = new Set<string>();
  for (const base of bases)
    for (let place = 0; place <= base().length; place++)
      for (const option of await optionsOf(run, base, place))
        for (const [what, value] of wrong) {
          const args = base();
          args[place] = { [option]: value() };
          tried.add(option);
          try {
            if (hasImpossible(await run(args))) found.add(`${name}: an impossible tensor, with ${what} for ${option}`);
            if (value() === 'seven' && !anyText.test(option)) found.add(`${name}: takes a text for ${option}`);
          } catch (error) {
            if (!(error instanceof GradlabError) || isUnreadable(error.message))
              found.add(`${name}: ${what} for ${option}: ${error}`);
          }
        }
  for (const option of tried) optionsTried.add(`${name} ${option}`);
  return [...found];
}
const optionsTried = new Set<string>();

describe('options', () => {
  test.each(functions)('of %s', async (name, call) => {
    expect(await faultsOfOptions(name, (args) => run(call, args))).toEqual([]);
  });
  test.each(methods)('of the method %s', async (name) => {
    const run = (args: unknown[]) => {
      const [x, ...rest] = args;
      if (x instanceof Tensor) return (x as unknown as Record<string, Call>)[name](...rest);
    };
    expect(await faultsOfOptions(name, run)).toEqual([]);
  });
  test('are found', () => expect([...optionsTried].length).toBeGreaterThan(300));
});

/** Methods of objects, each with arguments that are right. */
const steps: [string, () => [object, string, ...unknown[]]][] = [
  ['Module.loadStateDict', () => [new nn.Linear(2, 2), 'loadStateDict', new nn.Linear(2, 2).stateDict(), {}]],
  ['Module.stateDict', () => [new nn.Linear(2, 2), 'stateDict', {}]],
  ['Module.clone', () => [new nn.Linear(2, 2), 'clone', 1]],
  ['Module.to', () => [new nn.Linear(2, 2), 'to', 'float64']],
  ['Module.apply', () => [new nn.Linear(2, 2), 'apply', () => {}]],
  ['Module.train', () => [new nn.Linear(2, 2), 'train', true]],
  ['Module.zeroGrad', () => [new nn.Linear(2, 2), 'zeroGrad', {}]],
  ['Module.registerBuffer', () => [new nn.Linear(2, 2), 'registerBuffer', 'seen', ones([1]), {}]],
  ['Module.registerParameter', () => [new nn.Linear(2, 2), 'registerParameter', 'free', new nn.Parameter(ones([1]))]],
  ['Module.addModule', () => [new nn.Linear(2, 2), 'addModule', 'free', new nn.Tanh()]],
  ['Module.registerForwardHook', () => [new nn.Linear(2, 2), 'registerForwardHook', () => undefined]],
  ['Optimizer.loadStateDict', () => [sgd(), 'loadStateDict', sgd().stateDict()]],
  ['Optimizer.addParamGroup', () => [sgd(), 'addParamGroup', { params: [tensor([1], { requiresGrad: true })] }]],
  ['Optimizer.zeroGrad', () => [sgd(), 'zeroGrad', {}]],
  ['Optimizer.step', () => [sgd(), 'step', () => 1]],
  ['LBFGS.step', () => [new optim.LBFGS([tensor([1], { requiresGrad: true })]), 'step', () => tensor(1)]],
  [
    'LRScheduler.loadStateDict',
    () => [new optim.lrScheduler.StepLR(sgd(), 1), 'loadStateDict', new optim.lrScheduler.StepLR(sgd(), 1).stateDict()],
  ],
  ['ReduceLROnPlateau.step', () => [new optim.lrScheduler.ReduceLROnPlateau(sgd()), 'step', 1]],
  [
    'AveragedModel.updateParameters',
    () => [new optim.swaUtils.AveragedModel(new nn.Linear(2, 2)), 'updateParameters', new nn.Linear(2, 2)],
  ],
  ['TransformerEncoderLayer', () => [encoderLayer(), 'forward', ones([2, 1, 2]), { isCausal: false }]],
  ['TransformerDecoderLayer', () => [decoderLayer(), 'forward', ones([2, 1, 2]), ones([2, 1, 2]), {}]],
  ['TransformerEncoder', () => [new nn.TransformerEncoder(encoderLayer(), 1), 'forward', ones([2, 1, 2]), {}]],
  [
    'TransformerDecoder',
    () => [new nn.TransformerDecoder(decoderLayer(), 1), 'forward', ones([2, 1, 2]), ones([2, 1, 2]), {}],
  ],
  ['Transformer', () => [new nn.Transformer(small), 'forward', ones([2, 1, 2]), ones([2, 1, 2]), {}]],
  ['DecisionTree.fit', () => [new gradlab.trees.DecisionTreeRegressor(), 'fit', [[1], [2]], [1, 2], {}]],
  [
    'DecisionTree.predict',
    () => [new gradlab.trees.DecisionTreeClassifier().fit([[1], [2]], [0, 1]), 'predict', [[1], [2]]],
  ],
  ['RandomForest.fit', () => [new gradlab.trees.RandomForestClassifier({ nEstimators: 2 }), 'fit', [[1], [2]], [0, 1]]],
  ['TensorDataset.at', () => [new gradlab.data.TensorDataset(ones([2, 2])), 'at', 0]],
];
const encoderLayer = () => new nn.TransformerEncoderLayer(2, 1, { dimFeedforward: 2 });
const decoderLayer = () => new nn.TransformerDecoderLayer(2, 1, { dimFeedforward: 2 });
const small = { dModel: 2, nhead: 1, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 2 };

describe('methods of objects', () => {
  test.each(steps)('%s', async (name, make) => {
    const found = await faults(
      `${name}_`,
      () => make().slice(2),
      (args) => {
        const [object, method] = make();
        return (object as Record<string, Call>)[method](...args);
      },
    );
    expect(found).toEqual([]);
  });

  test.each(Object.keys(small))('Transformer, %s', (name) => {
    for (const [what, value] of wrong) {
      if (what === 'undefined') continue;
      try {
        new nn.Transformer({ ...small, [name]: value() });
      } catch (error) {
        expect(error, what).toBeInstanceOf(GradlabError);
      }
    }
  });
});

describe('null in the place of options', () => {
  const optimizers = { ...optim, ...gradlab.training };
  const isOptimizer = (of: unknown) => (of as { prototype?: unknown }).prototype instanceof optim.Optimizer;
  const all = Object.entries<unknown>(optimizers).filter(([, of]) => isOptimizer(of));
  test.each(all)('%s', (_, of) => {
    for (const options of [null, 1, 'lr', [1], () => 1])
      expect(() => Reflect.construct(of as Call, [[tensor([1], { requiresGrad: true })], options])).toThrow(
        gradlab.ValueError,
      );
  });
  test('are tried', () => expect(all.length).toBeGreaterThan(15));
});

/** Calls with a number as the only input, named by its place. */
const withNumbers: [string, (n: unknown) => unknown][] = [
  ['full', (n) => gradlab.full([2], n as number)],
  ['fullLike', (n) => gradlab.fullLike(ones([2]), n as number)],
  ['floatPower', (n) => ones([2]).floatPower(n as number)],
  ['quantile', (n) => ones([2]).quantile(n as number)],
  ['searchsorted', (n) => gradlab.searchsorted(ones([2]), n as number)],
  ['threshold', (n) => nn.functional.threshold(ones([2]), n as number, 1)],
  ['the value of threshold', (n) => nn.functional.threshold(ones([2]), 0, n as number)],
  ['elu', (n) => nn.functional.elu(ones([2]), { alpha: n as number })],
  ['softplus', (n) => nn.functional.softplus(ones([2]), { beta: n as number })],
  ['leakyRelu', (n) => nn.functional.leakyRelu(ones([2]), { negativeSlope: n as number })],
  ['round', (n) => ones([2]).round({ decimals: n as number })],
  ['std', (n) => ones([2]).std(0, { correction: n as number })],
  ['layerNorm', (n) => nn.functional.layerNorm(ones([2]), [2], { eps: n as number })],
  ['BatchNorm1d', (n) => new nn.BatchNorm1d(2, { momentum: n as number })],
  ['scaledDotProductAttention', (n) => attend({ scale: n as number })],
  ['view', (n) => ones([1]).view(n as number)],
  ['narrow', (n) => ones([7]).narrow(0, n as number, 0)],
  ['kthvalue', (n) => ones([7]).kthvalue(n as number)],
];
const attend = (options: { scale: number }) =>
  nn.functional.scaledDotProductAttention(ones([1, 2, 2]), ones([1, 2, 2]), ones([1, 2, 2]), options);

describe('a text in the place of a number is refused, though it could be read as one', () => {
  test.each(withNumbers)('%s', (_, call) => {
    for (const n of ['seven', '1', '', 1n]) expect(() => call(n), String(n)).toThrow(GradlabError);
    expect(() => call(1)).not.toThrow();
  });
  test('and in that of a truth value', () => {
    const options = { bias: 'false' } as unknown as { bias: boolean };
    expect(() => new nn.LayerNorm([2], options)).toThrow(GradlabError);
    const kept = { keepdim: 1 } as unknown as { keepdim: boolean };
    expect(() => ones([2]).sum(0, kept)).toThrow('sum: keepdim must be true or false, got 1');
  });
});

test('more entries than there is memory for', () => {
  expect(() => ones([2]).repeatInterleave(1e12)).toThrow('takes 8000 GB');
});

test('are tried', () => {
  expect(functions.length).toBeGreaterThan(400);
  expect(entries.length + methods.length + Object.keys(nn).length + Object.keys(optim).length).toBeGreaterThan(600);
});

test.each<[string, () => unknown, string]>([
  ['zeros', () => zeros([1e5, 1e5]), 'a float32 tensor of 10000000000 elements takes 40 GB'],
  ['float64', () => zeros([1e5, 1e5], { dtype: 'float64' }), 'takes 80 GB'],
  [
    'a stretched view',
    () =>
      ones([1])
        .expand(2 ** 20, 2 ** 20)
        .add(1),
    'takes 4400 GB',
  ],
  ['distances', () => gradlab.cdist(ones([1, 1]).expand(2 ** 20, 1), ones([1, 1]).expand(2 ** 20, 1)), 'GB'],
])('more memory than can be had: %s', (_, call, message) => {
  expect(call).toThrow(GradlabError);
  expect(call).toThrow(message);
});
