// Records results of nets that take too long to train in the notebook of the chapter "Activation functions" (note 004). After a build:
//   node tools/recordings/activations.mjs [--processes 2] [--to FILE] [race/SGD/8/relu …]
// Arguments are prefixes of the paths to recompute, in the order given. Default: all. Results depend on the seeds below alone, not on
// the number of processes.
import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const committed = path.join(paths.notebooks, '004-neural-networks', 'activation-functions.recorded.json');

const learnRows = 1297;
const chooseRows = 250;
const width = 32;
const batch = 64;
const epochs = 20;
const momentum = 0.9;
/** Seeds of the split, of nets for selection, and of nets for evaluation. Each determines weights and row order of every activation. */
const splitSeed = 3;
const chooseSeeds = [1, 2, 3, 4, 5];
const judgeSeeds = [11, 12, 13, 14, 15, 16, 17, 18, 19];

const activations = ['sigmoid', 'tanh', 'relu', 'leaky', 'prelu', 'elu', 'gelu'];
const rates = {
  SGD: [0.01, 0.03, 0.1, 0.3, 1],
  Adam: [0.001, 0.003, 0.01, 0.03],
};
const ratesOf = (optimizer, activation) =>
  optimizer === 'SGD' && activation === 'prelu' ? [0.003, ...rates.SGD] : rates[optimizer];
const gainsOf = (activation) => (activation === 'sigmoid' ? [2, 3.2, 5, 8] : [0.5, 0.8, 1.25, 2]);
const finer = { rates: [0.5, 0.75, 1, 1.5], gains: [0.8, 1, 1.25] };
/** By hidden layers: nets in a cell of the first grid, nets in a cell of the second, and nets evaluated. */
const nets = { SGD: { 2: [3, 5, 9], 8: [2, 3, 9] }, Adam: { 2: [1, 2, 3], 8: [1, 2, 3] } };

const rungs = ['sigmoid, PyTorch', 'sigmoid, 4', 'mirrored, 4', 'sigmoid, 4, bias', 'sigmoid − ½, 4', 'tanh, 1'];
/** The optimizers of the ladder, each with its rates and numbers of hidden layers. */
const climbs = {
  SGD: { rates: [0.003, 0.01, 0.03, 0.1, 0.3, 1], depths: [2, 6, 12] },
  'SGD without momentum': { rates: [0.03, 0.1, 0.3, 1, 3, 10], depths: [6, 12] },
  Adam: { rates: [0.0003, 0.001, 0.003, 0.01, 0.03], depths: [6, 12] },
};

const depthSeries = {
  sigmoid: ['sigmoid', 1],
  tanh: ['tanh', 1],
  relu: ['relu', Math.SQRT2],
  leaky: ['leaky', Math.SQRT2],
  elu: ['elu', Math.SQRT2],
  gelu: ['gelu', Math.SQRT2],
  sigmoid4: ['sigmoid', 4],
  sigmoid4b: ['sigmoid', 4, true],
};

const netsText = Object.entries(nets)
  .flatMap(([optimizer, byDepth]) =>
    Object.entries(byDepth).map(([depth, counts]) => `${optimizer}, ${depth} layers: ${counts.join(', ')}`),
  )
  .join('; ');

const climbsText = Object.entries(climbs)
  .map(([name, { rates }]) => `${rates.join(', ')} (${name})`)
  .join(', ');

