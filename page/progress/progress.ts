// A reader's progress in the notebooks, stored in the browser. Only this file knows the keys and their format: the laboratory, the plain
// pages, the start page and questions in JupyterLab all use it.
//
// Each fact is a separate item, so that tabs do not overwrite each other's, and a damaged item affects no other:
//   gradlab-progress/1/#prediction:downhill = {"choice":"From some places","right":true,"at":…}
//   gradlab-progress/1/002-gradient-descent/04-heavy-ball.ipynb#place = {"cell":"title","share":0.2,"at":…}
// Facts about questions and exercises are independent of the notebook, since these may move. All others belong to a notebook.

import type { Parts } from './parts.mjs';

const version = 1;
const prefix = `gradlab-progress/${version}/`;

/** Characters of a cell that are kept with an answer. */
export const longestCode = 5000;

/** What a fact may hold: which of these, follows from its kind. */
export interface What {
  /** The text of the answer to a question; '' for a reader who saw the answer without a guess. */
  choice?: string;
  right?: boolean;
  /** The cell that answers an exercise. */
  code?: string;
  /** What a teacher checks later: `{ answer }`, or `{ source }` of a function. */
  given?: object;
  /** How many of a notebook's cells have run. */
  cells?: number;
  of?: number;
  /** The last cell in view, and the furthest position seen, as a fraction. */
  cell?: string;
  share?: number;
}

/** A fact: what it says, and when it was recorded. */
export interface Fact extends What {
  at: number;
}

/** The facts of a notebook, by kind, or kind:id. */
export type Facts = Record<string, Fact>;

const isText = (value: unknown) => typeof value === 'string' && value.length < 200;
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;

export type Kind = 'opened' | 'prediction' | 'exercise' | 'answer' | 'ran' | 'place';

/**
 * The kinds of facts: how to validate one, and which of two to keep. Only the first choice is a guess; answers opened later do not
 * count. A choice is stored as the answer's text, since the order may change.
 */
const kinds: Record<Kind, { isSound(fact: Fact): boolean; keeps: 'earlier' | 'later' }> = {
  opened: { isSound: () => true, keeps: 'later' },
  prediction: { isSound: ({ choice, right }) => isText(choice) && typeof right === 'boolean', keeps: 'earlier' },
  exercise: { isSound: () => true, keeps: 'earlier' },
  answer: { isSound: ({ code }) => typeof code === 'string' && code.length <= longestCode, keeps: 'later' },
  ran: { isSound: ({ cells, of }) => isCount(cells) && isCount(of), keeps: 'later' },
  place: { isSound: ({ cell, share }) => isText(cell) && share! >= 0 && share! <= 1, keeps: 'later' },
};

/** Facts that could not be stored: they last as long as the page. */
const unwritten = new Map<string, Fact>();

function storage(): Storage | undefined {
  try {
    return globalThis.localStorage ?? undefined;
  } catch {
    return undefined; // a browser that forbids storage throws
  }
}

/** The owner of facts that belong to no notebook. */
const anywhere = '';

const nameOf = (kind: Kind, id: string) => (id === '' ? kind : `${kind}:${id}`);
/** The owner of a fact, also of one that an earlier version stored by notebook. */
const ownerOf = (notebook: string, name: string) => (/^(prediction|exercise|answer):/.test(name) ? anywhere : notebook);
/** The kind of a fact, by its name; another text if it is damaged. */
const kindOf = (name: string) => name.split(':', 1)[0] as Kind;
const keyOf = (notebook: string, name: string) => `${prefix}${ownerOf(notebook, name)}#${name}`;

/** A fact from its text; undefined if it is invalid. */
function sound(name: string, text: unknown): Fact | undefined {
  try {
    const fact = (typeof text === 'string' ? JSON.parse(text) : text) as Fact | null;
    const kind = kinds[kindOf(name)];
    return kind && fact !== null && Number.isFinite(fact.at) && kind.isSound(fact) ? fact : undefined;
  } catch {
    return undefined;
  }
}

function read(key: string, name: string): Fact | undefined {
  if (unwritten.has(key)) return unwritten.get(key);
  try {
    return sound(name, storage()?.getItem(key));
  } catch {
    return undefined;
  }
}

