import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lackOf } from '../../tools/notebooks/needs.mjs';

let root: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-needs-'));
  const notebooks = [
    { file: '01-a.ipynb', title: 'A', before: [], state: 'ready' },
    { file: '02-b.ipynb', title: 'B', before: [], state: 'ready', needs: 'fashion-mnist' },
  ];
  const map = { notes: [{ number: '002', folder: '002-n', title: 'N', notebooks }] };
  fs.writeFileSync(path.join(root, 'map.json'), JSON.stringify(map));
});
afterAll(() => fs.rmSync(root, { recursive: true }));

const absent = {
  'fashion-mnist': async () => {
    throw new Error('there is none of the files');
  },
};

it('explains what a notebook lacks', async () => {
  expect(await lackOf(root, '002-n/02-b.ipynb', absent)).toBe(
    'claims and outputs not judged without fashion-mnist: there is none of the files',
  );
});

it('accepts a notebook that needs nothing, or has what it needs', async () => {
  expect(await lackOf(root, '002-n/01-a.ipynb', absent)).toBeUndefined();
  expect(await lackOf(root, '002-n/02-b.ipynb', { 'fashion-mnist': async () => {} })).toBeUndefined();
  expect(await lackOf(path.join(root, 'no-map'), 'x.ipynb', absent)).toBeUndefined();
});
