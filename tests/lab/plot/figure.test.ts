import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { displaySymbol } from '../../../src/display';
import { PlotError } from '../../../src/errors';
import { contour, curves, Figure, type PlotlyLayout, plotlyMimeType, slider, surface } from '../../../src/lab/plot';
import { examples, loss, named, sizeOf } from './examples';

describe('Figure', () => {
  afterEach(() => {
    delete (globalThis as { __tslab__?: unknown }).__tslab__;
  });

  it('has plotly JSON and text', () => {
    const figure = surface(loss);
    const bundle = figure[displaySymbol]();
    expect(Object.keys(bundle)).toEqual([plotlyMimeType, 'text/plain']);
    expect(bundle[plotlyMimeType]).toEqual({ data: figure.data, layout: figure.layout });
    expect(bundle['text/plain']).toBe(figure.description);
    expect(inspect(figure)).toBe(figure.description);
  });

  it('tells users of stock tslab how to draw it', () => {
    (globalThis as { __tslab__?: unknown }).__tslab__ = {};
    expect(inspect(new Figure({}))).toBe('Figure. It is empty.\n(show(figure) draws it here.)');
  });

  it('gives names in a title the colour of their trace, in frames as well, and leaves products unchanged', () => {
    const lines = (k: number) =>
      curves(
        [
          { name: 'wave', y: [0, k], color: '#D55E00' },
          { name: 'ripple', y: [k, 0] },
        ],
        {
          title: `the *wave*, *no trace*, 2*k*x = ${k}`,
        },
      );
    const coloured = (k: number) =>
      `the <span style="color: #D55E00"><b>wave</b></span>, <b>no trace</b>, 2*k*x = ${k}`;
    const titleOf = (layout?: PlotlyLayout) => (layout!.title as { text: string }).text;
    expect(titleOf(lines(1).toJSON().layout)).toBe(coloured(1));
    expect(lines(1).description).toContain('the wave, no trace, 2*k*x = 1');
    const { layout, frames } = slider([1, 2], lines, { label: 'k' }).toJSON();
    expect(titleOf(layout)).toBe(coloured(1));
    expect(frames!.map((frame) => titleOf(frame.layout))).toEqual([coloured(1), coloured(2)]);
  });

  it('describes figures made from JSON', () => {
    const figure = new Figure({
      data: [{ type: 'bar', name: 'norms', y: [1, 2, 3] }, { type: 'pie' }],
      layout: { title: { text: 'Norms' } },
    });
    expect(figure.description).toBe('Figure: Norms. It shows bar “norms”, 3 points; pie.');
    expect(JSON.parse(JSON.stringify(figure))).toEqual({ data: figure.data, layout: figure.layout });
  });

  it('is JSON without undefined, in every example', () => {
    for (const [name, make] of Object.entries(examples)) {
      const json = make().toJSON();
      expect(JSON.parse(JSON.stringify(json)), name).toEqual(json);
    }
  });

  it('has titles on all axes, in the form that plotly 2 to 4 share', () => {
    for (const [name, make] of Object.entries(examples)) {
      const { layout, data } = make();
      // Axes of parallel coordinates have their names in the data.
      if (data.every(({ type }) => type === 'parcoords')) continue;
      const scene = layout.scene as PlotlyLayout | undefined;
      const axes = scene ? [scene.xaxis, scene.yaxis] : [layout.xaxis, layout.yaxis];
      // Category names explain an axis; a hidden one, or one with its neighbour's title, needs no title.
      type Axis = {
        title: { text: string };
        visible?: boolean;
        type?: string;
        showticklabels?: boolean;
        ticktext?: [];
      };
      for (const axis of axes as Axis[])
        if (axis.visible !== false && axis.type !== 'category' && axis.showticklabels !== false && !axis.ticktext)
          expect(axis.title.text, name).not.toBe('');
      if (layout.title !== undefined) expect(typeof (layout.title as { text: string }).text).toBe('string');
    }
  });
});

