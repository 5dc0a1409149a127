// Cached files of the compiler are rebuilt if they are stale.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtKernel } from '../support/cell-session';

type KeptFiles = typeof import('../../../kernel-setup/kernel/compiler/kept-files');

let folder: string;
let source: string;
let kept: KeptFiles['kept'];
let made = 0;

beforeEach(async () => {
  ({ kept } = (await builtKernel())<KeptFiles>('compiler/kept-files.js'));
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-kept-'));
  source = path.join(folder, 'source.d.ts');
  fs.writeFileSync(source, 'one');
  made = 0;
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const ask = (where: string | undefined = path.join(folder, 'cache')) =>
  kept(where, 'name', (readText) => {
    made += 1;
    return { text: readText(source), names: new Map([['a', 1]]) };
  });

test('are built once for the same files', () => {
  const first = ask();
  expect(ask()).toEqual(first);
  expect(first).toEqual({ text: 'one', names: new Map([['a', 1]]) });
  expect(made).toBe(1);
});

test('are rebuilt if a file has changed or is gone', () => {
  ask();
  fs.writeFileSync(source, 'three');
  expect(ask().text).toBe('three');
  expect(made).toBe(2);
  fs.rmSync(source);
  expect(() => ask()).toThrow('ENOENT');
});

test('are rebuilt if the cache is damaged', () => {
  ask();
  const [file] = fs.readdirSync(path.join(folder, 'cache'));
  for (const damage of ['', 'nonsense']) {
    fs.writeFileSync(path.join(folder, 'cache', file), damage);
    expect(ask().text).toBe('one');
  }
  expect(made).toBe(3);
});

test('are separate for files of the same name in two folders', () => {
  const where = path.join(folder, 'cache');
  const of = (name: string) => kept(where, path.join(folder, name, 'index.d.ts'), () => name);
  expect([of('one'), of('two'), of('one')]).toEqual(['one', 'two', 'one']);
});

test('are built each time if the cache cannot be written', () => {
  kept(undefined, 'name', () => (made += 1));
  kept(undefined, 'name', () => (made += 1));
  ask(path.join(source, 'no-folder'));
  ask(path.join(source, 'no-folder'));
  expect(made).toBe(4);
});
