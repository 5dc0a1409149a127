// Records the comparison for the chapter "Random forests and gradient boosting" (note 001). After a build:
//   node tools/recordings/trees.mjs [--to FILE]
// It takes five minutes or so; what the file has already is kept. Each method gets the same rows, 250 or 750, and no others: settings are
// chosen on a fifth of them (a forest's out of bag), then it learns from all of them. Judged by the mean squared error on 1,000 new rows.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Generator, manualSeed, nn, noGrad, optim, trees } from 'gradlab';
import { classic, datasets } from 'gradlab/lab';
import * as lesson from 'gradlab/lab/lessons/001-random-forests-and-boosting';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/001-fastai-book/trees.recorded.json');
const seeded = (seed) => new Generator().manualSeed(seed);
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const missOf = (said, y) => mean(y.map((v, i) => (v - said[i]) ** 2));

const makers = {
  friedman: (n, generator) => datasets.friedman1(n, { features: 10, noise: 1, generator }),
  'friedman, noise 4': (n, generator) => datasets.friedman1(n, { features: 10, noise: 4, generator }),
  straight: (n, generator) => lesson.straight(n, { generator }),
  steps: (n, generator) => lesson.steps(n, { generator }),
  gauges: (n, generator) => lesson.gauges(n, { generator }),
};

/** The setting with the minimal validation error. */
const best = (tried) => tried.reduce((least, one) => (one.error < least.error ? one : least)).with;

/** Settings chosen on a fifth of the rows, then trained on all of them: `learn(rows, setting)` returns a predictor. */
function chosen(rows, settings, learn) {
  const setting = best(
    settings.map((one) => ({ with: one, error: missOf(learn(rows.most, one)(rows.rest.x), rows.rest.list) })),
  );
  return { error: missOf(learn(rows.all, setting)(rows.judge.x), rows.judge.list), with: setting };
}

function line({ x, list }, { lambda }) {
  const withOne = (of) => of.tolist().map((row) => [...row, 1]);
  const w = classic.ridge(withOne(x), list, lambda);
  return (of) => withOne(of).map((row) => row.reduce((sum, v, k) => sum + v * w[k], 0));
}

function tree({ x, y }, options) {
  const model = new trees.DecisionTreeRegressor(options).fit(x, y);
  return (of) => model.predict(of);
}

/** Forests of 100 trees by the number of columns per split, with their out-of-bag error. */
function forests(rows, seed) {
  const columns = rows.all.x.shape[1];
  return [1, 0.5, 0.33, 0.2].map((share) => {
    const maxFeatures = Math.max(1, Math.floor(share * columns));
    const model = new trees.RandomForestRegressor({ maxFeatures, generator: seeded(seed) });
    model.fit(rows.all.x, rows.all.y);
    return {
      with: { share },
      error: missOf(model.oobPrediction, rows.all.list),
      judge: missOf(model.predict(rows.judge.x), rows.judge.list),
    };
  });
}

/** Boosting with half the rows for each tree, stopped at the best stage, by depth and columns per split. */
function boosting(rows, seed) {
  const columns = rows.all.x.shape[1];
  const made = ({ x, y }, setting) =>
    new trees.GradientBoostingRegressor({ ...setting, subsample: 0.5, generator: seeded(seed) }).fit(x, y);
  const tried = [1, 2, 4, 6].flatMap((maxDepth) =>
    [columns, Math.floor(columns / 3)].map((maxFeatures) => {
      const setting = { maxDepth, maxFeatures, learningRate: 0.1, nEstimators: 600 };
      const errors = [...made(rows.most, setting).stagedPredict(rows.rest.x)].map((said) =>
        missOf(said, rows.rest.list),
      );
      const error = Math.min(...errors);
      return { error, with: { ...setting, nEstimators: errors.indexOf(error) + 1 } };
    }),
  );
  const setting = best(tried);
  return { error: missOf(made(rows.all, setting).predict(rows.judge.x), rows.judge.list), with: setting };
}

