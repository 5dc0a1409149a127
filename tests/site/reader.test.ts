// The static site for its reader: the start page, and the progress stored in this browser.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { RENDERER } from '../../site/pages/addresses.mjs';
import { readMap } from '../../tools/notebooks/map.mjs';
import { describeInChromium } from '../support/browsers';
import { buildSite, scratchSite, type Visit, visitSite } from './built-site';

const advice = '003-nyu-week-2/06-backprop-in-practice.ipynb';
const chapter = '002-gradient-descent/01-gradient-descent-in-3d.ipynb';

describeInChromium('the reader of the static site', () => {
  const { folder, site } = scratchSite();
  const problems: string[] = [];
  let visit: Visit;
  let address: string;
  let context: Visit['context'];
  let page: Page;

  beforeAll(async () => {
    await buildSite(site);
    visit = await visitSite(site, folder);
    ({ context } = visit);
  });
  beforeEach(async () => {
    address = await visit.anew();
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    problems.length = 0;
  });
  afterAll(async () => {
    await visit?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the tables of the notes. */
  const unfold = (where = page) =>
    where.evaluate(() => {
      for (const folded of document.querySelectorAll('details')) folded.open = true;
    });
  const start = async () => {
    await page.goto(`${address}index.html`);
    await unfold();
  };
  const card = (notebook: string) => page.locator(`[data-notebook="${notebook}"]`);
  /** Records facts as other pages do. */
  const record = (...facts: [string, string, string, object?][]) =>
    page.evaluate(`import(new URL('${path.dirname(RENDERER)}/progress.js', document.baseURI).href)
      .then(({ record }) => ${JSON.stringify(facts)}.forEach((fact) => record(...fact)))`);
  const partsOf = (notebook: string) =>
    page.evaluate((name) => {
      const all = JSON.parse(document.getElementById('notebooks')!.textContent!);
      return all.find((entry: { notebook: string }) => entry.notebook === name);
    }, notebook);

  test('the start page has every notebook and every heading of the notes, and all its links resolve', async () => {
    await start();
    const { entries, notes } = readMap(paths.notebooks);
    const ready = entries.filter(({ state }) => state === 'ready');
    expect(await page.locator('.notebooks li').count()).toBe(ready.length);
    expect(await page.locator('.places th').allTextContents()).toEqual(notes.flatMap(({ headings }) => headings));
    // Each links to a section of an existing page.
    const places = await page
      .locator('.places a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
    for (const [file, cell] of places.map((place) => place.split('#'))) {
      const html = fs.readFileSync(path.join(site, file!), 'utf8');
      if (cell) expect(html).toContain(`<section id="${cell}">`);
    }
    const broken = await page.evaluate(() =>
      Array.from(document.querySelectorAll('a[href^="#"]')).filter(
        (link) => !document.getElementById(link.getAttribute('href')!.slice(1)),
      ),
    );
    expect(broken).toEqual([]);
    const { path: ways } = readMap(paths.notebooks);
    expect(await page.locator('ol.path a').count()).toBe(ways.length);
    for (const file of [
      'lab/index.html',
      'pages/errata.html',
      'pages/ops.html',
      'pages/pytorch.html',
      'reference/index.html',
    ])
      expect(await page.locator(`a[href="${file}"]`).count(), file).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });

  test('a word or a title finds its page', async () => {
    const { entries } = readMap(paths.notebooks);
    const field = page.getByRole('combobox', { name: 'Find' });
    const { title, path: file } = entries.at(-1)!;
    for (const [typed, found] of [
      ['Dropout', '004-neural-networks/09-dropout'],
      ['autograd', '001-fastai-book/02-autograd'],
      ['weight decay', '001-fastai-book/06-weight-decay'],
      [title.slice(0, 20), file.replace('.ipynb', '')],
    ]) {
      await start();
      await field.fill(typed!);
      await field.press('Enter');
      await page.waitForURL(`**/pages/${found}.html`);
    }
    expect(problems).toEqual([]);
  });

  test('progress survives a reload, is counted, and reaches another tab immediately; it is reset after a confirmation, and restored from a file', async () => {
    await start();
    expect(await page.locator('#progress .summary').innerText()).toMatch(/^Nothing begun yet/);
    const parts = await partsOf(advice);
    await record(
      [advice, 'opened', ''],
      ...parts.predictions.map((id: string, i: number) => [advice, 'prediction', id, { choice: 'a', right: i === 0 }]),
    );
    const guesses = parts.predictions.length;
    const begun = `begun · ${guesses} of ${guesses} guesses, 1 right · 0 of ${parts.exercises.length} exercises`;
    await expect.poll(() => card(advice).locator('.progress').innerText()).toBe(begun);
    await record([chapter, 'place', '', { cell: 's3', share: 0.4 }]);
    await page.reload();
    await unfold();
    expect(await card(advice).locator('.progress').innerText()).toBe(begun);
    expect(await card(chapter).locator('.progress').innerText()).toMatch(/seen 40 %$/);
    expect(await page.locator('#progress .on').innerText()).toMatch(/^Go on with “Gradient descent in 3-D”/);
    const other = await context.newPage();
    await other.goto(`${address}index.html`);
    await unfold(other);
    await record(...parts.exercises.map((id: string) => [advice, 'exercise', id]));
    const theirs = other.locator(`[data-notebook="${advice}"] .progress`);
    await expect.poll(() => theirs.innerText()).toMatch(/^✓ finished/);
    expect(await other.locator('.notebooks .finished').count()).toBe(1);
    await other.close();

    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.save').click()]);
    const file = path.join(folder, 'progress.json');
    await download.saveAs(file);
    await page.locator('#progress > .ways .forget').click();
    await page.locator('dialog [value=keep]').click();
    expect(await card(advice).locator('.progress').isVisible()).toBe(true);
    await page.locator('#progress > .ways .forget').click();
    await page.locator('dialog [value=forget]').click();
    expect(await card(advice).locator('.progress').isVisible()).toBe(false);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('progress')))).toEqual([]);
    await page.locator('#progress input').setInputFiles(file);
    await expect.poll(() => card(advice).locator('.progress').innerText()).toMatch(/^✓ finished/);
    fs.writeFileSync(file, '{"what": 1}');
    await page.locator('#progress input').setInputFiles(file);
    await expect.poll(() => page.locator('.said').innerText()).toMatch(/holds no progress/);
    expect(problems).toEqual([]);
  });

  test('the position in a page is stored, and the start page links to it', async () => {
    await page.goto(`${address}pages/${chapter.replace('.ipynb', '.html')}`);
    const places = page.locator('section[id^="cell-"]');
    const middle = places.nth(Math.floor((await places.count()) / 2));
    await middle.scrollIntoViewIfNeeded();
    const kept = () => page.evaluate((key) => localStorage.getItem(key), `gradlab-progress/1/${chapter}#place`);
    await page.mouse.wheel(0, 200);
    await expect.poll(kept).not.toBeNull();
    const { cell, share } = JSON.parse((await kept())!);
    expect(share).toBeGreaterThan(0.2);
    await start();
    const link = page.locator('#progress .on a', { hasText: 'read' });
    expect(await link.getAttribute('href')).toBe(`pages/${chapter.replace('.ipynb', '.html')}#cell-${cell}`);
    await link.click();
    await page.waitForURL(/#cell-/);
    expect(await page.locator(`#cell-${cell}`).isVisible()).toBe(true);
  });

  test('the errata are searched by words and by verdict, and the address contains the search', async () => {
    await page.goto(`${address}pages/errata.html#wrong`);
    const shown = page.locator('[data-kind]:visible');
    const wrong = await page.locator('[data-kind=wrong]').count();
    expect(wrong).toBeGreaterThan(10);
    expect(await shown.count()).toBe(wrong);
    await page.locator('.filter [type=search]').fill('MEAN absolute');
    const found = await shown.allInnerTexts();
    expect(found.length).toBeGreaterThan(0);
    for (const text of found) expect(text.toLowerCase()).toMatch(/mean[\s\S]*absolute|absolute[\s\S]*mean/);
    await page.reload();
    expect(await shown.allInnerTexts()).toEqual(found);
    expect(problems).toEqual([]);
  });

  test('the op reference has every entry, with rendered formulas, and finds them by name', async () => {
    const text = fs.readFileSync(path.join(paths.root, 'docs', 'ops.md'), 'utf8');
    await page.goto(`${address}pages/ops.html?q=torch.softmax`);
    expect(await page.locator('[data-kind]').count()).toBe(text.match(/^\*\*/gm)!.length);
    const [found] = await page.locator('[data-kind]:visible').allInnerTexts();
    expect(found).toMatch(/^softmax/);
    expect(await page.locator('.katex').count()).toBeGreaterThan(300);
    expect(await page.evaluate(() => document.body.innerText)).not.toMatch(/\$.*\\bar/);
    expect(problems).toEqual([]);
  });

  test('nothing is wider than a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 700 });
    for (const file of ['index.html', 'pages/errata.html', 'pages/ops.html', 'pages/pytorch.html']) {
      await page.goto(`${address}${file}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), file).toBeLessThanOrEqual(360);
    }
  });

  test('the start page is eight phone screens long; its lists are there, closed', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${address}index.html`);
    const lists = page.locator('details.long');
    expect(await lists.count()).toBeGreaterThan(5);
    expect(await page.locator('details.long[open]').count()).toBe(0);
    await page.locator('.hero .figure[data-alive]').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollHeight / innerHeight)).toBeLessThanOrEqual(8);
    const first = lists.first();
    await first.locator('summary').click();
    expect(await first.locator('.notebooks li').first().isVisible()).toBe(true);
    await page.setViewportSize({ width: 1280, height: 740 });
    await page.reload();
    expect(await page.locator('details.long:not([open])').count()).toBe(0);
  });

  test('without scripts the whole content is visible, and nothing that would need them', async () => {
    const plain = await context.newPage();
    const session = await context.newCDPSession(plain);
    await session.send('Emulation.setScriptExecutionDisabled', { value: true });
    await plain.goto('about:blank');
    await plain.goto(`${address}index.html`);
    const ready = readMap(paths.notebooks).entries.filter((entry) => entry.state === 'ready');
    const seen = () => plain.locator('.notebooks li:visible').count();
    expect(await seen()).toBe(ready.length);
    expect(await plain.locator('button:visible').count()).toBe(0);
    await plain.goto(`${address}pages/errata.html`);
    const { length } = JSON.parse(fs.readFileSync(path.join(paths.notebooks, 'claims.json'), 'utf8'));
    expect(await plain.locator('[data-kind]:visible').count()).toBe(length);
    expect(await plain.locator('.filter:visible').count()).toBe(0);
    await plain.close();
  });
});
