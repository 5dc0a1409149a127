// What a notebook is called: by its note and the words of its file's name. The number before these words is its place among others,
// and changes when others come; a reference does not.
import { basename, dirname } from 'node:path';

const ORDINAL = /^(?:\d\d|q)-/;

/** The words of a file's name: `heavy-ball` of 04-heavy-ball.ipynb, and of q-heavy-ball.ipynb. @param {string} file a path */
export const slugOf = (file) => basename(file, '.ipynb').replace(ORDINAL, '');

/** The reference of a notebook of a note, such as 002/heavy-ball. @param {string} note its number @param {string} file a path */
export const referenceOf = (note, file) => `${note}/${slugOf(file)}`;

/** A reference where no slash may stand: in ids, in names of files, in the door of what a lesson alone uses. */
export const asName = (reference) => reference.replace('/', '-');

/**
 * What stands before every cell's id in the file of a notebook, `002-heavy-ball-` in 002-gradient-descent/04-heavy-ball.ipynb: tools
 * that make one book of many notebooks need ids that no other has. Empty for what is no notebook of a note.
 */
export function idPrefix(file) {
  const [, note] = /^(\d{3})-/.exec(basename(dirname(file))) ?? [];
  return note && ORDINAL.test(basename(file)) ? `${asName(referenceOf(note, file))}-` : '';
}

/** The id of a cell without what stands before it in its file. */
export const withoutPrefix = (id, file) => (id.startsWith(idPrefix(file)) ? id.slice(idPrefix(file).length) : id);

/** The same of an id in an address, which may be one of an earlier version: `002-04-title`. */
export const cellOfAddress = (id, file) => withoutPrefix(id, file).replace(/^\d{3}-\d\d-/, '');
