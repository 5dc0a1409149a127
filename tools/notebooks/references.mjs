// The reference of a notebook: its note and the slug of its file name. The number before the slug changes when notebooks are added; a
// reference does not.
import { basename, dirname } from 'node:path';

const ORDINAL = /^(?:\d\d|q)-/;

/** The slug of a file name: `dropout` of 09-dropout.ipynb, and of q-dropout.ipynb. @param {string} file a path */
export const slugOf = (file) => basename(file, '.ipynb').replace(ORDINAL, '');

/** The reference of a notebook of a note, such as 002/momentum-heavy-ball. @param {string} note its number @param {string} file a path */
export const referenceOf = (note, file) => `${note}/${slugOf(file)}`;

/** A reference without a slash, for ids, file names and the entry points of what one notebook uses. */
export const asName = (reference) => reference.replace('/', '-');

/**
 * The prefix of every cell's id in a notebook's file, `002-momentum-heavy-ball-` in 002-gradient-descent/q-momentum-heavy-ball.ipynb. Tools that merge
 * notebooks into a book need unique ids. Empty for a file that is not a notebook of a note.
 */
export function idPrefix(file) {
  const [, note] = /^(\d{3})-/.exec(basename(dirname(file))) ?? [];
  return note && ORDINAL.test(basename(file)) ? `${asName(referenceOf(note, file))}-` : '';
}

/** The id of a cell without its file's prefix. */
export const withoutPrefix = (id, file) => (id.startsWith(idPrefix(file)) ? id.slice(idPrefix(file).length) : id);

/** The same for an id in an address, perhaps of an earlier version: `002-04-title`. */
export const cellOfAddress = (id, file) => withoutPrefix(id, file).replace(/^\d{3}-\d\d-/, '');
