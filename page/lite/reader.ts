// The laboratory's reader: what is done in a notebook is recorded, a notebook can be started afresh, and a newer one of the site is
// offered.

import type { Executed, Signal } from '../jupyterlab';
import { addAfresh, type DialogParts, startAfresh } from '../progress/afresh';
import { ignoreOpening, offerPlace, recordReading } from '../progress/reading';
import type { Shared } from '../shared';
import type { Contents } from './contents';
import { Copy, type CopyPanel, Site, withoutTrust } from './copies';
import { markOf } from './versions.mjs';

type Notebook = import('./versions.mjs').Notebook;

interface LuminoWidget {
  id: string;
  dispose(): void;
}

/** Parts of JupyterLab for messages, dialogs and what is in them. */
interface Parts extends DialogParts {
  readonly Widget: new (options: { node: HTMLElement }) => LuminoWidget;
}

/** JupyterLite. */
export interface LiteApplication {
  readonly serviceManager: { readonly contents: Contents };
  readonly shell: {
    add(widget: object, area: string, options: { rank: number }): void;
    collapseLeft(): void;
  };
}

const isNarrow = () => window.innerWidth < 700;

/** Shows a message above the cells if the site has a newer version: the reader chooses. */
function offerNewer(copy: Copy, theirs: Notebook, { Widget, Notification }: Parts): void {
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
  const button = (label: string, does: () => Promise<void>) => {
    const element = document.createElement('button');
    element.className = 'jp-Button jp-mod-styled';
    element.textContent = label;
    element.addEventListener('click', async () => {
      banner.dispose();
      await does();
    });
    node.append(element);
  };
  button('Keep mine', () => copy.stay(markOf(theirs)!));
  button('Take the new one', async () => {
    const kept = await copy.keepBeside();
    await copy.renew();
    Notification.success(`Yours is kept as ${kept}`, { autoClose: 10_000 });
  });
  // Its height is its minimum height.
  node.style.minHeight = isNarrow() ? '8rem' : '3rem';
  copy.panel.contentHeader.addWidget(banner);
}

/** Compares a notebook that was opened with the site's. */
async function lookForNewer(copy: Copy, site: Site, parts: Parts): Promise<void> {
  const { mark } = copy;
  if (!mark || (await site.handedOut(copy.panel.context.contentsModel))) return;
  const theirs = await site.notebook(mark.path);
  const newest = theirs && markOf(theirs);
  if (!newest || newest.version === mark.version || copy.panel.isDisposed) return;
  if (copy.isChanged) offerNewer(copy, theirs, parts);
  else await copy.renew();
}

async function renewed(copy: Copy, site: Site, parts: Parts): Promise<void> {
  const { mark } = copy;
  const theirs = mark && (await site.notebook(mark.path));
  if (!theirs) {
    parts.Notification.warning('This notebook cannot be started afresh: the site’s version of it was not found.');
    return;
  }
  const changes = copy.differences(theirs);
  const before = copy.notebook;
  await startAfresh(
    {
      path: mark.path,
      cells: [...theirs.cells, ...before.cells],
      loses: ['', 'What you changed in one cell'][changes] ?? `What you changed in ${changes} cells`,
      renew: async () => {
        await copy.renew();
        return () => copy.putBack(before);
      },
    },
    parts,
  );
}

/** The plugin. @param shared loads a package of JupyterLab */
export async function readerPlugin(shared: Shared): Promise<object> {
  const { INotebookTracker, NotebookActions } = await shared<{
    INotebookTracker: unknown;
    NotebookActions: { executed: Executed };
  }>('@jupyterlab/notebook');
  const { Dialog, Notification, showDialog, ToolbarButton } = await shared<DialogParts>('@jupyterlab/apputils');
  const { PageConfig } = await shared<{ PageConfig: { getBaseUrl(): string } }>('@jupyterlab/coreutils');
  const { Widget } = await shared<Pick<Parts, 'Widget'>>('@lumino/widgets');
  const parts = { Dialog, Notification, showDialog, ToolbarButton, Widget };
  return {
    id: 'gradlab-kernel:reader',
    description: 'Progress, and a link back to the notebooks of the site',
    autoStart: true,
    requires: [INotebookTracker],
    activate: (app: LiteApplication, tracker: { widgetAdded: Signal<unknown, CopyPanel> }) => {
      const { contents } = app.serviceManager;
      withoutTrust(contents);
      const base = new URL(PageConfig.getBaseUrl(), document.baseURI);
      const site = new Site(base);
      tracker.widgetAdded.connect(async (_, panel) => {
        await panel.context.ready;
        const copy = new Copy(panel, contents);
        if (copy.mark) {
          addAfresh(panel, parts, () => renewed(copy, site, parts));
          ignoreOpening(panel, () => copy.isChanged);
          await lookForNewer(copy, site, parts);
        }
        await panel.revealed;
        if (panel.isDisposed) return;
        const notebook = copy.mark?.path;
        if (notebook !== undefined) {
          offerPlace(panel, notebook, Notification);
          recordReading(panel, notebook, NotebookActions.executed);
        }
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
