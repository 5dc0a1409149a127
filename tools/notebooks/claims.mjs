// The format of a claim in a notebook. `claims()` (src/lab/notebook) outputs one display_data with
// application/vnd.gradlab.claim+json: a list of { id, verdict, settled, statement, parts }, with a text version of the
// same content. Each of `parts` is one measurement, { value, expected, tolerance, bound, passed }: `value` is the
// measured number, its bound either `tolerance` around `expected` or a text `bound` with a number. A claim that was
// settled by reading has none.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const CLAIM_MIME = 'application/vnd.gradlab.claim+json';
/** MIME type of questions. */
export const LESSON_MIME = 'application/vnd.gradlab.lesson+json';

/** The names of verdicts, and their meanings. */
export const VERDICT_WORDS = {
  holds: { sign: '✓', word: 'holds', means: 'as the note says' },
  conditional: { sign: '◐', word: 'conditional', means: 'true if a condition is met that the note omits' },
  wrong: { sign: '✗', word: 'wrong as written', means: 'the note is; the sentence here is the correction' },
  slip: {
    sign: '✎',
    word: 'slip of the pen',
    means: 'a letter, a name, a line of a listing; mended, and nobody is misled',
  },
  opinion: { sign: '○', word: 'opinion', means: 'advice; the numbers say how far it carried' },
};

const CLAIM_VERDICTS = Object.keys(VERDICT_WORDS);
/** The verdicts of a claim, and the one shown if its assertion fails. */
const VERDICTS = [...CLAIM_VERDICTS, 'failed'];

/** How a verdict was reached; `open`: not yet, and the verdict is the expected one. */
const SETTLED = ['measured', 'read', 'open'];

const KEYS = ['id', 'verdict', 'settled', 'sentence', 'notebook'];
/** The statement of the note, in our words; null if the note does not contain it, and the fact is ours. */
const SAID = 'said';
/**
 * The judged place in the note, { heading, item }; null if the note says nothing of it. `heading` is among the note's
 * `headings` in map.json. `item` is null if the heading is precise enough. If it begins with a digit, it names list
 * items by the visible numbers, bullets counted like numbers: 3.1 is the first item below the third. Lines of a code
 * listing include empty ones.
 */
const WHERE = 'where';
/** The correct part of a wrong statement, in a sentence. */
const RIGHT = 'right';

/**
 * Reads and checks claims.json, the committed list of the notebooks' assertions.
 * @returns {{ entries: object[], problems: string[] }} no entries if there is no such file
 */
export function readClaimsList(file) {
  if (!existsSync(file)) return { entries: [], problems: [] };
  let entries;
  try {
    entries = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return { entries: [], problems: [`claims.json is not JSON: ${error.message}`] };
  }
  if (!Array.isArray(entries)) return { entries: [], problems: ['claims.json must be an array of claims'] };
  const problems = [];
  const seen = new Set();
  entries.forEach((entry, index) => {
    const name = entry?.id ?? `entry ${index + 1}`;
    problems.push(...entryProblems(entry ?? {}, dirname(file)).map((problem) => `claims.json, ${name}: ${problem}`));
    if (seen.has(entry?.id)) problems.push(`claims.json, ${name}: is listed twice`);
    seen.add(entry?.id);
  });
  return { entries, problems };
}

