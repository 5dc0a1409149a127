import { expect, it } from 'vitest';
import { type BlameNode, type BlameWay, blameGraph } from '../../../../src/lab/lessons/003-backprop-through-blocks';

const nodes: BlameNode[] = [
  { at: [60, 90], text: '2', above: 'x' },
  { at: [300, 90], text: '3', above: 's', blame: '−2' },
  { at: [540, 90], box: true },
];
const ways: BlameWay[] = [
  { from: 0, to: 1, says: '1.5', blame: '−4', lit: true },
  { from: 1, to: 2, says: 'relu', beside: true },
];
type Part = {
  name: string;
  x: (number | null)[];
  y: (number | null)[];
  text?: string[];
  marker?: { size: number[] };
};
const parts = (figure: ReturnType<typeof blameGraph>) =>
  Object.fromEntries((figure.data as unknown as Part[]).map((part) => [part.name, part]));

it('shows values in nodes, names above them, and gradients below nodes and on edges', () => {
  const figure = blameGraph(nodes, ways, { title: 'back' });
  const { texts, names, blames, 'on ways': on, 'blames of ways': back } = parts(figure);
  expect(texts!.text).toEqual(['<b>2</b>', '<b>3</b>', ' ']);
  expect(names!.text).toEqual(['x', 's', ' ']);
  expect(blames!.text).toEqual([' ', '<b>−2</b>', ' ']);
  expect(on!.text).toEqual(['1.5', 'relu']);
  expect(back!.text).toEqual(['<b>−4</b>', ' ']);
  expect(figure.description).toBe(
    'Graph: back. x 2; s 3, blame −2; not known yet; x 2 to s 3: 1.5, blame −4; s 3 to not known yet: relu.',
  );
});

it('keeps its traces if nothing is highlighted or known', () => {
  const bare = blameGraph([{ at: [0, 0] }], []);
  expect(Object.keys(parts(bare))).toEqual(Object.keys(parts(blameGraph(nodes, ways))));
  expect(parts(bare).heads!.x).toEqual([null]);
});

it('rejects what it cannot draw', () => {
  expect(() => blameGraph([], [])).toThrow('at least one node');
  expect(() => blameGraph(nodes, [{ from: 0, to: 3 }])).toThrow('no node 3, there are 3');
  expect(() => blameGraph(nodes, [{ from: 5, to: 1 }])).toThrow('no node 5');
});
