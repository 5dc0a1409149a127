import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUp } from '../../kernel-setup/setup/index.mjs';
import { describeInChromium } from '../support/browsers';
import { closeLab, makeScratch, startLab } from '../support/lab.mjs';
import { openBrowser, openNotebook, runAllCells, waitForIdleKernel } from '../support/lab-page.mjs';
import { makeNotebook } from '../support/notebooks';
import { type Browser, reader, screenshots } from '../support/reader';

const minutes = (count: number) => count * 60_000;

const kernelCells = [
  "let n = 1;\nconsole.log('runs');\nwhile (true) n++;",
  'n > 1',
  '/** Adds two numbers. */\nfunction add(a: number, b: number): number { return a + b; }\nconst numbers = [3, 1, 2];',
  '',
  "const name = await Jupyter.input('Who? ');\n'Hello '.concat(name)",
  "function fails() {\n  throw new RangeError('too large');\n}\nfails();",
];

const surfaceCell = `import { interact, plot, progress, trainingDisplay } from 'gradlab';
interact(({ elev, azim }) => {
  console.log('azim is', azim);
  if (azim === 180) throw new RangeError('no farther');
  return plot.surface((x, y) => x * x + y * y, { resolution: 21, camera: { elev, azim } });
}, { elev: [0, 90], azim: [-180, 180, 5] }, { start: { elev: 30, azim: 0 } });`;

const progressCell = `const shown = trainingDisplay({ total: 30, title: 'a parabola' });
for (const step of progress(Array.from({ length: 30 }, (_, i) => i), { description: 'training' })) {
  shown.update({ loss: 1 / (step + 1) });
  await new Promise((resolve) => setTimeout(resolve, 20));
}
shown.end();`;

