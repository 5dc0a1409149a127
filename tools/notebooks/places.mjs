// Finds the notebook and section for each heading of a note.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CARD } from './cards.mjs';
import { findClaims, isOwn } from './claims.mjs';
import { entryOf, isChapter } from './map.mjs';
import { readNotebook } from './notebook-file.mjs';
import { slugOf } from './references.mjs';

/**
 * @typedef {object} Place
 * @property {string} heading of the note
 * @property {import('./map.mjs').Entry} entry the first chapter that settles a statement below it
 * @property {{ cell: string, title: string } | undefined} section of that chapter
 * @property {Pick<Place, 'entry' | 'section'>[]} further chapters that settle a statement below it
 */

/** A heading's places in a list; those after the first omit the heading. */
export const inRows = (places) =>
  places.flatMap((place) => [place, ...place.further.map((one) => ({ ...one, heading: '' }))]);

/**
 * Finds the place of each heading of a note, in the note's order. A heading without a settled statement has the place of the next one;
 * the last ones have the place of the one before.
 * @param {string} root the folder of notebooks
 * @param {{ entries: object[] }} map
 * @param {object[]} claims the list's entries
 * @returns {(note: { letter: string, headings?: string[] }) => Place[]} empty for a note without settled statements
 */
export function placesOf(root, map, claims) {
  const sectionOf = sectionFinder(root);
  return ({ letter, headings = [] }) => {
    const settled = claims.filter((claim) => claim.id.startsWith(letter) && !isOwn(claim) && claim.settled !== 'open');
    const own = headings.map((heading) => {
      const below = settled.filter(({ where }) => where?.heading === heading);
      const [first, ...further] = below.filter(
        (claim, at) => below.findIndex(({ notebook }) => notebook === claim.notebook) === at,
      );
      const place = (claim) => ({ entry: entryOf(map, claim.notebook), section: sectionOf(claim) });
      return first && { ...place(first), further: further.map(place) };
    });
    return headings.flatMap((heading, i) => {
      const place = own.slice(i).find(Boolean) ?? own.slice(0, i).findLast(Boolean);
      return place ? [{ heading, ...place, further: own[i] ? place.further : [] }] : [];
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
 * Finds the section of a chapter with the card of a question.
 * @param {string} root the folder of notebooks
 * @returns {(chapter: string, question: string) => string | undefined} from their paths the id of the cell with the section's heading
 */
export function cardFinder(root) {
  const known = new Map();
  const read = (chapter) => {
    let section;
    const sections = new Map();
    const file = join(root, chapter);
    for (const { id, source } of existsSync(file) ? readNotebook(file).cells : []) {
      if (/^## /m.test(source)) section = id;
      if (id.startsWith(CARD)) sections.set(id.slice(CARD.length), section);
    }
    return sections;
  };
  return (chapter, question) => {
    if (!known.has(chapter)) known.set(chapter, read(chapter));
    return known.get(chapter).get(slugOf(question));
  };
}

/**
 * The index: each keyword with its chapter. Of several the chapter whose title begins with the keyword is taken, else the one that
 * lists it first.
 * @returns {{ word: string, entry: import('./map.mjs').Entry }[]} in alphabetical order
 */
export function indexOf({ entries }) {
  const index = new Map();
  for (const entry of entries.filter((one) => isChapter(one) && one.state === 'ready'))
    for (const [at, word] of entry.words.entries()) {
      const key = word.toLowerCase();
      const rank = entry.title.toLowerCase().startsWith(key) ? -1 : at;
      if (!(index.get(key)?.rank <= rank)) index.set(key, { word, entry, rank });
    }
  return [...index.values()]
    .map(({ word, entry }) => ({ word, entry }))
    .sort((a, b) => a.word.localeCompare(b.word, 'en', { sensitivity: 'base' }));
}
