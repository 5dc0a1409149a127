// A reader's progress in the notebooks, stored in the browser. Only this file knows the keys and their format: the laboratory, the plain
// pages, the start page and questions in JupyterLab all use it.
//
// Each fact is a separate item, so that tabs do not overwrite each other's, and a damaged item affects no other:
//   gradlab-progress/1/#prediction:downhill = {"choice":"From some places","right":true,"at":…}
//   gradlab-progress/1/002-gradient-descent/04-heavy-ball.ipynb#place = {"cell":"title","share":0.2,"at":…}
// Facts about questions and exercises are independent of the notebook, since these may move. All others belong to a notebook.

const version = 1;
const prefix = `gradlab-progress/${version}/`;

/** Characters of a cell that are kept with an answer. */
export const longestCode = 5000;

const isText = (value) => typeof value === 'string' && value.length < 200;
const isCount = (value) => Number.isInteger(value) && value >= 0;

/**
 * The kinds of facts: how to validate one, and which of two to keep. Only the first choice is a guess; answers opened later do not
 * count. It is stored as the answer's text, since the order may change; '' is a reader who saw the answer without a guess.
 */
const kinds = {
  opened: { isSound: () => true, keeps: 'later' },
  prediction: { isSound: ({ choice, right }) => isText(choice) && typeof right === 'boolean', keeps: 'earlier' },
  exercise: { isSound: () => true, keeps: 'earlier' },
  answer: { isSound: ({ code }) => typeof code === 'string' && code.length <= longestCode, keeps: 'later' },
  ran: { isSound: ({ cells, of }) => isCount(cells) && isCount(of), keeps: 'later' },
  place: { isSound: ({ cell, share }) => isText(cell) && share >= 0 && share <= 1, keeps: 'later' },
};

/** Facts that could not be stored: they last as long as the page. */
const unwritten = new Map();

function storage() {
  try {
    return globalThis.localStorage ?? undefined;
  } catch {
    return undefined; // a browser that forbids storage throws
  }
}

/** The owner of facts that belong to no notebook. */
const anywhere = '';

const nameOf = (kind, id) => (id === '' ? kind : `${kind}:${id}`);
/** The owner of a fact, also of one that an earlier version stored by notebook. */
const ownerOf = (notebook, name) => (/^(prediction|exercise|answer):/.test(name) ? anywhere : notebook);
const keyOf = (notebook, name) => `${prefix}${ownerOf(notebook, name)}#${name}`;

/** A fact from its text; undefined if it is invalid. */
function sound(name, text) {
  try {
    const fact = typeof text === 'string' ? JSON.parse(text) : text;
    const kind = kinds[name.split(':', 1)[0]];
    return kind && fact !== null && Number.isFinite(fact.at) && kind.isSound(fact) ? fact : undefined;
  } catch {
    return undefined;
  }
}

function read(key, name) {
  if (unwritten.has(key)) return unwritten.get(key);
  try {
    return sound(name, storage()?.getItem(key));
  } catch {
    return undefined;
  }
}

function write(key, fact) {
  try {
    storage().setItem(key, JSON.stringify(fact));
    unwritten.delete(key);
  } catch {
    unwritten.set(key, fact); // full or forbidden
  }
}

function remove(key) {
  unwritten.delete(key);
  try {
    storage()?.removeItem(key);
  } catch {
    // forbidden: nothing is there
  }
}

/** Which of a known and a new fact to store; undefined if nothing changes. */
function merged(known, fact, kind) {
  if (!known) return fact;
  const isLater = fact.at > known.at;
  return isLater === (kinds[kind].keeps === 'later') && fact.at !== known.at ? fact : undefined;
}

/** Whether records outlast the page. */
export const isKept = () => {
  try {
    const probe = `${prefix}?`;
    storage().setItem(probe, '');
    storage().removeItem(probe);
    return unwritten.size === 0;
  } catch {
    return false;
  }
};

/**
 * Records a fact.
 * @param {string} notebook its path below the notebooks
 * @param {'opened' | 'prediction' | 'exercise' | 'answer' | 'ran' | 'place'} kind
 * @param {string} id of the prediction or exercise; else ''
 * @param {object} what `{ choice, right }`, `{}`, `{ code, given? }`, `{ cells, of }` or `{ cell, share }`. `given` is what a teacher
 *   checks later: `{ answer }`, or `{ source }` of a function
 */
export function record(notebook, kind, id, what = {}) {
  const name = nameOf(kind, id);
  const key = keyOf(notebook, name);
  const known = readAll()[ownerOf(notebook, name)]?.[name];
  const fact = merged(known, { ...what, at: Date.now() }, kind);
  if (fact === undefined) return;
  write(key, fact);
  tell();
  if (kind === 'opened') tellOpened();
}

