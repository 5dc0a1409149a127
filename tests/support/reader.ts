import path from 'node:path';
import type { Page } from 'playwright-core';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { codeCells, type openBrowser, waitForIdleKernel } from './lab-page.mjs';

/** Folder for the screenshots of browser tests. */
export const screenshots = path.join(paths.state, 'screenshots');

export type Browser = Awaited<ReturnType<typeof openBrowser>>;

/** Actions of a user in JupyterLab. */
export function reader({ page }: { page: Page }) {
  const cell = (index: number) => page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
  /** Replaces the code of a cell. */
  const type = async (index: number, text: string) => {
    await cell(index).locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
  };
  const outputsOf = async (index: number): Promise<{ [key: string]: unknown }[]> =>
    (await codeCells(page)).find((one: { index: number }) => one.index === index)!.outputs;
  const toolbar = (command: string) =>
    page.locator(`.jp-NotebookPanel-toolbar [data-command="notebook:${command}"]:visible`).first();
  return {
    cell,
    type,
    outputsOf,
    /** Runs a cell from the keyboard, without waiting for it. */
    run: async (index: number) => {
      await cell(index).locator('.cm-content').click();
      await page.keyboard.press('Control+Enter');
    },
    textOf: async (index: number) => JSON.stringify(await outputsOf(index)),
    toolbar,
    /** Restarts the kernel by its button, and waits until it can run a cell. */
    restart: async () => {
      await page.evaluate(() => {
        const { sessionContext } = jupyterapp.shell.currentWidget;
        window.name = '';
        sessionContext.statusChanged.connect((_, status) => {
          if (status === 'restarting') window.name = status;
        });
      });
      await toolbar('restart-kernel').click();
      await page.locator('.jp-Dialog .jp-mod-accept').click();
      await page.waitForFunction("window.name === 'restarting'");
      await waitForIdleKernel(page);
    },
    /** Drags the handle of the slider at `index` to its right or left end. */
    drag: async (index: number, to: 'left' | 'right') => {
      const handle = (await page.locator('.widget-slider .noUi-handle').nth(index).boundingBox())!;
      const track = (await page.locator('.widget-slider .noUi-target').nth(index).boundingBox())!;
      const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(to === 'right' ? track.x + track.width : track.x, y, { steps: 12 });
      await page.mouse.up();
    },
    shot: async (name: string) => {
      await page.locator('.jp-NotebookPanel:visible').screenshot({ path: path.join(screenshots, `${name}.png`) });
    },
  };
}
