// What a reader does in a notebook of JupyterLab, for the record, and the way back to where the reader was.

import type { Application, Cell, CommandPalette, Executed, Notebook, Notifications, Panel } from '../jupyterlab';
import { partsIn } from './parts.mjs';
import { exported, longestCode, readOf, record, watchPlace } from './progress';

const joined = (text: unknown): string => (Array.isArray(text) ? text.join('') : String(text ?? ''));
const textsOf = (cell: Cell) => (cell.model.outputs?.toJSON() ?? []).map(({ data }) => joined(data?.['text/plain']));

/** The answers that a cell hands in. */
const handedIn = (cell: Cell) =>
  (cell.model.outputs?.toJSON() ?? []).flatMap(
    ({ data }) => (data?.['application/vnd.gradlab.answer+json'] ?? []) as { id: string } | { id: string }[],
  );

/** What of a notebook scrolls. */
export const screenOf = ({ node }: Notebook): Element => node.querySelector('.jp-WindowedPanel-outer') ?? node;

/**
 * Records exercises, what has run and how far has been read; questions record their answers themselves.
 * @param notebook where it is recorded
 */
export function recordReading(panel: Panel, notebook: string, executed: Executed): void {
  const { content } = panel;
  record(notebook, 'opened', '');

  const ran = new Set<string>();
  const onExecuted = (_: unknown, { notebook: where, cell }: { notebook: Notebook; cell: Cell }) => {
    if (where !== content || cell.model.type !== 'code') return;
    ran.add(cell.model.id);
    const of = content.widgets.filter(({ model }) => model.type === 'code').length;
    record(notebook, 'ran', '', { cells: Math.max(ran.size, Math.min(of, readOf(notebook).ran?.cells ?? 0)), of });
    const { source } = cell.model.sharedModel;
    const { exercises: asked } = partsIn(source);
    const answers = textsOf(cell).filter((text) => /^[✓…] (Right|Not yet)\./.test(text));
    if (answers.length === asked.length)
      for (const [i, id] of asked.entries()) {
        record(notebook, 'answer', id, { code: source.slice(0, longestCode) });
        if (answers[i]!.startsWith('✓')) record(notebook, 'exercise', id);
      }
    for (const { id, ...given } of handedIn(cell))
      record(notebook, 'answer', id, { code: source.slice(0, longestCode), given });
  };
  executed.connect(onExecuted);
  const forgetPlace = watchPlace(notebook, screenOf(content), () =>
    content.widgets.map(({ model, node }) => ({ id: model.id, node })),
  );
  panel.disposed.connect(() => {
    executed.disconnect(onExecuted);
    forgetPlace();
  });
}

/** A command that saves answers, exercises and their code as one file, for a teacher who collects them. */
export function addSaving({ commands }: Application, palette: CommandPalette | null): void {
  const command = 'gradlab:save-results';
  commands.addCommand(command, {
    label: 'Save my answers and results to a file',
    execute: () => {
      const address = `data:application/json;charset=utf-8,${encodeURIComponent(exported())}`;
      Object.assign(document.createElement('a'), { href: address, download: 'gradlab-progress.json' }).click();
    },
  });
  palette?.addItem({ command, category: 'gradlab' });
}

/** Offers the place where the reader was last time. */
export function offerPlace({ content }: Panel, notebook: string, Notification: Notifications): void {
  const { place } = readOf(notebook);
  const at = content.widgets.findIndex(({ model }) => model.id === place?.cell);
  if (at < 4) return;
  Notification.info('You were further down last time.', {
    autoClose: 15_000,
    actions: [{ label: 'Go there', callback: () => void content.scrollToItem(at, 'start') }],
  });
}

/**
 * What JupyterLab does to a notebook while it opens is no change: it would be saved, and in two tabs at once each would find the
 * other's. That ends with the reader's first gesture, on whatever part of the page.
 */
export function ignoreOpening(panel: Panel, isChanged: () => boolean = () => false): void {
  const { model } = panel.context;
  const watch = (_: unknown, { name, newValue }: { name: string; newValue: unknown }) => {
    if (name === 'dirty' && newValue && !isChanged()) model.dirty = false;
  };
  model.stateChanged.connect(watch);
  if (model.dirty && !isChanged()) model.dirty = false;
  const end = () => model.stateChanged.disconnect(watch);
  for (const gesture of ['pointerdown', 'keydown'])
    document.addEventListener(gesture, end, { capture: true, once: true });
}
