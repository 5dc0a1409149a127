// Spaces: the types of trials, and invalid spaces.
import { describe, expect, expectTypeOf, test } from 'vitest';
import { tuner, ValueError } from '../../src';

const space = tuner.space({
  rate: tuner.float(1e-4, 1, { log: true }),
  width: tuner.int(4, 64),
  act: tuner.categorical(['relu', 'tanh', null]),
  bias: tuner.categorical([true, false]),
  slope: tuner.when({ act: 'relu' }, tuner.float(0, 0.5)),
  depth: tuner.when({ act: ['relu', 'tanh'], bias: true }, tuner.int(1, 3)),
  form: tuner.when({ width: 8 }, tuner.categorical(['flat', 'steep'])),
});

test("a trial's parameters have their types", () => {
  const trial = new tuner.Search(space, { trials: 1 }).ask();
  if (typeof trial === 'string') throw new Error(trial);
  expectTypeOf(trial.params).toEqualTypeOf<{
    readonly rate: number;
    readonly width: number;
    readonly act: 'relu' | 'tanh' | null;
    readonly bias: boolean;
    readonly slope?: number;
    readonly depth?: number;
    readonly form?: 'flat' | 'steep';
  }>();
  // @ts-expect-error there is no such parameter
  expect(trial.params.momentum).toBeUndefined();
});

test('a condition with an unknown parameter, or an impossible value, does not compile', () => {
  const act = tuner.categorical(['relu', 'tanh']);
  // @ts-expect-error no such value
  expect(() => tuner.space({ act, slope: tuner.when({ act: 'relü' }, tuner.float(0, 1)) })).toThrow(
    "slope would never be there: act cannot be 'relü'",
  );
  // @ts-expect-error no such parameter
  expect(() => tuner.space({ act, slope: tuner.when({ activation: 'relu' }, tuner.float(0, 1)) })).toThrow(
    'slope depends on activation, which is not a parameter; the parameters before it are act',
  );
});

describe('invalid spaces and parameters are rejected with advice', () => {
  const wrong: [string, () => unknown, string][] = [
    ['an empty space', () => tuner.space({}), 'the space is empty'],
    ['a number instead of a parameter', () => tuner.space({ rate: 0.1 as never }), 'rate must be made by tuner.float'],
    [
      'a condition before its parameter',
      () => tuner.space({ a: tuner.when({ b: 1 }, tuner.int(0, 1)), b: tuner.int(0, 1) }),
      'b, which comes after it',
    ],
    [
      'a condition without values',
      () => tuner.space({ b: tuner.int(0, 1), a: tuner.when({ b: [] }, tuner.int(0, 1)) }),
      'one of no values',
    ],
    ['bounds in the wrong order', () => tuner.float(1, 0), 'low is 1, above high, 0'],
    ['a bound that is NaN', () => tuner.float(Number.NaN, 0), 'low must be a finite number, got NaN'],
    ['an infinite bound', () => tuner.int(0, Number.POSITIVE_INFINITY), 'high must be a finite number'],
    ['a logarithm of 0', () => tuner.float(0, 1, { log: true }), 'low must be above 0'],
    ['a fractional integer bound', () => tuner.int(0.5, 3), 'bounds must be whole numbers, got 0.5'],
    ['a logarithm of integers from 0', () => tuner.int(0, 3, { log: true }), 'low must be 1 or more'],
    ['log with steps', () => tuner.float(1, 2, { log: true, step: 0.1 }), 'log and step exclude each other'],
    ['a step of 0', () => tuner.float(1, 2, { step: 0 }), 'step must be above 0'],
    ['a misspelt option', () => tuner.float(1, 2, { steps: 0.1 } as never), 'did you mean step'],
    ['no choice', () => tuner.categorical([]), 'there must be a choice'],
    ['a duplicate choice', () => tuner.categorical(['a', 'b', 'a']), "the choice 'a' is given twice"],
    ['a choice that JSON cannot keep', () => tuner.categorical([Math.sin as never]), 'name the choices'],
    ['NaN as a choice', () => tuner.categorical([Number.NaN]), 'must be a text, a finite number'],
    ['an empty condition', () => tuner.when({}, tuner.int(0, 1)), 'the condition must name a parameter'],
    [
      'a condition in a condition',
      () => tuner.when({ a: 1 }, tuner.when({ b: 1 }, tuner.int(0, 1)) as never),
      'name all parameters in one',
    ],
  ];
  test.each(wrong)('%s', (_, make, message) => {
    expect(make).toThrow(ValueError);
    expect(make).toThrow(message);
  });
});

