import { requireOptions } from '../data/checks';
import type { NumberList, NumberMatrix } from '../display';
import { refuseSurplus } from '../surplus';
import { ClassImpurity, SquaredError } from './criteria';
import { grow } from './grow';
import { normalized, type Split, type Tree } from './grown-tree';
import { fromJson, type ModelJson, toJson } from './json';
import { checkTreeOptions, checkWord, type TreeOptions } from './options';
import { accuracy, fitted, largest, r2 } from './score';
import { readClasses, readTargets, readWeights, Table } from './table';

/** Options of `fit`. */
export interface FitOptions {
  /** How much each row counts, 0 or more. Default: 1. */
  sampleWeight?: NumberList | undefined;
}

/** Options of {@link DecisionTreeClassifier}. */
export interface DecisionTreeClassifierOptions extends TreeOptions {
  /** The impurity: Gini's 1 - Σ pₖ², or the entropy -Σ pₖ log₂ pₖ of the shares pₖ of the classes. Default: `'gini'`. */
  criterion?: 'gini' | 'entropy';
}

/** What both trees have in common. */
abstract class DecisionTree<O extends TreeOptions> {
  /** What it was made with. */
  readonly options: Readonly<O>;
  /** How many columns X had. */
  nFeaturesIn = 0;
  protected grown: Tree | undefined;

  constructor(options: O, further: readonly string[]) {
    checkTreeOptions(new.target.name, options, further);
    this.options = { ...options };
  }

  /** The tree as lists. @throws {ValueError} if it has not been fitted; so do all others. */
  get tree(): Tree {
    return fitted(this.constructor.name, this.grown);
  }

  /** All cuts, the first one first, each followed by those on its left and then by those on its right. */
  get splits(): Split[] {
    return this.tree.splits;
  }

  /** The most cuts between the root and a leaf. */
  get depth(): number {
    return this.tree.depths.reduce((most, depth) => Math.max(most, depth), 0);
  }

  /** How many leaves it has. */
  get nLeaves(): number {
    return this.tree.nLeaves;
  }

  /** The share of each feature in all that cuts have lowered the impurity by. */
  get featureImportances(): number[] {
    return normalized(this.tree.gains(this.nFeaturesIn));
  }

  /** The number of the leaf in which each row ends. */
  apply(X: NumberMatrix): number[] {
    return Array.from(this.leavesOf('apply', X));
  }

  /** The model for `JSON.stringify`; `fromJSON` makes it again, with the same answers. */
  toJSON(): ModelJson {
    return toJson(this.constructor.name, this.options, this.nFeaturesIn, [this.tree]);
  }

  protected leavesOf(method: string, X: NumberMatrix): Int32Array {
    const who = `${this.constructor.name}.${method}`;
    return fitted(who, this.grown).leaves(Table.read(who, X, this.nFeaturesIn));
  }
}

/**
 * A tree of questions such as “is x₃ at most 0.4?” that answers with a number, the mean of the rows in the leaf. Each cut is the one
 * that lowers Σ (y - ȳ)² most, by n_L n_R / n (ȳ_L - ȳ_R)². It is scikit-learn's `DecisionTreeRegressor`, whose random choice between
 * equally good cuts it makes only with a `generator`.
 *
 * Cuts are scikit-learn's but for these reasons. Of cuts that are equally good but for rounding, the first is made; there rounding decides.
 * A cut that gains nothing is made; there only if rounding does not make it negative. A node of one class is a leaf; there the rounded
 * entropy of weighted rows may be above 0. X stays float64; there it is float32, and values within 1e-7 are equal.
 *
 * @example
 * const tree = new trees.DecisionTreeRegressor({ maxDepth: 1 }).fit([[1], [2], [3]], [5, 5, 9]);
 * tree.splits[0].threshold // 2.5
 * tree.predict([[0], [10]]) // [5, 9]
 */
