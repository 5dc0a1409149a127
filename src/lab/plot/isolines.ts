/** Lines of equal height through a grid, exact on the grid's edges. */
import type { Heights } from './input';

type Place = [number, number];

/** The four edges of a cell: the corners that each connects, counted around the cell from its lower left one. */
const edges = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 0],
] as const;

/**
 * Lines on which the height is `level`, each an ordered list of points; a closed one ends at its start. In every cell
 * of the grid the level is searched on the four edges (marching squares). `at` computes the height between grid points:
 * with it each crossing is moved to the exact level (regula falsi). Cells with a missing height are skipped.
 */
export function isolines(heights: Pick<Heights, 'x' | 'y' | 'z' | 'at'>, level: number): Place[][] {
  const { x, y, z } = heights;
  const crossings = new Map<string, Place>();
  const joined = new Map<string, string[]>();
  const join = (a: string, b: string) => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = joined.get(from);
      if (known) known.push(to);
      else joined.set(from, [to]);
    }
  };
  for (let i = 0; i + 1 < y.length; i++) {
    const [lower, upper] = [z[i]!, z[i + 1]!];
    for (let j = 0; j + 1 < x.length; j++) {
      // Most cells end here, at a twentieth of the cost of a crossed one.
      if (!isCrossed(lower[j]!, lower[j + 1]!, upper[j + 1]!, upper[j]!, level)) continue;
      const corners: Place[] = [
        [i, j],
        [i, j + 1],
        [i + 1, j + 1],
        [i + 1, j],
      ];
      const over = corners.map(([row, column]) => z[row]![column]!);
      const crossed: string[] = [];
      for (const [a, b] of edges) {
        if (over[a]! >= level === over[b]! >= level) continue;
        const [first, second] = corners[a]! < corners[b]! ? [a, b] : [b, a];
        const key = `${corners[first]},${corners[second]}`;
        if (!crossings.has(key)) {
          const ends = [first, second].map((k): Place => [x[corners[k]![1]]!, y[corners[k]![0]]!]) as [Place, Place];
          crossings.set(key, crossing(heights.at, ends, [over[first]!, over[second]!], level));
        }
        crossed.push(key);
      }
      if (crossed.length === 2) join(crossed[0]!, crossed[1]!);
      if (crossed.length === 4) {
        // A saddle, or a valley narrower than a cell: the height of the middle decides which corners connect.
        const middle = heights.at((x[j]! + x[j + 1]!) / 2, (y[i]! + y[i + 1]!) / 2);
        const same = middle >= level === over[0]! >= level;
        const pairs = same ? [0, 1, 2, 3] : [0, 3, 1, 2];
        join(crossed[pairs[0]!]!, crossed[pairs[1]!]!);
        join(crossed[pairs[2]!]!, crossed[pairs[3]!]!);
      }
    }
  }
  const lines = linked(joined).map((keys) => keys.map((key) => crossings.get(key)!));
  const cell = Math.max(...[x, y].map((ticks) => (ticks.at(-1)! - ticks[0]!) / (ticks.length - 1)));
  return lines.map((line) => rounded(rounded(line, heights.at, level, cell), heights.at, level, cell));
}

/** Whether the level is between the heights at the corners of a cell, all of which are known. */
function isCrossed(a: number | null, b: number | null, c: number | null, d: number | null, level: number): boolean {
  if (a === null || b === null || c === null || d === null) return false;
  const over = a >= level;
  return over !== b >= level || over !== c >= level || over !== d >= level;
}

/** Sharper turns, in radians, are rounded. */
const sharp = 0.12;

/** Inserts a point of the same height into each segment next to a sharp turn. */
function rounded(line: Place[], at: Heights['at'], level: number, cell: number): Place[] {
  const closed = line.length > 3 && line[0]![0] === line.at(-1)![0] && line[0]![1] === line.at(-1)![1];
  const last = line.length - 1;
  const turns = line.map((here, i) => {
    const before = i > 0 ? line[i - 1]! : closed ? line[last - 1]! : undefined;
    const after = i < last ? line[i + 1]! : closed ? line[1]! : undefined;
    if (!before || !after) return false;
    const [a, b] = [here, after].map((to, k) => {
      const from = k ? here : before;
      return Math.atan2(to[1] - from[1], to[0] - from[0]);
    }) as [number, number];
    return Math.abs(Math.atan2(Math.sin(b - a), Math.cos(b - a))) > sharp;
  });
  return line.flatMap((here, i) => {
    const next = line[i + 1];
    if (!next || !(turns[i] || turns[i + 1])) return [here];
    const along: Place = [next[0] - here[0], next[1] - here[1]];
    const length = Math.hypot(...along);
    if (length < cell / 50) return [here];
    const middle: Place = [(here[0] + next[0]) / 2, (here[1] + next[1]) / 2];
    // Perpendicular to the segment, up to half its length to either side.
    const aside: Place = [-along[1] / 2, along[0] / 2];
    const place = (t: number): Place => [middle[0] + aside[0] * t, middle[1] + aside[1] * t];
    const height = (t: number) => at(...place(t)) - level;
    const [low, mid, high] = [height(-1), height(0), height(1)];
    const way = mid > 0 !== low > 0 ? -1 : mid > 0 !== high > 0 ? 1 : 0;
    if (way === 0 || !Number.isFinite(low + mid + high)) return [here];
    return [here, crossing(at, [middle, place(way)], [mid + level, (way < 0 ? low : high) + level], level)];
  });
}

/** The point between two others where the height is `level`, to a thousandth of their distance or better. */
function crossing(at: Heights['at'], [from, to]: [Place, Place], [low, high]: [number, number], level: number): Place {
  const between = (t: number): Place => [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
  let [a, b, fa, fb] = [0, 1, low - level, high - level];
  let t = fa / (fa - fb);
  let side = 0;
  for (let k = 0; k < 5; k++) {
    const ft = at(...between(t)) - level;
    if (!Number.isFinite(ft) || ft === 0) break;
    const isEnd = ft > 0 === fb > 0;
    if (isEnd) [b, fb] = [t, ft];
    else [a, fa] = [t, ft];
    // An end that stays twice counts half (Illinois), or it would never move.
    if (isEnd && side === 1) fa /= 2;
    if (!isEnd && side === -1) fb /= 2;
    side = isEnd ? 1 : -1;
    t = (a * fb - b * fa) / (fb - fa);
    if (Math.abs(ft) < 1e-3 * Math.abs(high - low)) break;
  }
  return between(t);
}

/** Chains of connected points, each from an end if it has one, else a cycle. */
function linked(joined: Map<string, string[]>): string[][] {
  const left = new Map([...joined].map(([key, next]) => [key, [...next]]));
  const follow = (start: string): string[] => {
    const chain = [start];
    for (let here = start; ; ) {
      const next = left.get(here)!.pop();
      if (next === undefined) return chain;
      const back = left.get(next)!;
      back.splice(back.indexOf(here), 1);
      chain.push(next);
      here = next;
    }
  };
  const ends = [...left].filter(([, next]) => next.length === 1).map(([key]) => key);
  const open = ends.flatMap((key) => (left.get(key)!.length ? [follow(key)] : []));
  const closed = [...left.keys()].flatMap((key) => (left.get(key)!.length ? [follow(key)] : []));
  return [...open, ...closed];
}