const about = {
  command: 'node tools/recordings/activations.mjs',
  data:
    `data.digits(), each pixel less its mean over the ${learnRows} rows to learn from, all divided by one number, so that the mean square ` +
    `of these is 1. A permutation (seed ${splitSeed}) gives ${learnRows} rows to learn from, ${chooseRows} to choose by, 250 to judge by.`,
  nets:
    `Hidden layers of ${width}, weights N(0, gain²/n) for n inputs, biases 0, cross entropy, batches of ${batch} in an order of their own in each ` +
    `epoch, ${epochs} epochs. SGD has momentum ${momentum} unless it says without; Adam has β 0.9 and 0.999. Leaky ReLU has slope 0.01, ELU α = 1. PReLU has one slope for each layer, 0.25 at first.`,
  race:
    'Path: optimizer, hidden layers, activation. First grid: ' +
    `rates SGD ${rates.SGD.join(', ')} (PReLU also 0.003), Adam ${rates.Adam.join(', ')}; gains ${gainsOf('tanh').join(', ')}, for sigmoid ${gainsOf('sigmoid').join(', ')}. ` +
    `Second grid: the best rate × ${finer.rates.join(', ')}, the best gain × ${finer.gains.join(', ')}. Nets in a cell of the first and the second grid, ` +
    `nets judged: ${netsText} (seeds ${chooseSeeds[0]}, 2, … and ${judgeSeeds[0]}, 12, …). ` +
    'Cells: [rate, gain, median loss on the rows to choose by after the last epoch], null where it is not finite; rate and gain are those of the least in the second grid. ' +
    'test: median, least, largest loss on the rows to judge by, a list with one number for each epoch, from before training on (Adam: last only). learned: median loss on the ' +
    'rows learned from. right: median share of the rows to judge by. atEnd: the choice is at an end of all that was tried.',
  ladder:
    'Path: optimizer, hidden layers, rung. Losses on the rows learned from, five starts (seeds 11 to 15): smallest, median, largest after the last epoch; ' +
    `curve: median by epoch. rate: of ${climbsText} the one with the least mean loss for seeds 1 and 2. ` +
    'PyTorch: weights and biases uniform within ±1/√n. 4, 1: weights N(0, gain²/n), biases 0. bias: −½ΣW in all layers after the first. ' +
    'mirrored: every second hidden unit with a minus, from the same starts. mirroredWeights: the largest difference between losses by epoch of the rung "sigmoid, 4" and of ' +
    'mirrored units whose outgoing weights begin with a minus, too, for seed 11.',
  depth:
    'Path: series. Medians of ten nets (seeds 1 to 10) of 1 to 20 layers of 64 units on the first 256 rows to learn from; weights N(0, g²/64), biases 0, g = 1 for ' +
    'sigmoid and tanh, √2 for others; sigmoid4: g = 4; sigmoid4b: g = 4, and −½ΣW as bias in all layers after the first. The net of L layers is the first L of ' +
    'those of 20. slopes: product over the layers of the root mean square slope. arrives: root mean square of the gradient before the first activation, for a normal one of ' +
    'root mean square 1 after the last.',
};

/** The paths of all jobs. */
const jobs = [
  ...Object.keys(depthSeries).map((series) => `depth/${series}`),
  ...[2, 8].flatMap((depth) => activations.map((activation) => `race/SGD/${depth}/${activation}`)),
  ...Object.entries(climbs).flatMap(([name, { depths }]) =>
    depths.flatMap((depth) => rungs.map((rung) => `ladder/${name}/${depth}/${rung}`)),
  ),
  ...[2, 6].map((depth) => `ladder/mirroredWeights/${depth}`),
  ...[2, 8].flatMap((depth) => activations.map((activation) => `race/Adam/${depth}/${activation}`)),
];

