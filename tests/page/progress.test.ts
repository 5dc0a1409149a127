// A reader's stored progress: its format, and its handling if storage is full, forbidden or damaged.
import { beforeEach, expect, test, vi } from 'vitest';
import { partsIn } from '../../page/progress/parts.mjs';

type Progress = typeof import('../../page/progress/progress');

/** A browser's storage, which may throw. */
class Storage {
  readonly items = new Map<string, string>();
  refuses = false;
  get length() {
    return this.items.size;
  }
  key(i: number) {
    return [...this.items.keys()][i] ?? null;
  }
  getItem(key: string) {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    if (this.refuses) throw new DOMException('full', 'QuotaExceededError');
    this.items.set(key, value);
  }
  removeItem(key: string) {
    this.items.delete(key);
  }
}

let store: Storage;
const notebook = 'note/01-bowl.ipynb';
const parts = { predictions: ['rate', 'cliff'], exercises: ['home'] };

/** A freshly loaded page. */
async function load(): Promise<Progress> {
  vi.resetModules();
  return import('../../page/progress/progress');
}

beforeEach(() => {
  store = new Storage();
  vi.stubGlobal('localStorage', store);
  vi.useFakeTimers({ now: 1000 });
});

test('not begun, begun, finished: counts predictions and exercises', async () => {
  const { record, readOf, statusOf } = await load();
  const status = () => statusOf(readOf(notebook, parts), parts);
  expect(status()).toMatchObject({ state: 'not begun', predicted: 0, solved: 0 });
  record(notebook, 'opened', '');
  expect(status().state).toBe('begun');
  record(notebook, 'prediction', 'rate', { choice: 'b', right: true });
  record(notebook, 'prediction', 'cliff', { choice: 'a', right: false });
  record(notebook, 'prediction', 'of an earlier version', { choice: 'a', right: true });
  expect(status()).toMatchObject({ state: 'begun', predicted: 2, right: 1, solved: 0 });
  record(notebook, 'exercise', 'home');
  record(notebook, 'place', '', { cell: 'insight', share: 0.9 });
  expect(status()).toEqual({
    state: 'finished',
    predicted: 2,
    right: 1,
    solved: 1,
    handedIn: 0,
    share: 0.9,
    cell: 'insight',
  });
  expect(readOf('note/02-other.ipynb')).toEqual({});
});

test('stores the last code of an answer; an answer that a teacher checks later is done when it is handed in', async () => {
  const { exported, readOf, record, statusOf } = await load();
  record(notebook, 'answer', 'home', { code: 'exercise("home", 1)' });
  expect(statusOf(readOf(notebook, parts), { predictions: [], exercises: ['home'] }).state).toBe('begun');
  vi.setSystemTime(2000);
  record(notebook, 'answer', 'home', { code: 'exercise("home", 2)', given: { answer: 2 } });
  const facts = JSON.parse(exported()).notebooks[''];
  expect(facts).toEqual({ 'answer:home': { code: 'exercise("home", 2)', given: { answer: 2 }, at: 2000 } });
  const status = statusOf(readOf(notebook, parts), { predictions: [], exercises: ['home'] });
  expect(status).toMatchObject({ state: 'finished', solved: 0, handedIn: 1 });
});

test('keeps the first guess and the last position, also in a page loaded later', async () => {
  const first = await load();
  first.record(notebook, 'prediction', 'rate', { choice: 'b', right: true });
  first.record(notebook, 'place', '', { cell: 's1', share: 0.1 });
  vi.setSystemTime(2000);
  const second = await load();
  second.record(notebook, 'prediction', 'rate', { choice: 'c', right: false });
  second.record(notebook, 'place', '', { cell: 's2', share: 0.2 });
  expect(first.readOf(notebook, parts)).toEqual({
    'prediction:rate': { choice: 'b', right: true, at: 1000 },
    place: { cell: 's2', share: 0.2, at: 2000 },
  });
});

