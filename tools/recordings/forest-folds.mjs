// Records errors over five folds for the chapter "Random forests and gradient boosting" (note 001). After a build:
//   node tools/recordings/forest-folds.mjs [--to FILE]
// It takes some seconds.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Generator, trees } from 'gradlab';
import { datasets } from 'gradlab/lab';
import * as lesson from 'gradlab/lab/lessons/001-random-forests-and-boosting';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const committed = path.join(paths.notebooks, '001-fastai-book', 'forest-folds.recorded.json');
const { values } = parseArgs({ options: { to: { type: 'string', default: committed } } });
const sown = (seed) => new Generator().manualSeed(seed);
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const errorOf = (said, truth) => mean(truth.map((y, i) => (said[i] - y) ** 2));

const makers = {
  'Friedman’s': (generator) => datasets.friedman1(250, { features: 10, noise: 1, generator }),
  gauges: (generator) => lesson.gauges(250, { generator }),
  thresholds: (generator) => lesson.steps(250, { generator }),
};
/** Mean squared error of forests trained on four folds, on the fifth. */
function overFolds(make, seed) {
  const own = make(sown(seed));
  const [rows, y] = [own.x.tolist(), own.y.tolist()];
  return mean(
    [0, 1, 2, 3, 4].map((fold) => {
      const isOut = (_, i) => i % 5 === fold;
      const isIn = (_, i) => i % 5 !== fold;
      const forest = new trees.RandomForestRegressor({ generator: sown(seed) });
      forest.fit(rows.filter(isIn), y.filter(isIn));
      return errorOf(forest.predict(rows.filter(isOut)), y.filter(isOut));
    }),
  );
}
const errors = Object.fromEntries(
  Object.entries(makers).map(([name, make]) => [
    name,
    [0, 1, 2].map((seed) => Number(overFolds(make, seed).toPrecision(8))),
  ]),
);
const about =
  'Mean squared error over five folds of 250 rows of forests of 100 trees with all columns, for three kinds of table and three draws. Made by node ' +
  'tools/recordings/forest-folds.mjs';
fs.writeFileSync(values.to, `${JSON.stringify({ about, errors })}\n`);
