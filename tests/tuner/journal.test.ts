import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { FormatError } from '../../src';
import { Journal } from '../../src/tuner/journal';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-journal-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Entry {
  number: number;
  text?: string;
}

let file: string;
let files = 0;
beforeEach(() => {
  file = path.join(folder, `${++files}`, 'run.jsonl');
});

const settings = { seed: 7, space: { rate: { low: 0.1, high: 1 } } };
const open = (check: (theirs: unknown) => void = () => {}) => new Journal<Entry>(file, settings, check);
const add = (journal: Journal<Entry>, ...entries: Entry[]) =>
  journal.exclusively((_, append) => append(entries, false));
const read = (journal: Journal<Entry>) => journal.exclusively((entries) => entries);
/** The entries of a journal with these bytes, and what it dropped. */
function reopened(bytes: Uint8Array) {
  fs.writeFileSync(file, bytes);
  const journal = open();
  const entries = read(journal);
  journal.close();
  return { entries, dropped: journal.dropped, study: journal.study, left: fs.readFileSync(file) };
}

test('lines are JSON with length and CRC-32 of the entry, as in zlib, and can be read back', () => {
  const journal = open();
  add(journal, { number: 0, text: 'η\n"' }, { number: 1 });
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  expect(lines[1]).toBe('{"length":28,"crc32":"253ee3ce","entry":{"number":0,"text":"η\\n\\""}}');
  expect(lines[2]).toBe('{"length":12,"crc32":"c225affa","entry":{"number":1}}');
  expect(JSON.parse(lines[0]!).entry).toEqual({ journal: 1, study: journal.study, settings });
  expect(read(open())).toEqual([{ number: 0, text: 'η\n"' }, { number: 1 }]);
  expect(open().study).toBe(journal.study);
});

test('truncated at any byte it opens, has the complete lines, reports what it dropped, and continues', () => {
  const journal = open();
  const entries = [0, 1, 2, 3].map((number) => ({ number, text: 'é'.repeat(number) }));
  for (const entry of entries) add(journal, entry);
  journal.close();
  const whole = fs.readFileSync(file);
  const ends = [...whole.keys()].filter((i) => whole[i] === 10).map((i) => i + 1);
  for (let size = 0; size <= whole.length; size++) {
    const kept = [0, ...ends].filter((end) => end <= size);
    const last = kept.at(-1)!;
    const found = reopened(whole.subarray(0, size));
    expect(found.entries).toEqual(entries.slice(0, Math.max(0, kept.length - 2)));
    if (last === size) expect(found.dropped).toBeUndefined();
    else expect(found.dropped).toMatchObject({ at: last, bytes: size - last });
    // A truncated header is rewritten.
    if (last > 0) expect(found.left).toEqual(whole.subarray(0, last));
    const after = open();
    add(after, { number: 9 });
    after.close();
    expect(read(open())).toEqual([...found.entries, { number: 9 }]);
  }
});

test('data of a power failure after the last line, such as zeros, is dropped', () => {
  add(open(), { number: 0 });
  const whole = fs.readFileSync(file);
  const found = reopened(Buffer.concat([whole, Buffer.alloc(100)]));
  expect(found.entries).toEqual([{ number: 0 }]);
  expect(found.dropped).toMatchObject({ at: whole.length, bytes: 100 });
});

test('any changed byte is detected: the last line is dropped, others are an error, and nothing is changed', () => {
  const journal = open();
  for (const number of [0, 1, 2]) add(journal, { number, text: 'abc' });
  const whole = fs.readFileSync(file);
  const last = whole.lastIndexOf(10, whole.length - 2) + 1;
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Uint8Array.from(whole);
      bytes[at]! ^= change;
      // Without its newline the second last line merges with the next one.
      if (at >= last - 1) expect(reopened(bytes).entries.length).toBe(at === last - 1 ? 1 : 2);
      else {
        expect(() => reopened(bytes)).toThrow(FormatError);
        expect(fs.readFileSync(file)).toEqual(Buffer.from(bytes));
      }
    }),
    { numRuns: 100 },
  );
});

test('a file that is not a journal is rejected and not changed', () => {
  fs.mkdirSync(path.dirname(file));
  for (const text of ['name,value\n1,2\n', '{"a":1}\n', '{', 'x']) {
    const isBegun = '{"length":'.startsWith(text);
    fs.writeFileSync(file, text);
    if (isBegun) expect(open().dropped).toEqual({ at: 0, bytes: text.length, text });
    else expect(() => open()).toThrow(/not a journal of a study; name another file/);
    if (!isBegun) expect(fs.readFileSync(file, 'utf8')).toBe(text);
  }
});

test('a reader sees its settings, and may reject it; then it is not changed', () => {
  add(open(), { number: 0 });
  const before = fs.readFileSync(file);
  const refused = new Error('another');
  expect(() =>
    open((theirs) => {
      expect(theirs).toEqual(settings);
      throw refused;
    }),
  ).toThrow(refused);
  expect(fs.readFileSync(file)).toEqual(before);
  expect(read(open())).toEqual([{ number: 0 }]);
});

test("two that have it open read the other's entries, each once, in the order of the file", () => {
  const [one, two] = [open(), open()];
  add(one, { number: 0 });
  two.exclusively((entries, append) => {
    expect(entries).toEqual([{ number: 0 }]);
    append([{ number: 1 }], false);
  });
  expect(read(one)).toEqual([{ number: 1 }]);
  expect(read(two)).toEqual([]);
});

test('an abandoned lock of this process, as after an interrupt, and one of a dead process are removed', () => {
  const journal = open();
  const lock = `${file}.lock`;
  // While the lock is held, so its owner is this process.
  const text = journal.exclusively(() => fs.readFileSync(lock, 'utf8'));
  for (const owner of [text, JSON.stringify({ ...JSON.parse(text), thread: 'another', start: '1' })]) {
    fs.writeFileSync(lock, owner);
    add(journal, { number: 0 });
    expect(fs.readdirSync(path.dirname(file))).toEqual(['run.jsonl']);
  }
});

test('without a file it is in memory', () => {
  const journal = new Journal<Entry>(undefined, settings, () => {});
  expect(journal.exclusively((entries, append) => [append([{ number: 0 }], true), entries.length])).toEqual([
    undefined,
    0,
  ]);
});
