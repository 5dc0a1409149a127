// Messages that name an option, a function or a command: following the advice works. Each message is triggered, its
// advice is taken from its text and put into the program, and that runs.
import { expect, test } from 'vitest';
import * as gradlab from '../../src';
import { GradlabError } from '../../src';
import * as lab from '../../src/lab';

/** A program, what is wrong, what of its message is the advice, and with it what is right: `$1` is the first part of the advice. */
type Row = readonly [before: string, wrong: string, advice: RegExp, right: string];

const run = 'const x = ones([4, 1]), y = ones([4, 1]), net = new nn.Linear(1, 1), loss = nn.functional.mseLoss;';
const fit = `${run} const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 }), base = { loss, optimizer, epochs: 1 };`;
const loader = `${fit} const loader = new data.DataLoader(new data.TensorDataset(x, y), { batchSize: 2 });`;
const model = `${run} const model = new training.Model(net);`;
const sgd = 'const optimizer = new optim.SGD([new nn.Parameter(ones([1]))], { lr: 1, momentum: 0.9 });';
const dataset = 'const dataset = new data.TensorDataset(ones([5, 1])), sampler = new data.RandomSampler(dataset);';
const space = 'const space = tuner.space({ a: tuner.int(0, 3) });';
const search = `${space} const search = new tuner.Search(space, { trials: 3 });`;
const table = 'const X = [[1], [2]], y = [0, 1], model = new trees.DecisionTreeClassifier();';
const leaf = 'const x = tensor([1, 2], { requiresGrad: true });';
const ints = 'const x = tensor([2], { dtype: "int32" });';
const bools = 'const a = tensor([true]), b = tensor([false]);';
const pair = 'const x = tensor([1, 2]);';
const linear = 'const m = new nn.Linear(1, 1);';

