import { ClaimError } from '../../errors';
import { beside, findClaims, readText } from '../../platform';

/**
 * The verdict of the measurements on a statement of a note: it holds; it holds under a condition that the sentence
 * names; it is wrong as written and would mislead; it is a slip of the pen; or it is an opinion, of which only the
 * supporting facts can be measured.
 */
export type Verdict = 'holds' | 'conditional' | 'wrong' | 'slip' | 'opinion';

/**
 * How a verdict was reached: by a measurement; by reading, if no number decides; or not yet (the verdict is then the
 * expected one).
 */
export type Settled = 'measured' | 'read' | 'open';

/** One entry of claims.json. */
export interface ClaimEntry {
  /** Letter of the note and number of the statement: D10. */
  id: string;
  verdict: Verdict;
  settled: Settled;
  /** The statement, with its condition, in one sentence; if it is wrong, the correction. */
  sentence: string;
  /**
   * The note's claim, in our words, for every settled statement that is not simply right; null if the note has none.
   */
  said?: string | null;
  /**
   * The place in the note: one of its headings, and the item below it, “2.1” or “figure”; null if the note has none.
   */
  where?: { heading: string; item: string | null } | null;
  /** What is right in the note's claim, in a sentence, for a wrong statement. */
  right?: string;
  /** The notebook that settles it, by its path from the folder of claims.json. */
  notebook: string;
}

/** The allowed values of two of the fields. */
const choices: Record<string, readonly string[]> = {
  verdict: ['holds', 'conditional', 'wrong', 'slip', 'opinion'],
  settled: ['measured', 'read', 'open'],
};

/**
 * The list of claims that is nearest to a folder (default: the notebook's): claims.json there or in a folder above, or in `notebooks/` of
 * one of these or of the package. Throws {@link ClaimError} if there is none.
 */
export function findRegistry(from?: string): string {
  const [nearest] = findClaims(from);
  if (nearest !== undefined) return nearest;
  throw new ClaimError(
    `claim: there is no claims.json beside this notebook, in a folder above it, or in the package; write ${beside('claims.json', from)} with\n[\n${exampleOf('A01')}\n]`,
  );
}

/** An entry with texts to be filled in. */
const exampleOf = (id: string) =>
  `  { "id": ${JSON.stringify(id)}, "verdict": "holds", "settled": "measured", "sentence": "…", "notebook": "NOTEBOOK.ipynb" }`;

/**
 * Reads and checks the list of claims. Throws {@link ClaimError} if it is not valid JSON, an entry lacks a field or has
 * one of the wrong kind, a verdict or a `settled` is unknown, or two entries have the same id.
 */
export function readRegistry(file: string = findRegistry()): Map<string, ClaimEntry> {
  let entries: unknown;
  try {
    entries = JSON.parse(readText(file));
  } catch (cause) {
    throw new ClaimError(`claim: ${file} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
  if (!Array.isArray(entries)) throw new ClaimError(`claim: ${file} must hold an array of claims`);
  const registry = new Map<string, ClaimEntry>();
  for (const [i, entry] of entries.entries()) {
    for (const field of ['id', 'verdict', 'settled', 'sentence', 'notebook'] as const) {
      if (typeof entry?.[field] === 'string' && entry[field] !== '') continue;
      throw new ClaimError(`claim: entry ${i} (${entry?.id ?? 'no id'}) of ${file} needs "${field}", a text`);
    }
    for (const [field, values] of Object.entries(choices)) {
      if (values.includes(entry[field])) continue;
      throw new ClaimError(`claim: ${entry.id} in ${file} has ${field} "${entry[field]}"; use ${values.join(', ')}`);
    }
    for (const field of ['said', 'right'] as const) {
      if (['string', 'undefined'].includes(typeof (entry[field] ?? undefined))) continue;
      throw new ClaimError(`claim: ${entry.id} in ${file} has a "${field}" that is not a string`);
    }
    if (!isPlace(entry.where ?? null))
      throw new ClaimError(`claim: ${entry.id} in ${file} has a "where" that is neither null nor { heading, item }`);
    if (registry.has(entry.id)) throw new ClaimError(`claim: ${entry.id} is twice in ${file}`);
    registry.set(entry.id, entry);
  }
  return registry;
}

const isPlace = (where: unknown): boolean => {
  if (where === null) return true;
  if (typeof where !== 'object') return false;
  const { heading, item } = where as { heading?: unknown; item?: unknown };
  return typeof heading === 'string' && heading !== '' && (item === null || typeof item === 'string');
};

/**
 * The entry of one claim, from the nearest list that has it. Throws {@link ClaimError} if none has it, with what to
 * write where.
 */
export function findClaim(id: string, file?: string): ClaimEntry {
  const files = file === undefined ? findClaims() : [file];
  for (const one of files) {
    const entry = readRegistry(one).get(id);
    if (entry) return entry;
  }
  const own = beside('claims.json');
  const [nearest] = files;
  // A list of another folder is for the notebooks there.
  const isAbove = nearest !== undefined && own.startsWith(nearest.slice(0, -'claims.json'.length));
  if (nearest === undefined || (file === undefined && !isAbove))
    throw new ClaimError(
      `claim: "${id}" is not in any claims.json of this notebook; write ${own} with\n[\n${exampleOf(id)}\n]`,
    );
  const near = [...readRegistry(nearest).keys()].filter((other) => other[0] === id[0]);
  throw new ClaimError(
    `claim: "${id}" is not in ${nearest}, which has ${near.join(', ') || 'none with this letter'}; add\n${exampleOf(id)}`,
  );
}
