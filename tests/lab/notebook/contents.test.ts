// The files beside the notebooks: every prediction is complete, and every exercise distinguishes its answers from its
// mistakes.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Exercise, findExercise, findPrediction } from '../../../src/lab/notebook';
import { judgeAnswer } from '../../../src/lab/notebook/exercise';
import { loadScript, readText } from '../../../src/platform';
import { flawsOf as flawsByJudge } from '../../../tools/notebooks/course-files.mjs';

const notebooks = join(__dirname, '..', '..', '..', 'notebooks');
const folders = readdirSync(notebooks, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const filesOf = (folder: string, ending: string) => readdirSync(folder).filter((name) => name.endsWith(ending));

const flawsOf = (exercise: Exercise) => flawsByJudge(exercise, judgeAnswer);

describe.each(folders.map(({ name }) => join(notebooks, name)))('%s', (folder) => {
  it('has complete predictions and exercises, each beside a notebook of that name', () => {
    for (const file of filesOf(folder, '.predictions.json')) {
      expect(existsSync(join(folder, file.replace('.predictions.json', '.ipynb'))), file).toBe(true);
      for (const id of Object.keys(JSON.parse(readText(join(folder, file))))) {
        expect(findPrediction(id, folder).answers).toHaveLength(3);
      }
    }
    for (const file of filesOf(folder, '.exercises.js')) {
      expect(existsSync(join(folder, file.replace('.exercises.js', '.ipynb'))), file).toBe(true);
      for (const id of Object.keys(loadScript(join(folder, file)) as object)) {
        expect(flawsOf(findExercise(id, folder)), `${file}, ${id}`).toEqual([]);
      }
    }
  });
});

describe('an exercise', () => {
  const good: Exercise = {
    isRight: (answer) => answer === 1,
    mistakes: [[(answer) => answer === 2, 'Two.']],
    otherwise: 'No.',
    tried: { right: [1], wrong: [2, 3] },
  };

  it.each([
    ['no answers', {}, []],
    ['no right answer', { tried: { right: [], wrong: [2] } }, ['tried.right is empty: add a right answer']],
    ['a right answer that is rejected', { tried: { right: [4], wrong: [2] } }, ['4 in tried.right is refused: “No.”']],
    ['a wrong answer that is accepted', { tried: { right: [1], wrong: [2, 1] } }, ['1 in tried.wrong is accepted']],
    [
      'a wrong answer that counts as not entered',
      { tried: { right: [1], wrong: [2, []] } },
      ['[] in tried.wrong counts as no answer'],
    ],
    [
      'an unmatched mistake',
      { tried: { right: [1], wrong: [3] } },
      ['no answer in tried.wrong makes mistake 1, “Two.”'],
    ],
  ])('with %s is detected', (_, change, flaws) => {
    expect(flawsOf({ ...good, ...change })).toEqual(flaws);
  });

  it('is loaded as its file is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gradlab-contents-'));
    writeFileSync(join(folder, 'a.exercises.js'), 'module.exports = { n: 1 };');
    expect(loadScript(join(folder, 'a.exercises.js'))).toEqual({ n: 1 });
    writeFileSync(join(folder, 'a.exercises.js'), 'module.exports = { n: 2 };');
    expect(loadScript(join(folder, 'a.exercises.js'))).toEqual({ n: 2 });
    rmSync(folder, { recursive: true });
  });
});
