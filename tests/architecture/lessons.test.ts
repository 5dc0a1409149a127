// Every module and name of a lesson is used; unused figures are deleted.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/typescript';

const lessons = join(root, 'src', 'lab', 'lessons');
const filesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
const modules = filesIn(lessons, '.ts');

test('every folder of a lesson is imported by a notebook or by another lesson', () => {
  const notebooks = filesIn(join(root, 'notebooks'), '.ipynb').map((file) => readFileSync(file, 'utf8'));
  const folders = readdirSync(lessons, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? entry.name : [],
  );
  expect(folders.length).toBeGreaterThan(30);
  const unused = folders.filter(
    (folder) =>
      !notebooks.some((text) => text.includes(`gradlab/lab/lessons/${folder}\\"`)) &&
      !modules.some((file) => readFileSync(file, 'utf8').includes(`'../${folder}/`)),
  );
  expect(unused).toEqual([]);
});

test('every module of a lesson is imported by another', () => {
  const imported = new Set(
    filesIn(join(root, 'src'), '.ts').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']*)'/g)].map(
        ([, target]) => `${join(dirname(file), target!)}.ts`,
      ),
    ),
  );
  const unused = modules.filter((file) => !file.endsWith('index.ts') && !imported.has(file));
  expect(unused.map((file) => relative(lessons, file))).toEqual([]);
});

test('every name that a lesson exports is used by a notebook or a module', () => {
  const files = [join(root, 'notebooks'), join(root, 'src'), join(root, 'page'), join(root, 'tools')];
  const words = new Map<string, number>();
  for (const file of files.flatMap((folder) =>
    ['.ipynb', '.ts', '.mjs'].flatMap((ending) => filesIn(folder, ending)),
  )) {
    if (file.startsWith(lessons) && file.endsWith('index.ts')) continue;
    const code = readFileSync(file, 'utf8').replace(/^ *(\/\*\*.*|\*.*|\/\/.*)$/gm, '');
    for (const [word] of code.matchAll(/\b[A-Za-z]\w*/g)) words.set(word, (words.get(word) ?? 0) + 1);
  }
  const offered = modules
    .filter((file) => file.endsWith('index.ts'))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^export \{([^}]*)\}/gm)])
    .flatMap(([, list]) => list!.split(',').map((name) => name.trim()))
    .filter((name) => name && !name.startsWith('type '));
  expect(offered.length).toBeGreaterThan(100);
  // One occurrence is the declaration. A test repeats the recorded measurement.
  expect(offered.filter((name) => (words.get(name) ?? 0) < 2)).toEqual(['stepsToLearn']);
});
