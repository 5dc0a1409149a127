// Operations whose time `npm run bench -- beside` compares with PyTorch's; peers/beside.py has the same names. Reads
// the names of operations, one per line, and answers with seconds per call and a checksum.
import { createRequire } from 'node:module';
import readline from 'node:readline';
import { tensorsOf, time } from './measure.mjs';

const g = createRequire(import.meta.url)(process.env.BENCH_LIBRARY || 'gradlab');
const { nn, optim, tensor } = g;
const F = nn.functional;

const { filled, classes } = tensorsOf(tensor);
const symmetric = (n, seed) => {
  const a = filled([n, n], seed);
  return a.add(a.t());
};
const positive = (n, seed) => {
  const a = filled([n, n], seed);
  return a.matmul(a.t()).add(g.eye(n));
};

/** Weights that are also copied to PyTorch's module, in the order of its parameters. */
function set(module, scale = 0.1) {
  g.noGrad(() => {
    let seed = 500;
    for (const p of module.parameters()) p.copy_(filled([...p.shape], seed++, -scale, scale));
  });
  return module;
}

/** Forward, backward and a step of Adam. */
function training(module, loss) {
  const optimizer = new optim.Adam(module.parameters(), { lr: 1e-4 });
  return () => {
    optimizer.zeroGrad();
    const value = loss(module);
    value.backward();
    optimizer.step();
    return value;
  };
}

const x = filled([1000, 1000], 3, -3, 3);
const other = filled([1000, 1000], 4, -3, 3);
const above = filled([1000, 1000], 5, 0.01, 8);
const row = filled([1000], 6);
const column = filled([1000, 1], 7);
const mask = x.gt(0);
const places = classes(1000, 1000, 8);
const many = classes(1_000_000, 1000, 9);
const matrixOfPlaces = many.reshape([1000, 1000]);
const images = filled([64, 16, 32, 32], 10);
const square = (n, seed) => filled([n, n], seed);

/**
 * Each prepares its inputs and returns the operation. Random ones are marked, because their numbers are compared, too.
 */
