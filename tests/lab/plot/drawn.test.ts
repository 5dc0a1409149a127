/** Every kind of figure in the real plotly.js. The pictures stay in .gradlab/figures for inspection. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { curves, Figure, parallelCoordinate } from '../../../src/lab/plot';
import { frames, holdClock } from '../../support/held-clock';
import { scriptOf } from '../../support/script';
import { type Easel, openEasel } from './drawing';
import { descent, examples, search } from './examples';

const album = join(__dirname, '..', '..', '..', '.gradlab', 'figures');
interface Drawn {
  data: { x: number[]; name: string }[];
  layout: { sliders: { active: number }[]; scene: { camera: { eye: { x: number; y: number; z: number } } } };
}

const easel = await openEasel();
if (!easel) {
  const reason = 'figures were not drawn: no Chromium found';
  if (process.env.CI) throw new Error(reason);
  console.warn(`Skipped: ${reason}`);
}

describe.skipIf(!easel)('figures in plotly.js', () => {
  const { page, draw, troubles } = (easel ?? {}) as Easel;
  beforeAll(() => mkdir(album, { recursive: true }));
  afterAll(() => easel?.close());

  for (const [name, make] of Object.entries(examples)) {
    it(`draws: ${name}`, async () => {
      const { png, coloured, complaints } = await draw(make());
      await writeFile(join(album, `${name.replaceAll(' ', '-')}.png`), png);
      expect(complaints).toEqual([]);
      if (name === 'images') expect(png.length).toBeGreaterThan(10_000);
      // The sparsest of them, a grid with a dozen marks, has 0.0087; a blank one has none.
      else expect(coloured).toBeGreaterThan(0.004);
      expect(troubles).toEqual([]);
      expect(await collisions()).toEqual([]);
    });
  }

  it('parallel coordinates describe the line under the pointer, and keep the selection on an axis', async () => {
    const figure = parallelCoordinate(search(), { target: 'loss', log: true });
    await draw(figure);
    // Other figures are drawn in the same element.
    onTestFinished(async () => {
      await page.mouse.move(0, 0);
      await page.evaluate(() => document.querySelector('.gradlab-line')?.remove());
    });
    const script = await scriptOf('figure/lines.ts', 'lines');
    await page.evaluate(`${script}; lines.tellLines(document.getElementById('figure'));`);
    const label = () =>
      page.evaluate(() => {
        const shown = document.querySelector<HTMLElement>('.gradlab-line');
        return shown?.style.display === 'block' ? shown.textContent : '';
      });
    // On a line from top to bottom, between two axes, there are lines.
    for (let y = 60; y < 380 && (await label()) === ''; y++) await page.mouse.move(300, y);
    expect(await label()).toMatch(
      /^trial \d+(, pruned)?\nrate [\d.]+\noptimizer (sgd|adam)\n(momentum [\d.]+\n)?width \d+\nloss [\d.]+$/,
    );
    const picked = () =>
      page.evaluate(() => {
        const { data } = document.getElementById('figure') as unknown as {
          data: { dimensions: { constraintrange?: number[] }[] }[];
        };
        return data[0]!.dimensions[0]!.constraintrange;
      });
    expect(await picked()).toBeUndefined();
    await page.mouse.move(64, 150);
    await page.mouse.down();
    await page.mouse.move(64, 190);
    await page.mouse.move(64, 230);
    await page.mouse.up();
    const [low, high] = (await picked())!;
    expect(-4 < low! && low! < high! && high! < 0).toBe(true);
    // Adds trials.
    await page.evaluate(async ({ data, layout }) => {
      const { Plotly } = globalThis as unknown as { Plotly: { react(...given: unknown[]): Promise<unknown> } };
      await Plotly.react(document.getElementById('figure'), data, layout);
    }, figure.toJSON());
    expect(await picked()).toEqual([low, high]);
  });

  it('letters on a background of their own over a picture become as dark as that requires', async () => {
    const letter = { text: 'A', x: 1, y: 1, showarrow: false, bgcolor: '#ffffff', font: { color: '#e0e0e0' } };
    const z = [0, 1, 2].map((row) => [row, row + 1, row + 2]);
    await draw(new Figure({ data: [{ type: 'heatmap', z, showscale: false }], layout: { annotations: [letter] } }));
    const script = await scriptOf('figure/legible.ts', 'legible');
    const fill = await page.evaluate<string>(`(() => {
      ${script}
      const figure = document.getElementById('figure');
      legible.makeLegible(figure);
      return figure.querySelector('.annotation text').style.fill;
    })()`);
    // Grey of 4.5 on white is at most 118.
    for (const value of fill.match(/\d+/g)!.map(Number)) expect(value).toBeLessThanOrEqual(118);
  });

  /** The titles, legend and sliders of the figure that touch each other or extend beyond it, by their boxes. */
  const collisions = (): Promise<string[]> =>
    page.evaluate(() => {
      const figure = document.getElementById('figure')!;
      const boxesOf = (kinds: string[]) =>
        kinds.flatMap((kind) =>
          Array.from(figure.querySelectorAll(kind))
            .map((element) => ({ kind, box: element.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 0),
        );
      const texts = ['.legend', '.xtitle', '.gtitle'];
      // Buttons are within a slider's box, above its right end, so they are compared with its parts.
      const groups = [
        boxesOf([...texts, '.slider-container']),
        boxesOf([...texts, '.updatemenu-button', '.slider-group > .slider-label', '.slider-rail-touch-rect']),
      ];
      const frame = figure.querySelector('.main-svg')!.getBoundingClientRect();
      const found = groups
        .flat()
        .filter(({ box }) => box.bottom > frame.bottom + 1 || box.right > frame.right + 1)
        .map(({ kind }) => `${kind} is cut off`);
      const pairs = groups.flatMap((boxes) => boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => [a, b] as const)));
      for (const [a, b] of pairs) {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (across > 1 && down > 1) found.push(`${a.kind} and ${b.kind} overlap by ${Math.round(down)} pixels`);
      }
      return found;
    });

  it('distinguishes a blank figure from a drawn one', async () => {
    const { coloured } = await draw(curves([{ name: 'nothing in range', y: [1, 2] }], { yRange: [5, 6] }));
    expect(coloured).toBe(0);
  });

  it('reports attributes that plotly does not know', async () => {
    const { complaints } = await draw(new Figure({ data: [{ type: 'scatter', y: [1], colour: 'red' }] }));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain('colour');
  });

  /** Clicks on a slider at a fraction of its length. */
  async function slide(number: number, share: number): Promise<void> {
    const rail = page.locator('.slider-rail-touch-rect').nth(number);
    const box = (await rail.boundingBox())!;
    await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
    await page.mouse.down();
    // Plotly misses the end of a drag while it redraws, and then keeps the slider in place.
    await frames(page);
    await page.mouse.up();
  }
  const drawn = (): Promise<Drawn> =>
    page.evaluate(() => {
      const browser = globalThis as unknown as { document: { getElementById(id: string): Drawn } };
      const { data, layout } = browser.document.getElementById('figure');
      return JSON.parse(JSON.stringify({ data, layout }));
    });

  it('moves through precomputed figures with a slider', async () => {
    await draw(examples['learning-rate slider']!());
    const second = async () => (await drawn()).data.find(({ name }) => name === 'descent')!.x[1];
    await slide(0, 0.999);
    await expect.poll(second).toBeCloseTo(descent(0.1, 1)[1]![0], 2);
    await slide(0, 0.001);
    await expect.poll(second).toBeCloseTo(descent(0.0025, 1)[1]![0], 2);
    expect(troubles).toEqual([]);
  });

  it('moves through rasters, whose cells are bytes', async () => {
    await draw(examples['raster beside curves, with a slider']!());
    const cells = () =>
      page.evaluate(() => {
        const node = document.getElementById('figure') as unknown as { calcdata: { z: ArrayLike<number>[] }[][] };
        const { z } = node.calcdata[0]![0]!;
        return [z.length, z[0]!.length, ...Array.from(z, (row) => Array.from(row).lastIndexOf(50))];
      });
    const before = await cells();
    expect(before.slice(0, 2)).toEqual([102, 101]);
    await slide(0, 0.999);
    await expect.poll(cells).not.toEqual(before);
    expect((await cells()).slice(0, 2)).toEqual([102, 101]);
    expect(troubles).toEqual([]);
  });

  it('plays from the shown value on, and pauses', async () => {
    await draw(examples['slider that plays']!());
    const button = (name: 'play' | 'pause') => page.locator('.updatemenu-button').nth(name === 'play' ? 0 : 1);
    const shown = () =>
      page.evaluate(() => {
        const node = document.getElementById('figure') as unknown as Drawn & { data: { y: number[] }[] };
        return [node.layout.sliders[0]!.active, node.data[0]!.y[1]];
      });
    expect(await shown()).toEqual([1, 2]);
    const clock = await holdClock(page);
    onTestFinished(() => clock.release());
    await button('play').click(); // the first time from the first value on
    await expect.poll(shown).toEqual([0, 1]);
    await clock.pass(1000);
    await expect.poll(shown).toEqual([1, 2]);
    await button('pause').click();
    await clock.pass(5000);
    expect(await shown()).toEqual([1, 2]);
    await expect.poll(() => troubles.splice(0)).toEqual(['undefined']);
    await slide(0, 0.7);
    await expect.poll(shown).toEqual([2, 3]);
    await button('play').click();
    await expect.poll(shown).toEqual([3, 4]);
    for (let i = 0; i < 3; i++) await clock.pass(1000); // at the end it stops, and the next time it restarts
    expect(await shown()).toEqual([3, 4]);
    await button('play').click();
    await expect.poll(shown).toEqual([0, 1]);
    await button('pause').click();
    // Plotly's promise of the whole play is unhandled: gradlab's renderer plays by itself.
    await expect.poll(() => troubles.splice(0)).toEqual(['undefined']);
  });

  it('moves a path on a surface with a slider', async () => {
    await draw(examples['slider over a surface']!());
    await slide(0, 0.999);
    const third = async () => (await drawn()).data.filter(({ name }) => name === 'descent').at(-1)!.x[2];
    await expect.poll(third).toBeCloseTo(descent(0.08, 2)[2]![0], 2);
    await frames(page);
    await writeFile(join(album, 'slider-over-a-surface-moved.png'), await page.locator('#figure').screenshot());
    expect(troubles).toEqual([]);
  });
});
