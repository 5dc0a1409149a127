// The API reference of the static site: it has every name, formulas and links are complete, and it works from any
// folder.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { keepOffline } from '../../site/offline/index.mjs';
import { API, ASSETS, documentPage, ERRATA, LABORATORY, OPS, PYTORCH, START } from '../../site/pages/addresses.mjs';
import { writeApi } from '../../site/pages/api/index.mjs';
import { writeAssets } from '../../site/pages/frame.mjs';
import { readApi } from '../../tools/reference/api.mjs';
import { FIGURE_PAGES } from '../../tools/reference/families.mjs';
import { figureFile } from '../../tools/reference/family-pages.mjs';
import { describeInChromium } from '../support/browsers';
import { scratchSite, visitSite } from './built-site';

const { folder, site } = scratchSite();
const figurePages = FIGURE_PAGES.map(({ name }) => documentPage(`reference/${name}.md`));
const others = [START, LABORATORY, OPS, PYTORCH, ERRATA, ...figurePages];
const pages = new Map<string, string>();

beforeAll(async () => {
  await writeAssets(paths, site);
  await writeApi(paths, site, () => {});
  for (const file of filesBelow(path.join(site, path.dirname(API))).filter((name: string) => name.endsWith('.html')))
    pages.set(path.relative(site, file).replaceAll(path.sep, '/'), fs.readFileSync(file, 'utf8'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const idsOf = (html: string) => new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!.toLowerCase()));

describe('the API reference', () => {
  test('has a page for every function and class, and an anchor for every method of tensors', () => {
    const tensor = idsOf(pages.get('reference/classes/Tensor.html')!);
    // Names that differ only in case have a number in their addresses.
    const named = new Set(
      [...pages.keys()].map((page) => path.basename(page, '.html').replace(/-\d+$/, '').toLowerCase()),
    );
    const missing = readApi().entries.filter(
      ({ kind, path: names }) =>
        kind === 'method' || kind === 'property'
          ? !tensor.has(names[0]!.toLowerCase())
          : ![names.join('.'), names.at(-1)!].some((name) => named.has(name.toLowerCase())), // one page for a name in two places
    );
    expect(missing.map(({ path: names }) => names.join('.'))).toEqual([]);
  });

  test('has a page for each export of the laboratory', () => {
    const { entries } = readApi('lab/index.ts');
    const named = new Set([...pages.keys()].map((page) => path.basename(page, '.html')));
    const calls = entries.filter(({ kind }) => kind === 'function' || kind === 'class').map(({ path: names }) => names);
    expect(calls.map((names) => names.join('.'))).toEqual(
      expect.arrayContaining(['plot.surface', 'claim', 'races.race']),
    );
    const missing = calls.filter((names) => !named.has(['lab', ...names].join('.')));
    expect(missing.map((names) => names.join('.'))).toEqual([]);
  });

  test('shows the figure of each function that draws, which leads to where it is live', () => {
    for (const [i, { names }] of FIGURE_PAGES.entries())
      for (const name of names) {
        const html = pages.get(`reference/functions/lab.${name}.html`)!;
        const [, link, picture] = /<p class="figure"><a href="([^"]*)"><img src="([^"]*)" alt="[^"]{10,}"/.exec(html)!;
        const at = (address: string) => path.posix.join('reference/functions', address);
        expect(at(link!)).toBe(`${figurePages[i]}#${name.replace('.', '').toLowerCase()}`);
        expect(at(picture!)).toBe(`pages/docs/reference/figures/${figureFile(name)}.png`);
      }
  });

  test('has the options of a function on its page', () => {
    const ofFit = pages.get('reference/functions/training.fit.html')!.replace(/<[^>]*>/g, '');
    for (const option of ['batchSize?', 'shuffle?', 'validation?', 'scheduler?', 'accumulate?'])
      expect(ofFit).toContain(option);
    expect(pages.get('reference/functions/lab.plot.bars.html')!.replace(/<[^>]*>/g, '')).toContain(
      'horizontal?: boolean',
    );
  });

  test('its links and styles resolve, and only citations refer to other hosts', () => {
    const lost = new Set<string>();
    for (const [address, html] of pages)
      for (const [, tag, href] of html.matchAll(/<(a|link|script)\b[^>]*? (?:href|src)="([^"]*)"/g)) {
        const { origin, pathname, hash } = new URL(href!.replaceAll('&amp;', '&'), `http://site/${address}`);
        const target = decodeURIComponent(pathname.slice(1));
        if (origin !== 'http://site') {
          if (tag !== 'a') lost.add(`${address}: ${href}`);
        } else if (others.includes(target)) continue;
        else if (!fs.existsSync(path.join(site, target))) lost.add(`${address}: ${href}`);
        else if (hash.length > 1 && target.endsWith('.html')) {
          const id = decodeURIComponent(hash.slice(1)).toLowerCase();
          if (!idsOf(pages.get(target)!).has(id)) lost.add(`${address}: ${href}`);
        }
      }
    expect([...lost].slice(0, 20)).toEqual([]);
  });

  test('shows formula and gradient of an operation, as method and as function, and its category', () => {
    for (const page of ['classes/Tensor', 'functions/sigmoid'])
      expect(
        pages.get(`reference/${page}.html`)!.includes('<annotation encoding="application/x-tex">y = 1 / (1 + e^{-x})'),
        page,
      ).toBe(true);
    const front = pages.get(API)!;
    const families = [...front.matchAll(/<summary [^>]*data-key="section-([^"]+)"/g)].map(([, title]) => title!);
    expect(families.slice(0, 4)).toEqual([
      'Parts',
      'Tensors',
      'Each element by itself',
      'Reductions, sorting, searching',
    ]);
    expect(families).not.toContain('Other');
  });

  test('is not cached by the service worker at a first visit', () => {
    // JupyterLite's list of files, by which it finds notebooks.
    const list = path.join(site, 'api', 'contents', 'all.json');
    fs.mkdirSync(path.dirname(list), { recursive: true });
    fs.writeFileSync(list, '{}');
    keepOffline(site);
    const worker = fs.readFileSync(path.join(site, 'offline.js'), 'utf8');
    expect(worker).toContain(`"${ASSETS}/style.css"`);
    expect(worker).toContain('"api/contents/all.json"');
    expect(worker).not.toContain('"reference/');
    expect(fs.readFileSync(path.join(site, API), 'utf8')).toBe(pages.get(API));
  });

  test('a class shows its own members, not inherited ones', () => {
    const ids = idsOf(pages.get('reference/classes/nn.Linear.html')!);
    expect(ids.has('forward')).toBe(true);
    expect(ids.has('statedict')).toBe(false);
    expect(idsOf(pages.get('reference/classes/nn.Module.html')!).has('statedict')).toBe(true);
  });
});

describeInChromium('the API reference in a browser', () => {
  test('finds a name, renders formulas, and sends no request to another server', async () => {
    const visit = await visitSite(site, folder);
    try {
      const page = await visit.context.newPage();
      await page.setViewportSize({ width: 360, height: 700 });
      await page.goto(`${visit.address}${API}`);
      await page.locator('#tsd-search-trigger').click();
      await page.locator('#tsd-search-input').fill('logSoftmax');
      await page.locator('#tsd-search-results a[href*="logSoftmax"]').first().click();
      await page.waitForURL(/logSoftmax/);
      await page.goto(`${visit.address}reference/functions/sigmoid.html`);
      await page.evaluate(() => document.fonts.ready);
      expect(await page.evaluate(() => document.fonts.check('16px KaTeX_Math'))).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await page.getByRole('link', { name: 'gradlab', exact: true }).first().waitFor();
      expect(visit.elsewhere).toEqual([]);
    } finally {
      await visit.close();
    }
  });
});
