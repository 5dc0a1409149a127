// Measures the work between two polls for cancellation. It counts instead of timing: V8 counts the executions of each
// block, and between two polls no block may run as often as there are elements.
import { Session } from 'node:inspector';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  arange,
  cat,
  eye,
  Generator,
  linspace,
  logspace,
  multinomial,
  nn,
  ones,
  outer,
  rand,
  randint,
  randn,
  randperm,
  searchsorted,
  stack,
  type Tensor,
  tensor,
  where,
} from '../src';
import { pace, turn } from '../src/cancellation';
import { setSwitches } from '../src/kernels/wasm/runtime';
import { plot } from '../src/lab';

/** Approximate number of elements in the largest input, and the limit for a block: some work is done in one piece. */
const elements = 2 ** 18;
const most = 2 ** 17;

const asked = Symbol.for('gradlab.turn');
const globals = globalThis as { [key: symbol]: (() => void) | undefined };
const { stretch } = pace;
const session = new Session();

interface Piece {
  name: string;
  count: number;
}

/** The block that has run most often since the last call. */
function busiest(): Piece {
  let found: Piece = { name: '', count: 0 };
  session.post('Profiler.takePreciseCoverage', (_, taken) => {
    for (const { url, functions } of taken?.result ?? []) {
      if (url.includes('/node_modules/') || url.startsWith('node:') || url.includes('/tests/')) continue;
      for (const { functionName, ranges } of functions)
        for (const { count, startOffset } of ranges)
          if (count > found.count)
            found = { name: `${functionName || '…'} in ${url.replace(/.*\/src\//, '')} at ${startOffset}`, count };
    }
  });
  return found;
}

/** The block that runs most often between two polls. */
function longestStretch(compute: () => unknown): Piece {
  let longest: Piece = { name: '', count: 0 };
  const look = () => {
    const piece = busiest();
    if (piece.count > longest.count) longest = piece;
  };
  turn(stretch + 1); // at most this much is left
  busiest();
  globals[asked] = look;
  try {
    compute();
  } finally {
    delete globals[asked];
  }
  look();
  return longest;
}

beforeAll(() => {
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  setSwitches({ wasm: false });
  pace.stretch = most / 2;
});
afterEach(() => {
  delete globals[asked];
});
afterAll(() => {
  pace.stretch = stretch;
  setSwitches({ wasm: true });
  session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
});

const generator = new Generator().manualSeed(7);
const n = elements;
const x = rand([n], { generator });
const z = rand([n], { generator });
const at = randint(0, n, [n], { generator, dtype: 'int32' });
const list = x.tolist() as number[];
const array = x.toArray();
const w = rand([n], { generator, requiresGrad: true });
const wideRows = w.reshape([4, -1]);
const wide = w.reshape([512, 512]);
const pictures = w.reshape([4, 4, 128, 128]);
const filters = rand([4, 4, 3, 3], { generator, requiresGrad: true });
const answers = randint(0, 2, [n], { generator, dtype: 'int32' });

/** The computation, and the gradients of its leaves. */
const back = (y: Tensor) => y.backward(ones(y.shape));

