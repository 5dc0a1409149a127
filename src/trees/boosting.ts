import { describe } from '../describe';
import type { NumberMatrix } from '../display';
import { ValueError } from '../errors';
import { defaultGenerator, fillPermutation } from '../random';
import { SquaredError } from './criteria';
import { DecisionTreeRegressor } from './decision-tree';
import { grow } from './grow';
import { normalized, Tree } from './grown-tree';
import { type Loaded, type ModelJson, toJson } from './json';
import { median } from './median';
import { checkTreeOptions, checkWhole, type TreeOptions, treeOptions } from './options';
import { fitted } from './score';
import { Table } from './table';

/** Options of boosting that do not depend on the loss. */
export interface BoostingOptions extends TreeOptions {
  /** Number of stages. Default: 100. */
  nEstimators?: number;
  /** The factor that multiplies a tree's prediction before it is added. Default: 0.1. */
  learningRate?: number;
  /** The fraction of the rows that each stage uses, drawn without replacement. Default: 1. */
  subsample?: number;
  /** The most cuts between the root and a leaf. Default: 3. */
  maxDepth?: number;
}

/** The names of {@link BoostingOptions}. */

/** The target of a stage's trees, and the values of their leaves. @internal */
export interface BoostingLoss {
  /** The prediction before the first tree: a number for each output. */
  start: readonly number[];
  /** Returns the negative gradient of the loss with respect to output `k` at each row. */
  negativeGradient(raw: readonly Float64Array[], k: number): Float64Array;
  /** Returns the value of a leaf with these rows. Default: the mean of the gradient. */
  leaf?(rows: readonly number[], gradient: Float64Array, raw: Float64Array): number;
  /** The mean loss. */
  mean(raw: readonly Float64Array[]): number;
}

/** The fitted state. */
interface Learned {
  start: readonly number[];
  stages: DecisionTreeRegressor[][];
  nFeaturesIn: number;
  trainScore: readonly number[];
}

/** A sum of trees, each fitted to the negative gradient of the loss of the sum before it. */
export abstract class Boosting<O extends BoostingOptions> {
  /** The options of the constructor. */
  readonly options: Readonly<O>;
  /** @internal */
  protected learned: Learned | undefined;

  constructor(options: O) {
    const who = new.target.name;
    const { nEstimators = 100, learningRate = 0.1, subsample = 1 } = options;
    this.options = { ...options };
    checkTreeOptions(who, this.ofTrees);
    checkWhole(who, 'nEstimators', nEstimators, 1);
    if (!(Number.isFinite(learningRate) && learningRate > 0))
      throw new ValueError(`${who}: learningRate must be above 0, got ${describe(learningRate)}`);
    if (!(subsample > 0 && subsample <= 1))
      throw new ValueError(`${who}: subsample must be above 0 and at most 1, got ${describe(subsample)}`);
  }

  private get ofTrees(): TreeOptions {
    const named = treeOptions.flatMap((name) => (this.options[name] === undefined ? [] : [[name, this.options[name]]]));
    return { maxDepth: 3, ...Object.fromEntries(named) };
  }

  /** @throws {ValueError} before `fit`. @internal */
  protected get known(): Learned {
    return fitted(this.constructor.name, this.learned);
  }

  /** The mean training loss after each stage. A saved model does not contain it. */
  get trainScore(): readonly number[] {
    return this.known.trainScore;
  }

  /** Number of columns of X. */
  get nFeaturesIn(): number {
    return this.known.nFeaturesIn;
  }

  /** Each feature's share of the total decrease in impurity. */
  get featureImportances(): number[] {
    const { stages, nFeaturesIn } = this.known;
    const sums = new Float64Array(nFeaturesIn);
    for (const { tree } of stages.flat()) for (const [j, gain] of tree.gains(nFeaturesIn).entries()) sums[j]! += gain;
    return normalized(sums);
  }

