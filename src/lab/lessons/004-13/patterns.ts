import { perCall, turn } from '../../../cancellation';
import { ValueError } from '../../../errors';

/**
 * The number of a pattern of ups and downs, the first weight the highest bit, 1 where it moves up; `undefined` if one does not move.
 */
export function patternOf(moves: readonly number[]): number | undefined {
  let pattern = 0;
  for (const move of moves) {
    if (!(move > 0 || move < 0)) return undefined;
    pattern = 2 * pattern + (move > 0 ? 1 : 0);
  }
  return pattern;
}

/**
 * All patterns that a step of these rows can have, whatever blame each of them brings. A weight moves by a sum of blame times input over
 * the rows: so blames make a space of as many dimensions as there are rows, and each weight a plane in it, on which it does not move.
 * The planes cut the space into cones, one for each pattern. Every cone has an edge, where one plane fewer meet than there are
 * dimensions: all edges are found, and all cones around each are noted.
 * @throws {ValueError} if there are no rows, more rows than weights, rows of different lengths, or planes that meet by accident.
 */
export function openPatterns(rows: readonly (readonly number[])[]): Set<number> {
  const weights = rows[0]?.length ?? 0;
  if (rows.length < 1 || rows.length > weights)
    throw new ValueError(`openPatterns: expected from 1 to ${weights} rows, got ${rows.length}`);
  if (rows.some((row) => row.length !== weights)) throw new ValueError('openPatterns: rows must be of one length');
  const planes = Array.from({ length: weights }, (_, j) => rows.map((row) => row[j]!));
  const found = new Set<number>();
  for (const meeting of choices(weights, rows.length - 1)) {
    turn(perCall);
    const edge = lineIn(meeting.map((j) => planes[j]!));
    const slopes = planes.map((plane) => plane.reduce((sum, value, i) => sum + value * edge[i]!, 0));
    const others = slopes.filter((_, j) => !meeting.includes(j));
    if (others.some((slope) => Math.abs(slope) < 1e-12))
      throw new ValueError('openPatterns: the rows lie so that planes meet by accident; take others');
    for (let fill = 0; fill < 2 ** meeting.length; fill++) {
      meeting.forEach((j, bit) => {
        slopes[j] = (fill >> bit) & 1 ? 1 : -1;
      });
      const pattern = patternOf(slopes)!;
      found.add(pattern).add(2 ** weights - 1 - pattern);
    }
  }
  return found;
}

/** All choices of so many numbers below `count`. */
function choices(count: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: count - from }, (_, i) => from + i).flatMap((first) =>
    choices(count, size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

/** A vector of length 1 at right angles to all of one fewer vectors than it has entries, by elimination. */
function lineIn(vectors: readonly (readonly number[])[]): number[] {
  const rows = vectors.map((vector) => [...vector]);
  const size = rows.length + 1;
  const pivots: number[] = [];
  rows.forEach((row, i) => {
    const free = Array.from({ length: size }, (_, k) => k).filter((k) => !pivots.includes(k));
    const pivot = free.reduce((best, k) => (Math.abs(row[k]!) > Math.abs(row[best]!) ? k : best));
    pivots.push(pivot);
    rows.forEach((other, k) => {
      if (k === i) return;
      const share = other[pivot]! / row[pivot]!;
      for (let c = 0; c < size; c++) other[c] = other[c]! - share * row[c]!;
    });
  });
  const rest = Array.from({ length: size }, (_, k) => k).find((k) => !pivots.includes(k))!;
  const line = Array<number>(size).fill(0);
  line[rest] = 1;
  pivots.forEach((pivot, i) => {
    line[pivot] = -rows[i]![rest]! / rows[i]![pivot]!;
  });
  const length = Math.hypot(...line);
  return line.map((value) => value / length);
}
