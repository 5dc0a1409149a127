import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { colourShare, LEAST_COLOUR } from '../../kernel-setup/figures/colour.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { tensor } from '../../src';
import { plot, races } from '../../src/lab';
import { faintLetters } from '../support/accessible';
import { describeInChromium } from '../support/browsers';
import { type Bench, site } from '../support/figure-bench';
import { frames, holdClock } from '../support/held-clock';
import { useBench } from '../support/use-bench';

const budget = 12;

/** A plotly axis, with its conversion to pixels. */
interface PlotlyAxis {
  _offset: number;
  d2p(value: number): number;
}

declare const bench: Bench;
declare const Plotly: {
  relayout(node: HTMLElement, change: object): Promise<void>;
  react(...args: unknown[]): Promise<void>;
  restyle(node: HTMLElement, change: object, traces: number[]): Promise<void>;
};

const line = { data: [{ type: 'scatter', x: [0, 1, 2], y: [2, 0, 1], line: { color: 'crimson', width: 8 } }] };
const surface = (i: number) => ({
  data: [{ type: 'surface', z: [0, 1, 2, 3].map((x) => [0, 1, 2, 3].map((y) => (x - 1.5) * (y - i / 5))) }],
  layout: {
    width: 260,
    height: 200,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    scene: { camera: { eye: { x: 1, y: 1, z: 2 } } },
  },
});

