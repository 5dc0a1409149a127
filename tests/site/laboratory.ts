// The static laboratory in a browser: opens and runs a notebook, and reads it from the page.
import type { BrowserContext, Page } from 'playwright-core';

/** Playwright's default polls with every frame, which redraws a waiting page sixty times a second. */
const patience = { timeout: 240_000, polling: 100 };

/** Opens a notebook by its address, and waits until its kernel is idle. */
export async function openNotebook(context: BrowserContext, address: string, notebook: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${address}lab/index.html?path=${encodeURIComponent(notebook)}`);
  await whenIdle(page, notebook);
  return page;
}

/** Waits until this notebook is the current one and its kernel idle. */
export async function whenIdle(page: Page, notebook: string): Promise<void> {
  const isReady = (wanted: string) => {
    const widget = globalThis.jupyterapp?.shell.currentWidget;
    return widget?.context?.path === wanted && widget.sessionContext?.session?.kernel?.status === 'idle';
  };
  try {
    await page.waitForFunction(isReady, notebook, patience);
  } catch (cause) {
    const state = await page
      .evaluate(() => {
        const app = globalThis.jupyterapp;
        const widget = app?.shell.currentWidget;
        const kernel = widget?.sessionContext?.session?.kernel?.status;
        const open = [...(app?.shell.widgets('main') ?? [])].map(({ context }) => context?.path);
        const said = [...document.querySelectorAll('.jp-Dialog, [role="alert"]')].map((one) => one.textContent);
        const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
        return [
          `${widget?.context?.path ?? 'no notebook'}, kernel ${kernel ?? 'none'}`,
          `open: ${open}; said: ${said.join(' | ')}; the page came by ${entry?.type} to ${location.href}`,
          document.body.innerText.slice(0, 300),
        ].join('\n');
      })
      .catch(String);
    throw new Error(`${notebook} never came to rest: ${state}`, { cause });
  }
}

/** Runs all cells, and returns the resulting notebook. */
export async function runAll(page: Page): Promise<JupyterLab.Notebook> {
  return page.evaluate(async () => {
    const { commands, shell } = jupyterapp;
    await commands.execute('notebook:run-all-cells');
    return shell.currentWidget.content.model.toJSON();
  });
}

/** Sends a request to JupyterLite's contents, as its list of files does. */
export function contents(
  page: Page,
  method: 'save' | 'delete' | 'rename' | 'get',
  ...args: unknown[]
): Promise<unknown> {
  return page.evaluate(
    async ([method, args]) => {
      const model = (await jupyterapp.serviceManager.contents[method](...args)) as {
        content?: unknown;
        format?: string;
      };
      return method === 'get' ? { content: model.content, format: model.format } : undefined;
    },
    [method, args] as const,
  );
}

/** The result of a cell. */
interface Executed {
  reply: JupyterLab.Reply;
  result?: string;
  /** The texts that it displayed, including replaced ones. */
  shown: string[];
}

/** Runs code in the kernel of an open notebook once it is idle. JupyterLite may show another one meanwhile. */
export async function execute(page: Page, notebook: string, code: string): Promise<Executed> {
  const isIdle = (wanted: string) => {
    const opened = [...jupyterapp.shell.widgets('main')].find(({ context }) => context?.path === wanted);
    return opened?.sessionContext?.session?.kernel?.status === 'idle';
  };
  await page.waitForFunction(isIdle, notebook, patience);
  return page.evaluate(
    async ([wanted, code]) => {
      const opened = [...jupyterapp.shell.widgets('main')].find(({ context }) => context?.path === wanted)!;
      const future = opened.sessionContext!.session.kernel.requestExecute({ code, stop_on_error: false });
      let result: string | undefined;
      const shown: string[] = [];
      future.onIOPub = ({ header, content }) => {
        const text = content.data?.['text/plain'];
        if (header.msg_type === 'execute_result') result = text;
        else if (text !== undefined) shown.push(text);
      };
      const { content } = await future.done;
      return { reply: content, result, shown };
    },
    [notebook, code] as const,
  );
}