/** Tells the page how many notebooks have been opened: from the second on, the site keeps all of them (site/offline). */
function tellOpened() {
  const notebooks = Object.values(readAll()).filter(({ opened }) => opened !== undefined).length;
  globalThis.dispatchEvent?.(new CustomEvent('gradlab-opened', { detail: { notebooks } }));
}

function* keys() {
  const seen = new Set(unwritten.keys());
  try {
    const store = storage();
    for (let i = 0; i < (store?.length ?? 0); i++) seen.add(store.key(i));
  } catch {
    // forbidden: only unwritten facts are known
  }
  for (const key of seen) {
    const at = key.lastIndexOf('#');
    if (key.startsWith(prefix) && at >= prefix.length)
      yield { key, notebook: key.slice(prefix.length, at), name: key.slice(at + 1) };
  }
}

/** All facts, `{ [notebook, or '' for questions and exercises]: { [kind or kind:id]: fact } }`, without damaged ones. */
export function readAll() {
  const all = {};
  for (const { key, notebook, name } of keys()) {
    const fact = read(key, name);
    if (fact === undefined) continue;
    const owner = ownerOf(notebook, name);
    all[owner] ??= {};
    all[owner][name] = merged(all[owner][name], fact, name.split(':', 1)[0]) ?? all[owner][name];
  }
  return all;
}

/** @typedef {{ predictions: string[], exercises: string[] }} Parts the ids of a notebook's questions and exercises */

/** A notebook's questions and exercises, from its code. @param {string} code @returns {Parts} */
export function partsIn(code) {
  const idsOf = (calls) => [
    ...new Set([...code.matchAll(new RegExp(`\\b(?:${calls})\\(\\s*["'\`]([^"'\`]+)["'\`]`, 'g'))].map(([, id]) => id)),
  ];
  return { predictions: idsOf('predict|ask'), exercises: idsOf('exercise') };
}

const namesOf = ({ predictions, exercises }) => [
  ...predictions.map((id) => nameOf('prediction', id)),
  ...exercises.flatMap((id) => [nameOf('exercise', id), nameOf('answer', id)]),
];

/**
 * The facts of one notebook and its questions and exercises, `{ [kind or kind:id]: fact }`.
 * @param {string} notebook
 * @param {Parts} [parts] default: nothing
 * @param {object} [all] from {@link readAll}
 */
export function readOf(notebook, parts = { predictions: [], exercises: [] }, all = readAll()) {
  const asked = namesOf(parts).filter((name) => all[anywhere]?.[name]);
  return { ...all[notebook], ...Object.fromEntries(asked.map((name) => [name, all[anywhere][name]])) };
}

/** Deletes all facts, or those of one notebook and its questions and exercises. @param {string} [notebook] @param {Parts} [parts] */
export function forget(notebook, parts = { predictions: [], exercises: [] }) {
  const names = namesOf(parts);
  for (const found of [...keys()]) {
    const isOf = names.includes(found.name) || ownerOf(found.notebook, found.name) === notebook;
    if (notebook !== undefined && !isOf) continue;
    remove(found.key);
  }
  tell();
}

/** All facts as the text of a file. */
export const exported = () => `${JSON.stringify({ 'gradlab-progress': version, notebooks: readAll() }, null, 1)}\n`;

/**
 * Adds the facts of such a file.
 * @param {string} text
 * @param {(key: string) => boolean} [isTaken] whether to take the fact with a key; default: all
 * @returns {number} how many facts were new
 * @throws {Error} with a message for the reader, before anything is changed
 */
export function imported(text, isTaken = () => true) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error('This file holds no progress: it is not JSON.');
  }
  const made = file?.['gradlab-progress'];
  if (!Number.isInteger(made) || typeof file.notebooks !== 'object' || file.notebooks === null)
    throw new Error('This file holds no progress: it was not saved by “save to a file”.');
  if (made > version) throw new Error('This file was saved by a newer version of these pages: reload the page.');
  let count = 0;
  const all = readAll();
  for (const [notebook, facts] of Object.entries(file.notebooks))
    for (const [name, given] of Object.entries(facts ?? {})) {
      const fact = sound(name, given);
      if (fact === undefined || notebook.includes('#')) continue;
      const key = keyOf(notebook, name);
      if (!isTaken(key)) continue;
      const known = all[ownerOf(notebook, name)]?.[name];
      const kept = merged(known, fact, name.split(':', 1)[0]);
      if (kept === undefined) continue;
      write(key, kept);
      count += 1;
    }
  if (count > 0) tell();
  return count;
}

