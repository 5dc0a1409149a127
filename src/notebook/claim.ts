import { type MimeBundle, RichOutput, show } from '../display';
import { ClaimError } from '../errors';
import { type Judgement, judge, type Measurement } from './measure';
import { type ClaimEntry, findClaim, type Verdict } from './registry';

/** The MIME type by which the headless runner recognises claims. */
export const claimMimeType = 'application/vnd.gradlab.claim+json';

/** One of the claims that `application/vnd.gradlab.claim+json` holds a list of. */
export interface ClaimJson {
  id: string;
  /** The verdict of the list of claims, or `failed` when a measurement broke its bound. */
  verdict: Verdict | 'failed';
  settled: 'measured' | 'read';
  statement: string;
  /** Every measured part; none of a claim that was read. */
  parts: Judgement[];
}

/** A claim of the list with what was measured for it: nothing, if it was read. */
export interface JudgedClaim {
  entry: ClaimEntry;
  parts: readonly Judgement[];
}

/** Claims as they show in a notebook: a table of ids and verdicts, sentences, measured numbers and their bounds. */
export class ClaimTable extends RichOutput {
  constructor(readonly claims: readonly JudgedClaim[]) {
    super();
  }

  toJSON(): ClaimJson[] {
    return this.claims.map(({ entry, parts }) => ({
      id: entry.id,
      verdict: verdictOf({ entry, parts }),
      settled: parts.length > 0 ? 'measured' : 'read',
      statement: entry.sentence,
      parts: [...parts],
    }));
  }

  mimeBundle(): MimeBundle {
    const isMeasured = this.claims.some(({ parts }) => parts.length > 0);
    const head = ['claim', 'in our words', ...(isMeasured ? ['measured', 'bound'] : [])];
    const table = [head, head.map(() => ':--'), ...this.claims.flatMap(rowsOf)].map((row) => `| ${row.join(' | ')} |`);
    return {
      [claimMimeType]: this.toJSON(),
      'text/markdown': table.join('\n'),
      'text/plain': this.claims.map(lineOf).join('\n'),
    };
  }
}

const verdictOf = ({ entry, parts }: JudgedClaim) => (parts.every(({ passed }) => passed) ? entry.verdict : 'failed');

/** `D10 holds · sentence · largest |cos|: 1.2e-17 (bound 1e-6)`, which the runner reads where only text arrives. */
function lineOf(claim: JudgedClaim): string {
  const { entry, parts } = claim;
  const { words } = looks[verdictOf(claim)];
  const measured = parts.map(({ text, passed }) => (passed ? text : `✗ ${text}`));
  const head = `${entry.id} ${words}${parts.length === 0 ? ' (read, not run)' : ''}`;
  return [head, `${correction(claim)}${withoutStop(entry.sentence)}`, ...measured].join(' · ');
}

/** What stands before the sentence of a claim that is wrong: the verdict is the note's, the sentence is what is right. */
function correction(claim: JudgedClaim, emphasis = ''): string {
  if (claim.entry.verdict !== 'wrong') return '';
  const isMeasured = claim.parts.length > 0 && verdictOf(claim) === 'wrong';
  return `${emphasis}${isMeasured ? 'Corrected, and measured so' : 'Corrected'}:${emphasis} `;
}

/** A row for each measurement; verdict and sentence stand in the first. */
function rowsOf(claim: JudgedClaim): string[][] {
  const { entry, parts } = claim;
  const verdict = verdictOf(claim);
  const { mark, color } = looks[verdict];
  const read = parts.length === 0 ? ' · read, not run' : '';
  const word = verdict === 'wrong' ? 'wrong as written' : verdict;
  const head = `<span style="${chip}; background-color: ${color}">**${entry.id}** ${mark} ${word}${read}</span>`;
  const sentence = `${correction(claim, '*')}${escapeMarkdown(entry.sentence)}`;
  if (parts.length === 0) return [[head, sentence]];
  return parts.map(({ name, measured, demanded, passed }, i) => [
    ...(i === 0 ? [head, sentence] : ['', '']),
    escapeMarkdown(`${passed ? '' : '✗ '}${name ? `${name}: ` : ''}${measured}`),
    escapeMarkdown(demanded),
  ]);
}

/** White on a dark colour is readable on light and on dark pages. */
const chip = 'color: #FFFFFF; padding: 2px 8px; border-radius: 4px; white-space: nowrap';