// Products, variances and norms over contiguous runs and strided copies poll at the end, counting a nanosecond per
// element: polling inside would slow runs of a few elements by a quarter. An optimizer step is not interrupted.
const calls: Record<string, () => unknown> = {
  tolist: () => x.tolist(),
  tensor: () => tensor(list),
  'tensor of an array': () => tensor(array, { dtype: 'bool' }),
  linspace: () => linspace(0, 1, n),
  logspace: () => logspace(0, 1, n),
  arange: () => arange(n),
  eye: () => eye(512),
  histogram: () => plot.histogram(x),
  'histogram of an array': () => plot.histogram(list),
  gather: () => back(w.gather(0, at)),
  take: () => back(w.take(at)),
  indexSelect: () => back(w.indexSelect(0, at)),
  'indexSelect of rows': () => x.reshape([n / 4, 4]).indexSelect(0, at.div(4, { roundingMode: 'floor' }).to('int32')),
  indexAdd: () => back(w.indexAdd(0, at, z)),
  scatter: () => back(w.scatter(0, at, z)),
  scatterAdd: () => back(w.scatterAdd(0, at, z)),
  scatterReduce: () => back(w.scatterReduce(0, at, z, 'amax')),
  maskedSelect: () => back(w.maskedSelect(x.gt(0.5))),
  maskedFill: () => back(w.maskedFill(x.gt(0.5), 0)),
  where: () => back(where(x.gt(0.5), w, z)),
  nonzero: () => x.reshape([512, -1]).nonzero(),
  bincount: () => at.bincount(),
  unique: () => at.unique(),
  sort: () => back(w.sort().values),
  argsort: () => x.argsort(),
  topk: () => back(w.topk(100).values),
  searchsorted: () => searchsorted(x.sort().values, z),
  equal: () => x.equal(x.clone()),
  allclose: () => x.allclose(x.clone()),
  roll: () => back(w.roll(3)),
  repeat: () => back(w.repeat([2])),
  repeatInterleave: () => x.repeatInterleave(randint(0, 3, [n], { generator, dtype: 'int32' })),
  contiguous: () => back(wide.mT.contiguous()),
  cat: () => back(cat([wide.mT, wide])),
  stack: () => back(stack([w, w])),
  unbind: () => back(w.reshape([512, 512]).unbind()[3]!),
  'all of unbind': () => back(stack(w.reshape([512, 512]).unbind())),
  split: () => back(cat(w.split(1000))),
  print: () => String(x),
  any: () => x.gt(2).any(),
  all: () => x.lt(2).all(),
  sum: () => back(w.sum()),
  'sum of bytes': () => x.gt(0.5).sum(),
  'sum along rows': () => back(wideRows.sum(1)),
  'sum along columns': () => back(wide.sum(0)),
  mean: () => back(w.mean()),
  amax: () => back(w.amax()),
  max: () => back(w.max()),
  'max along a dimension': () => back(wideRows.max(1).values),
  argmax: () => x.argmax(),
  'argmax in other steps': () => wide.mT.argmax(),
  median: () => back(w.median()),
  kthvalue: () => back(w.kthvalue(1000).values),
  quantile: () => back(w.quantile(0.3)),
  logsumexp: () => back(w.logsumexp(0)),
  cumsum: () => w.cumsum(0),
  cumprod: () => back(w.cumprod(0)),
  cummax: () => back(w.cummax(0).values),
  logcumsumexp: () => back(w.logcumsumexp(0)),
  softmax: () => back(w.softmax(0)),
  'softmax of rows': () => back(wide.softmax(1)),
  'softmax of columns': () => back(wide.softmax(0)),
  logSoftmax: () => back(w.logSoftmax(0)),
  exp: () => back(w.exp()),

  pow: () => back(w.pow(z)),
  'to another dtype': () => x.to('int32').to('float64'),
  'a division by a row': () => back(wide.div(wide.sum(0))),
  dot: () => w.dot(z),
  'matrix by vector': () => back(wide.mv(rand([512]))),
  outer: () => back(outer(w.narrow(0, 0, 512), z.narrow(0, 0, 512))),
  tril: () => back(wide.tril()),
  diagonal: () => back(wide.diagonal()),
  trace: () => back(wide.trace()),
  mseLoss: () => back(nn.functional.mseLoss(w, z)),
  l1Loss: () => back(nn.functional.l1Loss(w, z)),
  binaryCrossEntropyWithLogits: () => back(nn.functional.binaryCrossEntropyWithLogits(w, z)),
  crossEntropy: () => back(nn.functional.crossEntropy(w.reshape([-1, 2]), answers.narrow(0, 0, n / 2))),
  embedding: () => back(nn.functional.embedding(at.narrow(0, 0, 50000).remainder(512), wide)),
  oneHot: () => nn.functional.oneHot(answers),
  dropout: () => back(nn.functional.dropout(w)),

  batchNorm: () => back(new nn.BatchNorm2d(4)(pictures)),
  conv2d: () => back(nn.functional.conv2d(pictures, filters, { padding: 1 })),
  unfold: () => back(nn.functional.unfold(pictures, 3)),
  maxPool2d: () => back(nn.functional.maxPool2d(pictures, 2)),
  avgPool2d: () => back(nn.functional.avgPool2d(pictures, 2)),
  interpolate: () => back(nn.functional.interpolate(pictures, { scaleFactor: 2, mode: 'bilinear' })),
  pad: () => back(nn.functional.pad(pictures, [1, 1, 1, 1])),
  cosineSimilarity: () => back(nn.functional.cosineSimilarity(wideRows, wideRows.detach().mul(2))),
  rand: () => rand([n]),
  randn: () => randn([n]),
  randperm: () => randperm(n),
  multinomial: () => multinomial(x, 1000, { replacement: true }),
  bernoulli: () => x.bernoulli(),
};

test.each(Object.entries(calls))('%s polls often enough', (_, compute) => {
  compute();
  const { name, count } = longestStretch(compute);
  expect(count, name).toBeLessThanOrEqual(most);
});

test('a loop without polls is detected', () => {
  const loop = new Function('n', 'let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum;');
  expect(longestStretch(() => loop(n)).count).toBeGreaterThanOrEqual(n);
});
