import { escapeHtml, type MimeBundle, RichOutput, show } from '../../display';
import { ValueError } from '../../errors';
import { adviceOnKeys } from '../../options';
import { readText } from '../../platform';
import { findBeside } from './beside';

/** The ending of the files with predictions, beside the notebook. */
const predictionsEnding = '.predictions.json';

/** One of the possible answers. */
export interface PredictionAnswer {
  text: string;
  /** Feedback on the answer: why it is right, or the mistake in it. It does not contain the verdict. */
  remark: string;
  /** Default: false. */
  right?: boolean;
  /** The condition under which it would be right: “the bowl were round”. */
  if?: string;
}

/** A question with three answers, at least one of them right. */
export interface Prediction {
  question: string;
  /** The title of {@link ask}'s figure before an answer: a situation or a question that does not reveal the answer. */
  before?: string;
  answers: PredictionAnswer[];
}

/** The MIME type by which gradlab's renderer recognises a question. Its answers become buttons, which move the figure. */
export const lessonMimeType = 'application/vnd.gradlab.lesson+json';

/** The verdict on an answer. */
type Verdict = 'right' | 'if' | 'wrong';

/** A question with buttons that open their remarks, without a kernel and without scripts. */
export class PredictionCard extends RichOutput {
  /** @param choice the open answer, by its letter in the order shown */
  constructor(
    readonly id: string,
    readonly prediction: Prediction,
    readonly choice?: string | undefined,
    /** The function that a reader in a terminal calls for an answer. */
    readonly call: 'predict' | 'ask' = 'predict',
  ) {
    super();
  }

  mimeBundle(): MimeBundle {
    const { id, choice } = this;
    const { question } = this.prediction;
    const answers = inOrder(id, this.prediction.answers);
    const buttons = answers.map((answer, i) => buttonOf(answer, letters[i] === choice));
    // Compact, so that a figure below the question fits on the first screen with its slider. In untrusted notebooks JupyterLab keeps these
    // elements and styles; GitHub keeps the folding.
    const html = `<div><p style="margin: 0 0 4px 0"><strong>Predict.</strong> ${rich(question)}</p>${buttons.join('')}</div>`;
    const listed = answers.map(({ text }, i) => `  ${letters[i]}) ${text}`);
    const chosen = answers[letters.indexOf(choice ?? '')];
    const example = this.call === 'predict' ? `predict("${id}", "a")` : `ask("${id}", figure, { choice: "a" })`;
    const last = chosen
      ? `${choice}: ${verdictOf(chosen).said} ${chosen.remark}`
      : `For the answer to a, for example: ${example}`;
    return {
      [lessonMimeType]: {
        version: 1,
        id,
        question,
        answers: answers.map((answer) => {
          const { text, remark } = answer;
          return { text, verdict: verdictOf(answer).verdict, said: verdictOf(answer).said, remark };
        }),
        ...(chosen && { choice: chosen.text }),
      },
      'text/html': html,
      'text/plain': [`Predict. ${question}`, ...listed, last].join('\n'),
    };
  }
}

/**
 * Answers in display order. The order depends only on the id, so authors cannot favour a position: each of the three
 * has the correct answer for a third of all ids.
 */
export function inOrder(id: string, answers: readonly PredictionAnswer[]): PredictionAnswer[] {
  let hash = 0x811c9dc5;
  for (const letter of id) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = (hash ^ (hash >>> 13)) >>> 0;
  const right = answers.findIndex((answer) => answer.right);
  const others = answers.filter((_, i) => i !== right);
  if ((hash >>> 16) % 2 === 1) others.reverse();
  const ordered = [...others];
  ordered.splice(hash % answers.length, 0, answers[right]!);
  return ordered;
}

const letters = ['a', 'b', 'c'];

/** The verdict on an answer with its colour. A mark and words show it without colour, too. */
function verdictOf(answer: PredictionAnswer): { verdict: Verdict; color: string; said: string } {
  if (answer.right) return { verdict: 'right', color: '#1A7F5A', said: '✓ Right.' };
  if (answer.if !== undefined) return { verdict: 'if', color: '#855900', said: `◐ Right if ${answer.if}.` };
  return { verdict: 'wrong', color: '#B5402A', said: '✗ Not so.' };
}

function buttonOf(answer: PredictionAnswer, isOpen: boolean): string {
  const { text, remark } = answer;
  const { color, said } = verdictOf(answer);
  return (
    `<details${isOpen ? ' open' : ''} style="max-width: 620px; border: 1px solid #808890; border-radius: 8px; ` +
    `padding: 3px 12px; margin: 4px 0">` +
    `<summary style="cursor: pointer">${rich(text)}</summary>` +
    `<p style="margin: 8px 0 2px 0"><span style="color: #FFFFFF; background-color: ${color}; padding: 1px 8px; ` +
    `border-radius: 4px">${rich(said)}</span> ${rich(remark)}</p></details>`
  );
}

