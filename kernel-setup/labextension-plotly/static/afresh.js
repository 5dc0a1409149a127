// A reader's notebook is a copy: a button gives it back as it came, and the next moment takes that back. The laboratory on a server and
// the site's differ in where the original comes from.

import { exported, forget, imported, partsIn, readOf } from './progress.js';

const joined = (text) => (Array.isArray(text) ? text.join('') : (text ?? ''));

/** Puts the button into a notebook's toolbar. */
export function addAfresh(panel, { ToolbarButton }, onClick) {
  const button = new ToolbarButton({
    label: 'Start afresh',
    tooltip: 'Start this notebook afresh: as it came, without what you changed',
    onClick,
  });
  panel.toolbar.insertBefore('spacer', 'afresh', button);
}

/**
 * Asks, gives the notebook back as it came, and offers to undo it.
 * @param {object} copy
 * @param {string} copy.path where its progress is stored
 * @param {object[]} copy.cells its cells, and those of the original where they are known
 * @param {string} copy.loses what will be gone; '' if nothing
 * @param {() => Promise<() => Promise<void>>} copy.renew brings the original; what it returns takes that back
 * @param {object} parts JupyterLab's `Dialog`, `Notification` and `showDialog`
 */
export async function startAfresh({ path, cells, loses, renew }, parts) {
  const { Notification } = parts;
  const asked = partsIn(cells.map(({ source }) => joined(source)).join('\n'));
  const hasAnswers = Object.keys(readOf(path, asked)).some((name) => /^(prediction|exercise):/.test(name));
  const choice = loses || hasAnswers ? await ask(loses, hasAnswers, parts) : { forgets: false };
  if (choice === undefined) return;
  const progress = exported();
  let putBack;
  try {
    putBack = await renew();
  } catch (error) {
    Notification.error(`The notebook was not started afresh: ${error.message}`);
    return;
  }
  if (choice.forgets) forget(path, asked);
  const undo = async () => {
    if (choice.forgets) imported(progress);
    await putBack();
  };
  Notification.success('The notebook is as it came.', {
    autoClose: 30_000,
    actions: [{ label: 'Undo', callback: undo }],
  });
}

/** The question before anything is thrown away; undefined if the reader would rather not. */
async function ask(loses, hasAnswers, { Dialog, showDialog }) {
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
