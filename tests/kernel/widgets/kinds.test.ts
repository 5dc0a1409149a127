// Features of single kinds of widgets.
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { beginCell, change, Jupyter, load, taken, takenData, type Widget, widgets } from './session';

beforeEach(() => void beginCell());

const update = (state: object) => ({ method: 'update', state, buffer_paths: [] });

describe('a selection', () => {
  test('has values of any kind, by label', () => {
    const pick = widgets.Dropdown({
      options: [
        ['sine', Math.sin],
        ['cosine', Math.cos],
      ],
    });
    expect([pick.value, pick.label, pick.index]).toEqual([Math.sin, 'sine', 0]);
    const heard: unknown[] = [];
    pick.observe((c) => void heard.push([c.name, c.new]));
    taken();
    pick.value = Math.cos;
    expect(takenData()).toEqual([update({ index: 1 })]);
    expect(heard).toEqual(
      expect.arrayContaining([
        ['value', Math.cos],
        ['label', 'cosine'],
        ['index', 1],
      ]),
    );
    pick.label = 'sine';
    expect(pick.value).toBe(Math.sin);
  });

  test('accepts maps, objects, and new options, and selects the first', () => {
    expect(widgets.Select({ options: new Map([['a', 1]]) }).value).toBe(1);
    const pick = widgets.ToggleButtons({ options: { x: 1, y: 2 }, value: 2 });
    taken();
    pick.options = ['p', 'q'];
    expect(takenData()).toEqual([update({ _options_labels: ['p', 'q'], index: 0 })]);
    expect(pick.value).toBe('p');
    expect(() => {
      pick.options = 3;
    }).toThrow(/takes an array or values by label, not 3/);
  });

  test('of several values has arrays', () => {
    const pick = widgets.SelectMultiple({ options: ['a', 'b', 'c'] });
    expect([pick.value, pick.index]).toEqual([[], []]);
    pick.value = ['c', 'a'];
    expect(pick.index).toEqual([2, 0]);
    pick.options = [1];
    expect(pick.value).toEqual([]);
  });
});

describe('a widget', () => {
  test('is shown by reference, with a text alternative', () => {
    const slider = widgets.IntSlider({ value: 3, max: 10 });
    taken();
    void Jupyter.display(slider);
    expect(taken()).toMatchObject([
      {
        type: 'display',
        data: {
          'text/plain': 'IntSlider({ value: 3, max: 10 })',
          'application/vnd.jupyter.widget-view+json': { version_major: 2, version_minor: 0, model_id: slider.modelId },
        },
      },
    ]);
    expect(inspect(slider)).toBe('IntSlider({ value: 3, max: 10 })');
    const { summaryOf } =
      load<typeof import('../../../kernel-setup/kernel/cells/display/summary')>('cells/display/summary.js');
    const vars = { get slider() { return slider; } }; // biome-ignore format: one line
    expect(summaryOf(vars.slider)).toBe('IntSlider({ value: 3, max: 10 })');
    expect(inspect(widgets.Checkbox())).toBe('Checkbox()');
    expect(inspect(widgets.VBox([slider, slider, slider, slider]))).toHaveLength(111);
  });

  test('that is closed is shown as text and sends nothing', () => {
    const slider = widgets.IntSlider();
    taken();
    slider.close();
    slider.close();
    slider.value = 4;
    expect(taken()).toMatchObject([{ type: 'comm', action: 'close', commId: slider.modelId }]);
    void Jupyter.display(slider);
    expect(taken()).toMatchObject([{ data: { 'text/plain': 'IntSlider({ value: 4 })' } }]);
  });

  test('has an id made of its cell, the number of runs, and a counter', () => {
    const ids = (cell: number) => {
      beginCell(cell);
      return [widgets.IntSlider().modelId, new Jupyter.Comm({ target_name: 'x' }).commId, Jupyter.newId()];
    };
    const [first, again, other] = [ids(26), ids(26), ids(27)];
    for (const [slider, comm, id] of [first, again, other] as string[][]) {
      expect(slider).toMatch(/^[0-9a-f]{16}0{15}3$/);
      expect([comm, id]).toEqual([4, 5].map((count) => slider!.slice(0, 31) + count));
    }
    expect(new Set([first, again, other].map(([slider]) => slider!.slice(0, 16))).size).toBe(3);
    const half = createHash('sha256').update('1 // 27').digest('hex').slice(0, 16);
    expect(other![0]!.slice(0, 16)).toBe(half); // independent of what ran before
  });

  test('can be extended', () => {
    class Doubled extends (widgets.IntSlider as unknown as new (values: object) => Widget) {
      get doubled() {
        return 2 * (this.value as number);
      }
    }
    const doubled = new Doubled({ value: 4 });
    expect([
      doubled.doubled,
      doubled instanceof widgets.IntSlider,
      widgets.IntText() instanceof widgets.IntSlider,
    ]).toEqual([8, true, false]);
  });
});

describe('pages', () => {
  test('have titles, and the index of the open one', () => {
    const tab = widgets.Tab([widgets.Label(), widgets.Label()]) as Widget &
      Record<'setTitle' | 'getTitle', (i: number, t?: string) => string>;
    tab.setTitle(1, 'second');
    expect([tab.titles, tab.getTitle(1), tab.selectedIndex]).toEqual([['', 'second'], 'second', 0]);
    tab.set({ selectedIndex: 1 });
    tab.children = [];
    expect([tab.titles, tab.selectedIndex]).toEqual([[], null]);
    expect(() => tab.setTitle(0, 'x')).toThrow(/no page 0 among 0/);
  });
});

describe('links', () => {
  test('are widgets of the front end', async () => {
    const [play, slider] = [widgets.Play(), widgets.IntSlider()];
    taken();
    const link = widgets.jslink([play, 'value'], [slider, 'continuousUpdate']);
    const state = {
      source: [`IPY_MODEL_${play.modelId}`, 'value'],
      target: [`IPY_MODEL_${slider.modelId}`, 'continuous_update'],
    };
    expect(takenData()).toMatchObject([{ state: { _model_name: 'LinkModel', _view_name: null, ...state } }]);
    (link.unlink as () => void)();
    expect(taken()).toMatchObject([{ action: 'close', commId: link.modelId }]);
    widgets.jsdlink([play, 'value'], [slider, 'value']);
    expect(takenData()).toMatchObject([{ state: { _model_name: 'DirectionalLinkModel' } }]);
    await change(play, { value: 3 });
    expect([play.value, slider.value]).toEqual([3, 0]);
  });
});