test('bounds that steps do not reach are replaced by the last step', () => {
  expect(tuner.int(0, 10, { step: 4 }).high).toBe(8);
  expect(tuner.float(0, 1, { step: 0.3 }).high).toBe(0.9);
  expect(tuner.float(0, 0.3, { step: 0.1 }).high).toBe(0.3);
  expect(tuner.float(-1, 1, { step: 0.7 }).high).toBe(0.4);
});

test('a parameter whose condition depends on an absent one is absent', () => {
  const nested = tuner.space({
    a: tuner.categorical(['x', 'y']),
    b: tuner.when({ a: 'x' }, tuner.categorical(['p', 'q'])),
    c: tuner.when({ b: 'p' }, tuner.int(1, 9)),
  });
  const search = new tuner.Search(nested, { sampler: tuner.random(), trials: 60 });
  const seen = new Set<string>();
  for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask()) {
    const { a, b, c } = trial.params;
    expect(b === undefined).toBe(a === 'y');
    expect(c === undefined).toBe(b !== 'p');
    seen.add(`${a}${b}`);
    search.tell(trial.number, 0);
  }
  expect([...seen].sort()).toEqual(['xp', 'xq', 'yundefined']);
});

describe('a grid', () => {
  const valuesOf = (grid: tuner.GridSampler, of: tuner.Space) => {
    const search = new tuner.Search(of, { sampler: grid });
    for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask()) search.tell(trial.number, 0);
    return search.trials.map(({ params }) => Object.values(params).join(' '));
  };
  test('has each combination once, the last parameter fastest, and ends', () => {
    const of = tuner.space({
      rate: tuner.float(0.001, 0.1, { log: true }),
      width: tuner.int(4, 64),
      act: tuner.categorical(['relu', 'tanh']),
    });
    const found = valuesOf(tuner.grid({ points: 3 }), of as never);
    expect(found.slice(0, 4)).toEqual(['0.001 4 relu', '0.001 4 tanh', '0.001 34 relu', '0.001 34 tanh']);
    expect(found.length).toBe(18);
    expect(new Set(found).size).toBe(18);
    expect(found.at(-1)).toBe('0.1 64 tanh');
    expect(found[6]).toBe('0.01 4 relu');
  });
  test('has one value per step, and one for each condition that does not hold', () => {
    const of = tuner.space({
      optimizer: tuner.categorical(['sgd', 'adam']),
      momentum: tuner.when({ optimizer: 'sgd' }, tuner.float(0, 0.9, { step: 0.3 })),
      layers: tuner.int(1, 2),
      one: tuner.int(7, 7),
    });
    expect(valuesOf(tuner.grid(), of as never)).toEqual([
      ...[0, 0.3, 0.6, 0.9].flatMap((m) => [`sgd ${m} 1 7`, `sgd ${m} 2 7`]),
      'adam 1 7',
      'adam 2 7',
    ]);
  });
  test('accepts custom values, and rejects invalid ones', () => {
    const of = tuner.space({ x: tuner.float(0, 1), y: tuner.int(0, 9) });
    expect(valuesOf(tuner.grid({ values: { x: [0.25], y: [1, 4] } }), of as never)).toEqual(['0.25 1', '0.25 4']);
    const search = (values: Record<string, tuner.Choice[]>) =>
      new tuner.Search(of, { sampler: tuner.grid({ values }) });
    expect(() => search({ z: [1] })).toThrow('there is no parameter z; the space has x, y');
    expect(() => search({ x: [2] })).toThrow('x cannot be 2');
    expect(() => new tuner.Search(of, { sampler: tuner.grid({ points: 5000 }) }).ask()).not.toThrow();
    const large = tuner.space({ a: tuner.float(0, 1), b: tuner.float(0, 1) });
    expect(() => new tuner.Search(large, { sampler: tuner.grid({ points: 2000 }) })).toThrow(
      'more than 1000000 points',
    );
  });
});
