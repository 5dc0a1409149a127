/**
 * Figures show only given labels: axes without a label have none, and axes of counters have ticks only at whole
 * numbers.
 */
import { afterAll, describe, expect, it } from 'vitest';
import {
  bars,
  confusion,
  contour,
  curves,
  dots,
  Figure,
  field,
  heatmap,
  histogram,
  histograms,
  type PlotlyJson,
  pairs,
  plotlyMimeType,
  scatter,
  slider,
  strip,
  surface,
} from '../../../src/lab/plot';
import { trainingDisplay } from '../../../src/lab/training-display';
import { frames } from '../../support/held-clock';
import { type Easel, openEasel } from './drawing';

const sine = Array.from({ length: 20 }, (_, i) => Math.sin(i / 3));
const bowl = (x: number, y: number) => x * x + y * y;

/** Titles of axes, of scenes' axes and of colour bars. */
function labelsOf({ data, layout }: Pick<Figure, 'data' | 'layout'>): string[] {
  type Titled = { title?: { text?: string } } | undefined;
  const axes = (of: object) =>
    Object.entries(of).flatMap(([key, axis]) => (/^[xyz]axis\d*$/.test(key) ? [axis as Titled] : []));
  const scenes = Object.entries(layout).flatMap(([key, scene]) =>
    /^scene\d*$/.test(key) ? axes(scene as object) : [],
  );
  const bars = data.map(({ colorbar }) => colorbar as Titled);
  return [...axes(layout), ...scenes, ...bars].flatMap((one) => one?.title?.text || []);
}

describe('labels', () => {
  const unlabelled: Record<string, () => Figure> = {
    curves: () => curves([{ name: 'y', y: sine }]),
    'curves with lines and bands': () =>
      curves([{ name: 'y', y: sine }], { lines: [{ name: 'one', y: 1 }], bands: [{ name: 'early', x: [0, 5] }] }),
    contour: () =>
      contour(bowl, {
        paths: [
          {
            points: [
              [1, 1],
              [0, 0],
            ],
          },
        ],
        marks: [{ at: [0, 0] }],
      }),
    surface: () =>
      surface(bowl, {
        paths: [
          {
            points: [
              [1, 1],
              [0, 0],
            ],
          },
        ],
        marks: [{ at: [0, 0] }],
      }),
    scatter: () =>
      scatter(
        [
          [1, 2],
          [3, 4],
        ],
        { lines: [{ weights: [1, 1] }] },
      ),
    heatmap: () =>
      heatmap({
        z: [
          [1, 2],
          [3, 4],
        ],
      }),
    histograms: () =>
      histograms([
        [1, 2, 2],
        [2, 3],
      ]),
    bars: () => bars([{ name: 'a', values: [1, 2] }]),
    dots: () => dots([1, 2, 3]),
    strip: () => strip([{ values: [1, 2, 6] }]),
    pairs: () => pairs([1, 2], [2, 1]),
    'field on a line': () => field([{ at: [0], along: [1] }], { domain: [-2, 2] }),
    'field in a plane': () => field([{ at: [[0, 0]], along: [[1, 0]] }], { domain: { x: [-2, 2], y: [-2, 2] } }),
  };

  it.each(Object.entries(unlabelled))('%s: has no label that was not given', (_, make) => {
    const figure = make();
    expect(labelsOf(figure)).toEqual([]);
    expect(JSON.stringify([figure.toJSON(), figure.description])).not.toMatch(
      /undefined|\bloss\b|w₁|x₁|\blayer\b|\bvalue\b/,
    );
  });

  it('a histogram names what it computes itself: densities, or counts', () => {
    expect(labelsOf(histogram([1, 2, 2]))).toEqual(['density']);
    expect(labelsOf(histogram([1, 2, 2], { density: false }))).toEqual(['count']);
  });

  it('a confusion matrix counts, and names what if that is given', () => {
    const matrix = [
      [3, 1],
      [0, 4],
    ];
    const place = 'row: truth, column: answer';
    expect(labelsOf(confusion(matrix, { classes: ['a', 'b'] }))).toEqual([place, 'count']);
    expect(labelsOf(confusion(matrix, { classes: ['a', 'b'], zLabel: 'pictures' }))).toEqual([place, 'pictures']);
  });

  it('given labels are shown, also in hover text and descriptions', () => {
    const figure = curves([{ name: 'y', y: sine }], { xLabel: 'angle', yLabel: 'sine' });
    expect(labelsOf(figure)).toEqual(['angle', 'sine']);
    expect(figure.data[0]!.hovertemplate).toBe('angle %{x}<br>sine %{y}<extra>y</extra>');
    expect(figure.description).toContain('angle runs from 0 to 19; sine from');
    expect(curves([{ name: 'y', y: sine }]).data[0]!.hovertemplate).toBe('x %{x}<br>y %{y}<extra>y</extra>');
    expect(labelsOf(surface(bowl, { xLabel: 'a', yLabel: 'b', zLabel: 'c' }))).toEqual(['a', 'b', 'c', 'c']);
  });
});

