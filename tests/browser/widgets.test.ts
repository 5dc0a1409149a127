import { beforeEach, expect, it } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { runAllCells } from '../support/lab-page.mjs';
import { reader } from '../support/reader';
import { useLab } from '../support/use-lab';

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
/** Elements by which each kind of control is recognised as drawn. */
const drawn = `.widget-hslider .widget-readout .noUi-connect .widget-text .widget-dropdown .widget-toggle-buttons
  .widget-checkbox .widget-button .widget-html .widget-label .progress .widget-tab .jupyter-widget-Accordion .widget-play`;

describeInChromium('widgets in JupyterLab', () => {
  const lab = useLab({ viewport: { width: 1200, height: 1700 } });

  const notebook = 'all-widgets.ipynb';
  const page = () => lab.page;
  const printed = () => page().locator('.jp-OutputArea-output pre').allInnerTexts();
  const readout = (n: number) => page().locator('.widget-readout').nth(n).innerText();
  const drag = (to: 'left' | 'right') => reader(lab).drag(0, to);
  const clickTwice = async () => {
    const button = page().getByRole('button', { name: 'click me' });
    await button.click();
    await button.click();
    await page().getByText('clicks: 2', { exact: true }).waitFor();
  };

  beforeEach(async () => {
    lab.write(notebook, cells);
    expect(await lab.open(notebook)).toBe('gradlab');
    await runAllCells(page());
  });

  it('are all drawn, notify handlers of changes and clicks, and are linked without the kernel', async () => {
    for (const selector of drawn.split(/\s+/)) await page().locator(selector).first().waitFor();
    await reader(lab).shot('widgets');
    await drag('left');
    await expect.poll(printed).toEqual(['n is 0\n']); // in an Output widget
    await clickTwice();
    await page().locator('.widget-play button').first().click();
    const follower = page().locator('.widget-hslider', { hasText: 'follows' }).locator('.widget-readout');
    await expect.poll(() => follower.innerText()).toBe('5');
    lab.expectNoProblems();
  });

  it('are restored when the page is reloaded without having been saved', async () => {
    await page().evaluate("window.jupyterapp.commands.execute('docmanager:save')");
    await clickTwice();
    await drag('right');
    await expect.poll(printed).toEqual(['n is 10\n']);
    lab.problems();
    await lab.open(notebook);
    await expect.poll(() => readout(0)).toBe('10');
    await page().getByText('clicks: 2', { exact: true }).waitFor();
    await drag('left');
    await expect.poll(printed).toEqual(['n is 0\n']);
    await reader(lab).shot('widgets-reloaded');
    lab.expectNoProblems();
  });
});
