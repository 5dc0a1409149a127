import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Generator, trees, ValueError } from '../../src';
import { datasets } from '../../src/lab';

const seeded = (seed: number) => new Generator().manualSeed(seed);
const { x, y } = datasets.friedman1(150, { features: 6, noise: 1, generator: seeded(1) });
const far = datasets.friedman1(400, { features: 6, generator: seeded(2) });
const labels = (y.tolist() as number[]).map((value) => (value > 16 ? 9 : value > 12 ? 4 : -1));
const mse = (said: ArrayLike<number>, truth: number[]) =>
  truth.reduce((sum, value, i) => sum + (value - said[i]!) ** 2, 0) / truth.length;
const errorOf = (model: trees.Estimator) => mse(model.predict(far.x), far.y.tolist() as number[]);

describe('a tree', () => {
  it('finds the best of all splits, like a search of all', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.double({ min: -5, max: 5, noNaN: true })), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(rows, (pairs) => {
        const [u, v] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
        const { thresholds, after, whole, best } = trees.impurity(u, v);
        const spread = (list: number[]) => {
          const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
          return list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        };
        expect(whole).toBeCloseTo(spread(v) / v.length, 9);
        const left = thresholds.map((t) => v.filter((_, i) => u[i]! <= t));
        const right = thresholds.map((t) => v.filter((_, i) => u[i]! > t));
        after.forEach((value, i) => {
          expect(value).toBeCloseTo((spread(left[i]!) + spread(right[i]!)) / v.length, 9);
        });
        if (best < 0 || whole < 1e-9) return;
        const [split] = new trees.DecisionTreeRegressor({ maxDepth: 1 }).fit(
          u.map((value) => [value]),
          v,
        ).splits;
        expect(after[thresholds.indexOf(split!.threshold)]).toBeCloseTo(after[best]!, 9);
        expect(split!.gain / v.length).toBeCloseTo(whole - after[best]!, 9);
      }),
    );
  });

  it('has no error left if rows differ, and predicts means otherwise', () => {
    const tree = new trees.DecisionTreeRegressor().fit(x, y);
    expect(mse(tree.predict(x), y.tolist() as number[])).toBe(0);
    expect(tree.nLeaves).toBe(150);
    expect(new trees.DecisionTreeRegressor().fit([[1], [1], [2]], [3, 4, 9]).predict([[1], [2]])).toEqual([3.5, 9]);
    expect(new trees.DecisionTreeRegressor().fit([[1], [1]], [3, 4]).nLeaves).toBe(1);
    expect(trees.impurity([2, 2], [0, 1])).toEqual({ whole: 0.25, thresholds: [], after: [], best: -1 });
  });

  it('treats a row of weight 2 like two rows, and ignores one of weight 0', () => {
    const rows = x.tolist() as number[][];
    const values = y.tolist() as number[];
    const times = rows.map((_, i) => i % 3);
    const repeated = times.flatMap((count, i) => new Array(count).fill(i) as number[]);
    const weighted = new trees.DecisionTreeRegressor({ maxDepth: 4 }).fit(rows, values, { sampleWeight: times });
    const listed = new trees.DecisionTreeRegressor({ maxDepth: 4 });
    listed.fit(
      repeated.map((i) => rows[i]!),
      repeated.map((i) => values[i]!),
    );
    expect(weighted.splits.map(({ feature }) => feature)).toEqual(listed.splits.map(({ feature }) => feature));
    const said = listed.predict(rows);
    weighted.predict(rows).forEach((value, i) => {
      expect(value).toBeCloseTo(said[i]!, 10);
    });
  });

  it('obeys its limits', () => {
    const leafSizes = (tree: trees.DecisionTreeRegressor) =>
      Array.from(tree.tree.feature).flatMap((feature, node) => (feature < 0 ? tree.tree.nNodeSamples[node]! : []));
    const tree = new trees.DecisionTreeRegressor({ maxDepth: 3, minSamplesLeaf: 12 }).fit(x, y);
    expect(tree.depth).toBe(3);
    expect(Math.min(...leafSizes(tree))).toBeGreaterThanOrEqual(12);
    expect(leafSizes(tree).reduce((sum, count) => sum + count, 0)).toBe(150);
    expect(new Set(tree.apply(x)).size).toBe(tree.nLeaves);
  });

  it('chooses the first feature, or a random one, for equally good splits', () => {
    const twins = [0, 1, 2, 3].map((value) => [value, value]);
    const first = (generator?: Generator) =>
      new trees.DecisionTreeRegressor({ ...(generator && { generator }) }).fit(twins, [0, 0, 1, 1]).splits[0]!.feature;
    expect(first()).toBe(0);
    expect(new Set(Array.from({ length: 20 }, (_, seed) => first(seeded(seed))))).toEqual(new Set([0, 1]));
  });

  it('does not let rounding decide between equally good splits', () => {
    // Either column splits the rows in the same way, in another order: sums differ in their last digits.
    const values = [0.1, 0.7, 0.2, 1.1, 1.7, 1.3];
    const rows = values.map((_, i) => [[0.5, 0.3, 0.4, 0.9, 0.7, 0.8][i]!, -i]);
    for (const scale of [1, 1 / 3, 1e-3 / 7])
      for (const shift of [0, 0.1, 1 / 3]) {
        const tree = new trees.DecisionTreeRegressor({ maxDepth: 1 });
        tree.fit(
          rows,
          values.map((value) => value * scale + shift),
        );
        expect(tree.splits[0]!.feature).toBe(0);
      }
  });

  it('examines as many features as given, and more if those are constant', () => {
    const rows = Array.from({ length: 60 }, (_, i) => [0, i, (i * 7) % 60]);
    const tree = new trees.DecisionTreeRegressor({ maxFeatures: 1, generator: seeded(0) });
    tree.fit(
      rows,
      rows.map(([, b]) => b!),
    );
    const asked = new Set(tree.splits.map(({ feature }) => feature));
    expect(asked).toEqual(new Set([1, 2]));
    expect(tree.nLeaves).toBe(60);
  });
});

