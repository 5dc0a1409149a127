import { describe, expect, it } from 'vitest';
import { PlotError } from '../../../src/errors';
import { curves } from '../../../src/lab/plot';
import { named } from './examples';

describe('curves', () => {
  it('draws few points large and clouds of points small', () => {
    const count = (n: number) => Array.from({ length: n }, (_, i) => i);
    const sizes = [2, 12, 13].map((n) => {
      const { data } = curves([{ name: 'data', y: count(n), mode: 'markers' }]);
      return (data[0]!.marker as { size: number }).size;
    });
    expect(sizes).toEqual([10, 10, 6]);
  });

  it('numbers the steps from 0, and leaves gaps for undrawable values', () => {
    const figure = curves([{ name: 'loss', y: [4, Number.NaN, 1, 0] }], { yLog: true });
    expect([figure.data[0]!.x, figure.data[0]!.y]).toEqual([
      [0, 1, 2, 3],
      [4, null, 1, null],
    ]);
    expect(figure.description).toBe(
      'Curves. x runs from 0 to 3; y from 0.933 to 4.287, logarithmic. “loss” has 4 points, from 4 (at 0) to ' +
        '1 (at 2), lowest 1 (at 2), highest 4 (at 0); 2 cannot be drawn and leave gaps.',
    );
    expect(figure.layout.showlegend).toBe(false);
  });

  it('names the first of the positions with the same label, whatever their last digits', () => {
    const last = curves([{ name: 'hits', y: [0.5, 1 - 1e-9, 0.25 + 1e-12, 1, 0.25] }]).description;
    const first = curves([{ name: 'hits', y: [0.5, 1, 0.25, 1 - 1e-9, 0.25 + 1e-12] }]).description;
    expect(last).toContain('lowest 0.25 (at 2), highest 1 (at 1)');
    expect(first).toBe(last);
  });

  it('names a hidden series in the legend only', () => {
    const { data } = curves([
      { name: 'shown', y: [1, 2] },
      { name: 'hidden', y: [2, 1], hidden: true },
    ]);
    expect(data.map(({ visible, showlegend }) => [visible, showlegend])).toEqual([
      [undefined, true],
      ['legendonly', true],
    ]);
  });

  it('marks a position on a line with a dot of its colour, within the shown range', () => {
    const lines = [
      { name: 'slow', y: [4, 2] },
      { name: 'fast', y: [4, 1], dot: [3, 0.5] as const },
    ];
    const { data, layout, description } = curves(lines);
    expect(data.map(({ name, mode, showlegend }) => [name, mode, showlegend])).toEqual([
      ['slow', 'lines', true],
      ['fast', 'lines', true],
      ['fast', 'markers', false],
    ]);
    expect([data[2]!.x, data[2]!.y]).toEqual([[3], [0.5]]);
    expect((data[2]!.marker as { color: string }).color).toBe((data[1]!.line as { color: string }).color);
    expect((layout.xaxis as { range: number[] }).range[1]).toBeGreaterThanOrEqual(3);
    expect(description).toContain('A dot marks 0.5 (at 3).');
    expect(() => curves([{ name: 'one', y: [1, 2], dot: [1] as unknown as [number, number] }])).toThrow(
      'series “one”: dot needs [x, y], got [1]',
    );
  });

  it('gives each series a distinct colour and line style', () => {
    const many = Array.from({ length: 6 }, (_, i) => ({ name: `run ${i}`, y: [i, i + 1] }));
    const styles = curves(many).data.map(({ line }) => line as { color: string; dash: string });
    expect(new Set(styles.map(({ color }) => color)).size).toBe(6);
    expect(new Set(styles.map(({ dash }) => dash)).size).toBe(6);
  });

  it('shows everything: series, bands around them, reference lines and bands', () => {
    const figure = curves([{ name: 'run', x: [1, 2], y: [5, 6], lower: [4, 4], upper: [7, 9] }], {
      lines: [
        { name: 'limit', y: 12 },
        { name: 'start', x: 0.5 },
      ],
      bands: [{ name: 'stable', x: [1, 1.5] }],
      xLabel: 'step',
      yLabel: 'loss',
    });
    expect((figure.layout.xaxis as { range: number[] }).range).toEqual([0.5, 2]);
    expect((figure.layout.yaxis as { range: number[] }).range).toEqual([3.6, 12.4]);
    expect(named(figure, 'limit')).toMatchObject({ x: [0.5, 2], y: [12, 12] });
    expect(named(figure, 'start')).toMatchObject({ x: [0.5, 0.5], y: [3.6, 12.4] });
    expect(named(figure, 'stable')).toMatchObject({ fill: 'toself', x: [1, 1.5, 1.5, 1], y: [3.6, 3.6, 12.4, 12.4] });
    expect(named(figure, 'run, range')).toMatchObject({ x: [1, 2, 2, 1], y: [7, 9, 4, 4] });
    expect(figure.description).toContain(
      'Line “limit” at loss 12. Line “start” at step 0.5. Band “stable” over step 1 to 1.5.',
    );
  });

  it('gives log axes their ranges in powers of ten', () => {
    const { layout } = curves([{ name: 'run', x: [1, 100], y: [1, 2] }], { xLog: true, yRange: [0, 3] });
    expect(layout.xaxis).toMatchObject({ type: 'log', range: [0, 2] });
    expect(layout.yaxis).toMatchObject({ range: [0, 3] });
    const tick = (lowest: number) =>
      (curves([{ name: 'run', y: [lowest, 1] }], { yLog: true }).layout.yaxis as { dtick?: number }).dtick;
    expect([tick(0.5), tick(1e-4), tick(1e-30)]).toEqual([undefined, 1, 5]);
  });

  it('rejects invalid input', () => {
    const cases: [() => unknown, RegExp][] = [
      [() => curves([]), /at least one series/],
      [() => curves([{ name: 'a', y: [] }]), /series “a” has no values/],
      [() => curves([{ name: 'a', y: [1, 2], x: [1] }]), /x has 1 values, y has 2/],
      [() => curves([{ name: 'a', y: [1], lower: [0] }]), /needs both lower and upper/],
      [() => curves([{ name: 'a', y: [0, -1] }], { yLog: true }), /y has no positive finite value/],
      [() => curves([{ name: 'a', y: ['1'] as never }]), /series “a”: y: expected a list of numbers/],
      [() => curves([{ name: 'a', y: [1] }], { lines: [{ name: 'b' }] }), /line “b” needs either x or y/],
      [
        () => curves([{ name: 'a', y: [1] }], { bands: [{ name: 'b', x: [0, 1], y: [0, 1] }] }),
        /band “b” needs either/,
      ],
      [() => curves([{ name: 'a', y: [1] }], { yRange: [2, 1] }), /yRange: expected \[smallest, largest\]/],
      [() => curves([{ name: 'a', y: [1] }], { yRange: [0, 1], yLog: true }), /log axis starts above 0/],
    ];
    for (const [draw, message] of cases) {
      expect(draw).toThrow(PlotError);
      expect(draw).toThrow(message);
    }
  });

  it('gives a series its fixed colour and line style, also for band and dot', () => {
    const own = {
      name: 'own',
      y: [1, 2],
      lower: [0, 1],
      upper: [2, 3],
      color: '#123456',
      dash: 'dashdot',
      dot: [1, 2],
    } as const;
    const { data } = curves([{ name: 'other', y: [2, 1] }, own]);
    const looks = data.map(({ line, marker, fillcolor }) => ({
      ...(line as object),
      ...(marker as object),
      fillcolor,
    }));
    expect(looks.filter(({ fillcolor }) => fillcolor)).toMatchObject([{ fillcolor: '#12345633' }]);
    expect(data.filter(({ name }) => name === 'own').map(({ line, marker }) => line ?? marker)).toMatchObject([
      { color: '#123456', dash: 'dashdot' },
      { color: '#123456' },
    ]);
    expect(data.find(({ name }) => name === 'other')!.line).toMatchObject({ color: '#D55E00', dash: 'solid' });
  });
});