/** HTML of a text with `code`, *emphasis* and **strong emphasis**; the page typesets formulas between dollar signs. */
function rich(text: string): string {
  return text
    .split(/(\$[^$]*\$|`[^`]*`)/)
    .map((piece) => {
      if (piece.startsWith('$')) return escapeHtml(piece);
      if (piece.startsWith('`')) return `<code>${escapeHtml(piece.slice(1, -1))}</code>`;
      return escapeHtml(piece)
        .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
        .replace(/\*([^*]+)\*/g, '<em>$1</em>');
    })
    .join('');
}

/**
 * Asks for a prediction: shows a question and three buttons, each of which opens a remark. Question, answers and remarks
 * are in a file beside the notebook whose name ends in `.predictions.json`:
 *
 * `{ "downhill": { "question": "…", "answers": [{ "text": "…", "remark": "…", "right": true }, …] } }`
 *
 * An answer that would be right under a condition has it in `"if"`: “the bowl were round”. The order of the answers depends on the id.
 * {@link ask} asks with a figure.
 *
 * @param id the name of the prediction, in one of the files beside the notebook
 * @param choice opens an answer, for readers in a terminal. Default: none
 * @throws {ValueError} if no file has it, with what to write where, or it is not a question with three answers, one of them right
 */
export function predict(id: string, choice?: 'a' | 'b' | 'c'): void {
  checkChoice('predict', choice);
  show(new PredictionCard(id, findPrediction(id), choice));
}

/** @internal @throws {ValueError} if `choice` is not the letter of an answer */
export function checkChoice(who: string, choice: string | undefined): void {
  if (choice !== undefined && !letters.includes(choice))
    throw new ValueError(`${who}: the answers are "a", "b" and "c", not "${choice}"`);
}

/**
 * The prediction called `id` in the files of a folder (default: the working directory). Throws as {@link predict}.
 * @param who the function that was called, for messages
 */
export function findPrediction(id: string, folder?: string, who = 'predict'): Prediction {
  const read = (file: string) => readPredictions(file, who);
  const { entry, file } = findBeside(who, id, { ending: predictionsEnding, read, example: exampleOf, folder });
  const flaw = predictionFlaw(entry);
  if (flaw) throw new ValueError(`${who}: "${id}" in ${file} ${flaw}`);
  return entry as Prediction;
}

/** An entry with texts to be filled in. */
function exampleOf(id: string) {
  const answers = ['"right": true, ', '', ''].map((right) => `    { ${right}"text": "…", "remark": "…" }`);
  const entry = `  ${JSON.stringify(id)}: { "question": "…", "answers": [\n${answers.join(',\n')}\n  ] }`;
  return { entry, whole: `{\n${entry}\n}` };
}

function readPredictions(file: string, who: string): object {
  try {
    return JSON.parse(readText(file));
  } catch (cause) {
    throw new ValueError(`${who}: ${file} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}

const questionParts: readonly string[] = ['question', 'before', 'answers'];
const answerParts: readonly string[] = ['text', 'remark', 'right', 'if'];

/** Returns the flaw of an entry; undefined if there is none. */
function predictionFlaw(entry: unknown): string | undefined {
  const { question, answers, before } = (entry ?? {}) as Partial<Prediction>;
  const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';
  if (!isText(question)) return `needs a "question", a text${adviceOnKeys(entry as object, questionParts)}`;
  if (before !== undefined && !isText(before)) return 'has a "before" that is not a string';
  if (!Array.isArray(answers) || answers.length !== 3)
    return `needs "answers", a list of three${adviceOnKeys(entry as object, questionParts)}`;
  const bad = answers.findIndex((answer) => !isText(answer?.text) || !isText(answer?.remark));
  if (bad >= 0)
    return `needs a "text" and a "remark" in answer ${letters[bad]}${adviceOnKeys(answers[bad], answerParts)}`;
  const torn = answers.findIndex((answer) => answer.if !== undefined && (answer.right || !isText(answer.if)));
  const twice = answers.findIndex(({ text }, i) => answers.findIndex((other) => other.text === text) < i);
  if (twice >= 0) return `has the same "text" twice, in answer ${letters[twice]} again`;
  if (torn >= 0)
    return `has an "if" in answer ${letters[torn]} that is not a string, or is combined with "right": true`;
  if (answers.some(({ right }) => right === true)) return undefined;
  const advice = answers.map((answer) => adviceOnKeys(answer, answerParts)).find(Boolean) ?? '';
  return `has no answer with "right": true${advice}`;
}
