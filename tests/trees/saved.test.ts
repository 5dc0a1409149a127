import { describe, expect, it } from 'vitest';
import { Generator, trees, ValueError } from '../../src';
import { datasets } from '../../src/lab';

const seeded = (seed: number) => new Generator().manualSeed(seed);
const { x, y } = datasets.friedman1(80, { features: 5, noise: 1, generator: seeded(1) });
const far = datasets.friedman1(300, { features: 5, generator: seeded(2) }).x;
const labels = (y.tolist() as number[]).map((value) => (value > 16 ? 9 : value > 12 ? 4 : -1));
const few = { nEstimators: 4, maxDepth: 4 };

interface Saved {
  fit(X: unknown, y: unknown): { predict(X: unknown): number[] };
}
const kinds: [string, Saved & object, unknown, { fromJSON(saved: unknown): { predict(X: unknown): number[] } }][] = [
  ['a tree', new trees.DecisionTreeRegressor({ maxDepth: 5 }), y, trees.DecisionTreeRegressor],
  [
    'a tree of classes',
    new trees.DecisionTreeClassifier({ criterion: 'entropy' }),
    labels,
    trees.DecisionTreeClassifier,
  ],
  ['a bag', new trees.BaggingRegressor({ nEstimators: 3, generator: seeded(0) }), y, trees.BaggingRegressor],
  ['a bag of classes', new trees.BaggingClassifier({ generator: seeded(0) }), labels, trees.BaggingClassifier],
  ['a forest', new trees.RandomForestRegressor({ ...few, generator: seeded(0) }), y, trees.RandomForestRegressor],
  [
    'a forest of classes',
    new trees.RandomForestClassifier({ ...few, generator: seeded(0) }),
    labels,
    trees.RandomForestClassifier,
  ],
  [
    'boosting',
    new trees.GradientBoostingRegressor({ ...few, loss: 'absoluteError' }),
    y,
    trees.GradientBoostingRegressor,
  ],
  ['boosting of three', new trees.GradientBoostingClassifier(few), labels, trees.GradientBoostingClassifier],
  [
    'boosting of two',
    new trees.GradientBoostingClassifier(few),
    labels.map((label) => Math.sign(label)),
    trees.GradientBoostingClassifier,
  ],
] as never;

describe.each(kinds)('%s', (_, model, target, kind) => {
  const fitted = model.fit(x, target);
  const text = JSON.stringify(fitted);

  it('gives the same predictions after loading, from text and from an object', () => {
    const loaded = kind.fromJSON(text);
    expect(loaded.predict(far)).toEqual(fitted.predict(far));
    expect(kind.fromJSON(JSON.parse(text)).predict(far)).toEqual(fitted.predict(far));
    expect(JSON.stringify(loaded)).toBe(text);
    const shares = (one: unknown) => (one as trees.RandomForestClassifier).predictProba?.(far);
    expect(shares(loaded)).toEqual(shares(fitted));
  });

  const damages: [string, (json: Record<string, never>) => unknown][] = [
    ['truncated', () => text.slice(0, -20)],
    ['empty', () => 'null'],
    ['of another class', (json) => ({ ...json, model: 'Tree' })],
    ['of another format', (json) => ({ ...json, version: 2 })],
    ['without columns', (json) => ({ ...json, nFeaturesIn: 0 })],
    ['without options', (json) => ({ ...json, options: null })],
    ['with an unknown option', (json) => ({ ...json, options: { depth: 3 } })],
    ['without trees', (json) => ({ ...json, trees: [] })],
    ['with classes out of order', (json) => ({ ...json, classes: [3, 1] })],
    ...(
      [
        ['feature', 99],
        ['feature', 0.5],
        ['threshold', null],
        ['threshold', undefined],
        ['childrenLeft', 0],
        ['childrenLeft', 99_999],
        ['childrenRight', 1],
        ['value', 'x'],
        ['weightedNNodeSamples', 0],
      ] as const
    ).map(([name, value]): (typeof damages)[number] => [
      `${name} of the root ${value}`,
      (json) => {
        const list = (json.trees[0] as Record<string, unknown[]>)[name]!;
        if (value === undefined) list.pop();
        else list[0] = value;
        return json;
      },
    ]),
  ];
  it.each(damages)('rejects a damaged file: %s', (_, damage) => {
    expect(() => kind.fromJSON(damage(JSON.parse(text)))).toThrow(ValueError);
  });
});

it('boosting needs as many trees as stages, and a start', () => {
  const json = JSON.parse(JSON.stringify(new trees.GradientBoostingRegressor(few).fit(x, y)));
  const load = (change: object) => () => trees.GradientBoostingRegressor.fromJSON({ ...json, ...change });
  expect(load({ trees: json.trees.slice(1) })).toThrow(/there are 3 trees, not 4/);
  expect(load({ start: [null] })).toThrow(/start must be 1 finite numbers/);
  const classes = JSON.parse(JSON.stringify(new trees.GradientBoostingClassifier(few).fit(x, labels)));
  expect(() => trees.GradientBoostingClassifier.fromJSON({ ...classes, classes: [] })).toThrow(/two classes or more/);
});

it('a loaded model has no training data, and can be fitted again', () => {
  const forest = new trees.RandomForestRegressor({ ...few, generator: seeded(3) }).fit(x, y);
  const loaded = trees.RandomForestRegressor.fromJSON(JSON.stringify(forest));
  expect([loaded.estimatorsSamples, loaded.oobPrediction]).toEqual([[], []]);
  expect(loaded.oobScore).toBeNaN();
  expect(loaded.fit(x, y).estimators).toHaveLength(4);
});
