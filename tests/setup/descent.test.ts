import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { plot } from '../../src/lab';
import { covered } from '../../src/lab/notebook/ask';
import { type Prediction, PredictionCard } from '../../src/lab/notebook/predict';
import { descend, namedGrounds } from '../../src/lab/plot/descent-path';
import { describeInChromium } from '../support/browsers';
import type { Bench } from '../support/figure-bench';
import { frames, holdClock } from '../support/held-clock';
import { useBench } from '../support/use-bench';

declare const bench: Bench;

/** The element of a descent. */
interface Live extends HTMLElement {
  gradlabPlayer: { path: [number, number][]; start: [number, number]; at: number; rate: number; painted: number };
  _fullLayout: { scene: { camera: { eye: { x: number; y: number; z: number } } } };
}

const figure = plot.descent({
  loss: {
    rows: [
      [1, 1],
      [3, 1],
    ],
    targets: [2, 4],
  },
  start: [5, 9],
  rate: 0.04,
  top: 1100,
  still: { rate: 0.08, step: 60 },
});

describeInChromium('a descent in a page', () => {
  const own = useBench({ width: 1280, height: 800 });
  const { problems } = own;
  let page: Page;
  beforeEach(() => {
    page = own.page;
  });

  const put = (shown: { mimeBundle(): object }) =>
    page.evaluate((data) => bench.put(data), JSON.parse(JSON.stringify(shown.mimeBundle())));
  const state = () =>
    page.evaluate(() => {
      const { path, start, at, rate } = (bench.figures[0]!.node as Live).gradlabPlayer;
      return { end: path.at(-1)!, steps: path.length - 1, start, at, rate };
    });
  const title = () => page.locator('.gradlab-descent > .title').textContent();
  const knob = (name: string) => page.getByRole('slider', { name, exact: true });
  const angle = () =>
    page.evaluate(() => {
      const { eye } = (bench.figures[0]!.node as Live)._fullLayout.scene.camera;
      return eye;
    });

  test('opens at step 0, and sliders update path, title and code immediately', async () => {
    await put(figure);
    expect(await title()).toBe('Step 0: the ball is at loss 544. Where is it after 60 steps with η = 0.04?');
    expect(await page.locator('.gradlab-descent .numbers').allTextContents()).toEqual([
      '// (144, 64)',
      '// (5, 9) → (−0.76, 6.44)',
    ]);
    await knob('step').fill('60');
    expect(await title()).toBe('η = 0.04, step 60: loss 0.42; down the slope, then slowly along the floor');
    await knob('learning rate η').focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    expect(await knob('learning rate η').getAttribute('aria-valuetext')).toBe('0.044');
    // The slider is logarithmic: 0.09 is at ln 45 / ln 50.
    await knob('learning rate η').fill((Math.log(45) / Math.log(50)).toFixed(3));
    await knob('step').fill('5');
    expect(await title()).toBe('η = 0.09, step 5: loss 1,365; each step lands higher, and it has left the picture');
    await knob('start w₁').fill('1');
    await knob('start w₂').fill('1');
    await knob('number of steps').fill('3');
    expect(await state()).toMatchObject({ start: [1, 1], end: [1, 1], steps: 3, at: 3 });
    expect(problems).toEqual([]);
  });

  test('with momentum: opens after all steps; β changes the path, title and code, and there is no camera', async () => {
    const options = { loss: 'valley', start: [-9, 1.8], rate: 0.038, beta: 0 } as const;
    await put(plot.descent({ ...options, domain: { x: [-10, 6], y: [-2.7, 2.7] } }));
    expect(await title()).toBe('β = 0, η = 0.038, step 60: loss 0.39; from wall to wall');
    expect(await knob('elevation').count()).toBe(0);
    expect((await state()).at).toBe(60);
    await knob('momentum β').fill('0.5');
    expect(await title()).toBe('β = 0.5, η = 0.038, step 60: loss 0.0014; from wall to wall');
    const path = descend(namedGrounds.valley, [-9, 1.8], 0.038, 60, 0.5);
    expect((await state()).end).toEqual(path.at(-1));
    await knob('step').fill('1');
    expect(await page.locator('.gradlab-descent .numbers').allTextContents()).toEqual([
      '// (−0.34, 3.42) → (−0.5, −1.37)',
      '// (−8.66, −1.62) → (−8.16, −0.25)',
    ]);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    expect(problems).toEqual([]);
  });

  test('fits a screen of 1280 × 800, and the surface fills its area', async () => {
    await put(figure);
    const { height, button } = await page.evaluate(() => {
      const { node } = bench.figures[0]!;
      const button = node.querySelector('.play > button')!.getBoundingClientRect();
      return { height: node.offsetHeight, button: button.bottom };
    });
    // A question below it fits as well.
    expect(height).toBeLessThanOrEqual(560);
    expect(button).toBeLessThan(800);
    // The fraction of the scene's rows with colours of the surface.
    const share = await page.evaluate(async () => {
      const canvas = bench.figures[0]!.node.querySelector<HTMLCanvasElement>('.gl-container canvas')!;
      const picture = document.createElement('canvas');
      [picture.width, picture.height] = [canvas.width, canvas.height];
      const { Plotly } = window as unknown as { Plotly: { toImage(node: Element, how: object): Promise<string> } };
      const { node } = bench.figures[0]!;
      const image = new Image();
      image.src = await Plotly.toImage(node, { format: 'png', width: node.offsetWidth, height: node.offsetHeight });
      await image.decode();
      [picture.width, picture.height] = [image.width, image.height];
      const pen = picture.getContext('2d')!;
      pen.drawImage(image, 0, 0);
      const width = Math.floor(image.width * 0.5);
      const { data } = pen.getImageData(0, 34, width, 356);
      let rows = 0;
      for (let y = 0; y < 356; y++)
        for (let x = 0; x < width; x++) {
          const [r, g, b] = data.subarray(4 * (y * width + x)) as unknown as [number, number, number];
          if (Math.max(r, g, b) - Math.min(r, g, b) < 30) continue;
          rows += 1;
          break;
        }
      return rows / 356;
    });
    expect(share).toBeGreaterThan(2 / 3);
  });

  test('plays to the last step without redrawing the surface or moving the camera', async () => {
    await put(figure);
    await knob('azimuth').fill('20');
    await knob('elevation').fill('60');
    await frames(page);
    const before = await angle();
    expect((Math.atan2(before.y + 0.03, before.x + 0.1) * 180) / Math.PI).toBeCloseTo(20, 3);
    const clock = await holdClock(page);
    const drawn = await page.evaluate(() => {
      const counted = { plots: 0 };
      Object.assign(window, { counted });
      (bench.figures[0]!.node as unknown as { on(event: string, act: () => void): void }).on('plotly_afterplot', () => {
        counted.plots += 1;
      });
      return (bench.figures[0]!.node as Live).gradlabPlayer.painted;
    });
    await page.getByRole('button', { name: 'play' }).click();
    await clock.pass(3000);
    const middle = (await state()).at;
    expect(middle).toBeGreaterThan(1);
    expect(middle).toBeLessThan(60);
    await clock.pass(10_000);
    await expect.poll(async () => (await state()).at).toBe(60);
    expect(await page.getByRole('button', { name: 'play' }).count()).toBe(1);
    const { painted, plots } = await page.evaluate(() => ({
      painted: (bench.figures[0]!.node as Live).gradlabPlayer.painted,
      plots: (window as unknown as { counted: { plots: number } }).counted.plots,
    }));
    expect(painted).toBeGreaterThan(drawn);
    expect(plots).toBe(0);
    expect(await angle()).toEqual(before);
    expect(problems).toEqual([]);
  });

  test('stops where the ball leaves the map', async () => {
    await put(figure);
    await knob('learning rate η').fill('1');
    const { path, rate } = await page.evaluate(() => {
      const { path, rate } = (bench.figures[0]!.node as Live).gradlabPlayer;
      return { path, rate };
    });
    expect(rate).toBe(0.1);
    const out = path.findIndex((at) => at.some((weight) => Math.abs(weight) > 10));
    expect(out).toBeLessThan(10);
    const clock = await holdClock(page);
    await page.getByRole('button', { name: 'play' }).click();
    await clock.pass(20_000);
    await expect.poll(async () => (await state()).at).toBe(out);
    await clock.release();
    // Again from the start.
    await page.getByRole('button', { name: 'play' }).click();
    await expect.poll(async () => (await state()).at).toBeLessThan(out);
    expect(problems).toEqual([]);
  });

  test('dragging on the map sets the start, and dragging the surface moves the angle sliders', async () => {
    await put(figure);
    const map = (await page.locator('.gradlab-descent > .hand').boundingBox())!;
    const spot = (w1: number, w2: number) =>
      [map.x + ((w1 + 10) / 20) * map.width, map.y + ((10 - w2) / 20) * map.height] as const;
    await page.mouse.move(...spot(5, 9));
    await page.mouse.down();
    await page.mouse.move(...spot(0, 0), { steps: 3 });
    await page.mouse.move(...spot(-4, 6), { steps: 3 });
    await page.mouse.up();
    expect((await state()).start).toEqual([-4, 6]);
    expect(await knob('start w₁').getAttribute('aria-valuetext')).toBe('−4');
    const scene = (await page.locator('.gl-container').boundingBox())!;
    const azimuth = () => knob('azimuth').inputValue();
    const was = await azimuth();
    await page.mouse.move(scene.x + 200, scene.y + 200);
    await page.mouse.down();
    await page.mouse.move(scene.x + 120, scene.y + 200, { steps: 5 });
    await page.mouse.up();
    await expect.poll(azimuth).not.toBe(was);
    const turned = await azimuth();
    await knob('step').fill('10');
    await frames(page);
    expect(await azimuth()).toBe(turned);
    expect(problems).toEqual([]);
  });

  const prediction: Prediction = {
    question: 'What does 0.09 do?',
    answers: [
      { text: 'It climbs', right: true, verdict: 'right', remark: 'It does.' },
      { text: 'It falls', right: false, verdict: 'wrong', remark: 'No.' },
    ],
    before: 'At η = 0.08 the ball arrives. And at 0.09?',
  } as unknown as Prediction;

  test('waits for an answer, which plays it to the deciding step', async () => {
    const states = { from: { rate: 0.08, step: 0 }, deciding: { rate: 0.09, step: 5 } };
    await put(covered('rate', prediction, figure, states));
    expect(await title()).toBe(prediction.before);
    expect(await state()).toMatchObject({ rate: 0.08, at: 0 });
    for (const name of ['step', 'learning rate η']) expect(await knob(name).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'play' }).isDisabled()).toBe(true);
    expect(await knob('azimuth').isDisabled()).toBe(false);
    await knob('start w₁').fill('2');
    await put(new PredictionCard('rate', prediction, undefined, 'ask'));
    const clock = await holdClock(page);
    await page.getByRole('button', { name: 'It climbs' }).click();
    await expect.poll(() => knob('step').isDisabled()).toBe(false);
    await clock.pass(1700);
    const { at, start } = await state();
    expect(start).toEqual([5, 9]);
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(5);
    await clock.pass(3000);
    await expect.poll(title).toBe('η = 0.09, step 5: loss 1,365; each step lands higher, and it has left the picture');
    expect(await state()).toMatchObject({ rate: 0.09, at: 5 });
    await page.getByRole('button', { name: 'ask me again' }).click();
    await expect.poll(title).toBe(prediction.before);
    expect(await state()).toMatchObject({ rate: 0.08, at: 0 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('button', { name: 'just show me' }).click();
    await expect.poll(async () => (await state()).at).toBe(5);
    expect(problems).toEqual([]);
  });

  test('fits 360 pixels without horizontal scrolling, and moves step by step with reduced motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 360, height: 800 });
    await put(figure);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const boxes = await page.evaluate(() =>
      [...bench.figures[0]!.node.querySelectorAll('.controls, pre, .knobs')].map(
        (one) => one.getBoundingClientRect().right,
      ),
    );
    expect(Math.max(...boxes)).toBeLessThanOrEqual(360);
    const { bottom, end } = await page.evaluate(() => {
      const { node } = bench.figures[0]!;
      const code = node.querySelector('pre')!.getBoundingClientRect();
      return { bottom: code.bottom, end: node.getBoundingClientRect().bottom };
    });
    expect(bottom).toBeLessThanOrEqual(end + 1);
    expect(await page.getByRole('button', { name: 'play' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'one step on' }).click();
    expect((await state()).at).toBe(1);
    expect(problems).toEqual([]);
  });
});
