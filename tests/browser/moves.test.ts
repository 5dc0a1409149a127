// Moves of a control in JupyterLab: little is sent, and every view, the saved notebook and other pages show the figure.
import fs from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { runAllCells, waitForFigures, waitForIdleKernel } from '../support/lab-page.mjs';
import { reader } from '../support/reader';
import { useLab } from '../support/use-lab';

const cells = [
  `import { interact, plot } from 'gradlab/lab';
const bowl = (x: number, y: number) => x * x + 9 * y * y;
const walk = (k: number) => Array.from({ length: 30 }, (_, i): [number, number] => [8 * 0.9 ** i, k * 0.8 ** i]);`,
  'interact(({ azim }) => plot.surface(bowl, { camera: { elev: 0, azim } }), { azim: [-180, 180, 5] }, { start: { azim: 0 } });',
  'interact(({ k }) => plot.contour(bowl, { paths: [{ points: walk(k) }], title: `from ${k}` }), { k: [1, 9] });',
  `import { races } from 'gradlab/lab';
const race = (steps: number) => races.race(races.landscapes.bowl(), races.racers(), { steps });
interact(({ steps }) => plot.race(race(steps), { title: \`steep \${steps}\` }), { steps: [11, 19] });`,
];

/** What plotly shows in the first two figures of a page, and in further views of them. */
const drawn = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.gradlab-plotly')].flatMap((node): unknown[] => {
      const { layout, data } = node as unknown as {
        layout?: { scene?: { camera: { eye: { x: number; y: number } } }; title?: { text: string } };
        data?: { name: string; y: number[] }[];
      };
      if (layout?.title?.text.startsWith('steep')) return [];
      if (layout?.scene) {
        const { x, y } = layout.scene.camera.eye;
        return [Math.round((Math.atan2(y, x) * 180) / Math.PI)];
      }
      return [[layout?.title?.text, data?.find(({ name }) => name === 'path')?.y[0]]];
    }),
  );

/** The title of the figure that the user turns, and its camera. */
const turned = (page: Page) =>
  page.locator('.gradlab-plotly').evaluateAll((nodes) =>
    nodes.flatMap((node) => {
      const { layout, _fullLayout } = node as unknown as {
        layout?: { title?: { text: string } };
        _fullLayout?: { scene?: { _scene: { getCamera(): { eye: { x: number; y: number; z: number } } } } };
      };
      if (!layout?.title?.text.startsWith('steep')) return [];
      const { x, y, z } = _fullLayout!.scene!._scene.getCamera().eye;
      return [{ title: layout.title.text, eye: [x, y, z].map((one) => Math.round(100 * one) / 100) }];
    }),
  );

/** Likewise for outputs in a notebook's model, or in a file. */
const stored = (outputs: { [key: string]: unknown }[]) => {
  const { data, metadata } = outputs.at(-1)! as { data: Record<string, never>; metadata: object };
  const { layout, data: traces } = data['application/vnd.plotly.v1+json'] as {
    layout: { scene?: { camera: { eye: { x: number; y: number } } }; title?: { text: string } };
    data: { name: string; y: number[] }[];
  };
  const eye = layout.scene?.camera.eye;
  const shown = eye
    ? Math.round((Math.atan2(eye.y, eye.x) * 180) / Math.PI)
    : [layout.title?.text, traces.find(({ name }) => name === 'path')?.y[0]];
  return { shown, traces: traces.length, text: String(data['text/plain']).slice(0, 7), metadata };
};
const named = { gradlab: { displayId: expect.any(String) } };

