// A reader's notebook is a copy: a button gives it back as it came, and the next moment takes that back. The laboratory on a server and
// the site's differ in where the original comes from.

import type { Notifications, Panel, StoredNotebook } from '../jupyterlab';
import { partsIn } from './parts.mjs';
import { exported, forget, imported, readOf } from './progress';

/** Parts of JupyterLab for buttons and dialogs. */
export interface DialogParts {
  readonly ToolbarButton: new (options: { label: string; tooltip: string; onClick: () => void }) => object;
  readonly Dialog: Record<'cancelButton' | 'warnButton', (options: { label: string }) => object>;
  readonly Notification: Notifications;
  showDialog(options: object): Promise<{ button: { accept: boolean }; isChecked: boolean | null }>;
}

/** A reader's copy of a notebook. */
export interface Copy {
  /** Where its progress is stored. */
  path: string;
  /** Its cells, and those of the original where they are known. */
  cells: StoredNotebook['cells'];
  /** What will be gone; '' if nothing. */
  loses: string;
  /** Brings the original; what it returns takes that back. */
  renew(): Promise<() => Promise<void>>;
}

const joined = (text: string | readonly string[] | undefined): string =>
  typeof text === 'string' ? text : (text ?? []).join('');

/** Puts the button into a notebook's toolbar. */
export function addAfresh(panel: Panel, { ToolbarButton }: DialogParts, onClick: () => void): void {
  const button = new ToolbarButton({
    label: 'Start afresh',
    tooltip: 'Start this notebook afresh: as it came, without what you changed',
    onClick,
  });
  panel.toolbar.insertBefore('spacer', 'afresh', button);
}

/** Asks, gives the notebook back as it came, and offers to undo it. */
export async function startAfresh({ path, cells, loses, renew }: Copy, parts: DialogParts): Promise<void> {
  const { Notification } = parts;
  const asked = partsIn(cells.map(({ source }) => joined(source)).join('\n'));
  const hasAnswers = Object.keys(readOf(path, asked)).some((name) => /^(prediction|exercise):/.test(name));
  const choice = loses || hasAnswers ? await ask(loses, hasAnswers, parts) : { forgets: false };
  if (choice === undefined) return;
  const progress = exported();
  let putBack: () => Promise<void>;
  try {
    putBack = await renew();
  } catch (error) {
    Notification.error(`The notebook was not started afresh: ${(error as Error).message}`);
    return;
  }
  if (choice.forgets) forget(path, asked);
  const undo = async () => {
    if (choice.forgets) imported(progress);
    await putBack();
  };
  Notification.success('The notebook is as it came.', {
    autoClose: 30_000,
    actions: [{ label: 'Undo', callback: () => void undo() }],
  });
}

/** The question before anything is thrown away; undefined if the reader would rather not. */
async function ask(
  loses: string,
  hasAnswers: boolean,
  { Dialog, showDialog }: DialogParts,
): Promise<{ forgets: boolean } | undefined> {
  const result = await showDialog({
    title: 'Start this notebook afresh?',
    body: loses ? `${loses} will be gone.` : 'You have changed nothing in it.',
    ...(hasAnswers
      ? { checkbox: { label: 'Forget my guesses and solved exercises of this notebook, too', checked: false } }
      : {}),
    defaultButton: 0,
    buttons: [Dialog.cancelButton({ label: 'Keep it' }), Dialog.warnButton({ label: 'Start afresh' })],
  });
  return result.button.accept ? { forgets: result.isChecked === true } : undefined;
}