/** The figure that a training's display shows now. */
const shownBy = (display: ReturnType<typeof trainingDisplay>) =>
  new Figure(display.mimeBundle()[plotlyMimeType] as PlotlyJson);

describe('the display of a training', () => {
  it('has a panel for each quantity, with its name; validation is in the same panel', () => {
    const display = trainingDisplay({ total: 3 });
    display.update({ loss: 1, valLoss: 2, accuracy: 0.5, valAccuracy: 0.4 });
    display.update({ loss: 0.5, valLoss: 1.5, accuracy: 0.75, valAccuracy: 0.6 });
    display.end();
    const { data, layout } = shownBy(display);
    expect(data.map(({ name, xaxis, yaxis }) => [name, xaxis, yaxis])).toEqual([
      ['loss', 'x', 'y'],
      ['valLoss', 'x', 'y'],
      ['accuracy', 'x2', 'y2'],
      ['valAccuracy', 'x2', 'y2'],
    ]);
    expect(labelsOf({ data, layout })).toEqual(['epoch', 'loss', 'epoch', 'accuracy']);
  });

  it('has one panel for one quantity', () => {
    const display = trainingDisplay();
    display.update({ val_loss: 2, loss: 1 });
    display.end();
    const { data, layout } = shownBy(display);
    expect(data.map(({ name }) => name)).toEqual(['val_loss', 'loss']);
    expect(labelsOf({ data, layout })).toEqual(['epoch', 'loss']);
  });
});

const easel = await openEasel();
if (!easel) {
  if (process.env.CI) throw new Error('ticks were not looked at: no Chromium found');
  console.warn('Skipped: ticks were not looked at, no Chromium found');
}

describe.skipIf(!easel)('ticks of counters', () => {
  const { page, draw } = (easel ?? {}) as Easel;
  afterAll(() => easel?.close());

  const ticks = async (figure: Figure, side: 'x' | 'y' = 'x'): Promise<number[]> => {
    await draw(figure);
    await frames(page);
    const texts = await page.evaluate(
      (side) =>
        Array.from(
          document.querySelectorAll(`[class^="${side}"] > text, .${side}tick text`),
          (one) => one.textContent!,
        ),
      side,
    );
    return texts.map((text) => Number(text.replace('−', '-').replace(',', '')));
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 9, 12])('are whole after %i epochs', async (epochs) => {
    const display = trainingDisplay({ total: epochs });
    for (let i = 0; i < epochs; i++) display.update({ loss: 1 / (i + 1), accuracy: 1 - 1 / (i + 2) });
    display.end();
    const found = await ticks(shownBy(display));
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((tick) => !Number.isInteger(tick))).toEqual([]);
  });

  it('are whole if the positions are whole, and free otherwise', async () => {
    const few = await ticks(curves([{ name: 'y', y: [1, 2, 4] }]));
    expect(few).toEqual([0, 1, 2]);
    const between = await ticks(curves([{ name: 'y', x: [0, 0.5, 2], y: [1, 2, 4] }]));
    expect(between).toContain(0.5);
  });

  it('are whole in a slider, whose axis fits short and long curves', () => {
    const growing = (lengths: readonly number[]) =>
      slider(lengths, (length) => curves([{ name: 'y', y: sine.slice(0, length) }], { yRange: [-1, 1] }));
    const { layout, frames: states } = growing([3, 15]);
    expect(layout.xaxis).toMatchObject({ range: [0, 14] });
    expect(layout.xaxis).not.toHaveProperty('dtick');
    expect(states.every((state) => state.layout === undefined)).toBe(true);
    expect(growing([3, 4]).layout.xaxis).toMatchObject({ range: [0, 3], dtick: 1 });
  });

  it('are whole if a histogram counts', async () => {
    const found = await ticks(histogram([1, 2, 2, 3], { density: false, bins: 3 }), 'y');
    expect(found).toEqual([0, 1, 2]);
  });
});
