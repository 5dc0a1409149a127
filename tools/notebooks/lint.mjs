// The rules for notebooks that can be checked automatically. `npm run check` applies them. Hints for authors are in
// statistics.mjs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { cellNamed } from './cell-addresses.mjs';
import { isOwn, judgeClaims, LESSON_MIME } from './claims.mjs';
import { wayCells } from './generated-pages.mjs';
import { entryOf, isChapter } from './map.mjs';
import { markdownReader, withFormulas } from './markdown.mjs';
import { markProblems } from './marks.mjs';
import { firstComment, isFolded, readNotebook } from './notebook-file.mjs';
import { idPrefix } from './references.mjs';
import { figuresIn } from './update.mjs';

const LIMITS = {
  idLength: 64, // nbformat's
  liveFigures: 6,
  bytes: 1_500_000,
  galleryBytes: 2_000_000,
};

/** The names of members added after ES2022, from TypeScript's declarations. */
const newerMembers = (() => {
  const folder = join(paths.nodeModules, 'typescript', 'lib');
  const [known, newer] = [new Set(), new Set()];
  for (const file of readdirSync(folder).filter((name) => /^lib\.es.*\.d\.ts$/.test(name))) {
    const names = /^lib\.es(202[3-9]|20[3-9]\d|next)/.test(file) ? newer : known;
    for (const [, name] of readFileSync(join(folder, file), 'utf8').matchAll(/^ {4}(\w+)\??(?=[<(])/gm))
      names.add(name);
  }
  return new Set([...newer].filter((name) => !known.has(name)));
})();

/**
 * @typedef {object} Page the input of a rule
 * @property {object} notebook from `readNotebook`
 * @property {string} path below `root`
 * @property {string} root the folder of notebooks
 * @property {number} bytes of the file
 * @property {object} map from `readMap`
 * @property {object[]} claims the list's entries
 * @property {object[]} asserted from `findClaims`
 * @property {{ predictions: object, exercises: object }} beside the contents of the files beside the notebook, by id
 */

/** Each returns problems, as texts or as `[cell, text]`. */
const RULES = {
  title({ notebook, map, path }) {
    const wanted = `# ${entryOf(map, path)?.title}`;
    const [first] = notebook.cells;
    const has = first?.cell_type === 'markdown' && first.source.split('\n')[0] === wanted;
    return has ? [] : [`must begin with a cell "${wanted}", the title of map.json`];
  },

  ways({ notebook, map, path, root, claims }) {
    const entry = entryOf(map, path);
    if (!entry) return ['is not in map.json, so that no link leads to it'];
    const sources = wayCells(map, entry, { root, claims });
    return Object.entries(sources).flatMap(([id, source]) => {
      const cell = notebook.cells.find((one) => one.id === id);
      if (cell?.source === source) return [];
      return [`the cell ${id}, which leads to other notebooks, is ${cell ? 'stale' : 'missing'}: npm run pages`];
    });
  },

  marks: ({ notebook, path }) => markProblems(notebook, path),

  ids({ notebook, path }) {
    return notebook.cells
      .map((cell) => [cell, `${idPrefix(path)}${cell.id}`])
      .filter(([, id]) => !/^[\w-]*$/.test(id) || id.length > LIMITS.idLength)
      .map(([cell, id]) => [cell, `is ${id} in the file; an id has at most 64 letters, digits, - and _`]);
  },

  target({ notebook }) {
    return codeCells(notebook).flatMap((cell) =>
      [...cell.source.matchAll(/\.(\w+)\(/g)]
        .filter(([, name]) => newerMembers.has(name))
        .map(([call]) => [cell, `calls ${call}…), which ES2022 does not have, the newest that stock tslab supports`]),
    );
  },

  folding({ notebook }) {
    const open = codeCells(notebook)
      .filter((cell) => !isFolded(cell) && (isImportOnly(cell) || APPARATUS.test(cell.source)))
      .map((cell) => [cell, 'asks, measures or imports in sight: fold its code']);
    const mute = codeCells(notebook)
      .filter((cell) => isFolded(cell) && !firstComment(cell.source).says)
      .map((cell) => [cell, 'is folded and has no first line "// …" that says what it does']);
    return [...open, ...mute];
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
    const flaw = (target) => {
      const [file, place] = target.split('#');
      const other = file === '' ? path : posix.join(dirname(path), file);
      if (planned.has(other)) return undefined;
      if (!existsSync(join(root, other))) return `links to ${other}, which is not there`;
      if (!other.endsWith('.ipynb')) return undefined;
      const id = cellNamed(other, place);
      if (id === undefined)
        return /^cell-/.test(place ?? '') ? `links to ${target}; JupyterLab finds cells by #cell-id=` : undefined;
      const { cells } = file === '' ? notebook : readNotebook(join(root, other));
      return cells.some((cell) => cell.id === id)
        ? undefined
        : `links to the cell ${id} of ${other}, which it does not have`;
    };
    return markdownCells(notebook).flatMap((cell) =>
      [...withoutCode(cell.source).matchAll(/\]\(([^()\s]+)(?: "[^"]*")?\)/g)]
        .map(([, target]) => target)
        .filter((target) => !/^\w+:/.test(target))
        .flatMap((target) => flaw(target) ?? [])
        .map((message) => [cell, message]),
    );
  },

  formulas({ notebook }) {
    return textsIn(notebook).flatMap(([cell, mime, text]) =>
      flawOf(mime, text).map((flaw) => [cell, `has a formula: ${flaw}`]),
    );
  },

  tables({ notebook }) {
    return textsIn(notebook)
      .filter(([, mime, text]) => hasNamelessColumn(mime, text))
      .map(([cell]) => [
        cell,
        'has a table with an empty header, or a formula alone; a screen reader needs words for each column',
      ]);
  },

  hints({ notebook }) {
    const textOf = ({ data, text }) => [data?.['text/plain'] ?? text ?? ''].flat().join('');
    return codeCells(notebook).flatMap((cell) => {
      const isExercise = callsOf(cell, 'exercise').length > 0 && cell.outputs.length > 0;
      const isHint = cell.outputs.some((output) => /^(… Not yet|✓ Right)\./.test(textOf(output)));
      return isExercise || isHint ? [[cell, 'prints a hint, though nothing has been entered']] : [];
    });
  },

  exercises({ notebook, beside }) {
    const used = (name) => codeCells(notebook).flatMap((cell) => callsOf(cell, name).map((id) => [cell, id]));
    const compare = (name, known) => {
      const calls = used(name);
      const said = name.split('|')[0];
      const unknown = calls.filter(([, id]) => !known.includes(id));
      const twice = calls.filter(([, id], i) => calls.findIndex((call) => call[1] === id) < i);
      const unused = known.filter((id) => !calls.some((call) => call[1] === id));
      return [
        ...unknown.map(([cell, id]) => [cell, `${said}("${id}") is not in the file beside the notebook`]),
        ...twice.map(([cell, id]) => [cell, `${said}("${id}") occurs here a second time`]),
        ...unused.map((id) => `${said}("${id}") is in the file beside the notebook and never called`),
      ];
    };
    return [
      ...compare(QUESTIONS, Object.keys(beside.predictions)),
      ...compare('exercise', Object.keys(beside.exercises)),
    ];
  },

  reasons({ notebook }) {
    return notebook.cells.flatMap((cell, i) => {
      const below = notebook.cells[i + 1];
      if (callsOf(cell, QUESTIONS).length === 0 || below?.cell_type !== 'markdown') return [];
      if (/^(?:<details>|#)/.test(below.source)) return [];
      return [[below, 'is visible under a question: fold the reason as <details><summary>Why</summary>']];
    });
  },

  waiting({ notebook }) {
    let asked;
    return notebook.cells.flatMap((cell) => {
      if (cell.cell_type === 'markdown') {
        if (/^## /m.test(cell.source)) asked = undefined;
        return [];
      }
      const tells =
        asked !== undefined && /\bclaims?\(/.test(cell.source) && !cell.source.includes(`after: "${asked}"`);
      const problem = tells
        ? [[cell, `tells what question "${asked}" asks: give claims({ … }, { after: "${asked}" })`]]
        : [];
      asked = callsOf(cell, QUESTIONS).at(-1) ?? asked;
      return problem;
    });
  },

  questions({ notebook, beside }) {
    const textsOf = ({ question, answers = [] }) => [
      question,
      ...answers.flatMap(({ text, remark }) => [text, remark]),
    ];
    return questionsOf(notebook).flatMap(({ cell, question }) => {
      const now = new Set(textsOf(beside.predictions[question.id] ?? question));
      const isStale = textsOf(question).some((text) => !now.has(text));
      return isStale ? [[cell, `shows question "${question.id}" in words that it had once: run it again`]] : [];
    });
  },

  told({ notebook }) {
    const [heading] = (notebook.cells[0]?.source ?? '').split('\n');
    return questionsOf(notebook).flatMap(({ cell, question: { id, question, before = '', answers } }) => {
      const right = answers.find(({ verdict }) => verdict === 'right')?.text ?? '';
      const others = answers.filter(({ verdict }) => verdict !== 'right').map(({ text }) => text);
      const common = tellingWords([question, ...others].join(' '));
      const own = tellingWords(right).filter((word) => !common.includes(word));
      const shown = figuresIn({ cells: [cell] }).map(({ figure }) => figure.layout?.title?.text ?? '');
      const tells = (text) => {
        const seen = tellingWords(text);
        return own.every((word) => seen.includes(word)) && (own.length > 1 || /\d/.test(own[0] ?? ''));
      };
      if (tells([heading, before, ...shown].join(' ')))
        return [[cell, `question "${id}" is answered in a title above it: ${own.join(', ')}`]];
      const below = textBelow(notebook, cell).find(({ source }) => sentencesOf(inSight(source)).some(tells));
      return below ? [[below, `answers question "${id}" in sight below it: ${own.join(', ')}`]] : [];
    });
  },

  map({ notebook }) {
    const headings = Object.fromEntries(
      markdownCells(notebook).flatMap(({ source }) =>
        [...source.matchAll(/^## (\d+) · (.*)$/gm)].map(([, n, text]) => [n, text]),
      ),
    );
    const cell = sectionOf(notebook, 'In the note');
    const rows = cell?.source.match(/^\|(?:\\.|[^|\n])*/gm) ?? [];
    // "2 Why is more not better?" or its beginning, alone or in a list.
    return rows
      .flatMap((row) =>
        row
          .slice(1)
          .replaceAll('\\|', '|')
          .split(/,? (?=\d+ [^\sa-z])/),
      )
      .flatMap((part) => part.match(/^ ?(?<n>\d+) (?<name>[^\sa-z\d].*?)(?: to| and)? ?$/)?.groups ?? [])
      .filter(({ n, name }) => !headings[n]?.startsWith(name))
      .map(({ n, name }) => [cell, `names section ${n} "${name}"; its heading is "${headings[n] ?? '(none)'}"`]);
  },

  chapter({ notebook, map, path }) {
    if (!isChapter(entryOf(map, path) ?? {})) return [];
    const has = codeCells(notebook).some((cell) => callsOf(cell, 'exercise').length > 0);
    return [
      ...(sectionOf(notebook, 'In short') ? [] : ['has no cell "## In short"']),
      ...(has ? [] : ['has no exercise']),
    ];
  },

  order({ notebook, map, path, claims, asserted }) {
    const entry = entryOf(map, path) ?? {};
    if (!isChapter(entry)) return [];
    const place = (id) => claims.findIndex((claim) => claim.id === id);
    const headingOf = (id) => claims[place(id)]?.where?.heading;
    const last = new Map();
    return asserted
      .filter(({ id }) => !isOwn({ id }) && headingOf(id) !== undefined && !entry.outOfOrder.includes(id))
      .flatMap(({ id, index }) => {
        const before = last.get(headingOf(id));
        last.set(headingOf(id), id);
        if (before === undefined || place(before) < place(id)) return [];
        return [
          [
            notebook.cells[index],
            `settles ${id} after ${before}; below "${headingOf(id)}" the note has it before (or name it in "outOfOrder" of the map)`,
          ],
        ];
      });
  },

  question({ map, path, asserted }) {
    if (entryOf(map, path)?.kind !== 'question') return [];
    return asserted
      .filter((claim) => !isOwn(claim))
      .map(({ id }) => `settles ${id}; a question settles no statement of a note, that is for its chapter`);
  },
};

const WEBGL = new Set(
  'surface scatter3d mesh3d cone streamtube volume isosurface scattergl scatterpolargl splom parcoords'.split(' '),
);

/** The functions that ask for a prediction. */
const QUESTIONS = 'predict|ask';

/** Calls that ask or measure. Readers do not need their code. */
const APPARATUS = /^[^/\n]*(?<![.\w])(?:predict|ask|claims?|read|aboutTheNote)\(["'{]/m;

/** The Markdown cell with a level-2 heading. */
export const sectionOf = (notebook, heading) =>
  markdownCells(notebook).find(({ source }) => source.startsWith(`## ${heading}\n`) || source === `## ${heading}`);

/** The questions among the outputs, with the cells that ask them. */
const questionsOf = (notebook) =>
  codeCells(notebook).flatMap((cell) =>
    (cell.outputs ?? []).flatMap(({ data }) =>
      data?.[LESSON_MIME]?.answers ? [{ cell, question: data[LESSON_MIME] }] : [],
    ),
  );

/** Sentences, without formulas. */
export const sentencesOf = (text) => text.replace(/\$\$[\s\S]*?\$\$|\$[^$\n]*\$/g, ' ').split(/[.:;?!](?=\s)|\n\n/);

/** The Markdown cells below a question, up to the next heading or question. */
function textBelow({ cells }, question) {
  const after = cells.slice(cells.indexOf(question) + 1);
  const end = after.findIndex(({ source, ...cell }) =>
    cell.cell_type === 'markdown' ? /^#/.test(source) : callsOf({ source }, QUESTIONS).length > 0,
  );
  return markdownCells({ cells: end < 0 ? after : after.slice(0, end) });
}

/** Words of a text, formulas included. */
const allWords = (text) => text.toLowerCase().match(/[\p{L}\p{N}](?:[\p{L}\p{N}’'.,]*[\p{L}\p{N}])?/gu) ?? [];
/** Words that could reveal an answer: those of four letters or more, and numbers. */
const tellingWords = (text) =>
  allWords(text.replace(/<[^>]*>/g, ' ')).filter((word) => word.length > 3 || /\d/.test(word));

const codeCells = ({ cells }) => cells.filter((cell) => cell.cell_type === 'code');
const markdownCells = ({ cells }) => cells.filter((cell) => cell.cell_type === 'markdown');
const isImportOnly = ({ source }) => /import\s/.test(source) && source.replace(/import\s[^;]*;/g, '').trim() === '';
const textsOf = ({ data = {} }) =>
  ['text/markdown', 'text/html'].filter((mime) => mime in data).map((mime) => [mime, [data[mime]].flat().join('')]);
const readMarkdown = markdownReader((address) => address);

/** Every text with markup: its cell, its kind, itself. */
const textsIn = ({ cells }) =>
  cells.flatMap((cell) => {
    const texts = cell.cell_type === 'markdown' ? [['text/markdown', cell.source]] : cell.outputs.flatMap(textsOf);
    return texts.map((one) => [cell, ...one]);
  });

/** Whether a table's header row has a cell that is empty, or only a formula, which a screen reader may skip. */
const hasNamelessColumn = (mime, text) =>
  mime === 'text/html'
    ? /<th\b[^>]*>\s*<\/th>/.test(text)
    : [...text.matchAll(/^\|(.*)\|[ \t]*\n\|[ :|-]+\|[ \t]*$/gm)].some(([, row]) =>
        row.split(/(?<!\\)\|/).some((one) => !one.replace(/\$[^$]*\$/g, '').trim()),
      );

/** KaTeX's first error or warning about the formulas of a text. */
function flawOf(mime, text) {
  try {
    if (mime === 'text/html') withFormulas(text);
    else readMarkdown(text);
    return [];
  } catch (error) {
    return [error.message];
  }
}

export const withoutCode = (source) => source.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`/g, '`');

/** The ids with which a cell calls a function. `name` may be several names between bars. */
const callsOf = ({ source }, name) =>
  [...source.matchAll(new RegExp(`\\b(?:${name})\\(\\s*["'\`]([^"'\`]+)["'\`]`, 'g'))].map(([, id]) => id);

/** The text without its folded parts. */
export const inSight = (source) => source.replace(/<details>[\s\S]*?<\/details>/g, ' ');

/** The number of visible words: a formula counts as one, folded text and markup as none. */
export function wordsOf(source) {
  const text = inSight(withoutCode(source))
    .replace(/\$\$[\s\S]*?\$\$|\$[^$\n]*\$/g, ' formula ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\]\([^)]*\)/g, ' ');
  return text.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;
}

/**
 * All problems of a notebook.
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
