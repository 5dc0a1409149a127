// The laboratory as a static site: notebooks run as in Node, without requests to other servers.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { EXPECTED_BYTES } from '../../site/laboratory/index.mjs';
import { laboratoryOf, NOTICES, pageOf, START } from '../../site/pages/addresses.mjs';
import { findClaims, judgeClaims, readClaimsList } from '../../tools/notebooks/claims.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { differences } from '../kernel-in-page/differences';
import { type Browser, browsers, describeIn, firefox } from '../support/browsers';
import { notebooksTaken } from '../support/turns.mjs';
import { buildSite, scratchSite, type Visit, visitSite } from './built-site';
import { openNotebook, runAll, whenIdle } from './laboratory';

/**
 * A question with a prediction, a claim and an exercise, and some notebooks of this commit's turn in the kernel of a
 * page, which is also the laboratory's.
 */
const always = '002-gradient-descent/q-gradient-points-home.ipynb';
const inChromium = [...new Set([always, ...notebooksTaken('a page').filter((_, i) => i % 4 === 0)])];
/** In Firefox also a net with a 3D figure, trees, and times by a coarse clock. */
const inFirefox = [
  always,
  '000-machine-learning/q-spectral-bias.ipynb',
  '001-fastai-book/07-random-forests-and-boosting.ipynb',
  '003-nyu-week-2/03-sgd.ipynb',
];

/** The results of this run, for comparison: a row for each notebook. */
const reportOf = ({ name }: Browser) => path.join(paths.state, `notebooks-in-${name.toLowerCase()}.md`);

