// Records the comparison for the chapter "Random forests and gradient boosting" (note 001). After a build:
//   node tools/recordings/trees.mjs [--to FILE]
// It takes some minutes; what the file has already is kept. Each method learns from 250 rows, has its settings chosen on 500 others and is
// judged by the mean squared error on 1,000 more.
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

/** The setting with the least error on the rows to choose by, and its error on those to judge by. */
function chosen(tried) {
  const best = tried.reduce((least, one) => (one.choose < least.choose ? one : least));
  return { error: best.judge, with: best.with };
}

/** The method's answers for both sets of rows, as errors. */
const errorsOf = (predict, { choose, judge }) => ({
  choose: missOf(predict(choose.x), choose.list),
  judge: missOf(predict(judge.x), judge.list),
});

function line(rows) {
  const withOne = (x) => x.tolist().map((row) => [...row, 1]);
  const dot = (row, w) => row.reduce((sum, v, k) => sum + v * w[k], 0);
  return chosen(
    [0, 0.1, 1, 10].map((lambda) => {
      const w = classic.ridge(withOne(rows.learn.x), rows.learn.list, lambda);
      return { with: { lambda }, ...errorsOf((x) => withOne(x).map((row) => dot(row, w)), rows) };
    }),
  );
}

function tree(rows) {
  return chosen(
    [1, 2, 3, 5, 8, 12, 20, 40].map((minSamplesLeaf) => {
      const model = new trees.DecisionTreeRegressor({ minSamplesLeaf }).fit(rows.learn.x, rows.learn.y);
      return { with: { minSamplesLeaf }, ...errorsOf((x) => model.predict(x), rows) };
    }),
  );
}

/** Forests of 100 trees by how many columns each cut looks at, with their error out of the bag. */
function forests(rows, seed) {
  const columns = rows.learn.x.shape[1];
  return [1, 0.5, 0.33, 0.2].map((share) => {
    const maxFeatures = Math.max(1, Math.floor(share * columns));
    const model = new trees.RandomForestRegressor({ maxFeatures, generator: seeded(seed) });
    model.fit(rows.learn.x, rows.learn.y);
    const outOfBag = missOf(model.oobPrediction, rows.learn.list);
    return { with: { share }, outOfBag, ...errorsOf((x) => model.predict(x), rows) };
  });
}

/** Boosting by its settings; for each the errors after every stage. */
function boosted(rows, seed, settings) {
  return settings.map((setting) => {
    const model = new trees.GradientBoostingRegressor({ ...setting, generator: seeded(seed) });
    model.fit(rows.learn.x, rows.learn.y);
    const by = (set) => [...model.stagedPredict(set.x)].map((said) => missOf(said, set.list));
    return { setting, choose: by(rows.choose), judge: by(rows.judge) };
  });
}
/** Stopped at the best stage by the rows to choose by. */
const stopped = ({ setting, choose, judge }) => {
  const at = choose.indexOf(Math.min(...choose));
  return { with: { ...setting, nEstimators: at + 1 }, choose: choose[at], judge: judge[at] };
};

/** Nets d-64-64-1 on standardized columns: AdamW on all rows, a cosine schedule, stopped at the best look. */
function net(rows, seed) {
  const columns = rows.learn.x.shape[1];
  const [centre, spread] = [rows.learn.x.mean(0, { keepdim: true }), rows.learn.x.std(0, { keepdim: true })];
  const [middle, size] = [rows.learn.y.mean().item(), rows.learn.y.std().item()];
  const input = (x) => x.sub(centre).div(spread).to('float32');
  const target = rows.learn.y.sub(middle).div(size).to('float32').unsqueeze(1);
  const tried = [];
  for (const lr of [0.003, 0.01, 0.03])
    for (const weightDecay of [1, 5, 25]) {
      manualSeed(seed);
      const layers = [
        [columns, 64],
        [64, 64],
        [64, 1],
      ].map(([i, o]) => new nn.Linear(i, o));
      const model = new nn.Sequential(layers[0], new nn.ReLU(), layers[1], new nn.ReLU(), layers[2]);
      const adam = new optim.AdamW(model.parameters(), { lr, weightDecay });
      const own = input(rows.learn.x);
      for (let step = 1; step <= 400; step++) {
        adam.paramGroups[0].lr = lr * 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / 400));
        adam.zeroGrad();
        nn.functional.mseLoss(model(own), target).backward();
        adam.step();
        if (step % 20 === 0) {
          const say = (x) => noGrad(() => model(input(x)).squeeze(1).mul(size).add(middle).tolist());
          tried.push({ with: { lr, weightDecay, step }, ...errorsOf(say, rows) });
        }
      }
    }
  return chosen(tried);
}

