// Layers and tensors that a module holds where its listings do not look: it warns once, and only if one is unlisted.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { func, nn, optim, randn, type Tensor, tensor } from '../../src';

let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'warn').mockImplementation((...all) => {
    said.push(all.join(' '));
  });
});
afterEach(() => vi.restoreAllMocks());

const linear = () => new nn.Linear(2, 2);
const trained = () => tensor([1, 2], { requiresGrad: true });

/** A net with one listed layer, and a property. */
function netWith(held: unknown | ((net: { listed: nn.Linear }) => unknown)): nn.AnyModule {
  class Net extends nn.Module {
    listed = linear();
    held: unknown = null;
    forward(x: Tensor): Tensor {
      return this.listed(x);
    }
  }
  const net = new Net();
  net.held = typeof held === 'function' && !(held instanceof nn.Module) ? held(net) : held;
  return net;
}

class Helper {
  readonly inner = linear();
}

const left: [string, () => unknown, string][] = [
  [
    'an array',
    () => [linear()],
    'held[0] (Linear) is in a plain array, where parameters(), stateDict() and train() do not look: make it new nn.ModuleList',
  ],
  ['an array, after other things', () => [1, 'two', null, linear()], 'held[3] (Linear) is in a plain array'],
  ['an array of arrays', () => [[], [linear()]], 'held[1][0] (Linear) is in a plain array'],
  [
    'a Map',
    () => new Map([['a', linear()]]),
    "held.get('a') (Linear) is in a Map, where parameters(), stateDict() and train() do not look: make it new nn.ModuleDict",
  ],
  ['keys of a Map', () => new Map([[linear(), 1]]), '(a key of a Map) (Linear)'],
  [
    'a Set',
    () => new Set([linear()]),
    'held (a Set) (Linear) is in a Set, where parameters(), stateDict() and train() do not look: make it new nn.ModuleList',
  ],
  ['an object', () => ({ encoder: linear() }), 'held.encoder (Linear) is in an object'],
  ['objects in arrays', () => [{ q: linear() }], 'held[0].q (Linear)'],
  ['an object of a class', () => new Helper(), 'held.inner (Linear) is in an object'],
  ['a net in an array', () => [new nn.Sequential(linear(), new nn.ReLU())], 'held[0] (Sequential)'],
  ['batch normalization without parameters', () => [new nn.BatchNorm1d(2, { affine: false })], 'held[0] (BatchNorm1d)'],
  ['dropout, which eval() would not reach', () => [new nn.Dropout(0.5)], 'held[0] (Dropout)'],
  [
    'a plain tensor',
    trained,
    'held is a plain tensor that requires a gradient, which parameters() and stateDict() leave out: make it new nn.Parameter',
  ],
  ['tensors in an array', () => [trained()], 'held[0] (a tensor that requires a gradient) is in a plain array'],
  ['parameters in an array', () => [new nn.Parameter(tensor([1]))], 'nn.ParameterList'],
  ['parameters in an object', () => ({ w: new nn.Parameter(tensor([1])) }), 'nn.ParameterDict'],
];
test.each(left)('%s', (_, make, text) => {
  for (const listing of [
    (net: nn.AnyModule) => net.parameters(),
    (net: nn.AnyModule) => net.namedParameters(),
    (net: nn.AnyModule) => net.stateDict(),
    (net: nn.AnyModule) => new optim.SGD(new nn.Sequential(net as nn.Module).parameters(), { lr: 1 }),
  ]) {
    said.length = 0;
    const net = netWith(make());
    listing(net);
    listing(net);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`Net: `);
    expect(said[0]).toContain(text);
  }
});

test('what is added after a listing is found by the next one', () => {
  const layers: nn.Linear[] = [];
  const net = netWith(() => layers);
  net.parameters();
  layers.push(linear());
  expect(said).toEqual([]);
  net.parameters();
  expect(said).toHaveLength(1);
});

test('a class with a hundred instances warns once for each property', () => {
  class Two extends nn.Module {
    a = [linear()];
    b = { inner: linear() };
    forward(x: Tensor): Tensor {
      return x;
    }
  }
  for (let i = 0; i < 100; i++) new Two().parameters();
  expect(said.map((text) => text.slice(0, 9))).toEqual(['Two: a[0]', 'Two: b.in']);
});

const right: [string, () => nn.AnyModule][] = [
  ['nn.ModuleList', () => netWith(new nn.ModuleList([linear()]))],
  ['nn.ModuleDict', () => netWith(new nn.ModuleDict({ a: linear() }))],
  ['nn.ParameterList', () => netWith(new nn.ParameterList([trained()]))],
  ['nn.ParameterDict', () => netWith(new nn.ParameterDict({ a: trained() }))],
  ['a parameter', () => netWith(new nn.Parameter(tensor([1])))],
  ['a buffer', () => netWith(new nn.Buffer(tensor([1])))],
  [
    'layers that are properties as well',
    () => netWith((net: { listed: nn.Linear }) => [net.listed, { again: net.listed }]),
  ],
  ['parameters of layers that are properties', () => netWith((net: { listed: nn.Linear }) => [net.listed.weight])],
  ['a frozen layer in an array', () => netWith([linear().requiresGrad_(false)])],
  [
    'a frozen net with batch normalization',
    () => netWith([new nn.Sequential(linear(), new nn.BatchNorm1d(2)).requiresGrad_(false)]),
  ],
  ['a function that returns a layer', () => ((layer) => netWith(() => () => layer))(linear())],
  ['activations in an array', () => netWith([new nn.ReLU(), new nn.Tanh(), new nn.Flatten()])],
  ['an activation of an earlier call', () => netWith((net: { listed: nn.Linear }) => net.listed(randn([1, 2])))],
  ['activations of earlier calls', () => netWith((net: { listed: nn.Linear }) => [net.listed(randn([1, 2]))])],
  ['a plain tensor', () => netWith(tensor([1]))],
  ['an optimizer of its own parameters', () => netWith((net: nn.AnyModule) => new optim.Adam(net.parameters()))],
  ['itself, cyclic', () => netWith((net: nn.AnyModule) => ({ net, again: [net] }))],
  ['infinite numbers', () => netWith(Array.from({ length: 100_000 }, (_, i) => i))],
  [
    'a layer of the library with lists',
    () => new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.LayerNorm([2, 2]), new nn.TransformerEncoderLayer(8, 2)),
  ],
  ['a parametrization', () => nn.utils.parametrizations.weightNorm(linear())],
  ['a copy', () => netWith(new nn.ModuleList([linear()])).clone()],
];
test.each(right)('no warning: %s', (_, make) => {
  const net = make();
  net.parameters();
  net.stateDict();
  expect(said).toEqual([]);
});

test('no warning while a function temporarily replaces parameters', () => {
  const net = new nn.Sequential(linear());
  const parameters = Object.fromEntries(
    net.namedParameters().map(([name, p]) => [name, p.detach().clone().requiresGrad_()]),
  );
  class Asking extends nn.Module {
    inner = net;
    forward(x: Tensor): Tensor {
      this.parameters();
      return this.inner(x);
    }
  }
  const asking = new Asking();
  const held = Object.fromEntries(Object.entries(parameters).map(([name, p]) => [`inner.${name}`, p]));
  func.functionalCall(asking, held, [randn([1, 2])]);
  expect(said).toEqual([]);
});
