// A learner's copies of the notebooks: unchanged files follow the project, changed ones stay.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bringNotebooks } from '../../kernel-setup/setup/own-notebooks.mjs';

let root: string;
let places: { notebooks: string; ownNotebooks: string; ownNotebooksRecord: string };

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-own-'));
  places = {
    notebooks: path.join(root, 'notebooks'),
    ownNotebooks: path.join(root, 'my-notebooks'),
    ownNotebooksRecord: path.join(root, 'record.json'),
  };
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const write = (folder: string, name: string, text: string) => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};
const project = (name: string, text: string) => write(places.notebooks, name, text);
const mine = (name: string, text: string) => write(places.ownNotebooks, name, text);
const read = (name: string) => {
  const file = path.join(places.ownNotebooks, name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
};
const all = () =>
  fs
    .readdirSync(places.ownNotebooks, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

test('copies everything at first, without what users and programs leave beside notebooks', () => {
  project('00-start-here.ipynb', 'start');
  project('a/01.ipynb', 'one');
  project('a/01.predictions.json', '{}');
  project('errata.md', 'errata');
  for (const name of ['a/01.md', 'a/.ipynb_checkpoints/01.ipynb', 'node_modules/x/index.js', '.DS_Store'])
    project(name, '');
  expect(bringNotebooks(places)).toEqual({ newer: [] });
  expect(all()).toEqual(['00-start-here.ipynb', '01.ipynb', '01.predictions.json', 'errata.md']);
  expect(read('a/01.ipynb')).toBe('one');
});

test('unchanged files follow the project; changed ones stay, and are named once they are outdated', () => {
  project('a.ipynb', 'a1');
  project('b.ipynb', 'b1');
  bringNotebooks(places);
  mine('b.ipynb', 'b1 and mine');
  mine('own.ipynb', 'mine');
  mine('helper.ts', 'mine');
  expect(bringNotebooks(places)).toEqual({ newer: [] });
  project('a.ipynb', 'a2');
  project('b.ipynb', 'b2');
  for (let starts = 0; starts < 2; starts++) {
    expect(bringNotebooks(places)).toEqual({ newer: ['b.ipynb'] });
    expect([read('a.ipynb'), read('b.ipynb'), read('own.ipynb'), read('helper.ts')]).toEqual([
      'a2',
      'b1 and mine',
      'mine',
      'mine',
    ]);
  }
  // Reset by the learner.
  mine('b.ipynb', 'b2');
  expect(bringNotebooks(places)).toEqual({ newer: [] });
  project('b.ipynb', 'b3');
  bringNotebooks(places);
  expect(read('b.ipynb')).toBe('b3');
});

test('a deleted file is copied again; a file removed from the project is deleted, unless it was changed', () => {
  for (const name of ['a.ipynb', 'b.ipynb', 'c.ipynb']) project(name, name);
  bringNotebooks(places);
  fs.rmSync(path.join(places.ownNotebooks, 'a.ipynb'));
  mine('c.ipynb', 'mine');
  for (const name of ['b.ipynb', 'c.ipynb']) fs.rmSync(path.join(places.notebooks, name));
  expect(bringNotebooks(places)).toEqual({ newer: [] });
  expect([read('a.ipynb'), read('b.ipynb'), read('c.ipynb')]).toEqual(['a.ipynb', undefined, 'mine']);
});

test("keeps a learner's file that existed before the project had one of that name", () => {
  mine('new.ipynb', 'mine');
  project('new.ipynb', 'theirs');
  expect(bringNotebooks(places)).toEqual({ newer: ['new.ipynb'] });
  expect(read('new.ipynb')).toBe('mine');
});

test('at first, changes in notebooks/ itself belong to the learner, and survive a reset by git', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: root, stdio: 'pipe' });
  project('a.ipynb', 'a1');
  project('b/b.ipynb', 'b1');
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'all');
  project('b/b.ipynb', 'b1 and mine');
  project('b/own.ipynb', 'mine');
  bringNotebooks(places);
  expect([read('a.ipynb'), read('b/b.ipynb'), read('b/own.ipynb')]).toEqual(['a1', 'b1 and mine', 'mine']);
  git('checkout', '-q', '--', '.');
  git('clean', '-qfd', 'notebooks');
  project('a.ipynb', 'a2');
  expect(bringNotebooks(places)).toEqual({ newer: ['b/b.ipynb'] });
  expect([read('a.ipynb'), read('b/b.ipynb'), read('b/own.ipynb')]).toEqual(['a2', 'b1 and mine', 'mine']);
});

test('no sequence of events loses what the learner wrote', () => {
  const names = ['a.ipynb', 'b/c.ipynb', 'b/d.json'];
  const step = fc.record({
    who: fc.constantFrom('project', 'project deletes', 'learner', 'start'),
    name: fc.constantFrom(...names),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      fs.rmSync(root, { recursive: true, force: true });
      fs.mkdirSync(root);
      const written = new Map<string, string>();
      steps.forEach(({ who, name }, i) => {
        if (who === 'project') project(name, `version ${i}`);
        else if (who === 'project deletes') fs.rmSync(path.join(places.notebooks, name), { force: true });
        else if (who === 'learner') {
          mine(name, `mine ${i}`);
          written.set(name, `mine ${i}`);
        } else bringNotebooks(places);
        for (const [file, text] of written) expect(read(file)).toBe(text);
      });
    }),
    { numRuns: 60 },
  );
});