describeInChromium('the figure renderer in a page', () => {
  const own = useBench();
  const { problems, served } = own;
  let page: Page;
  beforeEach(() => {
    page = own.page;
  });

  const add = (figure: object) => page.evaluate((value) => bench.add(value), figure);
  const states = () => page.evaluate(() => bench.figures.map(({ node }) => node.dataset.state));
  const canvases = () => page.evaluate(() => document.querySelectorAll('canvas').length);

  test('turns a camera without comparing the whole figure, and redraws after other changes', async () => {
    const from = (z: number, i = 1) => {
      const figure = surface(i);
      return { ...figure, layout: { ...figure.layout, scene: { camera: { eye: { x: 1, y: 1, z } } } } };
    };
    await add(from(2));
    const update = (figure: object) =>
      page.evaluate(async (value) => {
        let reacted = 0;
        const { react } = Plotly;
        Plotly.react = (...args) => {
          reacted++;
          return react(...args);
        };
        await bench.update(0, [value]);
        Plotly.react = react;
        const { node } = bench.figures[0]!;
        const { data, layout } = node as unknown as { data: { z: number[][] }[]; layout: { scene: object } };
        return { reacted, scene: layout.scene, corner: data[0]!.z[0]![0] };
      }, figure);
    const eye = (z: number) => ({ camera: { eye: { x: 1, y: 1, z } } });
    expect(await update(from(1.5))).toMatchObject({ reacted: 0, scene: eye(1.5) });
    expect(await update(from(1.2, 5))).toMatchObject({ reacted: 1, scene: eye(1.2), corner: (0 - 1.5) * (0 - 1) });
    expect(await update(from(0.9, 5))).toMatchObject({ reacted: 0, scene: eye(0.9), corner: (0 - 1.5) * (0 - 1) });
    expect(await update(from(0.9, 2))).toMatchObject({ reacted: 1, corner: (0 - 1.5) * (0 - 2 / 5) });
  });

  test.each([
    ['at first: it is retried and drawn', 1],
    ['always: the figure reports it', 9],
  ])('a plotly that stalls %s', async (_, times) => {
    let held = 0;
    await page.route('**/plotly.min.js*', (route) =>
      ++held <= times
        ? undefined
        : route.fulfill({ path: path.join(paths.nodeModules, 'plotly.js-dist-min', 'plotly.min.js') }),
    );
    // The renderer's other parts are loaded before the clock jumps, or they would count as stalled.
    const parts = fs
      .readdirSync(path.join(paths.labExtension, 'static'))
      .filter((file) => /^(?!remoteEntry).*\.js$/.test(file));
    const addresses = JSON.stringify(parts.map((file) => `${site}/static/${file}`));
    await page.evaluate(`Promise.all(${addresses}.map((address) => import(address)))`);
    await page.clock.install();
    const added = add(line);
    await expect.poll(() => held).toBe(1);
    await page.clock.fastForward(30_000);
    await page.clock.fastForward(1000);
    await expect.poll(() => held).toBeGreaterThan(1);
    if (times > 1) await page.clock.fastForward(30_000);
    await added;
    expect(await states()).toEqual([times > 1 ? 'failed' : 'done']);
    if (times > 1)
      expect(await page.locator('.gradlab-plotly').innerText()).toMatch(
        /could not be drawn: plotly\.min\.js could not be loaded: no data arrived for 30 seconds.*Try again/,
      );
  });

  test('draws a figure at the default height, as wide as the page, and follows the page width', async () => {
    await add(line);
    expect(await states()).toEqual(['done']);
    const size = () =>
      page.evaluate(() => {
        const { width, height } = document.querySelector('.gradlab-plotly .main-svg')!.getBoundingClientRect();
        return [Math.round(width), Math.round(height), document.body.clientWidth];
      });
    const [width, height, whole] = await size();
    expect(height).toBe(450);
    expect(width).toBe(whole);
    await page.setViewportSize({ width: 700, height: 900 });
    await expect.poll(async () => (await size())[0]).toBe((await size())[2]);
    expect((await size())[0]).toBeLessThan(700);
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(problems).toEqual([]);
  });

  test('shrinks a graph if its nodes would touch, and enlarges it again if there is space', async () => {
    const [a, b, c] = [-0.4, 0.3, -0.2].map((value) => tensor(value, { requiresGrad: true }));
    const y = a!.mul(8).add(b!.mul(4)).add(c!.mul(2)).sub(0.9).square();
    const figure = plot.slider(
      [0, 1, 5],
      (at) => plot.tape(y, { names: { a: a!, b: b!, c: c! }, direction: 'backward', at }),
      {},
    );
    await add(JSON.parse(JSON.stringify(figure)));
    /**
     * The distance to the next node relative to its width, the overlap of labels in a row in pixels, and the labels of
     * a node.
     */
    const shown = () =>
      page.evaluate(() => {
        const { node } = bench.figures[0]!;
        const boxes = [...node.querySelectorAll('.point')].map((point) => point.getBoundingClientRect());
        const nodes = boxes.filter(({ width }) => width > 25);
        const sameRow = nodes.flatMap((one, i) =>
          nodes
            .slice(i + 1)
            .flatMap((other) => (Math.abs(one.top - other.top) < 2 ? [Math.abs(one.left - other.left)] : [])),
        );
        const words = [...node.querySelectorAll('.textpoint text')].filter(({ textContent }) => textContent!.trim());
        return { apart: Math.min(...sameRow) / nodes[0]!.width, size: Math.round(nodes[0]!.width), said: words.length };
      });
    const wide = await shown();
    expect(wide.size).toBeGreaterThan(44);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(async () => (await shown()).size).toBeLessThan(36);
    expect((await shown()).apart).toBeGreaterThan(1.2);
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    await expect.poll(async () => (await shown()).said).toBeGreaterThan(wide.said);
    expect((await shown()).size).toBeLessThan(36);
    await page.setViewportSize({ width: 1280, height: 900 });
    await expect.poll(async () => (await shown()).size).toBe(wide.size);
  });

  test('fits a narrow page and back, with its slider in the same place', async () => {
    const names = ['the first of the three paths', 'the second of the three paths', 'the third one'];
    const map = (k: number) =>
      plot.contour((x, y) => x * x + y * y, {
        domain: { x: [-8, 8], y: [-2, 2] },
        resolution: 9,
        paths: names.map((name, i) => ({
          name,
          points: [
            [-8, i - 1],
            [k, 0],
          ],
        })),
        title: `Three ways to the lowest place of a valley that is long, seen from above, for k = ${k}`,
      });
    await add(JSON.parse(JSON.stringify(plot.slider([1, 2, 3], map, { label: 'k', play: true }))));
    const shown = () =>
      page.evaluate(() => {
        const node = bench.figures[0]!.node as HTMLElement & { layout: Record<string, { text: string }> };
        const box = node.getBoundingClientRect();
        const isBeyond = ({ left, right }: DOMRect) => left < box.left - 1 || right > box.left + innerWidth;
        const texts = [...node.querySelectorAll('.infolayer text')];
        const plain = node.layout as unknown as { width?: number; height: number };
        return {
          title: node.layout.title!.text,
          active: Number(node.querySelector<HTMLInputElement>('.gradlab-player input')!.value),
          height: plain.height,
          bar: (node as unknown as { data: { colorbar: { orientation?: string } }[] }).data[0]!.colorbar.orientation,
          cut: texts.filter((text) => isBeyond(text.getBoundingClientRect())).map(({ textContent }) => textContent),
          drawn: Math.round(node.querySelector('.main-svg')!.getBoundingClientRect().width),
        };
      });
    const wide = await shown();
    const width = wide.drawn;
    expect(width).toBeGreaterThan(360);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(async () => (await shown()).drawn).toBeLessThanOrEqual(360);
    await expect.poll(async () => (await shown()).cut).toEqual([]);
    const narrow = await shown();
    expect(narrow).toMatchObject({ bar: 'h', active: 0 });
    expect(narrow.title.split('<br>').length).toBeGreaterThan(wide.title.split('<br>').length);
    await page.getByRole('slider', { name: 'k' }).focus();
    await page.keyboard.press('End');
    await expect.poll(async () => (await shown()).title).toBe(narrow.title.replace('k = 1', 'k = 3'));
    await page.setViewportSize({ width: 1280, height: 900 });
    await expect.poll(async () => (await shown()).drawn).toBe(width);
    await expect.poll(async () => (await shown()).title).toBe(wide.title.replace('k = 1', 'k = 3'));
    expect(await shown()).toMatchObject({ active: 2, height: wide.height });
    await page.keyboard.press('Home');
    await expect.poll(async () => (await shown()).title).toBe(wide.title);
    expect(problems).toEqual([]);
  });

  test('keeps the names of panels above the slider if they need many rows', async () => {
    const names = Array.from({ length: 11 }, (_, i) => `name ${i}`);
    const half = (from: number, to: number, k: number) =>
      plot.curves(names.slice(from, to).map((name, i) => ({ name, x: [0, 1], y: [i, k] })));
    const both = (k: number) => plot.panels([half(0, 5, k), half(5, 11, k)], { height: 200 });
    const places = () =>
      page.evaluate(() => {
        const node = bench.figures[0]!.node;
        const ends = [...node.querySelectorAll('.legend .traces')].map((one) => one.getBoundingClientRect().bottom);
        return { rows: new Set(ends.map(Math.round)).size, end: Math.max(...ends), player: playerTop(node) };
        function playerTop(inside: Element) {
          return inside.querySelector('.gradlab-player')!.getBoundingClientRect().top;
        }
      });
    await page.setViewportSize({ width: 360, height: 740 });
    await add(JSON.parse(JSON.stringify(plot.slider([1, 2], both, { label: 'k' }))));
    await expect.poll(async () => (await places()).rows).toBeGreaterThan(3);
    const { end, player } = await places();
    expect(end).toBeLessThanOrEqual(player);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('gives black lines the text colour in a legend, and keeps their colour on the map', async () => {
    await page.addStyleTag({ content: 'body { --jp-content-font-color1: rgb(250, 240, 230) }' });
    const bowl = plot.contour((x, y) => x * x + y * y, {
      domain: { x: [-1, 1], y: [-1, 1] },
      rays: [
        [
          [0, 0],
          [1, 1],
        ],
      ],
    });
    const { data, layout } = bowl;
    await add({ data, layout });
    const strokes = (selector: string) =>
      page
        .locator(selector)
        .evaluateAll((paths) => paths.map((one) => getComputedStyle(one).stroke).filter((color) => color !== 'none'));
    expect(await strokes('.legendlines path')).toEqual(['rgb(250, 240, 230)']);
    expect(await strokes('.scatterlayer .lines path')).toContain('rgb(43, 43, 43)');
  });

  test('has letters that contrast with the paint below them, and with switched-off traces', async () => {
    const white = { color: '#ffffff' };
    const bars = { type: 'bar', x: ['a', 'b'], y: [2, 3], text: ['some', 'more'], textposition: 'inside' };
    const [orange, blue] = ['#D55E00', '#0072B2'].map((color) => ({
      ...bars,
      marker: { color },
      insidetextfont: white,
    }));
    const box = { type: 'rect', xref: 'paper', yref: 'paper', x0: 0, x1: 0.2, y0: 0.8, y1: 1, fillcolor: '#009E73' };
    const note = { text: 'on green', xref: 'paper', yref: 'paper', x: 0.1, y: 0.9, showarrow: false, font: white };
    await add({
      data: [
        { ...orange, name: 'orange' },
        { ...blue, name: 'blue' },
        { ...bars, name: 'off', visible: 'legendonly' },
      ],
      layout: { font: { color: '#444444' }, shapes: [box], annotations: [note], width: 700, height: 300 },
    });
    expect(await faintLetters(page)).toEqual([]);
    const letters = (selector: string) =>
      page.locator(selector).evaluateAll((all) => all.map((one) => (one as unknown as SVGElement).style.fill));
    // White contrasts with blue, and stays.
    const [dark] = await letters('.bartext');
    expect(await letters('.bartext')).toEqual([dark, dark, 'rgb(255, 255, 255)', 'rgb(255, 255, 255)']);
    const [, , off] = await letters('.legendtext');
    expect(await letters('.legendtext')).toEqual(['rgb(68, 68, 68)', 'rgb(68, 68, 68)', off]);
    expect(off).not.toBe('rgb(68, 68, 68)');
    await page.evaluate(() => Plotly.restyle(bench.figures[0]!.node, { visible: true }, [2]));
    expect(await letters('.legendtext')).toEqual(Array(3).fill('rgb(68, 68, 68)'));
    expect(await faintLetters(page)).toEqual([]);
  });

  test('applies an update to the existing plot, and keeps a turned camera unless the update moves it', async () => {
    const state = () =>
      page.evaluate(() => {
        const node = bench.figures[0]!.node as HTMLElement & {
          data: { z: number[][] }[];
          layout: { scene: { camera: { eye: { x: number } } } };
        };
        const mark = node.querySelector('canvas')!.dataset.mark;
        return { mark, z: node.data[0]!.z[0]![0], x: node.layout.scene.camera.eye.x, state: node.dataset.state };
      });
    const update = (...figures: object[]) => page.evaluate((all) => bench.update(0, all), figures);
    await add(surface(0));
    await page.evaluate(async () => {
      const { node } = bench.figures[0]!;
      node.querySelector('canvas')!.dataset.mark = 'first';
      await Plotly.relayout(node, { 'scene.camera.eye': { x: 2, y: 0, z: 1 } });
    });
    await update(surface(1), surface(2), surface(5));
    expect(await state()).toEqual({ mark: 'first', z: (0 - 1.5) * (0 - 1), x: 2, state: 'done' });
    const moved = surface(5);
    moved.layout.scene.camera.eye.x = 0.5;
    await update(moved);
    expect(await state()).toMatchObject({ mark: 'first', x: 0.5 });
    expect(await canvases()).toBe(1);
    expect(problems).toEqual([]);
  });

  test('redraws a figure that has become a picture when it is updated', async () => {
    for (let i = 0; i <= budget; i += 1) await add(surface(i));
    const picture = (await states()).indexOf('frozen');
    expect(picture).toBeGreaterThanOrEqual(0);
    await page.evaluate(([at, figure]) => bench.update(at, [figure]), [picture, surface(3)] as const);
    expect((await states())[picture]).toBe('done');
    expect((await states()).filter((state) => state === 'frozen')).toHaveLength(1);
    const images = (at: number) => bench.figures[at]!.node.querySelectorAll('img').length;
    expect(await page.evaluate(images, picture)).toBe(0);
    expect(problems).toEqual([]);
  });

  test('keeps every surface visible, at most twelve of them live, and activates one under the pointer', async () => {
    const count = budget + 3;
    const turned = (i: number) => ({ x: 0.5 + i / 10, y: 2, z: 0.7 });
    for (let i = 0; i < count; i += 1) {
      await add(surface(i));
      // The user turns each before it may freeze.
      const eye = turned(i);
      await page.evaluate(([place, to]) => Plotly.relayout(bench.figures[place]!.node, { 'scene.camera.eye': to }), [
        i,
        eye,
      ] as const);
    }
    const after = await states();
    expect(after.filter((state) => state === 'frozen').length).toBeGreaterThanOrEqual(3);
    expect(after.at(-1)).toBe('done');
    expect(new Set(after)).toEqual(new Set(['done', 'frozen']));
    expect(await canvases()).toBeLessThanOrEqual(budget);

    const frozen = after.indexOf('frozen');
    const picture = page.locator('.gradlab-plotly').nth(frozen).locator('img');
    const source = (await picture.getAttribute('src'))!;
    expect(await page.evaluate(colourShare, source)).toBeGreaterThan(LEAST_COLOUR);

    await page.mouse.move(0, 0);
    await picture.hover();
    await expect.poll(async () => (await states())[frozen]).toBe('done');
    expect(await canvases()).toBeLessThanOrEqual(budget);
    const camera = (index: number) =>
      page.evaluate((i) => {
        const node = bench.figures[i]!.node as unknown as { _fullLayout: { scene: { camera: { eye: object } } } };
        return node._fullLayout.scene.camera.eye;
      }, index);
    expect(await camera(frozen)).toEqual(turned(frozen));
    // By the keyboard, too, whose focus is then on the figure.
    const next = (await states()).indexOf('frozen');
    const asleep = page
      .locator('.gradlab-plotly')
      .nth(next)
      .getByRole('button', { name: /press Enter/ });
    await page.mouse.move(0, 0);
    await asleep.focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await states())[next]).toBe('done');
    const isAtCamera = () =>
      page.evaluate(
        (i) =>
          bench.figures[i]!.node.contains(document.activeElement) &&
          document.activeElement!.getAttribute('role') === 'application',
        next,
      );
    await expect.poll(isAtCamera).toBe(true);
    expect(await camera(next)).toEqual(turned(next));
    expect(problems).toEqual([]);
  });

  test('passes plotly the display options, and none that names a server, a link or a script', async () => {
    const config = {
      scrollZoom: true,
      displaylogo: true,
      modeBarButtonsToRemove: ['toImage'],
      plotlyServerURL: 'https://elsewhere.test',
      topojsonURL: 'https://elsewhere.test/',
      mapboxAccessToken: 'token',
      showLink: true,
      linkText: 'click',
      sendData: true,
      showSendToCloud: true,
      showEditInChartStudio: true,
      modeBarButtonsToAdd: ['v1hovermode'],
      logging: 2,
      noSuchOption: 1,
    };
    const given = () =>
      page.evaluate(() => (bench.figures.at(-1)!.node as unknown as { _context: Record<string, unknown> })._context);
    await add(line);
    const usual = await given();
    await add({ ...line, config });
    expect(await given()).toEqual({
      ...usual,
      scrollZoom: true,
      _scrollZoom: { cartesian: 1, geo: 1, gl3d: 1, map: 1 },
      displaylogo: true,
      modeBarButtonsToRemove: ['toImage'],
    });
    expect(usual).toMatchObject({ displaylogo: false, showSendToCloud: false });
    expect(await page.locator('.modebar-btn[data-title*="loud"]').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  describe('the controls of a figure', () => {
    const playing = plot.slider([1, 2, 3], (k) => plot.curves([{ name: 'wave', y: [0, k] }], { yRange: [0, 3] }), {
      label: 'height',
      play: true,
      format: (k) => `${k} m`,
    });
    const turning = plot.slider([0, 90], (azim) => plot.surface((x, y) => x * y, { resolution: 5, camera: { azim } }), {
      label: 'azim',
      format: (azim) => `${azim}°`,
    });
    const asJson = (figure: plot.Figure) => JSON.parse(JSON.stringify(figure));
    /** The state of the plot: its slider's step, the last number of its first trace, its camera. */
    const shown = () =>
      page.evaluate(() => {
        const { node } = bench.figures[0]!;
        const { data, layout } = node as unknown as {
          data: { y?: number[] }[];
          layout: { sliders?: { active: number }[]; scene?: { camera: { eye: { x: number } } } };
        };
        const range = node.querySelector<HTMLInputElement>('.gradlab-player input');
        const active = range ? Number(range.value) : layout.sliders![0]!.active;
        return { active, y: data[0]!.y?.at(-1), x: layout.scene?.camera.eye.x };
      });
    /** The state after a moment that is shorter than the time per value. */
    const afterAMoment = (clock: Awaited<ReturnType<typeof holdClock>>) => async () => {
      await clock.pass(100);
      return shown();
    };
    const slider = (name: string) => page.getByRole('slider', { name });
    const button = (name: string) => page.getByRole('button', { name, exact: true });

    test('have names and values, and can be used by the keyboard', async () => {
      await add(asJson(playing));
      const value = () => slider('height').getAttribute('aria-valuetext');
      expect(await value()).toBe('1 m');
      expect(await slider('height').getAttribute('max')).toBe('2');
      await slider('height').focus();
      for (const [key, y] of [
        ['ArrowRight', 2],
        ['End', 3],
        ['ArrowRight', 3],
        ['ArrowLeft', 2],
        ['Home', 1],
        ['PageUp', 2],
      ] as const) {
        await page.keyboard.press(key);
        await expect.poll(shown).toEqual({ active: y - 1, y });
        await expect.poll(value).toBe(`${y} m`);
      }
      await page.keyboard.press('a'); // not a key of sliders
      expect(await shown()).toEqual({ active: 1, y: 2 });
      expect(problems).toEqual([]);
    });

    test('turn a surface', async () => {
      await add(asJson(turning));
      const before = await shown();
      await slider('azim').focus();
      await page.keyboard.press('End');
      await expect.poll(async () => (await shown()).x).toBeCloseTo(0, 5);
      expect(before.x).toBeGreaterThan(0.5);
      expect(await slider('azim').getAttribute('aria-valuetext')).toBe('90°');
      expect(problems).toEqual([]);
    });

    test('have cameras that the keyboard turns and moves', async () => {
      await add(surface(0)); // seen from (1, 1, 2)
      const eye = () =>
        page.evaluate(() => {
          const { x, y, z } = (bench.figures[0]!.node as never as { layout: { scene: { camera: { eye: Eye } } } })
            .layout.scene.camera.eye;
          const degrees = (angle: number) => Math.round((angle * 180) / Math.PI);
          const far = Math.hypot(x, y, z);
          return [degrees(Math.atan2(y, x)), degrees(Math.asin(z / far)), Math.round(far * 100) / 100];
        });
      type Eye = { x: number; y: number; z: number };
      expect(await eye()).toEqual([45, 55, 2.45]);
      await page.getByRole('application', { name: /^Camera/ }).focus();
      for (const [key, seen] of [
        ['ArrowRight', [55, 55, 2.45]],
        ['ArrowLeft', [45, 55, 2.45]],
        ['ArrowUp', [45, 65, 2.45]],
        ['ArrowDown', [45, 55, 2.45]],
        ['+', [45, 55, 2.2]],
        ['-', [45, 55, 2.45]],
      ] as const) {
        await page.keyboard.press(key);
        await expect.poll(eye).toEqual(seen);
      }
      expect(problems).toEqual([]);
    });

    test('have legends that can be used by the keyboard', async () => {
      const traces = ['one', 'two', 'three'].map((name, i) => ({ type: 'scatter', name, y: [0, i + 1] }));
      await add({ data: traces, layout: { showlegend: true } });
      const visible = () =>
        page.evaluate(() =>
          (bench.figures[0]!.node as never as { _fullData: { visible: unknown }[] })._fullData.map(
            (one) => one.visible,
          ),
        );
      const stops = () => page.locator('.traces').evaluateAll((all) => all.map((one) => one.getAttribute('tabindex')));
      expect(await stops()).toEqual(['0', '-1', '-1']);
      await button('one').focus();
      await page.keyboard.press('ArrowDown');
      expect(await stops()).toEqual(['-1', '0', '-1']);
      await page.keyboard.press('Enter');
      await expect.poll(visible).toEqual([true, 'legendonly', true]);
      await expect.poll(() => button('two').getAttribute('aria-pressed')).toBe('false');
      // The focus is still there.
      await page.keyboard.press(' ');
      await expect.poll(visible).toEqual([true, true, true]);
      expect(problems).toEqual([]);
    });

    test('have letters that contrast with light and dark pages, and with the cells of a heatmap', async () => {
      const annotation = (text: string, more = {}) => ({ text, showarrow: false, font: { color: '#D55E00' }, ...more });
      const heatmap = {
        type: 'heatmap',
        z: [[0, 0.5, 1]],
        colorscale: [
          [0, '#FFFFFF'],
          [1, '#4A86BC'],
        ],
        texttemplate: '%{z}',
        xaxis: 'x2',
        yaxis: 'y2',
      };
      await add({
        data: [{ type: 'bar', y: [1] }, heatmap],
        layout: {
          meta: { theme: 'page' },
          paper_bgcolor: 'rgba(0,0,0,0)',
          plot_bgcolor: 'rgba(0,0,0,0)',
          xaxis: { domain: [0, 0.4] },
          xaxis2: { domain: [0.6, 1] },
          yaxis2: { anchor: 'x2' },
          annotations: [annotation('alone', { y: 1.1, yref: 'paper' }), annotation('framed', { bgcolor: '#FFF3C4' })],
        },
      });
      const colourOf = (text: string) =>
        page
          .locator('.annotation text, .heatmap-label text', { hasText: new RegExp(`^${text}$`) })
          .evaluate((node) => getComputedStyle(node).fill);
      const settled = async (text: string, colour: string) => expect.poll(() => colourOf(text)).toBe(colour);
      await settled('alone', 'rgb(192, 85, 0)');
      await settled('framed', 'rgb(181, 80, 0)');
      await settled('1', 'rgb(13, 13, 13)');
      await page.evaluate(() => {
        document.body.style.background = '#0072B2';
        document.body.dataset.jpThemeName = 'blue';
      });
      await settled('alone', 'rgb(251, 239, 230)');
      await settled('framed', 'rgb(181, 80, 0)');
    });

    test('play and pause by the keyboard', async () => {
      await add(asJson(playing));
      const clock = await holdClock(page);
      await button('play').focus();
      await page.keyboard.press('Enter');
      await expect.poll(afterAMoment(clock)).toEqual({ active: 1, y: 2 });
      expect(await slider('height').getAttribute('aria-valuetext')).toBe('2 m');
      await button('pause').focus();
      await page.keyboard.press(' ');
      await clock.pass(5000);
      expect(await shown()).toEqual({ active: 1, y: 2 });
      expect(problems).toEqual([]);
    });

    test('play from the shown value to the last one and stop there, at three speeds', async () => {
      await add(asJson(playing));
      const clock = await holdClock(page);
      /** Milliseconds from the press to the last value, in steps of 50. */
      const duration = async () => {
        await button('play').click();
        for (let passed = 0; passed < 20_000; passed += 50) {
          await clock.pass(50);
          if ((await button('play').count()) > 0) return passed;
        }
        return Number.NaN;
      };
      // Each of three values is shown for 700 milliseconds; from the last one it starts again.
      for (const [speed, milliseconds] of [
        ['1×', 2100],
        ['½×', 4200],
        ['2×', 1050],
      ] as const) {
        expect(await button(`speed ${speed}`).textContent()).toBe(speed);
        expect(Math.abs((await duration()) - milliseconds)).toBeLessThan(150);
        await expect.poll(shown).toEqual({ active: 2, y: 3 });
        await button(`speed ${speed}`).click();
      }
      expect(problems).toEqual([]);
    });

    test('fit a narrow page, keep their value when the figure changes, and wait on request', async () => {
      await page.setViewportSize({ width: 344, height: 800 });
      await add(asJson(playing));
      const row = page.locator('.gradlab-player');
      expect(await row.evaluate((node) => node.scrollWidth - node.clientWidth)).toBe(0);
      const [below, of] = [await row.boundingBox(), await page.locator('.xaxislayer-above').boundingBox()];
      expect(below!.y).toBeGreaterThan(of!.y + of!.height);
      await slider('height').focus();
      await page.keyboard.press('End');
      await expect.poll(shown).toEqual({ active: 2, y: 3 });
      const lower = plot.slider([2, 3], (k) => plot.curves([{ name: 'wave', y: [0, -k] }], { yRange: [-3, 0] }), {
        label: 'height',
        format: (k) => `${k} m`,
      });
      await page.evaluate((figure) => bench.update(0, [figure]), asJson(lower));
      await expect.poll(shown).toEqual({ active: 1, y: -3 });
      const wait = (isWaiting: boolean) =>
        page.evaluate((value) => {
          const { gradlabPlayer } = bench.figures[0]!.node as never as {
            gradlabPlayer: { setWaiting(is: boolean): void; frameOf: (i: number) => { data: object[] } };
          };
          gradlabPlayer.setWaiting(value);
          const { frameOf } = gradlabPlayer;
          // The plot may show something other than the figure's data.
          gradlabPlayer.frameOf = (i) => ({ ...frameOf(i), data: [{ y: [0, 7] }] });
        }, isWaiting);
      await wait(true);
      expect(await slider('height').isDisabled()).toBe(true);
      expect(await button('one step on').isDisabled()).toBe(true);
      await wait(false);
      await button('one step on').click();
      await expect.poll(shown).toEqual({ active: 0, y: 7 });
      expect(problems).toEqual([]);
    });

    test('show their current value even if plotly redraws meanwhile', async () => {
      await add(asJson(playing));
      const tries = await page.evaluateHandle(() => {
        const { animate } = Plotly as never as { animate(...args: unknown[]): Promise<void> };
        const counted = { count: 0 };
        // Plotly's result if another redraw comes before the frame.
        const interrupted = (...args: unknown[]) => (++counted.count <= 2 ? Promise.reject() : animate(...args));
        Object.assign(Plotly, { animate: interrupted });
        return counted;
      });
      await slider('height').focus();
      await page.keyboard.press('End');
      await expect.poll(shown).toEqual({ active: 2, y: 3 });
      expect(await tries.evaluate(({ count }) => count)).toBe(3);
      expect(problems).toEqual([]);
    });

    test('leave no rejection unhandled if the slider is moved meanwhile', async () => {
      await add(asJson(playing));
      const clock = await holdClock(page);
      await button('play').click();
      await expect.poll(afterAMoment(clock)).toEqual({ active: 1, y: 2 });
      await slider('height').focus();
      await page.keyboard.press('Home');
      await expect.poll(afterAMoment(clock)).toEqual({ active: 0, y: 1 });
      await clock.pass(5000);
      expect(await shown()).toEqual({ active: 0, y: 1 });
      expect(problems).toEqual([]);
    });

    test('advance one value per press with reduced motion, and never move by themselves', async () => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await add(asJson(playing));
      await page.emulateMedia({ reducedMotion: null });
      const clock = await holdClock(page);
      expect(await page.locator('.gradlab-player button:visible').allTextContents()).toEqual(['▸|']);
      for (const y of [2, 3, 1]) {
        await button('one step on').click();
        await expect.poll(shown).toEqual({ active: y - 1, y });
        await clock.pass(5000);
        expect(await shown()).toEqual({ active: y - 1, y });
      }
      expect(problems).toEqual([]);
    });
  });

  describe('a race', () => {
    const result = (steps: number) => races.race(races.landscapes.himmelblau(), races.racers().slice(0, 4), { steps });
    const asJson = (figure: plot.Figure) => JSON.parse(JSON.stringify(figure)) as object;
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const step = () => page.getByRole('slider', { name: 'step' }).inputValue().then(Number);
    /** Whether the canvas of the balls has a racer's colour at a position of the first map. */
    const isAt = (k: number, at: readonly [number, number]) =>
      page.evaluate(
        ([color, u, v]) => {
          const node = bench.figures[0]!.node as HTMLElement & { _fullLayout: Record<string, PlotlyAxis> };
          const { xaxis2: x, yaxis2: y } = node._fullLayout as Record<'xaxis2' | 'yaxis2', PlotlyAxis>;
          const canvas = node.querySelector<HTMLCanvasElement>('canvas.gradlab-race')!;
          const place = [x._offset + x.d2p(u), y._offset + y.d2p(v)].map(Math.round) as [number, number];
          const [r, g, b] = canvas.getContext('2d')!.getImageData(...place, 1, 1).data;
          return `#${[r, g, b].map((part) => part!.toString(16).padStart(2, '0')).join('')}` === color.toLowerCase();
        },
        [races.racers()[k]!.color!, ...at] as [string, number, number],
      );

    test('moves forwards and back through the steps, with all balls in place, in 2D and 3D', async () => {
      const { runs } = result(30);
      await add(asJson(plot.race(result(30))));
      expect(await step()).toBe(30);
      await button('reset').click();
      expect(await step()).toBe(0);
      for (let i = 0; i < 3; i++) await button('step +1').click();
      await button('step −1').click();
      expect(await step()).toBe(2);
      // Only AdaGrad is at that position.
      expect(await isAt(3, runs[3]!.path[2]!)).toBe(true);
      expect(await isAt(3, runs[3]!.path[30]!)).toBe(false);
      await page.getByRole('slider', { name: 'step' }).focus();
      await page.keyboard.press('End');
      expect(await step()).toBe(30);
      expect(await isAt(3, runs[3]!.path[30]!)).toBe(true);
      // A racer hidden in the legend is not visible.
      await page.evaluate(() => {
        const { node } = bench.figures[0]!;
        const { data } = node as HTMLElement & { data: { legendgroup?: string }[] };
        const own = data.flatMap(({ legendgroup }, i) => (legendgroup === 'AdaGrad' ? [i] : []));
        return Plotly.restyle(node, { visible: 'legendonly' }, own);
      });
      await expect.poll(() => isAt(3, runs[3]!.path[30]!)).toBe(false);
      expect(problems).toEqual([]);
    });

    test('labels the balls in 3D, without covering a ball or another label', async () => {
      await add(asJson(plot.race(result(30))));
      const names = await page.evaluate(async () => {
        const { prototype } = CanvasRenderingContext2D;
        const { fillText } = prototype;
        const drawn: { text: string; x: number; y: number; wide: number }[] = [];
        prototype.fillText = function (text, x, y) {
          drawn.push({ text, x, y, wide: this.measureText(text).width });
          fillText.call(this, text, x, y);
        };
        const { node } = bench.figures[0]!;
        await Plotly.relayout(node, { 'scene.camera.eye': { x: 0.1, y: -0.3, z: 1.8 } });
        await new Promise(requestAnimationFrame);
        prototype.fillText = fillText;
        const last = new Map(drawn.map((one) => [one.text, one]));
        return [...last.values()];
      });
      expect(names.length).toBeGreaterThanOrEqual(2);
      const racers = result(30).runs.map(({ racer }) => racer.name);
      for (const { text } of names) expect(racers).toContain(text);
      for (const [i, one] of names.entries())
        for (const other of names.slice(i + 1))
          expect(
            Math.abs(one.y - other.y) >= 19 || one.x + one.wide <= other.x + 1 || other.x + other.wide <= one.x + 1,
          ).toBe(true);
      expect(problems).toEqual([]);
    });

    test('follows the clock, pauses at the current step, and keeps a turned camera', async () => {
      await add(asJson(plot.race(result(200))));
      await page.evaluate(async () => {
        const { node } = bench.figures[0]!;
        await Plotly.relayout(node, { 'scene.camera.eye': { x: 0, y: -2, z: 1 } });
      });
      await button('reset').click();
      const clock = await holdClock(page);
      await button('play').click();
      await clock.pass(3000);
      const at = await step();
      expect(at).toBeGreaterThan(3);
      expect(at).toBeLessThan(200);
      await button('pause').click();
      await clock.pass(1000);
      expect(await step()).toBe(at);
      const eye = await page.evaluate(
        () =>
          (bench.figures[0]!.node as unknown as { layout: { scene: { camera: { eye: object } } } }).layout.scene.camera
            .eye,
      );
      expect(eye).toEqual({ x: 0, y: -2, z: 1 });
      expect(problems).toEqual([]);
    });

    test("begins at the figure's step; handle and text show the same step, also between two", async () => {
      const steps = [0, 12, 30];
      await add(asJson(plot.slider(steps, (at) => plot.race(result(30), { step: at }), { start: 1, play: true })));
      expect(await step()).toBe(12);
      const clock = await holdClock(page);
      await button('play').click();
      await clock.pass(1000);
      expect(await step()).toBeGreaterThan(13);
      const told = () =>
        page.evaluate(() => {
          const [slider, words] = ['input', 'input ~ span'].map((one) => bench.figures[0]!.node.querySelector(one)!);
          return [Number((slider as HTMLInputElement).value), Number(/\d+/.exec(words!.textContent!)![0])];
        });
      for (let i = 0; i < 12; i++) {
        const [handle, words] = await told();
        expect(handle).toBe(words);
        await clock.pass(40);
      }
      expect(problems).toEqual([]);
    });

    test('continues after a control changes it, and works without the slider of other pages', async () => {
      const played = plot.slider([0, 15, 30], (at) => plot.race(result(30), { step: at }), {
        play: true,
        label: 'step',
      });
      await add(asJson(played));
      expect(await page.locator('.slider-group, .updatemenu-button').count()).toBe(0);
      await button('reset').click();
      await button('step +1').click();
      const other = races.race(races.landscapes.himmelblau(), races.racers().slice(0, 4), {
        steps: 30,
        start: [1, 1],
      });
      await page.evaluate((figure) => bench.update(0, [figure]), asJson(plot.race(other)));
      expect(await step()).toBe(1);
      expect(await isAt(3, other.runs[3]!.path[1]!)).toBe(true);
      expect(problems).toEqual([]);
    });
  });

  test("is drawn after the page's message about its kernel, which starts in it", async () => {
    await page.evaluate(() => {
      Object.assign(window, {
        gradlabStarting: new Promise((resolve) => Object.assign(window, { kernelStarts: resolve })),
      });
    });
    const added = add(line);
    await expect.poll(states).toEqual(['new']);
    await frames(page);
    expect(await states()).toEqual(['new']);
    expect(await page.evaluate(() => 'Plotly' in window)).toBe(false);
    await page.evaluate(() => (window as unknown as { kernelStarts(): void }).kernelStarts());
    await added;
    expect(await states()).toEqual(['done']);
  });

  test('a closed figure releases its WebGL context', async () => {
    for (let i = 0; i < 2; i += 1) await add(surface(i));
    await page.evaluate(() => bench.figures[0]!.dispose());
    expect(await canvases()).toBe(await page.evaluate(() => bench.figures[1]!.node.querySelectorAll('canvas').length));
    expect(problems).toEqual([]);
  });

  test('reports a missing plotly.js, and retries at the next figure and on request', async () => {
    served.plotlyIsThere = false;
    await add(line);
    expect(await states()).toEqual(['failed']);
    expect(await page.locator('.gradlab-plotly').first().innerText()).toMatch(
      /could not be drawn: plotly\.min\.js .*`npm start`/,
    );
    served.plotlyIsThere = true;
    await add(line);
    expect(await states()).toEqual(['failed', 'done']);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(states).toEqual(['done', 'done']);
  });
});