export const operations = {
  rand: () => () => g.rand([1000, 1000]),
  randn: () => () => g.randn([1000, 1000]),
  'randn 100': () => () => g.randn([100]),
  dropout: () => () => F.dropout(x, 0.3),
  bernoulli: () => () => above.mul(0.12).bernoulli(),
  randint: () => () => g.randint(0, 100, [1_000_000]),
  randperm: () => () => g.randperm(100_000),
  'multinomial, with replacement': () => () => row.abs().multinomial(100_000, { replacement: true }),
  'multinomial, without': () => () => above.multinomial(10),
  exponential: () => () => g.empty([1000, 1000]).exponential_(),

  'topk 5': () => () => x.topk(5).values,
  'topk 100 of a million': () => () => x.reshape(-1).topk(100).values,
  kthvalue: () => () => x.kthvalue(300).values,
  'median of rows': () => () => x.median(1).values,
  'median of all': () => () => x.median(),
  quantile: () => () => x.quantile(0.3, 1),
  'sort rows': () => () => x.sort().values,
  'sort a million': () => () => x.reshape(-1).sort().values,
  'sort columns': () => () => x.sort(0).values,
  argsort: () => () => x.argsort(),
  'sort int32': () => () => many.sort().values,
  unique: () => () => many.unique(),
  'unique float32': () => () => x.unique(),
  argmax: () => () => x.argmax(1),
  cumsum: () => () => x.cumsum(1),

  exp: () => () => x.exp(),
  log: () => () => above.log(),
  sin: () => () => x.sin(),
  tanh: () => () => x.tanh(),
  sigmoid: () => () => x.sigmoid(),
  gelu: () => () => F.gelu(x),
  'gelu tanh': () => () => F.gelu(x, { approximate: 'tanh' }),
  erf: () => () => x.erf(),
  lgamma: () => () => above.lgamma(),
  atan2: () => () => x.atan2(other),
  pow: () => () => above.pow(1.7),
  relu: () => () => x.relu(),
  add: () => () => x.add(other),
  'add a row': () => () => x.add(row),
  'add a column': () => () => x.add(column),
  where: () => () => x.where(mask, other),
  outer: () => () => row.outer(row),
  clamp: () => () => x.clamp(-1, 1),
  'greater than': () => () => x.gt(other),

  'gather rows': () => () => x.gather(1, matrixOfPlaces),
  indexSelect: () => () => x.indexSelect(0, places),
  'rows by at': () => () => x.at(places),
  embedding: () => () => F.embedding(places, x),
  maskedSelect: () => () => x.maskedSelect(mask),
  'transpose, copied': () => () => x.t().contiguous(),
  'permute, copied': () => () => images.permute(0, 2, 3, 1).contiguous(),
  'last dimension first, copied': () => () => images.permute(3, 0, 1, 2).contiguous(),
  cat: () => () => g.cat([x, other], 1),
  pad: () => () => F.pad(images, [1, 1, 1, 1]),
  scatterAdd: () => () => x.scatterAdd(1, matrixOfPlaces, other),
  'scatterAdd, rows': () => () => x.scatterAdd(0, matrixOfPlaces, other),
  indexAdd: () => () => x.indexAdd(0, places, other),

  sum: () => () => x.sum(),
  'sum of rows': () => () => x.sum(1),
  'sum of columns': () => () => x.sum(0),
  norm: () => () => x.norm(),
  'norm of rows': () => () => x.norm(2, 1),
  'norm of columns': () => () => x.norm(2, 0),
  var: () => () => x.var(1),
  softmax: () => () => x.softmax(1),
  crossEntropy: () => () => F.crossEntropy(x, places),
  layerNorm: () => () => F.layerNorm(x, [1000]),

  'matmul 256': () => {
    const [a, b] = [square(256, 11), square(256, 12)];
    return () => a.matmul(b);
  },
  bmm: () => {
    const [a, b] = [filled([32, 64, 64], 13), filled([32, 64, 64], 14)];
    return () => a.bmm(b);
  },
  'matrix times vector': () => () => x.matmul(row),
  cdist: () => {
    const [a, b] = [filled([300, 64], 15), filled([300, 64], 16)];
    return () => g.cdist(a, b);
  },
  'cdist, p = 1': () => {
    const [a, b] = [filled([300, 64], 15), filled([300, 64], 16)];
    return () => g.cdist(a, b, { p: 1 });
  },
  'inv 50': () => {
    const a = positive(50, 17);
    return () => g.linalg.inv(a);
  },
  'solve 50': () => {
    const [a, b] = [positive(50, 17), filled([50, 5], 18)];
    return () => g.linalg.solve(a, b);
  },
  'svd 50': () => {
    const a = square(50, 19);
    return () => g.linalg.svd(a).S;
  },
  'eigh 50': () => {
    const a = symmetric(50, 20);
    return () => g.linalg.eigh(a).eigenvalues;
  },
  'qr 50': () => {
    const a = square(50, 21);
    return () => g.linalg.qr(a).R;
  },
  'cholesky 50': () => {
    const a = positive(50, 17);
    return () => g.linalg.cholesky(a);
  },

  'small net, step': () => {
    const [input, target] = [filled([64, 20], 31), classes(64, 3, 32)];
    const net = set(new nn.Sequential(new nn.Linear(20, 32), new nn.ReLU(), new nn.Linear(32, 3)));
    return training(net, (m) => F.crossEntropy(m(input), target));
  },
  'CNN, step': () => {
    const [input, target] = [filled([32, 1, 28, 28], 33), classes(32, 10, 34)];
    const net = set(
      new nn.Sequential(
        new nn.Conv2d(1, 16, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Conv2d(16, 32, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Flatten(),
        new nn.Linear(1568, 10),
      ),
    );
    return training(net, (m) => F.crossEntropy(m(input), target));
  },
  'LSTM, step': () => {
    const input = filled([32, 20, 32], 35);
    const net = set(new nn.LSTM(32, 64, { batchFirst: true }));
    return training(net, (m) => m(input)[0].pow(2).mean());
  },
  attention: () => {
    const [q, k, v] = [36, 37, 38].map((seed) => filled([8, 4, 64, 32], seed));
    return () => F.scaledDotProductAttention(q, k, v);
  },
  'transformer layer, step': () => {
    const input = filled([16, 64, 64], 39);
    const net = set(new nn.TransformerEncoderLayer(64, 4, { dimFeedforward: 128, dropout: 0, batchFirst: true }));
    return training(net, (m) => m(input).pow(2).mean());
  },
};

const ready = new Map();
const lines = readline.createInterface({ input: process.stdin });
console.log(JSON.stringify(Object.keys(operations)));
for await (const name of lines) {
  let answer = ready.get(name);
  if (answer === undefined) {
    g.manualSeed(1);
    const run = operations[name]();
    const check = run().detach().to('float64').abs().sum().item();
    answer = { run, check };
    ready.set(name, answer);
  }
  globalThis.gc?.();
  console.log(JSON.stringify({ seconds: await time(answer.run), check: answer.check }));
}
