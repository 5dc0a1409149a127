// What shows while the laboratory loads.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asOurs, EXPECTED_BYTES } from '../../site/laboratory/index.mjs';
import { describeInChromium } from '../support/browsers';
import { scratchSite, type Visit, visitSite } from './built-site';

/** JupyterLite's page, as far as it is replaced. */
const theirs = `<!DOCTYPE html><html><head><title>JupyterLite</title><meta charset="utf-8">
<meta name="Description" content="WASM powered Jupyter running in the browser."><script src="part.js"></script>
<style>#jupyterlite-loading-indicator { color: red; }</style></head>
<body><div id="jupyterlite-loading-indicator" class="hidden"><div>Loading JupyterLite...</div></div>
<noscript>JupyterLite requires JavaScript to be enabled in your browser.</noscript></body></html>`;

test('a page of JupyterLite that has changed ends the build', () => {
  expect(() => asOurs(theirs.replace('jupyterlite-loading-indicator" class', 'other" class'))).toThrow(/has no/);
});

describeInChromium('the splash', () => {
  const { folder, site } = scratchSite();
  let visit: Visit;
  beforeAll(async () => {
    fs.mkdirSync(path.join(site, 'lab'), { recursive: true });
    fs.writeFileSync(path.join(site, 'lab', 'index.html'), asOurs(theirs));
    fs.writeFileSync(path.join(site, 'lab', 'part.js'), '// '.padEnd(EXPECTED_BYTES / 2));
    visit = await visitSite(site, folder);
  });
  afterAll(async () => {
    await visit?.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test.each(['.jp-Launcher', '.jp-Notebook', '#gradlab-download'])(
    'says what loads and how far it is, until %s is there',
    async (what) => {
      const page = await visit.context.newPage();
      await page.goto(`${visit.address}lab/index.html`);
      expect(await page.title()).toBe('gradlab');
      expect(await page.content()).not.toContain('JupyterLite');
      const bar = page.getByRole('progressbar', { name: 'Loading the laboratory' });
      await page.waitForFunction(() => document.querySelector('progress')!.value === 50);
      expect(await page.locator('#gradlab-splash').innerText()).toContain('50 %');
      await page.evaluate((selector) => {
        const node = document.createElement('div');
        if (selector.startsWith('#')) node.id = selector.slice(1);
        else node.className = selector.slice(1);
        node.innerHTML = '<div class="jp-Cell"></div>';
        document.body.append(node);
      }, what);
      await bar.waitFor({ state: 'detached' });
      await page.close();
    },
  );

  test('has the colours that the reader chose', async () => {
    const page = await visit.context.newPage();
    const ground = () =>
      page.evaluate(() => getComputedStyle(document.getElementById('gradlab-splash')!).backgroundColor);
    for (const [theme, colour] of [
      ['dark', 'rgb(21, 24, 28)'],
      ['light', 'rgb(255, 255, 255)'],
    ]) {
      await page.emulateMedia({ colorScheme: theme === 'dark' ? 'light' : 'dark' });
      await page.goto(`${visit.address}lab/index.html`);
      await page.evaluate((one) => localStorage.setItem('gradlab:theme', one!), theme);
      await page.reload();
      expect(await ground()).toBe(colour);
    }
    await page.close();
  });
});
