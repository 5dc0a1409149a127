// Messages from front ends to widgets.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  beginCell,
  type CommSent,
  change,
  fromFrontEnd,
  Jupyter,
  taken,
  takenData,
  type Widget,
  widgets,
} from './session';

beforeEach(() => void beginCell());

const message = (method: string, state: object, buffer_paths: unknown[] = []) => ({ method, state, buffer_paths });

describe("a front end's update", () => {
  test('is echoed, then passed to the cell and its observers, and not sent back', async () => {
    const slider = widgets.IntSlider({ value: 3, max: 10 });
    const values: unknown[] = [];
    slider.observe((c) => void values.push([c.old, c.new, slider.value]), 'value');
    taken();
    await change(slider, { value: 5 });
    expect(takenData()).toEqual([message('echo_update', { value: 5 })]);
    expect(values).toEqual([[3, 5, 5]]);
  });

  test('that is out of range is corrected, and the front end is notified', async () => {
    const slider = widgets.IntSlider({ value: 3, max: 10 });
    taken();
    await change(slider, { value: 12, nonsense: 1 });
    expect(takenData()).toEqual([message('echo_update', { value: 12 }), message('update', { value: 10 })]);
    await change(slider, { value: 12 });
    expect(takenData()).toEqual([message('echo_update', { value: 12 }), message('update', { value: 10 })]);
    expect(slider.value).toBe(10);
  });

  test('of an index selects a value', async () => {
    const pick = widgets.Dropdown({
      options: [
        ['a', 1],
        ['b', 2],
      ],
    });
    const heard = vi.fn();
    pick.observe(heard, 'value');
    taken();
    await change(pick, { index: 1 });
    expect(pick.value).toBe(2);
    expect(heard.mock.calls).toMatchObject([[{ name: 'value', old: 1, new: 2 }]]);
    expect(takenData()).toEqual([message('echo_update', { index: 1 })]);
  });

  test('may be changed by the cell in turn', async () => {
    const [slider, label] = [widgets.IntSlider(), widgets.Label()];
    slider.observe((c) => {
      label.value = `at ${c.new}`;
    }, 'value');
    taken();
    await change(slider, { value: 9 });
    expect(taken()).toMatchObject([
      { commId: slider.modelId, data: message('echo_update', { value: 9 }) },
      { commId: label.modelId, data: message('update', { value: 'at 9' }) },
    ]);
  });

  test('and the output of its handlers belong to its message', async () => {
    const slider = widgets.IntSlider();
    slider.observe(() => Jupyter.display('seen'));
    const before = beginCell();
    await change(slider, { value: 9 });
    expect(taken().map((m) => 'parentId' in m && m.parentId - before)).toEqual([1, 1]);
  });

  test('waits for asynchronous handlers', async () => {
    const slider = widgets.IntSlider();
    const steps: string[] = [];
    slider.observe(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      steps.push('handled');
    });
    await change(slider, { value: 1 });
    steps.push('after');
    expect(steps).toEqual(['handled', 'after']);
  });

  test('with a failing handler is reported; the others run, and the value stays', async () => {
    const slider = widgets.IntSlider();
    const second = vi.fn();
    slider.observe(() => {
      throw new RangeError('bad luck');
    });
    slider.observe(async () => Promise.reject(new TypeError('later')));
    slider.observe(second);
    taken();
    expect(await change(slider, { value: 1 })).toEqual({ refused: false });
    const errors = taken().flatMap((m) => (m.type === 'late-error' ? [`${m.error.ename}: ${m.error.evalue}`] : []));
    expect(errors).toEqual(['RangeError: bad luck', 'TypeError: later']);
    expect([second.mock.calls.length, slider.value]).toEqual([1, 1]);
  });

  test('of a date arrives as a date', async () => {
    const picker = widgets.DatePicker({ value: new Date(2026, 0, 31) });
    expect((taken().at(-1) as CommSent).data.state).toMatchObject({ value: { year: 2026, month: 0, date: 31 } });
    await change(picker, { value: { year: 2027, month: 1, date: 3 } });
    expect(picker.value).toEqual(new Date(2027, 1, 3));
    const moment = widgets.DatetimePicker({ value: new Date(Date.UTC(2026, 5, 1, 12, 30)) });
    expect((taken().at(-1) as CommSent).data.state).toMatchObject({
      value: { year: 2026, month: 5, date: 1, hours: 12, minutes: 30 },
    });
    await change(moment, {
      value: { year: 2026, month: 5, date: 2, hours: 1, minutes: 0, seconds: 0, milliseconds: 0 },
    });
    expect(moment.value).toEqual(new Date(Date.UTC(2026, 5, 2, 1)));
  });
});

