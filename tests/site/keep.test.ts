// What every page has for offline use: the button *Keep for offline*, and the bar about downloads that failed.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { keepOffline } from '../../site/offline/index.mjs';
import { documentPage, PYTORCH, pageOf } from '../../site/pages/addresses.mjs';
import { page, writeAssets } from '../../site/pages/frame.mjs';
import { faintLetters, findings } from '../support/accessible';
import { describeInChromium } from '../support/browsers';
import { scratchSite, type Visit, visitSite } from './built-site';

/** Pages that a reader may visit first. */
const addresses = [documentPage('how-to/train.md'), pageOf('004-neural-networks/09-dropout.ipynb'), PYTORCH];

describeInChromium('the button that keeps the site for offline use', () => {
  const { folder, site } = scratchSite();
  let visit: Visit;

  beforeAll(async () => {
    await writeAssets(paths, site);
    for (const address of addresses) {
      const file = path.join(site, address);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, page({ address, title: 'A page', body: '<h1>A page</h1><p>Its text.</p>' }));
    }
    keepOffline(site);
    visit = await visitSite(site, path.join(folder, 'browser'));
  });
  afterAll(async () => {
    await visit?.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const open = async (at: string) => {
    const opened = await visit.context.newPage();
    await opened.goto(at);
    return { opened, button: opened.locator('footer button.offline') };
  };

  test.each(addresses)('is at the foot of %s, with the size, and shows that the site is kept', async (at) => {
    const address = await visit.anew();
    const { opened, button } = await open(address + at);
    await button.waitFor();
    expect(await button.textContent()).toMatch(/^Keep for offline · [\d.]+ MB$/);
    await opened.evaluate(() => {
      const texts: string[] = [];
      Object.assign(globalThis, { texts });
      const node = document.querySelector('.offline')!;
      new MutationObserver(() => texts.push(node.textContent!)).observe(node, { childList: true });
    });
    await button.click();
    await expect.poll(() => button.textContent()).toMatch(/^Kept for offline · [\d.]+ MB$/);
    const texts = await opened.evaluate(() => (globalThis as unknown as { texts: string[] }).texts);
    expect(texts[0]).toBe('Keeping for offline: 0 %');
    expect(texts.filter((text) => /^Keeping for offline: [1-9]\d? %$/.test(text)).length).toBeGreaterThan(0);
    expect(await button.isDisabled()).toBe(true);
    // Another page knows that it is done.
    const other = await open(address + addresses.find((one) => one !== at)!);
    await expect.poll(() => other.button.textContent()).toMatch(/^Kept for offline/);
    visit.endServer();
    await other.opened.reload();
    expect(await other.opened.locator('h1').textContent()).toBe('A page');
  });

  test('shifts nothing, fits 360 pixels, can be hit by a thumb, and axe-core finds nothing, light and dark', async () => {
    const address = await visit.anew();
    for (const colorScheme of ['light', 'dark'] as const) {
      const opened = await visit.context.newPage();
      await opened.setViewportSize({ width: 360, height: 740 });
      await opened.emulateMedia({ colorScheme });
      await opened.goto(address + addresses[0]);
      const button = opened.locator('footer button.offline');
      await button.waitFor();
      // What is in the header may move by less than a letter, when the colour switch appears.
      const shifts = await opened.evaluate(
        () =>
          new Promise<number>((resolve) => {
            let count = 0;
            new PerformanceObserver((list) => {
              for (const { sources } of list.getEntries() as unknown as { sources: { node: Node }[] }[])
                count += sources.filter(({ node }) => !document.querySelector('header')!.contains(node)).length;
            }).observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => resolve(count), 500);
          }),
      );
      expect(shifts).toBe(0);
      const box = (await button.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(360);
      expect(box.height).toBeGreaterThanOrEqual(36);
      expect(await opened.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      expect(await findings(opened)).toEqual([]);
      expect(await faintLetters(opened)).toEqual([]);
      await opened.close();
    }
  });

  test('says why not all could be kept, and offers it again', async () => {
    const address = await visit.anew();
    await visit.context.route('**/offline.js', (route) => route.abort());
    try {
      const { opened, button } = await open(address + addresses[1]);
      await button.click();
      const status = opened.locator('footer [role="status"]');
      await expect
        .poll(() => status.textContent())
        .toMatch(/^Not all could be kept: .+ a next try goes on from there\.$/);
      expect(await button.textContent()).toMatch(/^Keep for offline · /);
      expect(await button.isDisabled()).toBe(false);
    } finally {
      await visit.context.unroute('**/offline.js');
    }
  });

  test('the bar about a failed download has a white button, on pages whose buttons are blue', async () => {
    const address = await visit.anew();
    await visit.context.route('**/search.mjs', (route) => route.abort());
    try {
      const opened = await visit.context.newPage();
      await opened.goto(address + addresses[0]);
      const again = opened.locator('#gradlab-download button');
      expect(await again.evaluate((node) => getComputedStyle(node).color)).toBe('rgb(255, 255, 255)');
    } finally {
      await visit.context.unroute('**/search.mjs');
    }
  });
});
