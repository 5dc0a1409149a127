// Marks of statements in JupyterLab, which by default follows their links, selects their cells and edits them.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cleanNotebook, notebookText } from '../../tools/notebooks/notebook-file.mjs';
import { findings } from '../support/accessible';
import { describeInChromium } from '../support/browsers';
import { chapter, chapterPath, chapterText } from '../support/chapter';
import { codeCells, failure, runAllCells, useTheme } from '../support/lab-page.mjs';
import { screenshots } from '../support/reader';
import { useLab } from '../support/use-lab';

const half = '() => ({ value: 0.5, expected: 0.5, tolerance: 0 })';
const measured = `import { aboutTheNote } from "gradlab/lab";
aboutTheNote({
  E043: () => ({ name: "slope", value: 0.3, expected: 0.25, tolerance: 1e-6 }),
  E045: ${half},
  E048: ${half},
});`;

/** The state of JupyterLab. */
interface Lab {
  jupyterapp: { shell: { currentWidget: { content: { mode: string } } } };
}

describeInChromium('marks in JupyterLab', () => {
  const lab = useLab();

  it('open their cards over the notebook, not run and untrusted, and turn red if a run breaks a bound', async () => {
    const { page, file } = lab;
    page.setDefaultTimeout(60_000);
    const notebook = chapter(chapterText([measured, `aboutTheNote({ E054: ${half} });`]));
    // The bound held in the previous run.
    notebook.cells.at(-1).outputs = [];
    fs.writeFileSync(file('chapter.ipynb'), notebookText(cleanNotebook(notebook), chapterPath));
    await lab.open('chapter.ipynb');
    const mark = (id: string) => page.locator(`a.gradlab-note-mark[title="${id}"]`);
    const card = page.locator('.gradlab-card');
    await mark('E045').waitFor();
    const place = () =>
      page.evaluate(() => {
        const { scrollHeight, scrollTop } = document.querySelector('.jp-WindowedPanel-outer')!;
        const { mode } = (window as unknown as Lab).jupyterapp.shell.currentWidget.content;
        return { scrollHeight, scrollTop, mode };
      });
    const before = await place();

    await mark('E045').click();
    const said = await card.innerText();
    for (const part of [
      'wrong as written',
      'Says that the mean grows',
      'Sigmoid · item 3',
      'is not centred',
      'a = 50: 0.5 ✓',
    ])
      expect(said).toContain(part);
    expect(await place()).toEqual(before);
    const box = (await card.boundingBox())!;
    const { width, height } = page.viewportSize()!;
    expect([box.x >= 0, box.y >= 0, box.x + box.width <= width, box.y + box.height <= height]).not.toContain(false);
    await page.screenshot({ path: path.join(screenshots, 'lab-card-light.png') });
    expect(await findings(page, { within: '.gradlab-card' })).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await card.count()).toBe(0);
    const isOn = (id: string) => page.evaluate((title) => (document.activeElement as HTMLElement).title === title, id);
    expect(await isOn('E045')).toBe(true);

    // By default Enter edits the cell, the space bar scrolls the notebook, a double click edits.
    for (const key of ['Enter', ' ']) {
      await page.keyboard.press(key);
      await card.waitFor();
      expect(await place()).toEqual(before);
      await page.keyboard.press('Escape');
      expect(await isOn('E045')).toBe(true);
    }
    await mark('E048').dblclick();
    expect(await card.count()).toBe(0);
    expect(await place()).toEqual(before);

    await mark('E043').click();
    await card.getByText('the measuring cell').click();
    await page.locator('.jp-CodeCell .jp-InputArea-editor', { hasText: 'value: 0.3' }).waitFor();
    expect(
      await page
        .locator('details.gradlab-about-the-note')
        .first()
        .evaluate((node) => (node as HTMLDetailsElement).open),
    ).toBe(true);

    expect(await mark('E043').getAttribute('data-failed')).toBe(null);
    await runAllCells(page);
    expect(failure((await codeCells(page))[0])).toContain('claim E043 failed');
    await page.locator('a.gradlab-note-mark[title="E043"][data-failed]').waitFor({ state: 'attached' });
    expect(await mark('E043').getAttribute('aria-label')).toBe('The note, statement E043, failed');
    await useTheme(page, 'JupyterLab Dark');
    await mark('E043').click();
    expect(await card.innerText()).toContain('⚠ failed');
    await page.screenshot({ path: path.join(screenshots, 'lab-card-dark.png') });
    expect(await findings(page, { within: '.gradlab-card' })).toEqual([]);
    expect(lab.problems().pageErrors).toEqual([]);
  });
});
