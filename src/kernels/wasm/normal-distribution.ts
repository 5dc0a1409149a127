// A table of polynomials for the standard normal distribution function. Reading six coefficients takes a third of the
// time of an exponential and a quotient of polynomials.

import { phi } from '../special';
import { scratch, tableAt, tableBytes } from './runtime';

/** Intervals per unit; each has a polynomial in the distance from its center. */
export const perUnit = 32;
/** Centers of the first and the last interval. Farther out, Φ is 0 or 1 to the precision of float32 results. */
export const ends = { first: -14.5, last: 6.5 };
/** Coefficients of a polynomial, the lowest power first. */
const terms = 6;
/** Bytes of a polynomial. */
export const polynomialBytes: number = 8 * terms;

/** Highest power of the series that the polynomials come from. */
const highest = 9;

/** Coefficients of the Chebyshev polynomials up to {@link highest}, the lowest power first. */
function chebyshevPolynomials(): readonly (readonly number[])[] {
  const all = [[1], [0, 1]];
  for (let n = 2; n <= highest; n++)
    all.push(Array.from({ length: n + 1 }, (_, i) => 2 * (all[n - 1][i - 1] ?? 0) - (all[n - 2][i] ?? 0)));
  return all;
}

/** The Taylor series of Φ at `c`, whose derivatives are those of the density: Hermite polynomials times it. */
function taylorSeries(c: number): number[] {
  const series = [phi(c)];
  const density = Math.exp(-0.5 * c * c) / Math.sqrt(2 * Math.PI);
  for (let n = 0, factorial = 1, hermite = 1, before = 0; n < highest; n++) {
    factorial *= n + 1;
    series.push(((n % 2 === 0 ? 1 : -1) * density * hermite) / factorial);
    [hermite, before] = [c * hermite - n * before, hermite];
  }
  return series;
}

/** The polynomials, with a relative error below 7·10⁻⁹. */
export function normalDistributionTable(): Float64Array {
  const chebyshev = chebyshevPolynomials();
  const count = (ends.last - ends.first) * perUnit + 1;
  const table = new Float64Array(count * terms);
  // In the first interval Φ is 0, in the last one it is 1.
  table[(count - 1) * terms] = 1;
  const half = 1 / (2 * perUnit);
  for (let k = 1; k < count - 1; k++) {
    const series = taylorSeries(ends.first + k / perUnit);
    // Each Chebyshev polynomial is at most 1 within the interval, so omitting a multiple of it changes little.
    for (let n = highest; n >= terms; n--) {
      const omitted = series[n] * half ** n * 2 ** (1 - n);
      for (let i = 0; i <= n; i++) series[i] -= (omitted * chebyshev[n][i]) / half ** i;
    }
    table.set(series.slice(0, terms), k * terms);
  }
  return table;
}

let isThere = false;

/** Writes the table into the memory of the kernels. */
export function provideTable(): void {
  if (isThere) return;
  const table = normalDistributionTable();
  if (table.byteLength > tableBytes) throw new RangeError(`a table of ${table.byteLength} bytes for ${tableBytes}`);
  scratch.reserve(tableAt + tableBytes);
  scratch.f64.set(table, tableAt / 8);
  isThere = true;
}