  /** @internal */
  protected fitAll(who: string, table: Table, loss: BoostingLoss): void {
    const { nEstimators = 100, learningRate = 0.1, subsample = 1, generator = defaultGenerator } = this.options;
    const raw = loss.start.map((start) => new Float64Array(table.rows).fill(start));
    const stages: DecisionTreeRegressor[][] = [];
    const trainScore: number[] = [];
    const weights = new Float64Array(table.rows).fill(1);
    const seen = Math.max(1, Math.floor(subsample * table.rows));
    const order = new Int32Array(table.rows);
    for (let stage = 0; stage < nEstimators; stage++) {
      if (seen < table.rows) {
        fillPermutation(order, generator);
        weights.fill(0);
        for (const row of order.subarray(0, seen)) weights[row] = 1;
      }
      const gradients = raw.map((_, k) => loss.negativeGradient(raw, k));
      stages.push(
        gradients.map((gradient, k) => {
          const grown = grow(who, table, weights, new SquaredError(gradient, weights), this.ofTrees);
          const leaves = grown.leaves(table);
          const tree = loss.leaf
            ? withLeaves(grown, leaves, weights, (rows) => loss.leaf!(rows, gradient, raw[k]!))
            : grown;
          for (let i = 0; i < leaves.length; i++) raw[k]![i]! += learningRate * tree.value[leaves[i]!]!;
          return DecisionTreeRegressor.of(tree, table.columns.length, this.ofTrees);
        }),
      );
      trainScore.push(loss.mean(raw));
    }
    this.learned = { start: loss.start, stages, nFeaturesIn: table.columns.length, trainScore };
  }

  /** Yields the sums for each output, before the first tree and after each stage. @internal */
  protected *staged(method: string, X: NumberMatrix): Generator<readonly Float64Array[], void> {
    const { start, stages, nFeaturesIn } = this.known;
    const { learningRate = 0.1 } = this.options;
    const table = Table.read(`${this.constructor.name}.${method}`, X, nFeaturesIn);
    const raw = start.map((value) => new Float64Array(table.rows).fill(value));
    for (const stage of stages) {
      for (const [k, { tree }] of stage.entries()) {
        const leaves = tree.leaves(table);
        for (let i = 0; i < leaves.length; i++) raw[k]![i]! += learningRate * tree.value[leaves[i]!]!;
      }
      yield raw;
    }
  }

  /** Returns the sums for each output. @internal */
  protected raw(method: string, X: NumberMatrix): readonly Float64Array[] {
    let last: readonly Float64Array[] = [];
    for (const raw of this.staged(method, X)) last = raw;
    return last;
  }

  /** Returns the model for `JSON.stringify`; `fromJSON` restores it with the same predictions. */
  toJSON(): ModelJson & { start: number[] } {
    const { start, stages, nFeaturesIn } = this.known;
    const trees = stages.flat().map(({ tree }) => tree);
    return { ...toJson(this.constructor.name, this.options, nFeaturesIn, trees), start: [...start] };
  }

  /** @internal */
  protected load({ json, trees }: Loaded, outputs: number): this {
    const { start } = json as { start?: unknown };
    const who = `${this.constructor.name}.fromJSON`;
    if (!Array.isArray(start) || start.length !== outputs || ![...start].every(Number.isFinite))
      throw new ValueError(
        `${who}: start must be ${outputs} finite numbers; expected the result of JSON.stringify(model)`,
      );
    const { nEstimators = 100 } = this.options;
    if (trees.length !== nEstimators * outputs)
      throw new ValueError(`${who}: there are ${trees.length} trees, not ${nEstimators * outputs}`);
    const models = trees.map((tree) => DecisionTreeRegressor.of(tree, json.nFeaturesIn, this.ofTrees));
    const stages = Array.from({ length: nEstimators }, (_, i) => models.slice(i * outputs, (i + 1) * outputs));
    this.learned = { start, stages, nFeaturesIn: json.nFeaturesIn, trainScore: [] };
    return this;
  }
}

