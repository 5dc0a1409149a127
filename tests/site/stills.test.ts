// The build fails for notebooks whose figures lack pictures.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explain } from '../../kernel-setup/setup/errors.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { buildSite } from '../../site/build-site.mjs';
import { demandStills } from '../../site/stills.mjs';
import { findNotebooks } from '../../tools/notebooks/options.mjs';
import { makeNotebook } from '../support/notebooks';

let root: string;
const name = '001-notes/01-lost.ipynb';
const figure = { 'application/vnd.plotly.v1+json': { data: [], layout: {} }, 'text/plain': 'a wave' };
const shows = (data: object) => ({ output_type: 'display_data', metadata: {}, data });

beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-stills-'));
  fs.mkdirSync(path.join(root, '001-notes'));
  const note = { number: '001', letter: 'A', folder: '001-notes', title: 'Notes' };
  const lost = { file: '01-lost.ipynb', title: 'Lost', state: 'ready' };
  const planned = { file: '02-planned.ipynb', title: 'Planned', state: 'planned' };
  fs.writeFileSync(
    path.join(root, 'map.json'),
    JSON.stringify({ notes: [{ ...note, notebooks: [lost, planned] }], playFirst: [] }),
  );
  const cells = [
    { source: '1', outputs: [shows({ ...figure, 'image/png': 'iVBORw0KGgo=' })], id: 'kept' },
    { source: '2', outputs: [shows({ 'text/plain': '2' }), shows(figure)], id: 'wave' },
    { source: '3', outputs: [shows({ 'image/svg+xml': '<svg/>' })], id: 'drawing' },
  ];
  fs.writeFileSync(path.join(root, name), JSON.stringify(makeNotebook(cells)));
});

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

test('the build names each notebook and cell, and suggests a fix, before it writes anything', async () => {
  const to = path.join(root, 'site');
  const built = buildSite({ ...paths, notebooks: root }, to, { log: () => {}, env: process.env });
  const error = await built.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const [first, ...rest] = explain(error).split('\n');
  expect(first).toBe('✗ 2 figures have no picture:');
  expect(rest.slice(0, 2)).toEqual([`  ${name}: cell 2 (wave)`, `  ${name}: cell 3 (drawing)`]);
  expect(rest[2]).toMatch(/^ {2}Try: npm run notebooks -- --update 001-notes\/01-lost,/);
  expect(fs.existsSync(to)).toBe(false);
});

test('all notebooks have theirs', () => {
  const names: string[] = findNotebooks(paths.notebooks);
  expect(names.length).toBeGreaterThan(10);
  demandStills(paths.notebooks, names);
});
