// A link to a cell (`#cell-id=`): JupyterLab goes there when the notebook opens, and figures that are drawn above the cell afterwards push
// it out of sight.

import type { Cell, Notebook, Panel } from '../jupyterlab';
import { showWaiting } from '../questions/lesson';

/** Events that a reader scrolls or goes elsewhere by. */
const readersActs = ['wheel', 'touchmove', 'pointerdown', 'keydown'];

/** The fraction of the window that is left for what is above the cell, which often says what it measures. */
const roomAbove = 1 / 4;

/** Keeps the cell that a link has named in sight, selected alone, until the reader does something. */
export function holdLinkedCells({ content, disposed }: Panel): void {
  const go = content.setFragment.bind(content);
  let release = () => {};
  content.setFragment = async (fragment) => {
    release();
    await go(fragment);
    const id = /^#cell-id=(.+)$/.exec(fragment)?.[1];
    const cell = content.widgets.find(({ model }) => model.id === id) ?? cellOfOldId(content, id);
    if (!cell || content.isDisposed) return;
    content.deselectAll(); // the link has added the cell to what was selected
    content.activeCellIndex = content.widgets.indexOf(cell);
    release = hold(content, cell);
  };
  disposed.connect(() => release());
}

/** The cell that an id of an earlier version means, which had the notebook's number: 002-04-title is 002-heavy-ball-title now. */
export function cellOfOldId<C extends { readonly model: Pick<Cell['model'], 'id'> }>(
  { widgets }: { readonly widgets: readonly C[] },
  id: string | undefined,
): C | undefined {
  const end = /^\d{3}-\d\d(-.+)$/.exec(id ?? '')?.[1];
  const found = end === undefined ? [] : widgets.filter(({ model }) => model.id.endsWith(end));
  return found.sort((a, b) => a.model.id.length - b.model.id.length)[0];
}

function hold(content: Notebook, cell: Cell): () => void {
  const show = () => {
    const index = content.widgets.indexOf(cell);
    if (index === -1) release();
    else if (cell.node.isConnected) {
      showWaiting(cell.node);
      cell.node.style.scrollMarginTop = `${roomAbove * content.node.clientHeight}px`;
      cell.node.scrollIntoView();
      cell.node.style.scrollMarginTop = '';
    }
    // If the notebook has been scrolled elsewhere since, it refuses.
    else content.scrollToItem(index, 'start').catch(() => {});
  };
  const observer = new ResizeObserver(show);
  observer.observe(content.node.querySelector('.jp-WindowedPanel-inner') ?? content.node); // as high as all cells together
  const release = () => {
    observer.disconnect();
    for (const type of readersActs) document.removeEventListener(type, release, true);
  };
  for (const type of readersActs) document.addEventListener(type, release, { capture: true, passive: true });
  return release;
}
