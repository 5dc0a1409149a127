import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nn, randn } from '../../../../src';
import { PlotError } from '../../../../src/errors';
import { shapes } from '../../../../src/lab/lessons/003-backprop-through-blocks';
import type { PlotlyTrace } from '../../../../src/lab/plot';
import * as plot from '../../../../src/lab/plot';

const named = (figure: { data: PlotlyTrace[] }, name: string) =>
  figure.data.find((trace) => trace.name === name) as unknown as { x: (number | null)[]; y: number[]; text: string[] };
/** The columns of the boxes that a trace draws. */
const columns = (figure: { data: PlotlyTrace[] }, name: string) =>
  named(figure, name).x.flatMap((left, i, x) => (i % 6 === 0 && left !== null ? [(left + x[i + 1]!) / 2] : []));
const linear = (takes: number, gives: number) => ({ takes, gives });
const flat = (s: readonly number[]) => [s.reduce((a, b) => a * b, 1)];

describe('shapes', () => {
  const net = (m0: string, shape = [3, 10, 20]) => [
    { name: 'x', gives: shape },
    { name: 'z0', gives: flat },
    { name: 's1', from: m0, ...linear(600, 60) },
    { name: 'z1' },
    { name: 's2', ...linear(60, 40) },
  ];

  it('follows the sizes from step to step', () => {
    const figure = shapes(net('z0'), { title: 'Fits' });
    expect(named(figure, 'shapes').text).toEqual(['[3, 10, 20]', '[600]', '[60]', '[60]', '[40]']);
    expect(columns(figure, 'sizes')).toEqual([0, 1, 2, 3, 4]);
    expect(named(figure, 'takes').text).toEqual(['takes 600', 'takes 60']);
    expect(figure.description).toBe('Sizes: Fits. x [3, 10, 20]; z0 [600]; s1 [60]; z1 [60]; s2 [40].');
  });

  it('marks mismatched sizes with a cross, and nothing after it has a size', () => {
    const figure = shapes(net('x'));
    expect(columns(figure, 'sizes')).toEqual([0, 1]);
    expect(columns(figure, 'does not fit')).toEqual([2]);
    expect(columns(figure, 'not reached')).toEqual([3, 4]);
    expect(named(figure, 'crosses')).toMatchObject({ x: [2], text: ['<b>✗</b>'] });
    expect(named(figure, 'misfits').text[0]!.replaceAll('<br>', ' ')).toBe('takes 600, is given 20');
    // The connection passes above the steps between.
    expect(named(figure, 'way, does not fit').x.slice(0, 4)).toEqual([0.1, 0.1, 1.9, 1.9]);
    expect(Math.max(...named(figure, 'way, does not fit').y)).toBeGreaterThan(1);
    expect(figure.description).toContain('s1 takes 600, is given 20; z1 not reached; s2 not reached.');
  });

  it('agrees with the layers themselves', () => {
    const size = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 4 }), size, size, (shape, takes, gives) => {
        const figure = shapes([
          { name: 'x', gives: shape },
          { name: 'y', ...linear(takes, gives) },
        ]);
        let real: number[] | undefined;
        try {
          real = [...new nn.Linear(takes, gives).forward(randn(shape)).shape];
        } catch {
          real = undefined;
        }
        expect(named(figure, 'shapes').text[1]!.replaceAll('<br>', ' ')).toBe(real ? `[${real.join(', ')}]` : '');
      }),
      { numRuns: 60 },
    );
  });

  it('accepts sizes as a list, a function, a last axis, or unchanged', () => {
    const figure = shapes([
      { name: 'x', gives: [8, 3, 4] },
      { name: 'same' },
      { name: 'last', gives: 5 },
      { name: 'flat', gives: flat },
      { name: 'list', gives: [7] },
    ]);
    const texts = named(figure, 'shapes').text.map((text) => text.replaceAll('<br>', ' '));
    expect(texts).toEqual(['[8, 3, 4]', '[8, 3, 4]', '[8, 3, 5]', '[120]', '[7]']);
  });

  it('requires several axes, some of any size; too many never match', () => {
    const ends = (takes: (number | null)[], given: number[]) =>
      columns(
        shapes([
          { name: 'x', gives: given },
          { name: 'y', takes, gives: [1] },
        ]),
        'sizes',
      ).length === 2;
    expect(ends([3, null, null], [8, 3, 10, 20])).toBe(true);
    expect(ends([3, null, null], [3, 10, 20])).toBe(true);
    expect(ends([3, null, null], [10, 3, 20])).toBe(false);
    expect(ends([null, 20], [20])).toBe(false);
    expect(ends([], [])).toBe(true);
    const figure = shapes([
      { name: 'x', gives: [] },
      { name: 'y', takes: [null, 2], gives: [1] },
    ]);
    expect(figure.description).toContain('y takes any × 2, is given a single number.');
  });

  it('shows the steps done so far, with the same traces', () => {
    const [none, two] = [shapes(net('x'), { done: 0 }), shapes(net('x'), { done: 2 })];
    expect(columns(none, 'not reached')).toEqual([0, 1, 2, 3, 4]);
    expect(columns(two, 'sizes')).toEqual([0, 1]);
    expect(columns(two, 'does not fit')).toEqual([]);
    expect(two.description).toContain('z0 [600]; s1 not run; z1 not run');
    const types = (figure: plot.Figure) => figure.data.map(({ type, name }) => [type, name]);
    expect(types(two)).toEqual(types(shapes(net('z0'))));
    expect(plot.slider([0, 5], (done) => shapes(net('x'), { done })).frames).toHaveLength(2);
  });

  it.each<[string, () => unknown, string]>([
    ['no steps', () => shapes([]), 'at least one step'],
    ['two with the same name', () => shapes([net('x')[0]!, net('x')[0]!]), 'two steps are named “x”'],
    ['a later step as input', () => shapes([{ name: 'x', from: 'y', gives: [1] }]), 'is not a step before it'],
    ['a first step with requirements', () => shapes([{ name: 'x', takes: [1], gives: [1] }]), 'has no input'],
    ['a first step without sizes', () => shapes([{ name: 'x' }]), 'has no input'],
    ['a first step with a last axis', () => shapes([{ name: 'x', gives: 3 }]), 'needs its sizes as a list'],
    ['a fractional size', () => shapes([{ name: 'x', gives: [1.5] }]), '“x” gives [1.5]; sizes are whole numbers'],
    ['more steps than exist', () => shapes(net('x'), { done: 6 }), 'from 0 to 5, the steps, got 6'],
  ])('rejects %s', (_, draw, message) => {
    expect(draw).toThrow(PlotError);
    expect(draw).toThrow(message);
  });
});
