import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { plot } from '../../src/lab';
import { describeInChromium } from '../support/browsers';
import type { Bench } from '../support/figure-bench';
import { useBench } from '../support/use-bench';

declare const bench: Bench;

interface Live extends HTMLElement {
  data: { name: string; y: number[]; visible?: unknown; line?: { color: string }; reversescale?: boolean }[];
}

const places = [0, 1, 2, 3];
const moved = (factor: number) =>
  plot.slider(
    places,
    (x) =>
      plot.curves([
        { name: 'ReLU', y: [0, factor * x], ...plot.activationLooks.ReLU },
        { name: 'tanh', y: [x, 0], ...plot.activationLooks.tanh },
      ]),
    {
      label: 'x',
      chips: [
        { name: 'ReLU', reading: (x: number) => `${factor * x}` },
        { name: 'tanh', reading: (x: number) => `${x}` },
      ],
    },
  );
const figure = plot.settings({ once: moved(1), twice: moved(2) }, { label: 'how often' });
const table = plot.confusion(
  [
    [90, 3],
    [0, 50],
  ],
  { classes: ['shirt', 'coat'] },
);

describeInChromium('settings and chips in a page', () => {
  const own = useBench();
  const { problems } = own;
  let page: Page;
  beforeEach(() => {
    page = own.page;
  });

  const add = (shown: { toJSON(): object }) =>
    page.evaluate((json) => bench.add(json), JSON.parse(JSON.stringify(shown.toJSON())));
  const traces = (index = 0) =>
    page.evaluate(
      (i) =>
        (bench.figures[i]!.node as Live).data.map(({ name, y, visible, line, reversescale }) => {
          return { name, y, visible, color: line?.color, reversescale };
        }),
      index,
    );
  const theme = (isLight: boolean) =>
    page.evaluate((light) => {
      Object.assign(document.body.dataset, { jpThemeLight: String(light), jpThemeName: light ? 'light' : 'dark' });
    }, isLight);

  test('a setting shows its figure, and the slider keeps its value', async () => {
    await add(figure);
    await page.getByRole('slider', { name: 'x' }).fill('3');
    await expect.poll(async () => (await traces())[0]!.y).toEqual([0, 3]);
    await page.getByRole('button', { name: 'twice' }).click();
    await expect.poll(async () => (await traces())[0]!.y).toEqual([0, 6]);
    expect(await page.getByRole('button', { name: 'twice' }).getAttribute('aria-pressed')).toBe('true');
    expect(await page.getByRole('button', { name: 'once' }).getAttribute('aria-pressed')).toBe('false');
    expect(await page.getByRole('slider', { name: 'x' }).inputValue()).toBe('3');
    expect(await page.locator('.gradlab-chips .reading').allTextContents()).toEqual(['6', '3']);
    await page.getByRole('button', { name: 'once' }).click();
    await expect.poll(async () => (await traces())[0]!.y).toEqual([0, 3]);
    expect(problems).toEqual([]);
  });

  test('a chip hides the traces of its name in all figures, also after another setting', async () => {
    await add(figure);
    await add(moved(5));
    const chip = page.getByRole('button', { name: /^tanh/ }).first();
    await chip.click();
    const seen = async (i: number) => (await traces(i)).map(({ visible }) => visible ?? true);
    await expect.poll(() => seen(0)).toEqual([true, 'legendonly']);
    await expect.poll(() => seen(1)).toEqual([true, 'legendonly']);
    expect(await chip.getAttribute('aria-pressed')).toBe('false');
    expect(await chip.locator('.reading').textContent()).toBe('show');
    await page.getByRole('button', { name: 'twice' }).click();
    await expect.poll(() => seen(0)).toEqual([true, 'legendonly']);
    await chip.click();
    await expect.poll(() => seen(0)).toEqual([true, true]);
    await expect.poll(() => seen(1)).toEqual([true, true]);
    expect(problems).toEqual([]);
  });

  test('dark pages reverse the scale of a heatmap and use dark colours of functions; light pages restore them', async () => {
    await add(table);
    await add(moved(1));
    const { color, dark } = plot.activationLooks.ReLU;
    const state = async () => [(await traces(0))[0]!.reversescale ?? false, (await traces(1))[0]!.color];
    expect(await state()).toEqual([false, color]);
    await theme(false);
    await expect.poll(state).toEqual([true, dark]);
    await theme(true);
    await expect.poll(state).toEqual([false, color]);
    expect(problems).toEqual([]);
  });

  test('has no horizontal scrolling at 360 pixels', async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    await add(figure);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const ends = await page.evaluate(() => {
      const { node } = bench.figures[0]!;
      const chips = node.querySelector('.gradlab-chips')!.getBoundingClientRect();
      const slider = node.querySelector('.gradlab-player')!.getBoundingClientRect();
      return { apart: chips.top - slider.bottom, right: chips.right };
    });
    expect(ends.apart).toBeGreaterThanOrEqual(-1);
    expect(ends.right).toBeLessThanOrEqual(360);
    const long = plot.settings(
      { 'usual weights': moved(1), 'weights times four': moved(2), 'weights times four, one half removed': moved(3) },
      { label: 'weights' },
    );
    await add(long);
    const buttons = await page
      .locator('.gradlab-settings')
      .last()
      .locator('button')
      .evaluateAll((all) =>
        all.map((one) => {
          const { right, height } = one.getBoundingClientRect();
          return { right, height, isCut: one.scrollWidth > one.clientWidth + 1 };
        }),
      );
    for (const { right, height, isCut } of buttons) {
      expect(right).toBeLessThanOrEqual(360);
      expect(height).toBeLessThanOrEqual(40);
      expect(isCut).toBe(false);
    }
  });
});
