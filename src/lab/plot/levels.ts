import { formatNumber } from '../../display';
import { PlotError } from '../../errors';

/**
 * The heights with a contour line. A list is checked and used unchanged. A count gives about that many round numbers
 * between `low` and `high`, evenly spaced, or by ratios over at most the top four decades. Throws {@link PlotError} if
 * the list does not ascend, the count is not a whole number from 1 to 50, or `'log'` is used with heights that are
 * never positive.
 */
export function chooseLevels(
  levels: number | readonly number[],
  spacing: 'linear' | 'log',
  low: number,
  high: number,
): number[] {
  if (typeof levels !== 'number') return checkLevels(levels);
  if (!Number.isInteger(levels) || levels < 1 || levels > 50) {
    throw new PlotError(`contour: levels must be a list, or a whole number from 1 to 50, got ${levels}`);
  }
  if (spacing === 'log') {
    if (!(high > 0)) throw new PlotError(`contour: log spacing needs positive heights; the highest is ${high}`);
    const found = ratioLevels(Math.max(low, high * 1e-4), high, levels);
    return found.length ? found : [high];
  }
  const found = evenLevels(low, high, levels);
  return found.length ? found : [low];
}

function checkLevels(levels: readonly number[]): number[] {
  const rises = levels.every((level, i) => Number.isFinite(level) && (i === 0 || level > levels[i - 1]!));
  if (levels.length && rises) return [...levels];
  throw new PlotError(`contour: levels must be finite and rising, got [${levels.join(', ')}]`);
}

/** Multiples of 1, 2, 2.5 or 5 times a power of ten, strictly between `low` and `high`. */
export function evenLevels(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [];
  const raw = (high - low) / (count + 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  const first = Math.floor(low / step) + 1;
  const last = Math.ceil(high / step) - 1;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => tidy((first + i) * step));
}

/** The same leading digits in every decade, as many of them as bring the count nearest to `count`. */
function ratioLevels(low: number, high: number, count: number): number[] {
  const decades = Array.from(
    { length: Math.floor(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => Math.floor(Math.log10(low)) + i,
  );
  const choices = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 5, 7]].map((digits) =>
    decades
      .flatMap((decade) => digits.map((digit) => tidy(digit * 10 ** decade)))
      .filter((level) => level > low && level < high),
  );
  return choices.reduce((best, next) => (Math.abs(next.length - count) < Math.abs(best.length - count) ? next : best));
}

/**
 * The position of a height among ascending levels: 0 at the first, 1 at the second, and from -1 (far below the first)
 * to `levels.length` (far above the last) outside. Between levels it is linear, in the height or, for positive levels
 * that span more than a factor of 20, in its logarithm, which gives smoother lines.
 */
export function levelPosition(z: number, levels: readonly number[]): number {
  const top = levels.length - 1;
  const logarithmic = levels[0]! > 0 && levels[top]! / levels[0]! > 20;
  const scale = (value: number) => (logarithmic ? Math.log(Math.max(value, Number.MIN_VALUE)) : value);
  const after = levels.findIndex((level) => level > z);
  const inside = after > 0;
  const from = inside ? after - 1 : after === 0 ? 0 : top;
  const to = inside ? after : after === 0 ? 1 : top - 1;
  const [start, end] = [scale(levels[from]!), scale(levels[to] ?? levels[from]! + 1)];
  const distance = (scale(z) - start) / Math.abs(end - start);
  return Math.min(top + 1, Math.max(-1, from + distance));
}

/** Removes the last digits that floating-point multiples add: 0.30000000000000004 becomes 0.3. */
function tidy(value: number): number {
  return Number(formatNumber(value, 12));
}
