import { expect, it } from 'vitest';
import { pushedBars } from '../../../../src/lab/lessons/001-softmax-and-cross-entropy';

const labels = ['first', 'second'];
const options = { name: 'score', labels, yRange: [-2, 2] } as const;

it('draws an arrow from the end of each bar, as long as its push, and describes it', () => {
  const figure = pushedBars([1, -0.5], { ...options, pushes: [-0.75, 0.25] });
  const [bars, arrows, numbers] = figure.data as unknown as { name: string; y: (number | null)[]; text: string[] }[];
  expect(bars!.y).toEqual([1, -0.5]);
  expect(bars!.text).toEqual(['1.00', '−0.50']);
  expect(arrows!.name).toBe('push');
  expect(arrows!.y).toEqual([1, 0.25, null, -0.5, -0.25, null]);
  expect(numbers).toMatchObject({ name: 'push, in numbers', y: [2, 2], text: ['−0.75', '+0.25'] });
  expect(figure.description).toBe('Bars, score. first 1, pushed by −0.75; second -0.5, pushed by +0.25.');
});

it('marks where each bar should end', () => {
  const figure = pushedBars([0.25, 0.75], { ...options, name: 'share', targets: [0, 1], title: 'step 0' });
  const [, targets] = figure.data as unknown as { name: string; y: number[] }[];
  expect(targets).toMatchObject({ name: 'target', y: [0, 1] });
  expect(figure.description).toBe('Bars, share: step 0. first 0.25, target 0; second 0.75, target 1.');
});

it('has no head if an arrow is too short for one', () => {
  const [, arrows] = pushedBars([0, 0], { ...options, pushes: [0, 1] }).data as unknown as {
    marker: { size: number[] };
  }[];
  expect(arrows!.marker.size[1]).toBe(0);
  expect(arrows!.marker.size[4]).toBeGreaterThan(5);
});

it('rejects mismatched lists', () => {
  expect(() => pushedBars([], options)).toThrow('at least one bar');
  expect(() => pushedBars([1, 2], { ...options, pushes: [1] })).toThrow('got 2 bars and 1 pushes');
  expect(() => pushedBars([1, 2], { ...options, targets: [1, 0, 0] })).toThrow('got 2 bars and 3 targets');
  expect(() => pushedBars([1], options)).toThrow('got 1 bars and 2 labels');
});
