import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ShownPaths } from '../../kernel-setup/kernel/shown-paths';

let root: string;
let folder: string;
let paths: ShownPaths;

beforeAll(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-paths (1) ')));
  folder = path.join(root, 'notebooks', 'first one');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(root, 'package.json'), '{}');
  paths = new ShownPaths(folder, { '/opt/kernel/build': 'gradlab-kernel' });
});

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

test('shortens paths of the notebook, its project, packages, builds and named folders', () => {
  const shown = (text: string) => paths.in(text.replaceAll('@', folder).replaceAll('^', root));
  expect(shown("open '@/data/a.csv'")).toBe("open 'data/a.csv'");
  expect(shown('file://@/lib/a.ts:3')).toBe('lib/a.ts:3');
  expect(shown("scandir '@'")).toBe("scandir '.'");
  expect(shown('^/src/a.ts and ^/notebooks/b.ts')).toBe('../../src/a.ts and ../b.ts');
  expect(shown('- @/node_modules/pkg/index.js\n- /usr/lib/node_modules/pkg/a.js')).toBe(
    '- node_modules/pkg/index.js\n- node_modules/pkg/a.js',
  );
  expect(shown('at f (/opt/kernel/build/cells/run.js:1:2)')).toBe('at f (gradlab-kernel/cells/run.js:1:2)');
  expect(shown(`/a/.gradlab/builds/library/${'0f'.repeat(16)}/core.js`)).toBe('gradlab/core.js');
  expect(shown(path.join(os.homedir(), 'other.csv'))).toBe('…/other.csv');
});

test('keeps typed paths, addresses, and longer names', () => {
  for (const text of ['/etc/nothing.txt', `https://example.org${folder}/a.js`, 'a/b', `${root}-other/a.ts`])
    expect(paths.in(text)).toBe(text);
});

test('shows only the end of a path outside these folders', () => {
  expect(paths.of('/srv/of/somebody/lib/a.js')).toBe('…/lib/a.js');
  expect(paths.of(`file://${folder}/a.js`)).toBe('a.js');
});
