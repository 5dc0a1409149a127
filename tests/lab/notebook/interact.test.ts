import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { displaySymbol } from '../../../src/display';
import { interact, interactive, plot } from '../../../src/lab';
import { fixed } from '../../../src/lab/notebook';
import { type Controls, settingOf } from '../../../src/lab/notebook/controls';
import { type FakeOutput, fakeJupyter } from '../../support/fake-jupyter';

const scope = globalThis as { Jupyter?: unknown };
const setting = (control: Controls[string], start?: unknown) => settingOf('x', control, start);

/** The text that replaces the controls before a cell has run. */
const controlsText = expect.stringMatching(/^Controls: \w+(, \w+)*\. Run the cell to move them\.$/);

describe('abbreviations', () => {
  it('are those of ipywidgets', () => {
    expect(setting([0, 10])).toEqual({ kind: 'IntSlider', min: 0, max: 10, step: 1, value: 5 });
    expect(setting([0, 9])).toEqual({ kind: 'IntSlider', min: 0, max: 9, step: 1, value: 4 });
    expect(setting([-5, 0])).toMatchObject({ value: -3 });
    expect(setting([-180, 180, 5])).toEqual({ kind: 'IntSlider', min: -180, max: 180, step: 5, value: 0 });
    expect(setting([0, 10, 3])).toMatchObject({ kind: 'IntSlider', value: 3 });
    expect(setting([0, 1.5])).toEqual({ kind: 'FloatSlider', min: 0, max: 1.5, step: 0.1, value: 0.75 });
    expect(setting([0, 1, 0.25])).toEqual({ kind: 'FloatSlider', min: 0, max: 1, step: 0.25, value: 0.5 });
    expect(setting(5)).toEqual({ kind: 'IntSlider', min: -5, max: 15, step: 1, value: 5 });
    expect(setting(-5)).toEqual({ kind: 'IntSlider', min: -15, max: 5, step: 1, value: -5 });
    expect(setting(0)).toMatchObject({ min: 0, max: 1, value: 0 });
    expect(setting(2.5)).toMatchObject({ kind: 'FloatSlider', min: -2.5, max: 7.5, step: 0.1, value: 2.5 });
    expect(setting(true)).toEqual({ kind: 'Checkbox', value: true });
    expect(setting('text')).toEqual({ kind: 'Text', value: 'text' });
    expect(setting(fixed(3))).toEqual({ kind: 'fixed', value: 3 });
    const options = {
      kind: 'Dropdown',
      value: 'a',
      options: [
        ['a', 'a'],
        ['b', 'b'],
      ],
    };
    expect(setting(['a', 'b'])).toEqual(options);
    expect(setting({ one: 1, two: 2 }, 2)).toEqual({
      kind: 'Dropdown',
      value: 2,
      options: [
        ['one', 1],
        ['two', 2],
      ],
    });
    expect(setting([Math.sin, Math.cos])).toMatchObject({
      options: [
        ['sin', Math.sin],
        ['cos', Math.cos],
      ],
    });
  });

  it('have a step that suits a short range', () => {
    expect(setting([0.001, 0.09])).toMatchObject({ step: 0.001 });
    expect(setting([0, 0.5])).toMatchObject({ step: 0.01 });
    expect(setting([0.5, 100])).toMatchObject({ step: 0.1 });
  });

  it.each<[Controls[string], unknown, RegExp]>([
    [[3, 1], undefined, /x has its least value 3 above its largest, 1; write \[1, 3\]/],
    [[0, 1, 0], undefined, /needs a step above 0, not 0/],
    [[0, Number.NaN], undefined, /takes finite numbers/],
    [Number.POSITIVE_INFINITY, undefined, /takes a finite number/],
    [[0, 5], 7, /starts at 7, outside \[0, 5\]/],
    [['a', 'b'], 'c', /starts at c, which is none of its options: a, b/],
    [[], undefined, /has no options/],
    [null as never, undefined, /takes \[min, max, step\].*not null/],
  ])('reject %j from %j', (control, start, message) => {
    expect(() => setting(control, start)).toThrow(message);
  });
});