test('ignores a damaged fact, keeps the others, and rewrites it', async () => {
  const { record, readOf } = await load();
  record(notebook, 'opened', '');
  const at = (name: string) => `gradlab-progress/1/${notebook}#${name}`;
  expect([...store.items.keys()]).toEqual([at('opened')]);
  for (const damaged of ['{', 'null', '[]', '7', '{"choice":"a","right":true}', '{"choice":4,"right":1,"at":1}', '""'])
    for (const name of ['prediction:rate', 'place', 'nonsense']) {
      store.items.set(at(name), damaged);
      expect(readOf(notebook, parts)).toEqual({ opened: { at: 1000 } });
    }
  store.items.set('gradlab-progress/1/', 'x').set('gradlab-progress/9/note#opened', '{"at":1}').set('other', 'x');
  record(notebook, 'prediction', 'rate', { choice: 'a', right: false });
  expect(readOf(notebook, parts)).toEqual({
    opened: { at: 1000 },
    'prediction:rate': { choice: 'a', right: false, at: 1000 },
  });
});

test.each(['full', 'forbidden', 'absent'])('if storage is %s, progress lasts as long as the page', async (how) => {
  if (how === 'full') store.refuses = true;
  else if (how === 'absent') vi.stubGlobal('localStorage', undefined);
  else
    vi.stubGlobal(
      'localStorage',
      new Proxy(store, {
        get() {
          throw new DOMException('forbidden', 'SecurityError');
        },
      }),
    );
  const { forget, isKept, record, readOf } = await load();
  expect(isKept()).toBe(false);
  record(notebook, 'opened', '');
  expect(readOf(notebook)).toEqual({ opened: { at: 1000 } });
  expect(isKept()).toBe(false);
  forget();
  expect(readOf(notebook)).toEqual({});
});

test('writes what did not fit once there is space', async () => {
  const { isKept, record } = await load();
  store.refuses = true;
  record(notebook, 'place', '', { cell: 's1', share: 0 });
  store.refuses = false;
  vi.setSystemTime(2000);
  record(notebook, 'place', '', { cell: 's2', share: 0.5 });
  expect(isKept()).toBe(true);
  expect(store.items.size).toBe(1);
});

test('a file transfers progress to another browser, and merges with its own', async () => {
  const here = await load();
  here.record(notebook, 'prediction', 'rate', { choice: 'b', right: true });
  here.record('note/02.ipynb', 'opened', '');
  const file = here.exported();
  store.items.clear();
  const there = await load();
  vi.setSystemTime(500);
  there.record(notebook, 'prediction', 'rate', { choice: 'c', right: false });
  expect(there.imported(file)).toBe(1);
  expect(there.imported(file)).toBe(0);
  expect(there.readAll()).toEqual({
    '': { 'prediction:rate': { choice: 'c', right: false, at: 500 } },
    'note/02.ipynb': { opened: { at: 1000 } },
  });
});

test('reports an invalid file, and changes nothing; skips damaged facts in a valid one', async () => {
  const { imported, readAll } = await load();
  expect(() => imported('x')).toThrow('not JSON');
  for (const none of ['null', '[]', '{}', '{"gradlab-progress":1}', '{"gradlab-progress":1,"notebooks":null}'])
    expect(() => imported(none)).toThrow('holds no progress');
  expect(() => imported('{"gradlab-progress":2,"notebooks":{}}')).toThrow('newer version');
  const bad = { opened: { at: 'x' }, place: { cell: 's', share: 2, at: 1 }, prediction: null };
  expect(imported(JSON.stringify({ 'gradlab-progress': 1, notebooks: { a: bad, b: null } }))).toBe(0);
  expect(readAll()).toEqual({});
});

test('answers move with their question between notebooks, also those that an earlier version stored by notebook', async () => {
  const { forget, readAll, readOf, record } = await load();
  const guess = (choice: string, at: number) => JSON.stringify({ choice, right: false, at });
  store.items.set('gradlab-progress/1/note/02-old.ipynb#prediction:rate', guess('b', 20));
  store.items.set('gradlab-progress/1/note/03-older.ipynb#prediction:rate', guess('a', 10));
  expect(readAll()).toEqual({ '': { 'prediction:rate': { choice: 'a', right: false, at: 10 } } });
  record(notebook, 'prediction', 'rate', { choice: 'c', right: true });
  record(notebook, 'exercise', 'home');
  record(notebook, 'exercise', 'of another');
  record(notebook, 'opened', '');
  for (const name of [notebook, 'note/q-bowl.ipynb'])
    expect(readOf(name, parts)).toMatchObject({ 'prediction:rate': { choice: 'a' }, 'exercise:home': { at: 1000 } });
  expect([Object.keys(readOf(notebook)), readOf('note/q-bowl.ipynb')]).toEqual([['opened'], {}]);
  forget('note/q-bowl.ipynb', parts);
  expect(readAll()).toEqual({ '': { 'exercise:of another': { at: 1000 } }, [notebook]: { opened: { at: 1000 } } });
  expect(store.items.size).toBe(2);
});

