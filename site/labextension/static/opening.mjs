// Opens documents of the laboratory. A link to a notebook opens only that one, because otherwise all kernels of earlier
// visits would start again. A reloaded page reopens its documents; each notebook gets a kernel when it is shown.

/** Has an open notebook's kernel start as soon as the notebook is there: JupyterLab would keep a copy of it first. */
async function startAtOnce({ context, sessionContext }) {
  await context.ready;
  const { model } = context;
  const { kernelPreference } = sessionContext;
  const name = model.defaultKernelName || kernelPreference.name;
  sessionContext.kernelPreference = { ...kernelPreference, name, language: model.defaultKernelLanguage };
  await sessionContext.initialize();
}

/** Starts kernels of notebooks when they are opened, those of restored ones when they are shown. */
function startWhenShown(app, tracker, asked) {
  const waiting = new Map();
  let isRestored = false;
  const start = (panel) => waiting.get(panel)?.();
  tracker.widgetAdded.connect((_, panel) => {
    const { context, sessionContext } = panel;
    if (isRestored || asked.includes(context.path)) {
      startAtOnce(panel);
      return;
    }
    const initialize = sessionContext.initialize.bind(sessionContext);
    const shown = new Promise((resolve) => waiting.set(panel, resolve));
    sessionContext.initialize = () => shown.then(initialize);
  });
  app.restored.then(() => {
    isRestored = true;
    start(tracker.currentWidget);
    tracker.currentChanged.connect((_, panel) => start(panel));
  });
}

/** The copy that JupyterLab keeps of what it opens is made when the kernel has started, which it would delay. */
function keepCopiesLater(contents) {
  const create = contents.createCheckpoint.bind(contents);
  contents.createCheckpoint = async (...args) => {
    await window.gradlabStarting;
    return create(...args);
  };
}

/**
 * Explains why a notebook in the address did not open. JupyterLite takes a folder list that failed to load for an empty
 * folder as long as the page lives, so only reloading helps; in-every-page.js does that.
 */
async function sayWhatIsMissing(path, lists) {
  const folder = path.replace(/\/?[^/]*$/, '');
  const list = await fetch(lists(folder), { cache: 'reload' })
    .then((answer) => (answer.ok ? answer.json() : undefined))
    .catch(() => undefined);
  const isThere = list?.content.some((file) => file.path === path);
  const detail =
    list !== undefined && !isThere
      ? { text: `This laboratory has no ${path}.` }
      : { missing: `the list of the notebooks in ${folder || 'the first folder'}` };
  dispatchEvent(new CustomEvent('gradlab-not-opened', { detail }));
}

/**
 * Makes a notebook the current one where none is: one that came before JupyterLab had its layout can be shown without being it,
 * and then no command applies to it. Asks again, since a notebook that is not quite on the page yet misses it.
 */
async function makeCurrent(shell, widget) {
  while (widget && !widget.isDisposed && shell.currentWidget === null) {
    shell.activateById(widget.id);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Below this width in pixels, side bars and tabs would leave no space for the notebook. */
const narrow = '(max-width: 760px)';

/** A toolbar of one row: run, interrupt and restart. The rest is in the menus. Prompts leave their width to code and figures. */
const narrowStyle = `@media ${narrow} {
  .jp-NotebookPanel-toolbar > :is(${['save', 'insert', 'cut', 'copy', 'paste', 'cellType', 'spacer', 'kernelName']
    .map((name) => `[data-jp-item-name="${name}"]`)
    .join()}) { display: none; }
  .jp-NotebookPanel-toolbar .jp-ToolbarButtonComponent { min-width: 36px; }
  .jp-Notebook { --jp-cell-prompt-width: 0px; }
  .jp-Notebook :is(.jp-InputPrompt, .jp-OutputPrompt) { display: none; }
}`;

/** On a phone: one notebook, no side bars and no tabs of them. The View menu opens them. */
function fitPhone(shell) {
  document.head.append(Object.assign(document.createElement('style'), { textContent: narrowStyle }));
  shell.mode = 'single-document';
  shell.collapseLeft();
  shell.collapseRight();
  for (const side of ['left', 'right']) if (shell.isSideTabBarVisible(side)) shell.toggleSideTabBarVisibility(side);
}

/** The plugin. @param {(name: string) => Promise<object>} shared loads a package of JupyterLab */
export async function openingPlugin(shared) {
  const { INotebookTracker } = await shared('@jupyterlab/notebook');
  const { PageConfig, URLExt } = await shared('@jupyterlab/coreutils');
  const lists = (folder) =>
    URLExt.join(PageConfig.getBaseUrl(), 'api/contents', folder, PageConfig.getOption('contentsAllJsonFile'));
  const asked = new URLSearchParams(location.search).getAll('path');
  const isLink = asked.length > 0 && performance.getEntriesByType('navigation')[0]?.type === 'navigate';
  // What is open is kept by address, so that pages beside each other keep what is theirs.
  if (asked.length > 0) PageConfig.setOption('workspace', asked.join(' '));
  return {
    id: 'gradlab-kernel:opening',
    description: 'Opens the notebooks that the address names',
    autoStart: true,
    requires: [INotebookTracker],
    activate: async (app, tracker) => {
      const { commands, serviceManager, shell } = app;
      const isNarrow = matchMedia(narrow).matches;
      if (isNarrow) app.restored.then(() => fitPhone(shell));
      startWhenShown(app, tracker, isLink ? asked : []);
      keepCopiesLater(serviceManager.contents);
      (isLink ? app.started : app.restored).then(async () => {
        const opened = [...shell.widgets('main')].filter(({ context }) => context !== undefined);
        if (!isLink)
          await makeCurrent(
            shell,
            opened.find(({ isVisible }) => isVisible),
          );
        if (asked.length === 0 || (opened.length > 0 && !isLink)) return;
        for (const path of asked)
          opened.push(await commands.execute('docmanager:open', { path }).catch(() => sayWhatIsMissing(path, lists)));
        await app.restored;
        await makeCurrent(shell, opened.filter(Boolean).at(-1));
        // It opens the side bar.
        if (!isNarrow) await commands.execute('docmanager:show-in-file-browser');
      });
      if (isLink) await serviceManager.workspaces.remove(asked.join(' '));
    },
  };
}