describeInChromium('moves of a control in JupyterLab', () => {
  const lab = useLab();
  /** Messages from kernels to pages, in pieces. */
  let received: string[] = [];

  const listen = (page: Page) =>
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => received.push(payload.toString())));
  const about = (type: string) =>
    received.filter((text) => text.includes(`"msg_type":"${type}"`) || text.includes(`"msg_type": "${type}"`));
  const figures = () => about('comm_msg').filter((text) => text.includes('"changes"'));
  const handle = (page: Page, index: number) => page.locator('.widget-slider .noUi-handle').nth(index);
  const press = async (page: Page, index: number, key: string) => {
    await handle(page, index).focus();
    await page.keyboard.press(key);
  };
  const save = () => lab.page.evaluate("window.jupyterapp.commands.execute('docmanager:save')");

  beforeEach(async () => {
    const { page } = lab;
    lab.write('moves.ipynb', cells);
    listen(page);
    await lab.open('moves.ipynb');
    await runAllCells(page);
    await waitForFigures(page, 3);
    expect(await drawn(page)).toEqual([0, ['from 5', 5]]);
    received = [];
  });

  it('send only changes, also after a restart, and the notebook contains the whole figure', async () => {
    const { page } = lab;
    const { outputsOf } = reader(lab);
    await press(page, 0, 'ArrowRight');
    await expect.poll(() => drawn(page)).toEqual([5, ['from 5', 5]]);
    await press(page, 0, 'ArrowRight');
    await press(page, 1, 'ArrowRight');
    await expect.poll(() => drawn(page)).toEqual([10, ['from 6', 6]]);
    await waitForIdleKernel(page);
    expect(about('update_display_data')).toEqual([]);
    const lengths = figures().map(({ length }) => length);
    expect(lengths).toHaveLength(3);
    expect(Math.max(...lengths.slice(0, 2))).toBeLessThan(1500);
    expect(lengths[2]).toBeLessThan(4500);
    expect(stored(await outputsOf(1))).toEqual({ shown: 10, traces: 1, text: 'Surface', metadata: named });
    expect(stored(await outputsOf(2))).toEqual({ shown: ['from 6', 6], traces: 3, text: 'Contour', metadata: named });
    lab.expectNoProblems();
    await reader(lab).restart();
    await runAllCells(page);
    await waitForFigures(page, 3);
    await expect.poll(() => drawn(page)).toEqual([0, ['from 5', 5]]);
    received = [];
    await press(page, 0, 'ArrowRight');
    await press(page, 0, 'ArrowRight');
    await expect.poll(async () => (await drawn(page))[0]).toBe(10);
    expect(figures()).toHaveLength(2);
    expect(about('update_display_data')).toEqual([]);
    lab.problems(); // messages that the widgets of the previous kernel are missing
    await save();
    const saved = JSON.parse(fs.readFileSync(lab.file('moves.ipynb'), 'utf8'));
    expect(stored(saved.cells[1].outputs)).toMatchObject({ shown: 10, traces: 1, metadata: named });
  });

  it('keep a surface as the user has turned it', async () => {
    const { page } = lab;
    await page.locator('.gradlab-plotly').nth(2).scrollIntoViewIfNeeded();
    const box = (await page.locator('.gradlab-plotly').nth(2).boundingBox())!;
    const middle = { x: box.x + box.width / 4, y: box.y + 80 };
    const [before] = await turned(page);
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 90, box.y - 15, { steps: 6 }); // released outside of the scene
    await page.mouse.up();
    await expect.poll(async () => (await turned(page))[0]!.eye).not.toEqual(before!.eye);
    const [byHand] = await turned(page);
    for (const title of ['steep 16', 'steep 17']) {
      await press(page, 2, 'ArrowRight');
      await expect.poll(() => turned(page)).toEqual([{ title, eye: byHand!.eye }]);
    }
    lab.expectNoProblems();
  });

  it('are shown by another view of the same output', async () => {
    const { page } = lab;
    await reader(lab).cell(1).locator('.jp-InputArea').click();
    await page.evaluate("window.jupyterapp.commands.execute('notebook:create-output-view')");
    await expect.poll(() => drawn(page)).toHaveLength(3);
    await press(page, 0, 'ArrowRight');
    await expect.poll(async () => (await drawn(page)).filter((shown) => shown === 5)).toHaveLength(2);
    lab.expectNoProblems();
  });

  it('are shown by a reloaded page, whatever was saved, and by two pages at once', async () => {
    const { page } = lab;
    await press(page, 0, 'ArrowRight');
    await press(page, 1, 'ArrowRight');
    await expect.poll(() => drawn(page)).toEqual([5, ['from 6', 6]]);
    await waitForIdleKernel(page);
    await save();
    await press(page, 0, 'ArrowRight');
    await expect.poll(async () => (await drawn(page))[0]).toBe(10);
    await lab.open('moves.ipynb');
    await waitForFigures(page, 3);
    await handle(page, 1).waitFor();
    expect((await drawn(page))[0]).toBe(5); // as saved
    const other = await lab.newPage();
    listen(other);
    let loads = 0;
    other.on('domcontentloaded', () => loads++);
    await lab.open('moves.ipynb', other);
    expect(loads).toBe(1);
    await waitForFigures(other, 3);
    await handle(other, 1).waitFor();
    received = [];
    await press(page, 0, 'ArrowRight');
    await expect.poll(() => drawn(page)).toEqual([15, ['from 6', 6]]);
    await expect.poll(() => drawn(other)).toEqual([15, ['from 6', 6]]);
    // Both had to request it, and got both replies.
    await expect.poll(() => about('update_display_data').length).toBe(4);
    received = [];
    await press(other, 0, 'ArrowRight');
    await press(other, 0, 'ArrowRight');
    for (const one of [page, other]) await expect.poll(() => drawn(one)).toEqual([25, ['from 6', 6]]);
    expect(about('update_display_data')).toEqual([]);
    lab.expectNoProblems();
  });
});
