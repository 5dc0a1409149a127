import { turn } from '../cancellation';
import { defaultGenerator } from '../random';
import type { Criterion } from './criteria';
import { Tree } from './grown-tree';
import { countFeatures, type TreeOptions } from './options';
import type { Table } from './table';

/** Nodes with less impurity are leaves, because it is rounding error. As in scikit-learn. */
const pure = 2 ** -52;

/**
 * Splits the rows recursively, each time by the split that lowers the impurity most. Rows without weight are excluded.
 * Of splits that are equally good up to rounding, the first feature's is made, or a random one if there is a generator.
 * @internal
 */
export function grow(
  who: string,
  table: Table,
  weights: Float64Array,
  criterion: Criterion,
  options: TreeOptions,
): Tree {
  const { maxDepth = Number.POSITIVE_INFINITY, minSamplesSplit = 2, minSamplesLeaf = 1 } = options;
  const { minImpurityDecrease = 0 } = options;
  const { columns } = table;
  const wanted = countFeatures(who, options, columns.length);
  const { generator = wanted < columns.length ? defaultGenerator : undefined } = options;
  // The rows sorted by each feature; a split partitions all these lists and keeps them sorted.
  const orders = table.orders.map((order) => order.filter((row) => weights[row]! > 0));
  const count = orders[0]!.length;
  const isLeft = new Uint8Array(table.rows);
  const aside = new Int32Array(count);
  const features = Int32Array.from(columns, (_, j) => j);

  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const values: number[] = [];
  const impurities: number[] = [];
  const samples: number[] = [];
  const nodeWeights: number[] = [];

  /** Returns the best split of a node among some features; the feature is -1 if there is none. */
  const bestCut = (from: number, to: number) => {
    const best = { feature: -1, gain: Number.NEGATIVE_INFINITY, place: 0 };
    let seen = 0;
    for (let k = 0; k < features.length && (k < wanted || seen === 0); k++) {
      if (generator) {
        const other = k + (generator.random() % (features.length - k));
        [features[k], features[other]] = [features[other]!, features[k]!];
      }
      const j = features[k]!;
      const order = orders[j]!;
      if (columns[j]![order[from]!]! === columns[j]![order[to - 1]!]!) continue;
      seen++;
      turn(16 * (to - from));
      const gain = criterion.scan(columns[j]!, order, from, to, minSamplesLeaf);
      if (!(gain > best.gain + (best.feature < 0 ? 0 : criterion.slack))) continue;
      best.feature = j;
      best.gain = gain;
      best.place = criterion.place;
    }
    return best;
  };

  const part = (order: Int32Array, from: number, to: number) => {
    let kept = from;
    let moved = 0;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      if (isLeft[row]) order[kept++] = row;
      else aside[moved++] = row;
    }
    for (let i = 0; i < moved; i++) order[kept + i] = aside[i]!;
  };

  const waiting = [{ from: 0, to: count, depth: 0, above: -1, onRight: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { from, to, depth, above, onRight } = next;
    const node = feature.length;
    if (above >= 0) (onRight ? right : left)[above] = node;
    const impurity = criterion.enter(orders[0]!, from, to);
    feature.push(-1);
    threshold.push(0);
    left.push(-1);
    right.push(-1);
    for (const value of criterion.value()) values.push(value);
    impurities.push(impurity);
    samples.push(to - from);
    nodeWeights.push(criterion.weight);

    const rows = to - from;
    const isLeaf = depth >= maxDepth || rows < minSamplesSplit || rows < 2 * minSamplesLeaf || impurity <= pure;
    if (isLeaf) continue;
    const cut = bestCut(from, to);
    if (cut.feature < 0 || cut.gain / nodeWeights[0]! + pure < minImpurityDecrease) continue;

    const [column, order] = [columns[cut.feature]!, orders[cut.feature]!];
    const [low, high] = [column[order[cut.place - 1]!]!, column[order[cut.place]!]!];
    const middle = low / 2 + high / 2;
    feature[node] = cut.feature;
    threshold[node] = middle < high ? middle : low;
    for (let i = from; i < to; i++) isLeft[order[i]!] = i < cut.place ? 1 : 0;
    // Leaves need no sorted lists.
    const last = depth + 1 >= maxDepth;
    for (let j = 0; j < (last ? 1 : orders.length); j++) {
      part(orders[j]!, from, to);
      turn(4 * rows);
    }
    waiting.push({ from: cut.place, to, depth: depth + 1, above: node, onRight: true });
    waiting.push({ from, to: cut.place, depth: depth + 1, above: node, onRight: false });
  }
  return new Tree({
    outputs: criterion.outputs,
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    childrenLeft: Int32Array.from(left),
    childrenRight: Int32Array.from(right),
    value: Float64Array.from(values),
    impurity: Float64Array.from(impurities),
    nNodeSamples: Int32Array.from(samples),
    weightedNNodeSamples: Float64Array.from(nodeWeights),
  });
}
