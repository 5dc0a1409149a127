import { expect, it } from 'vitest';
import { distance, lampRows, pairs } from '../../../../src/lab/lessons/004-dropout';

it('draws lamps, and question marks for unknown rows', () => {
  const figure = lampRows([[true, false, true], null, [false, false, false]], { yLabel: 'pass', title: 'Now' });
  const [lamps, marks] = figure.data as unknown as [{ z: unknown }, { y: number[]; text: string[] }];
  expect(lamps.z).toEqual([
    [1, 0, 1],
    [-1, -1, -1],
    [0, 0, 0],
  ]);
  expect(marks.y).toEqual([2]);
  expect(marks.text).toEqual(['?']);
  expect(figure.description).toBe('Lamps: Now. 3 rows of 3, not known: 1; 2 of 6 are lit.');
  expect(figure.layout.yaxis).toMatchObject({ range: [3.5, 0.5] });
});

it('keeps its question marks, without a position, if all rows are known', () => {
  expect(lampRows([[true, false]]).data[1]).toMatchObject({ name: 'not known', x: [null], y: [null], text: [] });
});

it('rejects rows without lamps, and of different lengths', () => {
  expect(() => lampRows([null])).toThrow('expected at least one row');
  expect(() => lampRows([[true], [true, false]])).toThrow('equally many');
});

it('compares rows', () => {
  expect(distance([true, false, true], [true, true, false])).toBe(2);
  expect(pairs(['a', 'b', 'c'])).toEqual([
    ['a', 'b'],
    ['a', 'c'],
    ['b', 'c'],
  ]);
});
