// The questions and exercises of a folder of notebooks: ids, and whether checks do what their authors expect.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inspect, isDeepStrictEqual } from 'node:util';
import { compileFunction } from 'node:vm';
import { SetUpError } from '../../kernel-setup/setup/errors.mjs';

const requireOwn = createRequire(import.meta.url);

/** The exercises of a file, by their ids. In any folder they may use gradlab, as in a cell. */
export function readExercises(name) {
  const file = path.resolve(name);
  const requireBeside = createRequire(file);
  const require = (id) => (/^gradlab(\/|$)/.test(id) ? requireOwn(id) : requireBeside(id));
  const module = { exports: {} };
  const text = fs.readFileSync(file, 'utf8');
  compileFunction(text, ['module', 'exports', 'require'], { filename: file })(module, module.exports, require);
  return module.exports ?? {};
}

/** The files below a folder with this ending, with forward slashes, sorted; without hidden folders and packages. */
export const filesOfCourse = (root, ending) =>
  fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith(ending) && !/(^|\/)(\.|node_modules\/)/.test(name))
    .sort();

/** The ids in a file, with what they name; none if it cannot be read, which the cell that uses it reports. */
function idsIn(read, file) {
  try {
    return Object.entries(read(file));
  } catch {
    return [];
  }
}

/**
 * Refuses a course in which two files have different questions, or two exercises, of one id. Browsers and files of results
 * store answers by id alone, since notebooks may be renamed: the answer to one would replace that to the other. Two
 * notebooks may ask the same question, which is answered once.
 * @throws SetUpError that names the ids and both files
 */
export function demandUniqueIds(root) {
  const kinds = [
    ['question', '.predictions.json', (file) => JSON.parse(fs.readFileSync(file, 'utf8'))],
    ['exercise', '.exercises.js', readExercises],
  ];
  const shared = kinds.flatMap(([kind, ending, read]) => {
    const places = new Map();
    for (const name of filesOfCourse(root, ending))
      for (const [id, one] of idsIn(read, path.join(root, name)))
        places.set(id, [...(places.get(id) ?? []), { name, one }]);
    return [...places]
      .filter(([, [first, ...others]]) => others.some(({ one }) => !isDeepStrictEqual(one, first.one)))
      .map(([id, found]) => `the ${kind} "${id}" is in ${found.map(({ name }) => name).join(' and in ')}`);
  });
  if (shared.length === 0) return;
  throw new SetUpError(`two files of ${root} have the same id: ${shared.join('; ')}`, {
    remedy:
      'give one of them another id, in the file and in its notebook: answers are stored by id for the whole course',
  });
}

/** An answer as a message shows it, in one line. */
function shown(answer) {
  const text =
    typeof answer === 'function' ? String(answer) : inspect(answer, { breakLength: Number.POSITIVE_INFINITY });
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/**
 * The flaws of an exercise by its own `tried`: misjudged answers, and mistakes that no wrong answer makes.
 * @param {{ mistakes: readonly (readonly [any, string])[], tried: { right: readonly unknown[], wrong: readonly unknown[] } }} exercise
 *   an `Exercise` of the library
 * @param {(exercise: any, answer: unknown) => any} judgeAnswer of the library
 * @returns {string[]}
 */
export function flawsOf(exercise, judgeAnswer) {
  const { mistakes, tried } = exercise;
  const flaws = [];
  const judged = (answer, kind) => {
    const judgement = judgeAnswer(exercise, answer);
    if (judgement === undefined) flaws.push(`${shown(answer)} in tried.${kind} counts as no answer`);
    return judgement;
  };
  if (tried.right.length === 0) flaws.push('tried.right is empty: add a right answer');
  for (const answer of tried.right) {
    const { isRight = true, remark, thrown } = judged(answer, 'right') ?? {};
    if (!isRight)
      flaws.push(
        `${shown(answer)} in tried.right is refused: “${remark}”${thrown === undefined ? '' : ` (${thrown})`}`,
      );
  }
  const made = new Set();
  for (const answer of tried.wrong) {
    const { isRight, mistake } = judged(answer, 'wrong') ?? {};
    if (isRight) flaws.push(`${shown(answer)} in tried.wrong is accepted`);
    else made.add(mistake);
  }
  mistakes.forEach(([, remark], i) => {
    if (!made.has(i)) flaws.push(`no answer in tried.wrong makes mistake ${i + 1}, “${remark}”`);
  });
  return flaws;
}

/**
 * The flaws of the exercises beside some notebooks, a line each.
 * @param {string} root
 * @param {string[]} notebooks their paths below it
 * @param {{ judgeAnswer: (exercise: any, answer: unknown) => any, exerciseLack: (entry: unknown) => string | undefined }}
 *   judging functions of the built library
 */
export function exerciseProblems(root, notebooks, { judgeAnswer, exerciseLack }) {
  const folders = new Set(notebooks.map((name) => path.posix.dirname(name)));
  const files = filesOfCourse(root, '.exercises.js').filter((name) => folders.has(path.posix.dirname(name)));
  return files.flatMap((name) => {
    let exercises;
    try {
      exercises = readExercises(path.join(root, name));
    } catch (error) {
      return [`${name} cannot be run: ${error.message}`];
    }
    return Object.entries(exercises).flatMap(([id, entry]) => {
      const lack = exerciseLack(entry);
      const flaws = lack === undefined ? flawsOf(entry, judgeAnswer) : [`it needs ${lack}`];
      return flaws.map((flaw) => `${name}, exercise "${id}": ${flaw}`);
    });
  });
}
