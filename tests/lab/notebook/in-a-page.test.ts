// Where a page finds the files beside a notebook.
import { afterEach, expect, it } from 'vitest';
import { beside, filesBeside, findClaims, type Page } from '../../../src/platform/browser';

const place = Symbol.for('gradlab.page');
const global = globalThis as { [place]?: Page };
afterEach(() => {
  delete global[place];
});
const files = (...paths: string[]) => new Map(paths.map((path) => [path, '']));

it('claims.json beside the notebook comes first, then that of a parent folder; another folder has its own', () => {
  const [root, course, week, other] = ['', 'course/', 'course/week/', 'other/'].map(
    (folder) => `/drive/notebooks/${folder}claims.json`,
  );
  global[place] = { files: files(root!, week!, other!, course!), folder: '/drive/notebooks/course/week/' };
  expect(findClaims()).toEqual([week, course, root]);
  expect(beside('claims.json')).toBe(week);
  global[place].folder = '/drive/notebooks/';
  expect(findClaims()).toEqual([root]);
});

it('a page without a folder has the claims of notebooks/, and the files passed to it', () => {
  global[place] = { files: files('notebooks/claims.json', 'a.predictions.json', 'b/c.predictions.json') };
  expect(findClaims()).toEqual(['notebooks/claims.json']);
  expect(filesBeside('.predictions.json')).toEqual(['a.predictions.json']);
  expect(beside('a.exercises.js')).toBe('a.exercises.js');
});
