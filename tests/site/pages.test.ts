// The pages that need no kernel: all of them as text, and one in Chromium.
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../../kernel-setup/figures/chromium.mjs';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { DOCS, documentPage, ERRATA, OPS, pageOf, START } from '../../site/pages/addresses.mjs';
import { readDocs } from '../../site/pages/docs.mjs';
import { readMap } from '../../tools/notebooks/map.mjs';
import { describeInChromium } from '../support/browsers';
import { frames } from '../support/held-clock';
import { allNotebooks, takenOf } from '../support/turns.mjs';
import { buildPages, moving, scratchSite, type Visit, visitSite } from './built-site';

const [notebook, oneByOne] = moving;
/** A page with a 3D figure and flat ones. */
const inSpace = '002-gradient-descent/01-gradient-descent-in-3d.ipynb';
const ready: string[] = readMap(paths.notebooks)
  .entries.filter(({ state }: { state: string }) => state === 'ready')
  .map((entry: { path: string }) => entry.path);

const { folder, site } = scratchSite();

beforeAll(async () => {
  await buildPages(site);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** All values of an attribute. */
const valuesOf = (html: string, attribute: string) =>
  [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value]) => value!.replaceAll('&amp;', '&'));

describe('all pages, as text', () => {
  test.each(ready)('%s: every link, picture and file exists, and no id is duplicate', (name) => {
    const address = pageOf(name);
    const html = fs.readFileSync(path.join(site, address), 'utf8');
    const at = new URL(address, 'http://site/');
    const needed = ['src', 'data-figure', 'data-controls'].flatMap((attribute) => valuesOf(html, attribute));
    const styles = [...html.matchAll(/<link rel="stylesheet" href="([^"]*)"/g)].map(([, href]) => href!);
    const files = [...needed, ...styles].filter((value) => !value.startsWith('data:'));
    const isThere = (file: string) => fs.existsSync(path.join(site, decodeURIComponent(new URL(file, at).pathname)));
    expect(files.filter((file) => !isThere(file))).toEqual([]);

    const anchors = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'));
    const others = [START, ERRATA, OPS].map((page) => `/${page}`);
    const leadsNowhere = anchors.filter((href) => {
      const { origin, pathname, searchParams, hash } = new URL(href, at);
      if (origin !== at.origin) return false;
      if (pathname === '/lab/index.html') return !ready.includes(searchParams.get('path')!);
      if (pathname === at.pathname && hash) return !valuesOf(html, 'id').includes(decodeURIComponent(hash.slice(1)));
      return !others.includes(pathname) && !isThere(pathname);
    });
    expect(leadsNowhere).toEqual([]);
    expect(anchors).toContain(`../../lab/index.html?path=${encodeURIComponent(name)}`);

    const ids = valuesOf(html, 'id');
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(html).not.toContain('katex-error');
    expect([...html.matchAll(/<img (?![^>]*alt="[^"]+)[^>]*>/g)].map(([image]) => image)).toEqual([]);
    // A formula that was not rendered would remain between dollar signs.
    const text = html.replace(/<(pre|code|style|script)\b[\s\S]*?<\/\1>|<[^>]*>/g, '');
    expect(text.match(/\$[^$\n]{0,80}\$/g)).toBeNull();
  });

  // Formulas are two thirds of a chapter's HTML, and compress to a tenth: the size that a server sends counts.
  test('no page is above 80 kB in gzip, and its files not above 6 MB', () => {
    for (const name of ready) {
      const page = path.join(site, pageOf(name));
      const beside = filesBelow(page.replace(/\.html$/, '')).map((file: string) => fs.statSync(file).size);
      expect(gzipSync(fs.readFileSync(page)).length, name).toBeLessThan(80_000);
      expect(
        beside.reduce((sum: number, size: number) => sum + size, 0),
        name,
      ).toBeLessThan(6_000_000);
    }
  });
});

