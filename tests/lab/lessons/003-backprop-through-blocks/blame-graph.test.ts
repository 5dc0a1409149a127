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

it('leaves a gap where text is on a line, and none where it is beside it', () => {
  const { ways: plain, 'walked now': walked } = parts(blameGraph(nodes, ways));
  expect(walked!.x).toEqual([87, 153, null, 207, 273, null]); // 27 pixels to each side of the middle, 180
  expect(plain!.x.filter((x) => x === null)).toHaveLength(1);
  expect(plain!.x.slice(0, 2)).toEqual([327, 486]);
});

it('highlights edges forwards or backwards', () => {
  const ends = (back: boolean) => parts(blameGraph(nodes, ways, { back })).heads!.x.slice(0, 2);
  expect(ends(false)).toEqual([87, 273]);
  expect(ends(true)).toEqual([273, 87]);
});

it('keeps its traces if nothing is highlighted or known', () => {
  const bare = blameGraph([{ at: [0, 0] }], []);
  expect(Object.keys(parts(bare))).toEqual(Object.keys(parts(blameGraph(nodes, ways))));
  expect(parts(bare).heads!.x).toEqual([null]);
});

it('gives an edge its colour', () => {
  const { 'ways in #009E73': green, ways: plain } = parts(blameGraph(nodes, [{ from: 0, to: 1, color: '#009E73' }]));
  expect(green!.x).toEqual([87, 273, null]);
  expect(plain!.x).toEqual([null]);
});

it('rejects what it cannot draw', () => {
  expect(() => blameGraph([], [])).toThrow('at least one node');
  expect(() => blameGraph(nodes, [{ from: 0, to: 3 }])).toThrow('no node 3, there are 3');
  expect(() => blameGraph(nodes, [{ from: 5, to: 1 }])).toThrow('no node 5');
});
