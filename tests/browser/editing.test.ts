// TypeScript's edits of cells, by JupyterLab's commands and keys: each can be undone.
import { expect, it } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { runAllCells } from '../support/lab-page.mjs';
import { useLab } from '../support/use-lab';

describeInChromium('cells edited in JupyterLab', () => {
  const lab = useLab();

  const sources = () =>
    lab.page.evaluate(() =>
      jupyterapp.shell.currentWidget.content.widgets.map(({ model }) => model.sharedModel.source),
    );

  /** Moves the cursor of a cell to an offset of its first line. */
  const goTo = async (cell: number, offset: number) => {
    const { page } = lab;
    const line = page.locator('.jp-CodeCell').nth(cell).locator('.cm-line').first();
    await line.click();
    await page.keyboard.press('Home');
    for (let i = 0; i < offset; i++) await page.keyboard.press('ArrowRight');
  };

  it('a fix, formatting, sorted imports, a rename in all cells; the signature in a call', async () => {
    const { page } = lab;
    const before = [
      'let rate=0.1;',
      'const text = "abc"; text.lenght',
      'readFileSync("ask.txt")',
      'import { z } from "./b"; import { a } from "./a";',
      'function twice(rate: number) { return 2 * rate }\n[{ rate }, twice(rate)]',
      'const wrong: number = "rate" + rate',
    ];
    lab.write(
      'edit.ipynb',
      before.map((source) => ({ source })),
    );
    await lab.open('edit.ipynb');
    await runAllCells(page);
    const error = page.locator('.jp-CodeCell').nth(1).locator('.jp-OutputArea-output');
    await error.getByText('Try: `const text = "abc"; text.length`').first().waitFor();

    await goTo(0, 6);
    await page.keyboard.press('Alt+Shift+F');
    await expect.poll(async () => (await sources())[0]).toBe('let rate = 0.1;');
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await sources())[0]).toBe(before[0]);

    await goTo(1, 3);
    await page.keyboard.press('Control+.');
    await expect.poll(async () => (await sources())[1]).toBe('const text = "abc"; text.length');
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await sources())[1]).toBe(before[1]);

    await goTo(2, 3);
    await page.keyboard.press('Control+.');
    await expect
      .poll(async () => (await sources())[2])
      .toMatch(/^import \{ readFileSync \} from "node:fs";\nreadFileSync/);

    await goTo(3, 0);
    await page.keyboard.press('Alt+Shift+O');
    await expect
      .poll(async () => (await sources())[3])
      .toMatch(/^import \{ a \} from ".\/a";\s*import \{ z \} from ".\/b";/);

    await goTo(0, 5);
    await page.keyboard.press('F2');
    const field = page.locator('.jp-Dialog input');
    await field.fill('speed');
    await field.press('Enter');
    // The tests do not show notifications by default.
    const bell = page.locator('.jp-Notification-Status');
    await bell.getByText('1').waitFor();
    await bell.click();
    await page.getByText('1 cell does not compile and keeps').waitFor();
    await page.getByText('Run the 2 changed cells again').waitFor();
    await bell.click();
    expect(await sources()).toMatchObject({
      0: 'let speed=0.1;',
      4: 'function twice(rate: number) { return 2 * rate }\n[{ rate: speed }, twice(speed)]',
      5: before[5],
    });
    await goTo(0, 0);
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await sources())[0]).toBe(before[0]);

    await goTo(4, 0);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+Tab');
    await page.locator('.jp-Tooltip').getByText('→').waitFor();
    expect(await page.locator('.jp-Tooltip').innerText()).toContain('rate: number');
    await page.evaluate(() => jupyterapp.commands.execute('apputils:activate-command-palette'));
    await page.locator('.lm-CommandPalette-itemLabel', { hasText: 'Rename in All Cells…' }).first().waitFor();
    lab.expectNoProblems();
  });
});
