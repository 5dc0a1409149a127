// Output widgets, and display from cells.
import { beforeEach, describe, expect, test } from 'vitest';
import { beginCell, change, Jupyter, load, taken, type Widget, widgets } from './session';

beforeEach(() => void beginCell());

describe('an Output widget', () => {
  type Output = Widget & {
    capture<T>(run: () => T, options?: object): T;
    outside<T>(run: () => T): T;
    clear(options?: object): void;
    appendStdout(text: string): void;
    appendDisplayData(value: unknown): Promise<void>;
  };
  const make = () => {
    const output = widgets.Output() as Output;
    taken();
    return output;
  };
  const kinds = () => taken().map((m) => (m.type === 'comm' ? (m.data.state as { msg_id: string }).msg_id : m.type));

  test('captures what a function displays, by the id of the request', () => {
    const output = make();
    const request = `request-${beginCell()}`;
    const show = () => {
      void Jupyter.display(1);
      return 42;
    };
    expect(output.capture(show)).toBe(42);
    expect(kinds()).toEqual([request, 'display', '']);
    output.clear({ wait: true });
    expect(kinds()).toEqual([request, 'clear', '']);
    output.capture(() => 1, { clear: true });
    expect(kinds()).toEqual([request, 'clear', '']);
  });

  test('captures until a promise settles, also when captures overlap', async () => {
    const output = make();
    const request = `request-${beginCell()}`;
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const slow = output.capture(async () => {
      await pause(10);
      void Jupyter.display('late');
      return 'done';
    });
    output.capture(() => void Jupyter.display('early'));
    expect(await slow).toBe('done');
    expect(kinds()).toEqual([request, 'display', 'display', '']);
  });

  test('passes outside output through during a capture', async () => {
    const output = make();
    const request = `request-${beginCell()}`;
    const slow = output.capture(async () => {
      await null;
      void Jupyter.display('inside');
    });
    output.outside(() => void Jupyter.display('outside'));
    expect(kinds()).toEqual([request, '', 'display', request]);
    await slow;
    expect(kinds()).toEqual(['display', '']);
    const three = () => {
      void Jupyter.display('outside');
      return 3;
    };
    expect(output.outside(three)).toBe(3);
    expect(kinds()).toEqual(['display']);

    await output.capture(async () => {
      await output.outside(async () => {
        await null;
        void Jupyter.display('outside');
      });
      void Jupyter.display('inside');
    });
    expect(kinds()).toEqual([request, '', 'display', request, 'display', '']);
    expect(() => output.capture(() => output.outside(() => JSON.parse('{')))).toThrow(SyntaxError);
    expect(kinds()).toEqual([request, '', request, 'broadcast', '']);
  });

  test('replaces its content by a value', async () => {
    const output = make() as Output & { outputs: object[]; replaceDisplayData(value: unknown): Promise<void> };
    output.appendStdout('before');
    await output.replaceDisplayData({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'now' }) });
    const now = { output_type: 'display_data', data: { 'text/plain': 'now' }, metadata: {} };
    expect(output.outputs).toEqual([now]);
    await output.replaceDisplayData({ [Symbol.for('Jupyter.display')]: () => undefined });
    expect(output.outputs).toEqual([]);
  });

  test('drops a capture that an interrupt has ended, and rejects it', async () => {
    const output = make();
    beginCell();
    const captured = output.capture(() => new Promise(() => {}));
    load<typeof import('../../../kernel-setup/kernel/cells/parent/parent')>('cells/parent/parent.js').cancelRunning(1);
    await expect(captured).rejects.toThrow(/interrupted/);
    const request = `request-${beginCell()}`;
    output.capture(() => void Jupyter.display(1));
    expect(kinds()).toEqual([request, 'display', '']);
  });

  test('shows the error of a function and rethrows it', async () => {
    const output = make();
    const request = `request-${beginCell()}`;
    const fail = () => {
      throw new RangeError('no');
    };
    expect(() => output.capture(fail)).toThrow('no');
    expect(taken()).toMatchObject([
      { data: { state: { msg_id: request } } },
      { type: 'broadcast', msgType: 'error', content: { ename: 'RangeError', evalue: 'no' } },
      { data: { state: { msg_id: '' } } },
    ]);
    await expect(output.capture(async () => fail())).rejects.toThrow('no');
    expect(kinds()).toEqual([request, 'broadcast', '']);
  });

  test('in a handler captures the output of the message', async () => {
    const output = make();
    const slider = widgets.IntSlider();
    slider.observe((c) => output.capture(() => void Jupyter.display(c.new)), 'value');
    const before = beginCell();
    await change(slider, { value: 4 });
    expect(taken().slice(1)).toMatchObject([
      { data: { state: { msg_id: `request-${before + 1}` } } },
      { type: 'display' },
      { data: { state: { msg_id: '' } } },
    ]);
  });

  test('accepts outputs directly', async () => {
    const output = make();
    output.appendStdout('a\n');
    await output.appendDisplayData({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>1</b>' }) });
    expect(output.outputs).toEqual([
      { output_type: 'stream', name: 'stdout', text: 'a\n' },
      { output_type: 'display_data', data: { 'text/html': '<b>1</b>' }, metadata: {} },
    ]);
  });
});

