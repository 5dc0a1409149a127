// In what a notebook's outputs in a page differ from the committed ones, which Node has written. The engines' own functions, such
// as Math.exp, differ in the last digit, which training may amplify: so numbers may differ by a thousandth, in texts as well.
import { isDeepStrictEqual } from 'node:util';
import { CLAIM_MIME } from '../../tools/notebooks/claims.mjs';
import { comparableOutputs, firstDifference } from '../../tools/notebooks/compare-outputs.mjs';

interface Cell {
  cell_type: string;
  id: string;
  outputs?: { output_type: string; data?: Record<string, unknown> }[];
}

const number = /[-−]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?/g;
const numberIn = (text: string): number => Number(text.replace('−', '-').replaceAll(',', ''));
const decimals = (text: string): number => text.split('.')[1]?.length ?? 0;

/**
 * Whether two numbers as they are written may be the same one: the last digit behind the point may be rounded to the other side, and a
 * zero there may be left out.
 */
function alike(committed: string, fresh: string): boolean {
  const [a, b] = [numberIn(committed), numberIn(fresh)];
  const places = [decimals(committed), decimals(fresh)];
  const [fewer, more] = [Math.min(...places), Math.max(...places)];
  const rounded = fewer > 0 && more - fewer <= 1 && Math.abs(a - b) < 1.5 * 10 ** -more;
  return rounded || firstDifference(a, b, '') === undefined;
}

/** Whether two texts have the same words, and numbers that look alike. */
function readAlike(committed: string, fresh: string): boolean {
  const [before, now] = [committed, fresh].map((text) => [...text.matchAll(number)].map(([found]) => found));
  return (
    isDeepStrictEqual(committed.split(number), fresh.split(number)) && before!.every((one, i) => alike(one, now![i]!))
  );
}

/** What is now, with the texts and numbers that were committed in the place of those that read alike. */
function withCommitted(committed: unknown, fresh: unknown): unknown {
  if (typeof committed === 'number' && typeof fresh === 'number')
    return alike(String(committed), String(fresh)) ? committed : fresh;
  if (typeof committed === 'string' && typeof fresh === 'string')
    return readAlike(committed, fresh) ? committed : fresh;
  if (Array.isArray(committed) && Array.isArray(fresh))
    return fresh.map((member, i) => withCommitted(committed[i], member));
  if (!isObject(committed) || !isObject(fresh)) return fresh;
  return Object.fromEntries(
    Object.entries(fresh).map(([name, member]) => [name, withCommitted(committed[name], member)]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Claims without what was measured: whether that is enough is judged elsewhere. */
function withoutMeasured(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMeasured);
  if (!isObject(value)) return value;
  if (CLAIM_MIME in value) {
    const claims = value[CLAIM_MIME] as { id: string; verdict: string; parts: { name?: string }[] }[];
    return claims.map(({ id, verdict, parts }) => ({ id, verdict, parts: parts.map(({ name }) => name) }));
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutMeasured(member)]));
}

const joined = (value: unknown) => (Array.isArray(value) && typeof value[0] === 'string' ? value.join('') : value);

/** Texts in one piece each, as a front end has them. */
const inOnePiece = (cell: Cell) => ({
  ...cell,
  outputs: (cell.outputs ?? []).map(({ data, ...rest }) => ({
    ...rest,
    ...(data && { data: Object.fromEntries(Object.entries(data).map(([type, value]) => [type, joined(value)])) }),
  })),
});

/** For each cell that differs, by its id, where it first does. */
export function differences(committed: { cells: Cell[] }, fresh: { cells: Cell[] }): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [i, cell] of fresh.cells.entries()) {
    if (cell.cell_type !== 'code') continue;
    const [before, now] = [committed.cells[i]!, cell].map((one) => withoutMeasured(comparableOutputs(inOnePiece(one))));
    const difference = firstDifference(before, withCommitted(before, now), 'output ');
    if (difference !== undefined) found[cell.id] = difference;
  }
  return found;
}
