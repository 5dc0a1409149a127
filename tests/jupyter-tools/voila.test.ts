// Voila: a notebook as a separate page, with a kernel for each reader.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { freePort } from '../support/lab.mjs';
import { openBrowser } from '../support/lab-page.mjs';
import { makeFolder, makeNotebook } from '../support/notebooks';
import { bin, describeTools, environment } from './environment';

const cells = [
  `import { interact, plot } from 'gradlab/lab';
const bowl = (x: number, y: number) => x * x + 9 * y * y;
console.log(\`process \${process.pid}\`);`,
  'interact(({ k }) => plot.curves([{ name: "a", y: [0, k, 2 * k] }], { title: "k = " + k }), { k: [1, 9] });',
  'interact(({ azim }) => plot.surface(bowl, { camera: { elev: 30, azim }, title: "azim " + azim }), { azim: [-180, 180, 5] });',
  `interact(async ({ n }) => {
  console.log(\`asked for \${n}\`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  if (n > 6) throw new RangeError(\`\${n} is too many\`);
  return \`result \${n}\`;
}, { n: [0, 10] });`,
  'const late = async () => {\n  throw new TypeError("of this cell");\n};\nlate(); // not awaited',
];

describeTools('Voila', () => {
  describeInChromium('in Chromium', () => {
    let folder: ReturnType<typeof makeFolder>;
    let browser: Awaited<ReturnType<typeof openBrowser>>;
    let server: ChildProcess;
    let address: string;
    let log = '';

    beforeAll(async () => {
      folder = makeFolder({ 'page.ipynb': makeNotebook(cells) });
      const port = await freePort();
      address = `http://127.0.0.1:${port}`;
      // The page shuts its kernel down when it is left, but jupyter_server 2 rejects that (no `_xsrf`), so it is
      // culled.
      const culling = ['cull_idle_timeout=15', 'cull_interval=2'].map((option) => `--MappingKernelManager.${option}`);
      const options = ['--no-browser', `--port=${port}`, '--show_tracebacks=True', ...culling];
      server = spawn(bin('voila'), ['page.ipynb', ...options], {
        cwd: folder.root,
        env: environment(),
        detached: true,
      });
      for (const stream of [server.stdout!, server.stderr!])
        stream.on('data', (text) => {
          log += text;
        });
      browser = await openBrowser({ folder: folder.root });
    });
    afterAll(async () => {
      await browser?.close();
      try {
        process.kill(-server.pid!, 'SIGTERM');
      } catch {
        // it has ended
      }
      folder?.remove();
    });

    /** The titles of the figures that plotly has drawn. */
    const titles = (page: Page) =>
      page
        .locator('.gradlab-plotly')
        .evaluateAll((nodes) =>
          nodes.map((node) => (node as unknown as { layout?: { title?: { text: string } } }).layout?.title?.text),
        );
    const press = async (page: Page, index: number, key: string) => {
      await page.locator('.widget-slider .noUi-handle').nth(index).focus();
      await page.keyboard.press(key);
    };
    const isAlive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };

    test('sliders update figures and other results, until the page is closed and its kernel ends', async () => {
      const { page } = browser;
      await expect.poll(() => log).toContain('Voilà is running at');
      await page.goto(address);
      await expect.poll(() => titles(page)).toEqual(['k = 5', 'azim 0']);
      await page.getByText('result 5').waitFor();
      await page.getByText('TypeError: of this cell').first().waitFor();

      await press(page, 0, 'ArrowRight');
      await press(page, 1, 'ArrowLeft');
      await expect.poll(() => titles(page)).toEqual(['k = 6', 'azim -5']);
      // The existing plot has changed: it keeps the user's camera, and does not flicker.
      await page.locator('.gradlab-plotly canvas').evaluateAll((canvases) => {
        for (const canvas of canvases) canvas.id = 'kept';
      });
      await press(page, 1, 'ArrowLeft');
      await expect.poll(() => titles(page)).toEqual(['k = 6', 'azim -10']);
      expect(await page.locator('#kept').count()).toBe(1);

      await press(page, 2, 'ArrowRight');
      await page.getByText('asked for 6').waitFor();
      await page.getByText('result 6').waitFor();
      expect(await page.getByText('result 5').count()).toBe(0);
      await press(page, 2, 'ArrowRight');
      await page.getByText('RangeError: 7 is too many').waitFor();
      expect(browser.problems().pageErrors.filter((text) => /^uncaught|gradlab/.test(text))).toEqual([]);

      const pid = Number(/process (\d+)/.exec(await page.locator('body').innerText())![1]);
      expect(isAlive(pid)).toBe(true);
      await page.goto('about:blank');
      await expect.poll(() => isAlive(pid)).toBe(false);
    });
  });
});
