import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlotError } from '../../../../src/errors';
import type { plot } from '../../../../src/lab';
import { timetable } from '../../../../src/lab/lessons/004-backpropagation-derived';

interface Bars {
  base: number[];
  x: number[];
  y: number[];
  text: string[];
}

/** The worker, start and end of each task. */
function read(figure: plot.Figure) {
  const { base, x, y, text } = figure.data[0] as unknown as Bars;
  return text.map((bold, i) => {
    const name = bold.replace(/<\/?b>/g, '');
    return { name, isOnChain: bold !== name, start: base[i]!, end: base[i]! + x[i]!, worker: y[i]! - 1 };
  });
}

describe('timetable', () => {
  const backward = [
    { name: '∇W³' },
    { name: '∇W²', after: ['P²'] },
    { name: 'P²' },
    { name: '∇W¹', after: ['P¹'] },
    { name: 'P¹', after: ['P²'] },
  ];

  it('gives a free worker the task with the longest chain after it', () => {
    expect(read(timetable(backward, { workers: 2 }))).toEqual([
      { name: 'P²', isOnChain: true, start: 0, end: 1, worker: 0 },
      { name: '∇W³', isOnChain: false, start: 0, end: 1, worker: 1 },
      { name: 'P¹', isOnChain: true, start: 1, end: 2, worker: 0 },
      { name: '∇W²', isOnChain: false, start: 1, end: 2, worker: 1 },
      { name: '∇W¹', isOnChain: true, start: 2, end: 3, worker: 0 },
    ]);
  });

  it('takes the total with one worker, and the longest chain with many', () => {
    expect(timetable(backward, { workers: 1 }).layout.title).toMatchObject({
      text: 'Done after 5; the longest chain takes 3',
    });
    expect(timetable(backward).description).toBe(
      'Timetable: Done after 3; the longest chain takes 3. worker 1: P² at 0, P¹ at 1, ∇W¹ at 2; ' +
        'worker 2: ∇W³ at 0, ∇W² at 1. Longest chain: P², P¹, ∇W¹.',
    );
  });

  it("never overlaps, never starts before its dependencies, and satisfies Graham's bound (1966)", () => {
    const anyTasks = fc.array(fc.record({ time: fc.integer({ min: 1, max: 9 }), bits: fc.nat(255) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(anyTasks, fc.integer({ min: 1, max: 4 }), (list, workers) => {
        const tasks = list.map(({ time, bits }, i) => ({
          name: `t${i}`,
          time,
          after: list.flatMap((_, k) => (k < i && (bits >> k) & 1 ? [`t${k}`] : [])),
        }));
        const plan = read(timetable(tasks, { workers }));
        const of = (name: string) => plan.find((one) => one.name === name)!;
        const ends: number[] = [];
        for (const { name, time, after } of tasks) {
          expect(of(name).end - of(name).start).toBe(time);
          for (const one of after) expect(of(one).end).toBeLessThanOrEqual(of(name).start);
          ends.push(time + Math.max(0, ...after.map((one) => ends[Number(one.slice(1))]!)));
        }
        for (const a of plan) {
          expect(a.worker).toBeLessThan(workers);
          for (const b of plan) {
            if (a !== b && a.worker === b.worker) expect(a.end <= b.start || b.end <= a.start).toBe(true);
          }
        }
        const chain = Math.max(...ends);
        const work = list.reduce((sum, { time }) => sum + time, 0);
        const done = Math.max(...plan.map(({ end }) => end));
        expect(done).toBeGreaterThanOrEqual(Math.max(chain, work / workers));
        expect(done).toBeLessThanOrEqual(work / workers + chain * (1 - 1 / workers) + 1e-9);
        const onChain = plan.filter(({ isOnChain }) => isOnChain);
        expect(onChain.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(chain);
      }),
    );
  });

  it('rejects invalid plans', () => {
    expect(() => timetable([])).toThrow(PlotError);
    expect(() => timetable([{ name: 'a' }, { name: 'a' }])).toThrow('two tasks are named “a”');
    expect(() => timetable([{ name: 'a', after: ['b'] }])).toThrow('“a” waits for “b”, which is not a task');
    expect(() =>
      timetable([
        { name: 'a', after: ['b'] },
        { name: 'b', after: ['a'] },
      ]),
    ).toThrow('a waits for b waits for a: none of them can ever start');
    expect(() => timetable([{ name: 'a', time: 0 }])).toThrow('“a” takes 0');
    expect(() => timetable([{ name: 'a' }], { workers: 0 })).toThrow('workers must be a whole number above 0, got 0');
  });
});
