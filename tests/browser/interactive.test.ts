import { beforeEach, describe, expect, it } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { runAllCells, waitForIdleKernel } from '../support/lab-page.mjs';
import { reader } from '../support/reader';
import { useLab } from '../support/use-lab';

const kernelCells = [
  "let n = 1;\nconsole.log('runs');\nwhile (true) n++;",
  'n > 1',
  '/** Adds two numbers. */\nfunction add(a: number, b: number): number { return a + b; }\nconst numbers = [3, 1, 2];',
  '',
  "const name = await Jupyter.input('Who? ');\n'Hello '.concat(name)",
  "function fails() {\n  throw new RangeError('too large');\n}\nfails();",
];

const surfaceCell = `import { interact, plot, progress, trainingDisplay } from 'gradlab/lab';
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

/** Trains until it is stopped; shows the number of epochs, and prints it at the end. */
const trainingCell = `import { nn, optim, training, randn, Generator } from 'gradlab';
import 'gradlab/lab';
const generator = new Generator().manualSeed(1);
const x = randn([4096, 2], { generator }); // some 20 epochs a second: a server drops what is more than its limit
const net = new nn.Linear(2, 1);
const count = Jupyter.widgets.Label({ value: 'epochs: 0' });
Jupyter.display(count);
let epochs = 0;
const counting = { name: 'counting', onEpochEnd() { count.value = 'epochs: ' + ++epochs; } };
const { history } = await training.fitAsync(net, { x, y: x.sum(1, { keepdim: true }) }, {
  loss: nn.functional.mseLoss, optimizer: new optim.SGD(net.parameters(), { lr: 0.01 }),
  epochs: 1_000_000, batchSize: 8, display: true, callbacks: [counting],
});
console.log('ended well after', history.loss.length === epochs);`;

describeInChromium('JupyterLab with the kernel gradlab', () => {
  const lab = useLab();

  describe('the kernel', () => {
    beforeEach(async () => {
      lab.write('kernel.ipynb', kernelCells);
      expect(await lab.open('kernel.ipynb')).toBe('gradlab');
    });

    it('stops an endless loop with the Stop button, and keeps the state', async () => {
      const { run, toolbar, textOf } = reader(lab);
      await run(0);
      await expect.poll(() => textOf(0)).toContain('runs');
      await toolbar('interrupt-kernel').click();
      await waitForIdleKernel(lab.page);
      expect(await textOf(0)).toMatch(/Interrupt.*"output_type":"error"/);
      await run(1);
      await expect.poll(() => textOf(1)).toContain('"text/plain":"true"');
      lab.expectNoProblems();
    });

    it('completes with Tab, and explains with Shift-Tab', async () => {
      const { run, type, cell, outputsOf, shot } = reader(lab);
      await run(2);
      await waitForIdleKernel(lab.page);
      expect(await outputsOf(2)).toEqual([]);
      const { page } = lab;
      await type(3, 'numbers.toSor');
      await page.keyboard.press('Tab');
      await page.locator('.jp-Completer-item:visible').first().waitFor();
      expect(await page.locator('.jp-Completer-item:visible').allInnerTexts()).toContainEqual(
        expect.stringContaining('toSorted'),
      );
      await page.keyboard.press('Enter');
      await expect.poll(() => cell(3).locator('.cm-content').innerText()).toMatch(/numbers\.toSorted/);
      // And signature, documentation and value with Shift-Tab.
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
      lab.expectNoProblems();
    });

    it('asks for input', async () => {
      const { run, textOf } = reader(lab);
      await run(4);
      const field = lab.page.locator('.jp-Stdin-input');
      await field.fill('Ada');
      await field.press('Enter');
      await expect.poll(() => textOf(4)).toContain('Hello Ada');
      lab.expectNoProblems();
    });

    it('shows an error with the lines of the cell', async () => {
      const { run, outputsOf, shot } = reader(lab);
      await run(5);
      await expect
        .poll(async () => (await outputsOf(5))[0])
        .toMatchObject({ ename: 'RangeError', evalue: 'too large' });
      await shot('error');
      lab.expectNoProblems();
    });

    it('restarts', async () => {
      const { restart, run, type, textOf } = reader(lab);
      await type(0, 'let n = 1');
      for (const cell of [0, 1]) await run(cell);
      await expect.poll(() => textOf(1)).toContain('"text/plain":"false"');
      await restart();
      await run(1);
      await expect.poll(() => textOf(1)).toContain("Cannot find name 'n'");
      lab.expectNoProblems();
    });
  });

  it('trains with buttons that pause, continue and end it regularly', async () => {
    lab.write('training.ipynb', [trainingCell]);
    await lab.open('training.ipynb');
    const { run, textOf, shot } = reader(lab);
    const button = (name: string) => lab.page.locator('.jupyter-widgets button', { hasText: name });
    const label = lab.page.locator('.widget-label', { hasText: 'epochs' });
    const epochs = async () => Number((await label.innerText()).slice('epochs: '.length));
    await run(0);
    await label.waitFor();
    await expect.poll(epochs).toBeGreaterThan(3);
    await button('Pause').click();
    await button('Go on').waitFor();
    const paused = await epochs();
    // Pending updates have arrived.
    await expect.poll(async () => (await epochs()) - paused).toBeLessThan(3);
    const rest = await epochs();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await epochs()).toBe(rest);
    await shot('paused');
    await button('Go on').click();
    await expect.poll(epochs).toBeGreaterThan(rest + 3);
    await button('End').click();
    await expect.poll(() => textOf(0)).toContain('ended well after true');
    expect(await button('End').isDisabled()).toBe(true);
    lab.expectNoProblems();
  });

  describe('widgets', () => {
    /** The azimuth of the figure's camera, and whether its plot is still the marked one. */
    const camera = () =>
      lab.page.evaluate(() => {
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
    const drawn = () => lab.page.locator('.gradlab-plotly[data-state=done]').first().waitFor();
    const picture = async () => (await lab.page.locator('.gradlab-plotly').first().screenshot()).toString('base64');
    const save = () => lab.page.evaluate("window.jupyterapp.commands.execute('docmanager:save')");

    beforeEach(async () => {
      const { page } = lab;
      lab.write('widgets.ipynb', [surfaceCell, progressCell]);
      await lab.open('widgets.ipynb');
      await runAllCells(page);
      expect(await reader(lab).textOf(0)).not.toContain('"error"');
      await drawn();
      await page.evaluate(() => {
        document.querySelector<HTMLCanvasElement>('.gradlab-plotly canvas')!.dataset.mark = 'first';
      });
    });

    it('redraw the figure of a slider in the same plot, show errors in place, and show progress', async () => {
      const { page } = lab;
      const { drag, shot, outputsOf, cell } = reader(lab);
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
      // An error is shown in place, and does not end it.
      await drag(1, 'right');
      await page.locator('.widget-output').getByText('no farther').first().waitFor();
      await shot('interact-error');
      await page.keyboard.press('ArrowLeft');
      await expect.poll(camera).toMatchObject({ azim: 175, canvas: 'first' });
      await expect.poll(() => page.locator('.widget-output').getByText('no farther').count()).toBe(0);
      // Progress and curves were drawn in place.
      const outputs = await outputsOf(1);
      expect(outputs.map(({ data }) => (data as Record<string, string>)['text/plain'])).toEqual([
        expect.stringMatching(/^training █{20} 30\/30/),
        'a parabola · epoch 30/30 · loss 0.03333',
      ]);
      await cell(1).scrollIntoViewIfNeeded();
      await shot('progress');
      lab.expectNoProblems();
    });

    it('continue after the page was saved and reloaded', async () => {
      const { page } = lab;
      const slider = page.locator('.widget-slider .noUi-handle').nth(1);
      await slider.focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(camera).toMatchObject({ azim: 5 });
      await waitForIdleKernel(page);
      await save();
      expect(await page.evaluate('window.jupyterapp.shell.currentWidget.context.model.dirty')).toBe(false);
      const stood = await slider.getAttribute('aria-valuenow');
      await lab.open('widgets.ipynb');
      await drawn();
      await slider.waitFor();
      expect(await slider.getAttribute('aria-valuenow')).toBe(stood);
      await slider.focus();
      await page.keyboard.press('ArrowLeft');
      const azim = Number(stood) - 5;
      await expect.poll(camera).toMatchObject({ azim });
      await page.locator('.widget-output').getByText(`azim is ${azim}`).waitFor();
      await reader(lab).shot('interact-reloaded');
      lab.expectNoProblems();
    });

    it('exist after a reload in which the page was too busy to look for the widgets in time', async () => {
      const { page } = lab;
      await save();
      // ipywidgets looks for a widget every tenth of a second, for two seconds: here the second attempt would come too
      // late.
      const busy = await page.addInitScript(() => {
        const original = window.setTimeout;
        const late = (run: () => void, ms?: number) =>
          original(run, ms === 100 && /get_model/.test(new Error().stack!) ? 8000 : ms);
        window.setTimeout = late as typeof window.setTimeout;
      });
      await lab.open('widgets.ipynb');
      await page.locator('.widget-slider .noUi-handle').nth(1).waitFor();
      await busy.dispose();
      lab.problems(); // ipywidgets' message that the widget was not found
    });
  });
});
