// Compares a notebook's outputs in a page with the committed ones, which Node has written. The engines' own functions,
// such as Math.exp, differ in the last digit, and training may amplify that. So numbers may differ by a thousandth,
// also in texts.
import { CLAIM_MIME } from '../../tools/notebooks/claims.mjs';
import { comparableOutputs, firstDifference } from '../../tools/notebooks/compare-outputs.mjs';

interface Cell {
  cell_type: string;
  id: string;
  outputs?: { output_type: string; data?: Record<string, unknown> }[];
}

const number = /[-−]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?/g;
const numberIn = (text: string): number => Number(text.replace('−', '-').replaceAll(',', ''));

/** Splits a text into the parts between numbers, and the numbers. */
const parted = (text: string) => [text.split(number), [...text.matchAll(number)].map(([found]) => numberIn(found))];

/** Outputs with texts as words and numbers, and claims without measurements, whose bounds are checked elsewhere. */
function simplified(value: unknown): unknown {
  if (typeof value === 'string') return parted(value);
  if (Array.isArray(value)) return value.map(simplified);
  if (typeof value !== 'object' || value === null) return value;
  if (CLAIM_MIME in value) {
    const claims = (value as Record<string, { id: string; verdict: string; parts: { name?: string }[] }[]>)[
      CLAIM_MIME
    ]!;
    return claims.map(({ id, verdict, parts }) => ({ id, verdict, parts: parts.map(({ name }) => name) }));
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, simplified(member)]));
}

const joined = (value: unknown) => (Array.isArray(value) && typeof value[0] === 'string' ? value.join('') : value);

/** Joins texts, as a front end does. */
const inOnePiece = (cell: Cell) => ({
  ...cell,
  outputs: (cell.outputs ?? []).map(({ data, ...rest }) => ({
    ...rest,
    ...(data && { data: Object.fromEntries(Object.entries(data).map(([type, value]) => [type, joined(value)])) }),
  })),
});

/** The first difference of each cell that differs, by its id. */
export function differences(committed: { cells: Cell[] }, fresh: { cells: Cell[] }): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [i, cell] of fresh.cells.entries()) {
    if (cell.cell_type !== 'code') continue;
    const [before, now] = [committed.cells[i]!, cell].map((one) => simplified(comparableOutputs(inOnePiece(one))));
    const difference = firstDifference(before, now, 'output ');
    if (difference !== undefined) found[cell.id] = difference;
  }
  return found;
}
