// Links to a cell, as JupyterLab follows them: `#cell-id=` and the id in the file.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findClaims } from './claims.mjs';
import { readNotebook } from './notebook-file.mjs';
import { cellOfAddress, idPrefix } from './references.mjs';

/** The address of a cell of a notebook. @param {string} notebook a path @param {string} id without its prefix */
export const addressOf = (notebook, id) => `${notebook}#cell-id=${idPrefix(notebook)}${id}`;

/**
 * The cell of a link's fragment.
 * @param {string} notebook the path before it
 * @param {string | undefined} anchor the text after `#`
 * @returns {string | undefined} its id without its prefix; undefined if it names no cell
 */
export function cellNamed(notebook, anchor) {
  const id = /^cell-id=(.+)$/.exec(anchor ?? '')?.[1];
  return id && cellOfAddress(id, notebook);
}

/**
 * Finds the cells that measure claims, in notebooks below `root`.
 * @returns {(claim: { id: string, notebook: string }) => string | undefined} the id of the cell, if the notebook has
 *   been executed
 */
export function measuringCells(root) {
  const cellsOf = new Map();
  return ({ id, notebook }) => {
    if (!cellsOf.has(notebook)) {
      const file = join(root, notebook);
      const cells = existsSync(file) ? readNotebook(file).cells : [];
      cellsOf.set(notebook, new Map(findClaims({ cells }).map((claim) => [claim.id, cells[claim.index].id])));
    }
    return cellsOf.get(notebook).get(id);
  };
}