describeIn(browsers, 'the static laboratory', (browser) => {
  const report = reportOf(browser);
  const row = (...cells: (string | number)[]) => fs.appendFileSync(report, `| ${cells.join(' | ')} |\n`);
  const { folder, site } = scratchSite();
  let visit: Visit;
  let address: string;
  let context: Visit['context'];

  beforeAll(async () => {
    await buildSite(site);
    fs.writeFileSync(report, '');
    row('notebook', 'claims', 's to open', 's to run', 'cells that differ from Node');
    row('--', '--:', '--:', '--:', '--');
    visit = await visitSite(site, folder, browser);
    ({ address, context } = visit);
  });
  // Also pages of a failed attempt: JupyterLab redirects a page while another one has the laboratory open.
  afterEach(async () => {
    for (const page of context.pages().slice(1)) await page.close();
  });
  afterAll(async () => {
    await visit?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test.each(browser === firefox ? inFirefox : inChromium)(
    '%s: no error, its claims with their verdicts, the outputs of Node',
    async (name) => {
      const times = [performance.now()];
      const page = await openNotebook(context, address, name);
      times.push(performance.now());
      const notebook = await runAll(page);
      times.push(performance.now());
      await page.close();
      const errors = notebook.cells
        .flatMap((cell) => cell.outputs ?? [])
        .filter((output) => output.output_type === 'error');
      expect(errors.map(({ evalue }) => evalue)).toEqual([]);
      const { entries } = readClaimsList(path.join(paths.notebooks, 'claims.json'));
      const ofNotebook = entries.filter((entry: { notebook?: string }) => entry.notebook === name);
      expect(judgeClaims(findClaims(notebook), ofNotebook, name)).toEqual([]);
      expect(findClaims(notebook).length).toBe(ofNotebook.length);
      const different = differences(readNotebook(path.join(paths.notebooks, name)), notebook);
      const [toOpen, toRun] = [0, 1].map((i) => ((times[i + 1]! - times[i]!) / 1000).toFixed(1));
      row(name, ofNotebook.length, toOpen!, toRun!, Object.keys(different).join(', '));
      expect(different).toEqual({});
    },
    900_000,
  );

  test('the plain page of a notebook opens it in the laboratory, where TypeScript edits its cells', async () => {
    const page = await context.newPage();
    await page.goto(address + pageOf(always));
    await page.locator('.figure[data-alive]').first().waitFor();
    await page.getByRole('link', { name: 'Open in the laboratory' }).first().click();
    await whenIdle(page, always);
    expect(await page.locator('.jp-Notebook h1:visible').first().innerText()).toMatch(
      /^Gradient: does downhill point home\?/,
    );
    const cell = page.locator('.jp-CodeCell .cm-content').first();
    // In Firefox `fill` may come before CodeMirror has noticed the selection, and then only inserts.
    const write = async (text: string) => {
      await cell.click();
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
      await whenChanged(text);
    };
    const whenChanged = (text: string) =>
      page.waitForFunction(
        (wanted) =>
          jupyterapp.shell.currentWidget.content.widgets.some(({ model }) => model.sharedModel.source === wanted),
        text,
        { timeout: 60_000 },
      );
    await write('let rate=0.1;');
    await page.keyboard.press('Alt+Shift+F');
    await whenChanged('let rate = 0.1;');
    await write('tensor([1])');
    await page.keyboard.press('Control+.');
    await whenChanged('import { tensor } from "gradlab";\ntensor([1])');
    await write('import { z, a } from "gradlab";');
    await page.keyboard.press('Alt+Shift+O');
    await whenChanged('import { a, z } from "gradlab";');
    await write('let rate');
    await page.keyboard.press('F2');
    await page.locator('.jp-Dialog input').fill('speed');
    await page.keyboard.press('Enter');
    await whenChanged('let speed');
    await page.close();
  });

  test('the laboratory loads about what its progress expects, and is named gradlab', async () => {
    const address = await visit.anew();
    const page = await context.newPage();
    await page.addInitScript(() => {
      const look = () => {
        const all = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
        const splash = document.getElementById('gradlab-splash');
        const bytes = all.reduce((sum, one) => sum + one.decodedBodySize, 0);
        if (splash?.className === 'done') Object.assign(window, { bytes });
        else setTimeout(look, 20);
      };
      look();
    });
    await page.goto(`${address}${laboratoryOf(always)}`);
    const bytes = await page.waitForFunction(() => (window as { bytes?: number }).bytes);
    const share = (await bytes.jsonValue())! / EXPECTED_BYTES;
    expect(share).toBeGreaterThan(0.75);
    expect(share).toBeLessThan(1.35);
    const manifest = fs.readFileSync(path.join(site, 'manifest.webmanifest'), 'utf8');
    expect(manifest).toContain('"short_name": "gradlab"');
    expect(manifest).not.toMatch(/JupyterLite|repl/i);
    await page.close();
  });

  test('kept for offline, all of it works without the server: a notebook not opened before, pages', async () => {
    const address = await visit.anew();
    const first = await context.newPage();
    await first.goto(address);
    const button = first.locator('#progress .offline');
    await first.waitForFunction(() =>
      /^Keep for offline · \d+ MB$/.test(document.querySelector('.offline')!.textContent!),
    );
    await button.click();
    await first.waitForFunction(() =>
      /^Keeping for offline: [1-9]\d? %$/.test(document.querySelector('.offline')!.textContent!),
    );
    await first.waitForFunction(() => /^Kept for offline/.test(document.querySelector('.offline')!.textContent!));
    await first.close();
    visit.endServer();
    const name = '000-machine-learning/q-scaling-why-b-waits.ipynb';
    const page = await openNotebook(context, address, name);
    const notebook = await runAll(page);
    const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
    expect(outputs.filter((output) => output.output_type === 'error')).toEqual([]);
    expect(findClaims(notebook).length).toBeGreaterThan(0);
    await page.goto(address + pageOf(name));
    await page.locator('.figure[data-alive]').first().waitFor();
    await page.goto(address);
    await page.getByRole('main').waitFor();
    await page.close();
  });

  test('its notices include those of third parties, and the start page links to them', () => {
    const text = fs.readFileSync(path.join(site, NOTICES), 'utf8');
    const all = [
      '@jupyterlab/notebook',
      '@viz-js/viz',
      'graphviz',
      'katex',
      'pako',
      'plotly.js-dist-min',
      'typedoc',
      'typescript',
      'upng-js',
    ];
    expect(all.filter((name) => !new RegExp(`^${name} .*, .*\\n {2}http`, 'm').test(text))).toEqual([]);
    expect(fs.readFileSync(path.join(site, START), 'utf8')).toContain(`href="${NOTICES}"`);
  });

  test('sends no request to another server', () => expect(visit.elsewhere).toEqual([]));
});
