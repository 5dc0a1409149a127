// Marks of statements on a page of the site: the card is an overlay inside the window, and the page does not move.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildPage } from '../../kernel-setup/setup/page.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { pageOf, RENDERER } from '../../site/pages/addresses.mjs';
import { writeAssets } from '../../site/pages/frame.mjs';
import { notebookPage } from '../../site/pages/notebook-page.mjs';
import { findings } from '../support/accessible';
import { describeInChromium } from '../support/browsers';
import { chapter, chapterPath } from '../support/chapter';
import { screenshots } from '../support/reader';
import { scratchSite, type Visit, visitSite } from './built-site';

describeInChromium('marks on a page of the site', () => {
  const { folder, site } = scratchSite();
  let visit: Visit;
  let page: Page;

  beforeAll(async () => {
    await buildPage(paths);
    writeAssets(paths, site);
    const renderer = path.dirname(RENDERER);
    fs.cpSync(path.join(paths.labExtension, 'static'), path.join(site, renderer), { recursive: true });
    const { html } = notebookPage(chapter(), { path: chapterPath, isReady: () => false });
    const file = path.join(site, pageOf(chapterPath));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, html);
    fs.mkdirSync(screenshots, { recursive: true });
    visit = await visitSite(site, path.join(folder, 'browser'));
  });
  afterAll(async () => {
    await visit?.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  beforeEach(async () => {
    await page?.close();
    page = await visit.context.newPage();
    page.setDefaultTimeout(20_000);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  const open = async (width: number, height: number) => {
    await page.setViewportSize({ width, height });
    await page.goto(`${visit.address}${pageOf(chapterPath)}`);
    await page.locator('.gradlab-note-mark').first().waitFor();
  };
  const mark = (id: string) => page.locator(`a.gradlab-note-mark[title="${id}"]`);
  const card = () => page.getByRole('dialog');
  const place = () => page.evaluate(() => ({ height: document.documentElement.scrollHeight, at: scrollY }));
  /** How far a card extends beyond the window, in pixels. */
  const beyond = async () => {
    const box = (await card().boundingBox())!;
    const { width, height } = page.viewportSize()!;
    return Math.max(-box.x, -box.y, box.x + box.width - width, box.y + box.height - height);
  };

  test.each([
    [1280, 800],
    [360, 640],
  ])('a card at %i × %i is inside the window and does not move the page', async (width, height) => {
    await open(width, height);
    for (const id of ['E043', 'E045', 'E048', 'E054'])
      for (const share of [0.1, 0.5, 0.95]) {
        await mark(id).evaluate(
          (node, part) => scrollBy(0, node.getBoundingClientRect().top - part * innerHeight),
          share,
        );
        const before = await place();
        await mark(id).evaluate((node) => (node as HTMLElement).click());
        expect(await card().getAttribute('aria-label')).toBe(`The note, statement ${id}`);
        expect(await beyond()).toBeLessThanOrEqual(0);
        expect(await place()).toEqual(before);
        await page.keyboard.press('Escape');
        expect(await card().count()).toBe(0);
        expect(await place()).toEqual(before);
      }
  });

  test('a mark has a target of 24 px and does not change the line height', async () => {
    await open(1280, 800);
    const box = (await mark('E048').boundingBox())!;
    expect([box.width, box.height]).toEqual([24, 24]);
    // A click at its edge opens the card.
    const other = (await mark('E043').boundingBox())!;
    await page.mouse.click(other.x + 4, other.y + 12);
    expect(await card().count()).toBe(1);
    await page.keyboard.press('Escape');
    const heights = await page.evaluate(() => {
      const text = document.querySelector('a[title="E048"]')!.closest('p')!;
      const before = text.offsetHeight;
      for (const node of text.querySelectorAll('a')) node.remove();
      return [before, text.offsetHeight];
    });
    expect(heights[0]).toBe(heights[1]);
  });

  test("a card has the entry of the list: verdict, sentence, the note's claim, where, what is right in it, numbers and bounds", async () => {
    await open(1280, 800);
    await mark('E045').click();
    const said = (await card().innerText()).split('\n').filter(Boolean);
    expect(said.join(' | ')).toBe(
      '✗ wrong as written Corrected, and measured so: All outputs are positive, and their mean is one half. E045 | ' +
        'the note | Says that the mean grows without end. | where | Sigmoid · item 3 | right in it | A sigmoid is not centred. | ' +
        'measured | a = 1: 0.5 ✓ | a = 50: 0.5 ✓ | red if | one of them is not 0.5, give or take 10⁻⁶ | the measuring cell | ×',
    );
    expect(await page.locator('[id="E045"]').count()).toBe(1);
  });

  test('the keyboard opens and closes a card, and the focus returns to the mark', async () => {
    await open(1280, 800);
    const isOn = (id: string) => page.evaluate((title) => (document.activeElement as HTMLElement).title === title, id);
    for (const key of ['Enter', ' ']) {
      await mark('E048').focus();
      await page.keyboard.press(key);
      expect(await card().evaluate((node) => node === document.activeElement)).toBe(true);
      expect(await mark('E048').getAttribute('aria-expanded')).toBe('true');
      await page.keyboard.press('Escape');
      expect(await isOn('E048')).toBe(true);
      expect(await mark('E048').getAttribute('aria-expanded')).toBe('false');
    }
    // Tab moves through the card and continues after the mark.
    await page.keyboard.press('Enter');
    for (let i = 0; i < 2; i++) await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement!.getAttribute('aria-label'))).toBe('Close');
    await page.keyboard.press('Tab');
    expect(await card().count()).toBe(0);
    expect(await isOn('E048')).toBe(false);
    await page.keyboard.press('Shift+Tab');
    expect(await isOn('E048')).toBe(true);
    // ×, a click elsewhere and a second click on the mark close the card; another mark replaces it.
    await mark('E048').click();
    await page.getByRole('button', { name: 'Close' }).click();
    expect([await card().count(), await isOn('E048')]).toEqual([0, true]);
    await mark('E048').click();
    await page.locator('h1').click();
    expect(await card().count()).toBe(0);
    await mark('E048').click();
    await mark('E048').click();
    expect(await card().count()).toBe(0);
    await mark('E048').click();
    await mark('E045').evaluate((node) => (node as HTMLElement).click());
    expect(await card().getAttribute('aria-label')).toBe('The note, statement E045');
  });

  test('the mark of a failed statement is red and labelled as failed, and its list is open', async () => {
    await open(1280, 800);
    const states = await page
      .locator('.gradlab-note-mark')
      .evaluateAll((nodes) =>
        nodes.map((node) => [node.getAttribute('aria-label'), 'failed' in (node as HTMLElement).dataset]),
      );
    expect(states).toEqual([
      ['The note, statement E043', false],
      ['The note, statement E045', false],
      ['The note, statement E048', false],
      ['The note, statement E054, failed', true],
    ]);
    const dots = await page
      .locator('.gradlab-note-mark')
      .evaluateAll((nodes) => nodes.map((node) => getComputedStyle(node, '::before').borderTopColor));
    expect(new Set(dots.slice(0, 3)).size).toBe(1);
    expect(dots[3]).toBe('rgb(192, 0, 28)');
    expect(
      await page
        .locator('.gradlab-about-the-note')
        .evaluateAll((nodes) => nodes.map((node) => (node as HTMLDetailsElement).open)),
    ).toEqual([false, true]);
  });

  test('a card links to the measuring cell', async () => {
    await open(1280, 800);
    await mark('E043').click();
    await card().getByText('the measuring cell').click();
    expect(await card().count()).toBe(0);
    const code = page.locator('.gradlab-about-the-note').first().locator('pre.code');
    await code.waitFor({ state: 'visible' });
    expect(await code.innerText()).toContain('aboutTheNote({');
    expect(await code.evaluate((node) => node.getBoundingClientRect().top < innerHeight)).toBe(true);
  });

  test('a link to a statement opens its list', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${visit.address}${pageOf(chapterPath)}#E045`);
    await page.locator('#E045').waitFor({ state: 'visible' });
  });

  test.each(['light', 'dark'] as const)('marks, cards and lists are accessible, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of [
      [1280, 800],
      [360, 640],
    ] as const) {
      await open(width, height);
      await mark('E045').click();
      await page.screenshot({ path: path.join(screenshots, `card-${colorScheme}-${width}.png`) });
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('.gradlab-about-the-note').evaluateAll((nodes) => {
        for (const node of nodes) (node as HTMLDetailsElement).open = true;
      });
      await page.screenshot({ path: path.join(screenshots, `list-${colorScheme}-${width}.png`), fullPage: true });
      expect(await findings(page)).toEqual([]);
    }
  });
});
