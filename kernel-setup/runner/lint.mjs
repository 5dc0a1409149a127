// The rules that every notebook keeps, as far as a machine can tell. `npm run check` goes through them; how a notebook
// reads, only a reader can say.
import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { markdownReader, withFormulas } from '../lite/pages/markdown.mjs';
import { judgeClaims } from './claims.mjs';
import { entryOf } from './map.mjs';
import { wayCells } from './pages.mjs';
import { figuresIn } from './update.mjs';

const LIMITS = {
  columns: 88,
  codeLines: 250,
  words: 2200,
  wordsBetween: 250,
  wordsFirst: 120,
  claimLines: 8,
  claims: 15,
  liveFigures: 6,
  bytes: 1_000_000,
  galleryBytes: 2_000_000,
  inShort: 7,
};

/**
 * @typedef {object} Page what a rule looks at
 * @property {object} notebook as `readNotebook` gives it
 * @property {string} path below `root`
 * @property {string} root the folder of notebooks
 * @property {number} bytes of the file
 * @property {object} map as `readMap` gives it
 * @property {object[]} claims the list's entries
 * @property {object[]} asserted as `findClaims` gives them
 * @property {{ predictions: string[], exercises: string[] }} ids in the files beside the notebook
 */

/** Each gives what is wrong, as texts or as `[cell, text]`. */
const RULES = {
  title({ notebook, map, path }) {
    const wanted = `# ${entryOf(map, path)?.title}`;
    const [first] = notebook.cells;
    const has = first?.cell_type === 'markdown' && first.source.split('\n')[0] === wanted;
    return has ? [] : [`must begin with a cell "${wanted}", the title of map.json`];
  },

  ways({ notebook, map, path }) {
    const entry = entryOf(map, path);
    if (!entry) return ['is not in map.json, so that no link leads to it'];
    return Object.entries(wayCells(map, entry)).flatMap(([id, source]) => {
      const cell = notebook.cells.find((one) => one.id === id);
      if (cell?.source === source) return [];
      return [`the cell ${id}, which leads to other notebooks, is ${cell ? 'stale' : 'missing'}: npm run pages`];
    });
  },

  columns({ notebook }) {
    return codeCells(notebook).flatMap((cell) =>
      cell.source
        .split('\n')
        .filter((line) => [...line].length > LIMITS.columns)
        .map((line) => [cell, `has a line of ${[...line].length} characters; ${LIMITS.columns} are seen whole`]),
    );
  },

  length({ notebook }) {
    const lines = codeCells(notebook).reduce((sum, cell) => sum + linesOf(cell), 0);
    const words = markdownCells(notebook).reduce((sum, cell) => sum + wordsOf(cell.source), 0);
    return [
      ...(lines > LIMITS.codeLines ? [`has ${lines} lines of code; at most ${LIMITS.codeLines}`] : []),
      ...(words > LIMITS.words ? [`has ${words} words; at most ${LIMITS.words}`] : []),
    ];
  },

  rhythm({ notebook }) {
    const found = [];
    let words = 0;
    let looked = false;
    for (const cell of notebook.cells) {
      if (cell.cell_type === 'markdown') words += wordsOf(cell.source);
      else if ((cell.outputs ?? []).length > 0) {
        const most = looked ? LIMITS.wordsBetween : LIMITS.wordsFirst;
        const before = looked ? 'between two things to look at' : 'before the first thing to look at';
        if (words > most) found.push([cell, `comes after ${words} words ${before}; at most ${most}`]);
        [words, looked] = [0, true];
      }
    }
    return found;
  },

  opening({ notebook }) {
    const first = codeCells(notebook)
      .filter((cell) => !isImportOnly(cell))
      .slice(0, 3);
    const asks = first.some((cell) => callsOf(cell, 'predict').length > 0);
    const moves = first.some((cell) => figuresIn({ cells: [cell] }).length > 0);
    return asks && moves
      ? []
      : ['must open with a prediction and a figure, in the first three cells of code after imports'];
  },

  claimCells({ notebook, asserted }) {
    const long = codeCells(notebook)
      .filter((cell) => /\bclaims?\(/.test(cell.source) && linesOf(cell) > LIMITS.claimLines)
      .map((cell) => [cell, `asserts a claim in ${linesOf(cell)} lines; at most ${LIMITS.claimLines}`]);
    const many = asserted.length > LIMITS.claims ? [`has ${asserted.length} claims; at most ${LIMITS.claims}`] : [];
    return [...long, ...many];
  },

  claims({ notebook, asserted, claims, path }) {
    return judgeClaims(asserted, claims, path).map(({ id, index, message }) => {
      const text = `claim ${id} ${message}`;
      return index < 0 ? text : [notebook.cells[index], text];
    });
  },

  size({ bytes, map, path }) {
    const most = entryOf(map, path)?.gallery ? LIMITS.galleryBytes : LIMITS.bytes;
    return bytes > most ? [`is ${(bytes / 1e6).toFixed(2)} MB; at most ${most / 1e6}`] : [];
  },

  figures({ notebook }) {
    const live = figuresIn(notebook).filter(({ figure }) => figure.data.some(({ type }) => WEBGL.has(type)));
    return live.length > LIMITS.liveFigures
      ? [`has ${live.length} live 3-D figures; at most ${LIMITS.liveFigures}`]
      : [];
  },

  links({ notebook, map, path, root }) {
    const planned = new Set(map.entries.filter(({ state }) => state === 'planned').map((entry) => entry.path));
    return markdownCells(notebook).flatMap((cell) =>
      [...withoutCode(cell.source).matchAll(/\]\(([^()\s]+)\)/g)]
        .map(([, target]) => target)
        .filter((target) => !/^(\w+:|#)/.test(target))
        .map((target) => posix.join(dirname(path), target.replace(/#.*/, '')))
        .filter((target) => !planned.has(target) && !existsSync(join(root, target)))
        .map((target) => [cell, `links to ${target}, which is not there`]),
    );
  },

  formulas({ notebook }) {
    return notebook.cells.flatMap((cell) => {
      const texts = cell.cell_type === 'markdown' ? [['text/markdown', cell.source]] : cell.outputs.flatMap(textsOf);
      return texts.flatMap(([mime, text]) => flawOf(mime, text).map((flaw) => [cell, `has a formula: ${flaw}`]));
    });
  },

  hints({ notebook }) {
    const textOf = ({ data, text }) => [data?.['text/plain'] ?? text ?? ''].flat().join('');
    return codeCells(notebook).flatMap((cell) => {
      const isExercise = callsOf(cell, 'exercise').length > 0 && cell.outputs.length > 0;
      const isHint = cell.outputs.some((output) => /^(… Not yet|✓ Right)\./.test(textOf(output)));
      return isExercise || isHint ? [[cell, 'prints a hint, though nothing has been entered']] : [];
    });
  },

  exercises({ notebook, ids }) {
    const used = (name) => codeCells(notebook).flatMap((cell) => callsOf(cell, name).map((id) => [cell, id]));
    const compare = (name, known) => {
      const calls = used(name);
      const unknown = calls.filter(([, id]) => !known.includes(id));
      const twice = calls.filter(([, id], i) => calls.findIndex((call) => call[1] === id) < i);
      const unused = known.filter((id) => !calls.some((call) => call[1] === id));
      return [
        ...unknown.map(([cell, id]) => [cell, `${name}("${id}") is not in the file beside the notebook`]),
        ...twice.map(([cell, id]) => [cell, `${name}("${id}") stands here a second time`]),
        ...unused.map((id) => `${name}("${id}") is in the file beside the notebook and never called`),
      ];
    };
    const count = used('exercise').length;
    const three = count < 2 || count > 3 ? [`calls exercise ${count} times; of three exercises one is open`] : [];
    return [...compare('predict', ids.predictions), ...compare('exercise', ids.exercises), ...three];
  },

  ending({ notebook }) {
    const sectionOf = (heading) =>
      markdownCells(notebook).find(({ source }) => source.startsWith(`## ${heading}\n`) || source === `## ${heading}`);
    const summary = sectionOf('In short');
    const points = summary?.source.match(/^- /gm)?.length ?? 0;
    return [
      ...(summary ? [] : ['has no cell "## In short"']),
      ...(points > LIMITS.inShort ? [[summary, `says "in short" in ${points} points; at most ${LIMITS.inShort}`]] : []),
      ...(sectionOf('Exercises') ? [] : ['has no cell "## Exercises"']),
      ...(sectionOf('In the note') ? [] : ['has no cell "## In the note", the map to the note']),
    ];
  },
};

const WEBGL = new Set(
  'surface scatter3d mesh3d cone streamtube volume isosurface scattergl scatterpolargl splom parcoords'.split(' '),
);

const codeCells = ({ cells }) => cells.filter((cell) => cell.cell_type === 'code');
const markdownCells = ({ cells }) => cells.filter((cell) => cell.cell_type === 'markdown');
const linesOf = ({ source }) => source.split('\n').filter((line) => line.trim() !== '').length;
const isImportOnly = ({ source }) => source.replace(/import\s[^;]*;/g, '').trim() === '';
const textsOf = ({ data = {} }) =>
  ['text/markdown', 'text/html'].filter((mime) => mime in data).map((mime) => [mime, [data[mime]].flat().join('')]);
const readMarkdown = markdownReader((address) => address);

/** What KaTeX says of the first formula of a text that it cannot set, or would warn of. */
function flawOf(mime, text) {
  try {
    if (mime === 'text/html') withFormulas(text);
    else readMarkdown(text);
    return [];
  } catch (error) {
    return [error.message];
  }
}

const withoutCode = (source) => source.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`/g, '`');

/** The ids with which a cell calls a function of this name. */
const callsOf = ({ source }, name) =>
  [...source.matchAll(new RegExp(`\\b${name}\\(\\s*["'\`]([^"'\`]+)["'\`]`, 'g'))].map(([, id]) => id);

/** Words that are read before anything is opened: a formula counts as one, folded text and markup as none. */
function wordsOf(source) {
  const text = withoutCode(source)
    .replace(/<details>[\s\S]*?<\/details>/g, ' ')
    .replace(/\$\$[\s\S]*?\$\$|\$[^$\n]*\$/g, ' formula ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\]\([^)]*\)/g, ' ');
  return text.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;
}

/**
 * What is wrong with a notebook.
 * @param {Page} page
 * @returns {{ rule: string, message: string }[]} the message names the cell by its id
 */
export function lintNotebook(page) {
  return Object.entries(RULES).flatMap(([rule, find]) =>
    find(page).map((found) => {
      const [cell, message] = Array.isArray(found) ? found : [undefined, found];
      return { rule, message: cell ? `cell ${cell.id} ${message}` : message };
    }),
  );
}
