// `interact` in JupyterLab: the position of results, also if cells run in another order, and what is visible before a
// cell runs.
import fs from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { runAllCells } from '../support/lab-page.mjs';
import { reader } from '../support/reader';
import { useLab } from '../support/use-lab';

const cells = [
  "import { interact, interactive } from 'gradlab/lab';",
  'interact(({ a }) => `first ${a}`, { a: [0, 10] });',
  `interact(async ({ b }) => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return \`second \${b}\`;
}, { b: [0, 10] });`,
  'const both = interactive(({ c }) => `third ${c}`, { c: [0, 10] });\nboth',
];

describeInChromium('interact in JupyterLab', () => {
  const lab = useLab();

  /** The texts of a cell's outputs, from top to bottom. */
  const texts = async (index: number) =>
    (await reader(lab).outputsOf(index)).map(({ data }) => (data as Record<string, string>)['text/plain']);
  const controls = (name: string) => `Controls: ${name}. Run the cell to move them.`;
  const save = () => lab.page.evaluate("window.jupyterapp.commands.execute('docmanager:save')");

  beforeEach(async () => {
    lab.write('interact.ipynb', cells);
    await lab.open('interact.ipynb');
    await runAllCells(lab.page);
    // Results are below the controls, also those of an asynchronous function.
    await expect.poll(() => texts(1)).toEqual([controls('a'), 'first 5']);
    await expect.poll(() => texts(2)).toEqual([controls('b'), 'second 5']);
    await expect.poll(() => texts(3)).toEqual([controls('c'), 'third 5']);
    lab.expectNoProblems();
  });

  it('leaves the saved outputs of other cells unchanged when cells run in another order', async () => {
    const { page } = lab;
    const { restart, run, cell, shot } = reader(lab);
    await shot('interact-order');
    await save();
    await restart();
    lab.problems();
    await lab.open('interact.ipynb');
    // From the saved state, until the cell runs: without a kernel.
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
    lab.expectNoProblems();
  });

  it('shows the saved controls in an untrusted notebook', async () => {
    await save();
    const saved = JSON.parse(fs.readFileSync(lab.file('interact.ipynb'), 'utf8'));
    saved.cells[0].source = '// not what was signed';
    fs.writeFileSync(lab.file('foreign.ipynb'), JSON.stringify(saved));
    await lab.open('foreign.ipynb');
    const slider = reader(lab).cell(1).locator('input[type=range]');
    await slider.waitFor();
    expect(await slider.isDisabled()).toBe(true);
    expect(await slider.inputValue()).toBe('5');
    await reader(lab).cell(1).getByText('Run the cell to move them.').waitFor();
    await reader(lab).shot('interact-untrusted');
    lab.expectNoProblems();
  });
});
