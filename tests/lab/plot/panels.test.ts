import { describe, expect, it } from 'vitest';
import { PlotError } from '../../../src/errors';
import { contour, curves, type Figure, heatmap, panels, scatter, slider, surface } from '../../../src/lab/plot';
import { descent, loss, named } from './examples';

const line = (name: string, title?: string) =>
  curves(
    [
      { name, y: [1, 2, 3] },
      { name: 'other', y: [3, 2, 1] },
    ],
    { title },
  );
type Axis = { domain: [number, number]; anchor: string; scaleanchor?: string };
const axesOf = ({ layout }: { layout: object }) => layout as Record<string, Axis>;

describe('panels', () => {
  it('gives every figure separate axes, side by side in order, without overlap', () => {
    const figure = panels([line('a'), line('b'), line('c')]);
    const axes = axesOf(figure);
    const domains = ['xaxis', 'xaxis2', 'xaxis3'].map((key) => axes[key]!.domain);
    expect(domains.flat()).toEqual([...domains.flat()].sort((a, b) => a - b));
    const widths = domains.map(([from, to]) => to - from);
    for (const width of widths) expect(width).toBeCloseTo(widths[0]!, 3);
    expect([domains[0]![0], domains[2]![1]]).toEqual([0, 1]);
    expect(axes.yaxis3).toMatchObject({ domain: [0, 1], anchor: 'x3' });
    expect(figure.data.map(({ xaxis, yaxis }) => [xaxis, yaxis])).toEqual(
      ['', '', '2', '2', '3', '3'].map((n) => [`x${n}`, `y${n}`]),
    );
  });

  it('keeps the unit of both axes of a contour equal in its own panel', () => {
    const figure = panels([line('a'), contour(loss, { resolution: 11, zLabel: 'loss' })]);
    expect(axesOf(figure).yaxis2).toMatchObject({ scaleanchor: 'x2' });
    expect(named(figure, 'loss', 'contour')).toMatchObject({ showscale: false, xaxis: 'x2' });
  });

  it('leaves no space for numbers beside columns of photographs, and keeps them grey', () => {
    const photograph = heatmap({ z: [[0, 1]] }, { photograph: true });
    const marginOf = ({ layout }: Figure) => (layout.margin as { l: number }).l;
    const widthOf = (figure: Figure, key: string) => {
      const [from, to] = axesOf(figure)[key]!.domain;
      return to - from;
    };
    const [grey, numbered] = [photograph, line('a')].map((first) => panels([first, first, line('b')]));
    expect([grey!, numbered!].map(marginOf)).toEqual([16, 64]);
    for (const key of ['xaxis', 'xaxis2', 'xaxis3'])
      expect(widthOf(grey!, key)).toBeGreaterThan(1.1 * widthOf(numbered!, key));
    expect([grey!, numbered!].map(({ layout }) => (layout.meta as Record<string, unknown>).colourless)).toEqual([
      true,
      undefined,
    ]);
    // One numbered figure in the column, which needs the space.
    expect(marginOf(panels([photograph, line('a')], { columns: 1 }))).toBe(64);
  });

  it('names a series in several panels once', () => {
    const figure = panels([line('a'), line('a'), line('b')]);
    expect(figure.data.filter(({ showlegend }) => showlegend).map(({ name }) => name)).toEqual(['a', 'other', 'b']);
    expect(figure.data[2]!.legendgroup).toBe(figure.data[0]!.legendgroup);
  });

  it('names a path on a map and a line of its name and colour once', () => {
    const map = contour(loss, {
      resolution: 5,
      paths: [
        {
          name: 'way',
          points: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    });
    const { color } = named(map, 'way', 'scatter').line as { color: string };
    const names = (figure: Figure) => figure.data.filter(({ showlegend }) => showlegend).map(({ name }) => name);
    expect(
      names(
        panels([
          map,
          curves([
            { name: 'way', y: [1, 2], color },
            { name: 'other', y: [1, 2] },
          ]),
        ]),
      ),
    ).toEqual(['way', 'other']);
    // Another colour is another series.
    const other = curves([
      { name: 'way', y: [1, 2], color: '#0072B2' },
      { name: 'other', y: [1, 2] },
    ]);
    expect(names(panels([map, other]))).toEqual(['way', 'way', 'other']);
  });

  it('names arrows once, however many a panel has', () => {
    const arrow = { at: [0, 0], along: [1, 1] } as const;
    const one = (count: number) =>
      scatter([[0, 0]], { arrows: Array.from({ length: count }, () => arrow), arrowName: 'push' });
    const shown = panels([one(1), one(2), one(3)]).data.filter(({ name, showlegend }) => name === 'push' && showlegend);
    expect(shown).toHaveLength(1);
  });

  it('changes colour and dash of a name that would look like another in the legend', () => {
    const y = [1, 2, 3];
    const right = curves(
      [
        { name: 'b', y, lower: y, upper: y, dot: [1, 2] },
        { name: 'other', y },
      ],
      {},
    );
    const figure = panels([line('a'), right]);
    const looks = (name: string) =>
      figure.data.filter((trace) => trace.name === name).map((trace) => trace.line ?? trace.marker);
    expect(looks('a')).toMatchObject([{ color: '#D55E00', dash: 'solid' }]);
    expect(looks('b')).toMatchObject([{ color: '#009E73', dash: 'dot' }, { color: '#009E73' }]);
    expect(figure.data.find(({ name }) => name === 'b, range')).toMatchObject({ fillcolor: '#009E7333' });
    expect(looks('other')).toMatchObject([0, 1].map(() => ({ color: '#0072B2', dash: 'dash' })));
    expect(right.data.find(({ name, fill }) => name === 'b' && !fill)!.line).toMatchObject({ color: '#D55E00' });
  });

  it('keeps a given colour, in any order, and gives another series the next free one', () => {
    const own = curves(
      [
        { name: 'own', y: [1, 2], color: '#D55E00', dash: 'solid' },
        { name: 'more', y: [1, 2] },
      ],
      {},
    );
    const same = curves([
      { name: 'its square', y: [1, 4], color: '#D55E00', dash: 'solid' },
      { name: 'more', y: [1, 2] },
    ]);
    const colourIn = (figure: Figure, name: string) => figure.data.find((trace) => trace.name === name)!.line;
    for (const figure of [panels([line('a'), own, same]), panels([own, same, line('a')])]) {
      for (const name of ['own', 'its square']) expect(colourIn(figure, name)).toMatchObject({ color: '#D55E00' });
      expect(colourIn(figure, 'a')).not.toMatchObject({ color: '#D55E00' });
    }
    expect(JSON.stringify(own.data)).not.toContain('hasOwnColour');
  });

  it('breaks into rows, with columns of the given widths', () => {
    const axes = axesOf(panels([line('a'), line('b'), line('c')], { columns: 2, widths: [1, 3] }));
    const width = ({ domain }: Axis) => domain[1] - domain[0];
    expect(width(axes.xaxis2!) / width(axes.xaxis!)).toBeCloseTo(3, 2);
    expect(axes.yaxis3!.domain[1]).toBeLessThan(axes.yaxis!.domain[0]);
    expect(axes.xaxis3!.domain).toEqual(axes.xaxis!.domain);
  });

  it('gives the positions of panels on a narrow page: full width, one below the other', () => {
    const figure = panels([line('a'), surface(loss, { resolution: 5, title: 'Third' }), line('c')]);
    const { below, layout } = (figure.layout.meta as { narrow: { below: number; layout: Record<string, never> } })
      .narrow;
    expect(below).toBe(690);
    const four = panels([line('a'), line('b'), line('c'), line('d')], { columns: 4 });
    expect(four.layout.meta).toMatchObject({ narrow: { below: 880 } });
    expect(layout).toMatchObject({ xaxis: { domain: [0, 1] }, xaxis3: { domain: [0, 1] } });
    const parts = layout as unknown as {
      yaxis: Axis;
      scene2: { domain: { x: number[]; y: number[] } };
      yaxis3: Axis;
      height: number;
    };
    expect(parts.scene2.domain.x).toEqual([0, 1]);
    expect(parts.scene2.domain.y[1]).toBeLessThan(parts.yaxis.domain[0]);
    expect(parts.yaxis3.domain[1]).toBeLessThan(parts.scene2.domain.y[0]!);
    expect(parts.height).toBeGreaterThan(900);
    // Its title moves with it, by zero-height axes along the top.
    const { yaxis2 } = layout as unknown as { yaxis2: Axis };
    expect(yaxis2.domain[1]).toBeCloseTo(parts.scene2.domain.y[1]!, 6);
    expect(yaxis2.domain[1] - yaxis2.domain[0]).toBeLessThan(0.01);
  });

  it('writes the titles above their panels and the common one above all', () => {
    const figure = panels([line('a', 'Left one'), line('b'), line('c', 'Right one')], { title: 'Together' });
    expect(figure.layout.annotations).toMatchObject([
      { text: 'Left one', xref: 'x domain', yref: 'y domain', y: 1 },
      { text: 'Right one', xref: 'x3 domain' },
    ]);
    expect(figure.layout.title).toMatchObject({ text: 'Together' });
    expect(figure.description).toMatch(/^Together\. Panel 1: Curves: Left one\./);
  });

  it('is moved as one by a slider, which sends only changes', () => {
    const rates = [0.01, 0.02, 0.05];
    const figure = slider(rates, (lr) =>
      panels([
        contour(loss, { resolution: 21, paths: [{ points: descent(lr, 5), name: 'descent' }] }),
        curves(
          [
            { name: 'all rates', x: rates, y: [3, 2, 1] },
            { name: 'this', x: [lr], y: [1], mode: 'markers' },
          ],
          {
            xRange: [0, 0.06],
            yRange: [0, 4],
            title: `η = ${lr}`,
          },
        ),
      ]),
    );
    const changing = figure.frames[1]!.traces.map((k) => figure.data[k]!.name);
    expect(changing).toEqual(['descent', 'this']);
    expect(Object.keys(figure.frames[1]!.layout!)).toEqual(['annotations']);
    expect(figure.frames[1]!.data[0]!.x).toHaveLength(6);
  });

  it('rejects what it cannot lay out', () => {
    expect(() => panels([])).toThrow(PlotError);
    expect(() => panels([line('a')], { columns: 0 })).toThrow('whole number above 0, got 0');
    expect(() => panels([line('a'), line('b')], { widths: [1] })).toThrow('each of 2 columns');
    expect(() => panels([slider([1, 2], () => line('a'))])).toThrow('slider around the panels');
    expect(() => (panels as () => unknown)()).toThrow('panels: expected a list of figures, got undefined');
    expect(() => panels([{} as never])).toThrow('item 0 of the list is not a figure');
  });
});
