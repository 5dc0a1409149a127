// The files of questions and exercises of a course: unique ids, and exercises that judge as their authors expect.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exerciseLack, judgeAnswer } from '../../src/lab/notebook';
import { demandUniqueIds, exerciseProblems } from '../../tools/notebooks/course-files.mjs';

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-course-files-'));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));
const write = (name: string, text: string) => {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), text);
};
const exercise = (id: string, right: number, tried = `{ right: [${right}], wrong: [] }`) =>
  `module.exports = { ${id}: { isRight: (n) => n === ${right}, mistakes: [], otherwise: 'No.', tried: ${tried} } };`;

describe('the ids of a course', () => {
  it('may not be shared by two files, in whatever folders they are', () => {
    write('a.graded.exercises.js', exercise('count', 601));
    write('week 2/b.exercises.js', exercise('count', 12));
    write('a.predictions.json', '{ "first": { "question": "A?" } }');
    write('week 2/b.predictions.json', '{ "first": { "question": "B?" }, "second": {} }');
    expect(() => demandUniqueIds(root)).toThrow(
      `two files of ${root} have the same id: the question "first" is in a.predictions.json and in week 2/b.predictions.json; ` +
        'the exercise "count" is in a.graded.exercises.js and in week 2/b.exercises.js',
    );
    expect(() => demandUniqueIds(root)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('give one of them another id') }),
    );
  });

  it('may be shared by a question that two notebooks ask', () => {
    write('a.predictions.json', '{ "first": { "question": "A?" } }');
    write('week 2/b.predictions.json', '{ "first": { "question": "A?" } }');
    expect(() => demandUniqueIds(root)).not.toThrow();
  });

  it('may be those of a question and of an exercise, and of copies that are not shown', () => {
    write('a.exercises.js', exercise('count', 1));
    write('a.predictions.json', '{ "count": {} }');
    write('b.predictions.json', '{ not JSON');
    write('.ipynb_checkpoints/a.exercises.js', exercise('count', 1));
    write('node_modules/x/a.exercises.js', exercise('count', 1));
    expect(() => demandUniqueIds(root)).not.toThrow();
  });
});

describe('the exercises of a course', () => {
  const problems = (...notebooks: string[]) => exerciseProblems(root, notebooks, { judgeAnswer, exerciseLack });

  it('are tried with the answers that their authors name', () => {
    write('a.graded.exercises.js', exercise('count', 601, '{ right: [600], wrong: [601, 7] }'));
    write('week 2/b.exercises.js', exercise('other', 1, '{ right: [], wrong: [] }'));
    expect(problems('a.ipynb')).toEqual([
      'a.graded.exercises.js, exercise "count": 600 in tried.right is refused: “No.”',
      'a.graded.exercises.js, exercise "count": 601 in tried.wrong is accepted',
    ]);
    expect(problems('week 2/b.ipynb')).toEqual([
      'week 2/b.exercises.js, exercise "other": tried.right is empty: add a right answer',
    ]);
    write('a.graded.exercises.js', exercise('count', 601, '{ right: [601], wrong: [600, 7] }'));
    expect(problems('a.ipynb')).toEqual([]);
  });

  it('that throw, lack a part or cannot be run are named', () => {
    const thrown =
      "twice: { isRight: (f) => f(1) === 2, mistakes: [], otherwise: 'No.', tried: { right: [3], wrong: [] } }";
    write(
      'a.exercises.js',
      `module.exports = { ${thrown}, half: { isright: () => true, mistakes: [], otherwise: 'No.', tried: { right: [1], wrong: [] } } };`,
    );
    write('b.exercises.js', 'module.exports = {');
    expect(problems('a.ipynb')).toEqual([
      'a.exercises.js, exercise "twice": 3 in tried.right is refused: “No.” (TypeError: f is not a function)',
      'a.exercises.js, exercise "half": it needs isRight, a function; did you mean isRight where it says isright?',
      'b.exercises.js cannot be run: Unexpected end of input',
    ]);
  });

  it('may use gradlab', () => {
    write(
      'a.exercises.js',
      "const { tensor } = require('gradlab');\nmodule.exports = { sum: { isRight: (x) => x === tensor([1, 2]).sum().item(), mistakes: [], otherwise: 'No.', tried: { right: [3], wrong: [4] } } };",
    );
    expect(problems('a.ipynb')).toEqual([]);
  });
});
