// Metadata of notebooks for the site's pages: reading time, questions, first figure.
import path from 'node:path';
import { SetUpError } from '../../kernel-setup/setup/errors.mjs';
import { partsIn } from '../../page/progress/parts.mjs';
import { measuringCells } from '../../tools/notebooks/cell-addresses.mjs';
import { readClaimsList } from '../../tools/notebooks/claims.mjs';
import { readMap } from '../../tools/notebooks/map.mjs';
import { isFolded, readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { placesOf } from '../../tools/notebooks/places.mjs';

const joined = (text) => (Array.isArray(text) ? text.join('') : (text ?? ''));
const lettersOf = (map) => Object.fromEntries(map.notes.map(({ letter, number }) => [letter, number]));

/** Reading time in minutes, rounded up to a multiple of five: 180 words per minute, and 20 lines of code. */
function minutesOf(cells) {
  const texts = cells.filter(({ cell_type }) => cell_type === 'markdown').map(({ source }) => joined(source));
  const lines = cells
    .filter((cell) => cell.cell_type === 'code' && !isFolded(cell))
    .flatMap(({ source }) => joined(source).split('\n'))
    .filter((line) => line.trim() !== '');
  const words = texts.join(' ').split(/\s+/).length;
  return Math.max(5, 5 * Math.round((words / 180 + lines.length / 20) / 5));
}

function partsOf(file) {
  const { cells } = readNotebook(file);
  const isCode = ({ cell_type }) => cell_type === 'code';
  const code = cells
    .filter(isCode)
    .map(({ source }) => joined(source))
    .join('\n');
  return { minutes: minutesOf(cells), ...partsIn(code) };
}

/** @throws SetUpError if the file is there and cannot be read: its claims would be missing on every page */
function claimsIn(file) {
  const { entries, problems } = readClaimsList(file);
  if (entries.length === 0 && problems.length > 0)
    throw new SetUpError(`${file} cannot be used: ${problems[0]}`, {
      remedy: 'mend it; docs/how-to/own-notebook.md shows a claims.json',
    });
  return entries;
}

/**
 * The map, each of its entries with how many claims it has and, where it is ready, `minutes`,
 * the ids of its `predictions` and `exercises`; and all claims, each with the number of its note and the cell that measures it;
 * and `places`, which finds what takes up a note's headings.
 */
export function readNotebooks(root) {
  const map = readMap(root);
  const claims = claimsIn(path.join(root, 'claims.json'));
  const noteOf = lettersOf(map);
  const entries = map.entries.map((entry) => {
    const ofIt = claims.filter(({ notebook }) => notebook === entry.path).length;
    if (entry.state !== 'ready') return { ...entry, claims: ofIt };
    const parts = partsOf(path.join(root, entry.path));
    return { ...entry, claims: ofIt, ...parts, minutes: entry.minutes ?? parts.minutes };
  });
  const cellOf = measuringCells(root);
  return {
    ...map,
    entries,
    places: placesOf(root, map, claims),
    claims: claims.map((claim) => ({ ...claim, note: noteOf[claim.id[0]], cell: cellOf(claim) })),
  };
}
