// Statistics of notebooks, compared with one of known numbers.
import { expect, test } from 'vitest';
import { remarksOf, statisticsOf, statisticsTable } from '../../tools/notebooks/statistics.mjs';

const plotly = (layout?: object) => ({
  output_type: 'display_data',
  data: { 'application/vnd.plotly.v1+json': { data: [], layout } },
  metadata: {},
});
const asking = (right: number) => ({
  output_type: 'display_data',
  data: {
    'application/vnd.gradlab.lesson+json': {
      answers: [0, 1, 2].map((i) => ({ verdict: i === right ? 'right' : i === 0 ? 'if' : 'wrong' })),
    },
  },
  metadata: {},
});
const code = (source: string, outputs: object[] = [], isFolded = false) => ({
  cell_type: 'code',
  id: `c${source.length}`,
  source,
  outputs,
  metadata: isFolded ? { jupyter: { source_hidden: true } } : {},
});
const text = (source: string) => ({ cell_type: 'markdown', id: `m${source.length}`, source, metadata: {} });

const notebook = {
  cells: [
    text('# How far?\n\nThree words here. <details>not these two</details>'),
    code('const a = 1;\n\nconst b = 2;\n'),
    code('plot.line([1]).show();\nmore();\nagain();', [plotly({ height: 340, margin: { t: 40, b: 60 } })], true),
    code('one();\ntwo();\nthree();', [asking(1), plotly(), asking(2)]),
  ],
};

test('lines, words and heights are counted', () => {
  expect(statisticsOf(notebook)).toEqual({
    firstFigure: { whole: 340, plot: 240 },
    figures: 2,
    words: 5,
    openLines: 5,
    foldedLines: 3,
    inShort: { words: 0, numbers: 0 },
    longSentences: [],
    oddCells: ['c27: 2 open lines', 'c22: 3 open lines'],
    wideLines: [],
    claims: 0,
    pinned: [],
    rightAnswers: 'bc',
  });
  const [first, second] = [{ cells: [] }, { cells: [code('x', [plotly()])] }].map((one) => statisticsOf(one));
  expect([first!.firstFigure, first!.openLines, second!.firstFigure]).toEqual([null, 0, { whole: 450, plot: 270 }]);
});

test('lists what an author may want to review', () => {
  const words = (count: number) => `${Array.from({ length: count }, () => 'word').join(' ')}.`;
  const measure = `claims({
  C01: () => ({ value: a, expected: 0.4237, tolerance: 1e-3 }),
  C02: () => ({ value: b, expected: [3, 4], tolerance: 0 }),
  C03: () => ({ value: c, expected: 2 / 12345, tolerance: 0 }),
  C04: () => [{ value: d, expected: 0.012, tolerance: 0.1 }, { value: e, below: 12 }],
});`;
  const found = statisticsOf({
    cells: [
      text(`## In short\n\nAll *three* [meet](q-x.ipynb) at 2.5 of 10 steps (C01). ${words(25)}`),
      text(`${words(26)}\n\n<details>${words(40)}</details>`),
      code(Array.from({ length: 15 }, () => 'step();').join('\n')),
      code(`exercise("one", undefined); // ${'x'.repeat(70)}`),
      code(measure, [], true),
    ],
  });
  expect(found).toMatchObject({ inShort: { words: 33, numbers: 2 }, oddCells: [] });
  expect(remarksOf(found)).toEqual([
    expect.stringMatching(/^m\d+: 26 words: word word .* …$/),
    expect.stringMatching(/^c\d+: a line of 101 characters$/),
    expect.stringMatching(/expects \{ value: a, expected: 0\.4237/),
    expect.stringMatching(/expects \{ value: b, expected: \[3, 4\]/),
  ]);
});

test('the table has a line for each notebook, and one for all', () => {
  const one = {
    ...statisticsOf(notebook),
    ref: '002/y',
    kilobytes: 7,
  };
  const lines = statisticsTable([one, { ...one, ref: '003/z' }]).split('\n');
  expect(lines.length).toBe(4);
  expect(lines[1]).toMatch(/^002\/y +340 +240 +2 +5 +0\/0 +0 +5 +3 +2 +0 +0 +0 +bc +7$/);
  expect(lines[3]).toBe(
    '2 notebooks; in the middle: first plot 240 px high, 5 words, 5 open lines of code; right answers: 0 a, 2 b, 2 c',
  );
});
