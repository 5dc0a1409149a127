// Versions of a notebook: the site's notebooks have their path and version in the metadata, as `gradlab.site`, and so
// has a reader's modified copy. Used when the site is built and in the page.

/** 64 bits of a text, FNV-1a from two beginnings: not against malice, but to see whether two texts are one. */
function digest(text) {
  let [a, b] = [0x811c9dc5, 0x050c5d1f];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x01000193) ^ (b >>> 13);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

const joined = (text) => (Array.isArray(text) ? text.join('') : text);

/** What a reader writes in a notebook: kinds and texts of its cells, not what they put out. */
export const textOf = ({ cells }) =>
  digest(JSON.stringify(cells.map(({ cell_type, source }) => [cell_type, joined(source)])));

/** How many cells of one notebook are not in the other, at their place or elsewhere. */
export function changedCells(mine, theirs) {
  const left = new Map();
  for (const { source } of theirs.cells) left.set(joined(source), (left.get(joined(source)) ?? 0) + 1);
  return mine.cells.filter(({ source }) => {
    const count = left.get(joined(source)) ?? 0;
    left.set(joined(source), count - 1);
    return count <= 0;
  }).length;
}

/** The notebook with the mark of its version. @param {string} path its place in the site */
export function marked(notebook, path) {
  const version = digest(JSON.stringify(notebook.cells));
  const site = { path, version, text: textOf(notebook) };
  return { ...notebook, metadata: { ...notebook.metadata, gradlab: { ...notebook.metadata.gradlab, site } } };
}

/** That mark; undefined for a notebook that the site does not have. */
export function markOf({ metadata }) {
  const site = metadata?.gradlab?.site;
  return [site?.path, site?.version, site?.text].every((part) => typeof part === 'string') ? site : undefined;
}