describe('display', () => {
  const shown = () => taken().map((m) => (m.type === 'display' ? m.data : m));

  test('shows values, bundles, and values with their own method, in the order of the calls', async () => {
    const own = (bundle: unknown) => ({ [Symbol.for('Jupyter.display')]: () => bundle });
    void Jupyter.display(1);
    void Jupyter.display({ 'text/html': '<b>' });
    void Jupyter.display(own({ 'text/markdown': '*' }));
    const slow = Jupyter.display(own(Promise.resolve({ 'text/latex': '$' })));
    void Jupyter.display({ 'text/html': '<b>', other: 1 });
    void Jupyter.display({ 'text/html': '<b>' }, { raw: false });
    await slow;
    void Jupyter.display(own(undefined)); // has displayed itself
    await Jupyter.display(own(Promise.resolve(undefined)));
    expect(shown()).toEqual([
      { 'text/plain': '1' },
      { 'text/html': '<b>' },
      { 'text/markdown': '*' },
      { 'text/plain': "{ 'text/html': '<b>', other: 1 }" },
      { 'text/plain': "{ 'text/html': '<b>' }" },
      { 'text/latex': '$' },
    ]);
  });

  test('replaces, clears and broadcasts', async () => {
    const parentId = beginCell();
    void Jupyter.display({ 'text/plain': 'a' }, { raw: true, displayId: 'd' });
    void Jupyter.display('b', { displayId: 'd', update: true });
    Jupyter.clearOutput({ wait: true });
    void Jupyter.broadcast('custom', { a: 1 }, { metadata: { m: 1 }, buffers: [new Uint8Array([5])] });
    expect(taken()).toMatchObject([
      { type: 'display', parentId, displayId: 'd', update: undefined },
      { type: 'display', parentId, displayId: 'd', update: true },
      { type: 'clear', parentId, wait: true },
      {
        type: 'broadcast',
        parentId,
        msgType: 'custom',
        content: { a: 1 },
        metadata: { m: 1 },
        buffers: [new Uint8Array([5])],
      },
    ]);
    await expect(Jupyter.display(1, { update: true })).rejects.toThrow(/displayId/);
    await expect(Jupyter.display(1, { raw: true })).rejects.toThrow(/by MIME type/);
  });

  test("of tslab's library does the same", () => {
    const versions = { tslab: '1', typescript: '2', node: '3' };
    type Built = typeof import('../../../kernel-setup/kernel/cells/modules/tslab');
    const tslab = load<Built>('cells/modules/tslab.js').tslabApi(versions);
    tslab.display.html('<i>');
    tslab.display.png(new Uint8Array([1, 2]));
    const one = tslab.newDisplay();
    one.text('a');
    one.raw('text/x', 'b');
    const [html, png, first, second] = taken() as { data: object; displayId?: string; update?: boolean }[];
    expect([html.data, png.data, first.data, second.data]).toEqual([
      { 'text/html': '<i>' },
      { 'image/png': 'AQI=' },
      { 'text/plain': 'a' },
      { 'text/x': 'b' },
    ]);
    expect([html.displayId, html.update]).toEqual([undefined, false]);
    expect([first.update, second.update, second.displayId]).toEqual([false, true, first.displayId]);
    expect(tslab.versions).toEqual(versions);
  });
});
