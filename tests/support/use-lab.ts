import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { setUp } from '../../kernel-setup/setup/index.mjs';
import { closeLab, makeScratch, startLab } from './lab.mjs';
import { openBrowser, openNotebook } from './lab-page.mjs';
import { type Cell, makeNotebook } from './notebooks';
import { type Browser, screenshots } from './reader';

/**
 * JupyterLab and a browser for a group of tests. Every test, and every retry, has its own page, folder of notebooks and
 * kernels, so it does not depend on what ran, or failed, before.
 */
export function useLab({ viewport = { width: 1280, height: 900 } } = {}) {
  let folder: string;
  let lab: Awaited<ReturnType<typeof startLab>>;
  let browser: Browser;
  let page: Page;
  let attempts = 0;
  const own = () => `attempt-${attempts}`;
  const file = (name: string) => path.join(folder, 'root', own(), name);

  beforeAll(async () => {
    await setUp({ log: () => {} });
    fs.mkdirSync(screenshots, { recursive: true });
    folder = makeScratch();
    const root = path.join(folder, 'root');
    fs.mkdirSync(root);
    lab = await startLab({ folder, root });
    browser = await openBrowser({ folder });
  });

  beforeEach(async () => {
    attempts++;
    fs.mkdirSync(path.join(folder, 'root', own()));
    page = await newPage();
    // Answers are stored by question, for all notebooks, in the browser and beside the notebooks.
    fs.rmSync(path.join(folder, 'root', '.progress.json'), { force: true });
    const session = await browser.context.newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', {
      origin: new URL(lab.url).origin,
      storageTypes: 'local_storage',
    });
    await session.detach();
    browser.problems();
  });

  afterEach(async () => {
    // The first page stays: without any the browser would end.
    for (const one of browser.context.pages().slice(1)) await one.close();
    await lab.stopKernels();
  });

  afterAll(() => closeLab({ browser, lab, folder }));

  const newPage = async () => {
    const opened: Page = await browser.context.newPage();
    await opened.setViewportSize(viewport);
    return opened;
  };

  return {
    /** JupyterLab's scratch folder; it serves the folder `root` in it. */
    get folder() {
      return folder;
    },
    /** The page of this test. */
    get page() {
      return page;
    },
    /** Opens another page. */
    newPage,
    /** A file in the folder of this test. */
    file,
    /** Writes a notebook into the folder of this test. */
    write: (name: string, cells: Cell[]) => fs.writeFileSync(file(name), JSON.stringify(makeNotebook(cells))),
    /**
     * Opens a notebook of this test's folder.
     * @returns the name of its kernel
     */
    open: (name: string, inPage = page): Promise<string> => openNotebook(inPage, lab, `${own()}/${name}`),
    /**
     * Opens a notebook below `root`.
     * @returns the name of its kernel
     */
    openBelowRoot: (name: string): Promise<string> => openNotebook(page, lab, name),
    /** Forbidden events of a page since the last call. */
    problems: () => browser.problems(),
    expectNoProblems: () => expect(browser.problems()).toEqual({ pageErrors: [], foreignRequests: [] }),
  };
}
