// Where what a note says under one of its headings is taken up: for whoever comes with the note in hand.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findClaims, isOwn } from './claims.mjs';
import { entryOf, isChapter } from './map.mjs';
import { readNotebook } from './notebook-file.mjs';

/**
 * @typedef {object} Place
 * @property {string} heading of the note
 * @property {import('./map.mjs').Entry} entry the notebook that settles the first statement below it; a chapter, if one settles any of them
 * @property {{ cell: string, title: string } | undefined} section of that notebook: where its heading stands
 */

/**
 * Finds the place of each heading of a note, in the note's order. A heading without a settled statement leads where the next one does, which is
 * below it; the last ones lead where those before them do.
 * @param {string} root the folder of notebooks
 * @param {{ entries: object[] }} map
 * @param {object[]} claims the list's entries
 * @returns {(note: { letter: string, headings?: string[] }) => Place[]} empty for a note of which nothing is settled
 */
export function placesOf(root, map, claims) {
  const sectionOf = sectionFinder(root);
  return ({ letter, headings = [] }) => {
    const settled = claims.filter((claim) => claim.id.startsWith(letter) && !isOwn(claim) && claim.settled !== 'open');
    const own = headings.map((heading) => {
      const below = settled.filter(({ where }) => where?.heading === heading);
      const first = below.find(({ notebook }) => isChapter(entryOf(map, notebook))) ?? below[0];
      return first && { entry: entryOf(map, first.notebook), section: sectionOf(first) };
    });
    return headings.flatMap((heading, i) => {
      const place = own.slice(i).find(Boolean) ?? own.slice(0, i).findLast(Boolean);
      return place ? [{ heading, ...place }] : [];
    });
  };
}

/** @returns {(claim: { id: string, notebook: string }) => { cell: string, title: string } | undefined} the section that settles a claim */
function sectionFinder(root) {
  const known = new Map();
  const read = (notebook) => {
    const file = join(root, notebook);
    const cells = existsSync(file) ? readNotebook(file).cells : [];
    return { cells, claims: findClaims({ cells }) };
  };
  return ({ id, notebook }) => {
    if (!known.has(notebook)) known.set(notebook, read(notebook));
    const { cells, claims } = known.get(notebook);
    const at = claims.find((claim) => claim.id === id)?.index ?? -1;
    const above = cells
      .slice(0, at + 1)
      .findLast(({ cell_type: type, source }) => type === 'markdown' && /^## /m.test(source));
    return above && { cell: above.id, title: /^## (.*)$/m.exec(above.source)[1] };
  };
}

/**
 * The index: each word by which one looks for a chapter, or for a lesson as long as no chapter has it, with the first of these.
 * @returns {{ word: string, entry: import('./map.mjs').Entry }[]} by the alphabet
 */
export function indexOf({ entries }) {
  const index = new Map();
  const ready = entries.filter(({ state }) => state === 'ready');
  const add = (entry, words) => {
    for (const word of words) if (!index.has(word.toLowerCase())) index.set(word.toLowerCase(), { word, entry });
  };
  for (const entry of ready) if (entry.kind === 'chapter') add(entry, entry.words);
  for (const entry of ready) if (entry.kind === 'lesson') add(entry, entry.about.split(', '));
  return [...index.values()].sort((a, b) => a.word.localeCompare(b.word, 'en', { sensitivity: 'base' }));
}