/** Distributes the jobs over processes and writes each result when it arrives. */
async function recordAll() {
  const { values, positionals } = parseArgs({
    options: { processes: { type: 'string', default: '2' }, to: { type: 'string', default: committed } },
    allowPositionals: true,
  });
  const wanted = positionals.length === 0 ? [''] : positionals;
  const left = [...new Set(wanted.flatMap((start) => jobs.filter((job) => job.startsWith(start))))];
  if (left.length === 0) throw new Error(`there are ${jobs.join(', ')}`);
  const started = performance.now();
  let done = 0;
  const of = left.length;
  // No fused multiply-add, whose low bits differ between machines.
  const env = { ...process.env, GRADLAB_FMA: '0' };
  const worker = () =>
    new Promise((resolve, reject) => {
      const child = fork(import.meta.filename, { env });
      const next = () => {
        const job = left.shift();
        if (job === undefined) child.disconnect();
        else child.send(job);
      };
      child.on('message', ({ job, result }) => {
        write(values.to, job, result);
        console.log(`${++done} of ${of}, ${Math.round((performance.now() - started) / 1000)} s: ${job}`);
        next();
      });
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`))));
      next();
    });
  await Promise.all(Array.from({ length: Number(values.processes) }, worker));
}

/** Puts a result at its path, in the order of the jobs. */
function write(to, job, result) {
  const before = fs.existsSync(to) ? JSON.parse(fs.readFileSync(to, 'utf8')) : {};
  const all = { about };
  for (const each of jobs) {
    const value = each === job ? result : at(before, each);
    if (value !== undefined) put(all, each, value);
  }
  // A line for each job.
  const parts = Object.entries(all).map(([part, content]) => `${JSON.stringify(part)}: ${nested(content, part)}`);
  fs.writeFileSync(to, `{\n${parts.join(',\n')}\n}\n`);
}

const at = (tree, job) => job.split('/').reduce((node, key) => node?.[key], tree);

function put(tree, job, value) {
  const keys = job.split('/');
  const last = keys.pop();
  const node = keys.reduce((node, key) => (node[key] ??= {}), tree);
  node[last] = value;
}

function nested(tree, route) {
  if (jobs.includes(route) || typeof tree !== 'object') return JSON.stringify(tree);
  const lines = Object.entries(tree).map(
    ([key, content]) => `${JSON.stringify(key)}: ${nested(content, `${route}/${key}`)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}

/** Computes jobs in a child process. */
async function work() {
  const record = await recorder();
  process.on('message', (job) => process.send({ job, result: record(job) }));
}

async function recorder() {
  const { data, Generator, manualSeed, nn, noGrad, optim, randn, randperm, setNumThreads, slice, tensor } =
    await import('gradlab');
  const { crossEntropy } = nn.functional;
  setNumThreads(1);

  const digits = await data.digits();
  const order = randperm(1797, { generator: new Generator().manualSeed(splitSeed) });
  const [learn, choose, judge] = [
    [0, learnRows],
    [learnRows, learnRows + chooseRows],
    [learnRows + chooseRows, 1797],
  ].map(([from, end]) => ({ x: digits.x.at(order.at(slice(from, end))), y: digits.y.at(order.at(slice(from, end))) }));
  const mean = learn.x.mean(0);
  const scale = 1 / Math.sqrt(learn.x.sub(mean).square().mean().item());
  for (const rows of [learn, choose, judge]) rows.x = rows.x.sub(mean).mul(scale);

  /** σ − ½. */
  class Centred extends nn.Module {
    forward(x) {
      return x.sigmoid().sub(0.5);
    }
  }

  const signs = tensor(Array.from({ length: width }, (_, i) => (i % 2 === 0 ? 1 : -1)));
  /** σ, negated at every second unit. */
  class Mirrored extends nn.Module {
    forward(x) {
      return x.sigmoid().mul(signs);
    }
  }

  const makers = {
    sigmoid: () => new nn.Sigmoid(),
    tanh: () => new nn.Tanh(),
    relu: () => new nn.ReLU(),
    leaky: () => new nn.LeakyReLU(),
    prelu: () => new nn.PReLU(),
    elu: () => new nn.ELU(),
    gelu: () => new nn.GELU(),
    centred: () => new Centred(),
    mirrored: () => new Mirrored(),
  };

  /** A linear layer with weights N(0, gain²/n), or with PyTorch's initialization without a gain. */
  function layerOf(n, units, gain, hasBias) {
    const layer = new nn.Linear(n, units);
    if (gain === undefined) return layer;
    nn.init.normal_(layer.weight, 0, gain / Math.sqrt(n));
    nn.init.zeros_(layer.bias);
    if (hasBias) noGrad(() => layer.bias.sub_(layer.weight.sum(1).mul(0.5)));
    return layer;
  }

  /** A net for digits. @param halves whether layers after the first have −½ΣW as bias */
  function netOf(activation, depth, gain, halves = false) {
    const layers = [];
    for (let l = 0; l < depth; l++)
      layers.push(layerOf(l === 0 ? 64 : width, width, gain, halves && l > 0), makers[activation]());
    return new nn.Sequential(...layers, layerOf(width, 10, gain, halves));
  }

  const lossOf = (net, { x, y }) => noGrad(() => crossEntropy(net(x), y).item());
  const rightOf = (net, { x, y }) => noGrad(() => net(x).argmax(1).eq(y).to('float64').mean().item());

  /** Trains a net; `seen` is called before the first epoch and after each. Ends early once the loss is not finite. */
  function train(net, optimizerName, lr, seen = () => {}) {
    const parameters = net.parameters();
    const optimizer = {
      SGD: () => new optim.SGD(parameters, { lr, momentum }),
      'SGD without momentum': () => new optim.SGD(parameters, { lr }),
      Adam: () => new optim.Adam(parameters, { lr }),
    }[optimizerName]();
    seen();
    for (let epoch = 0; epoch < epochs; epoch++) {
      const rows = randperm(learnRows);
      const [x, y] = [learn.x.at(rows), learn.y.at(rows)];
      let last;
      for (let from = 0; from < learnRows; from += batch) {
        const part = slice(from, Math.min(from + batch, learnRows));
        optimizer.zeroGrad();
        last = crossEntropy(net(x.at(part)), y.at(part));
        last.backward();
        optimizer.step();
      }
      if (!Number.isFinite(last.item())) return;
      seen();
    }
  }

  const finite = (loss) => (Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY);

  /** The median loss of nets on rows after training. @param make returns a net with weights from the seed */
  function lossAfter(seeds, make, optimizerName, lr, rows) {
    const losses = seeds.map((seed) => {
      manualSeed(seed);
      const net = make();
      train(net, optimizerName, lr);
      return finite(lossOf(net, rows));
    });
    return median(losses);
  }

  function race(optimizerName, depth, activation) {
    const [coarse, fine, judged] = nets[optimizerName][depth];
    const cell = (rate, gain, count) => {
      const make = () => netOf(activation, depth, gain);
      return [rate, gain, lossAfter(chooseSeeds.slice(0, count), make, optimizerName, rate, choose)];
    };
    const gains = gainsOf(activation);
    const first = ratesOf(optimizerName, activation).flatMap((rate) => gains.map((gain) => cell(rate, gain, coarse)));
    const [bestRate, bestGain] = best(first);
    const around = finer.rates.flatMap((r) => finer.gains.map((g) => [rounded(bestRate * r), rounded(bestGain * g)]));
    const second = around.map(([rate, gain]) => cell(rate, gain, fine));
    const [rate, gain] = best(second);
    const curves = judgeSeeds.slice(0, judged).map((seed) => {
      manualSeed(seed);
      const net = netOf(activation, depth, gain);
      const seen = { test: [], learned: [], right: [] };
      const look = () => {
        seen.test.push(lossOf(net, judge));
        seen.learned.push(lossOf(net, learn));
        seen.right.push(rightOf(net, judge));
      };
      train(net, optimizerName, rate, look);
      return seen;
    });
    const epochsShown = optimizerName === 'SGD' ? [...Array(epochs + 1).keys()] : [epochs];
    const over = (what, of) =>
      epochsShown.map((epoch) => of(curves.map((curve) => finite(curve[what][epoch] ?? Number.NaN))));
    const tried = [...first, ...second];
    const isEnd = (place, value) => {
      const values = tried.map((one) => one[place]);
      return value === Math.min(...values) || value === Math.max(...values);
    };
    return shortened({
      rate,
      gain,
      atEnd: isEnd(0, rate) || isEnd(1, gain),
      test: [over('test', median), over('test', least), over('test', largest)],
      learned: over('learned', median),
      right: over('right', median),
      first,
      second,
    });
  }

  function ladder(optimizerName, depth, rung) {
    const make = {
      'sigmoid, PyTorch': () => netOf('sigmoid', depth),
      'sigmoid, 4': () => netOf('sigmoid', depth, 4),
      'mirrored, 4': () => netOf('mirrored', depth, 4),
      'sigmoid, 4, bias': () => netOf('sigmoid', depth, 4, true),
      'sigmoid − ½, 4': () => netOf('centred', depth, 4),
      'tanh, 1': () => netOf('tanh', depth, 1),
    }[rung];
    const tried = climbs[optimizerName].rates.map((rate) => [
      rate,
      lossAfter([1, 2], make, optimizerName, rate, learn),
    ]);
    const [rate] = best(tried);
    const curves = judgeSeeds.slice(0, 5).map((seed) => curveOf(make, seed, optimizerName, rate));
    const ends = curves.map((curve) => finite(curve[epochs] ?? Number.NaN));
    return shortened({
      rate,
      losses: [least(ends), median(ends), largest(ends)],
      curve: [...Array(epochs + 1).keys()].map((epoch) =>
        median(curves.map((curve) => finite(curve[epoch] ?? Number.NaN))),
      ),
      tried,
    });
  }

  /** The losses on the training rows, before training and after each epoch. */
  function curveOf(make, seed, optimizerName, rate) {
    manualSeed(seed);
    const net = make();
    const losses = [];
    train(net, optimizerName, rate, () => losses.push(lossOf(net, learn)));
    return losses;
  }

  function mirroredWeights(depth) {
    const mirroredNet = () => {
      const net = netOf('mirrored', depth, 4);
      const after = [...net].slice(1).filter((layer) => layer instanceof nn.Linear);
      noGrad(() => {
        for (const layer of after) layer.weight.mul_(signs);
      });
      return net;
    };
    const plain = curveOf(() => netOf('sigmoid', depth, 4), judgeSeeds[0], 'SGD', 0.1);
    const mirrored = curveOf(mirroredNet, judgeSeeds[0], 'SGD', 0.1);
    return Math.max(...plain.map((loss, epoch) => Math.abs(loss - mirrored[epoch])));
  }

  function depth(series) {
    const [activation, gain, halves = false] = depthSeries[series];
    const most = 20;
    const rms = (x) => Math.sqrt(x.to('float64').square().mean().item());
    const x = learn.x.at(slice(0, 256));
    const runs = Array.from({ length: 10 }, (_, i) => {
      manualSeed(i + 1);
      const layers = Array.from({ length: most }, (_, l) => layerOf(64, 64, gain, halves && l > 0));
      const act = makers[activation]();
      const slopes = [];
      let slope = 1;
      let inputs = x;
      for (const layer of layers) {
        const z = noGrad(() => layer(inputs)).requiresGrad_();
        const y = act(z);
        y.sum().backward();
        slope *= rms(z.grad);
        slopes.push(slope);
        inputs = y.detach();
      }
      const arrives = layers.map((_, last) => {
        const z = noGrad(() => layers[0](x)).requiresGrad_();
        const y = layers.slice(1, last + 1).reduce((h, layer) => act(layer(h)), act(z));
        const random = randn([256, 64]);
        y.backward(random.div(rms(random)));
        return rms(z.grad);
      });
      return { slopes, arrives };
    });
    const over = (what) => Array.from({ length: most }, (_, l) => median(runs.map((run) => run[what][l])));
    return shortened({ slopes: over('slopes'), arrives: over('arrives') });
  }

  return (job) => {
    const [part, ...keys] = job.split('/');
    if (part === 'depth') return depth(keys[0]);
    if (keys[0] === 'mirroredWeights') return mirroredWeights(Number(keys[1]));
    return { race, ladder }[part](keys[0], Number(keys[1]), keys[2]);
  };
}

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
function median(numbers) {
  const s = sorted(numbers);
  const middle = (s.length - 1) / 2;
  return (s[Math.floor(middle)] + s[Math.ceil(middle)]) / 2;
}
const least = (numbers) => Math.min(...numbers);
const largest = (numbers) => Math.max(...numbers);
/** The cell with the minimal loss, which is its last number. */
const best = (cells) => cells.reduce((a, b) => (b.at(-1) < a.at(-1) ? b : a));
const rounded = (value) => Number(value.toPrecision(3));
/** Rounds to three digits. JSON has null for non-finite numbers. */
const shortened = (value) =>
  typeof value === 'number'
    ? rounded(value)
    : Array.isArray(value)
      ? value.map(shortened)
      : typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shortened(one)]))
        : value;

if (process.send === undefined) await recordAll();
else await work();
