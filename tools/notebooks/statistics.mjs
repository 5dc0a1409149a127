// What a reader meets on the page of a notebook, in numbers: how high the first figure is, how much text and code stand in sight, how
// many claims and questions there are, and where right answers stand.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { findClaims, LESSON_MIME } from './claims.mjs';
import { wordsOf } from './lint.mjs';
import { isLesson, readMap } from './map.mjs';
import { isFolded, readNotebook } from './notebook-file.mjs';
import { findNotebooks } from './options.mjs';
import { figuresIn } from './update.mjs';

/** The height and margins of figures that say none, as the renderer and plotly.js have them. */
const defaults = { height: 450, margin: { t: 100, b: 80 } };

const linesOf = (source) => source.split('\n').filter((line) => line.trim() !== '').length;

/** How high a figure is, with its controls, and how much of that is the picture between its margins. */
function heightsOf({ layout = {} }) {
  const { height, margin } = { ...defaults, ...layout };
  const { t, b } = { ...defaults.margin, ...margin };
  return { whole: height, plot: height - t - b };
}

/**
 * The numbers of one notebook.
 * @param {{ cells: object[] }} notebook as `readNotebook` gives it
 */
export function statisticsOf(notebook) {
  const code = notebook.cells.filter(({ cell_type: type }) => type === 'code');
  const lines = (cells) => cells.reduce((sum, { source }) => sum + linesOf(source), 0);
  const [first] = figuresIn(notebook);
  const rightAnswers = notebook.cells
    .flatMap(({ outputs = [] }) => outputs.flatMap(({ data }) => data?.[LESSON_MIME] ?? []))
    .map(({ answers }) => 'abc'[answers.findIndex(({ verdict }) => verdict === 'right')]);
  return {
    firstFigure: first === undefined ? null : heightsOf(first.figure),
    figures: figuresIn(notebook).length,
    words: notebook.cells
      .filter(({ cell_type: type }) => type === 'markdown')
      .reduce((sum, { source }) => sum + wordsOf(source), 0),
    openLines: lines(code.filter((cell) => !isFolded(cell))),
    foldedLines: lines(code.filter(isFolded)),
    longestOpen: Math.max(0, ...code.filter((cell) => !isFolded(cell)).map(({ source }) => linesOf(source))),
    claims: findClaims(notebook).length,
    rightAnswers: rightAnswers.join(''),
  };
}

/** The numbers of all lessons of a folder, by path. */
export function statisticsOfAll(root) {
  const lessons = new Set(
    readMap(root)
      .entries.filter(isLesson)
      .map(({ path }) => path),
  );
  return findNotebooks(root)
    .filter((path) => lessons.has(path))
    .map((path) => {
      const file = join(root, path);
      return {
        path,
        ...statisticsOf(readNotebook(file)),
        kilobytes: Math.round(statSync(file).size / 1000),
      };
    });
}

const columns = [
  ['notebook', ({ path }) => path.replace(/^(\d+)[^/]*\/(.*)\.ipynb$/, '$1/$2')],
  ['1st px', ({ firstFigure }) => firstFigure?.whole ?? '–'],
  ['plot', ({ firstFigure }) => firstFigure?.plot ?? '–'],
  ['figures', ({ figures }) => figures],
  ['words', ({ words }) => words],
  ['open', ({ openLines }) => openLines],
  ['folded', ({ foldedLines }) => foldedLines],
  ['longest', ({ longestOpen }) => longestOpen],
  ['claims', ({ claims }) => claims],
  ['right', ({ rightAnswers }) => rightAnswers || '–'],
  ['kB', ({ kilobytes }) => kilobytes],
];

/**
 * All numbers as a table, with a last line about all: the first figure's height and that of its plot, open and folded lines of code,
 * the most in one open cell, and the places of right answers.
 */
export function statisticsTable(all) {
  const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const places = all.map(({ rightAnswers }) => rightAnswers).join('');
  const share = (letter) => `${[...places].filter((one) => one === letter).length} ${letter}`;
  const plots = all.flatMap(({ firstFigure }) => firstFigure?.plot ?? []);
  const rows = [columns.map(([head]) => head), ...all.map((one) => columns.map(([, cell]) => String(cell(one))))];
  const widths = columns.map((_, k) => Math.max(...rows.map((row) => row[k].length)));
  const line = (row) => row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]) : cell.padStart(widths[k]))).join('  ');
  return [
    ...rows.map(line),
    `${all.length} notebooks; in the middle: first plot ${middle(plots)} px high, ${middle(all.map(({ words }) => words))} words, ` +
      `${middle(all.map(({ openLines }) => openLines))} open lines of code; right answers: ${['a', 'b', 'c'].map(share).join(', ')}`,
  ].join('\n');
}