describe('ensembles', () => {
  it('are better than one tree, forests as well as bagging', () => {
    const single = errorOf(new trees.DecisionTreeRegressor().fit(x, y));
    const bag = new trees.BaggingRegressor({ nEstimators: 60, generator: seeded(0) }).fit(x, y);
    const forest = new trees.RandomForestRegressor({ maxFeatures: 2, generator: seeded(0) }).fit(x, y);
    expect(errorOf(bag)).toBeLessThan(0.7 * single);
    expect(errorOf(forest)).toBeLessThan(0.7 * single);
    expect(Math.abs(bag.oobScore - bag.score(far.x, far.y))).toBeLessThan(0.2);
  });

  it('predict the mean of their models; out-of-bag predictions use those without the row', () => {
    const forest = new trees.RandomForestRegressor({ nEstimators: 7, maxFeatures: 2, generator: seeded(4) }).fit(x, y);
    const each = forest.estimators.map((tree) => tree.predict(x));
    const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    forest.predict(x).forEach((value, i) => {
      expect(value).toBeCloseTo(mean(each.map((said) => said[i]!)), 12);
    });
    forest.oobPrediction.forEach((value, i) => {
      const out = each.filter((_, b) => !forest.estimatorsSamples[b]!.includes(i)).map((said) => said[i]!);
      if (out.length) expect(value).toBeCloseTo(mean(out), 12);
      else expect(value).toBeNaN();
    });
  });

  it('accept models of any kind', () => {
    class Mean {
      private said = 0;
      fit(_: unknown, y: ArrayLike<number>) {
        this.said = Array.from(y).reduce((sum, value) => sum + value, 0) / y.length;
      }
      predict(X: { tolist(): number[][] }) {
        return X.tolist().map(() => this.said);
      }
    }
    const estimator = () => new Mean() as unknown as trees.Estimator;
    const bag = new trees.BaggingRegressor({ estimator, generator: seeded(0) }).fit(x, y);
    const values = y.tolist() as number[];
    const means = bag.estimatorsSamples.map((rows) => rows.reduce((sum, row) => sum + values[row]!, 0) / 150);
    expect(bag.predict([[0, 0, 0, 0, 0, 0]])[0]).toBeCloseTo(means.reduce((sum, mean) => sum + mean, 0) / 10, 12);
    expect(() => JSON.stringify(bag)).toThrow(/only trees can be saved, not a Mean/);
    const votes = new trees.BaggingClassifier({
      estimator: () => new trees.GradientBoostingClassifier({ nEstimators: 3 }),
      generator: seeded(0),
    }).fit(x, labels);
    expect(
      votes.predictProba(x).every((row) => row.every((share) => Number.isInteger(Math.round(share * 1e9) / 1e8))),
    ).toBe(true);
  });

  it('of classifiers average probabilities', () => {
    const forest = new trees.RandomForestClassifier({ nEstimators: 30, generator: seeded(0) }).fit(x, labels);
    expect(forest.classes).toEqual([-1, 4, 9]);
    expect(forest.score(x, labels)).toBe(1);
    expect(forest.oobScore).toBeGreaterThan(0.6);
    forest.oobDecisionFunction.forEach((row) => {
      expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    });
    const bag = new trees.BaggingClassifier({ nEstimators: 30, generator: seeded(0) }).fit(x, labels);
    expect(bag.oobScore).toBeGreaterThan(0.6);
  });

  it('draw without replacement, and fewer rows', () => {
    const bag = new trees.BaggingRegressor({ bootstrap: false, maxSamples: 0.5, generator: seeded(0) }).fit(x, y);
    for (const rows of bag.estimatorsSamples) expect([rows.length, new Set(rows).size]).toEqual([75, 75]);
    const all = new trees.BaggingRegressor({ bootstrap: false, nEstimators: 2, generator: seeded(0) }).fit(x, y);
    expect(all.oobPrediction.every(Number.isNaN)).toBe(true);
    expect(all.oobScore).toBeNaN();
  });

  it('are the same for the same seed', () => {
    const said = () =>
      new trees.RandomForestRegressor({ nEstimators: 5, maxFeatures: 2, generator: seeded(8) }).fit(x, y).predict(x);
    expect(said()).toEqual(said());
  });

  it('estimate the importance of features', () => {
    const forest = new trees.RandomForestRegressor({ nEstimators: 30, generator: seeded(0) }).fit(x, y);
    const shares = forest.featureImportances;
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(shares.indexOf(Math.max(...shares))).toBe(3);
    expect(shares.indexOf(Math.min(...shares))).toBe(5);
    const { importancesMean, importancesStd } = trees.permutationImportance(forest, far.x, far.y, {
      generator: seeded(0),
    });
    expect(importancesMean.indexOf(Math.max(...importancesMean))).toBe(3);
    expect(Math.abs(importancesMean[5]!)).toBeLessThan(0.02);
    expect(importancesStd.every((std) => std >= 0)).toBe(true);
  });
});

