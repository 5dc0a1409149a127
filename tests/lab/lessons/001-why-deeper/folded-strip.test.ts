import { describe, expect, it } from 'vitest';
import { colouredLine, foldedStrip, stripAt, tent } from '../../../../src/lab/lessons/001-why-deeper';

interface Line {
  name: string;
  x: (number | null)[];
  y: (number | null)[];
}
const lines = (figure: ReturnType<typeof foldedStrip>) => figure.data as unknown as Line[];
const known = (values: (number | null)[]) => values.filter((value) => value !== null);
/** Pieces of all colours: each is some points and a gap. */
const pieces = (figure: ReturnType<typeof foldedStrip>) =>
  lines(figure)
    .slice(0, 16)
    .reduce((sum, { x }) => sum + x.filter((value) => value === null).length, 0);

describe('stripAt', () => {
  it('is horizontal at the folds, in layers from 0 on', () => {
    for (const k of [0, 1, 3, 6])
      for (const x of [0.01, 0.2, 0.37, 0.66, 0.99]) {
        const [across, up] = stripAt(x, k);
        expect(across).toBeCloseTo(tent(k)(x), 9);
        expect(up - 0.5).toBe(Math.floor(up));
        expect(up).toBeLessThan(2 ** k);
      }
  });

  it('places the right half on top, each part in a separate layer', () => {
    expect(stripAt(0.75, 1)).toEqual([0.5, 1.5]);
    const layers = Array.from({ length: 16 }, (_, i) => stripAt((i + 0.5) / 16, 4)[1] - 0.5);
    expect([...layers].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    // The second fold puts layers 0 and 1 over themselves: the strip's last quarter is above its first.
    expect(layers.slice(0, 2)).toEqual([0, 15]);
  });
});

describe('foldedStrip', () => {
  it('stays in its box, with the same length and thickness', () => {
    for (const folds of [0, 1, 2, 5, 8]) {
      const all = lines(foldedStrip(folds)).slice(0, 16);
      const [x, y] = [all.flatMap((line) => known(line.x)), all.flatMap((line) => known(line.y))];
      expect(Math.min(...x)).toBeCloseTo(0, 6);
      expect(Math.max(...x)).toBeCloseTo(1, 6);
      expect(Math.min(...y)).toBeCloseTo(0.13 / 2 ** folds, 6);
      expect(Math.max(...y)).toBeCloseTo(0.26 - 0.13 / 2 ** folds, 6);
    }
    expect(pieces(foldedStrip(3))).toBe(16);
    expect(pieces(foldedStrip(6))).toBe(64);
  });

  it('has its right half upright between two folds', () => {
    const all = lines(foldedStrip(0.5)).slice(0, 16);
    expect(known(all.at(-1)!.x).every((x) => Math.abs(x - 0.63) < 1e-6)).toBe(true);
    expect(Math.max(...all.flatMap(({ y }) => known(y)))).toBeCloseTo(0.76, 6);
    expect(foldedStrip(0.5).description).toContain('the right half upright');
    expect(foldedStrip(2, { title: 'paper' }).description).toBe('A strip of paper: paper. 4 layers.');
  });

  it('keeps its traces from frame to frame', () => {
    const names = (folds: number) => lines(foldedStrip(folds)).map(({ name }) => name);
    expect(names(7)).toEqual(names(0.5));
  });
});

describe('colouredLine', () => {
  const other = { name: 'flat', x: [0, 0.5, 1], y: [0, 0, 1] };
  it('draws the folds over x', () => {
    const figure = colouredLine(2, other);
    for (const { x, y } of lines(figure).slice(0, 16))
      x.forEach((at, i) => {
        if (at !== null) expect(y[i]).toBeCloseTo(tent(2)(at), 6);
      });
    expect(figure.description).toBe('A line of 4 straight pieces; flat has 2.');
  });

  it('rejects what it cannot draw', () => {
    expect(() => colouredLine(1.5, other)).toThrow('a whole number');
    expect(() => colouredLine(1, { ...other, y: [0] })).toThrow('3 places and 1 heights');
    expect(() => foldedStrip(0.3)).toThrow('in halves');
    expect(() => foldedStrip(11)).toThrow('from 0 to 10');
  });
});
