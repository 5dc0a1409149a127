// A notebook as text, for writing it in an editor:
//
//   <!-- #title -->
//   # Which way is downhill?
//
//   ```ts #ask volatile
//   predict("downhill");
//   ```
//
// A fence with the id of its cell, and tags, is a cell of code (with the tag `folded`, its code is folded); `<!-- #id -->`, with tags as
// well, begins one of Markdown, as does the text behind a cell of code, which is then called by that cell's id and "-text".
//
// A mark behind a sentence, `[E043]`, is a link in the notebook; see marks.mjs.
import { WAY_IN, WAY_ON } from './generated-pages.mjs';
import { asWritten, withMarks } from './marks.mjs';

const FENCE = /^```ts #([\w-]+)((?: [\w-]+)*)$/;
/** Marks, like a tag, a cell with folded code, whose output is seen first. */
const FOLDED = 'folded';
const MARK = /^<!-- #([\w-]+)((?: [\w-]+)*) -->$/;

/** The text of a notebook, without the navigation cells, which are generated from the map. */
export function toText(notebook) {
  const cells = notebook.cells.filter(({ id }) => id !== WAY_IN && id !== WAY_ON);
  return `${cells.map(textOf).join('\n\n')}\n`;
}

function textOf({ cell_type: type, id, source, metadata }) {
  const folded = metadata.jupyter?.source_hidden ? [FOLDED] : [];
  const mark = [`#${id}`, ...folded, ...(metadata.tags ?? [])].join(' ');
  return type === 'markdown' ? `<!-- ${mark} -->\n${asWritten(source.trim())}` : `\`\`\`ts ${mark}\n${source}\n\`\`\``;
}

/**
 * The cells of a text. A code cell keeps the outputs of the one in `committed` with the same id and source, and a
 * Markdown cell its attached pictures that it shows.
 * @param {string} text
 * @param {{ cells: object[], metadata: object }} [committed]
 * @param {string} [path] of the notebook, to whose cells marks lead
 * @throws Error for a duplicate id, a fence without end, or text before the first mark
 */
export function fromText(text, committed = { cells: [], metadata: {} }, path = '') {
  const cells = readCells(text);
  const ids = cells.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice) throw new Error(`two cells are called #${twice}; give one another name`);
  const made = {
    ...committed,
    cells: cells.map(({ type, id, tags, source }) => {
      const others = tags.filter((tag) => tag !== FOLDED);
      const metadata = {
        ...(others.length < tags.length && { jupyter: { source_hidden: true } }),
        ...(others.length > 0 && { tags: others }),
      };
      if (type === 'markdown') {
        const { attachments = {} } = committed.cells.find((cell) => cell.id === id) ?? {};
        const shown = Object.entries(attachments).filter(
          ([name]) => source.includes(`(attachment:${name})`) || source.includes(`"attachment:${name}"`),
        );
        return {
          cell_type: type,
          id,
          metadata,
          source,
          ...(shown.length > 0 && { attachments: Object.fromEntries(shown) }),
        };
      }
      const before = committed.cells.find((cell) => cell.id === id && cell.source === source);
      const { outputs = [], execution_count = null } = before ?? {};
      return { cell_type: type, id, metadata, source, outputs, execution_count };
    }),
  };
  return withMarks(made, path);
}

const tagsOf = (/** @type {RegExpExecArray} */ [, , tags = '']) => tags.trim().split(' ').filter(Boolean);

function readCells(text) {
  const cells = [];
  /** @type {{ type: string, id: string, tags: string[], lines: string[] } | undefined} */
  let open;
  const close = () => {
    if (open) {
      const { lines, ...cell } = open;
      const source = lines.join('\n').replace(/^\n+|\s+$/g, '');
      if (source) cells.push({ ...cell, source });
    }
    open = undefined;
  };
  const begin = (type, id, tags = []) => {
    close();
    open = { type, id, tags, lines: [] };
  };
  for (const [i, line] of text.replaceAll('\r\n', '\n').split('\n').entries()) {
    const fence = FENCE.exec(line);
    const mark = MARK.exec(line);
    if (open?.type === 'code') {
      if (line !== '```') open.lines.push(line);
      else {
        const { id } = open;
        begin('markdown', `${id}-text`);
      }
    } else if (fence) begin('code', fence[1], tagsOf(fence));
    else if (mark) begin('markdown', mark[1], tagsOf(mark));
    else if (open) open.lines.push(line);
    else if (line.trim() !== '') throw new Error(`line ${i + 1} is before the first cell; begin with <!-- #title -->`);
  }
  if (open?.type === 'code') throw new Error(`the cell #${open.id} has no closing fence`);
  close();
  return cells;
}
