import type { NumberList, NumberMatrix } from '../display';
import { ClassImpurity, SquaredError } from './criteria';
import { grow } from './grow';
import { normalized, type Split, type Tree } from './grown-tree';
import { fromJson, type ModelJson, toJson } from './json';
import { checkTreeOptions, checkWord, type TreeOptions } from './options';
import { accuracy, fitted, largest, r2 } from './score';
import { readClasses, readTargets, readWeights, Table } from './table';

/** Options of `fit`. */
export interface FitOptions {
  /** Weight of each row, 0 or more. Default: 1. */
  sampleWeight?: NumberList | undefined;
}

/** Options of {@link DecisionTreeClassifier}. */
export interface DecisionTreeClassifierOptions extends TreeOptions {
  /** The impurity: Gini's 1 - Σ pₖ², or the entropy -Σ pₖ log₂ pₖ of the shares pₖ of the classes. Default: `'gini'`. */
  criterion?: 'gini' | 'entropy';
}

/** The common part of both trees. */
abstract class DecisionTree<O extends TreeOptions> {
  /** The options of the constructor. */
  readonly options: Readonly<O>;
  /** Number of columns of X. */
  nFeaturesIn = 0;
  protected grown: Tree | undefined;

  constructor(options: O) {
    checkTreeOptions(new.target.name, options);
    this.options = { ...options };
  }

  /** The tree as lists. @throws {ValueError} before `fit`, as all other members. */
  get tree(): Tree {
    return fitted(this.constructor.name, this.grown);
  }

  /** All splits in preorder: each is followed by those on its left, then those on its right. */
  get splits(): Split[] {
    return this.tree.splits;
  }

  /** The largest number of splits between the root and a leaf. */
  get depth(): number {
    return this.tree.depths.reduce((most, depth) => Math.max(most, depth), 0);
  }

  /** Number of leaves. */
  get nLeaves(): number {
    return this.tree.nLeaves;
  }

  /** Each feature's share of the total decrease in impurity. */
  get featureImportances(): number[] {
    return normalized(this.tree.gains(this.nFeaturesIn));
  }

  /** Returns the node number of each row's leaf. */
  apply(X: NumberMatrix): number[] {
    return Array.from(this.leavesOf('apply', X));
  }

  /** Returns the model for `JSON.stringify`; `fromJSON` restores it with the same predictions. */
  toJSON(): ModelJson {
    return toJson(this.constructor.name, this.options, this.nFeaturesIn, [this.tree]);
  }

  protected leavesOf(method: string, X: NumberMatrix): Int32Array {
    const who = `${this.constructor.name}.${method}`;
    return fitted(who, this.grown).leaves(Table.read(who, X, this.nFeaturesIn));
  }
}

/**
 * A tree of questions such as “is x₃ at most 0.4?” that predicts a number, the mean of the rows in the leaf. Each split
 * is the one that lowers Σ (y - ȳ)² most, by n_L n_R / n (ȳ_L - ȳ_R)². It is scikit-learn's `DecisionTreeRegressor`;
 * but a random choice between equally good splits is made only with a `generator`.
 *
 * Splits equal scikit-learn's with these exceptions. Of splits that are equally good up to rounding, the first is made;
 * there rounding decides. A split without gain is made; there only if rounding does not make the gain negative. A node
 * of one class is a leaf; there the rounded entropy of weighted rows may be above 0. X stays float64; there it is
 * float32, and values within 1e-7 are equal.
 *
 * @example
 * const tree = new trees.DecisionTreeRegressor({ maxDepth: 1 }).fit([[1], [2], [3]], [5, 5, 9]);
 * tree.splits[0].threshold // 2.5
 * tree.predict([[0], [10]]) // [5, 9]
 */
export class DecisionTreeRegressor extends DecisionTree<TreeOptions> {
  constructor(options: TreeOptions = {}) {
    super(options);
  }

  /** Wraps a tree that was grown elsewhere. @internal */
  static of(tree: Tree, nFeaturesIn: number, options: TreeOptions): DecisionTreeRegressor {
    const model = new DecisionTreeRegressor(options);
    model.grown = tree;
    model.nFeaturesIn = nFeaturesIn;
    return model;
  }

  /**
   * Restores a model from the result of `toJSON`, an object or a string. @throws {ValueError} if it is damaged, or of
   * another class.
   */
  static fromJSON(saved: unknown): DecisionTreeRegressor {
    const { json, trees } = fromJson('DecisionTreeRegressor', saved, { trees: 1 });
    return DecisionTreeRegressor.of(trees[0]!, json.nFeaturesIn, json.options);
  }

