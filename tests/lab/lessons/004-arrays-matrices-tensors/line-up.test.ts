import { describe, expect, it } from 'vitest';
import { ones } from '../../../../src';
import type { plot } from '../../../../src/lab';
import { lineUp, shapeTable } from '../../../../src/lab/lessons/004-arrays-matrices-tensors';

const textsOf = (figure: plot.Figure) =>
  (figure.data.find(({ name }) => name === 'numbers') as never as { text: string[] }).text;

describe('lineUp', () => {
  it('pads on the left, and repeats dimensions of size 1', () => {
    expect(lineUp([4, 1, 3], [2, 1])).toEqual({
      padded: [
        [4, 1, 3],
        [1, 2, 1],
      ],
      result: [4, 2, 3],
      fits: true,
    });
    expect(lineUp([], [])).toEqual({ padded: [[], []], result: [], fits: true });
    expect(lineUp([3, 4], [3])).toMatchObject({ result: [3, Number.NaN], fits: false });
  });

  it('agrees with the library', () => {
    for (const [a, b] of [
      [[6, 1], [6]],
      [[1], [2, 0]],
      [
        [2, 3, 4],
        [3, 1],
      ],
    ] as [number[], number[]][])
      expect(lineUp(a, b).result).toEqual(ones(a).add(ones(b)).shape);
  });
});

describe('shapeTable', () => {
  it('shows given, repeated and missing sizes', () => {
    const figure = shapeTable([4, 1, 3], [2, 1]);
    expect(textsOf(figure)).toEqual(['4', '1 → 2', '3', '(1) → 4', '2', '1 → 3', '4', '2', '3']);
    expect(figure.description).toBe(
      'Shapes. (4, 1, 3) + (2, 1): (4, 2, 3). Lined up from the right, they are stretched to (4, 1, 3) and (1, 2, 1), the sum has shape (4, 2, 3).',
    );
  });

  it('marks a mismatch, and leaves positions empty', () => {
    const figure = shapeTable([3, 4], [3]);
    expect(textsOf(figure)).toEqual([' ', '3', '4', ' ', '(1) → 3', '3', ' ', '3', '✗']);
    expect(figure.description).toContain('does not fit');
    expect((figure.data[0] as never as { z: number[][] }).z[0]).toEqual([0, 5, 4]);
  });
});
