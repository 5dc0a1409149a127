import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { plot } from '../../src/lab';
import { covered } from '../../src/lab/notebook/ask';
import { type Prediction, PredictionCard } from '../../src/lab/notebook/predict';
import { groundOf, type Place } from '../../src/lab/plot/descent-path';
import { type RaceParts, runsOf } from '../../src/lab/plot/race-path';
import { describeInChromium } from '../support/browsers';
import type { Bench } from '../support/figure-bench';
import { useBench } from '../support/use-bench';

declare const bench: Bench;

interface Live extends HTMLElement {
  gradlabPlayer: { start: [number, number]; at: number };
}

const loss = {
  rows: [
    [Math.SQRT1_2, 0],
    [0, 5],
  ],
  targets: [0, 0],
} as const;
const rates = { GD: 0.0383, momentum: 0.00562, Nesterov: 0.0178, AdaGrad: 2, RMSprop: 0.0261, Adam: 0.0681 };
const figure = plot.liveRace({ loss, start: [3, 1.2], rates, steps: 80, top: 60 });

describeInChromium('a race in a page', () => {
  const own = useBench({ width: 1280, height: 800 });
  const { problems } = own;
  let page: Page;
  beforeEach(() => {
    page = own.page;
  });

  const put = (shown: { mimeBundle(): object }) =>
    page.evaluate((data) => bench.put(data), JSON.parse(JSON.stringify(shown.mimeBundle())));
  const title = () => page.locator('.gradlab-descent > .title').textContent();
  const lanes = () => page.locator('.gradlab-descent .lanes .words').allTextContents();
  const knob = (name: string) => page.getByRole('slider', { name, exact: true });

  test('opens at step 0; title and lanes follow the step, and a custom start changes the race', async () => {
    await put(figure);
    expect(await title()).toBe('Step 0: all on one spot, each at its own rate. Who is through first?');
    expect(await lanes()).toEqual(Array(6).fill('loss 40.5'));
    await knob('step').fill('5');
    expect(await title()).toBe('Step 5: AdaGrad was through first, after 5; nobody else is through yet');
    expect((await lanes())[3]).toBe('through after 5');
    await knob('step').fill('80');
    expect(await title()).toContain('5 of 6 are through');
    await knob('start w₁').fill('1');
    const { race } = figure.layout.meta as { race: RaceParts };
    const start: Place = [1, 1.2];
    const settled = runsOf(groundOf(loss), race, start).map((run) => run.settled);
    expect((await lanes())[0]).toBe(`through after ${settled[0]}`);
    expect(problems).toEqual([]);
  });

  test('dragging on the map sets the start, and returns to step 0', async () => {
    await put(figure);
    await knob('step').fill('20');
    const hand = (await page.locator('.gradlab-descent > .hand').boundingBox())!;
    const spot = (w1: number, w2: number): [number, number] => [
      hand.x + ((w1 + 4) / 8) * hand.width,
      hand.y + ((4 - w2) / 8) * hand.height,
    ];
    await page.mouse.move(...spot(3, 1.2));
    await page.mouse.down();
    await page.mouse.move(...spot(-2, 0.5), { steps: 3 });
    await page.mouse.up();
    const { start, at } = await page.evaluate(() => {
      const { start, at } = (bench.figures[0]!.node as Live).gradlabPlayer;
      return { start, at };
    });
    expect(start[0]).toBeCloseTo(-2, 1);
    expect(start[1]).toBeCloseTo(0.5, 1);
    expect(at).toBe(0);
    expect(problems).toEqual([]);
  });

  test('before an answer it shows no loss and does not play; figure and question fit 1280 × 800', async () => {
    const prediction: Prediction = {
      question: 'Who?',
      before: 'Who is through first?',
      answers: [
        { text: 'AdaGrad', remark: 'Yes.', right: true },
        { text: 'Adam', remark: 'No.' },
        { text: 'GD', remark: 'No.' },
      ],
    };
    await put(covered('first', prediction, figure, { from: { step: 0 }, deciding: { step: 5 } }));
    await put(new PredictionCard('first', prediction, undefined, 'ask'));
    expect(await title()).toBe('Who is through first?');
    expect(await lanes()).toEqual(Array(6).fill(''));
    expect(await knob('step').isDisabled()).toBe(true);
    expect(await page.evaluate(() => bench.figures[0]!.node.offsetHeight)).toBeLessThanOrEqual(580);
    expect(problems).toEqual([]);
  });
});
