import { describe, expect, it } from 'vitest';
import { stack, type Tensor, tensor } from '../../../../src';
import { PlotError } from '../../../../src/errors';
import { plot } from '../../../../src/lab';
import * as lesson from '../../../../src/lab/lessons/004-arrays-matrices-tensors';

const leaf = (value = 1) => tensor(value, { requiresGrad: true, dtype: 'float64' });
const products = (count: number) => Array.from({ length: count }, (_, i) => leaf(i).mul(2));
const chain = (count: number) => products(count).reduce((sum, term) => sum.add(term));
const lit = '#D55E00';

/** The texts and positions in the figure of one graph, or of several. */
function read(figure: plot.Figure) {
  const named = (name: string) => figure.data.find((trace) => trace.name === name)! as never as Record<string, never>;
  const { x, y, marker } = named('steps') as never as {
    x: number[];
    y: number[];
    marker: { color: string[]; size: number[]; line: { color: string[] } };
  };
  const texts = (name: string) => (named(name) as never as { text: string[] }).text;
  const ends = (name: string) => (named(name) as never as { x: (number | null)[] }).x.filter((one) => one !== null);
  const columns = (isLit: boolean) =>
    x.filter((_, i) => (marker.line.color[i] === lit) === isLit).sort((a, b) => a - b);
  return { x, y, marker, columns, signs: texts('signs'), names: texts('names'), graphs: texts('graphs'), ends };
}

describe('rounds', () => {
  it('puts each step in the first round in which it can run, leaves in round 0', () => {
    const { x, graphs } = read(lesson.rounds([{ name: 'four', y: chain(4) }]));
    expect([...x].sort((a, b) => a - b)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 3, 4]);
    expect(graphs).toEqual(['<b>four</b>: depth 4']);
  });

  it('highlights one longest chain, from a leaf to the result', () => {
    const { columns, ends } = read(lesson.rounds([{ name: 'four', y: chain(4) }]));
    expect(columns(true)).toEqual([0, 1, 2, 3, 4]);
    expect(ends('lit edges')).toHaveLength(8);
    expect(ends('edges')).toHaveLength(2 * (4 + 6 - 4));
  });

  it('highlights with `at` the steps of that round; waiting steps are faint and have no sign', () => {
    const figure = lesson.rounds([{ name: 'four', y: chain(4) }], { at: 2 });
    const { columns, x, marker, signs, graphs } = read(figure);
    expect(columns(true)).toEqual([2]);
    expect(graphs).toEqual(['<b>four</b>: 5 of 7 steps done']);
    const faint = x.filter((_, i) => marker.color[i] === 'rgba(128, 128, 128, 0.15)');
    expect(faint.sort()).toEqual([3, 4]);
    expect(signs.filter((_, i) => x[i]! > 2)).toEqual([' ', ' ']);
    expect(figure.description).toBe(
      'Graphs by rounds. four: depth 4, with 4, 1, 1, 1 steps in its rounds; 5 of 7 steps done after round 2.',
    );
    expect(read(lesson.rounds([{ name: 'four', y: chain(4) }], { at: 0 })).columns(true)).toEqual([]);
  });

  it('hides free steps in the step after them', () => {
    const y = stack(products(2)).sum().sigmoid();
    const { x, names, signs } = read(lesson.rounds([{ name: 'unit', y, steps: ['Mul', 'Sigmoid'] }]));
    expect([...x].sort()).toEqual([0, 0, 1, 1, 2]);
    expect([...names, ...signs].filter((text) => text !== ' ').sort()).toEqual(['×', '×', 'Σσ']);
    const whole = read(lesson.rounds([{ name: 'unit', y, steps: ['Sigmoid'] }]));
    expect([...whole.x].sort()).toEqual([0, 0, 1]);
    expect(whole.names.filter((text) => text !== ' ')).toEqual(['×Σσ']);
  });

  it('omits free steps after the last step', () => {
    const [a, b] = [leaf().exp(), leaf().exp().exp()];
    const { x, graphs } = read(lesson.rounds([{ name: 'both', y: stack([a, b]), steps: ['Exp'] }]));
    expect([...x].sort()).toEqual([0, 0, 1, 1, 2]);
    expect(graphs).toEqual(['<b>both</b>: depth 2']);
  });

  it('shows the given names of results', () => {
    const eye: Tensor = leaf().mul(3).tanh();
    const y = eye.mul(2).tanh();
    const { names } = read(lesson.rounds([{ name: 'face', y, steps: ['Tanh'], names: { eye } }]));
    expect(names.filter((text) => text !== ' ').sort()).toEqual(['eye', '×tanh']);
  });

  it('gives graphs a common scale, and each its own strip', () => {
    const { x, y } = read(
      lesson.rounds([
        { name: 'long', y: chain(6) },
        { name: 'short', y: chain(2) },
      ]),
    );
    const strip = (i: number) => y.filter((height) => Math.floor(height) === i).length;
    expect([strip(1), strip(0)]).toEqual([6 + 6 + 5, 2 + 2 + 1]);
    expect(Math.max(...x)).toBe(6);
  });

  it('draws steps of large graphs small and without signs', () => {
    const { marker, signs, names } = read(lesson.rounds([{ name: 'many', y: chain(40) }]));
    expect(Math.max(...marker.size)).toBe(5);
    expect([...signs, ...names].every((text) => text === ' ')).toBe(true);
  });

  it('supports a slider', () => {
    const figure = plot.slider([0, 1, 2, 3], (at) => lesson.rounds([{ name: 'three', y: chain(3) }], { at }));
    expect(figure.frames).toHaveLength(4);
  });

  it('explains invalid arguments', () => {
    const y = chain(2);
    expect(() => lesson.rounds([])).toThrow(PlotError);
    expect(() => lesson.rounds([{ name: 'a', y }], { at: 0.5 })).toThrow(/at must be a whole number/);
    expect(() => lesson.rounds([{ name: 'a', y: leaf() }])).toThrow(/a has no step/);
    expect(() => lesson.rounds([{ name: 'a', y, steps: ['Tanh'] }])).toThrow(/a has no step of Tanh/);
    expect(() => lesson.rounds([{ name: 'a', y, steps: 'Mul' as never }])).toThrow(/must be a list of names/);
    expect(() => lesson.rounds([{ name: 'a', y: 3 as never }])).toThrow(/must be a tensor/);
  });
});