const rooms: Readonly<Record<string, readonly Row[]>> = {
  tensor: [
    ['const x = ones([2, 3, 4]), dim0 = 0, dim1 = 1;', 'x.t()', /use (transpose\(dim0, dim1\))/, 'x.$1'],
    ['const x = ones([3, 4]).t();', 'x.view(12)', /use (reshape)\(\)/, 'x.$1(12)'],
    ['const x = tensor(2);', '[...x]', /use (item\(\))/, 'x.$1'],
    [pair, 'x.item()', /use (tolist\(\))/, 'x.$1'],
    [pair, 'ones([2, 2]).item()', /with (at)\(…\)/, 'ones([2, 2]).$1(0, 1).item()'],
    ['const d = new ArrayBuffer(8);', 'tensor(d)', /as in (\{ dtype: 'float32' \})/, 'tensor(d, $1)'],
    [
      'const d = new DataView(new ArrayBuffer(8));',
      'tensor(d)',
      /its (buffer) with .* as in (\{.*\})/,
      'tensor(d.$1, $2)',
    ],
    [pair, 'x.to("float16")', /use one of (\w+)/, 'x.to("$1")'],
    [pair, 'x.to("cuda")', /\((to\('float64'\)) converts/, 'x.$1'],
    [pair, 'zeros(x)', /as in (\[2, 3\])/, 'zeros($1)'],
    ['', 'randn([2], { dtype: "int32" })', /use (randint)\(\)/, '$1(0, 9, [2])'],
    [
      'const h = 2 ** 40;',
      'randint(0, h, [2], { dtype: "int32" })',
      /use (\w+)$/,
      'randint(0, h, [2], { dtype: "$1" })',
    ],
    ['const x = tensor([3e9]);', 'x.add(tensor([3e9], { dtype: "int32" }))', /as (x\.to\('float64'\))/, '$1'],
    ['', 'tensor([300], { dtype: "uint8" })', /use (int32) or/, 'tensor([300], { dtype: "$1" })'],
    ['', 'new Generator(5)', /write (new Generator\(\)\.manualSeed\(5\))/, '$1'],
  ],
  ops: [
    [bools, 'a.sub(b)', /use (logicalNot)\(\) or (ne)\(\)/, 'a.$1().$2(b)'],
    [bools, 'a.neg()', /convert with (to\('int32'\))/, 'a.$1.neg()'],
    [pair, 'x.add([1, 2])', /with (tensor\()…/, 'x.add($1[1, 2]))'],
    [pair, 'x.maskedFill(tensor([1, 0]), 5)', /as in (x\.gt\(0\))/, 'x.maskedFill($1, 5)'],
    [pair, 'where(tensor([1, 0]), x, x)', /as in (x\.gt\(0\))/, 'where($1, x, x)'],
    [pair, 'x.maskedSelect(tensor([1, 0]))', /as in (x\.gt\(0\))/, 'x.maskedSelect($1)'],
    [ints, 'x.pow(-1)', /(to\('float32'\))/, 'x.$1.pow(-1)'],
    [pair, 'tensor([0]).fill_(x)', /use (copy_)\(\)/, 'tensor([0, 0]).$1(x)'],
    [pair, 'multinomial(x, 5)', /pass (\{ replacement: true \})/, 'multinomial(x, 5, $1)'],
    ['const all = [tensor(1), tensor(2)];', 'cat(all)', /use (stack)\(\)/, '$1(all)'],
    [pair, 'matmul(tensor(2), x)', /use (mul)\(\)/, '$1(tensor(2), x)'],
    [pair, 'x.norm("x")', /use a number, (\w+), (-\w+), ('fro')/, '[x.norm($1), x.norm($2), ones([2, 2]).norm($3)]'],
    [pair, 'histc(x, 5, 3, 1)', /give (min) and (max)/, 'histc(x, 5, 1, 3)'],
    [ints, 'x.add_(0.5)', /convert it first with (to\('float32'\)), or use (add)\(\)/, '[x.$1.add_(0.5), x.$2(0.5)]'],
    [pair, 'maximum(x, 1)', /make one with (full)\(\)/, 'maximum(x, $1([2], 1))'],
    ['const x = tensor([2 ** 31 - 1], { dtype: "int32" });', 'x.mul(x)', /as (x\.to\('float64'\))/, '$1.mul(x)'],
    [pair, 'x.sum(0, true)', /such as (\{ keepdim: )…/, 'x.sum(0, $1true })'],
    [pair, 'x.sum({ keepdim: true })', /as in (x\.sum\(null, \{ keepdim: true \}\))/, '$1'],
    [pair, 'x.sum(0, { keepDim: true })', /did you mean (keepdim)/, 'x.sum(0, { $1: true })'],
    [pair, 'x.relu(3)', /(Leave it out)/, 'x.relu()'],
    ['const x = ones([2, 2]);', 'rot90(x, 1, [0])', /give (two) dimensions/, 'rot90(x, 1, [0, 1])'],
    ['const x = ones([2, 2]);', 'roll(x, [1, 1], [0])', /give (one) for each/, 'roll(x, [1, 1], [0, 1])'],
  ],
  nn: [
    ['const x = ones([2, 2]);', 'nn.functional.pad(x, [1])', /give (two) for each/, 'nn.functional.pad(x, [1, 1])'],
    [
      'const p = tensor([2]), t = tensor([1]);',
      'nn.functional.binaryCrossEntropy(p, t)',
      /use (\w+)/,
      'nn.functional.$1(p, t)',
    ],
    [
      'const x = tensor([], { dtype: "int32" });',
      'nn.functional.oneHot(x)',
      /give (numClasses)/,
      'nn.functional.oneHot(x, 3)',
    ],
    [
      'const x = ones([1, 1, 2, 2]);',
      'nn.functional.interpolate(x, {})',
      /either (size) or (scaleFactor)/,
      '[nn.functional.interpolate(x, { $1: [4, 4] }), nn.functional.interpolate(x, { $2: 2 })]',
    ],
    ['', 'nn.init.calculateGain("gelu")', /use one of (\w+)/, 'nn.init.calculateGain("$1")'],
    [
      ints,
      'new nn.Parameter(x)',
      /(to\('float32'\)), or pass (\{ requiresGrad: false \})/,
      '[new nn.Parameter(x.$1), new nn.Parameter(x, $2)]',
    ],
    ['', 'new nn.Conv2d(1, 1, 3, { padding: "full" })', /'(same)'/, 'new nn.Conv2d(1, 1, 3, { padding: "$1" })'],
    [
      'const m = new nn.MultiheadAttention(4, 2), q = ones([3, 4]), mask = ones([3, 3]).triu(1).gt(0);',
      'm.forward(q, q, q, { isCausal: true })',
      /give (attnMask) as well/,
      'm.forward(q, q, q, { isCausal: true, $1: mask })',
    ],
    [
      'const m = new nn.ModuleList([new nn.Linear(1, 1)]);',
      'm(ones([1]))',
      /use what it holds in (forward)/,
      'm[0].$1(ones([1]))',
    ],
    [
      linear,
      'm.registerParameter("w", ones([1]))',
      /with (new nn\.Parameter)\(…\)/,
      'm.registerParameter("w", $1(ones([1])))',
    ],
    [
      linear,
      'm.weight = ones([1, 1]), m.parameters()',
      /(noGrad\(\(\) => )….(weight\.copy_\()…/,
      '$1m.$2ones([1, 1])))',
    ],
    [
      linear,
      'nn.utils.parametrizations.weightNorm(m, { name: "w" })',
      /pass its (name)/,
      'nn.utils.parametrizations.weightNorm(m, { $1: "weight" })',
    ],
    ['', 'new nn.Linear(1, 1, false)', /such as (\{ bias: )…/, 'new nn.Linear(1, 1, $1false })'],
    ['', 'nn.utils.rnn.padSequence([])', /give (one) or more/, 'nn.utils.rnn.padSequence([ones([1])])'],
  ],
  autograd: [
    [
      `${leaf} const y = x.sum();`,
      'grad(y, [ones([1]).requiresGrad_()])',
      /pass (\{.*\}) to get null/,
      'grad(y, [ones([1]).requiresGrad_()], $1)',
    ],
    [
      leaf,
      'x.mul(2).backward()',
      /reduce it with (sum\(\)) or (mean\(\))/,
      'x.mul(2).$1.backward(), x.mul(2).$2.backward()',
    ],
    [
      `${leaf} const y = x.mul(x).sum();`,
      'y.backward(), y.backward()',
      /(\{ retainGraph: true \})/,
      'y.backward(undefined, $1), y.backward()',
    ],
    [leaf, 'x.mul(2).view(2, 1).detach_()', /use (detach\(\))/, 'x.mul(2).view(2, 1).$1'],
    [leaf, 'x.add_(1)', /inside (noGrad\(\(\) => )…/, '$1x.add_(1))'],
    ['', 'noGrad(async () => 1)', /put (noGrad\(\(\) => )…/, '$11)'],
    [
      `${leaf} const y = x.mul(x).sum();`,
      'y.backward(), explain(y)',
      /(backward\(undefined, .*\}\))/,
      'y.$1, explain(y)',
    ],
    [
      linear,
      'func.functionalCall(m, 5, ones([1]))',
      /(Object.*\(net\.namedParameters\(\)\))/,
      'const net = m; func.functionalCall(m, $1, ones([1]))',
    ],
    [pair, 'func.grad((t) => t.mul(2))(x)', /reduce it with (sum\(\))/, 'func.grad((t) => t.mul(2).$1)(x)'],
    [
      'const a = new nn.Linear(1, 1), b = new nn.ReLU();',
      'func.stackModuleState([a, b])',
      /must be of (one class)/,
      'func.stackModuleState([a, a])',
    ],
  ],
  optim: [
    [
      'const net = new nn.Linear(1, 1);',
      'new optim.SGD([], { lr: 1 })',
      /pass (net\.parameters\(\))/,
      'new optim.SGD($1, { lr: 1 })',
    ],
    [
      'const net = new nn.Linear(1, 1);',
      'new optim.SGD(net, { lr: 1 })',
      /pass (net\.parameters\(\))/,
      'new optim.SGD($1, { lr: 1 })',
    ],
    [linear, 'new optim.SGD(m.weight, { lr: 1 })', /put it in a (list)/, 'new optim.SGD([m.weight], { lr: 1 })'],
    [linear, 'new optim.SGD(m.parameters(), 0.1)', /such as (\{ lr: )…/, 'new optim.SGD(m.parameters(), $10.1 })'],
    [
      linear,
      'new optim.Adam(m.parameters(), { weight_decay: 1 })',
      /you mean (\w+)/,
      'new optim.Adam(m.parameters(), { $1: 1 })',
    ],
    [
      'const o = new optim.Adagrad([new nn.Parameter(ones([1]))]);',
      'new optim.lrScheduler.CyclicLR(o, 0.1, 1)',
      /pass (\{.*\})/,
      'new optim.lrScheduler.CyclicLR(o, 0.1, 1, $1)',
    ],
    [
      sgd,
      'new optim.lrScheduler.OneCycleLR(optimizer, 1)',
      /give (\w+), or both (\w+) and (\w+)/,
      '[{ $1: 9 }, { $2: 3, $3: 3 }].map((one) => new optim.lrScheduler.OneCycleLR(optimizer, 1, one))',
    ],
    [
      'const m = new nn.Linear(1, 1), avgFn = (a) => a, multiAvgFn = () => {};',
      'new optim.swaUtils.AveragedModel(m, { avgFn, multiAvgFn })',
      /give one of (\w+) and (\w+)/,
      '[new optim.swaUtils.AveragedModel(m, { $1 }), new optim.swaUtils.AveragedModel(m, { $2 })]',
    ],
  ],
  data: [
    [
      dataset,
      'data.randomSplit(dataset, [1, 2])',
      /sum to (\d+), or fractions/,
      'data.randomSplit(dataset, [2, $1 - 2])',
    ],
    [
      dataset,
      'data.randomSplit(dataset, [0.1, 0.2])',
      /fractions that sum to (1)/,
      'data.randomSplit(dataset, [0.4, $1 - 0.4])',
    ],
    [
      dataset,
      'new data.DataLoader(dataset, { shuffle: true, sampler })',
      /leave out (shuffle)/,
      'new data.DataLoader(dataset, { sampler })',
    ],
    ['', 'await data.fashionMnist({ root: "/nowhere" })', /(\{ split: 'sample' \})/, 'await data.fashionMnist($1)'],
    [
      '',
      'data.defaultCollate([undefined])',
      /pass a (collateFn)/,
      'new data.DataLoader([1], { $1: (items) => items })',
    ],
  ],
  io: [
    [
      `${pair} const bytes = await io.encodeNpz({ x });`,
      'io.decodeSafetensors(bytes)',
      /(io\.loadN)(pz) reads files/,
      'await io.decodeN$2(bytes), $1$2',
    ],
    [pair, 'await io.encodeNpz([x])', /such as (\{ x), y \}/, 'await io.encodeNpz($1 })'],
    [pair, 'io.encodeSafetensors([x])', /such as (\{ x), y \}/, 'io.encodeSafetensors($1 })'],
    ['const net = new nn.Linear(1, 1);', 'io.fromPytorch(5)', /such as (net\.stateDict\(\))/, 'io.toPytorch($1)'],
  ],
  training: [
    [
      loader,
      'training.fit(net, loader, { ...base, batchSize: 2 })',
      /data as (\{ x, y \})/,
      'training.fit(net, $1, { ...base, batchSize: 2 })',
    ],
    [
      loader,
      'training.fit(net, loader, { ...base, shuffle: true })',
      /leave out (shuffle)/,
      'training.fit(net, loader, base)',
    ],
    [
      loader,
      'training.fit(net, loader, { ...base, validationSplit: 0.5 })',
      /with (data\.randomSplit)/,
      'const [a, b] = $1(loader.dataset, [0.5, 0.5]).map((part) => new data.DataLoader(part)); training.fit(net, a, { ...base, validation: b })',
    ],
    [
      loader,
      'training.fit(net, loader[Symbol.iterator](), { ...base, epochs: 2 })',
      /an (array) of batches or (\{ x, y \})/,
      'training.fit(net, [[x, y]], { ...base, epochs: 2 }), training.fit(net, $2, { ...base, epochs: 2 })',
    ],
    [
      fit,
      'training.fit(net, { x, y }, { ...base, validation: { x, y }, validationSplit: 0.5 })',
      /give (validation) or (validationSplit)/,
      'training.fit(net, { x, y }, { ...base, $1: { x, y } }), training.fit(net, { x, y }, { ...base, $2: 0.5 })',
    ],
    [
      fit,
      'training.fit(net, { x, y }, { ...base, clip: 1 })',
      /(\{ norm: )…/,
      'training.fit(net, { x, y }, { ...base, clip: $11 } })',
    ],
    [
      `${fit} const onEpoch = async () => {};`,
      'training.fit(net, { x, y }, { ...base, onEpoch })',
      /use (await training\.fitAsync\()…/,
      '$1net, { x, y }, { ...base, onEpoch })',
    ],
    [
      `${fit} net.requiresGrad_(false);`,
      'training.fit(net, { x, y }, base)',
      /(net\.requiresGrad_\(\)) frees/,
      '$1, training.fit(net, { x, y }, base)',
    ],
    [
      fit,
      'training.fit(new nn.Linear(1, 1), { x, y }, base)',
      /(new optim\.SGD\(net\.parameters\(\), )…/,
      'training.fit(net, { x, y }, { ...base, optimizer: $1{ lr: 1 }) })',
    ],
    [
      `${fit} const weights = ones([4]);`,
      'training.fit(net, { x, y, weights }, { ...base, loss: (a, b) => loss(a, b) })',
      /(\{ reduction: 'none' \})/,
      'training.fit(net, { x, y, weights }, { ...base, loss: (a, b, options = $1) => loss(a, b, options) })',
    ],
    [
      fit,
      'training.fit(net, { x, y }, { loss, optimizer })',
      /(epochs) is missing/,
      'training.fit(net, { x, y }, { loss, optimizer, $1: 1 })',
    ],
    [
      `${fit} const other = new optim.SGD(net.parameters()), scheduler = new optim.lrScheduler.StepLR(other, 1);`,
      'training.fit(net, { x, y }, { ...base, scheduler })',
      /such as (new optim\.lrScheduler\.StepLR\(optimizer, )…/,
      'training.fit(net, { x, y }, { ...base, scheduler: $11) })',
    ],
    [
      fit,
      'training.fit(net, { x, y }, { ...base, optimizer: "adam" })',
      /such as (new optim\.Adam\(net\.parameters\(\)\))/,
      'training.fit(net, { x, y }, { ...base, optimizer: $1 })',
    ],
    [
      fit,
      'training.fit(net, { x, y }, { ...base, optimizer: new optim.LBFGS(net.parameters()), accumulate: 2 })',
      /leave out (accumulate)/,
      'training.fit(net, { x, y }, { ...base, optimizer: new optim.LBFGS(net.parameters()) })',
    ],
    [
      model,
      'model.compile({ loss: "msee", optimizer: "adam" })',
      /\b(mse)\b/,
      'model.compile({ loss: "$1", optimizer: "adam" })',
    ],
    [
      model,
      'model.compile({ loss: "mse", optimizer: "adamm" })',
      /give one of (\w+)/,
      'model.compile({ loss: "mse", optimizer: "$1" })',
    ],
    [
      `${model} const base = { loss: 'mse', optimizer: 'adam' };`,
      'model.compile({ ...base, metrics: ["no"] })',
      /or of (\w+)/,
      'model.compile({ ...base, metrics: ["$1"] })',
    ],
    [model, 'model.fit(x, y, { epochs: 1 })', /(model\.compile\(.*\))/, '$1, model.fit(x, y, { epochs: 1 })'],
  ],
  tuner: [
    ['', 'tuner.float(0, 1, { log: true })', /such as (1e-6)/, 'tuner.float($1, 1, { log: true })'],
    ['', 'tuner.float(2, 1)', /give the (smaller) first/, 'tuner.float(1, 2)'],
    ['', 'tuner.float(0, 1, 0.1)', /such as (\{ log: )…/, 'tuner.float(0.1, 1, $1true })'],
    ['', 'tuner.categorical([])', /such as (\['relu', 'tanh'\])/, 'tuner.categorical($1)'],
    [
      '',
      'new tuner.Search({ a: 1 }, { trials: 3 })',
      /by (tuner\.space\(\{) …/,
      'new tuner.Search($1 a: tuner.int(0, 1) }), { trials: 3 })',
    ],
    ['', 'tuner.space({ a: 1 })', /by (tuner\.float), int/, 'tuner.space({ a: $1(0, 1) })'],
    [space, 'new tuner.Search(space)', /(\{ trials: 50 \}), or/, 'new tuner.Search(space, $1)'],
    [
      space,
      'new tuner.Search(space, { trials: 3, sampler: "tpe" })',
      /by (tuner\.tpe\(\)), (tuner\.random\(\)) or (tuner\.grid\(\))/,
      '[$1, $2, $3].map((sampler) => new tuner.Search(space, { trials: 3, sampler }))',
    ],
    [
      space,
      'new tuner.Search(space, { trials: 3, pruner: "median" })',
      /by (tuner\.median\(\)), (tuner\.hyperband\()\) or (tuner\.asha\()\)/,
      '[$1, $2{ min: 1, max: 9 }), $3{ min: 1, max: 9 })].map((pruner) => new tuner.Search(space, { trials: 99, pruner }))',
    ],
    [
      `${search} const { number } = search.ask(), value = 1;`,
      'search.tell(number, { value })',
      /expected a (number), (\{ value, constraints: )\[…\] \}/,
      'search.tell(number, $2[0] })',
    ],
    [search, 'search.tell(0, 1)', /begin with (ask\(\))/, 'search.tell(search.$1.number, 1)'],
    [`${search} search.ask();`, 'search.tell(0, NaN)', /tell (\{ failed: 'the loss is NaN' \})/, 'search.tell(0, $1)'],
    [
      `${space} const pruner = tuner.hyperband({ min: 1, max: 9 });`,
      'new tuner.Search(space, { sampler: tuner.grid(), pruner })',
      /use (tuner\.random\(\)) or (tuner\.tpe\(\)), or (tuner\.asha\()\)/,
      '[$1, $2].map((sampler) => new tuner.Search(space, { trials: 9, sampler, pruner })), new tuner.Search(space, { sampler: tuner.grid(), pruner: $3{ max: 9 }) })',
    ],
  ],
  trees: [
    [table, 'model.predict(X)', /call (fit\(X, y\)) first/, 'model.$1.predict(X)'],
    [
      table,
      'trees.permutationImportance(model, X, y)',
      /call (fit\(X, y\)) first/,
      'trees.permutationImportance(model.$1, X, y)',
    ],
    [`${table} const x = [1, 2];`, 'model.fit(x, y)', /give (x\.map\(.*\])\) or/, 'model.fit($1), y)'],
    [`${table} const x = tensor([1, 2]);`, 'model.fit(x, y)', /(x\.unsqueeze\(1\))/, 'model.fit($1, y)'],
    [
      '',
      'new trees.DecisionTreeClassifier({ max_depth: 3 })',
      /you mean (\w+)/,
      'new trees.DecisionTreeClassifier({ $1: 3 })',
    ],
    [
      '',
      'new trees.DecisionTreeClassifier({ criterion: "mse" })',
      /'(gini)' or '(entropy)'/,
      'new trees.DecisionTreeClassifier({ criterion: "$2" })',
    ],
    [
      table,
      'new trees.RandomForestClassifier({ maxFeatures: "auto" }).fit(X, y)',
      /'(sqrt)' or '(log2)'/,
      'new trees.RandomForestClassifier({ maxFeatures: "$1" }).fit(X, y)',
    ],
  ],
  lab: [
    [
      '',
      'lab.datasets.rings(5, { sd: 1, width: 1 })',
      /give (sd), .* or (width)/,
      '[lab.datasets.rings(5, { $1: 0.1 }), lab.datasets.rings(5, { $2: 0.1 })]',
    ],
    ['const interact = (a) => lab.interact((x) => x, { a });', 'interact([2, 1])', /write (\[1, 2\])/, 'interact($1)'],
    ['', 'lab.plot.scatter(5)', /such as (\[\[0, 1\], \[2, 3\]\])/, 'lab.plot.scatter($1)'],
  ],
};

type Run = (...values: unknown[]) => Promise<unknown>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Run;
const known = Object.entries({ ...gradlab, lab }).filter(([name]) => name !== 'var');

/** Runs a program, and returns the value of its last part. */
function runProgram(before: string, program: string): Promise<unknown> {
  const last = program.lastIndexOf('; ') + 1;
  const text = `{ ${before}\n${program.slice(0, last)}\nreturn (${program.slice(last)}); }`;
  return new AsyncFunction(...known.map(([name]) => name), text)(...known.map(([, value]) => value));
}

const rows = Object.entries(rooms).flatMap(([room, all]) => all.map((row) => [`${room}: ${row[1]}`, ...row] as const));
const messages = new Map<string, string>();

test.each(rows)('%s', async (_, before, wrong, advice, right) => {
  const error: unknown = await runProgram(before, wrong).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GradlabError);
  const { message } = error as Error;
  messages.set(message, wrong);
  const found = advice.exec(message);
  expect(found, message).not.toBeNull();
  const program = right.replaceAll(/\$(\d)/g, (_, part: string) => found![Number(part)]);
  await runProgram(before, program);
});

test('each of them is another message', () => {
  expect(messages.size).toBeGreaterThan(100);
});
