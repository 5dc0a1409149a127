import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask, covered } from '../../../src/lab/notebook';
import { curves, type Figure, type PlotlyLayout, panels, slider } from '../../../src/lab/plot';

const lines: unknown[] = [];
let folder: string;
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  folder = mkdtempSync(join(tmpdir(), 'gradlab-ask-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  writeFileSync(join(folder, 'a.predictions.json'), JSON.stringify({ wave, bare: { ...wave, before: undefined } }));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const wave = {
  question: 'How high is it?',
  before: 'How high is the *wave*?',
  answers: [
    { text: 'Low', remark: 'No.' },
    { text: 'Mid', remark: 'Yes.', right: true },
    { text: 'High', remark: 'No.' },
  ],
};
const drawn = (k: number) =>
  curves(
    [
      { name: 'wave', y: [0, k] },
      { name: 'shore', y: [1, 1] },
    ],
    { title: `The *wave* is ${k} high` },
  );
const moving = () => slider([1, 2, 3], drawn, { label: 'k', start: 1, format: (k) => `${k} m` });
const titleOf = ({ layout }: { layout?: PlotlyLayout }) => (layout!.title as { text: string }).text;
const lessonOf = ({ layout }: Figure) => (layout.meta as { lesson: object; theme: string }).lesson;

describe('ask', () => {
  it('shows the figure without its finding, then the question', () => {
    ask('wave', moving(), { deciding: 3, from: '1 m', hides: 'wave' });
    expect(lines).toEqual([
      'How high is the wave? What is not drawn yet: wave. It is shown after a choice.',
      expect.stringMatching(/^Predict. How high is it\?\n[\s\S]*ask\("wave", figure, \{ choice: "a" \}\)$/),
    ]);
    ask('wave', moving(), { choice: 'a' });
    expect(String(lines[3])).toMatch(/\na: [✓✗] /);
    ask('wave');
    expect(lines).toHaveLength(5);
  });

  it('covers traces and title, and keeps the findings for every value', () => {
    const figure = covered('wave', wave, moving(), { deciding: 3, from: '1 m', hides: ['wave'] });
    expect(lessonOf(figure)).toEqual({ id: 'wave', from: 0, deciding: 2, hides: [0], waits: false });
    expect(figure.data.map(({ visible }) => visible)).toEqual([false, undefined]);
    const colour = (figure.data[0]!.line as { color: string }).color;
    const word = `<span style="color: ${colour}"><b>wave</b></span>`;
    const drawn = figure.toJSON();
    expect(titleOf(drawn)).toBe(`How high is the ${word}?`);
    expect(drawn.frames!.map((frame) => titleOf(frame))).toEqual([1, 2, 3].map((k) => `The ${word} is ${k} high`));
    expect((figure.layout.meta as { theme: string }).theme).toBe('page');
    // What moves is restored, and visible without our renderer; the given figure has not changed.
    expect(figure.frames.map(({ data }) => data)).toEqual(
      moving().frames.map(({ data, traces }) =>
        data.map((trace, i) => (traces[i] === 0 ? { ...trace, visible: true } : trace)),
      ),
    );
    expect(figure.layout.shapes).toBeUndefined();
    expect(titleOf(moving())).toBe('The *wave* is 2 high');
  });

  it("covers a line with its band, whose name begins with the line's, and no other trace", () => {
    const ranged = curves([
      { name: 'wave', y: [1, 2], lower: [0, 1], upper: [2, 3] },
      { name: 'wave, later', y: [2, 2] },
    ]);
    const figure = covered('wave', wave, ranged, { hides: 'wave' });
    const hidden = figure.data.filter(({ visible }) => visible === false).map(({ name }) => name);
    expect(hidden.sort()).toEqual(['wave', 'wave, range']);
    expect(figure.description).toContain('What is not drawn yet: wave. It');
    expect(figure.layout.shapes).toBeUndefined();
  });

  it('has a question mark in a panel without visible traces, until a value is reached', () => {
    const two = (k: number) => panels([drawn(k), curves([{ name: 'depth', y: [0, k] }])], { title: `${k}` });
    const figure = covered('wave', wave, slider([1, 2], two), { hides: ['depth', 'wave'] });
    const [mark, ...more] = figure.layout.shapes as Record<string, unknown>[];
    expect(more).toEqual([]);
    expect(mark).toMatchObject({ xref: 'x2 domain', yref: 'y2 domain', label: { text: '?' } });
    expect(figure.frames.map(({ layout }) => layout!.shapes)).toEqual([[], []]);
  });

  it("starts and ends at the figure's own value by default, and may hide the slider", () => {
    expect(lessonOf(covered('wave', wave, moving()))).toEqual({
      id: 'wave',
      from: 1,
      deciding: 1,
      hides: [],
      waits: false,
    });
    expect(lessonOf(covered('wave', wave, moving(), { hides: 'rest' }))).toMatchObject({ hides: [], waits: true });
    const both = covered('wave', wave, moving(), { hides: ['rest', 'shore'] });
    expect(lessonOf(both)).toMatchObject({ hides: [1], waits: true });
  });

  it('has the finding of a figure without a slider, and of titles that are all the same', () => {
    const still = covered('wave', wave, drawn(2), { hides: 'shore' });
    expect(lessonOf(still)).toMatchObject({
      id: 'wave',
      hides: [1],
      title: { text: expect.stringMatching(/is 2 high$/) },
    });
    const same = covered(
      'wave',
      wave,
      slider([1, 2], (k) => curves([{ name: 'wave', y: [0, k] }], { title: 'It grows' })),
    );
    expect(same.frames.map((frame) => titleOf(frame as unknown as Figure))).toEqual(['It grows', 'It grows']);
    expect(titleOf(same)).toMatch(/^How high/);
  });

  it('is rejected before anything is shown', () => {
    const cases: [() => void, RegExp][] = [
      [
        () => ask('wave', moving(), { deciding: 4 }),
        /deciding: 4 is not a value of the slider of "wave", which has 1 m, 2 m, 3 m/,
      ],
      [() => ask('wave', moving(), { from: '4 m' }), /from: 4 m is not a value/],
      [() => ask('wave', moving(), { hides: 'wind' }), /no trace “wind” to hide; its traces are wave, shore/],
      [() => ask('wave', drawn(1), { deciding: 1 }), /a figure without a slider/],
      [() => ask('bare', moving()), /"bare" needs a "before"/],
      [() => ask('wave', 'figure' as never), /needs a figure such as plot.slider returns, got 'figure'/],
      [() => ask('wave', moving(), { choice: 'd' as never }), /ask: the answers are "a", "b" and "c", not "d"/],
      [() => ask('nowhere', moving()), /^ask: "nowhere" is in none of the files/],
      [
        () => covered('wave', { ...wave, before: 'Is it *mid*, or what?' }, moving()),
        /has the right answer in it, “Mid”/,
      ],
    ];
    for (const [act, message] of cases) expect(act, String(message)).toThrow(message);
    expect(lines).toEqual([]);
  });
});

describe('a slider', () => {
  it('tells the renderer the names of its strip and its handle', () => {
    const figure = slider([1, 2, 3], drawn, { strip: (k: number) => k / 3, handle: 'shore' });
    expect(figure.layout.meta).toMatchObject({ theme: 'page', slider: { strip: [0.333, 0.667, 1], handle: 1 } });
    expect(figure.values).toEqual([1, 2, 3]);
    expect(JSON.parse(JSON.stringify(figure))).not.toHaveProperty('values');
    expect(moving().layout.meta).not.toHaveProperty('slider');
    expect(() => slider([1, 2], drawn, { strip: () => Number.NaN })).toThrow(
      /strip must return a finite number, at 1 it returned NaN/,
    );
    expect(() => slider([1, 2], drawn, { handle: 'ball' })).toThrow(/no trace is called “ball”.*wave, shore/);
  });
});
