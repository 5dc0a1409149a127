// Documents for contributors: each link and path in them exists, and the first page stays short.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/typescript';

const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
const files = listed.split('\n').filter(Boolean);
/** The ends of each path, from any folder on, with a leading slash. */
const paths = files.flatMap((file) => file.split('/').map((_, i, parts) => `/${parts.slice(0, i + 1).join('/')}`));
const exists = (name: string) => paths.some((path) => path.endsWith(`/${name}`));

const documents = files.filter(
  (file) => /(^CONTRIBUTING|\/README)\.md$/.test(file) && file !== 'kernel-setup/package/README.md',
);
const textOf = (name: string) => readFileSync(join(root, name), 'utf8');

test.each([...documents, 'docs/dependencies.md'])('%s links only to existing files', (name) => {
  const links = [...textOf(name).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
  const ours = links.filter((link) => !/^https?:/.test(link));
  expect(ours.filter((link) => !files.includes(posix.join(posix.dirname(name), link)))).toEqual([]);
});

/** Created by a build, or only an example. */
const notCommitted =
  /^(\.|dist|node_modules\/|OTHER\/|builds\/|core\.js|FILE|q-|….recorded|(src\/)?(contracts\.json|(ops\/functions|ops\/table\/arities|nn\/(activations|dropouts|losses)|nn\/(functional\/)?dimensions)\.ts))/;

test.each(documents)('%s names only existing sources', (name) => {
  const named = [...textOf(name).matchAll(/`([\w./-]+\.(?:ts|mjs|js|json|md|py|yml))`/g)].map(([, path]) => path!);
  expect(named.filter((path) => !notCommitted.test(path) && !exists(path))).toEqual([]);
});

test('CONTRIBUTING.md can be read in ten minutes, and CHANGELOG.md describes what users notice', () => {
  expect(textOf('CONTRIBUTING.md').length).toBeLessThanOrEqual(8000);
  expect(textOf('CHANGELOG.md').split(/\s+/).length).toBeLessThanOrEqual(1500);
});
