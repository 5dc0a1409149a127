import { turn } from '../cancellation';
import type { Table } from './table';

/** One split of a tree. */
export interface Split {
  /** The node number. */
  node: number;
  /** Number of splits above it. */
  depth: number;
  /** The column that it tests. */
  feature: number;
  /** Rows with values up to this one go left. */
  threshold: number;
  /** The decrease in impurity of its rows, times their weight: for squared errors the decrease of their sum. */
  gain: number;
  /** Number of rows that it splits. */
  samples: number;
}

/**
 * A grown tree, as lists with an entry for each node in preorder: the root, then its left subtree, then its right one.
 * It is scikit-learn's `tree_`.
 */
export class Tree {
  /** Number of values of a node: 1, or one per class. */
  readonly outputs: number;
  /** The column that a node tests; -1 in a leaf. */
  readonly feature: Int32Array;
  /** Rows with values up to this one go left; 0 in a leaf. */
  readonly threshold: Float64Array;
  /** The number of the node on the left; -1 in a leaf. */
  readonly childrenLeft: Int32Array;
  /** The number of the node on the right; -1 in a leaf. */
  readonly childrenRight: Int32Array;
  /** Means, or shares of classes: `outputs` numbers for each node. */
  readonly value: Float64Array;
  /** The impurity of a node's rows. */
  readonly impurity: Float64Array;
  /** Number of rows in a node; a row with weight 2 counts once. */
  readonly nNodeSamples: Int32Array;
  /** The sum of their weights. */
  readonly weightedNNodeSamples: Float64Array;

  /** @internal */
  constructor(
    lists: Pick<
      Tree,
      | 'outputs'
      | 'feature'
      | 'threshold'
      | 'childrenLeft'
      | 'childrenRight'
      | 'value'
      | 'impurity'
      | 'nNodeSamples'
      | 'weightedNNodeSamples'
    >,
  ) {
    this.outputs = lists.outputs;
    this.feature = lists.feature;
    this.threshold = lists.threshold;
    this.childrenLeft = lists.childrenLeft;
    this.childrenRight = lists.childrenRight;
    this.value = lists.value;
    this.impurity = lists.impurity;
    this.nNodeSamples = lists.nNodeSamples;
    this.weightedNNodeSamples = lists.weightedNNodeSamples;
  }

  /** Number of nodes. */
  get nodeCount(): number {
    return this.feature.length;
  }

  /** Number of leaves. */
  get nLeaves(): number {
    return (this.nodeCount + 1) / 2;
  }

  /** The number of splits above each node. */
  get depths(): number[] {
    const depths = new Array<number>(this.nodeCount).fill(0);
    for (let node = 0; node < this.nodeCount; node++) {
      if (this.feature[node]! < 0) continue;
      depths[this.childrenLeft[node]!] = depths[this.childrenRight[node]!] = depths[node]! + 1;
    }
    return depths;
  }

  /** All splits, in the order of the nodes. */
  get splits(): Split[] {
    const depths = this.depths;
    const spread = (node: number) => this.weightedNNodeSamples[node]! * this.impurity[node]!;
    return Array.from(this.feature).flatMap((feature, node) =>
      feature < 0
        ? []
        : {
            node,
            depth: depths[node]!,
            feature,
            threshold: this.threshold[node]!,
            gain: spread(node) - spread(this.childrenLeft[node]!) - spread(this.childrenRight[node]!),
            samples: this.nNodeSamples[node]!,
          },
    );
  }

  /** Returns the node number of each row's leaf. @internal */
  leaves({ rows, columns }: Table): Int32Array {
    const { feature, threshold, childrenLeft, childrenRight } = this;
    const leaves = new Int32Array(rows);
    for (let i = 0; i < rows; i++) {
      let node = 0;
      while (feature[node]! >= 0)
        node = columns[feature[node]!]![i]! <= threshold[node]! ? childrenLeft[node]! : childrenRight[node]!;
      leaves[i] = node;
      turn(16);
    }
    return leaves;
  }

  /** Returns the gains of each feature's splits, divided by the weight of all rows. @internal */
  gains(features: number): Float64Array {
    const gains = new Float64Array(features);
    for (const { feature, gain } of this.splits) gains[feature]! += gain / this.weightedNNodeSamples[0]!;
    return gains;
  }
}

/** Scales non-negative numbers to sum to 1, unless all are 0. @internal */
export function normalized(values: ArrayLike<number>): number[] {
  const list = Array.from(values);
  const sum = list.reduce((total, value) => total + value, 0);
  return sum > 0 ? list.map((value) => value / sum) : list;
}
