// What a claim in a notebook must be. `claim()` puts out one display_data with
//   application/vnd.gradlab.claim+json: { id, verdict, value, expected, tolerance, bound, statement }
//   text/plain: D10 holds · statement · measured 1.2e-17 (bound 1e-6)
// and formats for reading. `value` is the measured number; the bound is `tolerance`, a number, with `expected`, or a
// text `bound` that names one. Where only text arrives, the line is read. Opinions carry no number.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const CLAIM_MIME = 'application/vnd.gradlab.claim+json';

/** The ledger's verdicts, and what a claim shows whose assertion fails. */
export const VERDICTS = ['holds', 'conditional', 'wrong', 'opinion', 'failed'];
const LEDGER_VERDICTS = VERDICTS.filter((verdict) => verdict !== 'failed');

const KEYS = ['id', 'note', 'verdict', 'sentence', 'notebook'];

/**
 * Reads and checks claims.json, the committed list of what the notebooks assert.
 * @returns {{ entries: object[], problems: string[] }} no entries where there is no such file
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
  const unknown = Object.keys(entry).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) problems.push(`unknown key "${unknown[0]}"; a claim has ${KEYS.join(', ')}`);
  if (problems.length > 0) return problems;
  if (!/^[A-Z]\d{2,3}$/.test(entry.id)) problems.push('an id is a capital letter and two or three digits, like D10');
  if (!LEDGER_VERDICTS.includes(entry.verdict)) {
    problems.push(`verdict "${entry.verdict}" is none of ${LEDGER_VERDICTS.join(', ')}`);
  }
  if (/\n/.test(entry.sentence)) problems.push('the sentence must be on one line');
  if (!entry.notebook.endsWith('.ipynb') || !existsSync(join(folder, entry.notebook))) {
    problems.push(`there is no notebook ${entry.notebook} beside claims.json (folder/name.ipynb is expected)`);
  }
  return problems;
}

/**
 * The claims among a notebook's outputs.
 * @returns {object[]} each with `index`, the cell that asserted it, and the keys of the bundle
 */
export function findClaims(notebook) {
  return notebook.cells.flatMap((cell, index) =>
    (cell.outputs ?? []).flatMap((output) => claimsOf(output).map((claim) => ({ index, ...claim }))),
  );
}

function claimsOf(output) {
  const bundle = output.data?.[CLAIM_MIME];
  if (bundle !== undefined) return [typeof bundle === 'string' ? JSON.parse(bundle) : bundle];
  const text = output.data?.['text/plain'] ?? (output.name === 'stdout' ? output.text : '');
  return text.split('\n').flatMap((line) => claimFromText(line) ?? []);
}

const CLAIM_LINE = new RegExp(`^(?:claim )?([A-Z]\\d{2,3}) (${VERDICTS.join('|')}) · (.*)$`);
const NUMBER = String.raw`[-+−]?(?:\d+\.?\d*(?:e[-+]?\d+)?|Infinity|∞)|NaN`;

/** Reads `D10 holds · statement · measured 1.2e-17 (bound 1e-6)`; undefined for any other text. */
function claimFromText(line) {
  const found = CLAIM_LINE.exec(line.trim());
  if (!found) return undefined;
  const [, id, verdict, rest] = found;
  const measured = new RegExp(`measured:?\\s+(${NUMBER})`, 'i').exec(rest);
  const bound = /\(bound:? ([^()]*)\)/i.exec(rest);
  return {
    id,
    verdict,
    value: measured ? toNumber(measured[1]) : undefined,
    bound: bound?.[1],
    statement: rest.split(' · ')[0],
  };
}

const toNumber = (text) => Number(text.replace('−', '-').replace('∞', 'Infinity'));

/**
 * Holds a notebook's claims against claims.json.
 * @param claims from `findClaims`
 * @param entries from `readClaimsList`
 * @param notebook path of the notebook beside claims.json
 * @returns {{ id: string, index: number, message: string }[]} what is wrong; `index` is -1 for a claim that is missing
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
    if (claim.verdict === 'failed') complain(`failed: measured ${claim.value}, ${describeBound(claim)}`);
    else if (entry && claim.verdict !== entry.verdict) {
      complain(`has the verdict "${claim.verdict}"; claims.json says "${entry.verdict}"`);
    }
    const flaw = measurementFlaw(claim);
    if (flaw) complain(flaw);
  }
  for (const entry of entries) {
    if (entry.notebook === notebook && !asserted.has(entry.id)) {
      problems.push({ id: entry.id, index: -1, message: 'is in claims.json and was not asserted' });
    }
  }
  return problems;
}

/** Why a claim's measurement does not count. A literal `true` is not a measurement. */
function measurementFlaw(claim) {
  const { verdict, value, expected, tolerance } = claim;
  if (!VERDICTS.includes(verdict)) return `has the verdict "${verdict}", which is none of ${VERDICTS.join(', ')}`;
  if (verdict === 'opinion' || verdict === 'failed') return undefined;
  if (!Number.isFinite(value)) return `has no finite measured number (value: ${JSON.stringify(value) ?? 'none'})`;
  if (boundOf(claim) === undefined) return `has no finite bound (tolerance: ${JSON.stringify(tolerance) ?? 'none'})`;
  const outside = Number.isFinite(expected) && Number.isFinite(tolerance) && Math.abs(value - expected) > tolerance;
  if (outside) return `says "${verdict}", but |${value} - ${expected}| is more than its bound ${tolerance}`;
  return undefined;
}

function boundOf({ bound, tolerance, expected }) {
  if (tolerance !== undefined && tolerance !== null) {
    return Number.isFinite(tolerance) && tolerance >= 0 && Number.isFinite(expected) ? tolerance : undefined;
  }
  if (Number.isFinite(bound)) return bound;
  const number = new RegExp(NUMBER).exec(String(bound ?? ''));
  return number && Number.isFinite(toNumber(number[0])) ? toNumber(number[0]) : undefined;
}

const describeBound = ({ expected, tolerance, bound }) =>
  tolerance === undefined ? `bound ${bound}` : `expected ${expected} within ${tolerance}`;

/** "5 holds, 1 conditional"; `all` names the verdicts that did not occur, too. */
export function countVerdicts(claims, { all = false } = {}) {
  const parts = VERDICTS.map((verdict) => [claims.filter((claim) => claim.verdict === verdict).length, verdict]);
  return parts
    .filter(([count]) => all || count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`)
    .join(', ');
}
