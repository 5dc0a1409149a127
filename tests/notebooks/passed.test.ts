import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { changedFiles } from '../support/changed-files.mjs';
import { makeFolder, makeNotebook } from '../support/notebooks';
import { asCommitted, hasPassed, once, stampOf } from '../support/passed';

const name = 'note/01-one.ipynb';
let folder: ReturnType<typeof makeFolder>;
const write = (file: string, text: string) => fs.writeFileSync(folder.file(file), text);
const claim = (id: string, notebook: string, sentence: string) => ({ id, notebook, sentence });

beforeAll(() => {
  const claims = [claim('A01', name, 'Of this one.'), claim('A02', 'note/01-other.ipynb', 'Of another.')];
  folder = makeFolder({ [name]: makeNotebook(['1 + 1']), 'note/01-other.ipynb': makeNotebook(['2']) }, claims);
  write('map.json', JSON.stringify({ notes: [], playFirst: [] }));
  write('note/01-one.predictions.json', '{}');
  write('note/rows.csv', '1,2\n');
  write('shared.ts', 'export const rate = 0.1;');
});
afterAll(() => folder.remove());

const common = () => [folder.file('shared.ts')];
const stamp = () => stampOf(name, folder.root, common());

it.each([
  ['the notebook', () => write(name, JSON.stringify(makeNotebook(['1 + 2'])))],
  ['its predictions', () => write('note/01-one.predictions.json', '{ "rate": {} }')],
  ['a file beside it', () => write('note/rows.csv', '1,3\n')],
  ['a file that comes', () => write('note/model.ts', 'export {};')],
  ['what it claims', () => write('claims.json', JSON.stringify([claim('A01', name, 'Corrected.')]))],
  ['what all are executed with', () => write('shared.ts', 'export const rate = 0.2;')],
])('is executed again after a change of %s', (_, change) => {
  const before = stamp();
  expect(stamp()).toBe(before);
  change();
  expect(stamp()).not.toBe(before);
});

it('is not executed again after a change of another notebook, of its files and claims', () => {
  const before = stamp();
  write('note/01-other.ipynb', JSON.stringify(makeNotebook(['3'])));
  write('note/01-other.exercises.js', 'module.exports = {};');
  const claims = folder.json('claims.json');
  write('claims.json', JSON.stringify([...claims, claim('A03', 'note/01-other.ipynb', 'One more.')]));
  expect(stamp()).toBe(before);
});

it('is remembered when it has passed, not when it fails, and never with --all', async () => {
  const real = '00-start-here.ipynb'; // no run executes it
  const kept = path.join(paths.state, 'passed', `${real}.txt`);
  fs.rmSync(kept, { force: true });
  await expect(once(real, () => Promise.reject(new Error('fails')))).rejects.toThrow('fails');
  expect(hasPassed(real, {})).toBe(false);
  await once(real, async () => {});
  expect(hasPassed(real, {})).toBe(true);
  expect(hasPassed(real, { GRADLAB_ALL: '1' })).toBe(false);
  fs.rmSync(kept);
});

describe('in a clone in which none has been executed, one counts as passed', () => {
  const names = [
    '000-machine-learning/01-fit-a-curve-four-ways.ipynb',
    '000-machine-learning/q-scaling-why-b-waits.ipynb',
  ];
  const [one, two] = names;
  const trusted = (...changed: string[]) =>
    asCommitted(
      names,
      changed.map((file) => path.join(paths.root, file)),
    );

  it('that is as committed, whatever else was changed', () => {
    expect(trusted()).toEqual(names);
    expect(trusted('README.md', 'tests/nn/new.test.ts', 'notebooks/000-machine-learning/03-new.ipynb')).toEqual(names);
    expect(trusted('notebooks/002-gradient-descent/rows.csv')).toEqual(names);
  });

  it('unless it, a file of its own or one that stands beside all was changed or is gone', () => {
    expect(trusted(`notebooks/${one}`)).toEqual([two]);
    expect(trusted('notebooks/000-machine-learning/q-scaling-why-b-waits.gone.js')).toEqual([one]);
    expect(trusted('notebooks/000-machine-learning/rows.csv')).toEqual([]);
  });

  it.each(['src/tensor/tensor.ts', 'kernel-setup/kernel/new.ts', 'package-lock.json', 'notebooks/claims.json'])(
    'unless all are executed with what was changed: %s',
    (file) => expect(trusted(file)).toEqual([]),
  );

  it('where there is a clone', () => {
    expect(asCommitted(names, undefined)).toEqual([]);
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-clone-'));
    expect(changedFiles(root)).toBeUndefined();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...args], { cwd: root, stdio: 'pipe' });
    git('init', '-q');
    for (const file of ['same', 'written', 'gone']) fs.writeFileSync(path.join(root, file), '');
    git('add', '.');
    git('commit', '-q', '-m', 'three files');
    expect(changedFiles(root)).toEqual([]);
    fs.writeFileSync(path.join(root, 'written'), 'more');
    fs.rmSync(path.join(root, 'gone'));
    fs.mkdirSync(path.join(root, 'folder'));
    fs.writeFileSync(path.join(root, 'folder', 'a file of mine'), '');
    const real = fs.realpathSync(root);
    expect(changedFiles(root)?.sort()).toEqual(
      ['folder/a file of mine', 'gone', 'written'].map((file) => path.join(real, file)),
    );
    fs.rmSync(root, { recursive: true });
  });
});