describe('boosting', () => {
  it('sums the predictions of its trees', () => {
    const model = new trees.GradientBoostingRegressor({ nEstimators: 12, learningRate: 0.3 }).fit(x, y);
    const sums = model.estimators.reduce<number[]>(
      (so, tree) => tree.predict(far.x).map((value, i) => so[i]! + 0.3 * value),
      new Array(400).fill(model.start),
    );
    model.predict(far.x).forEach((value, i) => {
      expect(value).toBeCloseTo(sums[i]!, 12);
    });
    expect(mse(model.predict(x), y.tolist() as number[])).toBeCloseTo(model.trainScore.at(-1)!, 12);
  });

  it('uses a fraction of the rows per stage', () => {
    const model = new trees.GradientBoostingRegressor({ subsample: 0.4, generator: seeded(0) }).fit(x, y);
    expect(model.estimators.every(({ tree }) => tree.nNodeSamples[0] === 60)).toBe(true);
    expect(errorOf(model)).toBeLessThan(0.5 * errorOf(new trees.DecisionTreeRegressor().fit(x, y)));
  });

  it('separates classes by the sum, for two as for three', () => {
    const model = new trees.GradientBoostingClassifier({ nEstimators: 20 }).fit(x, labels);
    expect(model.score(x, labels)).toBeGreaterThan(0.95);
    expect([...model.stagedPredict(x)].at(-1)).toEqual(model.predict(x));
    expect(model.estimators[0]).toHaveLength(3);
    expect(model.trainScore.at(-1)).toBeLessThan(model.trainScore[0]!);
  });
});

