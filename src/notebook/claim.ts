import { type MimeBundle, RichOutput, show } from '../display';
import { ClaimError } from '../errors';
import { type Judgement, judge, type Measurement } from './measure';
import { type ClaimEntry, findClaim, type Verdict } from './registry';

/** The MIME type by which the headless runner recognises a claim. */
export const claimMimeType = 'application/vnd.gradlab.claim+json';

/** What `application/vnd.gradlab.claim+json` holds. `value` to `bound` are those of the part nearest to its bound. */
export interface ClaimJson {
  id: string;
  /** The verdict of the list of claims, or `failed` when a measurement broke its bound. */
  verdict: Verdict | 'failed';
  statement: string;
  value: number;
  expected: number | null;
  tolerance: number | null;
  bound: string;
  /** Every measured part. */
  parts: Judgement[];
}

/** A measured claim as it shows in a notebook: one line with the verdict, the statement, the numbers and their bounds. */
export class ClaimCard extends RichOutput {
  readonly verdict: Verdict | 'failed';

  /** @param parts the judged measurements, at least one */
  constructor(
    readonly entry: ClaimEntry,
    readonly parts: readonly Judgement[],
  ) {
    super();
    this.verdict = parts.every(({ passed }) => passed) ? entry.verdict : 'failed';
  }

  toJSON(): ClaimJson {
    const { entry, verdict, parts } = this;
    const { value, expected, tolerance, bound } = parts.find(({ passed }) => !passed) ?? parts[0]!;
    return { id: entry.id, verdict, statement: entry.sentence, value, expected, tolerance, bound, parts: [...parts] };
  }

  mimeBundle(): MimeBundle {
    const { word, color } = looks[this.verdict];
    const head = `${this.entry.id} ${word}`;
    const sentence = this.entry.sentence.replace(/\.$/, '');
    const measured = this.parts.map(({ text, passed }) => (passed ? text : `✗ ${text}`));
    // One measurement ends the line; several are easier to read as a list.
    const [start, separator] = measured.length === 1 ? [' · ', ''] : ['.\n>\n> - ', '\n> - '];
    return {
      [claimMimeType]: this.toJSON(),
      'text/markdown':
        `> <span style="${chip}; background-color: ${color}">**${head}**</span> · ${escapeMarkdown(sentence)}${start}` +
        measured.map(escapeMarkdown).join(separator),
      'text/plain': [head, sentence, ...measured].join(' · '),
    };
  }
}

/** White on a dark colour is readable on light and on dark pages. */
const chip = 'color: #FFFFFF; padding: 2px 8px; border-radius: 4px';

/** How a verdict is written; the colour only repeats what the words say. */
const looks: Record<Verdict | 'failed', { word: string; color: string }> = {
  holds: { word: 'holds', color: '#1A7F5A' },
  conditional: { word: 'holds, with a condition', color: '#9A6A00' },
  wrong: { word: 'is wrong as written', color: '#B5402A' },
  opinion: { word: 'is an opinion', color: '#5B6B7B' },
  failed: { word: 'failed', color: '#D1001F' },
};

/**
 * Checks a statement of a note by measuring it, and shows its verdict with the measured number and the bound:
 *
 * ```ts
 * claim('D10', () => ({ name: 'largest |cos| over 72 points', value: worst, expected: 0, tolerance: 1e-6 }));
 * claim('C03', () => [{ value: slow, below: 1 }, { value: fast, above: 1e6 }]);
 * ```
 *
 * Verdict and sentence come from notebooks/claims.json. Arrays and tensors are compared element by element.
 * Throws {@link ClaimError} if the claim is not in the list, a value or bound is missing, not finite or a boolean; and,
 * after showing the claim as failed, if a bound is broken.
 */
export function claim(id: string, measure: () => Measurement | readonly Measurement[]): void {
  const entry = findClaim(id);
  const measured = measure();
  const list = (Array.isArray(measured) ? measured : [measured]) as readonly Measurement[];
  if (!list.length) throw new ClaimError(`claim ${id}: nothing was measured`);
  const card = new ClaimCard(
    entry,
    list.map((one, i) => judge(`claim ${id}${list.length > 1 ? `, part ${i + 1}` : ''}`, one)),
  );
  show(card);
  const broken = card.parts.filter(({ passed }) => !passed);
  if (broken.length) throw new ClaimError(`claim ${id} failed: ${broken.map(({ text }) => text).join('; ')}`);
}

/** Keeps |x|, a*b and the like from being read as a table or emphasis; formulas between dollar signs stay. */
function escapeMarkdown(text: string): string {
  return text.replace(/\$[^$]*\$|[|*_<>]/g, (match) => (match.startsWith('$') ? match : `\\${match}`));
}
