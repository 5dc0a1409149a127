// The results of a class, from the files that students save.
import { spawnSync } from 'node:child_process';
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
  expect(tableOf(files, checks).rows).toEqual([
    ['file', 'prediction:rate', 'exercise:two', 'exercise:twice', 'exercise:best'],
    ['ann.json', 'right', 'right', 'by hand: (x) => 2 * x', 'right'],
    ['ben.json', 'looked', 'not yet', '', 'wrong: 8'],
    ['=1+1.json', 'wrong', '', '', 'wrong: no number'],
  ]);
  expect(tableOf(files).rows[2]).toEqual(['ben.json', 'looked', 'not yet', '', 'no check: 8']);
});

test('a file of another kind has a row that says so, and the others keep theirs', () => {
  for (const text of ['{', '{}', '[1]', 'null', '{"gradlab-progress":1,"notebooks":null}']) {
    const { rows, problems } = tableOf([{ name: 'x.json', text }, files[1]!], checks);
    expect(rows).toEqual([
      ['file', 'prediction:rate', 'exercise:two', 'exercise:best', 'problem'],
      [
        'x.json',
        '',
        '',
        '',
        expect.stringMatching(/^holds no results: students save them|^is not JSON \(.*ask for the/),
      ],
      ['ben.json', 'looked', 'not yet', 'wrong: 8', ''],
    ]);
    expect(problems).toEqual([`x.json: ${rows[1]![4]}`]);
  }
});

test('the command writes all rows, names files that it cannot read, and exits with 1', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-results-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const { name, text } of [files[1]!, { name: 'broken.json', text: '{' }])
    fs.writeFileSync(path.join(folder, name), text);
  fs.mkdirSync(path.join(folder, 'folder.json'));
  const program = path.join(import.meta.dirname, '..', '..', 'scripts', 'results.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' });
  expect(stdout.split('\n').map((line) => line.split(',')[0])).toEqual(
    ['file', 'ben.json', 'broken.json', 'folder.json'].map((name) => `"${name}"`).concat(''),
  );
  expect(stderr).toMatch(/^✗ broken\.json: is not JSON .*\n✗ folder\.json: cannot be read: EISDIR.*\n$/);
  expect(status).toBe(1);
});

test('graded exercises that cannot be run are named, with what to do', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-results-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.writeFileSync(path.join(folder, 'a.graded.exercises.js'), 'module.exports = {');
  expect(() => gradedIn(folder)).toThrow(/a\.graded\.exercises\.js cannot be run: Unexpected end of input/);
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
    expect(tableOf(files.slice(0, 2), graded).rows.map((row) => row.at(-1))).toEqual([
      'exercise:best',
      'right',
      'wrong: 8',
    ]);
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
  expect(tableOf(answers, gradedIn(folder)).rows.map((row) => row[1])).toEqual(['exercise:sum', 'right', 'wrong: 4']);
});
