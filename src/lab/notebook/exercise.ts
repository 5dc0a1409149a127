import { type MimeBundle, RichOutput, show, toPlain } from '../../display';
import { ValueError } from '../../errors';
import { adviceOnKeys } from '../../options';
import { loadScript } from '../../platform';
import { findBeside } from './beside';
import { respond } from './respond';

/** The ending of the CommonJS files beside the notebook that contain exercises. */
const exercisesEnding = '.exercises.js';

/** The checks of an exercise. A file of exercises exports an object of these by id. */
export interface Exercise<Answer = never> {
  /** Whether the answer is correct. It may throw, for example for incomplete answers. */
  isRight: (answer: Answer) => boolean;
  /** The reply to a correct answer: why it is correct. Default: none. */
  praise?: string;
  /** The expected mistakes, each with a remark; the first that matches is shown. */
  mistakes: readonly (readonly [isThis: (answer: Answer) => boolean, remark: string])[];
  /** The reply to any other wrong answer: a hint that does not reveal the answer. */
  otherwise: string;
  /** Arguments for an answer that is a function: if it returns nothing for them, it counts as not entered. */
  probe?: readonly unknown[];
  /** Answers for tests: all right ones must be accepted; the wrong ones must match every mistake. */
  tried: { right: readonly unknown[]; wrong: readonly unknown[] };
}

/**
 * Checks the reader's answer to an exercise and shows the matching reply: why it is correct, or the mistake. Before an
 * answer is entered (undefined, null, NaN, an empty string or list, or a list of these) it shows nothing. It never
 * fails the run.
 *
 * Checks and remarks are in a file beside the notebook that ends in `.exercises.js`, see {@link Exercise}:
 *
 * `module.exports = { 'round-bowl': { isRight: (lr) => lr === 0.25, mistakes: […], otherwise: '…', tried: {…} } };`
 *
 * A site has none of the checks in files that end in `.graded.exercises.js`: there the answer is kept for the teacher.
 *
 * @throws {ValueError} if no file has an exercise of this name, with what to write where, or the file cannot be run, or it lacks a part
 */
export function exercise(id: string, answer: unknown): void {
  const entry = entryOf(id).entry as Partial<Exercise> & { graded?: boolean };
  if (entry?.graded === true && entry.isRight === undefined) {
    if (!isEmptyOrThrows(answer, entry.probe)) show(new HandedIn(id, answer));
    return;
  }
  const judgement = judgeAnswer(findExercise(id), answer);
  if (judgement !== undefined) respond(judgement.isRight, judgement.remark, judgement.thrown);
}

/** The MIME type of an answer that a teacher checks later. */
const answerMimeType = 'application/vnd.gradlab.answer+json';

/** @internal An answer whose check is not available: the page stores it with the reader's progress. */
export class HandedIn extends RichOutput {
  constructor(
    readonly id: string,
    readonly answer: unknown,
  ) {
    super();
  }

  mimeBundle(): MimeBundle {
    const { id, answer } = this;
    const given = typeof answer === 'function' ? { source: String(answer) } : { answer: toPlain(answer) };
    return {
      [answerMimeType]: { id, ...given },
      'text/markdown': '✎ **Handed in.** Your teacher checks it later.',
      'text/plain': '✎ Handed in. Your teacher checks it later.',
    };
  }
}

/** The result of {@link exercise}. */
export interface AnswerJudgement {
  isRight: boolean;
  remark: string | undefined;
  /** The index of the mistake, from 0; −1 for a correct answer, or an unexpected one. */
  mistake: number;
  /** The error of the answer, or of its check, if no expected mistake explains it. */
  thrown?: string;
}

/**
 * Returns the reply to an answer, `undefined` before it is entered. An answer that throws, or makes a check throw,
 * counts as wrong: throwing may be an expected mistake.
 */
export function judgeAnswer(
  { isRight, praise, mistakes, otherwise, probe }: Exercise,
  answer: unknown,
): AnswerJudgement | undefined {
  let thrown: string | undefined;
  const attempt = (check: () => boolean) => {
    try {
      return check();
    } catch (error) {
      thrown ??= String(error);
      return false;
    }
  };
  if (attempt(() => isEmpty(answer, probe))) return undefined;
  if (attempt(() => isRight(answer as never) === true)) return { isRight: true, remark: praise, mistake: -1 };
  const mistake = mistakes.findIndex(([isThis]) => attempt(() => isThis(answer as never)));
  if (mistake >= 0) return { isRight: false, remark: mistakes[mistake]![1], mistake };
  return { isRight: false, remark: otherwise, mistake, ...(thrown !== undefined && { thrown }) };
}

/** The exercise called `id` in the files of a folder (default: the working directory). Throws as {@link exercise}. */
export function findExercise(id: string, folder?: string): Exercise {
  const { entry, file } = entryOf(id, folder);
  const lack = exerciseLack(entry);
  if (lack !== undefined) throw new ValueError(`exercise: "${id}" in ${file} needs ${lack}`);
  return entry as Exercise;
}

const parts: readonly string[] = ['isRight', 'praise', 'mistakes', 'otherwise', 'probe', 'tried', 'graded'];

/** What an entry needs to be an exercise; undefined if it is one. */
export function exerciseLack(entry: unknown): string | undefined {
  const { isRight, mistakes, otherwise, tried } = (entry ?? {}) as Partial<Exercise>;
  const lacks = [
    typeof isRight === 'function' ? '' : 'isRight, a function',
    Array.isArray(mistakes) ? '' : 'mistakes, a list of [function, remark]',
    typeof otherwise === 'string' && otherwise !== '' ? '' : 'otherwise, a text',
    Array.isArray(tried?.right) && Array.isArray(tried.wrong) ? '' : 'tried, { right: […], wrong: […] }',
  ].filter(Boolean);
  return lacks.length === 0 ? undefined : lacks.join(' and ') + adviceOnKeys(entry as object, parts);
}

const entryOf = (id: string, folder?: string) =>
  findBeside('exercise', id, { ending: exercisesEnding, read: readExercises, example: exampleOf, folder });

/** An entry with answers and remarks to be filled in. */
function exampleOf(id: string) {
  const entry = `  ${JSON.stringify(id)}: {
    isRight: (answer) => answer === 1,
    mistakes: [[(answer) => answer === 2, '…']],
    otherwise: '…',
    tried: { right: [1], wrong: [2] },
  },`;
  return { entry, whole: `module.exports = {\n${entry}\n};` };
}

function readExercises(file: string): object {
  try {
    return (loadScript(file) ?? {}) as object;
  } catch (cause) {
    throw new ValueError(`exercise: ${file} cannot be run: ${(cause as Error).message}`, { cause });
  }
}

function isEmptyOrThrows(answer: unknown, probe: readonly unknown[] | undefined): boolean {
  try {
    return isEmpty(answer, probe);
  } catch {
    return false;
  }
}

function isEmpty(answer: unknown, probe: readonly unknown[] | undefined): boolean {
  if (typeof answer === 'function') return probe !== undefined && isEmpty(answer(...probe), undefined);
  const plain = toPlain(answer);
  if (Array.isArray(plain)) return plain.every((item) => isEmpty(item, undefined));
  return plain === undefined || plain === null || Number.isNaN(plain) || plain === '';
}
