// notebooks/map.json: every notebook, planned or ready, with its title, its place in its note and what to know before.
// From it come the links between notebooks, the start page, the counts in README, and what the lint takes for a link
// that leads somewhere or a claim that is still open.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNotebooks } from './options.mjs';

export const START_PAGE = '00-start-here.ipynb';

/**
 * @typedef {object} Entry a notebook of the map
 * @property {string} ref note and number, 002/01
 * @property {string} path below notebooks/
 * @property {string} title
 * @property {string | undefined} about the subject of a lesson in the words that one looks for; its title is a question and may hide it
 * @property {string[]} before refs of the notebooks to read before
 * @property {string | undefined} mathematics what else is to be known before: a few words, of school or of a first course
 * @property {'planned' | 'ready'} state
 * @property {boolean} gallery whether it shows many pictures, and so may be larger
 * @property {'fashion-mnist' | undefined} needs what it needs beyond the project, see needs.mjs
 * @property {'lesson' | 'lines'} kind a lesson asks one question; `lines` takes up a note's statements one by one
 * @property {[string, string] | undefined} statements for `lines`: the ids of the first and the last
 * @property {Record<string, string> | undefined} sections for `lines`: headings, by the id of the statement that they stand before
 * @property {{ number: string, folder: string, title: string }} note
 */

/**
 * Reads the map of a folder of notebooks.
 * @returns {{ notes: object[], entries: Entry[], order: string[][], playFirst: { ref: string, sentence: string }[] }} `order`: the
 *   learning order in its three parts; `playFirst`: what start pages show, each with a sentence; of the first one, figure and question
 */
export function readMap(root) {
  const map = JSON.parse(readFileSync(join(root, 'map.json'), 'utf8'));
  const entries = map.notes.flatMap(({ notebooks, ...note }) =>
    notebooks.map(
      ({ file, title, about, before, mathematics, state, gallery = false, needs, kind = 'lesson', ...lines }) => ({
        ref: `${note.number}/${file.slice(0, 2)}`,
        path: `${note.folder}/${file}`,
        title,
        about,
        before,
        mathematics,
        state,
        gallery,
        needs,
        kind,
        statements: lines.statements,
        sections: lines.sections,
        note,
      }),
    ),
  );
  const order = [map.learningOrder, map.thenInAnyOrder, map.finally];
  return { notes: map.notes, entries, order, playFirst: map.playFirst };
}

/** The entry of a notebook by its ref or its path. */
export const entryOf = ({ entries }, name) => entries.find(({ ref, path }) => ref === name || path === name);

/** Whether it asks a question, and is no list of statements. */
export const isLesson = ({ kind }) => kind === 'lesson';

/** The ready lessons before and after one in the learning order, whatever note they belong to; undefined at either end. */
export function neighbours(map, entry) {
  const ready = map.order
    .flat()
    .map((ref) => entryOf(map, ref))
    .filter(({ ref, state }) => state === 'ready' || ref === entry.ref);
  const at = ready.findIndex(({ ref }) => ref === entry.ref);
  return { previous: ready[at - 1], next: ready[at + 1] };
}

/** What is wrong with the map, with itself and with the files. */
export function mapProblems(map, root) {
  const problems = [];
  const refs = map.entries.map(({ ref }) => ref);
  const ordered = map.order.flat();
  for (const { ref, path, title, about, before, state, needs, note, kind, statements, sections } of map.entries) {
    const complain = (message) => problems.push(`${path} ${message}`);
    if (!/^\d\d-[a-z0-9-]+\.ipynb$/.test(path.split('/')[1])) complain('is not named like 01-which-way.ipynb');
    if (!note.folder.startsWith(`${note.number}-`)) complain(`is in a folder that does not begin with ${note.number}-`);
    if (refs.filter((other) => other === ref).length > 1) complain(`shares its number ${ref} with another`);
    if (typeof title !== 'string' || title === '') complain('has no title');
    if (kind === 'lesson' && !about) complain('does not say what it is about, in the words that one looks for');
    if (state !== 'planned' && state !== 'ready')
      complain(`has the state "${state}", which is neither planned nor ready`);
    if (needs !== undefined && needs !== 'fashion-mnist') complain(`needs "${needs}"; only fashion-mnist is known`);
    for (const other of before) if (!refs.includes(other)) complain(`needs ${other}, which is not in the map`);
    if (kind !== 'lesson' && kind !== 'lines') complain(`is of the kind "${kind}", which is neither lesson nor lines`);
    if (kind === 'lines' && (statements?.length !== 2 || !sections))
      complain('needs "statements", two ids, and "sections"');
    if (kind === 'lesson' && ordered.filter((other) => other === ref).length !== 1)
      complain('must stand exactly once in the learning order');
    const late = before.find((other) => ordered.indexOf(other) > ordered.indexOf(ref));
    if (late) complain(`comes before ${late} in the learning order, and needs it`);
    const isThere = existsSync(join(root, path));
    if (state === 'ready' && !isThere) complain('is ready, says the map, and not there');
    if (state === 'planned' && isThere) complain('is there, and only planned, says the map');
  }
  for (const ref of [...ordered, ...map.playFirst.map(({ ref }) => ref)]) {
    if (!refs.includes(ref)) problems.push(`${ref} is in an order of the map, and not in the map`);
  }
  const known = new Set([START_PAGE, ...map.entries.map(({ path }) => path)]);
  for (const name of findNotebooks(root)) if (!known.has(name)) problems.push(`${name} is not in the map`);
  return problems.map((problem) => `map.json: ${problem}`);
}

/** What is wrong between the list of claims and the map. */
export function planProblems(map, claims) {
  return claims.flatMap(({ id, notebook, settled }) => {
    const state = entryOf(map, notebook)?.state;
    if (state === undefined) return [`claims.json, ${id}: ${notebook} is not in map.json`];
    if (state === 'planned' && settled !== 'open') {
      return [`claims.json, ${id}: is ${settled}, but ${notebook} is only planned`];
    }
    return [];
  });
}
