import { expect, it } from 'vitest';
import { PlotError } from '../../../../src/errors';
import { type KinkUnit, kinks } from '../../../../src/lab/lessons/004-dying-relu';

const curve = { name: 'net', x: [-2, 2], y: [0, 1] };
type Drawn = { name: string; x: (number | null)[] };
const drawn = (units: KinkUnit[]) =>
  Object.fromEntries(
    (kinks(units, { curve, range: [-2, 2] }).data as unknown as Drawn[]).map(({ name, x }) => [name, x]),
  );

it('draws a unit from its kink to its active end, and a dead one only as a cross', () => {
  const parts = drawn([
    { weight: 2, bias: -1 },
    { weight: -1, bias: 1 },
    { weight: 1, bias: -2.5 },
  ]);
  expect(parts['unit, where it is on']).toEqual([0.5, 2, null, 1, -2, null]);
  expect(parts.kink).toEqual([0.5, 1]);
  expect(parts.dead).toEqual([2.5]);
  expect(parts['came back']).toBeUndefined();
});

it('gives a revived unit a separate colour, and none to one that is still dead', () => {
  const parts = drawn([
    { weight: 1, bias: 0, isBack: true },
    { weight: 1, bias: 1, isBack: false },
    { weight: 1, bias: -2.5, isBack: true },
  ]);
  expect(parts['came back']).toEqual([0]);
  expect(parts.kink).toEqual([-1]);
  expect(parts.dead).toEqual([2.5]);
});

it('rejects a unit without numbers', () => {
  expect(() => drawn([{ weight: Number.NaN, bias: 0 }])).toThrow(PlotError);
  expect(() => drawn([])).toThrow('at least one unit');
});
