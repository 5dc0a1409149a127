// npm run bench -- fit: the cost of training.fit over a loop written by hand, on the net of W5 and on a smaller one.
// They alternate in one process, and processor time is measured; each ratio is the median of those of neighbours, so
// that a busy machine slows both.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Steps of each turn. */
const steps = 40;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Processor time, in ms. */
function clock() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

const cases = {
  'W5, 500 rows, 20-13-8-3': (g) => ({
    x: g.randn([500, 20]),
    y: g.randint(0, 3, [500]),
    net: () => [
      new g.nn.Linear(20, 13, { bias: false }),
      new g.nn.ReLU(),
      new g.nn.Linear(13, 8, { bias: false }),
      new g.nn.Sigmoid(),
      new g.nn.Linear(8, 3),
    ],
  }),
  '300 rows, 2-100-3': (g) => ({
    x: g.randn([300, 2]),
    y: g.randint(0, 3, [300]),
    net: () => [new g.nn.Linear(2, 100), new g.nn.ReLU(), new g.nn.Linear(100, 3)],
  }),
};

/**
 * Pairs of a loop by hand and `fit` with the same training: name, and two functions that each make `steps` steps and
 * return the last epoch's loss.
 */
function pairsOf(g, make) {
  const { nn, optim, randperm, training, Generator } = g;
  const { crossEntropy } = nn.functional;
  g.manualSeed(1);
  const { x, y, net: layers } = make(g);
  const [n] = x.shape;
  const start = () => {
    g.manualSeed(2);
    const net = new nn.Sequential(...layers());
    const generator = new Generator().manualSeed(3);
    return { net, optimizer: new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.9 }), generator };
  };
  /** The orders that a loader draws from its generator. */
  function* shuffled(size, generator) {
    generator.random63();
    const order = randperm(n, { generator });
    for (let i = 0; i < n; i += size) {
      const at = order.narrow(0, i, Math.min(size, n - i));
      yield [x.indexSelect(0, at), y.indexSelect(0, at)];
    }
    randperm(n, { generator });
  }
  const byHand = ({ net, optimizer }, batches, epochs, isRated) => {
    const losses = [];
    for (let epoch = 0; epoch < epochs; epoch++) {
      let [sum, rows, right] = [0, 0, 0];
      for (const [inputs, targets] of batches()) {
        optimizer.zeroGrad();
        const output = net(inputs);
        const loss = crossEntropy(output, targets);
        loss.backward();
        optimizer.step();
        const size = inputs.shape[0];
        sum += size * loss.item();
        rows += size;
        if (isRated) right += output.detach().argmax(1).eq(targets).sum().item();
      }
      losses.push([sum / rows, right / rows]);
    }
    return losses.at(-1)[0];
  };
  const pair = (title, { epochs, batchSize, count = 1, metrics }) => {
    const [a, b] = [start(), start()];
    const list = Array.from({ length: count }, () => [x, y]);
    const batches = batchSize ? () => shuffled(batchSize, a.generator) : () => list;
    const data = batchSize ? { x, y } : list;
    const more = batchSize ? { batchSize, generator: b.generator } : {};
    const options = { loss: crossEntropy, optimizer: b.optimizer, epochs, ...more, ...(metrics && { metrics }) };
    return {
      title,
      hand: () => byHand(a, batches, epochs, metrics === undefined),
      byFit: () => training.fit(b.net, data, options).history.loss.at(-1),
    };
  };
  return [
    pair('loss alone, an epoch is one batch', { epochs: steps, metrics: {} }),
    pair('loss alone, an epoch of many batches', { epochs: 1, count: steps, metrics: {} }),
    pair('with accuracy, an epoch is one batch', { epochs: steps }),
    pair('shuffled and gathered, four batches', { epochs: steps / 4, batchSize: n / 4, metrics: {} }),
    pair('shuffled and gathered, with accuracy', { epochs: steps / 4, batchSize: n / 4 }),
  ];
}

/** Returns the result of an action, and its duration. */
function timed(action) {
  const began = clock();
  return [action(), clock() - began];
}

/** Measures all pairs alternately, and prints a table. */
export function benchOverhead(rounds, library) {
  const g = require(library || 'gradlab');
  console.log('\n| | | by hand, µs a step | fit | ratio |\n|---|---|---:|---:|---:|');
  for (const [name, make] of Object.entries(cases)) {
    const pairs = pairsOf(g, make).map((pair) => ({ ...pair, times: [] }));
    for (let round = 0; round < 40 + rounds; round++)
      for (const { title, hand, byFit, times } of pairs) {
        // The second one may pay for the first one's garbage collection.
        const results = round % 2 === 0 ? [hand, byFit].map(timed) : [byFit, hand].map(timed).reverse();
        const [[expected, before], [found, after]] = results;
        if (Math.abs(found - expected) > 1e-9)
          throw new Error(`${title}: fit ends at ${found}, the loop at ${expected}`);
        if (round >= 40) times.push([before, after]);
      }
    for (const { title, times } of pairs) {
      const each = [0, 1].map((i) => ((1e3 * median(times.map((both) => both[i]))) / steps).toFixed(1));
      const ratio = median(times.map(([before, after]) => after / before));
      console.log(`| ${name} | ${title} | ${each.join(' | ')} | ${ratio.toFixed(3)} |`);
    }
  }
}