const short = (value) => (Array.isArray(value) ? value.map(short) : Number(value.toPrecision(4)));

/** What is measured on a draw, by name. */
function methodsOf(rows, draw) {
  let grown;
  const forest = () => {
    grown ??= forests(rows, draw);
    return grown;
  };
  const boost = (settings) => boosted(rows, draw, settings);
  const fullTree = () => new trees.DecisionTreeRegressor().fit(rows.learn.x, rows.learn.y);
  const small = [1, 2, 3, 4].flatMap((maxDepth) =>
    [1, 0.5].map((subsample) => ({ maxDepth, subsample, learningRate: 0.05, nEstimators: 600 })),
  );
  const full = [1, 2, 3, 4].map((maxDepth) => ({ maxDepth, learningRate: 1, nEstimators: 300 }));
  return {
    mean: () => ({
      error: missOf(
        rows.judge.list.map(() => mean(rows.learn.list)),
        rows.judge.list,
      ),
    }),
    line: () => line(rows),
    tree: () => tree(rows),
    'full tree': () => ({ error: missOf(fullTree().predict(rows.judge.x), rows.judge.list) }),
    bag: () => ({ error: forest()[0].judge }),
    forest: () => {
      const best = forest().reduce((least, one) => (one.outOfBag < least.outOfBag ? one : least));
      return { error: best.judge, with: best.with };
    },
    'forest by share': () => ({ error: forest().map(({ judge }) => judge) }),
    'boosting, as given': () => ({
      error: boost([{ nEstimators: 100, learningRate: 0.1, maxDepth: 3 }])[0].judge.at(-1),
    }),
    boosting: () => chosen(boost(small).map(stopped)),
    'boosting, full steps': () => chosen(boost(full).map(stopped)),
    'boosting, full steps, all 300': () => ({ error: boost([full[2]])[0].judge.at(-1) }),
    net: () => net(rows, draw),
  };
}

const about =
  'Mean squared error on 1,000 new rows after learning from 250, by method, table and draw; settings chosen on 500 other rows. ' +
  'Written by: node tools/recordings/trees.mjs';
const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).tables : {};
for (let draw = 0; draw < 6; draw++)
  for (const [name, make] of Object.entries(makers)) {
    known[name] ??= [];
    const set = (n, seed) => {
      const { x, y } = make(n, seeded(seed));
      return { x, y, list: y.tolist() };
    };
    const rows = { learn: set(250, draw), choose: set(500, 1000 + draw), judge: set(1000, 2000 + draw) };
    known[name][draw] ??= {};
    const result = known[name][draw];
    const missing = Object.entries(methodsOf(rows, draw)).filter(([method]) => result[method] === undefined);
    for (const [method, compute] of missing) {
      const told = compute();
      result[method] = { ...told, error: short(told.error) };
    }
    const lines = Object.entries(known).map(
      ([table, draws]) => `${JSON.stringify(table)}: [\n${draws.map((one) => JSON.stringify(one)).join(',\n')}\n]`,
    );
    fs.writeFileSync(file, `{"about": ${JSON.stringify(about)},\n"tables": {\n${lines.join(',\n')}\n}}\n`);
    console.log(draw, name, missing.map(([key]) => `${key} ${result[key].error}`).join('; '));
  }
