// The results of a class, from the files that students save.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { csvOf, gradedIn, tableOf } from '../../tools/notebooks/results.mjs';

const file = (name: string, facts: object) => ({
  name,
  text: JSON.stringify({ 'gradlab-progress': 1, notebooks: { '': facts, 'a.ipynb': { opened: { at: 1 } } } }),
});
const given = (answer: unknown) => ({ code: '…', given: { answer }, at: 1 });
const files = [
  file('ann.json', {
    'prediction:rate': { choice: 'a', right: true, at: 1 },
    'exercise:two': { at: 1 },
    'answer:two': { code: 'exercise("two", 2)', at: 1 },
    'answer:best': given(7),
    'answer:twice': { code: '…', given: { source: '(x) => 2 * x' }, at: 1 },
  }),
  file('ben.json', {
    'prediction:rate': { choice: '', right: false, at: 1 },
    'answer:two': { code: 'exercise("two", 1)', at: 1 },
    'answer:best': given(8),
  }),
  file('=1+1.json', { 'prediction:rate': { choice: 'b', right: false, at: 1 }, 'answer:best': given(null) }),
];
const checks = {
  best: {
    isRight: (answer: unknown) => {
      if (answer === null) throw new TypeError('no number');
      return answer === 7;
    },
  },
};

test('a row for each file, a column for each question and exercise; answers are checked, functions are not run', () => {
  expect(tableOf(files, checks)).toEqual([
    ['file', 'prediction:rate', 'exercise:two', 'exercise:twice', 'exercise:best'],
    ['ann.json', 'right', 'right', 'by hand: (x) => 2 * x', 'right'],
    ['ben.json', 'looked', 'not yet', '', 'wrong: 8'],
    ['=1+1.json', 'wrong', '', '', 'wrong: no number'],
  ]);
  expect(tableOf(files)[2]).toEqual(['ben.json', 'looked', 'not yet', '', 'no check: 8']);
});

test('reports a file of another kind', () => {
  for (const text of ['{', '{}', '[1]', 'null'])
    expect(() => tableOf([{ name: 'x.json', text }])).toThrow('x.json holds no results: students save them');
});

test('as CSV no cell is a formula', () => {
  expect(
    csvOf([
      ['file', 'a "b", c'],
      ['=1+1', '-2'],
    ]),
  ).toBe(`"file","a ""b"", c"\n"'=1+1","'-2"\n`);
});

test('checks come from the files beside the notebooks, including subfolders', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-results-'));
  try {
    fs.mkdirSync(path.join(folder, 'week'));
    const text = 'module.exports = { best: { isRight: (n) => n === 7 } };';
    fs.writeFileSync(path.join(folder, 'week', 'a.graded.exercises.js'), text);
    fs.writeFileSync(path.join(folder, 'a.exercises.js'), 'module.exports = { other: {} };');
    const graded = gradedIn(path.relative(process.cwd(), folder));
    expect(Object.keys(graded)).toEqual(['best']);
    expect(tableOf(files.slice(0, 2), graded).map((row) => row.at(-1))).toEqual(['exercise:best', 'right', 'wrong: 8']);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('an exercise in a folder outside the project may use gradlab', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-course-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.writeFileSync(
    path.join(folder, 'rates.graded.exercises.js'),
    "const { tensor } = require('gradlab');\nmodule.exports = { sum: { isRight: (answer) => answer === tensor([1, 2]).sum().item() } };\n",
  );
  const answers = [file('ann.json', { 'answer:sum': given(3) }), file('ben.json', { 'answer:sum': given(4) })];
  expect(tableOf(answers, gradedIn(folder)).map((row) => row[1])).toEqual(['exercise:sum', 'right', 'wrong: 4']);
});
