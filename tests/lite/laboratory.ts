// The static laboratory under Chromium: a notebook is opened and run, and read from the page.
import type { BrowserContext, Page } from 'playwright-core';

interface Notebook {
  cells: { cell_type: string; source: string | string[]; outputs?: { output_type: string; evalue?: string }[] }[];
  metadata: object;
}

/** What JupyterLab's application has that is used here. */
interface Application {
  jupyterapp: {
    commands: { execute(command: string): Promise<unknown> };
    shell: {
      currentWidget?: {
        content: { model: { toJSON(): Notebook } };
        sessionContext?: { session?: { kernel?: { status: string } } };
      };
    };
  };
}

/** Opens a notebook and waits until its kernel is idle. */
export async function openNotebook(context: BrowserContext, address: string, notebook: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${address}lab/index.html?path=${encodeURIComponent(notebook)}`);
  await whenIdle(page);
  return page;
}

/** Waits until the notebook that a page opens has a kernel that is idle. */
export async function whenIdle(page: Page): Promise<void> {
  const isReady = () => {
    const { jupyterapp } = globalThis as unknown as Partial<Application>;
    return jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle';
  };
  await page.waitForFunction(isReady, null, { timeout: 300_000 });
}

/** Runs all cells, and gives the notebook as it is then. */
export async function runAll(page: Page): Promise<Notebook> {
  return page.evaluate(async () => {
    const { commands, shell } = (globalThis as unknown as Application).jupyterapp;
    await commands.execute('notebook:run-all-cells');
    return shell.currentWidget!.content.model.toJSON();
  });
}
