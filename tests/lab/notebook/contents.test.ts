// The files beside the notebooks: every prediction is complete, and every exercise distinguishes its answers from its
// mistakes.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Exercise, findExercise, findPrediction } from '../../../src/lab/notebook';
import { judgeAnswer } from '../../../src/lab/notebook/exercise';
import { loadScript, readText } from '../../../src/platform';

const notebooks = join(__dirname, '..', '..', '..', 'notebooks');
const folders = readdirSync(notebooks, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const filesOf = (folder: string, ending: string) => readdirSync(folder).filter((name) => name.endsWith(ending));

/** The flaws of an exercise: misjudged answers, and mistakes that no wrong answer matches. */
function flawsOf(exercise: Exercise): string[] {
  const { mistakes, tried } = exercise;
  const flaws: string[] = [];
  if (tried.right.length === 0) flaws.push('has no right answer to try');
  tried.right.forEach((answer, i) => {
    if (judgeAnswer(exercise, answer)?.isRight !== true) flaws.push(`right answer ${i + 1} is not found right`);
  });
  const met = new Set<number>();
  tried.wrong.forEach((answer, i) => {
    const judgement = judgeAnswer(exercise, answer);
    if (judgement === undefined) flaws.push(`wrong answer ${i + 1} counts as none`);
    else if (judgement.isRight) flaws.push(`wrong answer ${i + 1} is found right`);
    else met.add(judgement.mistake);
  });
  mistakes.forEach(([, remark], i) => {
    if (!met.has(i)) flaws.push(`no wrong answer meets mistake ${i + 1}, “${remark}”`);
  });
  return flaws;
}

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
    ['no right answer', { tried: { right: [], wrong: [2] } }, ['has no right answer to try']],
    ['a right answer that is rejected', { tried: { right: [4], wrong: [2] } }, ['right answer 1 is not found right']],
    ['a wrong answer that is accepted', { tried: { right: [1], wrong: [2, 1] } }, ['wrong answer 2 is found right']],
    [
      'a wrong answer that counts as not entered',
      { tried: { right: [1], wrong: [2, []] } },
      ['wrong answer 2 counts as none'],
    ],
    ['an unmatched mistake', { tried: { right: [1], wrong: [3] } }, ['no wrong answer meets mistake 1, “Two.”']],
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
