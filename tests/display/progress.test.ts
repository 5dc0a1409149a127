import timers from 'node:timers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { io, tensor } from '../../src';
import { progress } from '../../src/display';
import { trainingDisplay } from '../../src/lab';
import { fakeJupyter } from '../support/fake-jupyter';

const scope = globalThis as { Jupyter?: unknown };
let kernel: ReturnType<typeof fakeJupyter>;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(timers, 'setTimeout').mockImplementation(setTimeout);
  kernel = fakeJupyter();
  scope.Jupyter = kernel.Jupyter;
});
afterEach(() => {
  delete scope.Jupyter;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const wait = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);

describe('progress', () => {
  it('yields every item, and draws one output in place, at most ten times a second', () => {
    const seen: number[] = [];
    for (const item of progress(
      Array.from({ length: 100 }, (_, i) => i),
      { description: 'epoch 1' },
    )) {
      seen.push(item);
      wait(10);
    }
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i));
    const { displayed } = kernel;
    expect(displayed.length).toBeGreaterThan(8);
    expect(displayed.length).toBeLessThanOrEqual(12);
    expect(new Set(displayed.map(({ displayId }) => displayId)).size).toBe(1);
    expect(displayed.map(({ update }) => update)).toEqual([false, ...displayed.slice(1).map(() => true)]);
    expect(displayed[0]!.text).toBe('epoch 1 ░░░░░░░░░░░░░░░░░░░░ 0/100 · 0 s');
    expect(displayed[5]!.text).toBe('epoch 1 ██████████░░░░░░░░░░ 49/100 · 0.5 s, 98/s, 0.5 s left');
    expect(displayed.at(-1)!.text).toBe('epoch 1 ████████████████████ 100/100 · 1 s, 100/s');
    expect(displayed.at(-1)!.bundle['text/html']).toContain('width: 100%');
    expect(displayed.every(({ metadata }) => (metadata as { gradlab: { volatile: boolean } }).gradlab.volatile)).toBe(
      true,
    );
  });

  it('draws the position at which a loop stopped', () => {
    for (const item of progress([1, 2, 3, 4])) if (item === 3) break;
    expect(kernel.texts().at(-1)).toMatch(/2\/4/);
    const fails = () => {
      for (const item of progress(new Set(['a', 'b']))) if (item === 'b') throw new RangeError('b');
    };
    expect(fails).toThrow(RangeError);
    expect(kernel.texts().at(-1)).toMatch(/1\/2/);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('draws the last state after an interrupt, which runs no finally', () => {
    const bar = progress([1, 2, 3, 4]);
    for (let i = 0; i < 3; i++) bar.next();
    expect(kernel.texts().at(-1)).toMatch(/0\/4/);
    wait(100);
    expect(kernel.texts()).toEqual([expect.stringMatching(/2\/4/)]);
    wait(10_000);
    expect(kernel.texts()).toEqual([]);
  });

  it('counts iterables without a length, and accepts a total', () => {
    function* three() {
      yield* [1, 2, 3];
    }
    expect([...progress(three())]).toEqual([1, 2, 3]);
    expect(kernel.texts()).toEqual(['0 · 0 s', expect.stringMatching(/^█{20} 3 · 0 s$/)]);
    expect([...progress(three(), { total: 3 })]).toHaveLength(3);
    expect(kernel.texts()[1]).toMatch(/3\/3/);
    expect([...progress([])]).toEqual([]);
    expect(kernel.texts().at(-1)).toMatch(/^█{20} 0\/0/);
  });

  it('iterates over asynchronous iterables', async () => {
    async function* two() {
      yield 'a';
      yield 'b';
    }
    const seen: string[] = [];
    for await (const item of progress(two(), { description: 'files <x>', total: 2 })) {
      seen.push(item);
      wait(150);
    }
    expect(seen).toEqual(['a', 'b']);
    expect(kernel.displayed.map(({ text }) => /\d\/\d/.exec(text)?.[0])).toEqual(['0/2', '1/2', '2/2', '2/2']);
    expect(kernel.displayed[0]!.bundle['text/html']).toContain('files &lt;x&gt;');
  });

  it('writes one line to a terminal, and only the last state to other streams', () => {
    delete scope.Jupyter;
    const written: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const { isTTY, columns } = process.stderr;
    try {
      process.stderr.isTTY = true;
      process.stderr.columns = 30;
      for (const _ of progress([1, 2], { description: 'a' })) wait(100);
      expect(written.every((text) => text.startsWith('\r\x1b[K') && text.length <= 4 + 30)).toBe(true);
      expect(written.map((text) => text.endsWith('\n'))).toEqual([...written.slice(1).map(() => false), true]);
      written.length = 0;
      process.stderr.isTTY = false;
      for (const _ of progress([1, 2], { description: 'a' })) wait(100);
      expect(written).toEqual(['a ████████████████████ 2/2 · 0.2 s, 10/s\n']);
    } finally {
      Object.assign(process.stderr, { isTTY, columns });
    }
  });
});

describe('trainingDisplay', () => {
  const figureOf = (at: number) =>
    kernel.displayed.at(at)!.bundle['application/vnd.plotly.v1+json'] as {
      data: { name: string; y: (number | null)[] }[];
      layout: { xaxis: { range: number[] } };
    };

  it('draws growing curves in place, at most ten times a second, and always the last state', () => {
    const shown = trainingDisplay({ metrics: ['loss', 'accuracy'], total: 20, title: 'MLP' });
    for (let epoch = 1; epoch <= 20; epoch++) {
      shown.update({ loss: 1 / epoch, accuracy: { shape: [], tolist: () => epoch / 20 } });
      wait(20);
    }
    expect(kernel.displayed.length).toBeLessThanOrEqual(6);
    shown.end();
    expect(kernel.displayed.at(-1)).toMatchObject({ text: 'MLP · epoch 20/20 · loss 0.05 · accuracy 1', update: true });
    const { data, layout } = figureOf(-1);
    expect(data.map(({ name, y }) => [name, y.length])).toEqual([
      ['loss', 20],
      ['accuracy', 20],
    ]);
    expect(layout.xaxis.range).toEqual([1, 20]);
    expect(figureOf(0).layout.xaxis.range).toEqual([1, 20]);
    expect(shown.history.loss).toHaveLength(20);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('draws the last update without a further call', () => {
    const shown = trainingDisplay();
    shown.update({ loss: 3 });
    shown.update({ loss: 2 });
    expect(kernel.texts()).toEqual(['epoch 1 · loss 3']);
    wait(100);
    expect(kernel.texts()).toEqual(['epoch 2 · loss 2']);
  });

  it('leaves gaps if a metric is missing, and thins long curves', () => {
    const shown = trainingDisplay({ unit: 'step' });
    for (let i = 0; i < 2000; i++) shown.update(i % 2 ? { loss: 1 } : { loss: 1, validation: 2 });
    shown.end();
    expect(shown.history.validation!.slice(0, 3)).toEqual([2, Number.NaN, 2]);
    for (const { y } of figureOf(-1).data) expect(y.length).toBeLessThanOrEqual(501);
    expect(kernel.displayed.at(-1)!.text).toBe('step 2000 · loss 1 · validation NaN');
  });

  it('continues curves that were loaded from a file', async () => {
    const first = trainingDisplay();
    for (const loss of [3, 2]) first.update({ loss });
    first.end();
    const kept = await io.decodeNpz(await io.encodeNpz(first.history));
    kernel.displayed.length = 0;
    const shown = trainingDisplay({ history: kept, metrics: ['accuracy', 'loss'], total: 3 });
    expect(kernel.texts()).toEqual(['epoch 2/3 · accuracy NaN · loss 2']);
    shown.update({ loss: 1, accuracy: 0.5 });
    shown.end();
    expect(shown.history).toEqual({ accuracy: [Number.NaN, Number.NaN, 0.5], loss: [3, 2, 1] });
    expect(figureOf(-1).data.map(({ name, y }) => [name, y.length])).toEqual([
      ['accuracy', 3],
      ['loss', 3],
    ]);
    expect(kept.loss.tolist()).toEqual([3, 2]);
    expect(() => trainingDisplay({ history: { a: [1], b: [1, 2] } })).toThrow(/b of history has 2 numbers, a has 1/);
    for (const [options, message] of [
      [{ history: 5 }, 'trainingDisplay: history must be an object of lists by name, got 5'],
      [{ total: '20' }, "trainingDisplay: total must be a number, got '20'"],
      [{ yLog: 1 }, 'trainingDisplay: yLog must be true or false, got 1'],
      [{ metrics: 'loss' }, "trainingDisplay: metrics must be a list, got 'loss'"],
      [{ title: 3 }, 'trainingDisplay: title must be a text, got 3'],
      [{ ylog: true }, 'trainingDisplay: there is no option ylog; did you mean yLog?'],
    ] as const)
      expect(() => trainingDisplay(options as object)).toThrow(message);
    expect(() => trainingDisplay({ history: { a: [1] }, metrics: ['b'] })).toThrow(/history has a, metrics has b/);
    expect(() => trainingDisplay({ history: { a: tensor([[1]]) } })).toThrow(/a of history must be a list of numbers/);
  });

  it('shows text without data, and rejects unknown metrics', () => {
    const shown = trainingDisplay({ metrics: ['loss'] });
    shown.update({ loss: Number.NaN });
    expect(kernel.displayed[0]!.bundle).toEqual({ 'text/plain': 'epoch 1 · loss NaN' });
    expect(() => shown.update({ acc: 1 })).toThrow(/update has acc, metrics has loss/);
    expect(shown.history).toEqual({ loss: [Number.NaN] });
  });
});
