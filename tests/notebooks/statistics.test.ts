// What is said of a notebook in numbers, against one whose numbers are known.
import { expect, test } from 'vitest';
import { statisticsOf, statisticsTable } from '../../tools/notebooks/statistics.mjs';

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
    longestOpen: 3,
    claims: 0,
    rightAnswers: 'bc',
  });
  const [first, second] = [{ cells: [] }, { cells: [code('x', [plotly()])] }].map((one) => statisticsOf(one));
  expect([first!.firstFigure, first!.longestOpen, second!.firstFigure]).toEqual([null, 0, { whole: 450, plot: 270 }]);
});

test('the table has a line for each, and one for all', () => {
  const one = {
    ...statisticsOf(notebook),
    path: '002-x/01-y.ipynb',
    kilobytes: 7,
  };
  const lines = statisticsTable([one, { ...one, path: '003-x/02-z.ipynb' }]).split('\n');
  expect(lines.length).toBe(4);
  expect(lines[1]).toMatch(/^002\/01-y +340 +240 +2 +5 +5 +3 +3 +0 +bc +7$/);
  expect(lines[3]).toBe(
    '2 notebooks; in the middle: first plot 240 px high, 5 words, 5 open lines of code; right answers: 0 a, 2 b, 2 c',
  );
});
