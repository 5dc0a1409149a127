// Chooses the tests of a run of `npm test`, and prints the choice before they run.
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { changesIn } from './changes.mjs';
import { notebooksReached, testFiles, testsReached } from './reached.mjs';
import { filesLeft, isAtHome, isLong, takesTurns, turnOf } from './turns.mjs';

const few = (names, count = 3) => (names.length > count ? `${names.slice(0, count).join(', ')}, …` : names.join(', '));
const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/**
 * @param {boolean} named whether the caller names tests, which always run
 * @returns {{ lines: string[], left: string[], nothing: boolean, env: NodeJS.ProcessEnv }} three lines to print, the
 * files that vitest excludes, whether there is no test to run, and variables for the tests
 */
export function choose(named, env = process.env, root = paths.root, changes = changesIn(root)) {
  if (named) return { lines: [], left: [], nothing: false, env: {} };
  const files = testFiles(root);
  const plan = (runs, why, left = [], forTests = {}) => ({
    lines: [`Runs: ${runs}`, `Why: ${why}`, 'All: npm test -- --all. A folder: npm test -- tests/nn'],
    left,
    nothing: left.length === files.length,
    env: forTests,
  });

  const turn = turnOf(env, root);
  if (turn === null) return plan('all tests, every notebook in every way', 'asked for with --all');
  if (!isAtHome(env)) {
    const part = (turn % 10) + 1;
    const left = filesLeft(turn);
    const long = files.filter((file) => takesTurns(file) && !left.includes(file));
    return plan(
      `all short tests, and part ${part} of 10 of the long ones: ${long.join(', ')}`,
      'ten commits in a row run everything (tests/README.md)',
      left,
      { GRADLAB_PART: `${part}/10` }, // so that a commit during the run does not change the turn
    );
  }
  if (!changes || changes.files.length === 0) {
    const left = files.filter(isLong);
    const why = changes ? `nothing has changed since ${changes.since}` : 'this is not a clone, so no change is known';
    return plan(`the ${files.length - left.length} short test files`, why, left);
  }
  const reached = testsReached(changes.files, root);
  const left = files.filter((file) => !reached.includes(file));
  const notebooks = notebooksReached(changes.files, root);
  const books = notebooks.length > 0 ? `, and ${counted(notebooks.length, 'notebook')}: ${few(notebooks)}` : '';
  return plan(
    `${reached.length} of ${counted(files.length, 'test file')}${books}`,
    `reached by ${counted(changes.files.length, 'file')} changed since ${changes.since}: ${few(changes.files)}`,
    left,
  );
}
