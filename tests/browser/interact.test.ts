// `interact` in JupyterLab: where results appear, also when cells run in another order, and what shows before a cell runs.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setUp } from '../../kernel-setup/setup/index.mjs';
import { describeInChromium } from '../support/browsers';
import { closeLab, makeScratch, startLab } from '../support/lab.mjs';
import { openBrowser, openNotebook, runAllCells } from '../support/lab-page.mjs';
import { makeNotebook } from '../support/notebooks';
import { type Browser, reader, screenshots } from '../support/reader';

const minutes = (count: number) => count * 60_000;

const cells = [
  "import { interact, interactive } from 'gradlab';",
  'interact(({ a }) => `first ${a}`, { a: [0, 10] });',
  `interact(async ({ b }) => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return \`second \${b}\`;
}, { b: [0, 10] });`,
  'const both = interactive(({ c }) => `third ${c}`, { c: [0, 10] });\nboth',
];

describeInChromium('interact in JupyterLab', () => {
  let lab: Awaited<ReturnType<typeof startLab>>;
  let browser: Browser;
  let folder: string;
  const file = (name: string) => path.join(folder, 'root', name);

  /** The texts of a cell's outputs, from top to bottom. */
  const texts = async (index: number) =>
    (await reader(browser).outputsOf(index)).map(({ data }) => (data as Record<string, string>)['text/plain']);
  const expectNoProblems = () => expect(browser.problems()).toEqual({ pageErrors: [], foreignRequests: [] });
  const controls = (name: string) => `Controls: ${name}. Run the cell to move them.`;

  beforeAll(async () => {
    await setUp({ log: () => {} });
    fs.mkdirSync(screenshots, { recursive: true });
    folder = makeScratch();
    fs.mkdirSync(path.join(folder, 'root'), { recursive: true });
    fs.writeFileSync(file('interact.ipynb'), JSON.stringify(makeNotebook(cells)));
    lab = await startLab({ folder, root: path.join(folder, 'root') });
    browser = await openBrowser({ folder });
    await openNotebook(browser.page, lab, 'interact.ipynb');
    await runAllCells(browser.page);
  }, minutes(3));

  afterAll(() => closeLab({ browser, lab, folder }), minutes(1));

  it('shows results below the controls, also of an asynchronous function', async () => {
    await expect.poll(() => texts(1)).toEqual([controls('a'), 'first 5']);
    await expect.poll(() => texts(2)).toEqual([controls('b'), 'second 5']);
    await expect.poll(() => texts(3)).toEqual([controls('c'), 'third 5']);
    await reader(browser).shot('interact-order');
    expectNoProblems();
  });

  it('leaves the saved outputs of other cells alone when cells run in another order', async () => {
    const { page } = browser;
    const { restart, run, cell } = reader(browser);
    await page.evaluate("window.jupyterapp.commands.execute('docmanager:save')");
    await restart();
    browser.problems();
    await openNotebook(page, lab, 'interact.ipynb');
    // From the saved state, until the cell runs: without a kernel behind it.
    await cell(1).locator('.widget-slider').waitFor();
    await cell(1).locator('.jupyter-widgets-disconnected').first().waitFor();
    for (const index of [0, 2]) await run(index);
    // Not the handle from the saved state.
    const handle = cell(2).locator('.noUi-handle:not(.jupyter-widgets-disconnected *)').last();
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => texts(2)).toEqual([controls('b'), 'second 6']);
    expect(await texts(1)).toEqual([controls('a'), 'first 5']);
    expect(await texts(3)).toEqual([controls('c'), 'third 5']);
    expectNoProblems();
  });

  it('shows the controls as they stood where JupyterLab does not trust a notebook', async () => {
    const saved = JSON.parse(fs.readFileSync(file('interact.ipynb'), 'utf8'));
    saved.cells[0].source = '// not what was signed';
    fs.writeFileSync(file('foreign.ipynb'), JSON.stringify(saved));
    await openNotebook(browser.page, lab, 'foreign.ipynb');
    const slider = reader(browser).cell(1).locator('input[type=range]');
    await slider.waitFor();
    expect(await slider.isDisabled()).toBe(true);
    expect(await slider.inputValue()).toBe('5');
    await reader(browser).cell(1).getByText('Run the cell to move them.').waitFor();
    await reader(browser).shot('interact-untrusted');
    expectNoProblems();
  });
});
