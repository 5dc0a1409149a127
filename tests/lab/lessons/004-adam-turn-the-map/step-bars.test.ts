import { expect, it } from 'vitest';
import { PlotError } from '../../../../src/errors';
import { races } from '../../../../src/lab';
import { stepBars } from '../../../../src/lab/lessons/004-adam-turn-the-map';

const six = races.racers().slice(0, 6);
const result = races.race(races.landscapes.bowl(), six);

it('has a bar for each, its rate below its name, and a mark at the earlier result', () => {
  const { data, description } = stepBars(result, { before: [96, 77, 51, 5, Infinity, 71], beforeName: 'at 0°' });
  const [bars, , marks] = data as unknown as { x: number[]; y: string[]; name: string }[];
  expect(bars!.y).toEqual(six.map(({ name, lr }) => `${name}<br>rate ${lr}`));
  expect(marks!.y).toEqual(bars!.y);
  expect(marks!.x).toEqual([96, 77, 51, 5, null, 71]);
  expect(marks!.name).toBe('at 0°');
  expect(description).toMatch(/Marks, at 0°: GD 96, .*RMSprop none, Adam 71\.$/);
});

it('describes briefly who did not arrive, so that no mark crosses the text', () => {
  const [bars] = stepBars(races.race(races.landscapes.bowl(), [six[0]!], { steps: 20 })).data;
  expect(bars!.text).toEqual(['> 20']);
});

it('rounds a rate to two digits', () => {
  const [bars] = stepBars(races.race(races.landscapes.bowl(), [{ ...six[0]!, lr: Math.sqrt(1e-3) }])).data;
  expect(bars!.y).toEqual(['GD<br>rate 0.032']);
});

it('has no marks without earlier results, and no legend for them', () => {
  const { data, description } = stepBars(result);
  expect(data[1]!.x).toEqual(six.map(() => null));
  expect(description).not.toContain('Marks');
});

it('rejects a different number of marks than runs', () => {
  expect(() => stepBars(result, { before: [1, 2] })).toThrow(PlotError);
  expect(() => stepBars(result, { before: [1, 2] })).toThrow('2 numbers for 6 runs');
});
