// File permissions, and access to the objects of a page or of a kernel.
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restoreBuffers } from '../../kernel-setup/kernel/cells/widgets/buffers';
import { jupyterEnv } from '../../kernel-setup/setup/jupyter-env.mjs';
import { projectPaths } from '../../kernel-setup/setup/paths.mjs';
import { scratchFolder } from '../support/project-copy';

let root: string;
beforeEach(() => {
  root = scratchFolder();
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

test.skipIf(process.platform === 'win32')(
  'only the owner can read the folder with the token, an older one as well',
  () => {
    const paths = projectPaths(root);
    const runtime = path.join(paths.jupyter, 'runtime');
    fs.mkdirSync(runtime, { recursive: true, mode: 0o755 });
    jupyterEnv({ paths, env: {} });
    for (const folder of [paths.jupyter, runtime]) expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  },
);

test('binary data of a comm is stored at its paths, and never in a prototype', () => {
  const bytes = new Uint8Array([1, 2]);
  const state = { shown: {}, rows: [null, null] };
  const paths = [['shown', 'value'], ['rows', 1], ['value']];
  expect(restoreBuffers(state, paths, [bytes, bytes, bytes])).toEqual({
    shown: { value: bytes },
    rows: [null, bytes],
    value: bytes,
  });
  const evil = [
    ['__proto__', 'polluted'],
    ['shown', '__proto__', 'polluted'],
    ['constructor', 'prototype', 'polluted'],
    ['rows', 'push'],
    ['__proto__'],
  ];
  restoreBuffers(
    state,
    evil,
    evil.map(() => bytes),
  );
  expect('polluted' in {}).toBe(false);
  expect(Object.getPrototypeOf(state)).toBe(Object.prototype);
  expect(state.rows.push).toBe(Array.prototype.push);
});
