import { escapeHtml, type MimeBundle, RichOutput, show } from '../../display';
import { ClaimError } from '../../errors';
import { type Judgement, judge, type Measurement } from './measure';
import { findPrediction } from './predict';
import { type ClaimEntry, findClaim, type Verdict } from './registry';

/** The MIME type by which the headless runner recognises claims. */
export const claimMimeType = 'application/vnd.gradlab.claim+json';

/** One claim in the list of `application/vnd.gradlab.claim+json`. */
export interface ClaimJson {
  id: string;
  /** The verdict of the list of claims, or `failed` if a measurement broke its bound. */
  verdict: Verdict | 'failed';
  settled: 'measured' | 'read';
  statement: string;
  /** The note's claim, in our words, unless it is simply right. */
  said?: string;
  /** The place in the note. Only `aboutTheNote` sets it. */
  where?: { heading: string; item: string | null };
  /** What is right in a wrong statement. Only `aboutTheNote` sets it. */
  right?: string;
  /** Every measured part; empty if the claim was read. */
  parts: Judgement[];
}

/** A claim of the list with its measurements; none if it was read. */
export interface JudgedClaim {
  entry: ClaimEntry;
  parts: readonly Judgement[];
}

/** Claims in a notebook: a line each, which unfolds the note's statement, the measured numbers and their bounds. */
export class ClaimTable extends RichOutput {
  /** @param after the id of the question whose answer they would reveal */
  constructor(
    readonly claims: readonly JudgedClaim[],
    readonly after?: string,
  ) {
    super();
  }

  toJSON(): ClaimJson[] {
    return this.claims.map(jsonOf);
  }

  mimeBundle(): MimeBundle {
    // gradlab's renderer hides claims by this class. In untrusted notebooks JupyterLab keeps the class and these elements and styles;
    // GitHub keeps the folding.
    const waits = this.after === undefined ? '' : ` class="gradlab-after-${this.after}"`;
    return {
      [claimMimeType]: this.toJSON(),
      'text/html': `<div${waits}>${this.claims.map(foldedLine).join('')}</div>`,
      'text/plain': this.claims.map(lineOf).join('\n'),
    };
  }
}

/** @internal One entry of the claim MIME type. */
export function jsonOf(claim: JudgedClaim): ClaimJson {
  const { entry, parts } = claim;
  return {
    id: entry.id,
    verdict: verdictOf(claim),
    settled: parts.length > 0 ? 'measured' : 'read',
    statement: entry.sentence,
    ...(entry.said && { said: entry.said }),
    parts: [...parts],
  };
}

/** @internal */
export const verdictOf = ({ entry, parts }: JudgedClaim): Verdict | 'failed' =>
  parts.every(({ passed }) => passed) ? entry.verdict : 'failed';

/**
 * @internal `D10 holds · sentence · largest |cos|: 1.2e-17 (bound 1e-6)`, which the runner parses where only text
 *   arrives.
 */
export function lineOf(claim: JudgedClaim): string {
  const { entry, parts } = claim;
  const { words } = looks[verdictOf(claim)];
  const measured = parts.map(({ text, passed }) => (passed ? text : `✗ ${text}`));
  const head = `${entry.id} ${words}${parts.length === 0 ? ' (read, not run)' : ''}`;
  return [head, `${correction(claim)}${withoutStop(entry.sentence)}`, ...measured].join(' · ');
}

/** @internal The prefix of a wrong claim's sentence: the verdict is about the note, the sentence is the correction. */
export function correction({ entry, parts }: JudgedClaim): string {
  if (entry.verdict !== 'wrong' && entry.verdict !== 'slip') return '';
  return parts.length > 0 && parts.every(({ passed }) => passed) ? 'Corrected, and measured so: ' : 'Corrected: ';
}

/** A claim in one folded line; a failed claim is open. */
function foldedLine(claim: JudgedClaim): string {
  const { entry, parts } = claim;
  const verdict = verdictOf(claim);
  const head = badgeOf(claim, `<strong>${entry.id}</strong> `);
  const before = correction(claim);
  const sentence = `${before ? `<em>${before.trim()}</em> ` : ''}${escapeHtml(entry.sentence)}`;
  const note = entry.said ? `<p style="margin: 4px 0"><em>In the note:</em> ${escapeHtml(entry.said)}</p>` : '';
  const measured = parts.map(
    ({ name, measured, demanded, passed }) =>
      `<li>${passed ? '' : '✗ '}${name ? `${escapeHtml(name)}: ` : ''}<strong>${escapeHtml(measured)}</strong>, ` +
      `${passed ? 'red unless' : 'where it had to be'} ${escapeHtml(demanded)}</li>`,
  );
  const list = measured.length === 0 ? '' : `<ul style="margin: 4px 0">${measured.join('')}</ul>`;
  if (note === '' && list === '') return `<p style="margin: 4px 0">${head} ${sentence}</p>`;
  const open = verdict === 'failed' ? ' open' : '';
  return (
    `<details style="margin: 4px 0"${open}><summary style="cursor: pointer">${head} ${sentence}</summary>` +
    `<div style="margin: 0 0 8px 20px">${note}${list}</div></details>`
  );
}

