import { describe, expect, it } from 'vitest';
import { darkChanges } from '../../../page/figure/dark';
import { settingAt, withSettingsRow } from '../../../page/figure/settings';
import { PlotError } from '../../../src/errors';
import { covered } from '../../../src/lab/notebook/ask';
import type { Prediction } from '../../../src/lab/notebook/predict';
import { activationLooks, confusion, curves, heatmap, settings, slider } from '../../../src/lab/plot';
import { oklab } from '../../../src/lab/plot/colors';
import type { Figure } from '../../../src/lab/plot/figure';

const line = (name: string, slope: number) =>
  curves([{ name, y: [0, slope, 2 * slope] }], { title: `${name} rises by ${slope}` });
const moved = (factor: number) => slider([1, 2, 3], (x) => line('loss', factor * x), { label: 'x' });
type Json = ReturnType<Figure['toJSON']>;
const asFigure = (json: Json) => json as unknown as Parameters<typeof settingAt>[0];

describe('plot.settings', () => {
  it('has the figures of the other settings beside the shown one', () => {
    const json = settings({ two: moved(1), eight: moved(10) }, { label: 'depth', open: 'eight' }).toJSON();
    expect(json.data[0]!.y).toEqual([0, 10, 20]);
    expect(json.frames).toHaveLength(3);
    const { meta } = json.layout as { meta: { settings: { names: string[]; open: number; figures: (Json | null)[] } } };
    expect(meta.settings).toMatchObject({ label: 'depth', names: ['two', 'eight'], open: 1 });
    expect(meta.settings.figures[1]).toBeNull();
    expect(meta.settings.figures[0]!.data[0]!.y).toEqual([0, 1, 2]);
    const other = settingAt(asFigure(json), 0);
    expect(other.data[0]!.y).toEqual([0, 1, 2]);
    expect(other.layout.meta.settings).toEqual(meta.settings);
    expect(settingAt(asFigure(json), 1)).toBe(json);
  });

  it('has 40 more pixels above for the buttons', () => {
    const json = asFigure(settings({ two: moved(1), eight: moved(10) }, { label: 'depth' }).toJSON());
    const { layout } = withSettingsRow(json);
    expect(layout.height - json.layout.height).toBe(40);
    expect(layout.margin.t - json.layout.margin.t).toBe(40);
    expect(layout.title.pad.t - json.layout.title.pad.t).toBe(40);
  });

  it('covers every setting in a question', () => {
    const prediction = { question: '?', answers: [], before: 'What will it do?' } as unknown as Prediction;
    const figure = settings({ two: moved(1), eight: moved(10) }, { label: 'depth' });
    const json = covered('depth', prediction, figure, { deciding: 3, hides: 'loss' }).toJSON();
    const other = settingAt(asFigure(json), 1);
    for (const { data, layout } of [json, other]) {
      expect(data[0]!.visible).toBe(false);
      expect((layout.title as { text: string }).text).toBe('What will it do?');
      expect((layout.meta as { lesson: object }).lesson).toMatchObject({ deciding: 2, hides: [0] });
    }
  });

  it.each([
    [() => settings({ two: moved(1) }, { label: 'depth' }), /at least two figures, got 1/],
    [() => settings({ a: moved(1), b: moved(2) }, { label: 'depth', open: 'c' }), /open must be one of a, b, got 'c'/],
    [() => settings({ a: moved(1), b: heatmap({ z: [[1, 2]] }) }, { label: 'depth' }), /same traces/],
  ])('rejects mismatched arguments', (make, message) => {
    expect(make).toThrow(PlotError);
    expect(make).toThrow(message);
  });
});

it('chips of a slider have a reading for each value, and one until a choice', () => {
  const figure = slider([1, 2], (x) => line('loss', x), {
    chips: [{ name: 'loss', reading: (x: number) => `${2 * x}`, covered: () => 'it rises' }],
  });
  expect((figure.layout.meta as { slider: object }).slider).toEqual({
    chips: [{ name: 'loss', readings: ['2', '4'], covered: ['it rises', 'it rises'] }],
  });
  expect(() => slider([1, 2], (x) => line('loss', x), { chips: [{ name: 'los', reading: () => '' }] })).toThrow(
    /no trace is called “los”, which a chip names/,
  );
});

/** Distances of colours from a page's, in OKLab × 100. */
function distances(scale: [number, string][], page: string) {
  const from = oklab(page);
  return scale.map(([, color]) => 100 * Math.hypot(...oklab(color).map((value, i) => value - from[i]!)));
}
const rises = (values: number[]) => values.every((value, i) => i === 0 || value > values[i - 1]!);

describe('on a dark page', () => {
  const table = confusion(
    [
      [90, 3],
      [0, 50],
    ],
    { classes: ['shirt', 'coat'] },
  );

  it("few is near to the page's colour and many far from it, as on a light one", () => {
    const { colorscale } = table.data[0] as unknown as { colorscale: [number, string][] };
    expect(rises(distances(colorscale, '#FFFFFF'))).toBe(true);
    const [[trace, path, value]] = darkChanges(table.data) as [[number, string, boolean]];
    expect([trace, path, value]).toEqual([0, 'reversescale', true]);
    for (const page of ['#15181C', '#111111']) expect(rises(distances([...colorscale].reverse(), page))).toBe(true);
  });

  it('signed scales, and maps with ink, stay', () => {
    const z = [
      [-1, 2],
      [1, 0],
    ];
    expect(darkChanges(heatmap({ z }, { diverging: true }).data)).toEqual([]);
    expect(darkChanges(heatmap({ z }, { pale: true }).data)).toEqual([]);
  });

  it('activation functions have dark-page colours', () => {
    const { color, dark, dash } = activationLooks.ReLU;
    const { data } = curves([{ name: 'ReLU', y: [0, 1], lower: [0, 0], upper: [1, 1], dot: [0, 0], color, dash }]);
    expect(darkChanges(data)).toEqual([
      [0, 'fillcolor', `${dark}33`],
      [1, 'line.color', dark],
      [2, 'marker.color', dark],
    ]);
  });

  it('activation functions contrast with the page, light and dark, by 3 : 1', () => {
    const light = (hex: string) => {
      const [r, g, b] = [1, 3, 5].map((i) => {
        const share = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      }) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    for (const { color, dark } of Object.values(activationLooks)) {
      expect(1.05 / (light(color) + 0.05)).toBeGreaterThanOrEqual(2.9);
      expect((light(dark) + 0.05) / (light('#15181C') + 0.05)).toBeGreaterThanOrEqual(3);
    }
  });
});
