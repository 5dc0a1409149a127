import { ClaimError } from '../../errors';
import { beside, findClaims, readText } from '../../platform';

/**
 * What the measurements say about a statement of a note: it holds; it holds under a condition that the sentence names;
 * it is wrong as written and would mislead; it is a slip of the pen; or it is an opinion, of which only the supporting facts can
 * be measured.
 */
export type Verdict = 'holds' | 'conditional' | 'wrong' | 'slip' | 'opinion';

/**
 * How a verdict was reached: by a measurement; by reading, where no number decides; or not yet (the verdict is then what
 * is expected).
 */
export type Settled = 'measured' | 'read' | 'open';

/** One entry of claims.json. */
export interface ClaimEntry {
  /** Letter of the note and number of the statement: D10. */
  id: string;
  verdict: Verdict;
  settled: Settled;
  /** The statement, with its condition, in one sentence; where it is wrong, the correction in its place. */
  sentence: string;
  /** What the note says, in our words, of every statement that is settled and not simply right; null where it says nothing. */
  said?: string | null;
  /** Where the note says it: one of its headings, and what stands below it, “2.1” or “figure”; null where the note says nothing of it. */
  where?: { heading: string; item: string | null } | null;
  /** What is right in what the note says, in a sentence, of a statement that is wrong. */
  right?: string;
  /** The notebook that settles it, by its path from the folder of claims.json. */
  notebook: string;
}

/** The values that two of the fields may have. */
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
 * Reads and checks the list of claims. Throws {@link ClaimError} if it is not valid JSON, an entry lacks a field, has one of
 * the wrong kind, or a verdict or a `settled` that there is not, or two entries have the same id.
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
      throw new ClaimError(`claim: ${entry.id} in ${file} has a "${field}" that is no text`);
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

/** The entry of one claim, from the nearest list that has it. Throws {@link ClaimError} if none has, with what to write where. */
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