describeInChromium('JupyterLab with the kernel gradlab', () => {
  let lab: Awaited<ReturnType<typeof startLab>>;
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    await setUp({ log: () => {} });
    fs.mkdirSync(screenshots, { recursive: true });
    folder = makeScratch();
    const root = path.join(folder, 'root');
    fs.mkdirSync(root, { recursive: true });
    fs.writeFileSync(path.join(root, 'kernel.ipynb'), JSON.stringify(makeNotebook(kernelCells)));
    fs.writeFileSync(path.join(root, 'widgets.ipynb'), JSON.stringify(makeNotebook([surfaceCell, progressCell])));
    lab = await startLab({ folder, root });
    browser = await openBrowser({ folder });
  }, minutes(3));

  afterAll(() => closeLab({ browser, lab, folder }), minutes(1));

  const expectNoProblems = () => expect(browser.problems()).toEqual({ pageErrors: [], foreignRequests: [] });

  describe('the kernel', () => {
    beforeAll(async () => {
      browser.problems();
      expect(await openNotebook(browser.page, lab, 'kernel.ipynb')).toBe('gradlab');
    }, minutes(2));

    it('stops an endless loop with the Stop button, and keeps the state', async () => {
      const { run, toolbar, textOf } = reader(browser);
      await run(0);
      await expect.poll(() => textOf(0)).toContain('runs');
      await toolbar('interrupt-kernel').click();
      await waitForIdleKernel(browser.page);
      expect(await textOf(0)).toMatch(/Interrupt.*"output_type":"error"/);
      await run(1);
      await expect.poll(() => textOf(1)).toContain('"text/plain":"true"');
      expectNoProblems();
    });

    it('completes with Tab', async () => {
      const { run, type, cell, outputsOf } = reader(browser);
      await run(2);
      await waitForIdleKernel(browser.page);
      expect(await outputsOf(2)).toEqual([]);
      const { page } = browser;
      await type(3, 'numbers.toSor');
      await page.keyboard.press('Tab');
      await page.locator('.jp-Completer-item:visible').first().waitFor();
      expect(await page.locator('.jp-Completer-item:visible').allInnerTexts()).toContainEqual(
        expect.stringContaining('toSorted'),
      );
      await page.keyboard.press('Enter');
      await expect.poll(() => cell(3).locator('.cm-content').innerText()).toMatch(/numbers\.toSorted/);
      expectNoProblems();
    });

    it('shows signature, documentation and value with Shift-Tab', async () => {
      const { page } = browser;
      const { type, shot } = reader(browser);
      const ask = async (text: string) => {
        await page.keyboard.press('Escape');
        await type(3, text);
        await page.keyboard.press('Shift+Tab');
        const tooltip = page.locator('.jp-Tooltip');
        await tooltip.waitFor();
        await expect.poll(() => tooltip.innerText()).not.toBe('');
        await shot(`shift-tab-${text}`);
        const said = await tooltip.innerText();
        await page.keyboard.press('Escape');
        await tooltip.waitFor({ state: 'detached' });
        return said;
      };
      expect(await ask('add')).toMatch(/function add\(a: number, b: number\): number[\s\S]*Adds two numbers/);
      expect(await ask('numbers')).toMatch(/number\[\][\s\S]*Array of 3/);
      expectNoProblems();
    });

    it('asks for input', async () => {
      const { run, textOf } = reader(browser);
      await run(4);
      const field = browser.page.locator('.jp-Stdin-input');
      await field.fill('Ada');
      await field.press('Enter');
      await expect.poll(() => textOf(4)).toContain('Hello Ada');
      expectNoProblems();
    });

    it('shows an error with the lines of the cell', async () => {
      const { run, outputsOf, shot } = reader(browser);
      await run(5);
      await expect
        .poll(async () => (await outputsOf(5))[0])
        .toMatchObject({ ename: 'RangeError', evalue: 'too large' });
      await shot('error');
      expectNoProblems();
    });

    it('restarts', async () => {
      const { restart, run, textOf } = reader(browser);
      await restart();
      await run(1);
      await expect.poll(() => textOf(1)).toContain("Cannot find name 'n'");
      expectNoProblems();
    });
  });

  describe('widgets', () => {
    /** Azimuth of the camera of the drawn figure, and whether its plot is still the marked one. */
    const camera = () =>
      browser.page.evaluate(() => {
        const plot = document.querySelector('.gradlab-plotly') as HTMLElement & {
          layout: { scene: { camera: { eye: { x: number; y: number } } } };
        };
        const { x, y } = plot.layout.scene.camera.eye;
        return {
          azim: Math.round((Math.atan2(y, x) * 180) / Math.PI),
          canvas: plot.querySelector('canvas')!.dataset.mark,
          canvases: document.querySelectorAll('.gradlab-plotly canvas').length,
        };
      });
    const drawn = () => browser.page.locator('.gradlab-plotly[data-state=done]').first().waitFor();
    const picture = async () => (await browser.page.locator('.gradlab-plotly').first().screenshot()).toString('base64');

    it('draws the figure that a slider turns, in the same plot', async () => {
      const { page } = browser;
      const { drag, shot, textOf } = reader(browser);
      browser.problems();
      await openNotebook(page, lab, 'widgets.ipynb');
      await runAllCells(page);
      expect(await textOf(0)).not.toContain('"error"');
      await drawn();
      await page.evaluate(() => {
        document.querySelector<HTMLCanvasElement>('.gradlab-plotly canvas')!.dataset.mark = 'first';
      });
      expect(await camera()).toEqual({ azim: 0, canvas: 'first', canvases: 1 });
      const before = await picture();
      await page.locator('.widget-slider .noUi-handle').nth(1).focus();
      for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
      await expect.poll(camera).toEqual({ azim: 15, canvas: 'first', canvases: 1 });
      await page.locator('.widget-output').getByText('azim is 15').waitFor();
      expect(await picture()).not.toBe(before);
      await shot('interact');
      await drag(1, 'left');
      await expect.poll(async () => Math.abs((await camera()).azim)).toBe(180);
      expectNoProblems();
    });

    it('shows an error in place, and goes on', async () => {
      const { page } = browser;
      const { drag, shot } = reader(browser);
      await drag(1, 'right');
      await page.locator('.widget-output').getByText('no farther').first().waitFor();
      await shot('interact-error');
      await page.keyboard.press('ArrowLeft');
      await expect.poll(camera).toMatchObject({ azim: 175, canvas: 'first' });
      await expect.poll(() => page.locator('.widget-output').getByText('no farther').count()).toBe(0);
      expectNoProblems();
    });

    it('has drawn progress and curves in place', async () => {
      const { outputsOf, cell } = reader(browser);
      const outputs = await outputsOf(1);
      expect(outputs.map(({ data }) => (data as Record<string, string>)['text/plain'])).toEqual([
        expect.stringMatching(/^training █{20} 30\/30/),
        'a parabola · epoch 30/30 · loss 0.03333',
      ]);
      await cell(1).scrollIntoViewIfNeeded();
      await reader(browser).shot('progress');
      expectNoProblems();
    });

    it('goes on after the page was saved and loaded anew', async () => {
      const { page } = browser;
      await page.evaluate(async () => {
        const { commands, shell } = (window as unknown as { jupyterapp: Lab }).jupyterapp;
        await commands.execute('docmanager:save');
        if (shell.currentWidget.context.model.dirty) throw new Error('not saved');
      });
      const slider = page.locator('.widget-slider .noUi-handle').nth(1);
      const stood = await slider.getAttribute('aria-valuenow');
      await openNotebook(page, lab, 'widgets.ipynb');
      await drawn();
      await slider.waitFor();
      expect(await slider.getAttribute('aria-valuenow')).toBe(stood);
      await slider.focus();
      await page.keyboard.press('ArrowLeft');
      const azim = Number(stood) - 5;
      await expect.poll(camera).toMatchObject({ azim });
      await page.locator('.widget-output').getByText(`azim is ${azim}`).waitFor();
      await reader(browser).shot('interact-reloaded');
      expectNoProblems();
    });

    it('is there after a reload in which the page was too busy to look for the widgets in time', async () => {
      const { page } = browser;
      // ipywidgets looks for a widget every tenth of a second, for two seconds: here the second look would come too late.
      const busy = await page.addInitScript(() => {
        const original = window.setTimeout;
        const late = (run: () => void, ms?: number) =>
          original(run, ms === 100 && /get_model/.test(new Error().stack!) ? 8000 : ms);
        window.setTimeout = late as typeof window.setTimeout;
      });
      await openNotebook(page, lab, 'widgets.ipynb');
      await page.locator('.widget-slider .noUi-handle').nth(1).waitFor();
      await busy.dispose();
      browser.problems(); // that the widget was not found, as ipywidgets says
    });
  });
});

interface Lab {
  commands: { execute(name: string): Promise<void> };
  shell: { currentWidget: { context: { model: { dirty: boolean } } } };
}
