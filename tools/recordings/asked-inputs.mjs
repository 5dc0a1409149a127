// Records how often nets name the inputs that count, for the chapter "Autograd" (note 001). After a build:
//   node tools/recordings/asked-inputs.mjs [--to FILE]
// It takes a quarter of a minute. Nets, rows and ways of asking are those of the notebook, where the case "as above" is computed.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  cat,
  func,
  Generator,
  manualSeed,
  nn,
  noGrad,
  optim,
  rand,
  randn,
  randperm,
  stack,
  tensor,
  useDeterministicAlgorithms,
} from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

useDeterministicAlgorithms(true);
const committed = path.join(paths.notebooks, '001-fastai-book', 'asked-inputs.recorded.json');
const { values } = parseArgs({ options: { to: { type: 'string', default: committed } } });
const { crossEntropy } = nn.functional;
const inputs = Array.from({ length: 10 }, (_, j) => j);
const mean = (all) => all.reduce((a, b) => a + b, 0) / all.length;

function made(n, generator, { unit = 1, wrong = 0 }) {
  const all = randn([n, 10], { dtype: 'float64', generator });
  const [a, b, c] = [0, 3, 7].map((j) => all.select(1, j));
  const rule = a.add(b.mul(2)).add(a.mul(c).mul(1.5)).gt(0);
  const y = rule.ne(rand([n], { generator }).lt(wrong)).to('int32');
  all.select(1, 7).mul_(unit);
  return { x: all.to('float32'), y };
}
function drawn(seed, setting) {
  manualSeed(seed);
  const generator = new Generator().manualSeed(seed);
  const { rows = 1000, epochs = 30 } = setting;
  const [old, fresh] = [made(rows, generator, setting), made(1000, generator, setting)];
  const net = new nn.Sequential(new nn.Linear(10, 32), new nn.ReLU(), new nn.Linear(32, 2));
  const orders = Array.from({ length: epochs }, () => randperm(rows, { generator }));
  return { net, old, fresh, generator, order: cat(orders) };
}
function studies(seeds, setting) {
  const all = seeds.map((seed) => drawn(seed, setting));
  const sizes = all[0].old.y.numel();
  const [x, y] = [cat(all.map(({ old }) => old.x)), cat(all.map(({ old }) => old.y))];
  const orders = stack(all.map(({ order }, i) => order.add(i * sizes)));
  const [stacked] = func.stackModuleState(all.map(({ net }) => net));
  const [w1, b1, w2, b2] = Object.values(stacked);
  const adam = new optim.Adam([w1, b1, w2, b2], { lr: 0.01 });
  for (let from = 0; from < orders.shape[1]; from += 50) {
    const some = orders.narrow(1, from, 50).flatten();
    const rows = x.indexSelect(0, some).reshape([seeds.length, 50, 10]);
    const inner = rows.matmul(w1.transpose(1, 2)).add(b1.unsqueeze(1)).relu();
    const scores = inner.matmul(w2.transpose(1, 2)).add(b2.unsqueeze(1));
    adam.zeroGrad();
    crossEntropy(scores.flatten(0, 1), y.indexSelect(0, some)).mul(seeds.length).backward();
    adam.step();
  }
  noGrad(() => {
    for (const [i, { net }] of all.entries())
      for (const [k, own] of net.parameters().entries()) own.copy_([w1, b1, w2, b2][k].select(0, i));
  });
  return all;
}
const scoreOf = (net, x, y) =>
  noGrad(() => {
    const scores = net.forward(x);
    return { right: scores.argmax(1).eq(y).to('float64').mean().item(), loss: crossEntropy(scores, y).item() };
  });
function shuffling({ net, generator }, { x, y }) {
  const { right, loss } = scoreOf(net, x, y);
  const changes = inputs.map((j) =>
    [1, 2, 3].map(() => {
      const order = randperm(x.shape[0], { generator });
      const other = x.clone();
      other.select(1, j).copy_(x.select(1, j).indexSelect(0, order));
      const after = scoreOf(net, other, y);
      return { lost: right - after.right, gained: after.loss - loss };
    }),
  );
  const of = (key) => changes.map((three) => mean(three.map((one) => one[key])));
  return { right, lost: of('lost'), gained: of('gained') };
}
function waysOf(one) {
  const here = one.fresh.x.clone().requiresGrad_();
  one.net
    .forward(here)
    .matmul(tensor([-1, 1]))
    .sum()
    .backward();
  const size = here.grad.abs().mean(0);
  const onFresh = shuffling(one, one.fresh);
  return {
    size: size.tolist(),
    effect: size.mul(one.fresh.x.std(0)).tolist(),
    learned: shuffling(one, one.old).lost,
    shuffled: onFresh.lost,
    loss: onFresh.gained,
    right: onFresh.right,
  };
}
const topThree = (all) =>
  inputs
    .toSorted((a, b) => all[b] - all[a])
    .slice(0, 3)
    .sort();
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
const wrongByHeart = studies(seeds, { rows: 200, wrong: 0.2, epochs: 150 });
const cut = ({ x, y }) => ({ x: x.narrow(0, 0, 100), y: y.narrow(0, 0, 100) });
const settings = {
  'after one epoch': studies(seeds, { epochs: 1 }).map(waysOf),
  'x₇ a hundred times smaller': studies(seeds, { unit: 0.01 }).map(waysOf),
  'a fifth of the answers wrong': studies(seeds, { wrong: 0.2 }).map(waysOf),
  '200 rows, learned by heart': studies(seeds, { rows: 200, epochs: 150 }).map(waysOf),
  'the same, a fifth of the answers wrong': wrongByHeart.map(waysOf),
  'the same, asked with 100 fresh rows': wrongByHeart.map((one) => waysOf({ ...one, fresh: cut(one.fresh) })),
};
const counted = Object.fromEntries(
  Object.entries(settings).map(([name, all]) => [
    name,
    {
      right: Number(mean(all.map(({ right }) => right)).toFixed(4)),
      named: Object.fromEntries(
        ['size', 'effect', 'learned', 'shuffled', 'loss'].map((way) => [
          way,
          all.filter((one) => `${topThree(one[way])}` === '0,3,7').length,
        ]),
      ),
    },
  ]),
);
const about =
  'Of twenty nets, of seeds 1 to 20, in six cases: the share of fresh rows that are right, and how many nets name the inputs 0, 3 and 7 by their three ' +
  'largest: by size of slope, slope × spread, right answers lost when learned rows or fresh rows are shuffled, and loss gained. Made by node ' +
  'tools/recordings/asked-inputs.mjs';
fs.writeFileSync(values.to, `${JSON.stringify({ about, cases: counted })}\n`);