function entryProblems(entry, folder) {
  const problems = [];
  for (const key of KEYS) {
    if (typeof entry[key] !== 'string' || entry[key].trim() === '') problems.push(`"${key}" must be a text`);
  }
  const unknown = Object.keys(entry).filter((key) => ![SAID, WHERE, RIGHT, ...KEYS].includes(key));
  if (unknown.length > 0) problems.push(`unknown key "${unknown[0]}"; a claim has ${KEYS.join(', ')}`);
  if (problems.length > 0) return problems;
  if (!/^[A-Z]\d{2,3}$/.test(entry.id)) problems.push('an id is a capital letter and two or three digits, like D10');
  if (!CLAIM_VERDICTS.includes(entry.verdict)) {
    problems.push(`verdict "${entry.verdict}" is none of ${CLAIM_VERDICTS.join(', ')}`);
  }
  if (!SETTLED.includes(entry.settled)) problems.push(`settled "${entry.settled}" is none of ${SETTLED.join(', ')}`);
  // Only a number can fail a claim.
  if (entry.verdict === 'wrong' && entry.settled === 'read') problems.push('is wrong and only read: measure it');
  if (/\n/.test(entry.sentence)) problems.push('the sentence must be on one line');
  const isSentence = entry[SAID] === null || isSentenceOf(entry[SAID]);
  if (SAID in entry ? !isSentence : needsNote(entry))
    problems.push(`"${SAID}" must say in a sentence what the note says`);
  if (WHERE in entry && entry[WHERE] !== null && !isPlace(entry[WHERE])) {
    problems.push(`"${WHERE}" must be null or { heading, item }, each a text on one line, item perhaps null`);
  }
  if (RIGHT in entry && (entry.verdict !== 'wrong' || !isSentenceOf(entry[RIGHT])))
    problems.push(`"${RIGHT}" must say in a sentence what is right in the note, where the verdict is wrong`);
  if (!entry.notebook.endsWith('.ipynb')) problems.push(`notebook "${entry.notebook}" is not like folder/name.ipynb`);
  else if (entry.settled !== 'open' && !existsSync(join(folder, entry.notebook))) {
    problems.push(`is ${entry.settled}, but there is no notebook ${entry.notebook} beside claims.json`);
  }
  return problems;
}

const isLine = (value) => typeof value === 'string' && /^\S(?:.*\S)?$/.test(value);
const isPlace = (value) =>
  Object.keys(value).sort().join() === 'heading,item' &&
  isLine(value.heading) &&
  (value.item === null || isLine(value.item));
const isSentenceOf = (text) => typeof text === 'string' && /^[^\n]+[.?!]$/.test(text);

/** Settled and not simply right: the reader wants to know what was said. */
const needsNote = (entry) =>
  !isOwn(entry) && entry.settled !== 'open' && ['conditional', 'wrong', 'slip'].includes(entry.verdict);

/** Returns the place of a statement in its note, in words: "Dropout, 3.1"; empty if the note does not contain it. */
export const placeInNote = ({ where }) => (where ? [where.heading, where.item].filter(Boolean).join(', ') : '');

/** Statements of a note by its headings, in order; those without a place come last. @param {string[]} headings */
export function inOrder(claims, headings = []) {
  const rank = ({ where }) => (headings.indexOf(where?.heading) + headings.length + 1) % (headings.length + 1);
  return claims
    .map((claim, i) => ({ claim, i }))
    .sort((a, b) => rank(a.claim) - rank(b.claim) || a.i - b.i)
    .map(({ claim }) => claim);
}

/** Whether a claim is our own finding, N01, N02 …, which no note states; these are counted separately. */
export const isOwn = ({ id }) => id.startsWith('N');

/**
 * The claims among a notebook's outputs.
 * @returns {{ index: number, parts: { value: number }[] }[]} each with `index`, the cell that asserted it, and the keys of the bundle
 */
export function findClaims(notebook) {
  return notebook.cells.flatMap((cell, index) =>
    (cell.outputs ?? []).flatMap((output) => claimsOf(output).map((claim) => ({ index, ...claim }))),
  );
}

function claimsOf(output) {
  const bundle = output.data?.[CLAIM_MIME];
  if (bundle === undefined) return [];
  return [typeof bundle === 'string' ? JSON.parse(bundle) : bundle].flat();
}

const NUMBER = String.raw`[-+−]?(?:\d+\.?\d*(?:e[-+]?\d+)?|Infinity)|NaN`;

/**
 * Compares a notebook's claims with claims.json.
 * @param claims from `findClaims`
 * @param entries from `readClaimsList`
 * @param notebook path of the notebook beside claims.json
 * @returns {{ id: string, index: number, message: string }[]} the problems; `index` is -1 for a missing claim
 */