/** Nets d-64-64-1 on standardized columns: AdamW on all rows, a cosine schedule, stopped at the best check. */
function net(rows, seed) {
  const columns = rows.all.x.shape[1];
  /** The errors on other rows, after every 20 steps. */
  const train = (own, others, { lr, weightDecay, step: last = 400 }) => {
    const [centre, spread] = [own.x.mean(0, { keepdim: true }), own.x.std(0, { keepdim: true })];
    const [middle, size] = [own.y.mean().item(), own.y.std().item()];
    const input = (x) => x.sub(centre).div(spread).to('float32');
    const target = own.y.sub(middle).div(size).to('float32').unsqueeze(1);
    manualSeed(seed);
    const layers = [
      [columns, 64],
      [64, 64],
      [64, 1],
    ].map(([i, o]) => new nn.Linear(i, o));
    const model = new nn.Sequential(layers[0], new nn.ReLU(), layers[1], new nn.ReLU(), layers[2]);
    const adam = new optim.AdamW(model.parameters(), { lr, weightDecay });
    const [seen, asked] = [input(own.x), input(others.x)];
    const errors = [];
    for (let step = 1; step <= last; step++) {
      adam.paramGroups[0].lr = lr * 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / 400));
      adam.zeroGrad();
      nn.functional.mseLoss(model(seen), target).backward();
      adam.step();
      if (step % 20) continue;
      const said = noGrad(() => model(asked).squeeze(1).mul(size).add(middle).tolist());
      errors.push({ with: { lr, weightDecay, step }, error: missOf(said, others.list) });
    }
    return errors;
  };
  const settings = [0.003, 0.01, 0.03].flatMap((lr) => [1, 5, 25].map((weightDecay) => ({ lr, weightDecay })));
  const setting = best(settings.flatMap((one) => train(rows.most, rows.rest, one)));
  return train(rows.all, rows.judge, setting).at(-1);
}

const short = (value) => (Array.isArray(value) ? value.map(short) : Number(value.toPrecision(4)));

/** The measurements on a draw, by name. */
function methodsOf(rows, draw) {
  const judged = (predict) => missOf(predict(rows.judge.x), rows.judge.list);
  const grown = forests(rows, draw);
  const { share } = best(grown);
  return {
    line: () =>
      chosen(
        rows,
        [0, 0.1, 1, 10].map((lambda) => ({ lambda })),
        line,
      ),
    tree: () =>
      chosen(
        rows,
        [1, 2, 3, 5, 8, 12, 20, 40].map((minSamplesLeaf) => ({ minSamplesLeaf })),
        tree,
      ),
    bag: () => ({ error: grown[0].judge }),
    forest: () => ({ error: grown.find((one) => one.with.share === share).judge, with: { share } }),
    'forest by share': () => ({ error: grown.map(({ judge }) => judge) }),
    'boosting, as given': () => {
      const model = new trees.GradientBoostingRegressor().fit(rows.all.x, rows.all.y);
      return { error: judged((x) => model.predict(x)) };
    },
    boosting: () => boosting(rows, draw),
    net: () => net(rows, draw),
  };
}

const about =
  'Mean squared error on 1,000 new rows after learning from 250 or 750, by number of rows, table, draw and method; settings chosen on a fifth ' +
  'of those rows, a forest’s out of bag. Written by: node tools/recordings/trees.mjs';
const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).rows : { 250: {}, 750: {} };
const saved = (tables) =>
  Object.entries(tables)
    .map(([table, draws]) => `${JSON.stringify(table)}: [\n${draws.map((one) => JSON.stringify(one)).join(',\n')}\n]`)
    .join(',\n');
for (let draw = 0; draw < 2; draw++)
  for (const [name, make] of Object.entries(makers))
    for (const count of [250, 750]) {
      known[count][name] ??= [];
      if (known[count][name][draw]) continue;
      const set = ({ x, y }) => ({ x, y, list: y.tolist() });
      const part = ({ x, y }, from, to) => set({ x: x.narrow(0, from, to - from), y: y.narrow(0, from, to - from) });
      const all = make(count, seeded(draw));
      const rows = {
        all: set(all),
        most: part(all, 0, 0.8 * count),
        rest: part(all, 0.8 * count, count),
        judge: set(make(1000, seeded(2000 + draw))),
      };
      const result = {};
      for (const [method, compute] of Object.entries(methodsOf(rows, draw))) {
        const told = compute();
        result[method] = { ...told, error: short(told.error) };
      }
      known[count][name][draw] = result;
      const parts = Object.entries(known).map(([key, tables]) => `"${key}": {\n${saved(tables)}\n}`);
      fs.writeFileSync(file, `{"about": ${JSON.stringify(about)},\n"rows": {\n${parts.join(',\n')}\n}}\n`);
      const told = Object.entries(result).map(([key, { error }]) => `${key} ${error}`);
      console.log(draw, name, count, told.join('; '));
    }
