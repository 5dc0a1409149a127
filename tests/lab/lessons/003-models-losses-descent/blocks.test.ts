import { expect, it } from 'vitest';
import { PlotError } from '../../../../src/errors';
import { blocks } from '../../../../src/lab/lessons/003-models-losses-descent';

const model = {
  x: { kind: 'observed', text: '2' },
  w: { kind: 'computed' },
  G: { kind: 'function' },
  ȳ: { kind: 'computed', text: '1' },
  y: { kind: 'observed' },
  C: { kind: 'cost', text: '0.5' },
} as const;
const edges = [
  ['x', 'G'],
  ['w', 'G'],
  ['G', 'ȳ'],
  ['ȳ', 'C'],
  ['y', 'C'],
] as const;
const trace = (name: string, figure = blocks(model, edges)) =>
  figure.data.find((one) => one.name === name) as unknown as {
    x: (number | null)[];
    y: (number | null)[];
    text: string[];
  };

it('runs from left to right, the cost last, observed values next to where they are used', () => {
  const { x, y, text } = trace('names');
  const place = Object.fromEntries(text.map((name, i) => [name, [x[i], y[i]]]));
  expect(place.x![0]).toBe(0);
  expect(place.w![0]).toBe(0);
  expect([place.G![0], place.ȳ![0], place.y![0], place.C![0]]).toEqual([1.9, 3.8, 3.8, 5.7]);
  expect(place.G![1]).toBeCloseTo((place.x![1]! + place.w![1]!) / 2, 12);
  expect(place.ȳ![1]).toBe(place.G![1]);
  expect(place.y![1]).not.toBe(place.ȳ![1]);
});

it('draws circles, rounded boxes and squares, and arrows from border to border', () => {
  const around = (name: string, [cx, cy]: [number, number]) => {
    const { x, y } = trace(name);
    const end = x.indexOf(null);
    return x.slice(0, end).map((one, i) => Math.hypot(one! - cx, y[i]! - cy));
  };
  const names = trace('names');
  const at = (name: string): [number, number] => {
    const i = names.text.indexOf(name);
    return [names.x[i]!, names.y[i]!];
  };
  for (const distance of around('observed', at('x'))) expect(distance).toBeCloseTo(0.36, 2);
  expect(new Set(around('costs', at('C')).map((d) => d.toFixed(2)))).toEqual(new Set(['0.65']));
  expect(Math.max(...around('functions', at('G')))).toBeLessThan(0.71);
  const { x } = trace('edges');
  expect(x).toHaveLength(15);
  // From G to ȳ, level: from the box's border to the circle's.
  expect(x[6]).toBeCloseTo(1.9 + 0.62, 3);
  expect(x[7]).toBeLessThan(3.8 - 0.36);
  expect(x[7]).toBeGreaterThan(3.8 - 0.36 - 0.06);
});

it('highlights blocks and edges, and describes what it shows', () => {
  const figure = blocks(model, edges, { lit: ['C', ['ȳ', 'C']], title: 'T' });
  expect(trace('lit edges', figure).x).toHaveLength(3);
  expect(trace('edges', figure).x).toHaveLength(12);
  expect(trace('lit', figure).x.filter((one) => one !== null)).toHaveLength(5);
  expect(trace('lit').x).toEqual([null]);
  expect(figure.description).toBe(
    'Blocks: T. x (observed, 2), w (computed), G (function), ȳ (computed, 1), y (observed), C (cost, 0.5). ' +
      'Edges: x to G, w to G, G to ȳ, ȳ to C, y to C. Lit: C, ȳ to C.',
  );
  expect(blocks({ x: { kind: 'observed' } }, []).description).toBe('Blocks. x (observed). No edges.');
});

it.each<[string, () => unknown, string]>([
  ['an empty diagram', () => blocks({}, []), 'at least one block'],
  ['an unknown kind', () => blocks({ x: { kind: 'square' as never } }, []), "that of x is 'square'"],
  ['an edge to an unknown block', () => blocks(model, [['x', 'z']]), 'no block “z”; there are x, w'],
  ['a highlight of an unknown block', () => blocks(model, edges, { lit: ['z'] }), 'no block “z”'],
  ['a cycle', () => blocks(model, [...edges, ['C', 'G']]), 'in a circle, through G, ȳ, C'],
])('rejects %s', (_, draw, message) => {
  expect(draw).toThrow(PlotError);
  expect(draw).toThrow(message);
});
