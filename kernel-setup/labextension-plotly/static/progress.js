// What a reader has done in the notebooks, kept in the reader's browser. This file alone names the keys and their form: the
// laboratory, the plain pages, the start page and questions in JupyterLab all come here.
//
// Each fact is an item of its own, so that two tabs never write over each other's and one that is damaged spoils no other:
//   gradlab-progress/1/#prediction:downhill = {"choice":"From some places","right":true,"at":…}
//   gradlab-progress/1/002-gradient-descent/04-heavy-ball.ipynb#place = {"cell":"title","share":0.2,"at":…}
// Questions and exercises go from notebook to notebook, and what is known of them with them; all else belongs to a notebook.

const version = 1;
const prefix = `gradlab-progress/${version}/`;

const isText = (value) => typeof value === 'string' && value.length < 200;
const isCount = (value) => Number.isInteger(value) && value >= 0;

/**
 * The kinds of facts: what a sound one looks like, and which of two is kept. A guess is the first one: who opens the
 * other answers afterwards, reads. It is kept by the answer's text, wherever that stands among the answers; who wanted to see the
 * answer without a guess has chosen none, ''.
 */
const kinds = {
  opened: { isSound: () => true, keeps: 'later' },
  prediction: { isSound: ({ choice, right }) => isText(choice) && typeof right === 'boolean', keeps: 'earlier' },
  exercise: { isSound: () => true, keeps: 'earlier' },
  ran: { isSound: ({ cells, of }) => isCount(cells) && isCount(of), keeps: 'later' },
  place: { isSound: ({ cell, share }) => isText(cell) && share >= 0 && share <= 1, keeps: 'later' },
};

/** What could not be written: it lasts as long as the page. */
const unwritten = new Map();

function storage() {
  try {
    return globalThis.localStorage ?? undefined;
  } catch {
    return undefined; // a browser that forbids it throws
  }
}

/** In the place of a notebook's path, for facts that belong to none. */
const anywhere = '';

const nameOf = (kind, id) => (id === '' ? kind : `${kind}:${id}`);
/** Where a fact belongs, also one that an earlier version kept by its notebook. */
const ownerOf = (notebook, name) => (/^(prediction|exercise):/.test(name) ? anywhere : notebook);
const keyOf = (notebook, name) => `${prefix}${ownerOf(notebook, name)}#${name}`;

/** A fact from its text; undefined if it is not sound. */
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

/** Of what is known and what is new, what is kept; undefined where nothing changes. */
function merged(known, fact, kind) {
  if (!known) return fact;
  const isLater = fact.at > known.at;
  return isLater === (kinds[kind].keeps === 'later') && fact.at !== known.at ? fact : undefined;
}

/** Whether what is recorded outlasts the page. */
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
 * @param {'opened' | 'prediction' | 'exercise' | 'ran' | 'place'} kind
 * @param {string} id of the prediction or exercise; else ''
 * @param {object} what `{ choice, right }`, `{}`, `{ cells, of }` or `{ cell, share }`
 */
export function record(notebook, kind, id, what = {}) {
  const name = nameOf(kind, id);
  const key = keyOf(notebook, name);
  const known = readAll()[ownerOf(notebook, name)]?.[name];
  const fact = merged(known, { ...what, at: Date.now() }, kind);
  if (fact === undefined) return;
  write(key, fact);
  for (const listener of listeners) listener();
}

function* keys() {
  const seen = new Set(unwritten.keys());
  try {
    const store = storage();
    for (let i = 0; i < (store?.length ?? 0); i++) seen.add(store.key(i));
  } catch {
    // forbidden: only what could not be written is known
  }
  for (const key of seen) {
    const at = key.lastIndexOf('#');
    if (key.startsWith(prefix) && at >= prefix.length)
      yield { key, notebook: key.slice(prefix.length, at), name: key.slice(at + 1) };
  }
}

