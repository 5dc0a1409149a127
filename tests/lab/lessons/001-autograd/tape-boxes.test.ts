import { expect, it } from 'vitest';
import { type TapeArrow, type TapeBox, tapeBoxes } from '../../../../src/lab/lessons/001-autograd';

const boxes: TapeBox[] = [
  { name: 'x', at: [0, 0], value: '3', gradient: '6' },
  { name: 'x²', at: [1, 0], value: '9', keeps: 'x = 3' },
];
type Part = { name: string; x: (number | null)[]; y: (number | null)[]; text?: (string | null)[] };
const parts = (figure: ReturnType<typeof tapeBoxes>) =>
  Object.fromEntries((figure.data as unknown as Part[]).map((part) => [part.name, part]));

it('shows values, saved values, and gradients below', () => {
  const figure = tapeBoxes(boxes, [{ from: 0, to: 1 }], { title: 'squared' });
  const { values, keeps, gradients, kept } = parts(figure);
  expect(values!.text).toEqual(['<b>3</b>', '<b>9</b>']);
  expect(keeps!.text).toEqual([' ', 'x = 3']);
  expect(gradients!.text).toEqual(['<b>∇ 6</b>', ' ']);
  // One band, of the box that saves something: four corners, the first again, and a gap.
  expect(kept!.x).toHaveLength(6);
  expect(figure.description).toBe('Tape: squared. x is 3, slope 6; x² is 9, x = 3.');
});

it('highlights arrows forwards or backwards', () => {
  const arrows: TapeArrow[] = [{ from: 0, to: 1, lit: true, says: '1 · 6' }];
  const ends = (back: boolean) => parts(tapeBoxes(boxes, arrows, { back }))['walked now']!.x.slice(0, 2) as number[];
  expect(ends(false)[0]).toBeLessThan(ends(false)[1]!);
  expect(ends(true)[0]).toBeGreaterThan(ends(true)[1]!);
  expect(tapeBoxes(boxes, arrows, { back: true }).description).toContain('Sent now: 1 · 6.');
});

it('keeps its traces if nothing is highlighted or saved', () => {
  const bare = tapeBoxes([{ name: 'x', at: [0, 0] }], []);
  expect(Object.keys(parts(bare))).toEqual(Object.keys(parts(tapeBoxes(boxes, [{ from: 0, to: 1, lit: true }]))));
  expect(parts(bare).sent!.x).toEqual([null]);
});

it('rejects what it cannot draw', () => {
  expect(() => tapeBoxes([], [])).toThrow('at least one box');
  expect(() => tapeBoxes(boxes, [{ from: 0, to: 2 }])).toThrow('no box 2, there are 2');
  expect(() => tapeBoxes(boxes, [{ from: 5, to: 1 }])).toThrow('no box 5');
});
