// Criteria of splits, computed for all splits of a feature in one pass over its sorted values.

/** Relative to a node's total spread. */
const rounding = 1e-12;

/** The impurity of a node's rows, and its best split. @internal */
export interface Criterion {
  /** Number of values of a leaf. */
  readonly outputs: number;
  /** The weight of the rows of the current node. */
  weight: number;
  /** Position of the best split of the last scan: that of the first row on the right. */
  place: number;
  /** Gains that differ by less are equal up to rounding. */
  slack: number;
  /** Selects the rows from `from` to `to` - 1 of the order as the current node. Returns their impurity. */
  enter(order: Int32Array, from: number, to: number): number;
  /**
   * Finds the best split of the node's rows, sorted by the column's values. Returns the decrease in impurity times the
   * weight; -∞ if all values are equal, or each split leaves a side with fewer than `least` rows.
   */
  scan(column: Float64Array, order: Int32Array, from: number, to: number, least: number): number;
  /** Returns the value of a leaf with the node's rows. */
  value(): number[];
}

/** The variance: the value of a leaf is the mean. @internal */
export class SquaredError implements Criterion {
  readonly outputs = 1;
  weight = 0;
  place = 0;
  slack = 0;
  private mean = 0;

  constructor(
    private readonly y: Float64Array,
    private readonly weights: Float64Array,
  ) {}

  enter(order: Int32Array, from: number, to: number): number {
    const { y, weights } = this;
    let weight = 0;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      weight += weights[row]!;
      sum += weights[row]! * y[row]!;
    }
    const mean = sum / weight;
    let squares = 0;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      const miss = y[row]! - mean;
      squares += weights[row]! * miss * miss;
    }
    this.weight = weight;
    this.mean = mean;
    this.slack = rounding * squares;
    return squares / weight;
  }

  scan(column: Float64Array, order: Int32Array, from: number, to: number, least: number): number {
    const { y, weights, weight, mean, slack } = this;
    const first = from + least;
    const last = to - least;
    let left = 0;
    let sum = 0; // of the residuals on the left; those on the right sum to the opposite
    let best = Number.NEGATIVE_INFINITY;
    let bar = best;
    let place = 0;
    let row = order[from]!;
    for (let i = from + 1; i <= last; i++) {
      left += weights[row]!;
      sum += weights[row]! * (y[row]! - mean);
      const next = order[i]!;
      if (i >= first && column[next]! > column[row]!) {
        const gain = (sum * sum * weight) / (left * (weight - left));
        if (gain > bar) {
          best = gain;
          bar = gain + slack;
          place = i;
        }
      }
      row = next;
    }
    this.place = place;
    return best;
  }

  value(): number[] {
    return [this.mean];
  }
}

/** Gini's impurity 1 - Σ pₖ², or the entropy -Σ pₖ log₂ pₖ: the value of a leaf are the class shares pₖ. @internal */
export class ClassImpurity implements Criterion {
  readonly outputs: number;
  weight = 0;
  place = 0;
  slack = 0;
  private readonly total: Float64Array;
  private readonly left: Float64Array;
  private readonly right: Float64Array;
  private readonly purity: (counts: Float64Array, weight: number) => number;

  constructor(
    criterion: 'gini' | 'entropy',
    private readonly codes: Float64Array,
    private readonly weights: Float64Array,
    classes: number,
  ) {
    this.outputs = classes;
    this.total = new Float64Array(classes);
    this.left = new Float64Array(classes);
    this.right = new Float64Array(classes);
    this.purity = criterion === 'gini' ? meanSquare : negativeEntropy;
  }

  enter(order: Int32Array, from: number, to: number): number {
    const { codes, weights, total } = this;
    total.fill(0);
    let weight = 0;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      weight += weights[row]!;
      total[codes[row]!]! += weights[row]!;
    }
    this.weight = weight;
    this.slack = rounding * weight;
    const most = this.purity === meanSquare ? 1 : 0;
    return Math.max(0, most - this.purity(total, weight) / weight);
  }

  scan(column: Float64Array, order: Int32Array, from: number, to: number, least: number): number {
    const { codes, weights, weight, total, left, right, slack } = this;
    const first = from + least;
    const last = to - least;
    left.fill(0);
    right.set(total);
    let onLeft = 0;
    let best = Number.NEGATIVE_INFINITY;
    let bar = best;
    let place = 0;
    let row = order[from]!;
    for (let i = from + 1; i <= last; i++) {
      const one = weights[row]!;
      onLeft += one;
      left[codes[row]!]! += one;
      right[codes[row]!]! -= one;
      const next = order[i]!;
      if (i >= first && column[next]! > column[row]!) {
        const pure = this.purity(left, onLeft) + this.purity(right, weight - onLeft);
        if (pure > bar) {
          best = pure;
          bar = pure + slack;
          place = i;
        }
      }
      row = next;
    }
    this.place = place;
    return best - this.purity(total, weight);
  }

  value(): number[] {
    return Array.from(this.total, (count) => count / this.weight);
  }
}

/** Σ pₖ², times the weight. */
function meanSquare(counts: Float64Array, weight: number): number {
  let sum = 0;
  for (let k = 0; k < counts.length; k++) sum += counts[k]! * counts[k]!;
  return sum / weight;
}

/** Σ pₖ log₂ pₖ, times the weight. */
function negativeEntropy(counts: Float64Array, weight: number): number {
  let sum = 0;
  for (let k = 0; k < counts.length; k++) if (counts[k]! > 0) sum += counts[k]! * Math.log2(counts[k]! / weight);
  return sum;
}
