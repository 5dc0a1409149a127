// Run All in JupyterLab: it does not scroll the page, except to a cell that failed.
import { expect, it } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { runAllCells, waitForIdleKernel } from '../support/lab-page.mjs';
import { useLab } from '../support/use-lab';

const lines = (i: number) => `// ${i}\nfor (let k = 0; k < 20; k++) console.log(k);`;
const slow = 'await new Promise((resolve) => setTimeout(resolve, 1500));';

describeInChromium('Run All in JupyterLab', () => {
  const lab = useLab();
  const all = (last: string) => [...Array.from({ length: 8 }, (_, i) => lines(i)), slow, last];

  /** Scrolls to a cell, as a reader would. */
  const goTo = (index: number) =>
    lab.page.evaluate(async (at) => {
      const { content } = jupyterapp.shell.currentWidget as unknown as Panel;
      content.activeCellIndex = at;
      screen(content).scrollTop += content.widgets[at]!.node.getBoundingClientRect().top - 300;
      await new Promise((resolve) => setTimeout(resolve, 300));
      function screen({ node }: Panel['content']) {
        return node.querySelector('.jp-WindowedPanel-outer') ?? node;
      }
    }, index);
  /** The active cell, and the position of each cell in the window. */
  const place = () =>
    lab.page.evaluate(() => {
      const { content } = jupyterapp.shell.currentWidget as unknown as Panel;
      return {
        active: content.activeCellIndex,
        tops: content.widgets.map(({ node }) => Math.round(node.getBoundingClientRect().top)),
      };
    });

  it('keeps the visible cell in place while outputs appear, disappear and reappear', async () => {
    lab.write('a.ipynb', all('1'));
    await lab.open('a.ipynb');
    for (const run of [1, 2]) {
      await goTo(4);
      const before = await place();
      await runAllCells(lab.page);
      await lab.page.waitForTimeout(500);
      const after = await place();
      expect([run, after.active, after.tops[4]]).toEqual([run, 4, before.tops[4]]);
    }
    lab.expectNoProblems();
  });

  it('shows the cell that failed, unless the reader has scrolled elsewhere', async () => {
    lab.write('a.ipynb', all('null.x'));
    await lab.open('a.ipynb');
    await goTo(1);
    await runAllCells(lab.page);
    const isInView = (top: number) => top > 0 && top < 900;
    await expect.poll(async () => (await place()).active, { timeout: 10_000 }).toBe(9);
    await expect.poll(async () => isInView((await place()).tops[9]!), { timeout: 10_000 }).toBe(true);

    await goTo(3);
    const running = lab.page.evaluate(() => jupyterapp.commands.execute('notebook:run-all-cells'));
    await lab.page.mouse.move(600, 500);
    await lab.page.mouse.wheel(0, -40);
    await running;
    await waitForIdleKernel(lab.page);
    await lab.page.waitForTimeout(500);
    expect((await place()).active).toBe(3);
    lab.expectNoProblems();
  });
});

interface Panel {
  content: { activeCellIndex: number; node: Element; widgets: { node: Element }[] };
}
