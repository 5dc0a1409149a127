// The laboratory's reader: what is done in a notebook is recorded, a notebook can be started afresh, and a newer one of the site
// is offered and not forced on anyone.

import { Copy, Site, withoutTrust } from './copies.mjs';
import { exported, forget, imported, partsIn, readOf, record, watchPlace } from './progress.js';
import { markOf } from './versions.mjs';

const joined = (text) => (Array.isArray(text) ? text.join('') : (text ?? ''));
const textsOf = (cell) => (cell.model.outputs?.toJSON() ?? []).map(({ data }) => joined(data?.['text/plain']));

const isNarrow = () => window.innerWidth < 700;

/** What of a notebook scrolls. */
const screenOf = ({ node }) => node.querySelector('.jp-WindowedPanel-outer') ?? node;

/** Records exercises, what has run and how far has been read; questions record what is answered to them themselves. */
function recordProgress(panel, executed) {
  const { content, context } = panel;
  const notebook = markOf(context.model.sharedModel)?.path;
  if (notebook === undefined) return;
  record(notebook, 'opened', '');

  const ran = new Set();
  const onExecuted = (_, { notebook: where, cell }) => {
    if (where !== content || cell.model.type !== 'code') return;
    ran.add(cell.model.id);
    const of = content.widgets.filter(({ model }) => model.type === 'code').length;
    record(notebook, 'ran', '', { cells: Math.max(ran.size, Math.min(of, readOf(notebook).ran?.cells ?? 0)), of });
    const { exercises: asked } = partsIn(cell.model.sharedModel.source);
    const answers = textsOf(cell).filter((text) => /^[✓…] (Right|Not yet)\./.test(text));
    if (answers.length === asked.length)
      for (const [i, id] of asked.entries()) if (answers[i].startsWith('✓')) record(notebook, 'exercise', id);
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

/** Offers the place where the reader was last time. */
function offerPlace({ content, context }, Notification) {
  const place = readOf(markOf(context.model.sharedModel)?.path)?.place;
  const at = content.widgets.findIndex(({ model }) => model.id === place?.cell);
  if (at < 4) return;
  Notification.info('You were further down last time.', {
    autoClose: 15_000,
    actions: [{ label: 'Go there', callback: () => content.scrollToItem(at, 'start') }],
  });
}

/** What stands above the cells when the site has a newer version: the choice is the reader's. */
function offerNewer(copy, theirs, { Widget, Notification }) {
  const node = document.createElement('div');
  node.className = 'gradlab-newer';
  node.setAttribute('role', 'region');
  node.setAttribute('aria-label', 'A newer version');
  node.style.cssText =
    'display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px 12px; ' +
    'background: var(--jp-warn-color3); color: var(--jp-ui-font-color0); border-bottom: 1px solid var(--jp-border-color1)';
  const text = document.createElement('span');
  text.textContent = 'The site has a newer version of this notebook than the one that you have changed.';
  node.append(text);
  const banner = new Widget({ node });
  const button = (label, does) => {
    const element = document.createElement('button');
    element.className = 'jp-Button jp-mod-styled';
    element.textContent = label;
    element.addEventListener('click', async () => {
      banner.dispose();
      await does();
    });
    node.append(element);
  };
  button('Keep mine', () => copy.stay(markOf(theirs)));
  button('Take the new one', async () => {
    const kept = await copy.keepBeside();
    await copy.renew();
    Notification.success(`Yours is kept as ${kept}`, { autoClose: 10_000 });
  });
  // Its place is as high as its least height says.
  node.style.minHeight = isNarrow() ? '8rem' : '3rem';
  copy.panel.contentHeader.addWidget(banner);
}

/**
 * What JupyterLab does to a notebook while it opens is no change: it would be saved, and in two tabs at once each would find the
 * other's. That ends with the reader's first gesture.
 */
function ignoreOpening({ panel, isChanged }) {
  const { model } = panel.context;
  const watch = (_, { name, newValue }) => {
    if (name === 'dirty' && newValue && !isChanged()) model.dirty = false;
  };
  model.stateChanged.connect(watch);
  if (model.dirty && !isChanged()) model.dirty = false;
  const end = () => model.stateChanged.disconnect(watch);
  for (const gesture of ['pointerdown', 'keydown'])
    panel.node.addEventListener(gesture, end, { capture: true, once: true });
}

/** Compares a notebook that was opened with the site's. */
async function lookForNewer(copy, site, parts) {
  const { mark } = copy;
  if (!mark || (await site.handedOut(copy.panel.context.contentsModel))) return;
  const theirs = await site.notebook(mark.path);
  const newest = theirs && markOf(theirs);
  if (!newest || newest.version === mark.version || copy.panel.isDisposed) return;
  if (copy.isChanged) offerNewer(copy, theirs, parts);
  else await copy.renew();
}

/** The question before anything is thrown away; undefined if the reader would rather not. */
async function ask(changes, hasAnswers, { Dialog, showDialog }) {
  const what = changes === 1 ? 'What you changed in one cell' : `What you changed in ${changes} cells`;
  const result = await showDialog({
    title: 'Start this notebook afresh?',
    body: changes > 0 ? `${what} will be gone.` : 'You have changed nothing in it.',
    ...(hasAnswers
      ? { checkbox: { label: 'Forget my guesses and solved exercises of this notebook, too', checked: false } }
      : {}),
    defaultButton: 0,
    buttons: [Dialog.cancelButton({ label: 'Keep it' }), Dialog.warnButton({ label: 'Start afresh' })],
  });
  return result.button.accept ? { forgets: result.isChecked === true } : undefined;
}

async function startAfresh(copy, site, parts) {
  const { Notification } = parts;
  const theirs = copy.mark && (await site.notebook(copy.mark.path));
  if (!theirs) {
    Notification.warning('This notebook cannot be started afresh: the site’s version of it was not found.');
    return;
  }
  const changes = copy.differences(theirs);
  const { path } = copy.mark;
  // What the reader has added asks as well.
  const asked = partsIn([...theirs.cells, ...copy.notebook.cells].map(({ source }) => joined(source)).join('\n'));
  const hasAnswers = Object.keys(readOf(path, asked)).some((name) => /^(prediction|exercise):/.test(name));
  const choice = changes > 0 || hasAnswers ? await ask(changes, hasAnswers, parts) : { forgets: false };
  if (choice === undefined) return;
  const before = { notebook: copy.notebook, progress: exported() };
  if (choice.forgets) forget(path, asked);
  await copy.renew();
  Notification.success('The notebook is as it came.', {
    autoClose: 30_000,
    actions: [
      {
        label: 'Undo',
        callback: async () => {
          if (choice.forgets) imported(before.progress);
          await copy.putBack(before.notebook);
        },
      },
    ],
  });
}

/** The plugin. @param {(name: string) => Promise<object>} shared gives a package of JupyterLab */
export async function readerPlugin(shared) {
  const { INotebookTracker, NotebookActions } = await shared('@jupyterlab/notebook');
  const { Dialog, Notification, showDialog, ToolbarButton } = await shared('@jupyterlab/apputils');
  const { PageConfig } = await shared('@jupyterlab/coreutils');
  const { Widget } = await shared('@lumino/widgets');
  const parts = { Dialog, Notification, showDialog, Widget };
  return {
    id: 'gradlab-kernel:reader',
    description: 'Progress, and the way back to the notebooks of the site',
    autoStart: true,
    requires: [INotebookTracker],
    activate: (app, tracker) => {
      const { contents } = app.serviceManager;
      withoutTrust(contents);
      const base = new URL(PageConfig.getBaseUrl(), document.baseURI);
      const site = new Site(base);
      tracker.widgetAdded.connect(async (_, panel) => {
        await panel.context.ready;
        const copy = new Copy(panel, contents);
        if (copy.mark) {
          const button = new ToolbarButton({
            label: 'Start afresh',
            tooltip: 'Start this notebook afresh: as it came, without what you changed',
            onClick: () => startAfresh(copy, site, parts),
          });
          panel.toolbar.insertBefore('spacer', 'afresh', button);
          ignoreOpening({ panel, isChanged: () => copy.isChanged });
          await lookForNewer(copy, site, parts);
        }
        await panel.revealed;
        if (panel.isDisposed) return;
        offerPlace(panel, Notification);
        recordProgress(panel, NotebookActions.executed);
        // On a narrow screen the notebook comes first; JupyterLite has opened the list of files to show where it is.
        await panel.sessionContext.ready;
        if (isNarrow()) app.shell.collapseLeft();
      });
      const home = document.createElement('a');
      Object.assign(home, {
        href: new URL('index.html', base).href,
        textContent: 'Start page',
        className: 'gradlab-home',
      });
      home.style.cssText =
        'padding: 0 12px; color: var(--jp-content-link-color); white-space: nowrap; align-self: center';
      const link = new Widget({ node: home });
      link.id = 'gradlab-home';
      app.shell.add(link, 'top', { rank: 900 });
    },
  };
}
