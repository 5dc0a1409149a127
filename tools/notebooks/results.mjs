// The results of a class: the files that students save, as one table.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';

const requireOwn = createRequire(import.meta.url);

/** The exercises of a file, by their ids. In any folder they may use gradlab, as in a cell. */
export function readExercises(name) {
  const file = path.resolve(name);
  const requireBeside = createRequire(file);
  const require = (id) => (/^gradlab(\/|$)/.test(id) ? requireOwn(id) : requireBeside(id));
  const module = { exports: {} };
  const text = fs.readFileSync(file, 'utf8');
  compileFunction(text, ['module', 'exports', 'require'], { filename: file })(module, module.exports, require);
  return module.exports;
}

/** The graded exercises beside the notebooks of a folder. */
export const gradedIn = (folder) =>
  Object.assign(
    {},
    ...fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.graded.exercises.js') && !name.includes('node_modules'))
      .map((name) => readExercises(path.join(folder, name))),
  );

/** An answer as a teacher reads it. A function is not run: it is the student's code. */
function verdictOf({ given } = {}, check) {
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
 * The table: a row for each file, a column for each question and exercise.
 * @param {{ name: string, text: string }[]} files
 * @param {Record<string, { isRight: (answer: unknown) => boolean }>} graded
 * @returns {string[][]}
 * @throws if a file is not one of results
 */
export function tableOf(files, graded = {}) {
  const students = files.map(({ name, text }) => ({ name, facts: factsOf(name, text) }));
  const known = students
    .flatMap(({ facts }) => Object.keys(facts))
    .map((name) => name.replace(/^answer:/, 'exercise:'));
  const columns = [...new Set([...known, ...Object.keys(graded).map((id) => `exercise:${id}`)])]
    .filter((name) => /^(prediction|exercise):/.test(name))
    .sort((a, b) => b.localeCompare(a, 'en'));
  return [
    ['file', ...columns],
    ...students.map(({ name, facts }) => [name, ...columns.map((column) => cellOf(facts, column, graded))]),
  ];
}

function factsOf(name, text) {
  try {
    const { 'gradlab-progress': version, notebooks } = JSON.parse(text);
    if (Number.isInteger(version) && typeof notebooks === 'object') return notebooks[''] ?? {};
  } catch {
    // The error below covers invalid JSON, too.
  }
  throw new Error(`${name} holds no results: students save them by "Save to a file" on the start page`);
}

/** The table as CSV; what a spreadsheet would take for a formula is text. */
export const csvOf = (table) =>
  `${table.map((row) => row.map((cell) => `"${cell.replace(/^(?=[=+@-])/, "'").replaceAll('"', '""')}"`).join(',')).join('\n')}\n`;
