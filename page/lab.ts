// JupyterLab's plugins for notebooks: outputs, progress, editing.
import { loadModule, loadPlotly, loadUpng } from './download/modules';
import type { Dialogs, Tracker } from './editing/editing';
import { extensionName } from './figure/figure';
import { oneAfterAnother } from './figure/pool';
import type { Application, CommandPalette, Panel } from './jupyterlab';
import { showRestoredWidgets } from './outputs/restored';
import type { Actions } from './progress/run-all';
import { isShared, shared } from './shared';

/** Notes at the notebook's node where its progress is kept: at its path; on a site, at the site's path. */
async function nameNotebook({ content, context }: Panel): Promise<void> {
  await context.ready;
  const { site } = context.model.sharedModel.metadata?.gradlab ?? {};
  content.node.dataset.notebook = typeof site?.path === 'string' ? site.path : context.path;
}

interface NotebookPackage {
  readonly INotebookTracker: unknown;
  readonly NotebookActions: Actions;
}

export async function extension(): Promise<() => object> {
  const { INotebookTracker, NotebookActions } = await shared<NotebookPackage>('@jupyterlab/notebook');
  const [
    { followUpdates, takeChanges },
    { nameControls },
    { sayChecks },
    { holdLinkedCells },
    { addEditing },
    { watchMarksOfPanel },
    { keepStills },
    { learnerFolder, takeNotebook },
    { keepPlace },
    { addSaving },
  ] = await Promise.all([
    loadModule('outputs.js'),
    loadModule('names.js'),
    loadModule('spoken.js'),
    loadModule('links.js'),
    loadModule('editing.js'),
    loadModule('page.js'),
    loadModule('stills.js'),
    loadModule('learner.js'),
    loadModule('run-all.js'),
    loadModule('reading.js'),
  ]);
  const editing = {
    id: `${extensionName}:editing`,
    description: 'Quick fixes, formatting, sorted imports and other names for cells in TypeScript',
    autoStart: true,
    optional: [INotebookTracker],
    activate: async (app: Application, notebooks: Tracker | null) => {
      if (!notebooks) return;
      const [apputils, { KernelMessage }] = await Promise.all([
        shared<Dialogs & { ICommandPalette: unknown }>('@jupyterlab/apputils'),
        shared<{ KernelMessage: { createMessage(options: object): unknown } }>('@jupyterlab/services'),
      ]);
      const palette = await app.resolveOptionalService<CommandPalette>(apputils.ICommandPalette);
      addEditing({ app, notebooks, palette, Dialogs: apputils, KernelMessage });
      addSaving(app, palette);
    },
  };
  const plugin = {
    id: `${extensionName}:updates`,
    description: 'Updates outputs, shows widgets after a reload of the page, saves pictures of figures',
    autoStart: true,
    optional: [INotebookTracker], // Voila's pages have none
    activate: (_: Application, notebooks: Tracker | null) => {
      if (!notebooks) return;
      keepPlace(NotebookActions);
      const folder = learnerFolder(shared);
      notebooks.widgetAdded.connect((__, panel) => {
        followUpdates(panel);
        takeChanges(panel);
        showRestoredWidgets(panel);
        nameControls(panel);
        void nameNotebook(panel);
        holdLinkedCells(panel);
        watchMarksOfPanel(panel);
        void folder.then((own) => own && takeNotebook(panel, own, NotebookActions.executed));
        keepStills(panel, { loadPlotly, loadUpng, inTurn: oneAfterAnother });
      });
      NotebookActions.executed.connect((__, { cell }) => sayChecks(cell.model.outputs?.toJSON() ?? []));
    },
  };
  const launcher = isShared('@jupyterlab/launcher')
    ? [typeScriptFile(await shared<{ ILauncher: unknown }>('@jupyterlab/launcher'))]
    : [];
  return () => ({ __esModule: true, default: [plugin, editing, ...launcher] });
}

interface Launcher {
  add(item: object): unknown;
}

/** The launcher offers a new file in TypeScript, as JupyterLab offers one for Python. */
const typeScriptFile = ({ ILauncher }: { ILauncher: unknown }) => ({
  id: `${extensionName}:launcher`,
  description: 'Offers a new file in TypeScript',
  autoStart: true,
  optional: [ILauncher],
  activate: (_: Application, launcher: Launcher | null) =>
    launcher?.add({
      command: 'fileeditor:create-new',
      args: {
        fileExt: 'ts',
        iconName: 'ui-components:text-editor',
        launcherLabel: 'TypeScript File',
        isLauncher: true,
      },
      category: 'Other',
      rank: 3,
    }),
});
