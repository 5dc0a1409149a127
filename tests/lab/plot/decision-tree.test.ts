import { describe, expect, it } from 'vitest';
import { trees } from '../../../src';
import { PlotError } from '../../../src/errors';
import { plot } from '../../../src/lab';
import { named } from './examples';

const X = [
  [1, 5],
  [2, 5],
  [3, 1],
  [4, 9],
];
const model = new trees.DecisionTreeRegressor().fit(X, [0, 0, 6, 8]);
const read = (figure: plot.Figure) => {
  const { x, y, text, hovertext } = named(figure, 'nodes') as unknown as Record<'x' | 'y', number[]> &
    Record<'text' | 'hovertext', string[]>;
  return text.map((words, i) => ({ x: x[i]!, depth: 0 - y[i]!, words, hover: hovertext[i]! }));
};
const corners = (figure: plot.Figure, name: string) => {
  const { x, y } = named(figure, name) as unknown as { x: (number | null)[]; y: (number | null)[] };
  return x.map((value, i) => (value === null ? '|' : `${value},${y[i]}`)).join(' ');
};

describe('tree', () => {
  it('centres a split above its two children, and leaves side by side', () => {
    const figure = plot.tree(model);
    expect(read(figure).map(({ x, depth, words }) => [x, depth, words])).toEqual(
      [
        [0.4167, 0, 'x₁ ≤ 2.5<br>n = 4'],
        [0.1667, 1, '0<br>n = 2'],
        [0.6667, 1, 'x₁ ≤ 3.5<br>n = 2'],
        [0.5, 2, '6<br>n = 1'],
        [0.8333, 2, '8<br>n = 1'],
      ].map(([x, depth, words]) => [expect.closeTo(x as number, 3), depth, words]),
    );
    expect(figure.description).toBe(
      'Tree. 2 cuts, 3 leaves, 2 levels. From left to right in depth: x₁ ≤ 2.5? (4); 0 for 2; level 1: x₁ ≤ 3.5? (2); ' +
        '6 for 1; 8 for 1.',
    );
  });

  it('highlights the path of a row', () => {
    const figure = plot.tree(model, { row: [3.2, 0] });
    const way = corners(figure, 'way');
    expect(way.match(/\|/g)).toHaveLength(2);
    expect(way.endsWith('0.5,-2 |')).toBe(true);
    expect(corners(plot.tree(model), 'way')).toBe('|');
    expect(corners(figure, 'edges').match(/\|/g)).toHaveLength(2);
  });

  it('omits what is too deep, and text that does not fit', () => {
    const top = read(plot.tree(model, { maxDepth: 1, names: ['height', 'age'] }));
    expect(top.map(({ words }) => words)).toEqual(['height ≤ 2.5<br>n = 4', '0<br>n = 2', '7<br>n = 2']);
    const rows = Array.from({ length: 64 }, (_, i) => [i]);
    const deep = read(
      plot.tree(
        new trees.DecisionTreeRegressor().fit(
          rows,
          rows.map(([i]) => i! * 1.0001),
        ),
      ),
    );
    expect(deep).toHaveLength(127);
    expect(deep.filter(({ depth, words }) => depth === 6 && words !== '')).toEqual([]);
    expect(deep[0]!.words).toBe('x ≤ 31.5<br>n = 64');
    expect(deep.every(({ hover }) => hover.includes('n = '))).toBe(true);
  });

  it('shows as many lines as fit between levels', () => {
    const lines = (height: number) => read(plot.tree(model, { height }))[0]!.words.split('<br>').filter(Boolean).length;
    expect([210, 90, 60].map(lines)).toEqual([2, 1, 0]);
  });

  it('shows the most frequent class of a leaf', () => {
    const classes = new trees.DecisionTreeClassifier({ maxDepth: 1 }).fit(X, [7, 7, 3, 7]);
    const figure = plot.tree(classes);
    expect(read(figure).map(({ words }) => words.split('<br>')[0])).toEqual(['x₂ ≤ 3', '3 (100 %)', '7 (100 %)']);
  });

  it('is rejected without a tree, or with mismatched data', () => {
    expect(() => plot.tree({} as never)).toThrow(PlotError);
    expect(() => plot.tree(model, { names: [] })).toThrow(/names has 0 words/);
    expect(() => plot.tree(model, { row: [] })).toThrow(/row has 0 numbers/);
    expect(() => plot.tree(model, { maxDepth: -1 })).toThrow(/maxDepth must be a whole number from 0 on/);
    expect(() => plot.tree(model, { levels: 1 })).toThrow(/levels is 1, the tree has 2/);
  });
});
