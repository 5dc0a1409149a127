// The lint of all notebooks, of the map and of the list of claims.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { partsIn } from '../../page/progress/parts.mjs';
import { findClaims, readClaimsList } from './claims.mjs';
import { stalePages } from './generated-pages.mjs';
import { lintNotebook } from './lint.mjs';
import { mapProblems, planProblems, readMap, START_PAGE } from './map.mjs';
import { readNotebook } from './notebook-file.mjs';
import { findNotebooks } from './options.mjs';

/**
 * Lints a folder of notebooks.
 * @returns {string[]} the problems, a line each
 */
export function lintAll(root, readme) {
  const map = readMap(root);
  const list = readClaimsList(join(root, 'claims.json'));
  const broken = mapProblems(map, root);
  if (broken.length > 0) return broken;
  const problems = [...list.problems, ...planProblems(map, list.entries)];
  const asked = new Map();
  let isReadable = true;
  for (const path of findNotebooks(root)) {
    if (path === START_PAGE) continue;
    const file = join(root, path);
    try {
      const notebook = readNotebook(file);
      const page = {
        notebook,
        path,
        root,
        bytes: statSync(file).size,
        map,
        claims: list.entries,
        asserted: findClaims(notebook),
        beside: besides(file),
      };
      problems.push(...lintNotebook(page).map(({ rule, message }) => `${path}: ${message} [${rule}]`));
      problems.push(...askedElsewhere(page, asked).map((message) => `${path}: ${message} [exercises]`));
    } catch (error) {
      isReadable = false;
      problems.push(`${path}: ${error.message}`);
    }
  }
  const stale = (isReadable ? stalePages(root, readme) : []).map(
    (file) => `${relative(dirname(readme), file)} is stale: npm run pages`,
  );
  return [...problems, ...stale];
}

/**
 * Finds questions and exercises with the same id in another notebook: a reader's answers are stored by it.
 * @param {{ notebook: object, path: string }} page
 * @param {Map<string, string>} asked fills
 */
function askedElsewhere({ notebook, path }, asked) {
  const code = notebook.cells.filter(({ cell_type: type }) => type === 'code').map(({ source }) => source);
  const { predictions, exercises } = partsIn(code.join('\n'));
  const names = [...predictions.map((id) => `question "${id}"`), ...exercises.map((id) => `exercise "${id}"`)];
  const problems = names
    .filter((name) => asked.has(name))
    .map((name) => `${name} is in ${asked.get(name)} as well; an id is one in all notebooks`);
  for (const name of names) if (!asked.has(name)) asked.set(name, path);
  return problems;
}

/** The entries of a notebook's files of predictions and exercises, by id. */
function besides(file) {
  const name = basename(file, '.ipynb');
  const there = new Set(readdirSync(dirname(file)));
  const read = (ending, parse) =>
    there.has(`${name}${ending}`) ? parse(readFileSync(join(dirname(file), `${name}${ending}`), 'utf8')) : {};
  return { predictions: read('.predictions.json', JSON.parse), exercises: read('.exercises.js', exportsOf) };
}

/**
 * Returns the exports of a CommonJS file, without the library, which may not be built: a placeholder that returns
 * itself replaces it.
 */
function exportsOf(text) {
  const anything = new Proxy(() => anything, { get: (_, key) => (key === Symbol.toPrimitive ? () => 0 : anything) });
  const module = { exports: {} };
  new Function('require', 'module', 'exports', text)(() => anything, module, module.exports);
  return module.exports;
}
