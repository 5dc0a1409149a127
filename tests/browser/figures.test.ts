// Figures on the page: they follow its theme, and panels stack if it is narrow; the user's changes stay.
import { beforeEach, expect, it } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { runAllCells, useTheme, waitForFigures } from '../support/lab-page.mjs';
import { reader } from '../support/reader';
import { useLab } from '../support/use-lab';

const cell = `import { plot } from 'gradlab/lab';
const bowl = (x: number, y: number) => x * x + 9 * y * y;
plot.slider([1, 2, 3], (k) => plot.panels([
  plot.contour(bowl, { resolution: 21, paths: [{ points: [[-8, 8], [0, k]], name: 'path' }], title: 'From above' }),
  plot.curves([{ name: 'loss', y: [9, k, 1] }], { yRange: [0, 10], title: 'Its loss' }),
  plot.surface(bowl, { resolution: 11, title: 'From the side' }),
]), { label: 'k' })`;

interface Shown {
  data: { name: string; y: number[] }[];
  _fullLayout: {
    font: { color: string };
    paper_bgcolor: string;
    xaxis2: { domain: number[]; gridcolor: string };
    yaxis2: { domain: number[] };
    scene3: { domain: { x: number[] }; xaxis: { gridcolor: string } };
  };
}

/** Brightness of a colour such as rgba(0, 0, 0, 0.87) on white or black, 0 to 255. */
function brightness(colour: string): number {
  const [r, g, b, a = 1] = colour.match(/[\d.]+/g)!.map(Number) as [number, number, number, number?];
  return ((r + g + b) / 3) * a;
}

describeInChromium('figures on the page', () => {
  const lab = useLab();

  /** The state of plotly's plot. */
  const state = () =>
    lab.page.evaluate(() => {
      const node = document.querySelector('.gradlab-plotly') as unknown as Shown & HTMLElement;
      const { font, paper_bgcolor: ground, xaxis2, yaxis2, scene3 } = node._fullLayout;
      return {
        text: font.color,
        ground,
        grid: xaxis2.gridcolor,
        wall: scene3.xaxis.gridcolor,
        heights: node.data.filter(({ name }) => name === 'loss').map(({ y }) => y?.[1]),
        active: Number(node.querySelector<HTMLInputElement>('.gradlab-player input')!.value),
        domains: [xaxis2.domain, yaxis2.domain, scene3.domain.x],
        height: node.offsetHeight,
        overhang: node.querySelector('.main-svg')!.getBoundingClientRect().width - node.offsetWidth,
      };
    });
  /** Moves the figure's slider to its last position. */
  const slideToEnd = async () => {
    const range = (await lab.page.locator('.gradlab-player input').boundingBox())!;
    await lab.page.mouse.click(range.x + range.width * 0.99, range.y + range.height / 2);
    await expect.poll(async () => (await state()).active).toBe(2);
  };

  beforeEach(async () => {
    const { page } = lab;
    lab.write('figures.ipynb', [cell, '1 + 1']);
    await lab.open('figures.ipynb');
    await useTheme(page, 'JupyterLab Light'); // JupyterLab keeps the theme for all pages
    await runAllCells(page);
    await waitForFigures(page, 1);
  });

  it('have dark text on a light page, light text on a dark one, and keep the positions of their sliders', async () => {
    expect(brightness((await state()).text)).toBeLessThan(120);
    expect((await state()).ground).toBe('rgba(0, 0, 0, 0)');
    await slideToEnd();
    // By the keyboard as well, without JupyterLab handling these keys: it would select another cell.
    const selected = () => lab.page.evaluate('window.jupyterapp.shell.currentWidget.content.activeCellIndex');
    await lab.page.getByRole('slider', { name: 'k' }).focus();
    const before = await selected();
    for (const active of [1, 0, 0]) {
      await lab.page.keyboard.press('ArrowDown');
      await expect.poll(async () => (await state()).active).toBe(active);
    }
    await lab.page.keyboard.press('End');
    await expect.poll(async () => (await state()).active).toBe(2);
    expect(await selected()).toBe(before);
    await useTheme(lab.page, 'JupyterLab Dark');
    await expect.poll(async () => brightness((await state()).text)).toBeGreaterThan(180);
    const dark = await state();
    expect(brightness(dark.grid)).toBeLessThan(140);
    expect(dark.active).toBe(2);
    expect(dark.heights).toContain(3);
    await reader(lab).shot('figures-dark');
    await useTheme(lab.page, 'JupyterLab Light');
    await expect.poll(async () => brightness((await state()).text)).toBeLessThan(120);
    await reader(lab).shot('figures-light');
    lab.expectNoProblems();
  });

  it('stack their panels if the page is narrow, and unstack them if it is not', async () => {
    await slideToEnd();
    const wide = await state();
    expect(wide.domains[0]![0]).toBeGreaterThan(0.2);
    await lab.page.setViewportSize({ width: 700, height: 900 });
    await expect.poll(async () => (await state()).domains[0]).toEqual([0, 1]);
    const narrow = await state();
    expect(narrow.domains[2]).toEqual([0, 1]);
    expect(narrow.domains[1]![1]).toBeLessThan(0.7);
    expect(narrow.height).toBeGreaterThan(2 * wide.height);
    expect(narrow.active).toBe(2);
    await expect.poll(async () => (await state()).overhang).toBeLessThanOrEqual(1);
    await reader(lab).shot('figures-narrow');
    await lab.page.setViewportSize({ width: 1280, height: 900 });
    await expect.poll(async () => (await state()).domains).toEqual(wide.domains);
    expect((await state()).height).toBe(wide.height);
    lab.expectNoProblems();
  });
});
