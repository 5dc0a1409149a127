// Attributes in cells: reading, setting, observing, and rejected values.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { beginCell, taken, takenData, type Widget, widgets } from './session';

beforeEach(() => void beginCell());

const update = (state: object) => ({ method: 'update', state, buffer_paths: [] });

describe('attributes', () => {
  test('are read and set; setting sends one update', () => {
    const slider = widgets.IntSlider({ value: 3, max: 10 });
    taken();
    expect([slider.value, slider.max, slider.continuousUpdate, slider.readoutFormat]).toEqual([3, 10, true, 'd']);
    slider.value = 7;
    slider.set({ min: 5, description: 'n', value: 6 });
    expect(takenData()).toEqual([update({ value: 7 }), update({ min: 5, description: 'n', value: 6 })]);
  });

  test('send nothing and call no observer if they do not change', () => {
    const slider = widgets.IntSlider({ value: 3 });
    const range = widgets.IntRangeSlider({ value: [1, 2] });
    const handler = vi.fn();
    for (const widget of [slider, range]) widget.observe(handler);
    taken();
    slider.value = 3;
    range.value = [1, 2];
    expect(taken()).toEqual([]);
    expect(handler).not.toHaveBeenCalled();
  });

  test('are observed by name, by several names, or all', () => {
    const slider = widgets.FloatSlider({ value: 1 });
    const heard: unknown[] = [];
    const note = (tag: string) => (c: Record<string, unknown>) =>
      void heard.push([tag, c.name, c.old, c.new, c.owner === slider]);
    slider.observe(note('value'), 'value');
    slider.observe(note('two'), ['min', 'max']);
    slider.observe(note('all'));
    slider.value = 2;
    slider.max = 20;
    expect(heard).toEqual([
      ['value', 'value', 1, 2, true],
      ['all', 'value', 1, 2, true],
      ['two', 'max', 100, 20, true],
      ['all', 'max', 100, 20, true],
    ]);
  });

  test('can be unobserved', () => {
    const slider = widgets.IntSlider();
    const [first, second] = [vi.fn(), vi.fn()];
    slider.observe(first, 'value');
    slider.observe(second, ['min', 'value']);
    slider.unobserve(first, 'value');
    slider.unobserve(second, 'value');
    slider.value = 1;
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
    slider.unobserve();
    slider.value = 2;
    expect(second).toHaveBeenCalledTimes(1);
  });

  test('with arrays cannot be changed in place', () => {
    const box = widgets.VBox([widgets.Label()]);
    expect(() => (box.children as Widget[]).push(widgets.Label())).toThrow(TypeError);
  });

  test('that refer to widgets accept plain objects, and those widgets can be changed', () => {
    const slider = widgets.IntSlider({ layout: { width: '50%' }, style: { handleColor: 'red' } });
    expect((slider.layout as Widget).width).toBe('50%');
    taken();
    (slider.layout as Widget).height = '2em';
    slider.layout = { width: '1px' };
    const [height, opened, replaced] = takenData();
    expect(height).toEqual(update({ height: '2em' }));
    expect(opened.state).toMatchObject({ _model_name: 'LayoutModel', width: '1px' });
    expect(replaced).toEqual(update({ layout: `IPY_MODEL_${(slider.layout as Widget).modelId}` }));
    const shared = new widgets.Layout({ width: '3px' });
    expect(widgets.IntSlider({ layout: shared }).layout).toBe(shared);
  });

  test('can be CSS classes', () => {
    const box = widgets.VBox([], { domClasses: ['a'] }) as Widget &
      Record<'addClass' | 'removeClass', (name: string) => Widget>;
    taken();
    box.addClass('b');
    box.removeClass('a');
    expect(takenData()).toEqual([update({ _dom_classes: ['a', 'b'] }), update({ _dom_classes: ['b'] })]);
  });
});