describe('invalid arguments', () => {
  it.each<[() => unknown, RegExp]>([
    [() => new trees.DecisionTreeRegressor({ maxDepth: 0 }), /maxDepth must be a whole number from 1 on, got 0/],
    [() => new trees.DecisionTreeRegressor({ depth: 3 } as object), /no option depth; the options are maxDepth/],
    [() => new trees.DecisionTreeRegressor({ minSamplesSplit: 1 }), /minSamplesSplit must be a whole number from 2/],
    [() => new trees.DecisionTreeRegressor({ minSamplesLeaf: 0.5 }), /minSamplesLeaf must be a whole number from 1/],
    [() => new trees.DecisionTreeRegressor({ minImpurityDecrease: -1 }), /minImpurityDecrease must be 0 or more/],
    [
      () => new trees.DecisionTreeRegressor({ maxFeatures: 1.5 }),
      /maxFeatures must be a whole number from 1 on, a share/,
    ],
    [() => new trees.DecisionTreeRegressor({ maxFeatures: 7 }).fit(x, y), /maxFeatures is 7, but X has only 6 columns/],
    [
      () => new trees.DecisionTreeClassifier({ criterion: 'mse' as 'gini' }),
      /criterion must be 'gini' or 'entropy', got 'mse'/,
    ],
    [() => new trees.DecisionTreeRegressor().predict(x), /has not been fitted; call fit/],
    [() => new trees.DecisionTreeRegressor().fit([1, 2] as never, [1, 2]), /give x\.map\(\(v\) => \[v\]\)/],
    [
      () => new trees.DecisionTreeRegressor().fit([[1], [2, 3]], [1, 2]),
      /row 0 of X has 1 numbers, row 1 is a list of 2/,
    ],
    [() => new trees.DecisionTreeRegressor().fit([[1], [Number.NaN]], [1, 2]), /row 1, column 0 is NaN/],
    [() => new trees.DecisionTreeRegressor().fit([[1], [2]], [1]), /X has 2 rows, y has 1 numbers/],
    [() => new trees.DecisionTreeRegressor().fit([], []), /X must be rows of numbers/],
    [() => new trees.DecisionTreeRegressor().fit([[1]], [1], { sampleWeight: [0] }), /sampleWeight must be 0 or more/],
    [() => new trees.DecisionTreeRegressor().fit(x, y).predict([[1]]), /X has 1 columns, the model was fitted to 6/],
    [
      () => new trees.RandomForestRegressor({ nEstimators: 0 }),
      /RandomForestRegressor: nEstimators must be a whole number/,
    ],
    [() => new trees.RandomForestRegressor({ maxDepth: -1 }), /RandomForestRegressor: maxDepth/],
    [() => new trees.RandomForestClassifier({ trees: 3 } as object), /there is no option trees/],
    [() => new trees.BaggingRegressor({ maxSamples: 1.5 }), /maxSamples must be a whole number or a share below 1/],
    [() => new trees.BaggingRegressor({ estimator: 3 as never }), /estimator must be a function/],
    [() => new trees.BaggingRegressor({ bootstrap: 1 as never }), /bootstrap must be true or false/],
    [() => new trees.BaggingRegressor({ bootstrap: false, maxSamples: 151 }).fit(x, y), /at most the 150 rows/],
    [() => new trees.GradientBoostingRegressor({ learningRate: 0 }), /learningRate must be above 0, got 0/],
    [() => new trees.GradientBoostingRegressor({ subsample: 2 }), /subsample must be above 0 and at most 1/],
    [
      () => new trees.GradientBoostingRegressor({ loss: 'mse' as never }),
      /loss must be 'squaredError' or 'absoluteError'/,
    ],
    [() => new trees.GradientBoostingClassifier().fit([[1], [2]], [3, 3]), /only the label 3/],
    [() => trees.impurity([], []), /x and y are empty/],
    [() => trees.impurity([1], [1], { criterion: 'mse' as never }), /criterion must be/],
    [() => trees.permutationImportance({} as never, x, y), /a method score/],
  ])('%s', (attempt, message) => {
    expect(attempt).toThrow(ValueError);
    expect(attempt).toThrow(message);
  });

  it('change nothing', () => {
    const tree = new trees.DecisionTreeRegressor().fit(x, y);
    const before = tree.predict(x);
    expect(() => tree.fit(x, [1])).toThrow(ValueError);
    expect(tree.predict(x)).toEqual(before);
  });
});
