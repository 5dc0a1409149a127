// Trees of one column compared with scikit-learn's (one_column.py writes its splits): each difference has one of four
// reasons.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trees } from '../../src';

const { cuts: wanted } = JSON.parse(readFileSync(join(__dirname, 'data/one-column.json'), 'utf8')) as {
  cuts: number[][];
};

let state = 53;
/** An integer from 0 to below n, as in one_column.py. */
function draw(n: number): number {
  state = (state * 48271) % 2147483647;
  return state % n;
}

interface Case {
  x: number[];
  y: number[];
  weights: number[];
  options: Record<string, unknown>;
  criterion: 'gini' | 'entropy' | 'squaredError';
}

function table(): Case {
  const n = 3 + draw(40);
  const list = (of: () => number) => Array.from({ length: n }, of);
  const spread = [4, 30, 1000, 4, 30, 1000, 8, 0][draw(8)]!;
  const x = list(() => (spread ? draw(spread) / 8 : draw(3) / 2 + draw(3) * 5e-8));
  const ofClasses = draw(2) === 1;
  const levels = ofClasses || draw(2) ? 2 + draw(3) : 100003;
  const y = list(() => (levels < 9 ? draw(levels) : draw(levels) / 1000));
  const kind = draw(4);
  const weights = list(() => (kind < 2 ? 1 : kind === 2 ? draw(3) : Math.max(0, draw(1000) - 300) / 700));
  if (!weights.some((w) => w > 0)) weights[0] = 1;
  const criterion = ofClasses ? (['gini', 'entropy'] as const)[draw(2)]! : 'squaredError';
  const options: Record<string, unknown> = ofClasses ? { criterion } : {};
  if (draw(3) === 0) options.maxDepth = 1 + draw(4);
  if (draw(3) === 0) options.minSamplesLeaf = 1 + draw(4);
  if (draw(4) === 0) options.minSamplesSplit = 2 + draw(8);
  return { x, y, weights, options, criterion };
}

/** The impurity of rows times their weight, by definition. */
function spread({ y, weights, criterion }: Case, rows: readonly number[]): number {
  const total = rows.reduce((sum, i) => sum + weights[i]!, 0);
  if (criterion === 'squaredError') {
    const mean = rows.reduce((sum, i) => sum + weights[i]! * y[i]!, 0) / total;
    return rows.reduce((sum, i) => sum + weights[i]! * (y[i]! - mean) ** 2, 0);
  }
  const shares = [...new Set(y)].map((k) => rows.reduce((sum, i) => sum + (y[i] === k ? weights[i]! : 0), 0) / total);
  const impurity =
    criterion === 'gini'
      ? shares.reduce((left, p) => left - p * p, 1)
      : shares.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);
  return total * impurity;
}

type Reason = 'equally good' | 'no gain' | 'pure' | 'close values';

/** Why two trees differ at the first differing node; rows are in the order of x. */
function reason(one: Case, rows: readonly number[], ours: number, theirs: number): Reason | undefined {
  const whole = spread(one, rows);
  const gain = (cut: number) => whole - spread(one, rows.slice(0, cut)) - spread(one, rows.slice(cut));
  // As scikit-learn compares them, in float32.
  const isClose = (cut: number) =>
    Math.fround(one.x[rows[cut]!]!) <= Math.fround(Math.fround(one.x[rows[cut - 1]!]!) + Math.fround(1e-7));
  if (ours > 0 && isClose(ours)) return 'close values';
  const isPure = new Set(rows.map((i) => one.y[i])).size === 1;
  if (ours === 0) return isPure ? 'pure' : undefined;
  if (theirs === 0) return gain(ours) <= 1e-12 * whole ? 'no gain' : undefined;
  return Math.abs(gain(ours) - gain(theirs)) <= 1e-12 * whole ? 'equally good' : undefined;
}

test('each tree that is not scikit-learn’s has a reason', () => {
  const reasons: Record<string, number> = {};
  wanted.forEach((theirs, number) => {
    const one = table();
    const { x, y, weights, options, criterion } = one;
    const model =
      criterion === 'squaredError'
        ? new trees.DecisionTreeRegressor(options)
        : new trees.DecisionTreeClassifier(options);
    const { nNodeSamples, childrenLeft } = model.fit(
      x.map((v) => [v]),
      y,
      { sampleWeight: weights },
    ).tree;
    const ours = Array.from(childrenLeft, (left) => (left < 0 ? 0 : nNodeSamples[left]!));
    // Rows of each node, by the common splits.
    const rows = x
      .map((_, i) => i)
      .filter((i) => weights[i]! > 0)
      .sort((a, b) => x[a]! - x[b]! || a - b);
    const open = [rows];
    let why: Reason | 'the same' | undefined = 'the same';
    for (let node = 0; why === 'the same' && open.length > 0; node++) {
      const at = open.pop()!;
      if (ours[node] !== theirs[node]) why = reason(one, at, ours[node]!, theirs[node]!);
      else if (ours[node]! > 0) open.push(at.slice(ours[node]), at.slice(0, ours[node]));
    }
    expect(why, `table ${number}: ours ${ours}, scikit-learn's ${theirs}`).toBeDefined();
    reasons[why!] = (reasons[why!] ?? 0) + 1;
  });
  if (process.env.GRADLAB_FIGURES) console.log('trees of one column beside scikit-learn:', reasons);
  expect(reasons['the same']).toBeGreaterThan(1300);
});
