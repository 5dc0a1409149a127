// Which slider values are computed in advance, and which controls are combined.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planOf, thinned } from '../../site/pages/control-values.mjs';

describe('the values of a slider', () => {
  test('include round ones, both ends and the start', () => {
    expect(thinned({ min: -3, max: 4, step: 0.1, value: 2 }, 25)).toEqual(
      Array.from({ length: 15 }, (_, i) => -3 + i / 2),
    );
    expect(thinned({ min: 1, max: 12, step: 1, value: 6 }, 25)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(thinned({ min: 0, max: 50, step: 1, value: 7 }, 13)).toEqual([0, 5, 7, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
    expect(thinned({ min: 0.05, max: 1, step: 0.1, value: 0.25 }, 25).slice(0, 3)).toEqual([0.05, 0.15, 0.25]);
    // The last step may end before the largest value.
    expect(thinned({ min: 0, max: 1, step: 0.3, value: 0.3 }, 25)).toEqual([0, 0.3, 0.6, 0.9]);
  });

  test('are the slider’s own, in order, few, and include the start', () => {
    const slider = fc
      .record({
        from: fc.integer({ min: -500, max: 500 }),
        count: fc.integer({ min: 1, max: 2000 }),
        digits: fc.nat(3),
      })
      .chain(({ from, count, digits }) =>
        fc.record({
          unit: fc.constant(10 ** -digits),
          min: fc.constant(Number((from * 10 ** -digits).toFixed(digits))),
          max: fc.constant(Number(((from + count) * 10 ** -digits).toFixed(digits))),
          value: fc.integer({ min: 0, max: count }).map((i) => Number(((from + i) * 10 ** -digits).toFixed(digits))),
          most: fc.integer({ min: 5, max: 25 }),
        }),
      );
    fc.assert(
      fc.property(slider, ({ unit, min, max, value, most }) => {
        const values = thinned({ min, max, step: unit, value }, most);
        expect(values.length).toBeLessThanOrEqual(most);
        expect(values).toContain(value);
        expect([values[0], values.at(-1)]).toEqual([min, max]);
        for (const [i, one] of values.entries()) {
          expect(Math.abs((one - min) / unit - Math.round((one - min) / unit))).toBeLessThan(1e-6);
          if (i > 0) expect(one).toBeGreaterThan(values[i - 1]!);
        }
      }),
    );
  });
});

describe('combinations of controls', () => {
  const slider = (description: string, max: number, value: number) => ({
    _model_name: 'IntSliderModel',
    description,
    min: 0,
    max,
    step: 1,
    value,
  });
  const box = (...states: object[]) => {
    const inside = Object.fromEntries(states.map((state, i) => [`m${i}`, state]));
    return { ...inside, box: { children: Object.keys(inside).map((id) => `IPY_MODEL_${id}`) } };
  };

  test('few controls move together, in all combinations', () => {
    const states = box(slider('a', 3, 1), { _model_name: 'CheckboxModel', description: 'b', value: true });
    const [plan] = planOf('box', states);
    expect(plan).toMatchObject({ isGrid: true, still: [] });
    expect(plan.controls.map(({ name, values, start }) => [name, values, start])).toEqual([
      ['a', [0, 1, 2, 3], 1],
      ['b', [false, true], 1],
    ]);
    expect(plan.combinations).toEqual([0, 1, 2, 3].flatMap((i) => [0, 1].map((j) => [i, j])));
  });

  test('many controls move one by one, with the others at their start; a text field never moves', () => {
    const menu = { _model_name: 'DropdownModel', description: 'd', _options_labels: ['x', 'y', 'z'], index: 2 };
    const text = { _model_name: 'TextModel', description: 't', value: '' };
    const plans = planOf('box', box(...['a', 'b', 'c'].map((name) => slider(name, 200, 100)), menu, text));
    expect(plans[0]).toMatchObject({ isGrid: false, still: ['t'] });
    const { controls, combinations } = plans[0]!;
    const starts = controls.map(({ start }) => start);
    expect(controls.map(({ values, start }) => values[start])).toEqual([100, 100, 100, 2]);
    expect(combinations.length).toBe(controls.reduce((sum, { values }) => sum + values.length, 0));
    for (const combination of combinations)
      expect(combination.filter((index, i) => index !== starts[i]).length).toBeLessThanOrEqual(1);
    // If there are too many for a page, fewer values are tried.
    expect(plans.at(-1)!.combinations.length).toBeLessThan(combinations.length);
  });
});
