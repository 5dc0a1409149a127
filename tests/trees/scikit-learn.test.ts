// Every number is scikit-learn's: scikit_learn.py beside this file writes them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Generator, trees } from '../../src';

const expected = JSON.parse(readFileSync(join(__dirname, 'data/scikit-learn.json'), 'utf8'));
const { X, y, labels, pair, weights } = expected;
const small = { maxDepth: 4, minSamplesLeaf: 5 };
const steps = { nEstimators: 30, maxDepth: 2, minSamplesLeaf: 5 };

/** The largest difference between numbers, at any nesting. */
function off(got: unknown, wanted: unknown): number {
  const [a, b] = [got, wanted].map((list) => (Array.isArray(list) ? list.flat(9) : [list]) as number[]);
  expect(a).toHaveLength(b!.length);
  return a!.reduce((most, value, i) => Math.max(most, Math.abs(value - b![i]!)), 0);
}

/** Nodes, splits and counts exactly; sums, which depend on the order of the rows, to 12 digits. */
function expectTree(tree: trees.Tree, wanted: Record<string, number[]>) {
  for (const name of ['feature', 'threshold', 'childrenLeft', 'childrenRight', 'nNodeSamples'] as const)
    expect(Array.from(tree[name]), name).toEqual(wanted[name]);
  for (const name of ['value', 'impurity', 'weightedNNodeSamples'] as const)
    expect(off(Array.from(tree[name]), wanted[name]), name).toBeLessThan(1e-11);
}

describe("one tree has scikit-learn's splits", () => {
  it.each([
    ['regressor', small, undefined],
    ['weighted', small, weights],
    ['stopped', { minImpurityDecrease: 0.4, minSamplesSplit: 30 }, undefined],
  ])('of numbers: %s', (name, options, sampleWeight) => {
    const model = new trees.DecisionTreeRegressor(options).fit(X, y, { sampleWeight });
    const wanted = expected[name];
    expectTree(model.tree, wanted);
    expect(model.nLeaves).toBe(wanted.feature.filter((feature: number) => feature < 0).length);
    expect(model.depth).toBe(wanted.depth);
    expect(off(model.featureImportances, wanted.featureImportances)).toBeLessThan(1e-12);
    expect(off(model.predict(X), wanted.predicted)).toBeLessThan(1e-12);
    expect(model.score(X, y)).toBeCloseTo(wanted.score, 12);
  });

  it.each(['gini', 'entropy'] as const)('of classes: %s', (criterion) => {
    const model = new trees.DecisionTreeClassifier({ criterion, ...small });
    model.fit(X, labels, { sampleWeight: weights });
    const wanted = expected[criterion];
    expectTree(model.tree, wanted);
    expect(off(model.featureImportances, wanted.featureImportances)).toBeLessThan(1e-12);
    expect(model.predict(X)).toEqual(wanted.predicted);
    expect(model.score(X, labels)).toBe(wanted.score);
  });
});

describe('ensembles', () => {
  it('bagging uses the rows that torch.randint draws', () => {
    const wanted = expected.bagging;
    const bag = new trees.BaggingRegressor({
      estimator: () => new trees.DecisionTreeRegressor(small),
      nEstimators: 25,
      generator: new Generator().manualSeed(3),
    }).fit(X, y);
    expect(bag.estimatorsSamples.map((rows) => rows.slice(0, 5))).toEqual(wanted.firstRows);
    expect(off(bag.predict(X), wanted.predicted)).toBeLessThan(1e-12);
    expect(off(bag.oobPrediction, wanted.oobPrediction)).toBeLessThan(1e-12);
    expect(bag.oobScore).toBeCloseTo(wanted.oobScore, 12);
  });

  it('shuffle columns as torch.randperm does', () => {
    const tree = new trees.DecisionTreeRegressor(small).fit(X, y);
    const generator = new Generator().manualSeed(11);
    const { importances } = trees.permutationImportance(tree, X, y, { nRepeats: 4, generator });
    expect(off(importances, expected.permutation)).toBeLessThan(1e-12);
  });

  it.each([
    ['squaredError', 2],
    ['absoluteError', 1],
  ] as const)('boost with the %s', (loss, maxDepth) => {
    const model = new trees.GradientBoostingRegressor({ ...steps, loss, learningRate: 0.3, maxDepth }).fit(X, y);
    const stages = [...model.stagedPredict(X)];
    const wanted = expected[loss];
    expect(off(stages[0], wanted.first)).toBeLessThan(1e-11);
    expect(off(stages.at(-1), wanted.last)).toBeLessThan(1e-11);
    expect(off(model.trainScore, wanted.trainScore)).toBeLessThan(1e-11);
    expect(off(model.featureImportances, wanted.featureImportances)).toBeLessThan(1e-12);
  });

  it.each([
    ['pairLoss', pair, 2], // scikit-learn evaluates two classes by twice the mean loss
    ['labelLoss', labels, 1],
  ])('boost with the log loss: %s', (name, classes, factor) => {
    const model = new trees.GradientBoostingClassifier(steps).fit(X, classes);
    const stages = [...model.stagedPredictProba(X)];
    const wanted = expected[name];
    expect(off(stages[0], wanted.first)).toBeLessThan(1e-12);
    expect(off(stages.at(-1), wanted.last)).toBeLessThan(1e-12);
    expect(
      off(
        model.trainScore.map((loss) => factor * loss),
        wanted.trainScore,
      ),
    ).toBeLessThan(1e-12);
    expect(off(model.featureImportances, wanted.featureImportances)).toBeLessThan(1e-12);
  });
});