describe('interact', () => {
  let kernel: ReturnType<typeof fakeJupyter>;
  beforeEach(() => {
    // Time is frozen: a slow run on a busy machine would make the next one wait for newer values.
    vi.useFakeTimers({ toFake: ['performance'] });
    kernel = fakeJupyter();
    scope.Jupyter = kernel.Jupyter;
  });
  afterEach(() => {
    delete scope.Jupyter;
    vi.unstubAllEnvs();
    vi.useRealTimers();
  });

  it('shows controls and result, and replaces the result in place', () => {
    interact(
      ({ n, mode, k }) => `${mode} ${n * k}`,
      { n: [0, 10], mode: ['a', 'b'], k: fixed(2) },
      { start: { n: 3 } },
    );
    const [n, mode, output, box] = kernel.made;
    expect([n, mode, output, box].map((w) => w.kind)).toEqual(['IntSlider', 'Dropdown', 'Output', 'VBox']);
    expect(n.values).toMatchObject({ description: 'n', min: 0, max: 10, value: 3 });
    expect(box.values).toEqual({ children: [n, mode, output], domClasses: ['widget-interact'] });
    n.move(4);
    mode.move('b');
    expect(kernel.displayed.map(({ text, displayId, update }) => [text, displayId, update])).toEqual([
      [controlsText, undefined, undefined],
      ['a 6', 'name1', undefined],
      ['a 8', 'name1', true],
      ['b 8', 'name1', true],
    ]);
  });

  it('shows results in a widget if outputs are not replaced, as in Voila', async () => {
    vi.stubEnv('VOILA_BASE_URL', '/');
    interact(({ n }) => (n > 8 ? undefined : `at ${n}`), { n: [0, 10] });
    const [n, output, results, box] = kernel.made;
    expect(box.values).toEqual({ children: [n, output, results], domClasses: ['widget-interact'] });
    const shown = () => (results as FakeOutput).replaced.map((bundle) => bundle['text/plain']);
    expect(shown()).toEqual(['at 5']);
    for (const [value, text] of [
      [6, 'at 6'],
      [9, ''],
    ] as const) {
      n.move(value);
      await expect.poll(() => shown().at(-1)).toBe(text);
    }
    expect(kernel.displayed.map(({ text }) => text)).toEqual([controlsText]);
    interact(async ({ n }) => `later ${n}`, { n: [0, 10] });
    const later = kernel.made.at(-2) as FakeOutput;
    await expect.poll(() => later.replaced).toEqual([{ 'text/plain': 'later 5' }]);
  });

  it('describes the controls before a cell has run', () => {
    interact(
      ({ n }) => n,
      {
        n: [0, 10],
        mode: { '<a>': 1 },
        flag: true,
        text: '"b"',
        k: fixed(2),
        w: kernel.Jupyter.widgets!.Text!({ value: 'own' }) as never,
      },
      { start: { n: 3 } },
    );
    const html = String(kernel.displayed[0]!.bundle['text/html']);
    for (const part of [
      /n<\/span><input type="range" min="0" max="10" step="1" value="3" [^>]*disabled> 3</,
      /mode<\/span><select disabled><option>&lt;a&gt;<\/option><\/select></,
      /flag<\/span><input type="checkbox" checked disabled> true</,
      /text<\/span><code>&quot;b&quot;<\/code></,
      /w<\/span><code>own<\/code></,
      /Run the cell to move them/,
    ])
      expect(html).toMatch(part);
    expect(html).not.toContain('>k<');
  });

  it('shows as many decimals as the step has', () => {
    interact(({ a, b }) => a + b, { a: [0, 0.1, 0.001], b: [0, 1, 0.25] });
    expect(kernel.made[0].values).toMatchObject({ step: 0.001, readoutFormat: '.3f' });
    expect(kernel.made[1].values).not.toHaveProperty('readoutFormat');
  });

  it('accepts a widget unchanged', () => {
    const slider = kernel.Jupyter.widgets!.FloatSlider!({ value: 0.5 });
    interact(({ x }) => x, { x: slider as unknown as { value: number; modelId: string } }, { start: { x: 0.25 } });
    expect(kernel.texts()).toEqual([controlsText, '0.25']);
    slider.move(1);
    expect(kernel.texts()).toEqual(['1']);
  });

  it('shows an error in place, and the next value works again', () => {
    interact(
      ({ n }) => {
        if (n === 4) throw new RangeError('four');
        return `value ${n}`;
      },
      { n: [0, 10] },
    );
    const [n] = kernel.made;
    n.move(4);
    expect(kernel.output().printed).toEqual(['RangeError: four']);
    n.move(6);
    expect(kernel.output().printed).toEqual([]);
    expect(kernel.texts()).toEqual([controlsText, 'value 5', 'value 6']);
  });

  it('keeps a place for the result if the first run fails', () => {
    interact(
      ({ n }) => {
        if (n === 5) throw new RangeError('five');
        return `value ${n}`;
      },
      { n: [0, 10] },
    );
    expect(kernel.output().printed).toEqual(['RangeError: five']);
    kernel.made[0].move(6);
    expect(kernel.displayed.map(({ text, update }) => [text, update])).toEqual([
      [controlsText, undefined],
      ['', undefined],
      ['value 6', true],
    ]);
  });

  it('has no output of its own for a function that only prints', () => {
    interact(({ n }) => (n > 5 ? `large ${n}` : undefined), { n: [0, 10] });
    expect(kernel.texts()).toEqual([controlsText]);
    kernel.made[0].move(7);
    expect(kernel.output().printed).toEqual(['large 7']);
    expect(kernel.texts()).toEqual([]);
  });

  it('clears the output if there is no longer a result', () => {
    interact(({ n }) => (n > 5 ? undefined : n), { n: [0, 10] });
    kernel.made[0].move(6);
    expect(kernel.texts()).toEqual([controlsText, '5', '']);
  });

  it('runs an asynchronous function only for the newest value', async () => {
    const seen: number[] = [];
    const open: (() => void)[] = [];
    interact(
      async ({ n }) => {
        seen.push(n);
        await new Promise<void>((resolve) => open.push(resolve));
        return `value ${n}`;
      },
      { n: [0, 100] },
    );
    const [n] = kernel.made;
    for (const value of [1, 2, 3, 4]) expect(n.move(value)).toEqual([undefined]);
    open.shift()!();
    await expect.poll(() => seen).toEqual([50, 4]);
    open.shift()!();
    await expect.poll(() => kernel.displayed.at(-1)!.text).toBe('value 4');
    expect(kernel.texts()).toEqual([controlsText, '', 'value 50', 'value 4']);
    expect(kernel.output().outsideOf).toEqual([true, true, true]); // its placeholder, and the result
    const [whole] = n.move(9) as [Promise<void>];
    open.shift()!();
    await whole; // awaited by the kernel
    expect(kernel.texts()).toEqual(['value 9']);
  });

  it('works again after an asynchronous error', async () => {
    interact(
      async ({ n }) => {
        if (n === 4) throw new RangeError('four');
        return `value ${n}`;
      },
      { n: [0, 10] },
    );
    await expect.poll(() => kernel.displayed).toHaveLength(3);
    expect(kernel.texts()).toEqual([controlsText, '', 'value 5']);
    await kernel.made[0].move(4)[0];
    expect(kernel.output().printed).toEqual(['RangeError: four']);
    await kernel.made[0].move(6)[0];
    expect(kernel.texts()).toEqual(['value 6']);
  });

  it('runs a slow function for the newest of the queued values', () => {
    vi.useFakeTimers();
    const seen: number[] = [];
    interact(
      ({ n }) => {
        seen.push(n);
        vi.advanceTimersByTime(100); // as long as it takes
        return n;
      },
      { n: [0, 100] },
    );
    const [n] = kernel.made;
    for (let value = 1; value <= 20; value++) n.move(value);
    vi.advanceTimersByTime(5);
    expect(seen).toEqual([50, 20]);
    vi.advanceTimersByTime(50);
    n.move(21); // after a pause it runs immediately
    expect(seen).toEqual([50, 20, 21]);
  });

  it('continues after an interrupt, from which a function does not return', () => {
    vi.useFakeTimers();
    let isInterrupted = true;
    interact(({ n }) => n, { n: [0, 10] });
    const [n] = kernel.made;
    kernel.output().capture = ((run: () => unknown) => {
      if (isInterrupted) throw new Error('stands for the end of the run');
      return run();
    }) as never;
    n.move(1);
    isInterrupted = false;
    vi.advanceTimersByTime(50);
    n.move(2);
    expect(kernel.displayed.at(-1)!.text).toBe('2');
  });

  it('rejects a start without a control', () => {
    const start = { m: 3 } as object;
    expect(() => interact(({ n }) => n, { n: 3 }, { start })).toThrow(/start has m, for which there is no control/);
  });
});

