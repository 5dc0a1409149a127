import fs from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { launchChromium } from '../../kernel-setup/figures/chromium.mjs';
import { mime, serveBench, setUpBench, site } from './figure-bench';
import { scratchFolder } from './project-copy';

/**
 * A browser for a group of tests, and for each test a new page with the renderer of figures (figure-bench.ts).
 * @param viewport the size of the page; default: the browser's
 */
export function useBench(viewport?: { width: number; height: number }) {
  let folder: string;
  let context: BrowserContext;
  let page: Page;
  /** Errors of the page. */
  const problems: string[] = [];
  const served = { plotlyIsThere: true };

  beforeAll(async () => {
    folder = scratchFolder();
    context = await launchChromium({ folder });
    await serveBench(context, () => served.plotlyIsThere);
  });

  beforeEach(async () => {
    served.plotlyIsThere = true;
    await page?.close();
    page = await context.newPage();
    problems.length = 0;
    page.on('pageerror', (error) => problems.push(String(error)));
    if (viewport) await page.setViewportSize(viewport);
    await page.goto(`${site}/`);
    await page.addScriptTag({ url: `${site}/static/remoteEntry.js` });
    await page.evaluate(setUpBench, mime);
  });

  afterAll(async () => {
    await context.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  return {
    problems,
    served,
    get page(): Page {
      return page;
    },
  };
}
