import type { NumberList, NumberMatrix } from '../display';
import { ValueError } from '../errors';
import { absoluteLoss, Boosting, type BoostingOptions, logLoss, sharesOf, squaredLoss } from './boosting';
import type { DecisionTreeRegressor } from './decision-tree';
import { fromJson, type ModelJson } from './json';
import { checkWord } from './options';
import { accuracy, largest, r2 } from './score';
import { readClasses, readTargets, Table } from './table';

/** Options of {@link GradientBoostingRegressor}. */
export interface GradientBoostingRegressorOptions extends BoostingOptions {
  /** ½ (y - F)² or |y - F|. Default: `'squaredError'`. */
  loss?: 'squaredError' | 'absoluteError';
}

/**
 * Boosting: F = mean + learningRate · Σ trees, where each tree is fitted to the residuals of the sum before it. They
 * are the negative gradient of ½ (y - F)² with respect to F, so this is gradient descent whose steps are trees. For |y
 * - F| the start is the median, trees are fitted to signs, and the values of leaves are medians. It is scikit-learn's
 * `GradientBoostingRegressor`.
 *
 * @example
 * const model = new trees.GradientBoostingRegressor({ nEstimators: 2, learningRate: 1, maxDepth: 1 });
 * model.fit([[1], [2], [3]], [0, 3, 6]);
 * model.trainScore // [1.5, 0.375]
 */
export class GradientBoostingRegressor extends Boosting<GradientBoostingRegressorOptions> {
  constructor(options: GradientBoostingRegressorOptions = {}) {
    super(options);
    if (options.loss !== undefined)
      checkWord('GradientBoostingRegressor', 'loss', options.loss, ['squaredError', 'absoluteError']);
  }

  /**
   * Restores a model from the result of `toJSON`, an object or a string. @throws {ValueError} if it is damaged, or of
   * another class.
   */
  static fromJSON(saved: unknown): GradientBoostingRegressor {
    const loaded = fromJson('GradientBoostingRegressor', saved);
    return new GradientBoostingRegressor(loaded.json.options).load(loaded, 1);
  }

  /**
   * The prediction before the first tree: the mean of y, or the median. @throws {ValueError} before `fit`, as all other
   * members.
   */
  get start(): number {
    return this.known.start[0]!;
  }

  /** The trees. */
  get estimators(): readonly DecisionTreeRegressor[] {
    return this.known.stages.map(([tree]) => tree!);
  }

  /**
   * Fits all stages again. Returns the model.
   * @param X [n, d], a row for each observation. @param y [n].
   * @throws {ValueError} if sizes differ or something is not finite.
   */
  fit(X: NumberMatrix, y: NumberList): this {
    const who = 'GradientBoostingRegressor.fit';
    const table = Table.read(who, X);
    const targets = readTargets(who, y, table.rows);
    this.fitAll(who, table, (this.options.loss === 'absoluteError' ? absoluteLoss : squaredLoss)(targets));
    return this;
  }

  /** Returns F of each row. @throws {ValueError} if X has other columns than in `fit`. */
  predict(X: NumberMatrix): number[] {
    return Array.from(this.raw('predict', X)[0]!);
  }

  /** Yields F of each row after the first stage, after the second, and so on. */
  *stagedPredict(X: NumberMatrix): Generator<number[], void> {
    for (const [raw] of this.staged('stagedPredict', X)) yield Array.from(raw!);
  }

  /** Returns R², the explained fraction of the variance of y: 1 - Σ (y - F)² / Σ (y - ȳ)². */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return r2(readTargets('GradientBoostingRegressor.score', y, predicted.length), predicted);
  }
}

/**
 * Boosting for classes: sums of trees are log-odds, whose sigmoid (for more than two classes: softmax) gives the class
 * shares. Each tree is fitted to *truth - share*, the negative gradient of the log loss, and the values of its leaves
 * are one Newton step. It is scikit-learn's `GradientBoostingClassifier`. Labels are numbers.
 *
 * @example
 * const model = new trees.GradientBoostingClassifier({ nEstimators: 5 }).fit([[1], [2], [3], [4]], [0, 0, 1, 1]);
 * model.predict([[0], [5]]) // [0, 1]
 */
export class GradientBoostingClassifier extends Boosting<BoostingOptions> {
  /** The labels, in ascending order. */
  classes: readonly number[] = [];

  constructor(options: BoostingOptions = {}) {
    super(options);
  }

  /**
   * Restores a model from the result of `toJSON`, an object or a string. @throws {ValueError} if it is damaged, or of
   * another class.
   */
  static fromJSON(saved: unknown): GradientBoostingClassifier {
    const loaded = fromJson('GradientBoostingClassifier', saved);
    const { classes } = loaded;
    if (classes.length < 2)
      throw new ValueError('GradientBoostingClassifier.fromJSON: there must be two classes or more');
    const model = new GradientBoostingClassifier(loaded.json.options);
    model.classes = classes;
    return model.load(loaded, classes.length === 2 ? 1 : classes.length);
  }

  /** The trees of each stage: one for two classes, else one per class. */
  get estimators(): readonly (readonly DecisionTreeRegressor[])[] {
    return this.known.stages;
  }

  /**
   * Fits all stages again. Returns the model.
   * @param X [n, d], a row for each observation. @param y [n], class labels as numbers.
   * @throws {ValueError} if sizes differ, something is not finite, or there is only one class.
   */
  fit(X: NumberMatrix, y: NumberList): this {
    const who = 'GradientBoostingClassifier.fit';
    const table = Table.read(who, X);
    const { classes, codes } = readClasses(who, y, table.rows);
    if (classes.length < 2)
      throw new ValueError(`${who}: y has only the label ${classes[0]}; there must be two classes or more`);
    this.fitAll(who, table, logLoss(codes, classes.length));
    this.classes = classes;
    return this;
  }

  /** Returns the class shares for each row. @throws {ValueError} if X has other columns than in `fit`. */
  predictProba(X: NumberMatrix): number[][] {
    return sharesOf(this.raw('predictProba', X));
  }

  /** Returns the class with the largest share for each row. */
  predict(X: NumberMatrix): number[] {
    return this.predictProba(X).map((shares) => this.classes[largest(shares)]!);
  }

  /** Yields the shares after the first stage, after the second, and so on. */
  *stagedPredictProba(X: NumberMatrix): Generator<number[][], void> {
    for (const raw of this.staged('stagedPredictProba', X)) yield sharesOf(raw);
  }

  /** Yields the classes after the first stage, after the second, and so on. */
  *stagedPredict(X: NumberMatrix): Generator<number[], void> {
    for (const shares of this.stagedPredictProba(X)) yield shares.map((row) => this.classes[largest(row)]!);
  }

  /** Returns the fraction of rows with the correct class. */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return accuracy(readTargets('GradientBoostingClassifier.score', y, predicted.length), predicted);
  }

  override toJSON(): ModelJson & { start: number[] } {
    return { ...super.toJSON(), classes: [...this.classes] };
  }
}