/** How a verdict shows: a mark and its colour, which only repeat what the word says, and words for a line of text. */
const looks: Record<Verdict | 'failed', { mark: string; words: string; color: string }> = {
  holds: { mark: '✓', words: 'holds', color: '#1A7F5A' },
  conditional: { mark: '◐', words: 'holds, with a condition', color: '#9A6A00' },
  wrong: { mark: '✗', words: 'is wrong as written', color: '#B5402A' },
  opinion: { mark: '○', words: 'is an opinion', color: '#5B6B7B' },
  failed: { mark: '⚠', words: 'failed', color: '#D1001F' },
};

/** Gives what was measured, one number or several. */
export type Measure = () => Measurement | readonly Measurement[];

/** Options of {@link claims}. */
export interface ClaimOptions {
  /** Whether the numbers differ from run to run, as ratios of times do. Default: false. */
  volatile?: boolean;
}

/**
 * Checks statements of a note by measuring them, and shows one table: each verdict with the measured numbers and their
 * bounds.
 *
 * ```ts
 * claims({
 *   C02: () => ({ name: 'gradient, by hand and by autograd', value: byHand, expected: byAutograd, tolerance: 1e-12 }),
 *   C03: () => [{ value: slow, below: 1 }, { value: fast, above: 1e6 }],
 * });
 * ```
 *
 * Verdicts and sentences come from notebooks/claims.json. Arrays and tensors are compared element by element.
 * Throws {@link ClaimError} before it shows anything if a claim is not in the list or was settled by reading, or a value
 * or bound is missing, not finite or a boolean; and, after showing the table, if a bound is broken.
 */
export function claims(measures: { readonly [id: string]: Measure }, options: ClaimOptions = {}): void {
  const judged = Object.entries(measures).map(([id, measure]) => measuredClaim(id, measure));
  if (judged.length === 0) throw new ClaimError('claims: there is none; give { D10: () => ({ value, below }) }');
  show(new ClaimTable(judged), options);
  const broken = judged.flatMap(({ entry, parts }) =>
    parts.filter(({ passed }) => !passed).map(({ text }) => `claim ${entry.id} failed: ${text}`),
  );
  if (broken.length > 0) throw new ClaimError(broken.join('; '));
}

/** {@link claims} for a single claim: `claim('D10', () => ({ name: 'largest |cos|', value, expected: 0, tolerance }))`. */
export function claim(id: string, measure: Measure, options: ClaimOptions = {}): void {
  claims({ [id]: measure }, options);
}

/**
 * Shows the verdicts of claims that no number decides, marked as read and not run.
 * @throws {ClaimError} if the list does not have one, or says that it was measured
 */
export function read(...ids: string[]): void {
  if (ids.length === 0) throw new ClaimError('read: give the id of a claim');
  show(new ClaimTable(ids.map((id) => ({ entry: entryOf(id, 'read'), parts: [] }))));
}

function measuredClaim(id: string, measure: Measure): JudgedClaim {
  const entry = entryOf(id, 'measured');
  const measured = measure();
  const list = (Array.isArray(measured) ? measured : [measured]) as readonly Measurement[];
  if (!list.length) throw new ClaimError(`claim ${id}: nothing was measured`);
  const parts = list.map((one, i) => judge(`claim ${id}${list.length > 1 ? `, part ${i + 1}` : ''}`, one));
  return { entry, parts };
}

/** The entry of a claim, if the list does not settle it in another way than this. */
function entryOf(id: string, here: 'measured' | 'read'): ClaimEntry {
  const entry = findClaim(id);
  if (entry.settled === 'open' || entry.settled === here) return entry;
  throw new ClaimError(
    `claim ${id}: claims.json says that it is ${entry.settled}, here it is ${here}; change one of them`,
  );
}

const withoutStop = (sentence: string) => sentence.replace(/\.$/, '');

/** Keeps |x|, a*b and the like from being read as a table or emphasis; in formulas between dollar signs only the bar. */
function escapeMarkdown(text: string): string {
  return text.replace(/\$[^$]*\$|[|*_<>]/g, (match) =>
    match.startsWith('$') ? match.replace(/\\?\|/g, (bar) => (bar === '|' ? '\\vert ' : '\\Vert ')) : `\\${match}`,
  );
}
