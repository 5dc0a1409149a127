// notebooks/map.json: every notebook, planned or ready, with its title and its note. The links between notebooks, the start page and the
// counts in README are generated from it. The lint uses it to judge links and open claims.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetUpError } from '../../kernel-setup/setup/errors.mjs';
import { readNotebook } from './notebook-file.mjs';
import { findNotebooks } from './options.mjs';
import { referenceOf, slugOf } from './references.mjs';

export const START_PAGE = '00-start-here.ipynb';

/** @typedef {{ number: string, letter: string, folder: string, title: string, headings?: string[] }} Note `letter`: the first of its statements' ids */

/**
 * @typedef {object} Entry a notebook of the map
 * @property {string} ref note and slug, 002/momentum-heavy-ball; see references.mjs
 * @property {string} path below notebooks/
 * @property {string} title
 * @property {string | undefined} about the subject in search terms; the title of a question may hide it
 * @property {'chapter' | 'question'} kind a chapter teaches a topic of its note; a question treats one point of a chapter in depth
 * @property {string[]} words of a chapter for the index, at least {@link fewestWords}
 * @property {string} [chapter] of a question: the slug of its chapter, in the same note
 * @property {number} [minutes] of reading time; if absent, the site counts words and lines
 * @property {string[]} outOfOrder of a chapter: statements in another order than below their heading in the note
 * @property {'planned' | 'ready'} state
 * @property {boolean} gallery whether it shows many pictures, and so may be larger
 * @property {'fashion-mnist'} [needs] what it needs beyond the project, see needs.mjs
 * @property {string[]} was its earlier paths below notebooks/
 * @property {Note} note
 */

const KINDS = ['chapter', 'question'];
const fewestWords = 5;
/** The maximum number of notebooks at the top of start pages. */
const toBeginWith = 4;

/**
 * The content of a folder without a map: all its notebooks, each a chapter with the title of its first heading.
 * @returns {ReturnType<typeof readMap>}
 */
function mapOfCourse(root) {
  const note = { number: '', letter: '', folder: '', title: '' };
  /** @type {Entry[]} */
  const entries = findNotebooks(root)
    .filter((path) => path !== START_PAGE)
    .map((path) => ({
      ...{ ref: path.replace(/\.ipynb$/, ''), path, title: titleOf(readNotebook(join(root, path))) ?? path, about: '' },
      ...{ kind: /** @type {const} */ ('chapter'), state: /** @type {const} */ ('ready'), gallery: false, note },
      ...{ words: [], outOfOrder: [], was: [] },
    }));
  return { notes: [], entries, playFirst: [], path: [], isCourse: true };
}