const listeners = new Set();
const tell = () => {
  for (const listener of listeners) listener();
};

globalThis.addEventListener?.('storage', ({ key }) => {
  if (key === null || key.startsWith(prefix)) tell();
});

/** Calls back when something is recorded or forgotten, here or in another tab. */
export function onChange(listener) {
  listeners.add(listener);
}

/** The keys of facts, as of {@link readAll}. */
const keysIn = (notebooks) =>
  new Set(
    Object.entries(notebooks).flatMap(([notebook, facts]) => Object.keys(facts).map((name) => keyOf(notebook, name))),
  );

/** How long changes are collected before they are written, in milliseconds. */
const pause = 300;

/**
 * Stores the facts in a file as well, which browsers share. A file that holds no progress is left as it is.
 * @param {{ read: () => Promise<string>, write: (text: string) => Promise<unknown> }} file `read`: '' where there is none yet
 * @returns {Promise<void>} of the first exchange
 */
export function keepIn({ read, write }) {
  /** What both had after the last exchange: a fact of these that one of them lacks now was forgotten there. */
  let common = new Set();
  const exchange = async () => {
    const text = await read();
    if (text !== '') {
      const here = keysIn(readAll());
      imported(text, (key) => here.has(key) || !common.has(key));
      const there = keysIn(JSON.parse(text).notebooks);
      for (const key of common) if (!there.has(key)) remove(key);
    }
    const now = exported();
    if (now !== text) await write(now);
    common = keysIn(readAll());
  };
  // One after another, however many changes come meanwhile.
  let running = Promise.resolve();
  let isWaiting = false;
  const run = (delay) => {
    if (isWaiting) return running;
    isWaiting = true;
    running = running
      .then(() => new Promise((resolve) => setTimeout(resolve, delay)))
      .then(() => {
        isWaiting = false;
        return exchange();
      })
      .catch((error) => console.warn(`Progress is stored in this browser only: ${error.message}`));
    return running;
  };
  onChange(() => run(pause));
  return run(0);
}

/**
 * A reader's progress in a notebook.
 * @param {object} facts of a notebook, from {@link readOf}
 * @param {Parts} parts of the notebook
 * @returns {{ state: 'not begun' | 'begun' | 'finished', predicted: number, right: number, solved: number, share: number,
 *   cell: string | undefined }} `share`: the fraction seen; `cell`: the last one in view
 */
export function statusOf(facts, { predictions, exercises }) {
  const seen = predictions.map((id) => facts[nameOf('prediction', id)]).filter(Boolean);
  const guesses = seen.filter(({ choice }) => choice !== '');
  const solved = exercises.filter((id) => facts[nameOf('exercise', id)]).length;
  // One that a teacher checks later is done when it is handed in.
  const isDone = (id) => facts[nameOf('exercise', id)] || facts[nameOf('answer', id)]?.given;
  const isAll = seen.length === predictions.length && exercises.every(isDone);
  const isBegun = Object.keys(facts).length > 0;
  return {
    state: isBegun && isAll && predictions.length + exercises.length > 0 ? 'finished' : isBegun ? 'begun' : 'not begun',
    predicted: guesses.length,
    right: guesses.filter(({ right }) => right).length,
    solved,
    share: facts.place?.share ?? 0,
    cell: facts.place?.cell,
  };
}

/**
 * Records the cell in the middle of the screen a second after scrolling ends, and the furthest position seen.
 * @param {string} notebook
 * @param {Element} screen what scrolls: an element, or the document's own
 * @param {() => { id: string, node: Element }[]} cells returns the current cells, in order
 * @returns {() => void} stops it
 */
export function watchPlace(notebook, screen, cells) {
  const isPage = screen === document.documentElement;
  let timer;
  const look = () => {
    const { top } = isPage ? { top: 0 } : screen.getBoundingClientRect();
    const middle = top + screen.clientHeight / 2;
    const all = cells();
    const at = all.findLastIndex(({ node }) => node.isConnected && node.getBoundingClientRect().top < middle);
    if (at < 0 || screen.clientHeight === 0) return;
    const isEnd = screen.scrollTop + screen.clientHeight > screen.scrollHeight - 5;
    const seen = isEnd ? 1 : at / all.length;
    const share = Math.max(seen, readOf(notebook).place?.share ?? 0);
    record(notebook, 'place', '', { cell: all[at].id, share: Math.round(100 * share) / 100 });
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 1000);
  };
  const target = isPage ? document : screen;
  const options = { capture: true, passive: true };
  target.addEventListener('scroll', later, options);
  return () => {
    clearTimeout(timer);
    target.removeEventListener('scroll', later, options);
  };
}
