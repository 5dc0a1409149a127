// The allowed imports between the project's folders.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/typescript';

/** Each folder with the folders from which it may import. */
const rooms: Record<string, string[]> = {
  src: [],
  page: ['src'],
  'kernel-setup': ['src', 'page'],
  tools: ['kernel-setup', 'page'],
  site: ['kernel-setup', 'page', 'tools'],
};

const roomOf = (file: string) => relative(root, file).split(/[\\/]/)[0]!;

/** The relative imports of a source, including types. */
function importsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(/(?:from |\bimport |\bimport\()'(\.{1,2}\/[^']*)'/g);
  return [...found].map(([, target]) => join(dirname(file), target!));
}

/** Our files only: a test installs other packages. */
const filesIn = (room: string) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs|js)$/.test(name) && !/\bnode_modules\b/.test(name))
    .map((name) => join(root, room, name));

test.each(Object.entries(rooms))('%s imports only from itself and %j', (room, others) => {
  const files = filesIn(room);
  expect(files.length).toBeGreaterThan(5);
  // Assets of pages refer to files of the site, not of the project; the reference names the library's entry points.
  const apart = /[\\/]site[\\/]pages[\\/](assets[\\/]|api[\\/]doors\.ts$)/;
  const sources = files.filter((file) => !apart.test(file));
  const strangers = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => ![room, ...others].includes(roomOf(target)))
      .map((target) => `${relative(root, file)}: ${relative(root, target)}`),
  );
  expect(strangers).toEqual([]);
});

test('nothing imports a program of scripts/: shared code is in another folder', () => {
  const all = [...Object.keys(rooms), 'tests', 'bench'].flatMap(filesIn);
  const importing = all.flatMap((file) => importsOf(file).filter((target) => roomOf(target) === 'scripts'));
  expect(importing).toEqual([]);
});