function write(key: string, fact: Fact): void {
  try {
    storage()!.setItem(key, JSON.stringify(fact));
    unwritten.delete(key);
  } catch {
    unwritten.set(key, fact); // full or forbidden
  }
}

function remove(key: string): void {
  unwritten.delete(key);
  try {
    storage()?.removeItem(key);
  } catch {
    // forbidden: nothing is there
  }
}

/** Which of a known and a new fact to store; undefined if nothing changes. */
function merged(known: Fact | undefined, fact: Fact, kind: Kind): Fact | undefined {
  if (!known) return fact;
  const isLater = fact.at > known.at;
  return isLater === (kinds[kind].keeps === 'later') && fact.at !== known.at ? fact : undefined;
}

/** Whether records outlast the page. */
export const isKept = (): boolean => {
  try {
    const probe = `${prefix}?`;
    storage()!.setItem(probe, '');
    storage()!.removeItem(probe);
    return unwritten.size === 0;
  } catch {
    return false;
  }
};

/**
 * Records a fact.
 * @param notebook its path below the notebooks
 * @param id of the prediction or exercise; else ''
 * @param what `{ choice, right }`, `{}`, `{ code, given? }`, `{ cells, of }` or `{ cell, share }`
 */
export function record(notebook: string, kind: Kind, id: string, what: What = {}): void {
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
function tellOpened(): void {
  const notebooks = Object.values(readAll()).filter(({ opened }) => opened !== undefined).length;
  globalThis.dispatchEvent?.(new CustomEvent('gradlab-opened', { detail: { notebooks } }));
}

function* keys(): Generator<{ key: string; notebook: string; name: string }> {
  const seen = new Set(unwritten.keys());
  try {
    const store = storage();
    for (let i = 0; store && i < store.length; i++) seen.add(store.key(i)!);
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
export function readAll(): Record<string, Facts> {
  const all: Record<string, Facts> = {};
  for (const { key, notebook, name } of keys()) {
    const fact = read(key, name);
    if (fact === undefined) continue;
    const owner = ownerOf(notebook, name);
    all[owner] ??= {};
    const facts = all[owner];
    facts[name] = merged(facts[name], fact, kindOf(name)) ?? facts[name]!;
  }
  return all;
}

const namesOf = ({ predictions, exercises }: Parts) => [
  ...predictions.map((id) => nameOf('prediction', id)),
  ...exercises.flatMap((id) => [nameOf('exercise', id), nameOf('answer', id)]),
];

const noParts: Parts = { predictions: [], exercises: [] };

/**
 * The facts of one notebook and its questions and exercises, `{ [kind or kind:id]: fact }`.
 * @param all from {@link readAll}
 */
export function readOf(notebook: string, parts = noParts, all = readAll()): Partial<Facts> {
  const anywhereKnown = all[anywhere] ?? {};
  const asked = namesOf(parts).filter((name) => anywhereKnown[name]);
  return { ...all[notebook], ...Object.fromEntries(asked.map((name) => [name, anywhereKnown[name]!])) };
}

/** Deletes all facts, or those of one notebook and its questions and exercises. */
export function forget(notebook?: string, parts = noParts): void {
  const names = namesOf(parts);
  for (const found of [...keys()]) {
    const isOf = names.includes(found.name) || ownerOf(found.notebook, found.name) === notebook;
    if (notebook !== undefined && !isOf) continue;
    remove(found.key);
  }
  tell();
}

/** A file of progress, as JSON. */
interface ProgressFile {
  'gradlab-progress'?: number;
  notebooks: Record<string, Record<string, unknown> | null>;
}

/** All facts as the text of a file. */
export const exported = (): string =>
  `${JSON.stringify({ 'gradlab-progress': version, notebooks: readAll() }, null, 1)}\n`;

/**
 * Adds the facts of such a file.
 * @param isTaken whether to take the fact with a key; default: all
 * @returns how many facts were new
 * @throws {Error} with a message for the reader, before anything is changed
 */
export function imported(text: string, isTaken: (key: string) => boolean = () => true): number {
  let file: ProgressFile | null;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error('This file holds no progress: it is not JSON.');
  }
  const made = file?.['gradlab-progress'];
  if (!file || made === undefined || !Number.isInteger(made) || typeof file.notebooks !== 'object' || !file.notebooks)
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
      const kept = merged(known, fact, kindOf(name));
      if (kept === undefined) continue;
      write(key, kept);
      count += 1;
    }
  if (count > 0) tell();
  return count;
}

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

globalThis.addEventListener?.('storage', ({ key }) => {
  if (key === null || key.startsWith(prefix)) tell();
});

/** Calls back when something is recorded or forgotten, here or in another tab. */
export function onChange(listener: () => void): void {
  listeners.add(listener);
}

/** The keys of facts, as of {@link readAll}. */
const keysIn = (notebooks: ProgressFile['notebooks']) =>
  new Set(
    Object.entries(notebooks).flatMap(([notebook, facts]) =>
      Object.keys(facts ?? {}).map((name) => keyOf(notebook, name)),
    ),
  );

/** A file that browsers share; `read` gives '' if there is none yet. */
export interface FileOfProgress {
  read(): Promise<string>;
  write(text: string): Promise<unknown>;
}

/** How long changes are collected before they are written, in milliseconds. */
const pause = 300;

/**
 * Stores the facts in a file as well, which browsers share. A file that holds no progress is left as it is.
 * @returns settles after the first exchange
 */
export function keepIn({ read, write }: FileOfProgress): Promise<void> {
  /** What both had after the last exchange: a fact of these that one of them lacks now was forgotten there. */
  let common = new Set<string>();
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
  const run = (delay: number) => {
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

/** A reader's progress in a notebook. */
export interface Status {
  state: 'not begun' | 'begun' | 'finished';
  predicted: number;
  right: number;
  solved: number;
  /** Exercises whose answers a teacher checks later. */
  handedIn: number;
  /** The fraction seen. */
  share: number;
  /** The last one in view. */
  cell: string | undefined;
}

/**
 * A reader's progress in a notebook.
 * @param facts from {@link readOf}
 */
export function statusOf(facts: Partial<Facts>, { predictions, exercises }: Parts): Status {
  const seen = predictions.map((id) => facts[nameOf('prediction', id)]).filter((fact) => fact !== undefined);
  const guesses = seen.filter(({ choice }) => choice !== '');
  const isSolved = (id: string) => facts[nameOf('exercise', id)] !== undefined;
  const solved = exercises.filter(isSolved).length;
  const handedIn = exercises.filter((id) => !isSolved(id) && facts[nameOf('answer', id)]?.given).length;
  // One that a teacher checks later is done when it is handed in.
  const isAll = seen.length === predictions.length && solved + handedIn === exercises.length;
  const isBegun = Object.keys(facts).length > 0;
  return {
    state: isBegun && isAll && predictions.length + exercises.length > 0 ? 'finished' : isBegun ? 'begun' : 'not begun',
    predicted: guesses.length,
    right: guesses.filter(({ right }) => right).length,
    solved,
    handedIn,
    share: facts.place?.share ?? 0,
    cell: facts.place?.cell,
  };
}

/**
 * Records the cell in the middle of the screen a second after scrolling ends, and the furthest position seen.
 * @param screen what scrolls: an element, or the document's own
 * @param cells returns the current cells, in order
 * @returns stops it
 */
export function watchPlace(
  notebook: string,
  screen: Element,
  cells: () => { id: string; node: Element }[],
): () => void {
  const isPage = screen === document.documentElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const { top } = isPage ? { top: 0 } : screen.getBoundingClientRect();
    const middle = top + screen.clientHeight / 2;
    const all = cells();
    const at = all.findLastIndex(({ node }) => node.isConnected && node.getBoundingClientRect().top < middle);
    if (at < 0 || screen.clientHeight === 0) return;
    const isEnd = screen.scrollTop + screen.clientHeight > screen.scrollHeight - 5;
    const seen = isEnd ? 1 : at / all.length;
    const share = Math.max(seen, readOf(notebook).place?.share ?? 0);
    record(notebook, 'place', '', { cell: all[at]!.id, share: Math.round(100 * share) / 100 });
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
