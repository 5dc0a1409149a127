// A notebook as a page: its cells in order, with code folded as in the notebook.
import { posix } from 'node:path';
import { cellNamed } from '../../tools/notebooks/cell-addresses.mjs';
import { START_PAGE, titleOf } from '../../tools/notebooks/map.mjs';
import { escapeHtml, highlighted, markdownReader } from '../../tools/notebooks/markdown.mjs';
import { firstComment, isFolded } from '../../tools/notebooks/notebook-file.mjs';
import { ERRATA, laboratoryOf, linkFrom, pageOf, placeOnPage } from './addresses.mjs';
import { contents, page } from './frame.mjs';
import { firstSentences, plain } from './plain-text.mjs';
import { Outputs } from './show-outputs.mjs';

/** The target of a notebook's link: another notebook's page, the errata, a file, or another site. */
export function linkOf(notebook, isReady) {
  const here = pageOf(notebook);
  return (address) => {
    if (/^([a-z]+:|\/\/)/i.test(address)) return address;
    const [file, anchor] = address.split('#');
    const to = file === '' ? notebook : posix.join(posix.dirname(notebook), decodeURIComponent(file));
    const place = file === '' ? '' : linkFrom(here, placeOf(to, isReady));
    const cell = cellNamed(to, anchor);
    return place + (anchor === undefined ? '' : `#${cell === undefined ? anchor : placeOnPage(cell)}`);
  };
}

/** The page or file of the site for a path below notebooks/. */
export function placeOf(file, isReady) {
  if (file === 'errata.md') return ERRATA;
  if (file === START_PAGE || isReady(file)) return pageOf(file);
  return file.endsWith('.ipynb') ? laboratoryOf(file) : `files/${file}`;
}

/**
 * The page of a notebook and the files that go with it.
 * @param {object} notebook its content
 * @param {object} options
 * @param {string} options.path its path below notebooks/
 * @param {(path: string) => boolean} options.isReady whether a notebook has a page
 * @param {object[]} [options.recorded] its controls, see record.mjs
 * @param {number} [options.minutes] of a chapter: how long it takes; its page has a table of contents
 * @returns {{ html: string, files: Map<string, string | Buffer> }} files by their names in the folder beside the page
 */
export function notebookPage(notebook, { path, isReady, recorded = [], minutes }) {
  const address = pageOf(path);
  const laboratory = linkFrom(address, laboratoryOf(path));
  const markdown = markdownReader(linkOf(path, isReady));
  const outputs = new Outputs({ folder: posix.basename(path, '.ipynb'), markdown, laboratory, recorded });
  const title = titleOf(notebook) ?? path;
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'code' ? codeCell(cell, outputs, laboratory) : textCell(cell, markdown, outputs),
  );
  const text = cells.filter(Boolean).join('\n');
  const body = `${minutes === undefined ? '' : contents(text, `Contents · ${minutes} min`)}<article data-notebook="${escapeHtml(path)}">\n${text}\n</article>`;
  const html = page({
    address,
    title,
    body,
    description: firstText(notebook),
    tools: `<a class="button" href="${laboratory}"><span class="long">Open in the </span><span class="short">laboratory</span></a>`,
    scripts: ['living.mjs', 'questions.mjs', 'marks.mjs', 'notebook.mjs', 'contents.mjs'],
    sheets: ['figures.css', 'notebook.css'],
    style: outputs.rules.join('\n'),
    hasMarkdown: true,
  });
  return { html, files: outputs.files };
}

/** The first sentences as plain text, at most about 200 characters: what search engines show of the page. */
const firstText = ({ cells: [first] }) =>
  // Formulas stay as TeX: a sentence without them would have gaps.
  firstSentences(plain((first?.source ?? '').replace(/^#.*$/m, '').replaceAll('$', '')), 200);

function textCell({ id, source, cell_type: kind, attachments = {} }, markdown, outputs) {
  if (kind !== 'markdown') return '';
  const html = markdown(source).replace(/(<img [^>]*src=")attachment:([^"]+)"/g, (all, before, name) => {
    const png = attachments[decodeURIComponent(name)]?.['image/png'];
    return png ? `${before}${outputs.attached(name, png)}"` : all;
  });
  return `<section id="${escapeHtml(placeOnPage(id))}">\n${html}</section>`;
}

function codeCell(cell, outputs, laboratory) {
  const { id, source } = cell;
  if (source.trim() === '') return '';
  const shown = outputs.ofCell(cell);
  const place = escapeHtml(placeOnPage(id));
  if (shown.includes(LIST)) return `<section id="${place}">\n${withCode(shown, source)}</section>`;
  // Folded code follows its output, so that figure and question are on the first screen.
  const parts = isFolded(cell) ? [shown, foldedCode(source)] : [codeBlock(source), shown];
  const exercise = /\bexercise\(/.test(source) ? exerciseNote(laboratory) : '';
  return `<section id="${place}">\n${parts.join('\n')}${exercise}</section>`;
}

/** The start of a section's list of statements, see src/lab/notebook/about-the-note.ts. */
const LIST = '<details class="gradlab-about-the-note"';

/** Such a list, with its measuring code at the end: the page shows one line until it is opened. */
function withCode(shown, source) {
  const end = shown.indexOf('</details>', shown.indexOf(LIST));
  return shown.slice(0, end) + foldedCode(source) + shown.slice(end);
}

const codeBlock = (source) => `<pre class="code"><code>${highlighted(source)}</code></pre>`;

/** Returns folded code below its first comment and its length. */
function foldedCode(source) {
  const { says = 'Code', code } = firstComment(source);
  const lines = code.split('\n').filter((line) => line.trim() !== '').length;
  const summary = `${says} · ${lines} line${lines === 1 ? '' : 's'}`;
  return `<details class="folded"><summary>${escapeHtml(summary)}</summary>${codeBlock(code)}</details>`;
}

const exerciseNote = (laboratory) =>
  `<p class="note">Answer it where code runs: <a href="${laboratory}">open this notebook in the laboratory</a>.</p>`;
