import type { NumberList, NumberMatrix } from '../display';
import { ValueError } from '../errors';
import { refuseSurplus } from '../surplus';
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
 * Boosting: F = mean + learningRate · Σ trees, where each tree is fitted to what those before it leave over. That is the negative
 * gradient of ½ (y - F)² by F, so it is a descent whose steps are trees. For |y - F| the start is the median, trees are fitted to signs
 * and leaves answer with medians. It is scikit-learn's `GradientBoostingRegressor`.
 *
 * @example
 * const model = new trees.GradientBoostingRegressor({ nEstimators: 2, learningRate: 1, maxDepth: 1 });
 * model.fit([[1], [2], [3]], [0, 3, 6]);
 * model.trainScore // [1.5, 0.375]
 */
export class GradientBoostingRegressor extends Boosting<GradientBoostingRegressorOptions> {
  constructor(options: GradientBoostingRegressorOptions = {}) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    super(options, ['loss']);
    if (options.loss !== undefined)
      checkWord('GradientBoostingRegressor', 'loss', options.loss, ['squaredError', 'absoluteError']);
  }

  /** Reads what `toJSON` gave, as an object or as text. @throws {ValueError} if it is damaged, or of another class. */
  static fromJSON(saved: unknown): GradientBoostingRegressor {
    const loaded = fromJson('GradientBoostingRegressor', saved);
    return new GradientBoostingRegressor(loaded.json.options).load(loaded, 1);
  }

  /** What the model says before its first tree: the mean of y, or the median. @throws {ValueError} before a fit; so do all others. */
  get start(): number {
    return this.known.start[0]!;
  }

  /** The trees. */
  get estimators(): readonly DecisionTreeRegressor[] {
    return this.known.stages.map(([tree]) => tree!);
  }

  /**
   * Fits all stages anew. Returns the model.
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

  /** F of each row. @throws {ValueError} if X has other columns than at the fit. */
  predict(X: NumberMatrix): number[] {
    return Array.from(this.raw('predict', X)[0]!);
  }

  /** F of each row after the first stage, after the second, and so on. */
  *stagedPredict(X: NumberMatrix): Generator<number[], void> {
    for (const [raw] of this.staged('stagedPredict', X)) yield Array.from(raw!);
  }

  /** How much of the variance of y is explained, R²: 1 - Σ (y - F)² / Σ (y - ȳ)². */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return r2(readTargets('GradientBoostingRegressor.score', y, predicted.length), predicted);
  }
}

/**
 * Boosting for classes: sums of trees are log-odds, whose sigmoid, or softmax where there are more than two classes, are the shares.
 * Each tree is fitted to *truth - share*, the negative gradient of the log loss, and its leaves make one step of Newton's. It is
 * scikit-learn's `GradientBoostingClassifier`. Labels are numbers.
 *
 * @example
 * const model = new trees.GradientBoostingClassifier({ nEstimators: 5 }).fit([[1], [2], [3], [4]], [0, 0, 1, 1]);
 * model.predict([[0], [5]]) // [0, 1]
 */
export class GradientBoostingClassifier extends Boosting<BoostingOptions> {
  /** The labels, in order. */
  classes: readonly number[] = [];

  constructor(options: BoostingOptions = {}) {
    if (arguments.length > 1) refuseSurplus(new.target.name, arguments, 1);
    super(options, []);
  }

  /** Reads what `toJSON` gave, as an object or as text. @throws {ValueError} if it is damaged, or of another class. */
  static fromJSON(saved: unknown): GradientBoostingClassifier {
    const loaded = fromJson('GradientBoostingClassifier', saved);
    const { classes } = loaded;
    if (classes.length < 2)
      throw new ValueError('GradientBoostingClassifier.fromJSON: there must be two classes or more');
    const model = new GradientBoostingClassifier(loaded.json.options);
    model.classes = classes;
    return model.load(loaded, classes.length === 2 ? 1 : classes.length);
  }

  /** The trees of each stage: one where there are two classes, else one for each. */
  get estimators(): readonly (readonly DecisionTreeRegressor[])[] {
    return this.known.stages;
  }

  /**
   * Fits all stages anew. Returns the model.
   * @param X [n, d], a row for each observation. @param y [n], a number for each class.
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

  /** The shares of the classes for each row. @throws {ValueError} if X has other columns than at the fit. */
  predictProba(X: NumberMatrix): number[][] {
    return sharesOf(this.raw('predictProba', X));
  }

  /** The class with the largest share. */
  predict(X: NumberMatrix): number[] {
    return this.predictProba(X).map((shares) => this.classes[largest(shares)]!);
  }

  /** The shares after the first stage, after the second, and so on. */
  *stagedPredictProba(X: NumberMatrix): Generator<number[][], void> {
    for (const raw of this.staged('stagedPredictProba', X)) yield sharesOf(raw);
  }

  /** The classes after the first stage, after the second, and so on. */
  *stagedPredict(X: NumberMatrix): Generator<number[], void> {
    for (const shares of this.stagedPredictProba(X)) yield shares.map((row) => this.classes[largest(row)]!);
  }

  /** The share of rows whose class is right. */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return accuracy(readTargets('GradientBoostingClassifier.score', y, predicted.length), predicted);
  }

  override toJSON(): ModelJson & { start: number[] } {
    return { ...super.toJSON(), classes: [...this.classes] };
  }
}
