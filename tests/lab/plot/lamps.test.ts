import { expect, it } from 'vitest';
import { tensor } from '../../../src';
import { PlotError } from '../../../src/errors';
import { lamps, tiles } from '../../../src/lab/plot';

it('lights lamps row by row from the upper left', () => {
  const { data, layout, description } = lamps([true, false, true, true, false], { columns: 3, title: 'right' });
  expect(data[0]!.z).toEqual([
    [1, 0, 1],
    [1, 0, null],
  ]);
  expect(layout.yaxis).toMatchObject({ autorange: 'reversed' });
  expect(description).toBe('Lamps: right. 3 of 5 are lit.');
  expect(lamps(tensor([0, 2])).data[0]!.z).toEqual([[1, 0].reverse()]);
});

it('gives each group of tiles a colour, and none to ungrouped ones', () => {
  const { data, description } = tiles([0, 0, 1, 7, -1, 8], { columns: 2 });
  expect(data[0]!.z).toEqual([
    [1, 1],
    [2, 1],
    [0, 2],
  ]);
  expect((data[0]!.text as string[][])[2]).toEqual(['in none', 'group 8']);
  expect(description).toBe('Tiles. 6 in 4 groups.');
});

it('rejects empty data, columns of zero width and invalid groups', () => {
  expect(() => lamps([])).toThrow(PlotError);
  expect(() => lamps([true], { columns: 0 })).toThrow('whole number above 0, got 0');
  expect(() => tiles([0.5])).toThrow('from -1 on, got 0.5');
});

it('a field without columns is about twice as wide as high', () => {
  const { z } = lamps(Array.from({ length: 50 }, () => true)).data[0] as unknown as { z: unknown[][] };
  expect([z.length, z[0]!.length]).toEqual([5, 10]);
});

it.each([
  ['lamps', () => lamps(3 as never), 'lamps: expected a list or a 1-D tensor, got 3'],
  ['tiles', () => tiles(3 as never), 'tiles: expected a list of numbers or a 1-D tensor, got 3'],
])('%s rejects a single number', (_, draw, message) => {
  expect(draw).toThrow(PlotError);
  expect(draw).toThrow(message);
});
