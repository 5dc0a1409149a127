// The results of a class: the files that students save, as one table.
import path from 'node:path';
import { SetUpError } from '../../kernel-setup/setup/errors.mjs';
import { filesOfCourse, readExercises } from './course-files.mjs';

/**
 * The graded exercises beside the notebooks of a folder.
 * @throws SetUpError if a file cannot be run
 */
export const gradedIn = (folder) =>
  Object.assign(
    {},
    ...filesOfCourse(folder, '.graded.exercises.js').map((name) => {
      try {
        return readExercises(path.join(folder, name));
      } catch (error) {
        throw new SetUpError(`${path.join(folder, name)} cannot be run: ${error.message}`, {
          remedy: '`npm run notebooks -- --root FOLDER` checks it',
        });
      }
    }),
  );

/** An answer as a teacher reads it. A function is not run: it is the student's code. */
function verdictOf(/** @type {{ given?: { answer?: unknown, source?: string } }} */ { given } = {}, check) {
  if (given === undefined) return '';
  if (given.source !== undefined) return `by hand: ${given.source}`;
  if (check === undefined) return `no check: ${JSON.stringify(given.answer)}`;
  try {
    return check.isRight(given.answer) === true ? 'right' : `wrong: ${JSON.stringify(given.answer)}`;
  } catch (error) {
    return `wrong: ${error.message}`;
  }
}

/** A fact in the table. */
function cellOf(facts, name, graded) {
  const [kind, id] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)];
  const fact = facts[name];
  if (kind === 'prediction')
    return fact === undefined ? '' : fact.choice === '' ? 'looked' : fact.right ? 'right' : 'wrong';
  if (facts[`exercise:${id}`] !== undefined) return 'right';
  return verdictOf(facts[`answer:${id}`], graded[id]) || (facts[`answer:${id}`] === undefined ? '' : 'not yet');
}

/**
 * The table: a row for each file, a column for each question and exercise, and a column `problem` if a file cannot be read.
 * @param {{ name: string, text?: string, problem?: string }[]} files `problem`: why there is no text
 * @param {Record<string, { isRight: (answer: unknown) => boolean }>} graded
 * @returns {{ rows: string[][], problems: string[] }}
 */
export function tableOf(files, graded = {}) {
  /** @type {{ name: string, facts?: Record<string, any>, problem?: string }[]} */
  const students = files.map(({ name, text, problem }) => ({ name, ...(problem ? { problem } : factsOf(text)) }));
  const known = students
    .flatMap(({ facts = {} }) => Object.keys(facts))
    .map((name) => name.replace(/^answer:/, 'exercise:'));
  const columns = [...new Set([...known, ...Object.keys(graded).map((id) => `exercise:${id}`)])]
    .filter((name) => /^(prediction|exercise):/.test(name))
    .sort((a, b) => b.localeCompare(a, 'en'));
  const unread = students.filter(({ problem }) => problem);
  /** @param {(typeof students)[number]} student */
  const rowOf = ({ name, facts, problem = '' }) => [
    name,
    ...columns.map((column) => (facts ? cellOf(facts, column, graded) : '')),
    ...(unread.length > 0 ? [problem] : []),
  ];
  return {
    rows: [['file', ...columns, ...(unread.length > 0 ? ['problem'] : [])], ...students.map(rowOf)],
    problems: unread.map(({ name, problem }) => `${name}: ${problem}`),
  };
}

/** What a file says about questions and exercises, or what is wrong with it. */
function factsOf(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return { problem: `is not JSON (${error.message}): ask for the file again` };
  }
  const { 'gradlab-progress': version, notebooks } = file ?? {};
  if (Number.isInteger(version) && typeof notebooks === 'object' && notebooks !== null)
    return { facts: notebooks[''] ?? {} };
  return { problem: 'holds no results: students save them by "Save to a file" on the start page' };
}

/** The table as CSV; what a spreadsheet would take for a formula is text. */
export const csvOf = (table) =>
  `${table.map((row) => row.map((cell) => `"${cell.replace(/^(?=[=+@-])/, "'").replaceAll('"', '""')}"`).join(',')).join('\n')}\n`;
