import type { NumberList, NumberMatrix } from '../display';
import type { Generator } from '../random';
import { DecisionTreeClassifier, DecisionTreeRegressor } from './decision-tree';
import { type DrawOptions, Ensemble } from './ensemble';
import { fromJson, type ModelJson } from './json';
import { accuracy, type Estimator, largest, listOf, r2 } from './score';
import { readClasses, readTargets, Table } from './table';

/** Options of {@link BaggingRegressor} and {@link BaggingClassifier}. */
export interface BaggingOptions<E extends Estimator = Estimator> extends DrawOptions {
  /** Makes a model, which may use the generator. Default: a tree without limits. */
  estimator?: (generator: Generator) => E;
}

/** The common part of regression ensembles. */
export abstract class MeanOfNumbers<E extends Estimator, O extends DrawOptions> extends Ensemble<E, O> {
  private targets: Float64Array = new Float64Array();

  /**
   * Fits all models again. Returns the model.
   * @param X [n, d], a row for each observation. @param y [n].
   * @throws {ValueError} if sizes differ or something is not finite.
   */
  fit(X: NumberMatrix, y: NumberList): this {
    const who = `${this.constructor.name}.fit`;
    const table = Table.read(who, X);
    const targets = readTargets(who, y, table.rows);
    this.fitAll(table, targets);
    this.targets = targets;
    return this;
  }

  /** @internal */
  protected override answers(model: E, rows: Table): number[][] {
    return listOf(model.predict(rows)).map((value) => [value]);
  }

  /**
   * Returns the mean prediction of the models for each row. @throws {ValueError} if X has other columns than in `fit`.
   */
  predict(X: NumberMatrix): number[] {
    return this.mean('predict', X).map(([value]) => value!);
  }

  /** The mean prediction for each row of the fit by the models that did not draw it; NaN if all did. */
  get oobPrediction(): number[] {
    return this.known.outOfBag.map(([value]) => value!);
  }

  /** R² of {@link oobPrediction}, over the rows with a prediction. */
  get oobScore(): number {
    const said = this.oobPrediction;
    const has = (_: unknown, i: number) => !Number.isNaN(said[i]!);
    return r2(Array.from(this.targets).filter(has), said.filter(has));
  }

  /** Returns R² for other rows: 1 - Σ (y - ŷ)² / Σ (y - ȳ)². */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return r2(readTargets(`${this.constructor.name}.score`, y, predicted.length), predicted);
  }
}

/** The common part of classification ensembles. */
export abstract class MeanOfShares<E extends Estimator, O extends DrawOptions> extends Ensemble<E, O> {
  /** The labels, in ascending order. */
  classes: readonly number[] = [];
  private labels: Float64Array = new Float64Array();

  /**
   * Fits all models again. Returns the model.
   * @param X [n, d], a row for each observation. @param y [n], class labels as numbers.
   * @throws {ValueError} if sizes differ or something is not finite.
   */
  fit(X: NumberMatrix, y: NumberList): this {
    const who = `${this.constructor.name}.fit`;
    const table = Table.read(who, X);
    const labels = readTargets(who, y, table.rows);
    this.classes = readClasses(who, y, table.rows).classes;
    this.fitAll(table, labels);
    this.labels = labels;
    return this;
  }

  /** Returns the model's class shares if it has them, else its one vote. @internal */
  protected override answers(model: E, rows: Table): number[][] {
    if (model instanceof DecisionTreeClassifier) return model.predictProba(rows);
    return listOf(model.predict(rows)).map((label) => this.classes.map((one) => (one === label ? 1 : 0)));
  }

  /** Returns the mean of the models' class shares. */
  predictProba(X: NumberMatrix): number[][] {
    return this.mean('predictProba', X);
  }

  /**
   * Returns the class with the largest mean share, of equals the first. @throws {ValueError} if X has other columns
   * than in `fit`.
   */
  predict(X: NumberMatrix): number[] {
    return this.mean('predict', X).map((shares) => this.classes[largest(shares)]!);
  }

  /** The mean shares for each row of the fit, by the models that did not draw it; NaN if all did. */
  get oobDecisionFunction(): number[][] {
    return this.known.outOfBag.map((shares) =>
      shares.length === this.classes.length ? shares : this.classes.map(() => Number.NaN),
    );
  }

  /** The fraction of correct labels by {@link oobDecisionFunction}, over the rows that have one. */
  get oobScore(): number {
    const said = this.known.outOfBag.map((shares) => largest(shares));
    const has = (_: unknown, i: number) => !Number.isNaN(this.known.outOfBag[i]![0]!);
    return accuracy(Array.from(this.labels).filter(has), said.map((k) => this.classes[k]!).filter(has));
  }

  /** Returns the fraction of rows with the correct class. */
  score(X: NumberMatrix, y: NumberList): number {
    const predicted = this.predict(X);
    return accuracy(readTargets(`${this.constructor.name}.score`, y, predicted.length), predicted);
  }

  override toJSON(): ModelJson {
    return { ...super.toJSON(), classes: [...this.classes] };
  }
}

/**
 * Bagging: the mean of models fitted to rows drawn at random with replacement. It helps if the models' errors differ.
 * It is scikit-learn's `BaggingRegressor`, with rows drawn by PyTorch's `randint`.
 *
 * @example
 * const bag = new trees.BaggingRegressor({ nEstimators: 30, generator: new Generator().manualSeed(0) });
 * bag.fit([[1], [2], [3], [4]], [1, 1, 5, 5]);
 * bag.estimators.length // 30
 */
export class BaggingRegressor extends MeanOfNumbers<Estimator, BaggingOptions> {
  constructor(options: BaggingOptions = {}) {
    super(options, options.estimator ?? ((generator) => new DecisionTreeRegressor({ generator })), 10);
  }

  /**
   * Restores a model from the result of `toJSON`, an object or a string. @throws {ValueError} if it is damaged, or of
   * another class.
   */
  static fromJSON(saved: unknown): BaggingRegressor {
    const loaded = fromJson('BaggingRegressor', saved);
    const { nFeaturesIn, options } = loaded.json;
    return new BaggingRegressor(options).load(loaded, (tree) => DecisionTreeRegressor.of(tree, nFeaturesIn, {}));
  }
}

/**
 * Bagging of classifiers: trees contribute their class shares, other models a vote. It is scikit-learn's
 * `BaggingClassifier`, with rows drawn by PyTorch's `randint`.
 */
export class BaggingClassifier extends MeanOfShares<Estimator, BaggingOptions> {
  constructor(options: BaggingOptions = {}) {
    super(options, options.estimator ?? ((generator) => new DecisionTreeClassifier({ generator })), 10);
  }

  /**
   * Restores a model from the result of `toJSON`, an object or a string. @throws {ValueError} if it is damaged, or of
   * another class.
   */
  static fromJSON(saved: unknown): BaggingClassifier {
    const loaded = fromJson('BaggingClassifier', saved, { outputs: (k) => k });
    const { json, classes } = loaded;
    const model = new BaggingClassifier(json.options);
    model.classes = classes;
    return model.load(loaded, (tree) => DecisionTreeClassifier.of(tree, json.nFeaturesIn, classes, {}));
  }
}