/** @internal The HTML of a verdict. @param before HTML before it @param attributes of the element */
export function badgeOf(claim: JudgedClaim, before: string, attributes = ''): string {
  const verdict = verdictOf(claim);
  const { mark, badge = verdict, color } = looks[verdict];
  const read = claim.parts.length === 0 ? ' · read, not run' : '';
  return `<span${attributes} style="${chip}; background-color: ${color}">${before}${mark} ${badge}${read}</span>`;
}

/** White on a dark colour is readable on light and on dark pages. */
const chip = 'color: #FFFFFF; padding: 2px 8px; border-radius: 4px; white-space: nowrap';

/** The look of a verdict: mark and colour, which only repeat the word, and text for a line of text. */
const looks: Record<Verdict | 'failed', { mark: string; words: string; badge?: string; color: string }> = {
  holds: { mark: '✓', words: 'holds', color: '#1A7F5A' },
  conditional: { mark: '◐', words: 'holds, with a condition', color: '#855900' },
  wrong: { mark: '✗', words: 'is wrong as written', badge: 'wrong as written', color: '#B5402A' },
  slip: { mark: '✎', words: 'is a slip of the pen', color: '#53616F' },
  opinion: { mark: '○', words: 'is an opinion', color: '#53616F' },
  failed: { mark: '⚠', words: 'failed', color: '#D1001F' },
};

/** Returns one measurement or several. */
export type Measure = () => Measurement | readonly Measurement[];

/** Options of {@link claims}. */
export interface ClaimOptions {
  /** Whether the numbers differ from run to run, as ratios of times do. Default: false. */
  volatile?: boolean;
  /**
   * The id of an earlier question whose answer these claims would reveal. gradlab's renderer hides them until an answer
   * is chosen. Failed claims are shown immediately. Default: none.
   */
  after?: string;
}

/**
 * Checks statements of a note by measuring them, and shows a line for each: verdict and sentence. The line opens what the note says,
 * the measured numbers and their bounds.
 *
 * ```ts
 * claims({
 *   C02: () => ({ name: 'gradient, by hand and by autograd', value: byHand, expected: byAutograd, tolerance: 1e-12 }),
 *   C03: () => [{ value: slow, below: 1 }, { value: fast, above: 1e6 }],
 * });
 * ```
 *
 * Verdicts and sentences come from notebooks/claims.json. Arrays and tensors are compared element by element.
 *
 * @throws {ClaimError} before it shows anything, if a claim is not in the list or was settled by reading, or a value or bound is missing,
 *   not finite or a boolean
 * @throws {ValueError} before it shows anything, if `after` is not a question beside the notebook
 * @throws {ClaimError} after it shows the claims, if a bound is broken
 */
export function claims(measures: { readonly [id: string]: Measure }, options: ClaimOptions = {}): void {
  const judged = Object.entries(measures).map(([id, measure]) => measuredClaim(id, measure));
  if (judged.length === 0) throw new ClaimError('claims: there is none; give { D10: () => ({ value, below }) }');
  if (options.after !== undefined) findPrediction(options.after, undefined, 'claims');
  const isRed = judged.some((one) => verdictOf(one) === 'failed');
  show(new ClaimTable(judged, isRed ? undefined : options.after), { volatile: options.volatile });
  throwBroken(judged);
}

/** @internal @throws {ClaimError} naming every broken bound, if there is one */
export function throwBroken(judged: readonly JudgedClaim[]): void {
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
 * Shows the verdicts of claims that cannot be measured, marked as read and not run.
 * @throws {ClaimError} if a claim is not in the list or was measured
 */
export function read(...ids: string[]): void {
  if (ids.length === 0) throw new ClaimError('read: give the id of a claim');
  show(new ClaimTable(ids.map(readClaim)));
}

/** @internal A claim that was settled by reading. @throws {ClaimError} as {@link read} */
export const readClaim = (id: string): JudgedClaim => ({ entry: entryOf(id, 'read'), parts: [] });

/** @internal A claim with its measurements. @throws {ClaimError} as {@link claims} throws before it shows anything */
export function measuredClaim(id: string, measure: Measure): JudgedClaim {
  const entry = entryOf(id, 'measured');
  const measured = measure();
  const list = (Array.isArray(measured) ? measured : [measured]) as readonly Measurement[];
  if (!list.length) throw new ClaimError(`claim ${id}: nothing was measured`);
  const parts = list.map((one, i) => judge(`claim ${id}${list.length > 1 ? `, part ${i + 1}` : ''}`, one));
  return { entry, parts };
}

/** The entry of a claim. @throws {ClaimError} if the list settles it in another way */
function entryOf(id: string, here: 'measured' | 'read'): ClaimEntry {
  const entry = findClaim(id);
  if (entry.settled === 'open' || entry.settled === here) return entry;
  throw new ClaimError(
    `claim ${id}: claims.json says that it is ${entry.settled}, here it is ${here}; change one of them`,
  );
}

const withoutStop = (sentence: string) => sentence.replace(/\.$/, '');
