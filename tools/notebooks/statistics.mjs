// Hints for the author of a notebook, which never fail. Numbers: the height of the first figure, visible text and code,
// claims and questions. Remarks: possible difficulties for readers. A clear sentence is more important than these
// numbers.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { findClaims, LESSON_MIME } from './claims.mjs';
import { inSight, sectionOf, sentencesOf, withoutCode, wordsOf } from './lint.mjs';
import { readMap } from './map.mjs';
import { isFolded, readNotebook } from './notebook-file.mjs';
import { figuresIn } from './update.mjs';

/** The default height and margins of figures, from the renderer and plotly.js. */
const defaults = { height: 450, margin: { t: 100, b: 80 } };

const linesOf = (source) => source.split('\n').filter((line) => line.trim() !== '').length;

/** The height of a figure with its controls, and that of the plot between its margins. */
function heightsOf({ layout = {} }) {
  const { height, margin } = { ...defaults, ...layout };
  const { t, b } = { ...defaults.margin, ...margin };
  return { whole: height, plot: height - t - b };
}

/** Limits beyond which a remark is made. */
const usual = { sentence: 25, columns: 88, openLines: [5, 15], digits: 3 };

/** The words of a text, without markup, links' addresses and ids of statements. */
const spoken = (source) =>
  inSight(withoutCode(source))
    .replace(/^(?:#+|\||>).*$/gm, '\n')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/<[^>]*>|\[·\]|\([A-Z]\d{2,3}(?:[^()]*)\)|[*_`[\]]/g, ' ');

const countWords = (text) => text.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;
const brief = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 60);

/** Literals that claims of a cell expect exactly, or with more than three digits. Formulas do not count. */
function pinnedIn(source) {
  const objects = source.match(/\{[^{}]*\bexpected:[^{}]*\}/g) ?? [];
  return objects.filter((object) => {
    const literal = /\bexpected:\s*(\[[\d\s.,e+-]*\]|-?[\d_.]+(?:e[-+]?\d+)?)\s*(?=[,}])/.exec(object)?.[1];
    if (literal === undefined) return false;
    const digits = (literal.match(/[\d.]+/g) ?? []).map((number) => number.replace(/^[0.]+|\./g, '').length);
    return /\btolerance:\s*0\s*[,}]/.test(object) || Math.max(0, ...digits) > usual.digits;
  });
}

/**
 * The numbers of one notebook, and the remarks for its author.
 * @param {{ cells: object[] }} notebook from `readNotebook`
 */
export function statisticsOf(notebook) {
  const code = notebook.cells.filter(({ cell_type: type }) => type === 'code');
  const texts = notebook.cells.filter(({ cell_type: type }) => type === 'markdown');
  const open = code.filter((cell) => !isFolded(cell));
  const lines = (cells) => cells.reduce((sum, { source }) => sum + linesOf(source), 0);
  const [first] = figuresIn(notebook);
  const rightAnswers = notebook.cells
    .flatMap(({ outputs = [] }) => outputs.flatMap(({ data }) => data?.[LESSON_MIME] ?? []))
    .map(({ answers }) => 'abc'[answers.findIndex(({ verdict }) => verdict === 'right')]);
  const summary = spoken(sectionOf(notebook, 'In short')?.source ?? '');
  const [fewest, most] = usual.openLines;
  return {
    firstFigure: first === undefined ? null : heightsOf(first.figure),
    figures: figuresIn(notebook).length,
    words: texts.reduce((sum, { source }) => sum + wordsOf(source), 0),
    inShort: { words: countWords(summary), numbers: summary.match(/(?<![\p{L}\d])\d[\d.,]*/gu)?.length ?? 0 },
    longSentences: texts.flatMap(({ id, source }) =>
      sentencesOf(spoken(source))
        .filter((sentence) => countWords(sentence) > usual.sentence)
        .map((sentence) => `${id}: ${countWords(sentence)} words: ${brief(sentence)} …`),
    ),
    openLines: lines(open),
    foldedLines: lines(code.filter(isFolded)),
    oddCells: open
      .filter(({ source }) => !/\bexercise\(/.test(source))
      .filter(({ source }) => linesOf(source) < fewest || linesOf(source) > most)
      .map(({ id, source }) => `${id}: ${linesOf(source)} open lines`),
    wideLines: code.flatMap(({ id, source }) =>
      source
        .split('\n')
        .filter((line) => [...line].length > usual.columns)
        .map((line) => `${id}: a line of ${[...line].length} characters`),
    ),
    claims: findClaims(notebook).length,
    pinned: code.flatMap(({ id, source }) => pinnedIn(source).map((object) => `${id}: expects ${brief(object)}`)),
    rightAnswers: rightAnswers.join(''),
  };
}

/** The remarks for the author, a line each. */
export const remarksOf = ({ longSentences, oddCells, wideLines, pinned }) => [
  ...longSentences,
  ...oddCells,
  ...wideLines,
  ...pinned,
];

/** The numbers of all notebooks of a folder, by path. */
export function statisticsOfAll(root) {
  return readMap(root)
    .entries.filter((entry) => entry.state === 'ready')
    .map(({ path, ref }) => {
      const file = join(root, path);
      return { path, ref, ...statisticsOf(readNotebook(file)), kilobytes: Math.round(statSync(file).size / 1000) };
    });
}

/** @type {[head: string, cell: (one: any) => unknown][]} */
const columns = [
  ['notebook', ({ ref }) => ref],
  ['1st px', ({ firstFigure }) => firstFigure?.whole ?? '–'],
  ['plot', ({ firstFigure }) => firstFigure?.plot ?? '–'],
  ['figures', ({ figures }) => figures],
  ['words', ({ words }) => words],
  ['in short', ({ inShort }) => `${inShort.words}/${inShort.numbers}`],
  ['long', ({ longSentences }) => longSentences.length],
  ['open', ({ openLines }) => openLines],
  ['folded', ({ foldedLines }) => foldedLines],
  ['odd', ({ oddCells }) => oddCells.length],
  ['wide', ({ wideLines }) => wideLines.length],
  ['claims', ({ claims }) => claims],
  ['pinned', ({ pinned }) => pinned.length],
  ['right', ({ rightAnswers }) => rightAnswers || '–'],
  ['kB', ({ kilobytes }) => kilobytes],
];

/**
 * All numbers as a table, with a summary in the last line. Columns: the heights of the first figure and its plot; words and numbers of
 * *In short*; sentences of more than 25 words. Lines of code, open and folded; open cells of fewer than 5 or more than 15 lines; lines
 * wider than 88. Claims, and those with pinned literals; the positions of right answers.
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
