import type { Generator } from '../random';
import { MeanOfNumbers, MeanOfShares } from './bagging';
import { DecisionTreeClassifier, type DecisionTreeClassifierOptions, DecisionTreeRegressor } from './decision-tree';
import type { DrawOptions } from './ensemble';
import { normalized } from './grown-tree';
import { fromJson } from './json';
import { checkTreeOptions, type TreeOptions, treeOptions } from './options';

/** Options of {@link RandomForestRegressor}: the trees' and those of bagging. */
export interface RandomForestRegressorOptions extends TreeOptions, DrawOptions {
  /** The generator of rows and features. Default: the default generator. */
  generator?: Generator;
}

/** Options of {@link RandomForestClassifier}: the trees' and those of bagging. */
export interface RandomForestClassifierOptions extends DecisionTreeClassifierOptions, DrawOptions {
  /** The generator of rows and features. Default: the default generator. */
  generator?: Generator;
}

/** Returns the options of the trees. */
function ofTrees<O extends RandomForestRegressorOptions>(options: O, further: readonly (keyof O)[] = []) {
  const names = [...treeOptions, ...further].filter(
    (name) => name !== 'generator' && options[name as keyof O] !== undefined,
  );
  return Object.fromEntries(names.map((name) => [name, options[name as keyof O]])) as Omit<O, keyof DrawOptions>;
}

/** Returns the mean of the trees' importances. */
const meanImportances = (trees: readonly { featureImportances: number[] }[]): number[] => {
  const each = trees.map((tree) => tree.featureImportances);
  return normalized(each[0]!.map((_, j) => each.reduce((sum, shares) => sum + shares[j]!, 0)));
};

/**
 * Bagging of trees that test a random subset of the features for each split if `maxFeatures` is below their number; by
 * default it is not. It is scikit-learn's `RandomForestRegressor`, with rows drawn by PyTorch's `randint`.
 *
 * @example
 * const forest = new trees.RandomForestRegressor({ nEstimators: 20, maxFeatures: 1, generator: new Generator().manualSeed(0) });
 * forest.fit([[1, 0], [2, 1], [3, 0], [4, 1]], [1, 1, 5, 5]);
 * const again = trees.RandomForestRegressor.fromJSON(JSON.stringify(forest));
 * again.predict([[9, 9]])[0] === forest.predict([[9, 9]])[0] // true
 */
export class RandomForestRegressor extends MeanOfNumbers<DecisionTreeRegressor, RandomForestRegressorOptions> {
  constructor(options: RandomForestRegressorOptions = {}) {
    checkTreeOptions('RandomForestRegressor', ofTrees(options));
    super(options, (generator) => new DecisionTreeRegressor({ ...ofTrees(options), generator }), 100);
  }

  /**
   * Restores a model from the result of `toJSON`, an object or a string. @throws {ValueError} if it is damaged, or of
   * another class.
   */
  static fromJSON(saved: unknown): RandomForestRegressor {
    const loaded = fromJson('RandomForestRegressor', saved);
    const { nFeaturesIn, options } = loaded.json;
    const model = new RandomForestRegressor(options);
    return model.load(loaded, (tree) => DecisionTreeRegressor.of(tree, nFeaturesIn, ofTrees(options)));
  }

  /** The mean of the trees' {@link DecisionTreeRegressor.featureImportances}. */
  get featureImportances(): number[] {
    return meanImportances(this.estimators);
  }
}

/**
 * Bagging of trees that test √d of the d features for each split, drawn again each time, and average their class
 * shares. It is scikit-learn's `RandomForestClassifier`, with rows drawn by PyTorch's `randint`.
 *
 * @example
 * const forest = new trees.RandomForestClassifier({ nEstimators: 20, generator: new Generator().manualSeed(0) });
 * forest.fit([[1], [2], [3], [4]], [0, 0, 1, 1]).predict([[0], [5]]) // [0, 1]
 */
export class RandomForestClassifier extends MeanOfShares<DecisionTreeClassifier, RandomForestClassifierOptions> {
  constructor(options: RandomForestClassifierOptions = {}) {
    const own = { maxFeatures: 'sqrt', ...ofTrees(options, ['criterion']) } as const;
    new DecisionTreeClassifier(own); // validates the options before `fit`
    super(options, (generator) => new DecisionTreeClassifier({ ...own, generator }), 100);
  }

  /**
   * Restores a model from the result of `toJSON`, an object or a string. @throws {ValueError} if it is damaged, or of
   * another class.
   */
  static fromJSON(saved: unknown): RandomForestClassifier {
    const loaded = fromJson('RandomForestClassifier', saved, { outputs: (k) => k });
    const { json, classes } = loaded;
    const model = new RandomForestClassifier(json.options);
    model.classes = classes;
    const options = ofTrees(json.options as RandomForestClassifierOptions, ['criterion']);
    return model.load(loaded, (tree) => DecisionTreeClassifier.of(tree, json.nFeaturesIn, classes, options));
  }

  /** The mean of the trees' {@link DecisionTreeClassifier.featureImportances}. */
  get featureImportances(): number[] {
    return meanImportances(this.estimators);
  }
}