test("reads a notebook's questions from its code", () => {
  expect(
    partsIn('predict("a"); ask(\n "b", x); predict("a", "c"); task("d"); exercise("e", f); exercise(\'g\', h)'),
  ).toEqual({
    predictions: ['a', 'b'],
    exercises: ['e', 'g'],
  });
});

test('forgets one notebook, or all; other pages’ items stay', async () => {
  const { forget, readAll, record } = await load();
  store.items.set('theme', 'dark');
  record(notebook, 'opened', '');
  record(`${notebook}2`, 'opened', '');
  forget(notebook);
  expect(Object.keys(readAll())).toEqual([`${notebook}2`]);
  forget();
  expect([...store.items]).toEqual([['theme', 'dark']]);
});

/** A folder's file of progress, and browsers that share it: each is a page with its own storage. */
function folder() {
  const file = { text: '', writes: 0 };
  const open = async (): Promise<Progress & { exchanged(): Promise<unknown> }> => {
    const own = new Storage();
    vi.stubGlobal('localStorage', own);
    const page = await load();
    const within = <T>(act: () => T) => {
      vi.stubGlobal('localStorage', own);
      return act();
    };
    const first = page.keepIn({
      read: async () => within(() => file.text),
      write: async (text) => {
        file.text = text;
        file.writes += 1;
      },
    });
    await vi.advanceTimersByTimeAsync(1000);
    await first;
    return {
      ...page,
      record: (...fact) => within(() => page.record(...fact)),
      readAll: () => within(page.readAll),
      forget: (...which) => within(() => page.forget(...which)),
      exchanged: () => within(() => vi.advanceTimersByTimeAsync(1000)),
    };
  };
  return { file, open };
}

test('browsers share the facts in a folder’s file: facts recorded or removed by one reach the others', async () => {
  const { file, open } = folder();
  const one = await open();
  one.record(notebook, 'prediction', 'rate', { choice: 'b', right: true });
  one.record(notebook, 'exercise', 'home');
  await one.exchanged();
  expect(JSON.parse(file.text)).toMatchObject({ 'gradlab-progress': 1, notebooks: { '': { 'exercise:home': {} } } });
  const other = await open();
  expect(other.readAll()).toEqual(one.readAll());
  other.record('note/02.ipynb', 'opened', '');
  other.record(notebook, 'prediction', 'rate', { choice: 'a', right: false });
  await other.exchanged();
  one.record('note/03.ipynb', 'opened', '');
  await one.exchanged();
  await other.exchanged();
  other.record('note/04.ipynb', 'opened', '');
  await other.exchanged();
  const all = other.readAll() as Record<string, Record<string, object>>;
  expect(Object.keys(all).sort()).toEqual(['', 'note/02.ipynb', 'note/03.ipynb', 'note/04.ipynb']);
  expect(all['']!['prediction:rate']).toMatchObject({ choice: 'b' });
  other.forget(notebook, parts);
  await other.exchanged();
  one.record('note/05.ipynb', 'opened', '');
  await one.exchanged();
  expect(Object.keys(one.readAll()).sort()).toEqual([2, 3, 4, 5].map((i) => `note/0${i}.ipynb`));
  expect(JSON.parse(file.text).notebooks).toEqual(one.readAll());
});

test('consecutive changes are one write, a foreign file is not changed, and a failing write loses nothing', async () => {
  const { file, open } = folder();
  const page = await open();
  const { writes } = file;
  for (let i = 0; i < 20; i++) page.record(`note/${i}.ipynb`, 'opened', '');
  await page.exchanged();
  expect(file.writes).toBe(writes + 1);
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  file.text = '{"mine": 1}';
  page.record(notebook, 'opened', '');
  await page.exchanged();
  expect(file.text).toBe('{"mine": 1}');
  expect(warned).toHaveBeenLastCalledWith(
    expect.stringMatching(/^Progress is stored in this browser only: This file holds no progress/),
  );
  expect(Object.keys(page.readAll())).toHaveLength(21);
  file.text = '';
  page.record(notebook, 'place', '', { cell: 'a', share: 1 });
  await page.exchanged();
  expect(JSON.parse(file.text).notebooks).toEqual(page.readAll());
});