export function judgeClaims(claims, entries, notebook) {
  const problems = [];
  const asserted = new Set();
  for (const claim of claims) {
    const complain = (message) => problems.push({ id: claim.id ?? '?', index: claim.index, message });
    const entry = entries.find(({ id }) => id === claim.id);
    if (!entry) complain('is not in claims.json');
    else if (entry.notebook !== notebook) complain(`belongs to ${entry.notebook}, says claims.json`);
    if (asserted.has(claim.id)) complain('is asserted twice');
    asserted.add(claim.id);
    if (claim.verdict === 'failed') complain(describeFailure(claim));
    else if (entry && claim.verdict !== entry.verdict) {
      complain(`has the verdict "${claim.verdict}"; claims.json says "${entry.verdict}"`);
    }
    if (entry && settledOf(claim) !== entry.settled) {
      complain(`is ${settledOf(claim)} here; claims.json says "settled": "${entry.settled}"`);
    }
    const flaw = measurementFlaw(claim);
    if (flaw) complain(flaw);
  }
  for (const entry of entries) {
    if (entry.notebook === notebook && entry.settled !== 'open' && !asserted.has(entry.id)) {
      problems.push({ id: entry.id, index: -1, message: 'is in claims.json and was not asserted' });
    }
  }
  return problems;
}

/** Why a claim's measurements do not count. A literal `true` is not a measurement. */
function measurementFlaw(claim) {
  const { verdict } = claim;
  if (!VERDICTS.includes(verdict)) return `has the verdict "${verdict}", which is none of ${VERDICTS.join(', ')}`;
  if (verdict === 'failed' || settledOf(claim) === 'read') return undefined;
  const parts = partsOf(claim);
  if (parts.length === 0) return 'has no measured number';
  for (const part of parts) {
    const { value, tolerance, passed } = part;
    if (!Number.isFinite(value)) return `has no finite measured number (value: ${JSON.stringify(value) ?? 'none'})`;
    if (!hasBound(part)) return `has no finite bound (tolerance: ${JSON.stringify(tolerance) ?? 'none'})`;
    if (passed === false || isOutside(part)) {
      return `says "${verdict}", but measured ${value} where ${demanded(part)} was demanded`;
    }
  }
  return undefined;
}

const partsOf = ({ parts = [] }) => parts;
const settledOf = ({ settled = 'measured' }) => settled;

function hasBound({ bound, tolerance, expected }) {
  if (tolerance !== undefined && tolerance !== null) {
    return Number.isFinite(tolerance) && tolerance >= 0 && Number.isFinite(expected);
  }
  if (typeof bound === 'number') return Number.isFinite(bound);
  return new RegExp(NUMBER, 'g').exec(String(bound ?? '')) !== null && !/NaN|Infinity/.test(bound);
}

/** Whether a measurement is outside its own tolerance, which may be relative. */
function isOutside({ value, expected, tolerance, bound }) {
  if (!Number.isFinite(tolerance) || !Number.isFinite(expected)) return false;
  const allowed = / relative$/.test(bound) ? tolerance * Math.abs(expected) : tolerance;
  return Math.abs(value - expected) > allowed;
}

function describeFailure(claim) {
  const broken = partsOf(claim).find(({ passed }) => passed === false) ?? partsOf(claim)[0] ?? {};
  return `failed: measured ${broken.value}, demanded ${demanded(broken)}`;
}

function demanded({ expected, tolerance, bound }) {
  return typeof expected === 'number' ? `${expected} within ${bound ?? tolerance}` : `${bound ?? 'nothing'}`;
}

/**
 * "5 holds, 1 conditional · 4 measured, 2 read": by verdict, and by method if any was read or is open; `all` also names
 * kinds that did not occur.
 */
export function countClaims(claims, { all = false } = {}) {
  const count = (values, fieldOf) =>
    values
      .map((value) => [claims.filter((claim) => fieldOf(claim) === value).length, value])
      .filter(([number]) => all || number > 0)
      .map(([number, value]) => `${number} ${value}`)
      .join(', ');
  const settled = all || claims.some((claim) => settledOf(claim) !== 'measured');
  const verdicts = count(VERDICTS, ({ verdict }) => verdict);
  return settled ? `${verdicts} · ${count(all ? ['measured', 'read'] : SETTLED, settledOf)}` : verdicts;
}