export class DecisionTreeRegressor extends DecisionTree<TreeOptions> {
  constructor(options: TreeOptions = {}) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    super(options, []);
  }

  /** A tree that has been grown elsewhere. @internal */
  static of(tree: Tree, nFeaturesIn: number, options: TreeOptions): DecisionTreeRegressor {
    const model = new DecisionTreeRegressor(options);
    model.grown = tree;
    model.nFeaturesIn = nFeaturesIn;
    return model;
  }

  /** Reads what `toJSON` gave, as an object or as text. @throws {ValueError} if it is damaged, or of another class. */
  static fromJSON(saved: unknown): DecisionTreeRegressor {
    const { json, trees } = fromJson('DecisionTreeRegressor', saved, { trees: 1 });
    return DecisionTreeRegressor.of(trees[0]!, json.nFeaturesIn, json.options);
  }

  /**
   * Grows the tree anew. Returns the model.
   * @param X [n, d], a row for each observation. @param y [n].
   * @throws {ValueError} if sizes differ or something is not finite.
   */
  fit(X: NumberMatrix, y: NumberList, options: FitOptions = {}): this {
    const who = 'DecisionTreeRegressor.fit';
    requireOptions(who, options, ['sampleWeight']);
    const table = Table.read(who, X);
    const weights = readWeights(who, options.sampleWeight, table.rows);
    const criterion = new SquaredError(readTargets(who, y, table.rows), weights);
    this.grown = grow(who, table, weights, criterion, this.options);
    this.nFeaturesIn = table.columns.length;
    return this;
  }

  /** The mean of the leaf of each row. @throws {ValueError} if X has other columns than at the fit. */
  predict(X: NumberMatrix): number[] {
    const { value } = this.tree;
    return Array.from(this.leavesOf('predict', X), (leaf) => value[leaf]!);
  }

  /** How much of the variance of y is explained, R²: 1 - Σ (y - ŷ)² / Σ (y - ȳ)². */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return r2(readTargets('DecisionTreeRegressor.score', y, predicted.length), predicted);
  }
}

/**
 * A tree of questions that tells classes: each leaf knows the shares of the classes among its rows and answers with the most
 * frequent. Each cut is the one that lowers the impurity most. It is scikit-learn's `DecisionTreeClassifier`, whose random choice
 * between equally good cuts it makes only with a `generator`; {@link DecisionTreeRegressor} says where else cuts differ. Labels are numbers.
 *
 * @example
 * const tree = new trees.DecisionTreeClassifier().fit([[1], [2], [3]], [0, 0, 7]);
 * tree.predict([[2.4], [2.6]]) // [0, 7]
 */
export class DecisionTreeClassifier extends DecisionTree<DecisionTreeClassifierOptions> {
  /** The labels, in order. */
  classes: readonly number[] = [];

  constructor(options: DecisionTreeClassifierOptions = {}) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    super(options, ['criterion']);
    if (options.criterion !== undefined)
      checkWord('DecisionTreeClassifier', 'criterion', options.criterion, ['gini', 'entropy']);
  }

  /** A tree that has been grown elsewhere. @internal */
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

  /** Reads what `toJSON` gave, as an object or as text. @throws {ValueError} if it is damaged, or of another class. */
  static fromJSON(saved: unknown): DecisionTreeClassifier {
    const { json, trees, classes } = fromJson('DecisionTreeClassifier', saved, { trees: 1, outputs: (k) => k });
    return DecisionTreeClassifier.of(trees[0]!, json.nFeaturesIn, classes, json.options);
  }

  /**
   * Grows the tree anew. Returns the model.
   * @param X [n, d], a row for each observation. @param y [n], a number for each class.
   * @throws {ValueError} if sizes differ or something is not finite.
   */
  fit(X: NumberMatrix, y: NumberList, options: FitOptions = {}): this {
    const who = 'DecisionTreeClassifier.fit';
    requireOptions(who, options, ['sampleWeight']);
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

  /** The most frequent class in the leaf of each row, of equally frequent ones the first. */
  predict(X: NumberMatrix): number[] {
    return this.predictProba(X).map((shares) => this.classes[largest(shares)]!);
  }

  /** The shares of the classes in the leaf of each row. @throws {ValueError} if X has other columns than at the fit. */
  predictProba(X: NumberMatrix): number[][] {
    const { value, outputs } = this.tree;
    const leaves = Array.from(this.leavesOf('predictProba', X));
    return leaves.map((leaf) => Array.from(value.subarray(leaf * outputs, (leaf + 1) * outputs)));
  }

  /** The share of rows whose class is right. */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return accuracy(readTargets('DecisionTreeClassifier.score', y, predicted.length), predicted);
  }
}
