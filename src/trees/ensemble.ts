import { turn } from '../cancellation';
import type { NumberMatrix } from '../display';
import { ValueError } from '../errors';
import { defaultGenerator, fillIntegers, fillPermutation, type Generator } from '../random';
import { DecisionTreeClassifier, DecisionTreeRegressor } from './decision-tree';
import { type Loaded, type ModelJson, toJson } from './json';
import { checkWhole } from './options';
import { type Estimator, fitted } from './score';
import { Table } from './table';

/** Options of bagging that do not depend on the kind of model. */
export interface DrawOptions {
  /** Number of models. Default: 10; 100 in a forest. */
  nEstimators?: number;
  /** Number of rows drawn for each model: a whole number, or a fraction below 1. Default: the number of rows. */
  maxSamples?: number;
  /** Whether to draw with replacement. Default: true. */
  bootstrap?: boolean;
  /** The generator of the draws. Default: the default generator. */
  generator?: Generator;
}

/** The fitted state. */
interface Learned<E> {
  estimators: readonly E[];
  /** The rows drawn for each model. */
  samples: readonly (readonly number[])[];
  /** The mean prediction for each row by the models that did not draw it; NaN if all did. */
  outOfBag: number[][];
  nFeaturesIn: number;
}

/** An ensemble: the mean of models, each fitted to rows drawn at random. */
export abstract class Ensemble<E extends Estimator, O extends DrawOptions> {
  /** The options of the constructor. */
  readonly options: Readonly<O>;
  /** @internal */
  protected learned: Learned<E> | undefined;
  /** Makes a model, which may use the generator. @internal */
  private readonly make: (generator: Generator) => E;

  constructor(
    options: O,
    make: (generator: Generator) => E,
    private readonly usual: number,
  ) {
    this.options = { ...options };
    this.make = make;
    const who = this.constructor.name;
    const { nEstimators = usual, maxSamples = 1, bootstrap = true } = options;
    checkWhole(who, 'nEstimators', nEstimators, 1);
    if (!(maxSamples > 0 && (maxSamples < 1 || Number.isInteger(maxSamples))))
      throw new ValueError(`${who}: maxSamples must be a whole number or a share below 1, got ${maxSamples}`);
    if (typeof bootstrap !== 'boolean')
      throw new ValueError(`${who}: bootstrap must be true or false, got ${bootstrap}`);
  }

  /** Returns a model's prediction for each row: as many numbers as the ensemble has outputs. @internal */
  protected abstract answers(model: E, rows: Table): number[][];

  /** The models. @throws {ValueError} before `fit`, as all other members. */
  get estimators(): readonly E[] {
    return this.known.estimators;
  }

  /** The indices of the rows drawn for each model. A saved model does not contain them. */
  get estimatorsSamples(): readonly (readonly number[])[] {
    return this.known.samples;
  }

  /** Number of columns of X. */
  get nFeaturesIn(): number {
    return this.known.nFeaturesIn;
  }

  /** @internal */
  protected get known(): Learned<E> {
    return fitted(this.constructor.name, this.learned);
  }

  /**
   * Draws rows and fits a model to them, once per model. Trees get all rows with the number of draws as weights, other
   * models the drawn rows.
   * @internal
   */
  protected fitAll(table: Table, y: Float64Array): void {
    const { nEstimators = this.usual, bootstrap = true, generator = defaultGenerator } = this.options;
    const { rows: n } = table;
    const { maxSamples = n } = this.options;
    const size = maxSamples < 1 ? Math.max(1, Math.floor(maxSamples * n)) : maxSamples;
    if (!bootstrap && size > n)
      throw new ValueError(
        `${this.constructor.name}: without bootstrap at most the ${n} rows can be drawn, got ${size}`,
      );
    const sums: number[][] = Array.from({ length: n }, () => []);
    const votes = new Int32Array(n);
    const estimators: E[] = [];
    const samples: number[][] = [];
    for (let b = 0; b < nEstimators; b++) {
      const drawn = new Int32Array(bootstrap ? size : n);
      if (bootstrap) fillIntegers(drawn, 0, n - 1, generator);
      else if (size < n) fillPermutation(drawn, generator);
      else for (let i = 0; i < n; i++) drawn[i] = i;
      const rows = Array.from(drawn.subarray(0, size));
      const times = new Float64Array(n);
      for (const row of rows) times[row]!++;
      turn(n);
      const model = this.make(generator);
      if (model instanceof DecisionTreeRegressor || model instanceof DecisionTreeClassifier)
        model.fit(table, y, { sampleWeight: times });
      else
        model.fit(
          take(table, rows),
          Array.from(rows, (row) => y[row]!),
        );
      estimators.push(model);
      samples.push(rows);
      const out = Array.from(times.keys()).filter((row) => times[row] === 0);
      const said = out.length > 0 ? this.answers(model, take(table, out)) : [];
      for (const [i, row] of out.entries()) {
        votes[row]!++;
        sums[row] = said[i]!.map((value, k) => (sums[row]![k] ?? 0) + value);
      }
    }
    const outOfBag = sums.map((row, i) => (row.length ? row.map((sum) => sum / votes[i]!) : [Number.NaN]));
    this.learned = { estimators, samples, outOfBag, nFeaturesIn: table.columns.length };
  }

  /** Returns the mean of the models' predictions for each row. @internal */
  protected mean(method: string, X: NumberMatrix): number[][] {
    const { estimators, nFeaturesIn } = this.known;
    const table = Table.read(`${this.constructor.name}.${method}`, X, nFeaturesIn);
    const sums = this.answers(estimators[0]!, table).map((row) => [...row]);
    for (const model of estimators.slice(1))
      for (const [i, said] of this.answers(model, table).entries())
        for (let k = 0; k < said.length; k++) sums[i]![k]! += said[k]!;
    return sums.map((row) => row.map((sum) => sum / estimators.length));
  }

  /**
   * Returns the model for `JSON.stringify`; `fromJSON` restores it with the same predictions.
   * @throws {ValueError} if its models are not trees.
   */
  toJSON(): ModelJson {
    const trees = this.known.estimators.map((model) => {
      if (model instanceof DecisionTreeRegressor || model instanceof DecisionTreeClassifier) return model.tree;
      throw new ValueError(`${this.constructor.name}.toJSON: only trees can be saved, not a ${model.constructor.name}`);
    });
    return toJson(this.constructor.name, this.options, this.nFeaturesIn, trees);
  }

  /** @internal */
  protected load({ json, trees }: Loaded, make: (tree: Loaded['trees'][number]) => E): this {
    const { nFeaturesIn } = json;
    this.learned = { estimators: trees.map(make), samples: [], outOfBag: [], nFeaturesIn };
    return this;
  }
}

/** Returns a table of the given rows. */
const take = ({ columns }: Table, rows: readonly number[]): Table =>
  new Table(
    rows.length,
    columns.map((column) => Float64Array.from(rows, (row) => column[row]!)),
  );