describe('a rejected value sends and changes nothing', () => {
  test.each<[string, () => unknown, new () => Error, RegExp]>([
    [
      'an unknown attribute',
      () => widgets.IntSlider({ continuous_update: true }),
      TypeError,
      /no attribute 'continuous_update'; it has .*continuousUpdate/,
    ],
    [
      'a string instead of a number',
      () => widgets.IntSlider({ value: '3' }),
      TypeError,
      /value takes a whole number, not '3'/,
    ],
    ['a fraction instead of an integer', () => widgets.IntText({ value: 0.5 }), TypeError, /whole number, not 0.5/],
    ['NaN', () => widgets.FloatSlider({ value: Number.NaN }), TypeError, /finite number, not NaN/],
    [
      'a value above max',
      () => widgets.IntSlider({ value: 11, max: 10 }),
      RangeError,
      /value 11 is outside the range from 0 to 10/,
    ],
    [
      'a value below the power of min',
      () => widgets.FloatLogSlider({ value: 0.5 }),
      RangeError,
      /outside the range from 1 to 10000/,
    ],
    [
      'a range in the wrong order',
      () => widgets.FloatRangeSlider({ value: [2, 1] }),
      RangeError,
      /lower number 2 above/,
    ],
    ['one number instead of a range', () => widgets.IntRangeSlider({ value: [2] }), TypeError, /two whole numbers/],
    ['min above max', () => widgets.IntSlider({ min: 200 }), RangeError, /min 200 is greater than max 100/],
    ['an invalid choice', () => widgets.Button({ buttonStyle: 'loud' }), RangeError, /one of 'primary', .*not 'loud'/],
    [
      'a value that is not an option',
      () => widgets.Dropdown({ options: [1, 2], value: 3 }),
      RangeError,
      /value 3 is none of the options: 1, 2/,
    ],
    [
      'another value instead of a widget',
      () => widgets.HBox({ children: [1] }),
      TypeError,
      /children\[0\] takes a Widget, not 1/,
    ],
    ['a wrong kind of style', () => widgets.IntSlider({ style: widgets.Layout() }), TypeError, /takes a SliderStyle/],
    [
      'a wrong attribute of the layout',
      () => widgets.IntSlider({ layout: { widht: '1px' } }),
      TypeError,
      /Layout has no attribute 'widht'/,
    ],
    [
      'observing an unknown attribute',
      () => widgets.Layout.prototype.observe.call(slider(), () => 1, 'vaule'),
      TypeError,
      /no attribute 'vaule'/,
    ],
    [
      'linking an attribute that front ends do not know',
      () => widgets.jslink([widgets.Dropdown({ options: [1] }), 'value'], [slider(), 'value']),
      TypeError,
      /do not know 'value'; they know 'index'/,
    ],
    [
      'linking something other than a pair',
      () => widgets.jslink(['value', slider()] as never, [slider(), 'value']),
      TypeError,
      /takes a widget and the name/,
    ],
    [
      'a page that does not exist',
      () => widgets.Tab([widgets.Label()], { selectedIndex: 1 }),
      RangeError,
      /outside the 1 children/,
    ],
  ])('%s', (_, make, kind, message) => {
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });

  const slider = () => widgets.IntSlider();

  test('leaves the widget unchanged', () => {
    const widget = widgets.IntSlider({ value: 3, max: 10 });
    taken();
    expect(() => widget.set({ description: 'x', value: 11 })).toThrow(RangeError);
    expect([widget.value, widget.description, taken()]).toEqual([3, '', []]);
  });

  test('except for bounds, which clamp the value, and rounding', () => {
    const widget = widgets.FloatSlider({ value: 8, max: 10 });
    widget.max = 5;
    expect(widget.value).toBe(5);
    widget.value = 5 + 1e-15;
    expect(widget.value).toBe(5);
    const range = widgets.IntRangeSlider({ value: [2, 8], max: 10 });
    range.set({ min: 4, max: 6 });
    expect(range.value).toEqual([4, 6]);
  });
});
