import { describe } from '../../../describe';
import { type NumberList, type Scalar, toPlain } from '../../../display';
import { ValueError } from '../../../errors';

/** Options of {@link countPieces}. */
export interface CountPiecesOptions {
  /** The number of equal cells of the interval; each piece must cover at least two whole ones. */
  grid: number;
  /** Start of the interval. Default: 0. */
  from?: number;
  /** End of the interval. Default: 1. */
  to?: number;
}

/**
 * How many straight pieces a function of one number has, such as a net of ReLUs; given as a function or as its heights
 * at equally spaced positions. Adjacent cells with equal slopes belong to one piece; a cell whose slope equals neither
 * neighbour's has a kink inside. Two slopes count as equal if they differ by less than a millionth of the function's
 * height over the interval's length, or by what rounding in float64 explains.
 *
 * @example
 * countPieces((x) => Math.abs(x - 0.3), { grid: 16 }) // 2
 * countPieces([0, 1, 2, 1, 0]) // 2
 * @throws {ValueError} if a piece is too short for the grid, a height is no finite number, `grid` is not a whole
 *   number from 2 on, there are fewer than three heights, or the interval is none.
 */
export function countPieces(f: (x: number) => Scalar, options: CountPiecesOptions): number;
export function countPieces(heights: NumberList): number;
export function countPieces(given: ((x: number) => Scalar) | NumberList, options?: CountPiecesOptions): number {
  const heights = typeof given === 'function' ? heightsOf(given, options) : (toPlain(given) as number[]);
  const grid = heights.length - 1;
  if (!(grid >= 2)) throw new ValueError(`countPieces: expected at least three heights, got ${heights.length}`);
  const wrong = heights.findIndex((y) => !Number.isFinite(y));
  if (wrong >= 0) throw new ValueError(`countPieces: height ${wrong} is ${heights[wrong]}, not a finite number`);
  const [low, high] = [heights.reduce((a, b) => Math.min(a, b)), heights.reduce((a, b) => Math.max(a, b))];
  const rounding = 2 ** -49 * Math.max(-low, high);
  const least = (1e-6 * (high - low)) / grid + rounding;
  let [pieces, length, isKink] = [0, 1, false];
  for (let i = 1; i <= grid; i++) {
    const isStraight = i < grid && Math.abs(heights[i + 1]! - 2 * heights[i]! + heights[i - 1]!) <= least;
    if (isStraight) {
      length += 1;
      continue;
    }
    if (length > 1) pieces += 1;
    else if (isKink || i === 1 || i === grid) {
      throw new ValueError(
        `countPieces: with a grid of ${grid} the slope changes twice near place ${i}; take a finer grid, if the function ` +
          'is made of straight pieces',
      );
    }
    isKink = length === 1;
    length = 1;
  }
  return pieces;
}

function heightsOf(f: (x: number) => Scalar, options: CountPiecesOptions | undefined): number[] {
  const { grid, from = 0, to = 1 } = options ?? ({} as Partial<CountPiecesOptions>);
  if (!(Number.isInteger(grid) && grid! >= 2)) {
    throw new ValueError(`countPieces: grid must be a whole number from 2 on, got ${describe(grid)}`);
  }
  if (!(Number.isFinite(from) && Number.isFinite(to) && to > from)) {
    throw new ValueError(`countPieces: expected an interval, got from ${from} to ${to}`);
  }
  return Array.from({ length: grid! + 1 }, (_, i) => Number(toPlain(f(from + ((to - from) * i) / grid!))));
}