it('draws a circle round if units are equal', () => {
  const circle = [{ name: 'ring', x: [1, 0, -1, 0, 1], y: [0, 1, 0, -1, 0] }];
  const { xaxis, yaxis } = curves(circle, { equalAspect: true }).layout as Record<string, Record<string, unknown>>;
  expect(yaxis).toMatchObject({ scaleanchor: 'x', scaleratio: 1 });
  expect(xaxis).toMatchObject({ constrain: 'domain' });
  expect((curves(circle).layout.yaxis as object) ?? {}).not.toHaveProperty('scaleanchor');
});

it('writes names at the ends of lines, in their colours and without a legend, also if a line leaves the picture', () => {
  const figure = curves(
    [
      { name: 'flat', y: [1, 1, 1] },
      { name: 'steep', y: [1, 10, 1000] },
    ],
    { yLog: true, yRange: [0.1, 100], namesAtEnds: true },
  );
  const names = figure.data.filter(({ mode }) => mode === 'text');
  expect(names.map(({ x, y, text, textposition }) => [x, y, text, textposition])).toEqual([
    [[2], [1], ['\u00a0flat'], 'middle right'],
    [[1], [10], ['steep'], 'top center'],
  ]);
  const colour = (name: string) => (figure.data.find((trace) => trace.name === name)!.line as { color: string }).color;
  expect(names.map(({ textfont }) => (textfont as { color: string }).color)).toEqual([colour('flat'), colour('steep')]);
  expect(figure.layout.showlegend).toBe(false);
});