test("of unrelated state does not notify a selection's observers", async () => {
  const pick = widgets.SelectMultiple({ options: ['a', 'b'], value: ['b'] });
  const heard = vi.fn();
  pick.observe(heard, ['value', 'label', 'index']);
  await change(pick, { _view_count: 1, rows: 3 });
  expect([heard.mock.calls, pick.rows]).toEqual([[], 3]);
});

describe('binary data', () => {
  test('is sent beside the state', async () => {
    const image = widgets.Image({ value: new Uint8Array([1, 2, 3]), format: 'png' });
    const opened = taken().at(-1) as CommSent;
    expect(opened.data).toMatchObject({ buffer_paths: [['value']], state: { format: 'png' } });
    expect(opened.data.state).not.toHaveProperty('value');
    expect(opened.buffers).toEqual([new Uint8Array([1, 2, 3])]);
    image.value = Buffer.from([4]);
    expect(taken()).toMatchObject([{ data: message('update', {}, [['value']]), buffers: [new Uint8Array([4])] }]);
  });

  test('of uploaded files arrives in its position and is not echoed', async () => {
    const upload = widgets.FileUpload();
    taken();
    const data = message('update', { value: [{ name: 'a.txt', size: 2 }], error: '' }, [['value', 0, 'content']]);
    await fromFrontEnd({ commId: upload.modelId, data: data as never, buffers: [new Uint8Array([65, 66])] });
    expect(upload.value).toEqual([{ name: 'a.txt', size: 2, content: new Uint8Array([65, 66]) }]);
    expect(takenData()).toEqual([message('echo_update', { error: '' })]);
  });
});

describe('a front end', () => {
  test('requests the state of one widget', async () => {
    const slider = widgets.IntSlider({ value: 3 });
    const [, , opened] = takenData();
    await fromFrontEnd({ commId: slider.modelId, data: { method: 'request_state' } });
    expect(takenData()).toEqual([{ method: 'update', state: opened.state, buffer_paths: [] }]);
  });

  test('requests all widgets, as after a reload of the page', async () => {
    const image = widgets.Image({ value: new Uint8Array([7]) });
    const gone = widgets.IntSlider();
    gone.close();
    taken();
    expect(await fromFrontEnd({ action: 'open', commId: 'control-1', targetName: 'jupyter.widget.control' })).toEqual({
      refused: false,
    });
    await fromFrontEnd({ commId: 'control-1', data: { method: 'request_states' } });
    const [answer] = taken() as CommSent[];
    expect(answer).toMatchObject({ action: 'msg', commId: 'control-1', data: { method: 'update_states' } });
    const states = answer.data.states as unknown as Record<string, { model_name: string; state: object }>;
    expect(states[image.modelId]).toMatchObject({
      model_name: 'ImageModel',
      model_module: '@jupyter-widgets/controls',
      model_module_version: '2.0.0',
    });
    expect(states[(image.layout as Widget).modelId].model_name).toBe('LayoutModel');
    expect(states).not.toHaveProperty(gone.modelId);
    const at = (answer.data.buffer_paths as unknown as unknown[][]).findIndex(([id]) => id === image.modelId);
    expect(answer.data.buffer_paths).toContainEqual([image.modelId, 'state', 'value']);
    expect(answer.buffers[at]).toEqual(new Uint8Array([7]));
  });

  test('clicks on a button', async () => {
    const button = widgets.Button({ description: 'go' }) as Widget & {
      onClick: (h: unknown, remove?: boolean) => void;
      click(): void;
    };
    const handler = vi.fn();
    button.onClick(handler);
    const click = () =>
      fromFrontEnd({ commId: button.modelId, data: { method: 'custom', content: { event: 'click' } } });
    await click();
    button.click();
    expect(handler.mock.calls).toEqual([[button], [button]]);
    button.onClick(handler, true);
    await click();
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test('sends and receives custom messages', async () => {
    const label = widgets.Label();
    taken();
    label.send({ hello: 1 }, [new Uint8Array([9])]);
    expect(taken()).toMatchObject([
      { data: { method: 'custom', content: { hello: 1 } }, buffers: [new Uint8Array([9])] },
    ]);
    const heard = vi.fn();
    label.onMsg(heard);
    await fromFrontEnd({
      commId: label.modelId,
      data: { method: 'custom', content: [1] },
      buffers: [new Uint8Array([2])],
    });
    expect(heard.mock.calls).toEqual([[[1], [new Uint8Array([2])]]]);
  });

  test('closes a widget', async () => {
    const slider = widgets.IntSlider();
    await fromFrontEnd({ action: 'close', commId: slider.modelId });
    taken();
    slider.value = 1;
    expect(taken()).toEqual([]);
  });
});
