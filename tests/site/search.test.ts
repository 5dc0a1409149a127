// The search of the site: learners' queries, the size of the index, and the field by keyboard, mouse and touch.
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../kernel-setup/figures/chromium.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { find, prepare } from '../../page/site/ranking';
import { stemsOf } from '../../page/site/words.mjs';
import { DOCS, documentPage, ERRATA, OPS, PYTORCH, pageOf, SEARCH, START } from '../../site/pages/addresses.mjs';
import { entryOf, readMap } from '../../tools/notebooks/map.mjs';
import { faintLetters, findings } from '../support/accessible';
import { describeInChromium } from '../support/browsers';
import { buildPages, scratchSite, type Visit, visitSite } from './built-site';

type Found = ReturnType<typeof find>[number];
type Questions = [question: string, right: string[]][];

const { lessons, names, documents, words } = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname, 'learner-questions.json'), 'utf8'),
) as Record<'lessons' | 'names' | 'documents' | 'words', Questions>;
const map = readMap(paths.notebooks);

/** Whether a result is "note/notebook#cell", "note/notebook", "docs page", "docs page#section", "api name", "ops name" or "errata id". */
function isRight({ kind, address, title, page }: Found, right: string): boolean {
  const [where, name] = right.split(' ') as [string, string?];
  if (where === 'api')
    return (
      (kind === 'api' || address.startsWith('reference/')) &&
      (title.split('.').includes(name!) || title === name || page === name)
    );
  if (where === 'ops') return kind === 'operation' && title === name;
  if (where === 'errata') return kind === 'claim' && title.startsWith(`${name} `);
  if (where === 'docs') {
    const [file, anchor] = name!.split('#') as [string, string?];
    const wanted = documentPage(`${file}.md`);
    return anchor === undefined ? address.split('#')[0] === wanted : address === `${wanted}#${anchor}`;
  }
  const [ref, cell] = where.split('#');
  const [, file, at] = /^pages\/(.*)\.html(?:#cell-(.*))?$/.exec(address) ?? [];
  return file !== undefined && entryOf(map, `${file}.ipynb`)?.ref === ref && (cell === undefined || at === cell);
}

test.each([
  ['crossEntropy', 'cross-entropy'],
  ['cross entropy', 'Cross Entropies'],
  ['regularised', 'regularization'],
  ['doesn’t learn', 'does not learn'],
  ['gradients', 'gradient'],
  ['over-fitting', 'over fitting'],
])('“%s” and “%s” are the same words', (one, other) => {
  const whole = false;
  expect(stemsOf(one, { whole })).toEqual(stemsOf(other, { whole }));
});

describeInChromium('the search of the site', () => {
  const { folder, site } = scratchSite();
  let visit: Visit;
  let index: ReturnType<typeof prepare>;

  beforeAll(async () => {
    await buildPages(site);
    index = prepare(JSON.parse(fs.readFileSync(path.join(site, SEARCH), 'utf8')));
    visit = await visitSite(site, path.join(folder, 'browser'));
  });
  afterAll(async () => {
    await visit?.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('the index has at most 80 kB, compressed', () => {
    expect(gzipSync(fs.readFileSync(path.join(site, SEARCH))).length).toBeLessThan(80_000);
  });

  test('each result links to an existing place', () => {
    const pages = new Map<string, string>();
    const missing = index.all.filter(({ address }) => {
      const [file, anchor] = address.split('#') as [string, string?];
      if (!fs.existsSync(path.join(site, file))) return true;
      if (!pages.has(file)) pages.set(file, fs.readFileSync(path.join(site, file), 'utf8'));
      return anchor !== undefined && !pages.get(file)!.includes(` id="${anchor}"`);
    });
    expect(missing.map(({ address }) => address)).toEqual([]);
  });

  describe("a learner's query", () => {
    test.each([
      ['section', 3, lessons],
      ['document', 3, documents],
      ['page for a single word', 3, words],
      ['name, statement or error', 5, names],
    ] as const)('a correct %s is among the first %i', (_, most, questions) => {
      const wrong = questions.flatMap(([question, right]) => {
        const found = find(index, question, most);
        const isFound = found.some((one) => right.some((name) => isRight(one, name)));
        return isFound ? [] : [{ question, found: found.map(({ address }) => address) }];
      });
      expect(questions.length).toBeGreaterThanOrEqual(10);
      expect(wrong).toEqual([]);
    });
    test('unknown words find nothing', () => {
      expect(find(index, 'zzzyx qqqv')).toEqual([]);
      expect(find(index, '  ')).toEqual([]);
      expect(find(index, 'what is it')).toEqual([]);
    });
  });

  async function open(at: string, context = visit.context): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(visit.address + at);
    return page;
  }
  const fieldOf = (page: Page) => page.getByRole('combobox', { name: 'Find' });
  const chosen = (page: Page) =>
    page.evaluate(() => {
      const id = document.querySelector('.find input')!.getAttribute('aria-activedescendant');
      return id === null ? undefined : document.getElementById(id)!.textContent!;
    });

  test.each([START, DOCS, ERRATA, OPS, PYTORCH, pageOf('004-neural-networks/09-dropout.ipynb')])(
    '%s has the field',
    (at) => {
      const html = fs.readFileSync(path.join(site, at), 'utf8');
      expect(html.match(/role="combobox" aria-label="Find"/g)).toHaveLength(1);
    },
  );

  test('by keyboard: / focuses it, the first key loads the index, arrows select, Enter opens, Escape closes', async () => {
    const page = await open(pageOf('004-neural-networks/01-arrays-matrices-tensors.ipynb'));
    const loaded = () =>
      page.evaluate(
        () => performance.getEntriesByType('resource').filter(({ name }) => /search\.json/.test(name)).length,
      );
    const field = fieldOf(page);
    await field.waitFor();
    await page.waitForFunction(() => document.readyState === 'complete');
    await page.keyboard.press('/');
    await expect.poll(() => field.evaluate((node) => node === document.activeElement)).toBe(true);
    expect(await field.inputValue()).toBe('');
    expect(await loaded()).toBe(0);
    await page.keyboard.type('nestrov');
    const options = page.getByRole('option');
    await options.first().waitFor();
    expect(await loaded()).toBe(1);
    await expect.poll(() => options.first().textContent()).toContain('Momentum and Nesterov');
    expect(await field.getAttribute('aria-expanded')).toBe('true');
    expect(await page.locator('.find [role="status"]').textContent()).toMatch(/^\d+ found$/);
    expect(await chosen(page)).toBeUndefined();
    await page.keyboard.press('ArrowDown');
    expect(await chosen(page)).toContain('Momentum and Nesterov');
    await page.keyboard.press('ArrowUp');
    expect(await chosen(page)).toBeUndefined();
    await page.keyboard.press('ArrowUp');
    expect(await chosen(page)).toBe(await options.last().textContent());
    await page.keyboard.press('Escape');
    expect(await field.getAttribute('aria-expanded')).toBe('false');
    expect(await options.count()).toBe(0);
    expect(await field.inputValue()).toBe('nestrov');
    await page.keyboard.press('ArrowDown');
    await options.first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/pages/004-neural-networks/11-momentum-and-nesterov.html');
    // Enter alone opens the first result; in a field / is a character.
    await fieldOf(page).fill('1/2');
    await fieldOf(page).press('/');
    expect(await fieldOf(page).inputValue()).toBe('1/2/');
    await fieldOf(page).fill('dropout');
    await fieldOf(page).press('Enter');
    await page.waitForURL('**/pages/004-neural-networks/09-dropout.html');
    await fieldOf(page).fill('zzzyx');
    await expect.poll(() => page.locator('.find [role="status"]').innerText()).toBe('Nothing has “zzzyx”.');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await fieldOf(page).inputValue()).toBe('');
    await page.close();
  });

  test('accessibility: axe-core finds nothing while the list is open, light and dark, also on a narrow screen', async () => {
    const page = await open(PYTORCH);
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 740 });
      await page.emulateMedia({ colorScheme });
      await fieldOf(page).fill('');
      await fieldOf(page).fill('cross entropy');
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('ArrowDown');
      expect(await findings(page)).toEqual([]);
      expect(await faintLetters(page)).toEqual([]);
    }
    await page.close();
  });

  test('by touch on a narrow screen: the field opens over the header, a tap opens a result', async () => {
    const phone = await launchChromium({
      folder: path.join(folder, 'phone'),
      viewport: { width: 360, height: 740 },
      others: { hasTouch: true, isMobile: true },
    });
    try {
      const page = await open(pageOf('004-neural-networks/09-dropout.ipynb'), phone);
      const field = fieldOf(page);
      expect((await field.boundingBox())!.width).toBeGreaterThanOrEqual(44);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await field.tap();
      await expect.poll(async () => (await field.boundingBox())!.width).toBeGreaterThan(300);
      await field.pressSequentially('exploding gradients');
      const option = page.getByRole('option').first();
      await option.waitFor();
      const box = (await option.boundingBox())!;
      expect(box.height).toBeGreaterThanOrEqual(44);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(360);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await option.tap();
      await page.waitForURL('**/pages/004-neural-networks/07-vanishing-gradients-and-what-helps.html');
    } finally {
      await phone.close();
    }
  });
});
