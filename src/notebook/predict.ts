import { escapeHtml, type MimeBundle, RichOutput, show } from '../display';
import { ValueError } from '../errors';
import { readText } from '../platform';
import { findBeside } from './beside';

/** Where predictions stand: in files beside the notebook whose names end so. */
const predictionsEnding = '.predictions.json';

/** An answer that may be chosen. */
export interface PredictionAnswer {
  text: string;
  /** What to say to those who chose it: why it is right, or the mistake behind it. */
  remark: string;
  /** Default: false. */
  right?: boolean;
}

/** A question with three answers, at least one of them right. */
export interface Prediction {
  question: string;
  answers: PredictionAnswer[];
}

/** A prediction as it shows: buttons that open their remarks, without a kernel and without scripts. */
export class PredictionCard extends RichOutput {
  constructor(
    readonly id: string,
    readonly prediction: Prediction,
    readonly choice?: string | undefined,
  ) {
    super();
  }

  mimeBundle(): MimeBundle {
    const { id, choice } = this;
    const { question, answers } = this.prediction;
    const buttons = answers.map((answer, i) => buttonOf(answer, letters[i] === choice));
    // Low, so that a first figure below the question is on the first screen with its slider. JupyterLab keeps these elements and styles in notebooks that it does not trust; GitHub keeps the folding.
    const html = `<div><p style="margin: 0 0 4px 0"><strong>Predict.</strong> ${rich(question)}</p>${buttons.join('')}</div>`;
    const listed = answers.map(({ text }, i) => `  ${letters[i]}) ${text}`);
    const chosen = answers[letters.indexOf(choice ?? '')];
    const last = chosen
      ? `${choice}: ${chosen.right ? '✓ Right.' : '✗ Not so.'} ${chosen.remark}`
      : `For the answer to a, for example: predict("${id}", "a")`;
    return { 'text/html': html, 'text/plain': [`Predict. ${question}`, ...listed, last].join('\n') };
  }
}

const letters = ['a', 'b', 'c'];

function buttonOf({ text, remark, right = false }: PredictionAnswer, isOpen: boolean): string {
  const [color, word] = right ? ['#1A7F5A', '✓ Right.'] : ['#B5402A', '✗ Not so.'];
  return (
    `<details${isOpen ? ' open' : ''} style="max-width: 620px; border: 1px solid #808890; border-radius: 8px; ` +
    `padding: 3px 12px; margin: 4px 0">` +
    `<summary style="cursor: pointer">${rich(text)}</summary>` +
    `<p style="margin: 8px 0 2px 0"><span style="color: #FFFFFF; background-color: ${color}; padding: 1px 8px; ` +
    `border-radius: 4px">${word}</span> ${rich(remark)}</p></details>`
  );
}

/** HTML of a text with `code` and *emphasis*; formulas between dollar signs stay for the page to set. */
function rich(text: string): string {
  return text
    .split(/(\$[^$]*\$|`[^`]*`)/)
    .map((piece) => {
      if (piece.startsWith('$')) return escapeHtml(piece);
      if (piece.startsWith('`')) return `<code>${escapeHtml(piece.slice(1, -1))}</code>`;
      return escapeHtml(piece).replace(/\*([^*]+)\*/g, '<em>$1</em>');
    })
    .join('');
}

/**
 * Asks for a prediction: shows a question and three buttons, each of which opens a remark. Question, answers and remarks
 * stand in a file beside the notebook that ends in `.predictions.json`:
 *
 * `{ "downhill": { "question": "…", "answers": [{ "text": "…", "remark": "…", "right": true }, …] } }`
 *
 * @param id the name of the prediction, in one of the files beside the notebook
 * @param choice opens an answer, for readers in a terminal. Default: none
 * @throws {ValueError} if the files do not have it, or it is not a question with three answers, one of them right
 */
export function predict(id: string, choice?: 'a' | 'b' | 'c'): void {
  if (choice !== undefined && !letters.includes(choice)) {
    throw new ValueError(`predict: the answers are "a", "b" and "c", not "${choice}"`);
  }
  show(new PredictionCard(id, findPrediction(id), choice));
}

/** The prediction called `id` in the files of a folder (default: the working directory). Throws as {@link predict}. */
export function findPrediction(id: string, folder?: string): Prediction {
  const { entry, file } = findBeside('predict', id, { ending: predictionsEnding, read: readPredictions, folder });
  const flaw = predictionFlaw(entry);
  if (flaw) throw new ValueError(`predict: "${id}" in ${file} ${flaw}`);
  return entry as Prediction;
}

function readPredictions(file: string): object {
  try {
    return JSON.parse(readText(file));
  } catch (cause) {
    throw new ValueError(`predict: ${file} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}

/** What is wrong with an entry; undefined if nothing is. */
function predictionFlaw(entry: unknown): string | undefined {
  const { question, answers } = (entry ?? {}) as Partial<Prediction>;
  const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';
  if (!isText(question)) return 'needs a "question", a text';
  if (!Array.isArray(answers) || answers.length !== 3) return 'needs "answers", a list of three';
  const bad = answers.findIndex((answer) => !isText(answer?.text) || !isText(answer?.remark));
  if (bad >= 0) return `needs a "text" and a "remark" in answer ${letters[bad]}`;
  return answers.some(({ right }) => right === true) ? undefined : 'has no answer with "right": true';
}
