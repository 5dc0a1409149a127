// Opens documents of the laboratory. A link to a notebook opens only that one, because otherwise all kernels of earlier
// visits would start again. A reloaded page reopens its documents; each notebook gets a kernel when it is shown.

import type { Signal } from '../jupyterlab';
import type { Shared } from '../shared';
import type { Contents, FileModel } from './contents';

/** A notebook's tab, as its kernel starts. */
interface OpeningPanel {
  readonly context: {
    readonly path: string;
    readonly ready: Promise<unknown>;
    readonly model: { readonly defaultKernelName: string; readonly defaultKernelLanguage: string };
  };
  readonly sessionContext: {
    kernelPreference: { readonly name?: string };
    initialize(): Promise<unknown>;
  };
}

interface OpeningTracker {
  readonly currentWidget: OpeningPanel | null;
  readonly widgetAdded: Signal<unknown, OpeningPanel>;
  readonly currentChanged: Signal<unknown, OpeningPanel | null>;
}

/** A tab of the laboratory. */
interface Tab {
  readonly id: string;
  readonly isDisposed: boolean;
  readonly isVisible: boolean;
  /** Of documents. */
  readonly context?: object;
}

type Side = 'left' | 'right';

interface Shell {
  mode: string;
  readonly currentWidget: Tab | null;
  widgets(area: string): Iterable<Tab>;
  activateById(id: string): void;
  collapseLeft(): void;
  collapseRight(): void;
  isSideTabBarVisible(side: Side): boolean;
  toggleSideTabBarVisibility(side: Side): void;
}

interface OpeningApplication {
  readonly restored: Promise<unknown>;
  readonly started: Promise<unknown>;
  readonly commands: { execute(id: string, args?: object): Promise<Tab | undefined> };
  readonly serviceManager: {
    readonly contents: Contents;
    readonly workspaces: { remove(name: string): Promise<unknown> };
  };
  readonly shell: Shell;
}

interface CoreUtils {
  readonly PageConfig: {
    getBaseUrl(): string;
    getOption(name: string): string;
    setOption(name: string, to: string): void;
  };
  readonly URLExt: { join(...parts: string[]): string };
}

/** Starts an open notebook's kernel as soon as the notebook is there: JupyterLab would keep a copy of it first. */
async function startAtOnce({ context, sessionContext }: OpeningPanel): Promise<void> {
  await context.ready;
  const { model } = context;
  const { kernelPreference } = sessionContext;
  const name = model.defaultKernelName || kernelPreference.name;
  const language = model.defaultKernelLanguage;
  sessionContext.kernelPreference = Object.assign({ ...kernelPreference }, { name, language });
  await sessionContext.initialize();
}

/** Starts kernels of notebooks when they are opened, those of restored ones when they are shown. */
function startWhenShown(app: OpeningApplication, tracker: OpeningTracker, asked: readonly string[]): void {
  const waiting = new Map<OpeningPanel | null, () => void>();
  let isRestored = false;
  const start = (panel: OpeningPanel | null) => waiting.get(panel)?.();
  tracker.widgetAdded.connect((_, panel) => {
    const { context, sessionContext } = panel;
    if (isRestored || asked.includes(context.path)) {
      void startAtOnce(panel);
      return;
    }
    const initialize = sessionContext.initialize.bind(sessionContext);
    const shown = new Promise<void>((resolve) => waiting.set(panel, resolve));
    sessionContext.initialize = () => shown.then(initialize);
  });
  void app.restored.then(() => {
    isRestored = true;
    start(tracker.currentWidget);
    tracker.currentChanged.connect((_, panel) => start(panel));
  });
}

/** The copy that JupyterLab keeps of what it opens is made when the kernel has started, which it would delay. */
function keepCopiesLater(contents: Contents): void {
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
async function sayWhatIsMissing(path: string, lists: (folder: string) => string): Promise<undefined> {
  const folder = path.replace(/\/?[^/]*$/, '');
  const list = await fetch(lists(folder), { cache: 'reload' })
    .then((answer): Promise<{ content: FileModel[] }> | undefined => (answer.ok ? answer.json() : undefined))
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
async function makeCurrent(shell: Shell, widget: Tab | undefined): Promise<void> {
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
function fitPhone(shell: Shell): void {
  document.head.append(Object.assign(document.createElement('style'), { textContent: narrowStyle }));
  shell.mode = 'single-document';
  shell.collapseLeft();
  shell.collapseRight();
  for (const side of ['left', 'right'] as const)
    if (shell.isSideTabBarVisible(side)) shell.toggleSideTabBarVisibility(side);
}

/** The plugin. @param shared loads a package of JupyterLab */
export async function openingPlugin(shared: Shared): Promise<object> {
  const { INotebookTracker } = await shared<{ INotebookTracker: unknown }>('@jupyterlab/notebook');
  const { PageConfig, URLExt } = await shared<CoreUtils>('@jupyterlab/coreutils');
  const lists = (folder: string) =>
    URLExt.join(PageConfig.getBaseUrl(), 'api/contents', folder, PageConfig.getOption('contentsAllJsonFile'));
  const asked = new URLSearchParams(location.search).getAll('path');
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const isLink = asked.length > 0 && navigation?.type === 'navigate';
  // What is open is kept by address, so that pages beside each other keep what is theirs.
  if (asked.length > 0) PageConfig.setOption('workspace', asked.join(' '));
  return {
    id: 'gradlab-kernel:opening',
    description: 'Opens the notebooks that the address names',
    autoStart: true,
    requires: [INotebookTracker],
    activate: async (app: OpeningApplication, tracker: OpeningTracker) => {
      const { commands, serviceManager, shell } = app;
      const isNarrow = matchMedia(narrow).matches;
      if (isNarrow) void app.restored.then(() => fitPhone(shell));
      startWhenShown(app, tracker, isLink ? asked : []);
      keepCopiesLater(serviceManager.contents);
      void (isLink ? app.started : app.restored).then(async () => {
        const opened: (Tab | undefined)[] = [...shell.widgets('main')].filter(({ context }) => context !== undefined);
        if (!isLink)
          await makeCurrent(
            shell,
            opened.find((tab) => tab?.isVisible),
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
