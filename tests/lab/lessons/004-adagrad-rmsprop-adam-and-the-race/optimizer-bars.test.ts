import { describe, expect, it } from 'vitest';
import { optimizerBars } from '../../../../src/lab/lessons/004-adagrad-rmsprop-adam-and-the-race';
import { racers } from '../../../../src/lab/races';

describe('optimizerBars', () => {
  const options = { title: 'Loss', label: 'loss', range: [0.001, 1] } as const;

  it('has a bar for each in its colour, within the range, and a dot for each run', () => {
    const figure = optimizerBars(['GD', 'Adam'], [0.01, 7], {
      ...options,
      runs: [
        [0.005, 0.02],
        [7, Number.NaN],
      ],
    });
    const [bars, dots] = figure.data;
    expect(bars!.x).toEqual([0.01, 1]);
    const colors = racers().map(({ color }) => color);
    expect((bars!.marker as { color: string[] }).color).toEqual([colors[0], colors[5]]);
    const { ticktext, tickvals } = figure.layout.yaxis as { ticktext: string[]; tickvals: string[] };
    expect(tickvals).toEqual(['GD', 'Adam']);
    expect(ticktext).toEqual(['<b>GD</b><br>0.01', '<b>Adam</b><br>7']);
    expect(dots!.x).toEqual([0.005, 0.02, 1, 1]);
    expect(dots!.y).toEqual(['GD', 'GD', 'Adam', 'Adam']);
    expect(figure.description).toBe('Loss. loss: GD 0.01, Adam 7.');
  });

  it('labels diverging ones, and rejects unknown names', () => {
    const { layout } = optimizerBars(['GD'], [Number.POSITIVE_INFINITY], options);
    expect((layout.yaxis as { ticktext: string[] }).ticktext).toEqual(['<b>GD</b><br>diverges']);
    expect(() => optimizerBars(['AdaMax'], [1], options)).toThrow(/there is no optimizer “AdaMax”/);
    expect(() => optimizerBars(['GD'], [1, 2], options)).toThrow(/1 names and 2 values/);
  });
});
