// Compiled by tests/types/declarations.test.ts against dist/*.d.ts with TypeScript 5.0.4 (stock tslab's) and the current
// one. Every `@ts-expect-error` line must be an error, and nothing else; the file is never run.
import {
  AutogradError,
  arange,
  type BackwardOptions,
  cat,
  type Dtype,
  data,
  defineOp,
  enableGrad,
  eye,
  full,
  Generator,
  grad,
  hessian,
  type Index,
  jacobian,
  linspace,
  manualSeed,
  max,
  meshgrid,
  nn,
  noGrad,
  notDifferentiable,
  ones,
  optim,
  randint,
  relu,
  slice,
  softmax,
  stack,
  Tensor,
  tensor,
  training,
  vjp,
  where,
  withSaved,
  zeros,
} from 'gradlab';
import { fixed, interact, interactive, plot } from 'gradlab/lab';

/** An error unless `A` and `B` are the same type; `any` is not the same as anything. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
const same = <A, B>(_: Same<A, B>) => undefined;

// Nothing is `any`: were it, these lines would compile.
// @ts-expect-error a tensor is not a string
export const a: string = zeros([3]);
// @ts-expect-error
export const b: string = zeros([3]).data;
// @ts-expect-error
export const c: string = zeros([3]).toArray();
// @ts-expect-error
export const d: string = zeros([3]).grad;
// @ts-expect-error
export const e: string = zeros([3]).ndarray;
// @ts-expect-error
export const f: string = zeros([3]).ndarray.data;
// @ts-expect-error
export const g: string = zeros([3]).tolist();
// @ts-expect-error
export const h: string = zeros([3]).gradFn;
// @ts-expect-error
export const i: string = grad(zeros([]), zeros([]));
// @ts-expect-error
export const j: string = noGrad(() => zeros([]));

const x = tensor([[1, 2]], { requiresGrad: true, dtype: 'float64' });
same<typeof x.data, Float32Array | Float64Array | Int32Array | Uint8Array>(true);
same<typeof x.shape, readonly number[]>(true);
same<typeof x.dtype, Dtype>(true);
same<typeof x.grad, Tensor | null>(true);
same<ReturnType<typeof x.item>, number>(true);
same<ReturnType<typeof x.sum>, Tensor>(true);
same<ReturnType<typeof x.unbind>, readonly Tensor[]>(true);
// @ts-expect-error the same would hold of any
same<typeof x, string>(true);

// Overloads.
same<Tensor, typeof whole>(true);
const whole = x.max();
same<Tensor, typeof along>(true);
const along = max(x, 0, { keepdim: true }).values;
const [gx] = grad(x.sum(), x);
same<typeof gx, Tensor>(true);
same<Tensor[], typeof gs>(true);
const gs = grad([x.sum()], [x, x], { createGraph: true });
same<(Tensor | null)[], typeof some>(true);
const some = grad([x.sum()], [x, x], { allowUnused: true });
same<Tensor, typeof J>(true);
const J = jacobian((v: Tensor) => v.exp(), x);
same<Tensor[][], typeof Js>(true);
const Js = jacobian((v: Tensor, w: Tensor) => [v.mul(w), v], [x, x]);
same<Tensor[][], typeof H>(true);
const H = hessian((v: Tensor, w: Tensor) => v.mul(w).sum(), [x, x]);
same<[Tensor, Tensor[]], typeof product>(true);
const product = vjp((v: Tensor, w: Tensor) => v.mul(w), [x, x], x);
x.view(2, 1).view([1, 2]).permute(0, 1).expand(3, 2).reshape(-1);
eye(2, { dtype: 'int32' });
eye(2, 3);
arange(3, { dtype: 'float32' });
linspace(0, 1, 3);
full([2], true);
tensor(new Float32Array(3));
tensor(x.ndarray);
x.at(0, slice(1), null, '...', [0, 1], x.gt(0));
x.setAt([0, slice(1)], 5).setAt(x.gt(0), x);
meshgrid([x, x], { indexing: 'xy' });
where(x.gt(0), x, 0);
const index: Index = slice(0, 2);
x.at(index);
const options: BackwardOptions = { retainGraph: true };
x.sum().backward(null, options);
x.registerHook((dy) => dy.mul(2));
x.registerHook((dy) => console.log(dy));

// Wrong options, dtypes and arguments.
// @ts-expect-error the option is called keepdim
x.sum(0, { keepDim: true });
// @ts-expect-error the option is called requiresGrad
zeros([3], { requires_grad: true });
// @ts-expect-error
zeros([3], { dtype: 'float16' });
// @ts-expect-error options stand in an object
x.sum(0, true);
// @ts-expect-error
x.add('1');
// @ts-expect-error a nested array is not a tensor
x.add([1, 2]);
// @ts-expect-error
x.mul();
// @ts-expect-error numbers stay numbers
x.matmul(2);
// @ts-expect-error
x.softmax();
// @ts-expect-error
softmax(x);
// @ts-expect-error
cat(x);
// @ts-expect-error
stack([1, 2]);
// @ts-expect-error
tensor(['a']);
// @ts-expect-error
tensor(null);
// @ts-expect-error
x.to('double');
// @ts-expect-error
x.at('a');
// @ts-expect-error
x.setAt(0, 'a');
// @ts-expect-error
x.backward(1);
// @ts-expect-error
grad(x.sum(), x, { createGraph: 1 });
// @ts-expect-error
meshgrid([x], { indexing: 'yx' });
// @ts-expect-error shapes are not assigned to
x.shape[0] = 5;
// @ts-expect-error
x.shape = [2];
// @ts-expect-error there is no such method
x.relu6();
// @ts-expect-error
relu();
// @ts-expect-error results with places have two names
x.max(0).value;

// Internals are not there.
// @ts-expect-error
x.tracked;
// @ts-expect-error
x.viewOf;
// @ts-expect-error
x.movedLast(0);
// @ts-expect-error
x.readAt({ name: 'Index', shape: [0], at: new Int32Array(0) });
// @ts-expect-error
x.gradFn?.inputs;
// @ts-expect-error use tensor()
new Tensor(new Float32Array(1), [1], 0, 'float32');
// @ts-expect-error
x.shape = [1];
// @ts-expect-error
x.shape[0] = 1;
// @ts-expect-error
x.dtype = 'int32';

// History.
const node = x.pow(2).gradFn;
const [[next, output]] = node!.nextFunctions;
same<typeof output, number>(true);
same<string | undefined, typeof nextName>(true);
const nextName = next?.name;
same<unknown, typeof exponent>(true);
const exponent = next?.saved.exponent;

// Custom operations.
const swish = defineOp({
  name: 'swish',
  forward: (x: Tensor, beta: number) => x.mul(x.mul(beta).sigmoid()),
  saves: ['x'],
  vjp: { x: (dy, { x, args: [beta] }) => dy.mul(x.mul(beta)) },
});
same<typeof swish, (x: Tensor, beta: number) => Tensor>(true);
// @ts-expect-error
swish(x);
// @ts-expect-error
swish(x, 'a');
defineOp({
  name: 'product',
  forward: (a: Tensor, b: Tensor, factor: number) => a.mul(b).mul(factor),
  vjp: {
    a: (dy, { b, args: [factor] }) => dy.mul(b).mul(factor),
    // @ts-expect-error the parameters have types: a tensor has no such method
    b: (dy, { a }) => dy.noSuchMethod(a),
  },
});
defineOp({
  name: 'two',
  forward: (a: Tensor, b: Tensor) => a.mul(b),
  // @ts-expect-error the gradient of b is missing
  vjp: { a: (dy, { b }) => dy.mul(b) },
});
defineOp({
  name: 'one',
  forward: (x: Tensor) => x,
  // @ts-expect-error there is no input y
  vjp: { x: (dy) => dy, y: (dy: Tensor) => dy },
});
defineOp({
  name: 'number',
  forward: (x: Tensor) => x,
  // @ts-expect-error a gradient is a tensor
  vjp: { x: () => 1 },
});

// Inputs in any place, any number of them, lists beside tensors.
const blend = defineOp({
  name: 'blend',
  forward: (a: Tensor, weight: number, b: Tensor, note?: string) =>
    a
      .mul(weight)
      .add(b)
      .mul(note === 'x' ? 1 : 2),
  saves: { a: ['b'], b: ['a', 'y'] },
  vjp: {
    a: (dy, { b, args: [weight, note] }) =>
      dy
        .mul(b)
        .mul(weight)
        .mul(note?.length ?? 1),
    b: (dy, { a, y }) => dy.mul(a).mul(y),
  },
});
same<typeof blend, (a: Tensor, weight: number, b: Tensor, note?: string) => Tensor>(true);
defineOp({
  name: 'four',
  forward: (xs: readonly Tensor[], a: Tensor, b: Tensor, c: Tensor) => xs[0].mul(a).mul(b).mul(c),
  saves: ['a', 'd'],
  vjp: { a: (dy, { a, d }, k) => dy.mul(a[k]).mul(d), b: (dy) => dy, c: notDifferentiable, d: () => null },
});
defineOp({
  name: 'unsaved',
  forward: (a: Tensor, b: Tensor) => a.mul(b),
  saves: { a: ['b'] },
  vjp: {
    a: (dy, { b }) => dy.mul(b),
    // @ts-expect-error saves does not name a for b
    b: (dy, { a }) => dy.mul(a),
  },
});
defineOp({
  name: 'nothingSaved',
  forward: (x: Tensor) => x.exp(),
  saves: [],
  // @ts-expect-error saves does not name y
  vjp: { x: (dy, { y }) => dy.mul(y) },
});
defineOp({
  name: 'unknownSaved',
  forward: (a: Tensor, b: Tensor) => a.mul(b),
  // @ts-expect-error there is no input c
  saves: ['c'],
  vjp: { a: (dy) => dy, b: (dy) => dy },
});
defineOp({
  name: 'uncovered',
  forward: (a: Tensor, weight: number, b: Tensor) => a.mul(weight).add(b),
  // @ts-expect-error the tensor behind the number has no derivative
  vjp: { x: (dy: Tensor) => dy },
});
// Where a call does not tell, the places must be given.
// @ts-expect-error is b a number, or left out?
defineOp({
  name: 'unclear',
  forward: (a: Tensor, b: Tensor | number) => a.mul(b),
  saves: [],
  vjp: { a: (dy) => dy, b: (dy) => dy },
});
defineOp({
  name: 'clear',
  forward: (a: Tensor, weight: number, b?: Tensor) => a.mul(weight).add(b ?? 0),
  inputs: [0, 2],
  saves: ['b'],
  vjp: { a: (dy, { b }) => (b === null ? dy : dy.mul(b)), b: (dy) => dy },
});
defineOp({
  name: 'elsewhere',
  forward: (a: Tensor, weight: number, b?: Tensor) => a.mul(weight).add(b ?? 0),
  // @ts-expect-error the second input is the third argument
  inputs: [0, 1],
  saves: [],
  vjp: { a: (dy) => dy, b: (dy) => dy },
});

const parts = defineOp({
  name: 'parts',
  forward: (x: Tensor) => {
    const whole = x.floor();
    return withSaved([x.sub(whole), whole], { whole, bits: 3 });
  },
  vjp: { x: ([dy], { kept: { whole, bits } }) => dy.mul(whole).mul(bits) },
});
same<[Tensor, Tensor], ReturnType<typeof parts>>(true);
defineOp({
  name: 'unknown',
  forward: (x: Tensor) => withSaved(x.exp(), { e: x }),
  // @ts-expect-error nothing of that name was saved
  vjp: { x: (dy, { kept }) => dy.mul(kept.other) },
});

// Data.
const pairs = new data.TensorDataset(x, x);
for (const [input, target] of new data.DataLoader(pairs, { batchSize: 2, shuffle: true })) {
  same<Tensor, typeof input>(true);
  same<Tensor, typeof target>(true);
}
for (const { label, name } of new data.DataLoader([{ label: 1, name: 'a' }])) {
  same<Tensor, typeof label>(true);
  same<string[], typeof name>(true);
}
const [trainingPart] = data.randomSplit(pairs, [0.8, 0.2]);
same<data.Subset<[Tensor, Tensor]>, typeof trainingPart>(true);
class Numbers extends data.Dataset<Promise<number>> {
  readonly length = 3;
  async at(index: number): Promise<number> {
    return index;
  }
}
same<data.DataLoader<Promise<number>, string>, typeof texts>(true);
const texts = new data.DataLoader(new Numbers(), { collateFn: (items) => items.map((v) => v.toFixed()).join() });
// @ts-expect-error parts are datasets
data.randomSplit(pairs, [0.8, 0.2]).at(2) satisfies string;
// @ts-expect-error the items are numbers
new data.DataLoader([1, 2], { collateFn: (items: string[]) => items });
// @ts-expect-error an item is missing
export class Empty extends data.Dataset<number> {}

// Modules, optimizers, figures, errors.
const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
same<Tensor, typeof out>(true);
const out = net.forward(x);
const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
optimizer.step();
// @ts-expect-error
new optim.SGD(net.parameters(), { learningRate: 0.1 });
// @ts-expect-error
new nn.Linear(2);
class Net extends nn.Module {
  layers = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 2)]);
  body: nn.Sequential = new nn.Sequential({ act: new nn.Tanh() });
  scale = new nn.Parameter(ones([1]));
  constructor(readonly depth = 2) {
    super();
  }
  forward(x: Tensor) {
    let y = this.body(x).mul(this.scale);
    for (const layer of this.layers) y = layer(y);
    return y;
  }
}
class Pair extends nn.Module<[a: Tensor, b: Tensor, k?: number], [Tensor, number]> {
  override forward(a: Tensor, b: Tensor, k = 1): [Tensor, number] {
    return [a.add(b), k];
  }
}
same<Tensor, typeof called>(true);
const called = new Net()(x);
same<[Tensor, number], typeof pair>(true);
const pair = new Pair()(x, x, 2);
same<Tensor, typeof lossOfBatch>(true);
const lossOfBatch = new nn.CrossEntropyLoss({ weight: x, labelSmoothing: 0.1 })(x, x);
const hook = new Pair().registerForwardHook((pair, [a, , k], [sum]) => {
  same<Pair, typeof pair>(true);
  same<Tensor, typeof a>(true);
  same<number | undefined, typeof k>(true);
  same<Tensor, typeof sum>(true);
});
hook.remove();
net.registerForwardPreHook((_, [input]) => input.neg());
net.registerFullBackwardHook((_, [gx]) => [gx, gx]);
// @ts-expect-error a hook cannot replace the output by something else
net.registerForwardHook(() => 'text');
same<number, typeof elements>(true);
const elements = nn.summary(net, [1, 2]).parameters;
new optim.lrScheduler.OneCycleLR(optimizer, 0.1, { totalSteps: 10 }).step();
const plateau = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { mode: 'max' });
plateau.step(x);
// @ts-expect-error the metric is missing
plateau.step();
// @ts-expect-error it cannot be stepped without a metric
new optim.lrScheduler.ChainedScheduler([plateau]);
// @ts-expect-error
new optim.lrScheduler.StepLR(optimizer, 3, { factor: 2 });
export const modules: nn.Module[] = [new Net(), new nn.Linear(1, 1), net, new nn.Identity()];
export const mixed: nn.AnyModule[] = [...modules, new Pair(), new nn.MSELoss(), new nn.ModuleList()];
new Net().apply((m) => m instanceof nn.Linear && nn.init.zeros_(m.weight)).eval();
same<Tensor, typeof returned>(true);
const returned = optimizer.step(() => lossOfBatch);
const groups = new optim.Adam([{ params: net.parameters(), lr: 0.1 }, { params: x }], { betas: [0.9, 0.99] });
groups.paramGroups[0].lr = 0.2;
manualSeed(420).manualSeed(2n ** 63n);
randint(3, [2], { generator: new Generator() });
// @ts-expect-error the input is a tensor
new Net()([1, 2]);
// @ts-expect-error a loss takes two tensors
new nn.MSELoss()(x);
// @ts-expect-error a loss module is not a loss
new nn.MSELoss().backward();
// @ts-expect-error
new nn.MSELoss({ reduction: 'avg' });
// @ts-expect-error a plain tensor is not a parameter
new nn.Linear(1, 1).weight = x;
// @ts-expect-error forward is missing
export class Nothing extends nn.Module {}
// @ts-expect-error the parameters come in a list
new optim.SGD(x);
// @ts-expect-error not a tensor
export const o: string = new Net()(x);
// @ts-expect-error
export const k: string = nn;
// @ts-expect-error
export const l: string = plot;
export const m: Error = new AutogradError('m');
export const n: number = enableGrad(() => ones([1]).item());

// Controls derive the types of the parameters, and the other way round.
interact(
  ({ elev, azim, n, name, on, mode, size, when }) => {
    same<[number, number, number], [typeof elev, typeof azim, typeof n]>(true);
    same<[string, boolean], [typeof name, typeof on]>(true);
    same<'a' | 'b', typeof mode>(true);
    same<1 | 2, typeof size>(true);
    same<Date, typeof when>(true);
  },
  {
    elev: [0, 90],
    azim: [-180, 180, 5],
    n: 5,
    name: 'x',
    on: true,
    mode: ['a', 'b'],
    size: { small: 1, large: 2 },
    when: fixed(new Date(0)),
  },
  { start: { elev: 30, mode: 'b' } },
);
// @ts-expect-error there is no such control
interact(({ nothing }) => nothing, { elev: [0, 90] });
// @ts-expect-error 'c' is not an option
interact(({ mode }) => mode, { mode: ['a', 'b'] }, { start: { mode: 'c' } });
const turned = ({ elev, azim = 0 }: { elev: number; azim?: number }) => elev + azim;
interact(turned, { elev: [0, 90], azim: [0, 9] });
// @ts-expect-error elev is missing
interact(turned, { azim: [0, 9] });
// @ts-expect-error elev is a number
interact(turned, { elev: 'high' });
same<number | undefined, typeof doubled.result>(true);
same<{ n: number }, typeof doubled.values>(true);
const doubled = interactive(async ({ n }) => n * 2, { n: 5 });

// What a Sequential is made of.
const linear = () => new nn.Linear(2, 2);
const numbersOfRows = [x.length, x.t().length];
const made = new nn.Sequential(linear(), new nn.ReLU(), linear());
same<nn.Parameter, typeof firstWeight>(true);
const firstWeight = made.at(0).weight;
same<[nn.Linear, nn.ReLU, nn.Linear], [ReturnType<typeof made.at<-1>>, ReturnType<typeof made.at<-2>>, typeof last]>(
  true,
);
const last = made.at(2);
// @ts-expect-error a ReLU has no weight
made.at(1).weight;
// @ts-expect-error which of them is not known
made.at(numbersOfRows[0]).weight;
same<nn.Module, typeof outside>(true);
const outside = made.at(3);
same<nn.Linear, typeof copied>(true);
const copied = new nn.Sequential(...numbersOfRows.map(linear)).at(numbersOfRows[0]);
const some5: nn.Module[] = [linear()];
same<nn.Module, typeof ofMany>(true);
const ofMany = new nn.Sequential(...some5).at(0);
const between = new nn.Sequential(linear(), ...some5, new nn.ReLU());
same<[nn.Linear, nn.ReLU], [ReturnType<typeof between.at<0>>, ReturnType<typeof between.at<-1>>]>(true);
export const anyOf: nn.Module = between.at(1);
// @ts-expect-error it may be any module
between.at(1).weight;
const nested = new nn.Sequential(new nn.Sequential(linear()), new nn.ReLU()).at(0).at(0).inFeatures;
same<number, typeof nested>(true);
export const asModules: [nn.Sequential, nn.Module, nn.AnyModule, nn.ModuleList<nn.Sequential>] = [
  made,
  made,
  between,
  new nn.ModuleList<nn.Sequential>([made, between]),
];
new nn.Sequential({ hidden: linear(), act: new nn.Tanh() }).append(new nn.ReLU()).at(1).training;
// @ts-expect-error it needs modules
new nn.Sequential(linear(), 3);
// @ts-expect-error a loss takes two tensors
new nn.Sequential(new nn.MSELoss());
class Wide extends nn.Sequential<[nn.Linear, nn.ReLU]> {
  constructor() {
    super(linear(), new nn.ReLU());
  }
  get bias() {
    return this.at(0).bias;
  }
}
same<nn.Parameter | null, Wide['bias']>(true);

// A module is called, but is no function otherwise; a class may use the names itself.
// @ts-expect-error
made.call(null, x);
// @ts-expect-error
made.bind(null);
// @ts-expect-error
made.name;
// @ts-expect-error
made.length;
class Named extends nn.Module {
  length = 3;
  bind = linear();
  constructor(readonly name: string) {
    super();
  }
  override call(x: Tensor) {
    return this.bind(x);
  }
  forward(x: Tensor) {
    return this.call(x);
  }
}
same<[string, number], [Named['name'], Named['length']]>(true);
export const named: nn.Module = new Named('a');

// Rows.
for (const row of x) same<Tensor, typeof row>(true);
const [row0, ...rows] = x;
same<[Tensor, Tensor[]], [typeof row0, typeof rows]>(true);
same<number, typeof x.length>(true);
for (const row of new data.DataLoader(x)) same<Tensor, typeof row>(true);
// @ts-expect-error one tensor is no list of them
new nn.ParameterList(x);
new optim.SGD(new nn.ParameterList([x]), { lr: 0.1 });
new optim.SGD(new Set([x]), { lr: 0.1 });
new optim.SGD([{ params: x }], { lr: 0.1 });
JSON.stringify({ x, net: made, optimizer });

// Names of numbers that a training monitors are those that its epochs have.
{
  const net = new nn.Linear(2, 1);
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
  const { earlyStopping, reduceOnPlateau, checkpoints, metrics } = training;
  const rows = { x: tensor([[1, 2]]), y: tensor([[1]]) };
  const common = { loss: nn.functional.mseLoss, optimizer, epochs: 1 };
  const own = {
    r2: metrics.r2(),
    'max off': (output: Tensor, target: Tensor) => output.sub(target).abs().max(),
    table: metrics.confusion(),
  };
  const { history } = training.fit(net, rows, {
    ...common,
    metrics: own,
    callbacks: [
      earlyStopping({ monitor: 'valR2', patience: 3 }),
      earlyStopping({ monitor: 'valMax off', mode: 'min', name: 'other' }),
      reduceOnPlateau({ monitor: 'r2' }),
      checkpoints('run', { monitor: 'valLoss' }),
      checkpoints('run'),
      training.csv('run.csv'),
      training.weightAveraging(),
      (epoch, logs) => epoch < 3 && logs.loss! > 0,
      { name: 'own', onEpochEnd: (_, logs, run) => run.stop(String(logs.loss)) },
    ],
  });
  same<number[], typeof history.r2>(true);
  same<number[][][], typeof history.table>(true);
  same<number[] | undefined, typeof history.valR2>(true);
  // @ts-expect-error there is no such metric
  history.f1;
  // @ts-expect-error misspelt
  training.fit(net, rows, { ...common, metrics: own, callbacks: [earlyStopping({ monitor: 'valR' })] });
  // @ts-expect-error a table is no number
  training.fit(net, rows, { ...common, metrics: own, callbacks: [reduceOnPlateau({ monitor: 'table' })] });
  // @ts-expect-error accuracy is not among the metrics
  training.fit(net, rows, { ...common, metrics: own, callbacks: [checkpoints('run', { monitor: 'valAccuracy' })] });
  // Without metrics there may be accuracy.
  training.fit(net, rows, { ...common, callbacks: [earlyStopping({ monitor: 'valAccuracy' })] });
  // @ts-expect-error misspelt
  training.fit(net, rows, { ...common, callbacks: [earlyStopping({ monitor: 'valLos' })] });
  // @ts-expect-error misspelt
  training.fit(net, rows, { ...common, callbacks: [reduceOnPlateau({ monitor: 'val_loss' })] });
  // @ts-expect-error misspelt
  training.fit(net, rows, { ...common, callbacks: [checkpoints('run', { monitor: 'acc' })] });
  const { loss, r2 } = training.evaluate(net, rows, { metrics: own });
  same<number, typeof loss>(true);
  same<number, typeof r2>(true);
  // @ts-expect-error without metrics it is a classifier's
  training.evaluate(net, rows).r2;
}
