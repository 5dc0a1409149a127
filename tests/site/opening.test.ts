// A link into the laboratory whose notebook cannot be loaded: it shows the reason, and retries if that can help.
import fs from 'node:fs';
import path from 'node:path';
import type { Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { browsers, describeIn } from '../support/browsers';
import { makeNotebook } from '../support/notebooks';
import { buildSite, scratchSite, type Visit, visitSite } from './built-site';
import { whenIdle } from './laboratory';

const notebook = '000-machine-learning/q-scaling-why-b-waits.ipynb';
const list = '**/api/contents/000-machine-learning/all.json';

describeIn(browsers, 'a link to a notebook', (browser) => {
  const { folder, site } = scratchSite();
  let visit: Visit;

  beforeAll(async () => {
    await buildSite(site, false);
    fs.writeFileSync(path.join(site, 'files', notebook), JSON.stringify(makeNotebook(['1 + 1'])));
    visit = await visitSite(site, folder, browser);
  });
  afterEach(async () => {
    await visit.context.unroute(list);
    for (const page of visit.context.pages().slice(1)) await page.close();
  });
  afterAll(async () => {
    await visit?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const open = async (path: string) => {
    // At a new address no service worker has a cache.
    const address = await visit.anew();
    const page = await visit.context.newPage();
    await page.goto(`${address}lab/index.html?path=${encodeURIComponent(path)}`);
    return { page, bar: page.locator('#gradlab-download') };
  };

  test('opens it although the list of its folder failed at first', async () => {
    let failures = 0;
    await visit.context.route(list, (route: Route) => (failures++ === 0 ? route.abort() : route.continue()));
    const { page, bar } = await open(notebook);
    await whenIdle(page, notebook);
    expect(failures).toBeGreaterThan(1);
    expect(await bar.count()).toBe(0);
  });

  test('reports that the list fails, and opens it when it arrives', async () => {
    let isBroken = true;
    await visit.context.route(list, (route: Route) => (isBroken ? route.fulfill({ status: 502 }) : route.continue()));
    const { page, bar } = await open(notebook);
    await bar.waitFor();
    expect(await bar.innerText()).toContain('the list of the notebooks in 000-machine-learning. Trying again in');
    isBroken = false;
    await whenIdle(page, notebook);
    expect(await bar.count()).toBe(0);
  });

  test('on a phone shows the notebook, with side bars closed', async () => {
    const address = await visit.anew();
    const page = await visit.context.newPage();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${address}lab/index.html?path=${encodeURIComponent(notebook)}`);
    await whenIdle(page, notebook);
    await expect.poll(() => page.evaluate(() => jupyterapp.shell.mode)).toBe('single-document');
    const width = (what: string) =>
      page
        .locator(what)
        .first()
        .evaluate((node) => node.getBoundingClientRect().width);
    await expect.poll(() => width('.jp-NotebookPanel:visible')).toBe(360);
    expect(await width('.jp-NotebookPanel:visible .jp-Editor')).toBeGreaterThan(300);
    await page.keyboard.press('Escape');
    // Run, Stop and the kernel's status are in one row within the screen.
    const rows = new Set<number>();
    for (const name of ['run', 'interrupt', 'restart', 'restart-and-run', 'kernelStatus', 'executionProgress']) {
      const box = await page.locator(`.jp-NotebookPanel:visible [data-jp-item-name="${name}"]`).boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 360, name).toBe(true);
      rows.add(Math.round((box!.y + box!.height / 2) / 10));
    }
    expect(rows.size).toBe(1);
    await page.screenshot({ path: path.join(paths.state, 'laboratory-phone.png') });
  });

  test('reports a notebook that does not exist', async () => {
    const { bar } = await open('000-machine-learning/77-none.ipynb');
    await bar.waitFor();
    expect(await bar.innerText()).toContain('This laboratory has no 000-machine-learning/77-none.ipynb.');
    expect(await bar.innerText()).not.toContain('Trying again');
  });
});
