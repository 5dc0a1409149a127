import type { Generator } from '../random';
import { refuseSurplus } from '../surplus';
import { checkBagging, MeanOfNumbers, MeanOfShares } from './bagging';
import { DecisionTreeClassifier, type DecisionTreeClassifierOptions, DecisionTreeRegressor } from './decision-tree';
import type { DrawOptions } from './ensemble';
import { normalized } from './grown-tree';
import { fromJson } from './json';
import { checkTreeOptions, type TreeOptions, treeOptions } from './options';

/** Options of {@link RandomForestRegressor}: the trees' and those of bagging. */
export interface RandomForestRegressorOptions extends TreeOptions, DrawOptions {
  /** Where rows and features are drawn from. Default: the default generator. */
  generator?: Generator;
}

/** Options of {@link RandomForestClassifier}: the trees' and those of bagging. */
export interface RandomForestClassifierOptions extends DecisionTreeClassifierOptions, DrawOptions {
  /** Where rows and features are drawn from. Default: the default generator. */
  generator?: Generator;
}

/** What remains for the trees. */
function ofTrees<O extends RandomForestRegressorOptions>(options: O, further: readonly (keyof O)[] = []) {
  const names = [...treeOptions, ...further].filter(
    (name) => name !== 'generator' && options[name as keyof O] !== undefined,
  );
  return Object.fromEntries(names.map((name) => [name, options[name as keyof O]])) as Omit<O, keyof DrawOptions>;
}

/** The mean of the trees' importances. */
const meanImportances = (trees: readonly { featureImportances: number[] }[]): number[] => {
  const each = trees.map((tree) => tree.featureImportances);
  return normalized(each[0]!.map((_, j) => each.reduce((sum, shares) => sum + shares[j]!, 0)));
};

/**
 * Bagging of trees that look at a random choice of the features for each cut, if `maxFeatures` is below their number; by default it is
 * not. It is scikit-learn's `RandomForestRegressor`, with rows drawn by PyTorch's `randint`.
 *
 * @example
 * const forest = new trees.RandomForestRegressor({ nEstimators: 20, maxFeatures: 1, generator: new Generator().manualSeed(0) });
 * forest.fit([[1, 0], [2, 1], [3, 0], [4, 1]], [1, 1, 5, 5]);
 * const again = trees.RandomForestRegressor.fromJSON(JSON.stringify(forest));
 * again.predict([[9, 9]])[0] === forest.predict([[9, 9]])[0] // true
 */
export class RandomForestRegressor extends MeanOfNumbers<DecisionTreeRegressor, RandomForestRegressorOptions> {
  constructor(options: RandomForestRegressorOptions = {}) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    checkBagging('RandomForestRegressor', options, treeOptions);
    checkTreeOptions('RandomForestRegressor', ofTrees(options), []);
    super(options, (generator) => new DecisionTreeRegressor({ ...ofTrees(options), generator }), 100);
  }

  /** Reads what `toJSON` gave, as an object or as text. @throws {ValueError} if it is damaged, or of another class. */
  static fromJSON(saved: unknown): RandomForestRegressor {
    const loaded = fromJson('RandomForestRegressor', saved);
    const { nFeaturesIn, options } = loaded.json;
    const model = new RandomForestRegressor(options);
    return model.load(loaded, (tree) => DecisionTreeRegressor.of(tree, nFeaturesIn, ofTrees(options)));
  }

  /** The mean of the trees' shares of each feature in what cuts lower the impurity by. */
  get featureImportances(): number[] {
    return meanImportances(this.estimators);
  }
}

/**
 * Bagging of trees that look at √d of the d features for each cut, drawn anew, and give their shares of the classes. It is
 * scikit-learn's `RandomForestClassifier`, with rows drawn by PyTorch's `randint`.
 *
 * @example
 * const forest = new trees.RandomForestClassifier({ nEstimators: 20, generator: new Generator().manualSeed(0) });
 * forest.fit([[1], [2], [3], [4]], [0, 0, 1, 1]).predict([[0], [5]]) // [0, 1]
 */
export class RandomForestClassifier extends MeanOfShares<DecisionTreeClassifier, RandomForestClassifierOptions> {
  constructor(options: RandomForestClassifierOptions = {}) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    checkBagging('RandomForestClassifier', options, ['criterion', ...treeOptions]);
    const own = { maxFeatures: 'sqrt', ...ofTrees(options, ['criterion']) } as const;
    new DecisionTreeClassifier(own); // its errors come before anything is fitted
    super(options, (generator) => new DecisionTreeClassifier({ ...own, generator }), 100);
  }

  /** Reads what `toJSON` gave, as an object or as text. @throws {ValueError} if it is damaged, or of another class. */
  static fromJSON(saved: unknown): RandomForestClassifier {
    const loaded = fromJson('RandomForestClassifier', saved, { outputs: (k) => k });
    const { json, classes } = loaded;
    const model = new RandomForestClassifier(json.options);
    model.classes = classes;
    const options = ofTrees(json.options as RandomForestClassifierOptions, ['criterion']);
    return model.load(loaded, (tree) => DecisionTreeClassifier.of(tree, json.nFeaturesIn, classes, options));
  }

  /** The mean of the trees' shares of each feature in what cuts lower the impurity by. */
  get featureImportances(): number[] {
    return meanImportances(this.estimators);
  }
}
