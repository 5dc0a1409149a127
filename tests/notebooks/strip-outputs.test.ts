// The git filter of tools/notebooks/README.md for custom notebooks: git sees the author's changes, and no run.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { makeNotebook } from '../support/notebooks';

const committed = path.join(paths.notebooks, '002-gradient-descent', '01-gradient-descent-in-3d.ipynb');
const name = 'my/own.ipynb';
let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder, encoding: 'utf8' });
const write = (notebook: object) =>
  fs.writeFileSync(path.join(folder, name), `${JSON.stringify(notebook, undefined, 1)}\n`);

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-strip-'));
  const text = fs.readFileSync(path.join(paths.root, 'tools/notebooks/README.md'), 'utf8');
  const [, command] = /^git config filter\.gradlab\.clean "(.*)"$/m.exec(text)!;
  const [, attributes, file] = /^echo '(.*)' >> (\S+)$/m.exec(text)!;
  git('init', '--quiet');
  fs.mkdirSync(path.join(folder, 'my'));
  fs.mkdirSync(path.dirname(path.join(folder, file!)), { recursive: true });
  fs.writeFileSync(path.join(folder, file!), `${attributes}\n`);
  git('config', 'filter.gradlab.clean', command!.replace('scripts/', `${paths.root}/scripts/`));
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test('git sees no change after a run, and one line after a changed line', () => {
  const fresh = makeNotebook(['1 + 1', 'a', { type: 'markdown', source: 'Text.\nMore.' }], { title: 'Own' });
  write(fresh);
  git('add', '.');
  git('commit', '--quiet', '-m', 'a');
  const run = structuredClone(fresh);
  const result = { output_type: 'execute_result', execution_count: 7, data: { 'text/plain': '2' }, metadata: {} };
  Object.assign(run.cells[0]!, { execution_count: 7, outputs: [result] });
  Object.assign(run.metadata, { widgets: { 'application/vnd.jupyter.widget-state+json': { state: {} } } });
  write(run);
  expect(git('diff', '--stat')).toBe('');
  run.cells[1]!.source = 'b';
  write(run);
  expect(git('diff', '--numstat')).toBe(`1\t1\t${name}\n`);
  const kept = JSON.parse(git('show', `:${name}`));
  expect(kept).toEqual({
    ...fresh,
    cells: fresh.cells.map((cell) => ({ ...cell, source: cell.source.split(/(?<=\n)/) })),
  });
});

test('a notebook of the project is the same for git with and without outputs', () => {
  const notebook = JSON.parse(fs.readFileSync(committed, 'utf8'));
  const { widgets, ...metadata } = notebook.metadata;
  expect(widgets).toBeDefined();
  const cells = notebook.cells.map((cell: { cell_type: string }) =>
    cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  write({ ...notebook, metadata, cells });
  git('add', '.');
  fs.copyFileSync(committed, path.join(folder, name));
  expect(git('diff', '--stat')).toBe('');
});
