// Marks: `[E043]` after a sentence of the text becomes a small link with that id as its title. It leads to the cell that lists the
// statement, `aboutTheNote({ E043: … })`. page/marks/marks.ts opens the statement's card.
import { addressOf } from './cell-addresses.mjs';

const ID = String.raw`[A-Z]\d{2,3}`;
/** Code and formulas, in which brackets mean something else. */
const OTHER = String.raw`^ *(?<fence>${'`'}{3,})[\s\S]*?^ *\k<fence>|${'`'}[^${'`'}\n]+${'`'}|\$\$[\s\S]+?\$\$|\$[^$\n]+\$`;
const WRITTEN = String.raw`\[(?<written>${ID})\](?![(:[])`;
const LINK = String.raw`\[·\]\([^()\s]* "(?<linked>${ID})"\)`;

/** Replaces each mark by `make(id, isWritten)`: a mark is either written or a link. */
const replaceMarks = (source, make) =>
  source.replace(new RegExp(`${OTHER}|${WRITTEN}|${LINK}`, 'gm'), (all, ...groups) => {
    const { written, linked } = groups.at(-1);
    return written || linked ? make(written ?? linked, written !== undefined) : all;
  });

/** Markdown with its marks as an author writes them. */
export const asWritten = (source) => replaceMarks(source, (id) => `[${id}]`);

/** The ids of the statements that a cell lists. */
export function listedIn({ cell_type: type, source }) {
  if (type !== 'code' || !/\baboutTheNote\(/.test(source)) return [];
  return [...source.matchAll(new RegExp(String.raw`(?:^|[{,\s])["']?(${ID})["']?\s*[:(]`, 'gm'))].map(([, id]) => id);
}

/**
 * The notebook with its marks as links to the cells that list them. A mark that no cell lists stays unchanged, and the lint reports it.
 * @param {string} path of the notebook, which determines its cells' ids
 */
export function withMarks(notebook, path) {
  const cellOf = new Map(notebook.cells.flatMap((cell) => listedIn(cell).map((id) => [id, cell.id])));
  const linkTo = (id) => {
    if (!cellOf.has(id)) return `[${id}]`;
    const address = addressOf(path, cellOf.get(id));
    return `[·](${address.slice(address.indexOf('#'))} "${id}")`;
  };
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'markdown' ? { ...cell, source: replaceMarks(cell.source, linkTo) } : cell,
  );
  return { ...notebook, cells };
}

/** The problems with the marks of a notebook: `[cell, text]`. */
export function markProblems(notebook, path) {
  const made = withMarks(notebook, path);
  return notebook.cells.flatMap((cell, i) => {
    const { source } = made.cells[i];
    if (cell.cell_type !== 'markdown') return [];
    const lost = [];
    replaceMarks(source, (id, isWritten) => {
      if (isWritten) lost.push(id);
    });
    if (lost.length > 0)
      return lost.map((id) => [cell, `has the mark [${id}], which no cell of the notebook lists in aboutTheNote`]);
    return source === cell.source ? [] : [[cell, 'has marks that lead elsewhere: npm run pages']];
  });
}
