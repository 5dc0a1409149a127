// A link to a cell (`#cell-id=`): JupyterLab goes there when the notebook opens, and figures that are drawn above the cell afterwards push
// it out of sight.

import { showWaiting } from './lesson.js';

/** What tells that a reader goes elsewhere. */
const readersActs = ['wheel', 'touchmove', 'pointerdown', 'keydown'];

/** The share of the window that stays for what stands above the cell, which often says what it measures. */
const roomAbove = 1 / 4;

/** Keeps the cell that a link has named in sight, selected alone, until the reader does something. */
export function holdLinkedCells({ content, disposed }) {
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
export function cellOfOldId({ widgets }, id) {
  const end = /^\d{3}-\d\d(-.+)$/.exec(id ?? '')?.[1];
  const found = end === undefined ? [] : widgets.filter(({ model }) => model.id.endsWith(end));
  return found.sort((a, b) => a.model.id.length - b.model.id.length)[0];
}

function hold(content, cell) {
  const show = () => {
    const index = content.widgets.indexOf(cell);
    if (index === -1) release();
    else if (cell.node.isConnected) {
      showWaiting(cell.node);
      cell.node.style.scrollMarginTop = `${roomAbove * content.node.clientHeight}px`;
      cell.node.scrollIntoView();
      cell.node.style.scrollMarginTop = '';
    }
    // Where another way has been gone since, there is nothing to do.
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
