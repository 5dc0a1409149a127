// Accessibility of the site's pages: axe-core's rules, colours of letters in figures, and the keyboard.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { API, DOCS, documentPage, ERRATA, OPS, PYTORCH, pageOf, START } from '../../site/pages/addresses.mjs';
import { readDocs } from '../../site/pages/docs.mjs';
import { faintLetters, findings, lostLines, walk } from '../support/accessible';
import { describeInChromium } from '../support/browsers';
import { allNotebooks, takenOf } from '../support/turns.mjs';
import { buildPages, scratchSite, type Visit, visitSite } from './built-site';

/** TypeDoc's own list of names, whose links are inside its disclosure elements. */
const notOurs = ['.tsd-navigation'];

describeInChromium('the pages of the site, for everyone', () => {
  const { folder, site } = scratchSite();
  let visit: Visit;

  beforeAll(async () => {
    await buildPages(site);
    visit = await visitSite(site, path.join(folder, 'browser'));
  });
  afterAll(async () => {
    await visit?.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Opens a page, draws all figures and opens all folded parts. */
  async function open(at: string): Promise<Page> {
    const page = await visit.context.newPage();
    page.setDefaultTimeout(120_000);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(visit.address + at);
    const figures = page.locator('.figure');
    for (let i = 0; i < (await figures.count()); i++) {
      await figures.nth(i).evaluate((node) => node.scrollIntoView({ block: 'center' }));
      await figures.nth(i).and(page.locator('[data-alive]')).waitFor();
    }
    await page.evaluate(() => {
      for (const one of Array.from(document.querySelectorAll<HTMLDetailsElement>(':is(main, [role=main]) details')))
        one.open = true;
      scrollTo(0, 0);
    });
    return page;
  }

  /** Makes a page dark, and waits until its figures have followed. */
  async function turnDark(page: Page): Promise<void> {
    await page.emulateMedia({ colorScheme: 'dark' });
    const figures = page.locator('.gradlab-plotly');
    await expect
      .poll(() =>
        figures.evaluateAll((all) => all.filter((node) => (node as HTMLElement).dataset.theme !== 'dark').length),
      )
      .toBe(0);
  }

  test('a dark line becomes equally light on a dark page, also in the legend, and has its own colour on a light page', async () => {
    const page = await open(pageOf('000-machine-learning/q-scaling-why-b-waits.ipynb'));
    const sine = () =>
      page
        .locator('.figure')
        .first()
        .evaluate((figure) => [
          figure.querySelectorAll<SVGElement>('.scatterlayer .js-line')[1]!.style.stroke,
          figure.querySelectorAll<SVGElement>('.legendlines path')[1]!.style.stroke,
        ]);
    expect(await sine()).toEqual(['rgb(26, 26, 26)', 'rgb(26, 26, 26)']);
    await turnDark(page);
    await expect.poll(sine).toEqual(['rgb(229, 229, 229)', 'rgb(229, 229, 229)']);
    expect(await lostLines(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(sine).toEqual(['rgb(26, 26, 26)', 'rgb(26, 26, 26)']);
    await page.close();
  });

  const names = ['functions/abs.html', 'classes/Slice.html'].map((name) =>
    path.posix.join(path.posix.dirname(API), name),
  );
  const documents = readDocs(paths.root).rooms.flatMap((one) => one.documents.map(({ name }) => documentPage(name)));
  // These have a thousand entries of one kind.
  const long = [OPS, API];
  const pages = [
    ...new Set([...long, START, ERRATA, PYTORCH, DOCS, ...documents, ...names, ...allNotebooks.map(pageOf)]),
  ];
  test.each(takenOf('pages of the site, figures', pages))(
    '%s: axe-core finds nothing, light and dark; Tab reaches every control and leaves; at twice the size nothing is lost',
    async (at) => {
      const page = await open(at);
      expect(await findings(page, { without: notOurs })).toEqual([]);
      expect(await faintLetters(page)).toEqual([]);
      if (!long.includes(at)) {
        const { reached, ...problems } = await walk(page);
        expect(problems).toEqual({ missed: [], unseen: [], ended: true });
        expect(reached).toBeGreaterThan(3);
      }
      await turnDark(page);
      expect(await findings(page, { without: notOurs, onlyColours: true })).toEqual([]);
      expect(await faintLetters(page)).toEqual([]);
      expect(await lostLines(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' });
      expect(await faintLetters(page)).toEqual([]);
      await page.emulateMedia({ forcedColors: 'none' });
      await page.setViewportSize({ width: 640, height: 450 });
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
      await page.close();
    },
  );
});