  /**
   * Grows the tree again. Returns the model.
   * @param X [n, d], a row for each observation. @param y [n].
   * @throws {ValueError} if sizes differ or something is not finite.
   */
  fit(X: NumberMatrix, y: NumberList, options: FitOptions = {}): this {
    const who = 'DecisionTreeRegressor.fit';
    const table = Table.read(who, X);
    const weights = readWeights(who, options.sampleWeight, table.rows);
    const criterion = new SquaredError(readTargets(who, y, table.rows), weights);
    this.grown = grow(who, table, weights, criterion, this.options);
    this.nFeaturesIn = table.columns.length;
    return this;
  }

  /** Returns the mean of each row's leaf. @throws {ValueError} if X has other columns than in `fit`. */
  predict(X: NumberMatrix): number[] {
    const { value } = this.tree;
    return Array.from(this.leavesOf('predict', X), (leaf) => value[leaf]!);
  }

  /** Returns R², the explained fraction of the variance of y: 1 - Σ (y - ŷ)² / Σ (y - ȳ)². */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return r2(readTargets('DecisionTreeRegressor.score', y, predicted.length), predicted);
  }
}

/**
 * A tree of questions that predicts classes: each leaf has the class shares of its rows and predicts the most frequent
 * class. Each split is the one that lowers the impurity most. It is scikit-learn's `DecisionTreeClassifier`; but a
 * random choice between equally good splits is made only with a `generator`. {@link DecisionTreeRegressor} lists other
 * differences. Labels are numbers.
 *
 * @example
 * const tree = new trees.DecisionTreeClassifier().fit([[1], [2], [3]], [0, 0, 7]);
 * tree.predict([[2.4], [2.6]]) // [0, 7]
 */
export class DecisionTreeClassifier extends DecisionTree<DecisionTreeClassifierOptions> {
  /** The labels, in ascending order. */
  classes: readonly number[] = [];

  constructor(options: DecisionTreeClassifierOptions = {}) {
    super(options);
    if (options.criterion !== undefined)
      checkWord('DecisionTreeClassifier', 'criterion', options.criterion, ['gini', 'entropy']);
  }

  /** Wraps a tree that was grown elsewhere. @internal */
  static of(
    tree: Tree,
    nFeaturesIn: number,
    classes: readonly number[],
    options: DecisionTreeClassifierOptions,
  ): DecisionTreeClassifier {
    const model = new DecisionTreeClassifier(options);
    model.grown = tree;
    model.nFeaturesIn = nFeaturesIn;
    model.classes = classes;
    return model;
  }

  /**
   * Restores a model from the result of `toJSON`, an object or a string. @throws {ValueError} if it is damaged, or of
   * another class.
   */
  static fromJSON(saved: unknown): DecisionTreeClassifier {
    const { json, trees, classes } = fromJson('DecisionTreeClassifier', saved, { trees: 1, outputs: (k) => k });
    return DecisionTreeClassifier.of(trees[0]!, json.nFeaturesIn, classes, json.options);
  }

  /**
   * Grows the tree again. Returns the model.
   * @param X [n, d], a row for each observation. @param y [n], class labels as numbers.
   * @throws {ValueError} if sizes differ or something is not finite.
   */
  fit(X: NumberMatrix, y: NumberList, options: FitOptions = {}): this {
    const who = 'DecisionTreeClassifier.fit';
    const table = Table.read(who, X);
    const weights = readWeights(who, options.sampleWeight, table.rows);
    const { classes, codes } = readClasses(who, y, table.rows);
    const criterion = new ClassImpurity(this.options.criterion ?? 'gini', codes, weights, classes.length);
    this.grown = grow(who, table, weights, criterion, this.options);
    this.nFeaturesIn = table.columns.length;
    this.classes = classes;
    return this;
  }

  override toJSON(): ModelJson {
    return { ...super.toJSON(), classes: [...this.classes] };
  }

  /** Returns the most frequent class in each row's leaf, of equally frequent ones the first. */
  predict(X: NumberMatrix): number[] {
    return this.predictProba(X).map((shares) => this.classes[largest(shares)]!);
  }

  /** Returns the class shares in each row's leaf. @throws {ValueError} if X has other columns than in `fit`. */
  predictProba(X: NumberMatrix): number[][] {
    const { value, outputs } = this.tree;
    const leaves = Array.from(this.leavesOf('predictProba', X));
    return leaves.map((leaf) => Array.from(value.subarray(leaf * outputs, (leaf + 1) * outputs)));
  }

  /** Returns the fraction of rows with the correct class. */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return accuracy(readTargets('DecisionTreeClassifier.score', y, predicted.length), predicted);
  }
}
