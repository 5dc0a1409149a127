// What the site's pages say about a notebook beyond its text: how long it takes, what it asks, what it shows first.
import path from 'node:path';
import { measuringCells } from '../../tools/notebooks/cell-addresses.mjs';
import { readClaimsList } from '../../tools/notebooks/claims.mjs';
import { readMap } from '../../tools/notebooks/map.mjs';
import { isFolded, readNotebook } from '../../tools/notebooks/notebook-file.mjs';

const joined = (text) => (Array.isArray(text) ? text.join('') : (text ?? ''));
const lettersOf = (map) => Object.fromEntries(map.notes.map(({ letter, number }) => [letter, number]));

/** The ids in calls of a function in the code of a notebook. */
const idsIn = (code, name) => [
  ...new Set([...code.matchAll(new RegExp(`\\b(?:${name})\\("([^"]+)"`, 'g'))].map(([, id]) => id)),
];

/** A reader's minutes, to the next five: 180 words a minute, and 20 lines of code. */
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
  return {
    minutes: minutesOf(cells),
    predictions: idsIn(code, 'predict|ask'),
    exercises: idsIn(code, 'exercise'),
  };
}

/**
 * The map, each of its entries with what leads on from it (`after`), how many claims it has and, where it is ready, `minutes`,
 * the ids of its `predictions` and `exercises`; and all claims, each with the number of its note and the cell that measures it.
 */
export function readNotebooks(root) {
  const map = readMap(root);
  const { entries: claims } = readClaimsList(path.join(root, 'claims.json'));
  const noteOf = lettersOf(map);
  const entries = map.entries.map((entry) => {
    const after = map.entries.filter(({ before }) => before.includes(entry.ref)).map(({ ref }) => ref);
    const ofIt = claims.filter(({ notebook }) => notebook === entry.path).length;
    if (entry.state !== 'ready') return { ...entry, after, claims: ofIt };
    return { ...entry, after, claims: ofIt, ...partsOf(path.join(root, entry.path)) };
  });
  const cellOf = measuringCells(root);
  return {
    ...map,
    entries,
    claims: claims.map((claim) => ({ ...claim, note: noteOf[claim.id[0]], cell: cellOf(claim) })),
  };
}
