// A link to a cell, as in the errata, in JupyterLab: it leads to that cell of the other notebook.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { describeInChromium } from '../support/browsers';
import { useLab } from '../support/use-lab';

const folder = '004-neural-networks';
const lesson = 'q-vanishing-what-ails-it.ipynb';
const cell = '004-vanishing-what-ails-it-s3';
/** A notebook whose claims wait for an answer. */
const waiting = '004-vanishing-what-ails-it-n160';

describeInChromium('a link to a cell in JupyterLab', () => {
  const lab = useLab();

  /** Distance of the cell from the top of its notebook's window, in windows; NaN if it does not exist. */
  const place = () =>
    lab.page.evaluate((id) => {
      const { content } = jupyterapp.shell.currentWidget;
      const node = content.widgets?.find(({ model }) => model.id === id)?.node;
      if (!node?.isConnected) return Number.NaN;
      const view = content.node.getBoundingClientRect();
      return (node.getBoundingClientRect().top - view.top) / view.height;
    }, cell);

  /** The cells that are selected, and the active one among them, by their ids. */
  const chosen = () =>
    lab.page.evaluate(() => {
      const { content } = jupyterapp.shell.currentWidget;
      return content.widgets.filter((one) => content.isSelectedOrActive(one)).map(({ model }) => model.id);
    });

  it('shows the cell, in a notebook that was closed and in one that is open, until the reader scrolls on', async () => {
    const { page } = lab;
    const root = path.join(lab.folder, 'root', folder);
    for (const name of ['07-vanishing-gradients-and-what-helps.ipynb', lesson])
      fs.cpSync(path.join(paths.notebooks, folder, name), path.join(root, name));
    await lab.openBelowRoot(`${folder}/07-vanishing-gradients-and-what-helps.ipynb`);
    const from: string = await page.evaluate(() => jupyterapp.shell.currentWidget.id);
    let shown = '';
    for (const _ of ['closed', 'open']) {
      const link = page.locator(`a[href*="${lesson}"], a[data-commandlinker-args*="${lesson}"]`).first();
      // Dispatched as an event: the toolbar of the selected cell may cover the link.
      await link.dispatchEvent('click');
      await expect
        .poll(() => page.evaluate(() => jupyterapp.shell.currentWidget.context.path))
        .toBe(`${folder}/${lesson}`);
      await expect.poll(async () => Math.abs((await place()) - 0.25)).toBeLessThan(0.01);
      expect(await chosen()).toEqual([cell]);
      shown = await page.evaluate((id) => {
        const { currentWidget } = jupyterapp.shell;
        currentWidget.content.node.querySelector('.jp-WindowedPanel-outer')?.scrollTo(0, 0);
        jupyterapp.shell.activateById(id);
        return currentWidget.id;
      }, from);
    }

    await page.evaluate((id) => jupyterapp.shell.activateById(id), shown);
    // The cell is released when the reader scrolls on, and stays in place when the content above changes its height.
    const box = await page.evaluate(() => {
      const { left, top, width, height } = jupyterapp.shell.currentWidget.content.node.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    });
    await page.mouse.move(box.x, box.y);
    await page.mouse.wheel(0, -400);
    await expect.poll(place).toBeGreaterThan(0.4);
    await page.setViewportSize({ width: 1000, height: 900 });
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(1000);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(await place()).toBeGreaterThan(0.3);

    // Measurements after an unanswered question are hidden until it is answered, but not for a reader who follows a
    // link.
    const seen = () =>
      page.evaluate(
        (id) =>
          jupyterapp.shell.currentWidget.content.widgets
            .find(({ model }) => model.id === id)
            ?.node.querySelector('.gradlab-after-fading > *')
            ?.checkVisibility(),
        waiting,
      );
    await expect.poll(seen).toBe(false);
    await page.evaluate((id) => jupyterapp.shell.currentWidget.content.setFragment(`#cell-id=${id}`), waiting);
    await expect.poll(seen).toBe(true);
    lab.expectNoProblems();
  });
});