/** All facts, `{ [notebook, or '' for questions and exercises]: { [kind or kind:id]: fact } }`, without those that are damaged. */
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

/** @typedef {{ predictions: string[], exercises: string[] }} Parts the ids of what a notebook asks */

/** What a notebook asks, by its code. @param {string} code @returns {Parts} */
export function partsIn(code) {
  const idsOf = (calls) => [
    ...new Set([...code.matchAll(new RegExp(`\\b(?:${calls})\\(\\s*["'\`]([^"'\`]+)["'\`]`, 'g'))].map(([, id]) => id)),
  ];
  return { predictions: idsOf('predict|ask'), exercises: idsOf('exercise') };
}

const namesOf = ({ predictions, exercises }) => [
  ...predictions.map((id) => nameOf('prediction', id)),
  ...exercises.map((id) => nameOf('exercise', id)),
];

/**
 * The facts of one notebook and of what it asks, `{ [kind or kind:id]: fact }`.
 * @param {string} notebook
 * @param {Parts} [parts] default: nothing
 * @param {object} [all] from {@link readAll}
 */
export function readOf(notebook, parts = { predictions: [], exercises: [] }, all = readAll()) {
  const asked = namesOf(parts).filter((name) => all[anywhere]?.[name]);
  return { ...all[notebook], ...Object.fromEntries(asked.map((name) => [name, all[anywhere][name]])) };
}

/** Forgets everything, or what is known of one notebook and of what it asks. @param {string} [notebook] @param {Parts} [parts] */
export function forget(notebook, parts = { predictions: [], exercises: [] }) {
  const names = namesOf(parts);
  for (const found of [...keys()]) {
    const isOf = names.includes(found.name) || ownerOf(found.notebook, found.name) === notebook;
    if (notebook !== undefined && !isOf) continue;
    unwritten.delete(found.key);
    try {
      storage()?.removeItem(found.key);
    } catch {
      // forbidden: nothing is there
    }
  }
  for (const listener of listeners) listener();
}

/** Everything as the text of a file. */
export const exported = () => `${JSON.stringify({ 'gradlab-progress': version, notebooks: readAll() }, null, 1)}\n`;

/**
 * Adds what such a file holds to what is here.
 * @returns {number} how many facts were new
 * @throws {Error} in words for the reader, before anything is changed
 */
export function imported(text) {
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
      const known = all[ownerOf(notebook, name)]?.[name];
      const kept = merged(known, fact, name.split(':', 1)[0]);
      if (kept === undefined) continue;
      write(key, kept);
      count += 1;
    }
  for (const listener of listeners) listener();
  return count;
}

const listeners = new Set();

/** Calls back when something is recorded or forgotten, here or in another tab. */
export function onChange(listener) {
  listeners.add(listener);
  globalThis.addEventListener?.('storage', ({ key }) => {
    if (key === null || key.startsWith(prefix)) listener();
  });
}

/**
 * How far a reader is.
 * @param {object} facts of a notebook, from {@link readOf}
 * @param {Parts} parts what the notebook asks
 * @returns {{ state: 'not begun' | 'begun' | 'finished', predicted: number, right: number, solved: number, share: number,
 *   cell: string | undefined }} `share`: how much of it has been seen, at `cell` last
 */
export function statusOf(facts, { predictions, exercises }) {
  const seen = predictions.map((id) => facts[nameOf('prediction', id)]).filter(Boolean);
  const guesses = seen.filter(({ choice }) => choice !== '');
  const solved = exercises.filter((id) => facts[nameOf('exercise', id)]).length;
  const isAll = seen.length === predictions.length && solved === exercises.length;
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
 * Records the cell in the middle of the screen, a second after the reader stopped moving, and how far was seen at most.
 * @param {string} notebook
 * @param {Element} screen what scrolls: an element, or the document's own
 * @param {() => { id: string, node: Element }[]} cells in their order, as they are then
 * @returns {() => void} ends it
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
