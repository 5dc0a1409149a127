import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { paths, setUp } from '../../kernel-setup/setup/index.mjs';
import { describeInChromium } from '../support/browsers';
import { closeLab, makeScratch, startLab } from '../support/lab.mjs';
import { openBrowser, openNotebook, runAllCells } from '../support/lab-page.mjs';
import { makeNotebook } from '../support/notebooks';

const screenshots = path.join(paths.state, 'screenshots');
const minutes = (count: number) => count * 60_000;

const cells = [
  `const W = Jupyter.widgets;
const slider = W.IntSlider({ value: 3, max: 10, description: 'n' });
const output = W.Output();
slider.observe((change) => output.capture(() => console.log('n is', change.new), { clear: true }), 'value');
W.VBox([slider, output])`,
  `const options = ['a', 'b', 'c'];
const controls = [W.FloatSlider(), W.FloatLogSlider(), W.IntRangeSlider(), W.IntText({ value: 4 }), W.FloatText(),
  W.Dropdown({ options }), W.SelectionSlider({ options }), W.ToggleButtons({ options }), W.Checkbox({ description: 'check' }),
  W.Button({ description: 'press' }), W.Text({ value: 'text' }), W.HTML({ value: '<b>bold</b>' }), W.Label({ value: 'label' }),
  W.IntProgress({ value: 30 }), W.FloatProgress({ value: 60 })];
W.VBox([W.Tab([W.VBox(controls)], { titles: ['first'] }), W.Accordion([W.HBox([W.Label({ value: 'inside' })])], { titles: ['second'] })])`,
  `const play = W.Play({ interval: 50, max: 5 });
const follower = W.IntSlider({ max: 5, description: 'follows' });
W.jslink([play, 'value'], [follower, 'value']);
W.HBox([play, follower])`,
  `let clicks = 0;
const button = W.Button({ description: 'click me' });
const label = W.Label({ value: 'no click' });
button.onClick(() => { label.value = \`clicks: \${++clicks}\`; });
W.HBox([button, label])`,
];
/** Parts of the page by which each kind of control shows that it has been drawn. */
const drawn = `.widget-hslider .widget-readout .noUi-connect .widget-text .widget-dropdown .widget-toggle-buttons
  .widget-checkbox .widget-button .widget-html .widget-label .progress .widget-tab .jupyter-widget-Accordion .widget-play`;

describeInChromium('widgets in JupyterLab', () => {
  let lab: Awaited<ReturnType<typeof startLab>>;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let folder: string;

  const notebook = 'all-widgets.ipynb';
  const page = () => browser.page;
  const printed = () => page().locator('.jp-OutputArea-output pre').allInnerTexts();
  const readout = (n: number) => page().locator('.widget-readout').nth(n).innerText();
  const shot = (name: string) =>
    page()
      .locator('.jp-NotebookPanel:visible')
      .screenshot({ path: path.join(screenshots, `${name}.png`) });
  const expectNoProblems = () => expect(browser.problems()).toEqual({ pageErrors: [], foreignRequests: [] });
  /** Drags the first slider to one of its ends. */
  const drag = async (to: 'left' | 'right') => {
    const handle = (await page().locator('.widget-slider .noUi-handle').first().boundingBox())!;
    const track = (await page().locator('.widget-slider .noUi-target').first().boundingBox())!;
    const y = handle.y + handle.height / 2;
    await page().mouse.move(handle.x + handle.width / 2, y);
    await page().mouse.down();
    await page().mouse.move(to === 'right' ? track.x + track.width : track.x, y, { steps: 8 });
    await page().mouse.up();
  };

  beforeAll(async () => {
    await setUp({ log: () => {} });
    fs.mkdirSync(screenshots, { recursive: true });
    folder = makeScratch();
    const root = path.join(folder, 'root');
    fs.mkdirSync(root, { recursive: true });
    fs.writeFileSync(path.join(root, notebook), JSON.stringify(makeNotebook(cells)));
    lab = await startLab({ folder, root });
    browser = await openBrowser({ folder });
    await page().setViewportSize({ width: 1200, height: 1700 });
    expect(await openNotebook(page(), lab, notebook)).toBe('gradlab');
    await runAllCells(page());
  }, minutes(4));

  afterAll(() => closeLab({ browser, lab, folder }), minutes(1));

  it('are all drawn', async () => {
    for (const selector of drawn.split(/\s+/)) await page().locator(selector).first().waitFor();
    await shot('widgets');
    expectNoProblems();
  });

  it('tell handlers of changes, whose output appears in an Output widget', async () => {
    await drag('left');
    await expect.poll(printed).toEqual(['n is 0\n']);
    expectNoProblems();
  });

  it('are linked without the kernel', async () => {
    await page().locator('.widget-play button').first().click();
    const follower = page().locator('.widget-hslider', { hasText: 'follows' }).locator('.widget-readout');
    await expect.poll(() => follower.innerText()).toBe('5');
    expectNoProblems();
  });

  it('hear clicks', async () => {
    const button = page().getByRole('button', { name: 'click me' });
    await button.click();
    await button.click();
    await page().getByText('clicks: 2', { exact: true }).waitFor();
    expectNoProblems();
  });

  it('are there again when the page is loaded anew, without having been saved', async () => {
    await page().evaluate(() => {
      const { commands } = (window as unknown as { jupyterapp: { commands: { execute(id: string): Promise<void> } } })
        .jupyterapp;
      return commands.execute('docmanager:save');
    });
    await drag('right');
    await expect.poll(printed).toEqual(['n is 10\n']);
    browser.problems();
    await openNotebook(page(), lab, notebook);
    await expect.poll(() => readout(0)).toBe('10');
    await page().getByText('clicks: 2', { exact: true }).waitFor();
    await drag('left');
    await expect.poll(printed).toEqual(['n is 0\n']);
    await shot('widgets-reloaded');
    expectNoProblems();
  });
});