/** The first level-1 heading in a notebook. */
export const titleOf = ({ cells }) => cells.map(({ source }) => /^# (.*)$/m.exec(source)?.[1]).find(Boolean);

/**
 * Reads the map of a folder of notebooks; one without map.json is a course, of which all notebooks are shown.
 * @throws SetUpError if map.json cannot be read
 * @returns {{ notes: Note[], entries: Entry[], playFirst: { ref: string, sentence: string }[], path: string[], isCourse: boolean }} `notes`: each with
 *   `headings`, all of the note's, in its order; `playFirst`: for start pages, each with a sentence; of the first one they show figure
 *   and question; `path`: refs of chapters for beginners, in reading order;
 *   `isCourse`: whether there is no map.json
 */
export function readMap(root) {
  const file = join(root, 'map.json');
  if (!existsSync(file)) return mapOfCourse(root);
  const map = parsed(file);
  const entries = map.notes.flatMap(({ notebooks, ...note }) =>
    notebooks.map(({ file, gallery = false, ...rest }) => ({
      ref: referenceOf(note.number, file),
      path: `${note.folder}/${file}`,
      title: rest.title,
      about: rest.about,
      kind: rest.kind,
      words: rest.words ?? [],
      chapter: rest.chapter,
      minutes: rest.minutes,
      outOfOrder: rest.outOfOrder ?? [],
      state: rest.state,
      gallery,
      needs: rest.needs,
      was: rest.was ?? [],
      note,
    })),
  );
  return { notes: map.notes, entries, playFirst: map.playFirst, path: map.path ?? [], isCourse: false };
}

/** @throws SetUpError if the file is no map */
function parsed(file) {
  const remedy = 'mend it, or remove it: without a map all notebooks of the folder are shown';
  let map;
  try {
    map = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SetUpError(`${file} is not JSON: ${error.message}`, { remedy });
  }
  if (!Array.isArray(map?.notes)) throw new SetUpError(`${file} has no list "notes"`, { remedy });
  return map;
}

/** The notebooks of the map that are ready. @throws SetUpError that names those without a file */
export function readyNotebooks(root) {
  const { entries } = readMap(root);
  const ready = entries.flatMap(({ state, path }) => (state === 'ready' ? [path] : []));
  const missing = ready.filter((path) => !existsSync(join(root, path)));
  if (missing.length > 0)
    throw new SetUpError(`map.json calls notebooks ready that are not in ${root}: ${missing.join(', ')}`, {
      remedy: 'write them, or set their "state" to "planned" in map.json',
    });
  return ready;
}

/** The entry of a notebook by its ref or its path. */
export const entryOf = ({ entries }, name) => entries.find(({ ref, path }) => ref === name || path === name);

export const isChapter = ({ kind }) => kind === 'chapter';

/** The chapter that a question belongs to. */
export const chapterOf = ({ entries }, /** @type {Pick<Entry, 'note' | 'chapter'>} */ { note, chapter }) =>
  entries.find((entry) => isChapter(entry) && entry.note === note && slugOf(entry.path) === chapter);

/** The ready chapters for beginners, in reading order. */
export const pathOf = (map) => map.path.map((ref) => entryOf(map, ref)).filter(({ state }) => state === 'ready');

/** The ready questions of a chapter. */
export const questionsOf = ({ entries }, { note, path }) =>
  entries.filter(
    (entry) =>
      entry.kind === 'question' && entry.state === 'ready' && entry.note === note && entry.chapter === slugOf(path),
  );

/** The previous and the next ready chapter of the same note. */
export function neighbours({ entries }, chapter) {
  const ready = entries.filter(
    (one) => isChapter(one) && one.note === chapter.note && (one.state === 'ready' || one === chapter),
  );
  const at = ready.indexOf(chapter);
  return { previous: ready[at - 1], next: ready[at + 1] };
}

/** The problems within the map, and between the map and the files. */
export function mapProblems(map, root) {
  const problems = map.entries.flatMap((entry) =>
    entryProblems(entry, map, root).map((problem) => `${entry.path} ${problem}`),
  );
  const refs = map.entries.map(({ ref }) => ref);
  for (const { ref } of map.playFirst)
    if (!refs.includes(ref)) problems.push(`playFirst has ${ref}, which is not in the map`);
  for (const ref of map.path)
    if (!isChapter(entryOf(map, ref) ?? {})) problems.push(`path has ${ref}, which is not a chapter of the map`);
  if (map.playFirst.length > toBeginWith) problems.push(`playFirst has more than ${toBeginWith} notebooks`);
  const known = new Set([START_PAGE, ...map.entries.map(({ path }) => path)]);
  for (const name of findNotebooks(root)) if (!known.has(name)) problems.push(`${name} is not in the map`);
  return problems.map((problem) => `map.json: ${problem}`);
}

function entryProblems(entry, map, root) {
  const { ref, path, title, about, state, needs, note, kind, words } = entry;
  const problems = [];
  const refs = map.entries.map((other) => other.ref);
  const named = kind === 'question' ? /^q-[a-z0-9-]+\.ipynb$/ : /^\d\d-[a-z0-9-]+\.ipynb$/;
  if (!named.test(path.split('/')[1]))
    problems.push(`is not named like ${kind === 'question' ? 'q-which-way' : '01-which-way'}.ipynb`);
  if (!note.folder.startsWith(`${note.number}-`))
    problems.push(`is in a folder that does not begin with ${note.number}-`);
  if (refs.filter((other) => other === ref).length > 1) problems.push(`shares its name ${ref} with another`);
  if (typeof title !== 'string' || title === '') problems.push('has no title');
  if (!KINDS.includes(kind)) problems.push(`is of the kind "${kind}", which is neither ${KINDS.join(' nor ')}`);
  if (!about) problems.push('does not say what it is about, in the words that one looks for');
  if (kind === 'chapter' && words.length < fewestWords)
    problems.push(`has ${words.length} "words" by which one looks for it; at least ${fewestWords}`);
  if (kind === 'question' && !chapterOf(map, entry))
    problems.push(`belongs to the chapter "${entry.chapter}", which its note does not have`);
  if (state !== 'planned' && state !== 'ready')
    problems.push(`has the state "${state}", which is neither planned nor ready`);
  if (needs !== undefined && needs !== 'fashion-mnist') problems.push(`needs "${needs}"; only fashion-mnist is known`);
  const isThere = existsSync(join(root, path));
  if (state === 'ready' && !isThere) problems.push('is ready, says the map, and not there');
  if (state === 'planned' && isThere) problems.push('is there, and only planned, says the map');
  return problems;
}

/** The contradictions between the list of claims and the map. */
export function planProblems(map, claims) {
  return claims.flatMap(({ id, notebook, settled, where }) => {
    const problems = [];
    const state = entryOf(map, notebook)?.state;
    if (state === undefined) problems.push(`${notebook} is not in map.json`);
    if (state === 'planned' && settled !== 'open') problems.push(`is ${settled}, but ${notebook} is only planned`);
    const { headings = [] } = map.notes.find(({ letter }) => id?.startsWith(letter)) ?? {};
    if (where && !headings.includes(where.heading)) {
      problems.push(`the heading "${where.heading}" is not among those of its note in map.json`);
    }
    return problems.map((problem) => `claims.json, ${id}: ${problem}`);
  });
}
