// Run All leaves the reader where the reader is. JupyterLab would go to the last cell, and outputs that go and come again would move
// the page.

import type { Cell, Executed, Notebook } from '../jupyterlab';
import { screenOf } from './reading';

/** How long after a run outputs still move the page, in milliseconds. */
const settling = 1500;

/** JupyterLab's actions in notebooks. */
export interface Actions {
  runAll(notebook: Notebook, ...rest: unknown[]): Promise<unknown>;
  readonly executed: Executed;
}

type Run = { notebook: Notebook; cell: Cell; success: boolean };

/** Replaces JupyterLab's `runAll`. */
export function keepPlace(NotebookActions: Actions): void {
  const { runAll } = NotebookActions;
  NotebookActions.runAll = (notebook, ...rest) => {
    const active = notebook.activeCellIndex;
    const release = hold(notebook);
    let failed: Cell | undefined;
    const onExecuted = (_: unknown, { notebook: where, cell, success }: Run) => {
      if (where === notebook && !success) failed ??= cell;
    };
    NotebookActions.executed.connect(onExecuted);
    notebook.scrollToItem = () => Promise.resolve(); // to the last cell
    const running = runAll(notebook, ...rest);
    delete (notebook as Partial<Notebook>).scrollToItem;
    notebook.activeCellIndex = active;
    const end = () => {
      NotebookActions.executed.disconnect(onExecuted);
      const isHeld = release(failed ? 0 : settling);
      const at = failed ? notebook.widgets.indexOf(failed) : -1;
      if (!isHeld || at < 0 || notebook.isDisposed) return;
      notebook.activeCellIndex = at;
      void notebook.scrollToItem(at, 'smart').catch(() => {});
    };
    running.then(end, end);
    return running;
  };
}

/**
 * Keeps the active cell at its height, or the first cell that begins in view, until the reader moves.
 * @returns ends it after so many milliseconds; returns whether the reader has not moved
 */
function hold(notebook: Notebook): (after: number) => boolean {
  const screen = screenOf(notebook);
  const heightOf = ({ node }: Cell) => node.getBoundingClientRect().top - screen.getBoundingClientRect().top;
  const isInView = (cell: Cell) => cell.node.isConnected && heightOf(cell) >= 0 && heightOf(cell) < screen.clientHeight;
  const cell = [notebook.activeCell, ...notebook.widgets].filter((one) => one !== null).find(isInView);
  const height = cell ? heightOf(cell) : 0;
  const moving = new AbortController();
  const { signal } = moving;
  const look = () => {
    if (signal.aborted || notebook.isDisposed) return;
    if (cell?.node.isConnected) {
      const moved = heightOf(cell) - height;
      if (Math.abs(moved) >= 1) screen.scrollTop += moved;
    }
    requestAnimationFrame(look);
  };
  for (const gesture of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    screen.addEventListener(gesture, () => moving.abort(), { signal, passive: true, capture: true });
  requestAnimationFrame(look);
  return (after) => {
    const isHeld = !signal.aborted;
    if (after === 0) moving.abort();
    else setTimeout(() => moving.abort(), after);
    return isHeld;
  };
}
