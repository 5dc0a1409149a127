// Versions of a notebook: the site's notebooks have their path and version in the metadata, as `gradlab.site`, and so
// has a reader's modified copy. Used when the site is built and in the page.

/**
 * @typedef {{ readonly cell_type?: string, readonly source?: string | readonly string[] }} Cell
 * @typedef {{ readonly cells: readonly Cell[], readonly metadata?: { readonly gradlab?: { readonly site?: { readonly path?: unknown, readonly version?: unknown, readonly text?: unknown }, readonly [name: string]: unknown } } }} Notebook
 * @typedef {{ path: string, version: string, text: string }} Mark
 */

/** 64 bits of a text, FNV-1a from two beginnings: not against malice, but to compare texts. @param {string} text */
function digest(text) {
  let a = 0x811c9dc5;
  let b = 0x050c5d1f;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x01000193) ^ (b >>> 13);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

/** @param {Cell['source']} text */
const joined = (text) => (typeof text === 'object' ? text.join('') : text);

/** A digest of what a reader writes in a notebook: kinds and texts of its cells, not their outputs. @param {Notebook} notebook */
export const textOf = ({ cells }) =>
  digest(JSON.stringify(cells.map(({ cell_type, source }) => [cell_type, joined(source)])));

/** How many cells of one notebook are not in the other. @param {Notebook} mine @param {Notebook} theirs */
export function changedCells(mine, theirs) {
  const left = new Map();
  for (const { source } of theirs.cells) left.set(joined(source), (left.get(joined(source)) ?? 0) + 1);
  return mine.cells.filter(({ source }) => {
    const count = left.get(joined(source)) ?? 0;
    left.set(joined(source), count - 1);
    return count <= 0;
  }).length;
}

/** The notebook with the mark of its version. @param {Notebook} notebook @param {string} path its place in the site */
export function marked(notebook, path) {
  const version = digest(JSON.stringify(notebook.cells));
  const site = { path, version, text: textOf(notebook) };
  return { ...notebook, metadata: { ...notebook.metadata, gradlab: { ...notebook.metadata?.gradlab, site } } };
}

/**
 * That mark; undefined for a notebook that the site does not have.
 * @param {Pick<Notebook, 'metadata'>} notebook
 * @returns {Mark | undefined}
 */
export function markOf({ metadata }) {
  const site = metadata?.gradlab?.site;
  const isWhole = [site?.path, site?.version, site?.text].every((part) => typeof part === 'string');
  return isWhole ? /** @type {Mark} */ (site) : undefined;
}
