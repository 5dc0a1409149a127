import { escapeHtml, type MimeBundle, RichOutput, show } from '../../display';
import { ClaimError } from '../../errors';
import {
  badgeOf,
  type ClaimJson,
  claimMimeType,
  correction,
  type JudgedClaim,
  jsonOf,
  lineOf,
  type Measure,
  measuredClaim,
  readClaim,
  throwBroken,
  verdictOf,
} from './claim';
import type { Judgement } from './measure';
import type { ClaimEntry } from './registry';

/** A section's statements of the note: one folded line, which opens the list. */
export class StatementList extends RichOutput {
  constructor(readonly claims: readonly JudgedClaim[]) {
    super();
  }

  toJSON(): ClaimJson[] {
    return this.claims.map((claim) => {
      const { where, right } = claim.entry;
      return { ...jsonOf(claim), ...(where && { where }), ...(right && { right }) };
    });
  }

  mimeBundle(): MimeBundle {
    const count = this.claims.length;
    const title = `About the note · ${count} statement${count === 1 ? '' : 's'}`;
    const open = this.claims.some((claim) => verdictOf(claim) === 'failed') ? ' open' : '';
    // In untrusted notebooks JupyterLab keeps these elements, classes and styles, and drops ids. page/marks/marks.ts finds an entry by its
    // class.
    return {
      [claimMimeType]: this.toJSON(),
      'text/html':
        `<details class="gradlab-about-the-note"${open}><summary style="cursor: pointer">${title}</summary>` +
        `${this.claims.map(entryHtml).join('')}</details>`,
      'text/plain': [title, ...this.claims.flatMap(entryText)].join('\n'),
    };
  }
}

function entryHtml(claim: JudgedClaim): string {
  const { entry } = claim;
  const before = correction(claim);
  const sentence = `${before ? `<em>${before.trim()}</em> ` : ''}<strong>${escapeHtml(entry.sentence)}</strong>`;
  const rows = [...notesRows(entry).map(([name, text]) => [name, escapeHtml(text)]), ...measuredRows(claim)];
  const listed = rows.map(([name, html]) => `<dt>${name}</dt><dd>${html}</dd>`).join('');
  const verdict = verdictOf(claim);
  const badge = badgeOf(claim, '', ` class="gradlab-verdict gradlab-verdict-${verdict}"`);
  const red = verdict === 'failed' ? '; border-left: 4px solid #D1001F; padding-left: 8px' : '';
  return (
    `<div class="gradlab-statement gradlab-statement-${entry.id}" style="margin: 8px 0 16px 0${red}">` +
    `<p style="margin: 0 0 4px 0">${badge} ${sentence} <small>${entry.id}</small></p>` +
    `${listed === '' ? '' : `<dl style="margin: 0">${listed}</dl>`}</div>`
  );
}

/** Named rows about the note. */
function notesRows({ said, where, right }: ClaimEntry): [string, string][] {
  const rows: [string, string | undefined | null][] = [
    ['the note', said],
    ['where', where && placeOf(where)],
    ['right in it', right],
  ];
  return rows.filter((row): row is [string, string] => Boolean(row[1]));
}

/** `Sigmoid · items 2 to 2.2` */
function placeOf({ heading, item }: NonNullable<ClaimEntry['where']>): string {
  if (item === null) return heading;
  const kind = /^[\d.]+( and| to|, [\d.]+ and) \d/.test(item) ? 'items ' : /^\d/.test(item) ? 'item ' : '';
  return `${heading} · ${kind}${item}`;
}

function measuredRows({ parts }: JudgedClaim): [string, string][] {
  if (parts.length === 0) return [];
  const measured = parts.map((part) => {
    const verdict = part.passed
      ? '<span class="gradlab-passed">✓</span>'
      : '<span class="gradlab-broken" style="color: #FFFFFF; background-color: #D1001F; padding: 0 4px">✗ failed</span>';
    return `${nameOf(part)}<strong>${escapeHtml(part.measured)}</strong> ${verdict}`;
  });
  const bounds = new Set(parts.map(({ demanded }) => demanded));
  const redIf =
    bounds.size === 1
      ? [`${parts.length === 1 ? 'it' : 'one of them'} is not ${escapeHtml([...bounds].join())}`]
      : parts.map((part) => `${nameOf(part)}not ${escapeHtml(part.demanded)}`);
  return [
    ['measured', listHtml(measured)],
    ['red if', listHtml(redIf)],
  ];
}

const nameOf = ({ name }: Judgement) => (name ? `${escapeHtml(name)}: ` : '');

const listHtml = (items: readonly string[]) =>
  items.length === 1
    ? items.join()
    : `<ul style="margin: 0; padding-left: 16px">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;

/** Verdict, sentence and measured numbers in one line, then the rows about the note. */
const entryText = (claim: JudgedClaim): string[] => [
  lineOf(claim),
  ...notesRows(claim.entry).map(([name, text]) => `  ${name}: ${text}`),
];

/**
 * Checks statements of a note and shows them below one folded line, *About the note · 7 statements*, at the end of a section. Each entry
 * has the verdict, our sentence, what the note says, where, what is right in it, the measured numbers and their bounds.
 *
 * ```ts
 * aboutTheNote({
 *   E043: () => ({ name: 'slope, by formula and by difference', value: byFormula, expected: byDifference, tolerance: 1e-8 }),
 *   E044: () => [{ value: left, below: 0.02 }, { value: right, below: 0.02 }],
 *   E052: 'read',
 * });
 * ```
 *
 * A mark in the text, `[E043]`, opens the entry of that id as a card. Entries keep the given order. Measures are those of
 * {@link claims}; `'read'` is for a statement that was settled by reading.
 *
 * @throws {ClaimError} before it shows anything: as {@link claims} and {@link read} do, or if there is no statement
 * @throws {ClaimError} after it shows the opened list, if a bound is broken
 */
export function aboutTheNote(
  measures: { readonly [id: string]: Measure | 'read' },
  options: {
    /** Whether the numbers differ from run to run, as ratios of times do. Default: false. */
    volatile?: boolean;
  } = {},
): void {
  const judged = Object.entries(measures).map(([id, measure]) =>
    measure === 'read' ? readClaim(id) : measuredClaim(id, measure),
  );
  if (judged.length === 0) throw new ClaimError('aboutTheNote: there is none; give { D10: () => ({ value, below }) }');
  show(new StatementList(judged), { volatile: options.volatile });
  throwBroken(judged);
}