describeInChromium('a page of a notebook', () => {
  let visit: Visit;
  let address: string;
  let context: BrowserContext;
  const errors: string[] = [];

  beforeAll(async () => {
    visit = await visitSite(site, path.join(folder, 'alive'));
    ({ context } = visit);
  });
  beforeEach(async () => {
    address = await visit.anew();
  });
  afterAll(async () => {
    await visit?.close();
  });

  async function open(name = notebook, at = context, width?: number): Promise<Page> {
    const page = await at.newPage();
    if (width !== undefined) await page.setViewportSize({ width, height: 740 });
    page.on('pageerror', (error) => errors.push(`${name}: ${error.message}`));
    await page.goto(address + pageOf(name));
    return page;
  }

  /** What plotly shows in a figure. */
  const shown = (page: Page, id: string) =>
    page.evaluate((figure) => {
      const node = document.querySelector(`#${figure} .js-plotly-plot`) as unknown as {
        data: { name: string; x: number[]; y: number[]; z?: number[][] }[];
        layout: { title?: { text: string } };
      } | null;
      return node && { data: node.data, title: (node.layout.title?.text ?? '').replaceAll('<br>', ' ') };
    }, id);

  test('a figure becomes interactive when it is scrolled near, in the space of its picture', async () => {
    const page = await open();
    const last = page.locator('.figure').last();
    await page.locator('.figure[data-alive]').first().waitFor();
    expect(await last.getAttribute('data-alive')).toBeNull();
    const height = await last.evaluate((node) => node.getBoundingClientRect().height);
    await last.scrollIntoViewIfNeeded();
    await last.locator('.main-svg').first().waitFor();
    expect(await last.locator('img').count()).toBe(0);
    expect(await last.evaluate((node) => node.getBoundingClientRect().height)).toBe(height);
    expect(await page.locator('script[src$="plotly.min.js"]').count()).toBe(1);
    await page.close();
  });

  test('the answer to a prediction survives a reload', async () => {
    const page = await open();
    const question = page.locator('[data-prediction="xor-weights"]');
    const answer = question.getByRole('button', { name: 'They come to rest at 3 of 4' });
    await answer.click();
    const said = page.locator('.gradlab-spoken[role=status]');
    await expect.poll(() => said.textContent()).toContain('Not so. A corner that is judged wrongly pushes');
    const remark = question.getByText('A corner that is judged wrongly pushes');
    expect(await remark.isVisible()).toBe(true);
    await page.reload();
    await remark.waitFor();
    expect(await answer.getAttribute('aria-pressed')).toBe('true');
    expect(await question.locator('[data-guess]').allInnerTexts()).toEqual([
      expect.stringContaining('They come to rest at 3 of 4'),
    ]);
    await page.close();
  });

  test('claims wait for the answer to their question, unless the reader follows a link to them or clicks on their line', async () => {
    const waiting = (name: string) =>
      fs.readFileSync(path.join(site, pageOf(name)), 'utf8').split('class="gradlab-after-').length - 1;
    const page = await open(ready.find((name) => waiting(name) === 2));
    const claims = page.locator('[class*="gradlab-after-"]');
    const areSeen = () => claims.evaluateAll((all) => all.map((one) => one.firstElementChild!.checkVisibility()));
    await expect.poll(areSeen).toEqual([false, false]);
    await claims.last().click();
    await expect.poll(areSeen).toEqual([false, true]);
    const id = await claims.first().evaluate((one) => one.closest('section')!.id);
    await page.goto(`${page.url()}#${id}`);
    await page.reload();
    await expect.poll(areSeen).toEqual([true, false]);
    await page.close();
  });

  test("controls show the notebook's results for their values", async () => {
    const page = await open();
    const controls = page.locator('[data-controls]');
    await controls.scrollIntoViewIfNeeded();
    const figure = await controls.evaluate(
      (node) => document.querySelector(`[data-output="${(node as HTMLElement).dataset.changes}"]`)!.id,
    );
    await page.locator(`#${figure}[data-alive]`).waitFor();
    // The unit gives 1 where w₁ x₁ + w₂ x₂ + b is not negative: “and”, “or”, and “not both” with the border through no
    // corner.
    for (const [w1, w2, b, answers] of [
      [1, 1, -1.5, '0, 0, 0, 1'],
      [1, 1, -0.5, '0, 1, 1, 1'],
      [-2, -1, 2.5, '1, 1, 1, 0'],
    ] as const) {
      for (const [name, value] of Object.entries({ w1, w2, b })) {
        const slider = controls.getByLabel(name, { exact: true });
        const labels = JSON.parse((await slider.getAttribute('data-labels'))!) as string[];
        expect(labels).toContain(String(value));
        await slider.focus();
        await page.keyboard.press('Home');
        for (let i = labels.indexOf(String(value)); i > 0; i--) await page.keyboard.press('ArrowRight');
        expect(await slider.getAttribute('aria-valuetext')).toBe(String(value));
      }
      await expect
        .poll(async () => (await shown(page, figure))!.title)
        .toBe(`S = ${answers} at (0, 0), (0, 1), (1, 0), (1, 1)`);
      const { x, y } = (await shown(page, figure))!.data.find(({ name }) => name === 'border')!;
      expect(x.length).toBe(2);
      for (const [i, x1] of x.entries()) expect(w1 * x1 + w2 * y[i]! + b).toBeCloseTo(0, 9);
    }
    await page.close();
  });

  test('controls that were moved separately return to their start when another moves', async () => {
    const page = await open(oneByOne);
    const controls = page.locator('[data-controls]');
    await controls.scrollIntoViewIfNeeded();
    const figure = await controls.evaluate(
      (node) => document.querySelector(`[data-output="${(node as HTMLElement).dataset.changes}"]`)!.id,
    );
    await page.locator(`#${figure}[data-alive]`).waitFor();
    const data = async () => JSON.stringify((await shown(page, figure))!.data);
    const atStart = await data();
    const turn = controls.getByLabel('turn');
    expect(await turn.getAttribute('aria-valuetext')).toBe('20');
    await turn.focus();
    await page.keyboard.press('ArrowRight');
    expect(Number(await turn.getAttribute('aria-valuetext'))).toBeGreaterThan(20);
    await expect.poll(data).not.toBe(atStart);
    const turned = await data();
    const beta = controls.getByLabel('beta');
    await beta.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await turn.getAttribute('aria-valuetext')).toBe('20');
    await expect.poll(data).not.toBe(turned);
    await page.keyboard.press('ArrowRight');
    expect(await beta.getAttribute('aria-valuetext')).toBe('0.9');
    await expect.poll(data).toBe(atStart);
    await page.close();
  });

  test('colours follow the switch, also in figures', async () => {
    const page = await open();
    await page.locator('.figure[data-alive]').first().waitFor();
    const colours = () =>
      page.evaluate(() => {
        const tick = document.querySelector('.figure .xtick text')!;
        return [getComputedStyle(document.body).backgroundColor, getComputedStyle(tick).fill];
      });
    const before = await colours();
    await page.locator('#theme').click();
    await expect.poll(async () => (await colours()).filter((colour, i) => colour === before[i])).toEqual([]);
    await page.reload();
    await page.locator('.figure[data-alive]').first().waitFor();
    expect((await colours())[0]).not.toBe(before[0]);
    await page.locator('#theme').click();
    await page.close();
  });

  test('a colour bar below a narrow figure stays there when the colours change, and does not shrink the plot', async () => {
    const page = await open('004-neural-networks/q-dying-relu.ipynb', context, 360);
    const figure = page.locator('.figure').nth(2);
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('.colorbar').waitFor();
    const sizes = () =>
      figure.evaluate((node) => {
        const { _size } = (
          node.querySelector('.js-plotly-plot') as unknown as { _fullLayout: { _size: { w: number; h: number } } }
        )._fullLayout;
        const { width, height } = node.querySelector('.colorbar')!.getBoundingClientRect();
        return [_size.w, _size.h, width, height].map(Math.round);
      });
    const before = await sizes();
    expect(before[1]).toBeGreaterThan(250);
    await page.locator('#theme').click();
    await expect.poll(() => figure.locator('[data-theme="dark"]').count()).toBe(1);
    await frames(page);
    expect(await sizes()).toEqual(before);
    await page.locator('#theme').click();
    await page.close();
  });

  /** Draws all figures of a page. */
  async function drawAll(page: Page) {
    const figures = page.locator('.figure');
    for (let i = 0; i < (await figures.count()); i++) {
      await figures.nth(i).evaluate((node) => node.scrollIntoView({ block: 'center' }));
      await figures.nth(i).and(page.locator('[data-alive]')).waitFor();
    }
  }

  /** Elements wider than the screen that do not scroll, output lines, and titles of figures that are cut off. */
  const tooWide = (page: Page) =>
    page.evaluate(() => {
      const beyond = (node: Element, { left, right }: { left: number; right: number }) => {
        const box = node.getBoundingClientRect();
        return box.width > 0 && (box.left < left - 2 || box.right > right + 2);
      };
      const screen = { left: 0, right: document.documentElement.clientWidth };
      const scrolling = '.wide, pre, .katex, .skip, .figure svg, .gradlab-settings.in-one-line, #js-plotly-tester';
      const wide = Array.from(document.querySelectorAll('body *')).filter(
        (node) => !node.closest(scrolling) && beyond(node, screen),
      );
      const titles = Array.from(document.querySelectorAll('.figure :is(.gtitle, .annotation-text, .legendtext)'));
      const cut = titles.filter((text) => beyond(text, text.closest('.figure')!.getBoundingClientRect()));
      const printed = document.querySelectorAll('section > pre:not(.code)');
      cut.push(...Array.from(printed).filter((node) => node.scrollWidth > node.clientWidth + 1));
      const scroll = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
      return [...scroll, ...[...wide, ...cut].map((node) => `${node.tagName} ${node.textContent!.slice(0, 60)}`)];
    });

  /** Overlaps in a figure: titles, legend entries, and the row of the slider. */
  const overlaps = (page: Page) =>
    page.evaluate(() => {
      const kinds = ['.gtitle', '[class*="xtitle"]', '.cbtitle text', '.legend .traces', '.gradlab-player'];
      const hits: string[] = [];
      for (const figure of document.querySelectorAll('.figure')) {
        const boxes = kinds.flatMap((kind) =>
          Array.from(figure.querySelectorAll(kind), (node) => ({ kind, node, box: node.getBoundingClientRect() })),
        );
        for (const [i, one] of boxes.entries())
          for (const other of boxes.slice(i + 1)) {
            const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
            const tall = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
            if (one.kind !== other.kind && wide > 2 && tall > 2)
              hits.push(`“${one.node.textContent!.slice(0, 40)}” on “${other.node.textContent!.slice(0, 40)}”`);
          }
      }
      return hits;
    });

  const views = allNotebooks.flatMap((name) => [360, 768, 1280].map((width) => [name, width] as const));
  const looked = new Set([views.find(([name]) => name === notebook)!, ...takenOf('pages of the site, figures', views)]);
  test.each([...looked])(
    '%s, %i pixels wide: nothing is too wide or overlaps, no title is cut off, and nothing moves when figures become interactive',
    async (name, width) => {
      const page = await open(name, context, width);
      const heights = () =>
        page.locator('.figure').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
      const before = await heights();
      await drawAll(page);
      expect(await heights()).toEqual(before);
      expect(await tooWide(page)).toEqual([]);
      expect(await overlaps(page)).toEqual([]);
      await page.close();
    },
  );

  test.each([360, 768, 1280])('no document is wider than a screen of %i pixels', async (width) => {
    const documents = readDocs(paths.root).rooms.flatMap((one) => one.documents.map(({ name }) => documentPage(name)));
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 740 });
    for (const at of [DOCS, ...documents.filter((one) => one !== OPS)]) {
      await page.goto(address + at);
      expect(await tooWide(page), at).toEqual([]);
    }
    await page.close();
  });

  test.each(['light', 'dark'] as const)('the start page is interactive, and %s', async (theme) => {
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(address + START);
    const figure = page.locator('.hero .figure');
    expect(await figure.count()).toBe(1);
    await drawAll(page);
    expect(await page.locator('.hero img').count()).toBe(0);
    const colours = await page.evaluate(() => [
      getComputedStyle(document.body).color,
      getComputedStyle(document.querySelector('.hero .xtick text')!).fill,
    ]);
    expect(colours[1]).toBe(colours[0]);
    // The others are pictures with a question each, and link to their pages.
    const { playFirst } = readMap(paths.notebooks);
    const invitations = page.locator('.invitations li');
    expect(await invitations.count()).toBe(playFirst.length);
    for (const [i, { sentence }] of playFirst.entries()) {
      expect(await invitations.nth(i).locator('p').innerText()).toBe(sentence);
      const picture = invitations.nth(i).locator('img');
      await picture.scrollIntoViewIfNeeded();
      await expect.poll(() => picture.evaluate((node: HTMLImageElement) => node.naturalWidth)).toBeGreaterThan(300);
    }
    // A click on an answer moves the figure and explains it; the guess counts for its notebook.
    const title = () => figure.locator('.gradlab-descent > .title').textContent();
    const before = await title();
    const place = () => figure.evaluate((node) => node.getBoundingClientRect().top + scrollY);
    const top = await place();
    await page.locator('.hero').getByRole('button', { name: 'It climbs out of the valley' }).click();
    await expect.poll(title).not.toBe(before);
    await expect.poll(title).toContain('η = 0.09');
    await expect.poll(() => page.locator('.prediction [data-verdict="right"]').count()).toBeGreaterThan(0);
    expect(await place()).toBe(top);
    // Without its style sheet a formula would be visible twice, once as MathML.
    const formulas = page.locator('.hero .katex-mathml');
    expect(await formulas.count()).toBeGreaterThan(0);
    for (const formula of await formulas.all()) expect(await formula.boundingBox()).toMatchObject({ width: 1 });
    await page.reload();
    expect(await page.locator('#progress .summary').innerText()).toMatch(/1 guesses, 1 right/);
    expect(await page.locator('#progress + section > h2').innerText()).toBe('Guess, then look');
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await drawAll(page);
    for (const width of [360, 768]) {
      await page.setViewportSize({ width, height: 740 });
      await expect.poll(() => tooWide(page)).toEqual([]);
    }
    await page.close();
  });

  test('the wheel scrolls the page, also over 3D figures, and zooms there with Ctrl', async () => {
    const page = await open(inSpace);
    const surface = '#cell-s4-listing .figure[data-alive]';
    await page.locator('#cell-s4-listing .figure').scrollIntoViewIfNeeded();
    const canvas = page.locator(`${surface} .gl-container canvas`).first();
    await canvas.evaluate((node) => node.scrollIntoView({ block: 'center' }));
    const distance = () =>
      page.locator(`${surface} .js-plotly-plot`).evaluate((node) => {
        // biome-ignore lint/suspicious/noExplicitAny: plotly's own
        const { eye, center } = (node as any)._fullLayout.scene._scene.getCamera();
        return Math.hypot(eye.x - center.x, eye.y - center.y, eye.z - center.z) as number;
      });
    const scrolled = () => page.evaluate(() => scrollY);
    const [from, start] = [await scrolled(), await distance()];
    await canvas.hover();
    await page.mouse.wheel(0, 120);
    await expect.poll(scrolled).toBeGreaterThan(from);
    expect(await distance()).toBeCloseTo(start, 6);
    await canvas.hover();
    const now = await scrolled();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, 120);
    await page.keyboard.up('Control');
    await expect.poll(distance).not.toBeCloseTo(start, 1);
    expect(await scrolled()).toBe(now);
    await page.close();
  });

  test('touch turns 3D figures, and scrolls the page everywhere else', async () => {
    const others = { hasTouch: true, isMobile: true };
    const phone = await launchChromium({
      folder: path.join(folder, 'touch'),
      viewport: { width: 390, height: 844 },
      others,
    });
    try {
      const page = await open(inSpace, phone);
      const session = await phone.newCDPSession(page);
      const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
        session.send('Input.dispatchTouchEvent', { type, touchPoints });
      /** Drags from the centre of the element of a selector. */
      const drag = async (selector: string, dx: number, dy: number) => {
        const place = page.locator(selector).first();
        await place.evaluate((node) => node.scrollIntoView({ block: 'center' }));
        const box = (await place.boundingBox())!;
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        await send('touchStart', [{ x, y }]);
        for (let i = 1; i <= 10; i++) await send('touchMove', [{ x: x + (dx * i) / 10, y: y + (dy * i) / 10 }]);
        await send('touchEnd', []);
      };
      const surface = '#cell-s4-listing .figure[data-alive]';
      await page.locator('#cell-s4-listing .figure').scrollIntoViewIfNeeded();
      await page.locator(surface).waitFor();
      const canvas = `${surface} .gl-container canvas`;
      await page
        .locator(canvas)
        .first()
        .evaluate((node) => node.scrollIntoView({ block: 'center' }));
      const camera = () =>
        page.locator(`${surface} .js-plotly-plot`).evaluate((node) => {
          // biome-ignore lint/suspicious/noExplicitAny: plotly's own
          const { eye } = (node as any)._fullLayout.scene._scene.getCamera();
          return [eye.x, eye.y, eye.z] as number[];
        });
      const scrolled = () => page.evaluate(() => scrollY);
      const [from, start] = [await scrolled(), await camera()];
      await drag(canvas, 100, 4);
      await expect.poll(async () => (await camera())[0]).not.toBe(start[0]);
      expect(await scrolled()).toBe(from);
      // plotly's camera moves smoothly.
      let turned: number[] = [];
      await expect
        .poll(async () => {
          const before = turned;
          turned = await camera();
          return turned.map((x, i) => Math.abs(x - (before[i] ?? 0)) < 1e-9);
        })
        .toEqual([true, true, true]);
      await drag(canvas, 3, -120);
      await expect.poll(scrolled).toBeGreaterThan(from + 60);
      expect(await camera()).toEqual(turned);

      const flat = '#cell-s3-shadows .figure[data-alive] .nsewdrag';
      await page.locator('#cell-s3-shadows .figure').scrollIntoViewIfNeeded();
      await page
        .locator(flat)
        .first()
        .evaluate((node) => node.scrollIntoView({ block: 'center' }));
      const at = await scrolled();
      await drag(flat, 3, -100);
      await expect.poll(scrolled).toBeGreaterThan(at + 50);
      expect(await page.locator('.modebar-btn').count()).toBe(0);
    } finally {
      await phone.close();
    }
  });

  test('without scripts the text, the pictures and the answers are visible', async () => {
    const still = await launchChromium({ folder: path.join(folder, 'still'), others: { javaScriptEnabled: false } });
    try {
      const page = await open(notebook, still);
      expect(await page.locator('h1').innerText()).toBe('Perceptron and multilayer perceptron');
      const picture = page.locator('.figure img').last();
      await picture.scrollIntoViewIfNeeded();
      expect(await picture.getAttribute('alt')).toMatch(/^A slider moves step through 13 values/);
      const box = (await picture.boundingBox())!;
      expect(box.height / box.width).toBeGreaterThan(0.1);
      await page.locator('[data-prediction="truth-one-says-zero"] summary').nth(1).click();
      expect(await page.locator('[data-prediction="truth-one-says-zero"] details[open] p').isVisible()).toBe(true);
      expect(await page.locator('[data-controls]').isVisible()).toBe(false);
      expect(await page.locator('.still input').first().isVisible()).toBe(true);
      expect(await page.locator('#theme').isVisible()).toBe(false);
      expect(await page.locator('.katex:visible').count()).toBeGreaterThan(0);
      await page.goto(address + START);
      expect(await page.locator('.hero img:visible').count()).toBe(1);
      expect(await page.locator('.invitations img:visible').count()).toBeGreaterThan(3);
    } finally {
      await still.close();
    }
  });

  test('no error, and no request to another server', () => {
    expect(errors).toEqual([]);
    expect(visit.elsewhere).toEqual([]);
  });
});