describe('slider', () => {
  const draw = (rate: number) =>
    curves(
      [
        { name: 'fixed', y: [1, 2] },
        { name: 'run', y: [1, rate] },
      ],
      { title: `r = ${rate}` },
    );

  it('stores only changes, and starts at the given value', () => {
    const figure = slider([1, 3, 9], draw, { label: 'rate', start: 1 });
    expect(named(figure, 'run').y).toEqual([1, 3]);
    expect(figure.frames.map(({ name, traces, data }) => [name, traces, data.map(({ y }) => y)])).toEqual([
      ['1', [1], [[1, 1]]],
      ['3', [1], [[1, 3]]],
      ['9', [1], [[1, 9]]],
    ]);
    expect(figure.frames[2]!.layout).toEqual({ title: expect.objectContaining({ text: 'r = 9' }) });
    expect(figure.toJSON().frames).toEqual(figure.frames);
    expect(figure.description).toMatch(/^A slider moves rate through 3 values, from 1 to 9\. At 3: Curves: r = 3\./);
  });

  it('has play buttons for its frames on request, and is taller for them', () => {
    const [still, playing] = [slider([1, 3, 9], draw), slider([1, 3, 9], draw, { play: true })];
    expect(still.layout).not.toHaveProperty('updatemenus');
    expect(playing.layout.updatemenus).toMatchObject([
      {
        buttons: [
          { name: 'play', method: 'animate', args: [null, { mode: 'immediate', fromcurrent: true }] },
          { name: 'pause', method: 'animate', args: [[null], { mode: 'immediate', frame: { duration: 0 } }] },
        ],
      },
    ]);
    expect(playing.layout.height as number).toBeGreaterThan(still.layout.height as number);
    expect(playing.frames).toEqual(still.frames);
    expect(playing.description).toContain('Buttons play and pause it.');
    const paceOf = (play: boolean | number) => JSON.stringify(slider([1, 3, 9], draw, { play }).layout.updatemenus);
    expect(paceOf(true)).toContain('"duration":700');
    expect(paceOf(120)).toContain('"duration":120');
    expect(() => slider([1, 3, 9], draw, { play: 0 })).toThrow('play must be true or milliseconds from 20 on, got 0');
    expect(still.description).not.toContain('Buttons');
  });

  it('keeps one axis range for all figures', () => {
    const { range } = slider([1, 3, 9], draw).layout.yaxis as { range: [number, number] };
    expect(range[0]).toBeLessThan(1);
    expect(range[1]).toBeGreaterThan(9);
  });

  it('keeps a slider over forty learning rates small', () => {
    expect(sizeOf(examples['learning-rate slider']!())).toBeLessThan(250_000);
  });

  it('rejects figures of different kinds', () => {
    const cases: [() => unknown, RegExp][] = [
      [() => slider([], draw), /start must be from 0 to -1/],
      [() => slider([1, 2], draw, { start: 2 }), /start must be from 0 to 1, got 2/],
      [() => slider([1, 1], draw), /two values have the same text \(1, 1\)/],
      [
        () => slider([1, 2], (v) => (v === 1 ? draw(v) : contour(loss))),
        /the first has scatter, scatter, at 2 there are contour/,
      ],
      [() => slider([1, 2], (v) => slider([1], () => draw(v))), /slider of its own/],
      [() => slider([1], () => ({}) as Figure), /must return a Figure/],
    ];
    for (const [make, message] of cases) {
      expect(make).toThrow(PlotError);
      expect(make).toThrow(message);
    }
  });

  it('shows other values as their text, or with given labels', () => {
    const names = (figure: Figure) => figure.frames.map(({ name }) => name);
    expect(names(slider(['sgd', 'adam'], () => draw(2)))).toEqual(['sgd', 'adam']);
    expect(names(slider([0.1, 0.2], draw, { format: (rate) => `${Number(rate) * 100} %` }))).toEqual(['10 %', '20 %']);
  });
});