describe('interactive', () => {
  beforeEach(() => {
    scope.Jupyter = undefined;
  });
  afterEach(() => {
    delete scope.Jupyter;
  });

  it('returns values and result, and shows both when it is displayed', () => {
    const kernel = fakeJupyter();
    scope.Jupyter = kernel.Jupyter;
    const square = interactive(({ n }) => n * n, { n: [0, 10] });
    expect(kernel.texts()).toEqual([]);
    expect([square.values, square.result]).toEqual([{ n: 5 }, 25]);
    kernel.made[0].move(6);
    expect([square.values, square.result]).toEqual([{ n: 6 }, 36]);
    expect(square[displaySymbol]()).toBeUndefined(); // it displays both itself, the controls first
    kernel.made[0].move(7);
    expect(kernel.texts()).toEqual([controlsText, '36', '49']);
  });
});

describe('without widgets', () => {
  const log = vi.spyOn(console, 'log');
  const line = (slope: number) => plot.curves([{ name: 'line', y: [0, slope] }], { title: `slope ${slope}` });
  let kernel: ReturnType<typeof fakeJupyter>;
  beforeEach(() => {
    log.mockReset().mockImplementation(() => undefined);
    kernel = fakeJupyter({ withWidgets: false });
    scope.Jupyter = kernel.Jupyter;
  });
  afterEach(() => {
    delete scope.Jupyter;
  });

  it('shows the initial result and explains why there are no controls', async () => {
    interact(({ a, b }) => a + b, { a: [0, 10], b: [0, 1, 0.25] }, { start: { a: 1 } });
    await expect.poll(() => kernel.displayed).toHaveLength(2);
    expect(kernel.texts()).toEqual(['Controls need the kernel TypeScript (gradlab). Here: a = 1, b = 0.5.', '1.5']);
  });

  it('gives a figure with one control a slider of its own', async () => {
    interact(({ slope, name }) => (name ? line(slope) : undefined), { slope: [0, 100], name: fixed('n') });
    await expect.poll(() => kernel.displayed).toHaveLength(2);
    const json = kernel.displayed[1]!.bundle[plot.plotlyMimeType] as { frames: { name: string }[]; layout: object };
    expect(json.frames.map(({ name }) => Number(name))).toEqual([
      0, 6, 12, 18, 24, 30, 36, 42, 48, 50, 54, 60, 66, 72, 78, 84, 90, 96,
    ]);
    expect(json.layout).toMatchObject({ title: { text: 'slope 50' } });
    expect(kernel.displayed[0]!.text).toMatch(/18 figures drawn beforehand.*needs the kernel TypeScript \(gradlab\)/);
  });

  it('names the options of a menu on that slider', async () => {
    interact(({ slope }) => line(slope), { slope: { flat: 0, steep: 9 } });
    await expect.poll(() => kernel.displayed).toHaveLength(2);
    const json = kernel.displayed[1]!.bundle[plot.plotlyMimeType] as { frames: { name: string }[] };
    expect(json.frames.map(({ name }) => name)).toEqual(['flat', 'steep']);
  });

  it('shows one figure if the figures are of different kinds', async () => {
    const draw = ({ n }: { n: number }) =>
      plot.curves(Array.from({ length: n }, (_, i) => ({ name: `${i}`, y: [0, i] })));
    interact(draw, { n: [1, 4] });
    await expect.poll(() => kernel.displayed).toHaveLength(2);
    expect(kernel.displayed[1]!.bundle[plot.plotlyMimeType]).not.toHaveProperty('frames');
    expect(kernel.displayed[0]!.text).toMatch(/^Controls need/);
  });

  it('prints in plain Node, and awaits a promise', async () => {
    delete scope.Jupyter;
    interact(async ({ n }) => n * 2, { n: 3 });
    await expect.poll(() => log.mock.calls).toHaveLength(2);
    expect(log.mock.calls).toEqual([['Controls need the kernel TypeScript (gradlab). Here: n = 3.'], ['6']]);
  });
});