/** Returns the same tree with other leaf values. */
function withLeaves(
  tree: Tree,
  leaves: Int32Array,
  weights: Float64Array,
  answer: (rows: readonly number[]) => number,
): Tree {
  const rows = new Map<number, number[]>();
  for (const [row, leaf] of leaves.entries()) {
    if (weights[row] === 0) continue;
    const known = rows.get(leaf);
    if (known) known.push(row);
    else rows.set(leaf, [row]);
  }
  const value = tree.value.map((value, node) => (rows.has(node) ? answer(rows.get(node)!) : value));
  return new Tree({ ...tree, value });
}

/** ½ (y - F)²; the mean without the half, as in scikit-learn. @internal */
export function squaredLoss(y: Float64Array): BoostingLoss {
  const misses = (raw: Float64Array) => y.map((value, i) => value - raw[i]!);
  return {
    start: [y.reduce((sum, value) => sum + value, 0) / y.length],
    negativeGradient: (raw) => misses(raw[0]!),
    mean: (raw) => misses(raw[0]!).reduce((sum, miss) => sum + miss * miss, 0) / y.length,
  };
}

/** |y - F|: trees are fitted to signs, the values of leaves are medians. @internal */
export function absoluteLoss(y: Float64Array): BoostingLoss {
  return {
    start: [median(Array.from(y))],
    negativeGradient: (raw) => y.map((value, i) => Math.sign(value - raw[0]![i]!)),
    leaf: (rows, _, raw) => {
      const rest = rows.map((row) => y[row]! - raw[row]!).sort((a, b) => a - b);
      return rest[(rest.length - 1) >> 1]!; // of two in the middle the lower one, as in scikit-learn
    },
    mean: (raw) => y.reduce((sum, value, i) => sum + Math.abs(value - raw[0]![i]!), 0) / y.length,
  };
}

/**
 * -log p of the true class. Two classes have one sum, whose sigmoid is the share of the second; more classes have a sum
 * each, with softmax. The value of a leaf is one Newton step.
 * @internal
 */
export function logLoss(codes: Float64Array, classes: number): BoostingLoss {
  const counts = new Float64Array(classes);
  for (const code of codes) counts[code]!++;
  const logs = Array.from(counts, (count) => Math.log(count / codes.length));
  const middle = logs.reduce((sum, value) => sum + value, 0) / classes;
  const start = classes === 2 ? [logs[1]! - logs[0]!] : logs.map((value) => value - middle);
  const isClass = (i: number, k: number) => (codes[i] === (classes === 2 ? 1 : k) ? 1 : 0);
  return {
    start,
    negativeGradient: (raw, k) => {
      const shares = sharesOf(raw);
      return codes.map((_, i) => isClass(i, k) - shares[i]![classes === 2 ? 1 : k]!);
    },
    leaf: (rows, gradient) => {
      let above = 0;
      let below = 0;
      for (const row of rows) {
        const size = Math.abs(gradient[row]!);
        above += gradient[row]!;
        below += size * (1 - size);
      }
      const share = classes === 2 ? 1 : (classes - 1) / classes;
      return below < 1e-150 ? 0 : (share * above) / below;
    },
    mean: (raw) => {
      const shares = sharesOf(raw);
      return (
        -codes.reduce((sum, code, i) => sum + Math.log(Math.max(shares[i]![code]!, Number.MIN_VALUE)), 0) / codes.length
      );
    },
  };
}

/**
 * Returns the class shares for each row: the sigmoid of one sum and its complement, or the softmax of several.
 * @internal
 */
export function sharesOf(raw: readonly Float64Array[]): number[][] {
  return Array.from(raw[0]!, (first, i) => {
    if (raw.length === 1) {
      const e = Math.exp(-Math.abs(first));
      return first >= 0 ? [e / (1 + e), 1 / (1 + e)] : [1 / (1 + e), e / (1 + e)];
    }
    const most = raw.reduce((so, sums) => Math.max(so, sums[i]!), Number.NEGATIVE_INFINITY);
    const powers = raw.map((sums) => Math.exp(sums[i]! - most));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
}
