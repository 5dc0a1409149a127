import { formatNumber, isTensorLike, type NumberList, type Scalar, toPlain } from '../../display';
import { ClaimError } from '../../errors';

/** A number, or numbers of any shape, all of which must satisfy the bound; or one or several booleans. */
export type Measured = Scalar | NumberList | boolean | readonly Measured[];

/** A measurement and its requirement: `expected` within `tolerance`, or `below` or `above` a bound, or both. */
export interface Measurement {
  /** The name of the measurement. Default: none. */
  name?: string | undefined;
  value: Measured;
  expected?: Measured | undefined;
  /** The allowed difference between `value` and `expected`; 0 requires equality. */
  tolerance?: number | undefined;
  /** Whether `tolerance` is relative to `expected`. Default: false. */
  relative?: boolean | undefined;
  /** A strict upper bound of `value`. */
  below?: number | undefined;
  /** A strict lower bound of `value`. */
  above?: number | undefined;
}

/** A judged measurement; of several numbers the one that comes closest to the bound or exceeds it most. */
export interface Judgement {
  /** The name of the measurement; may be empty. */
  name: string;
  value: number;
  expected: number | null;
  tolerance: number | null;
  /** The requirement in words: “1e-6”, “below 0.1”. */
  bound: string;
  /** The result in words: “0.08579, off by 3·10⁻⁷”, “200 numbers, at most 0.007 off”. */
  measured: string;
  /** The required value in words: “0.08579, give or take 10⁻⁶”. */
  demanded: string;
  /** Name, measured number and bound in one line: “largest |cos| over 72 points: 3.1e-9 (bound 1e-6)”. */
  text: string;
  passed: boolean;
}

/** One number and how much of the tolerance it uses: 1 is exactly at the bound, more is beyond it. */
interface Use {
  value: number;
  expected: number | null;
  used: number;
  passed: boolean;
}

/** Relative errors below this come from the order of additions. */
const ROUNDING = 1e-12;

/**
 * Compares a measurement with its bound. With `expected` and `tolerance` it requires |value − expected| ≤ tolerance, or
 * ≤ tolerance · |expected| if `relative`; `below` and `above` are strict. Arrays and tensors are compared element by
 * element and the worst one is reported.
 *
 * Booleans `value` and `expected` are compared without a tolerance, and read yes or no.
 *
 * Throws {@link ClaimError} if there is no bound, if a value or bound is not a finite number (a boolean with a bound is
 * not a measurement), or if two arrays differ in shape.
 */
export function judge(who: string, measurement: Measurement): Judgement {
  if (typeof measurement !== 'object' || measurement === null) {
    throw new ClaimError(`${who}: expected { value, expected, tolerance } or { value, below }, got ${measurement}`);
  }
  const { name = '', expected, tolerance, below, above, relative = false } = measurement;
  if (isYesNo(expected) && isYesNo(measurement.value) && tolerance === undefined) {
    if (below !== undefined || above !== undefined)
      throw new ClaimError(`${who}: what is expected to be ${expected} has no bound below or above`);
    const [value, wanted] = [asNumbers(measurement.value), asNumbers(expected)];
    return { ...near(who, name, value, wanted, 0, false), ...yesNo(value, wanted) };
  }
  const values = numbers(measurement.value, `${who}: value`);
  if (expected !== undefined) {
    if (below !== undefined || above !== undefined) {
      throw new ClaimError(`${who}: give either expected and tolerance, or below and above`);
    }
    const allowed = bound(tolerance, `${who}: tolerance`);
    if (allowed < 0) throw new ClaimError(`${who}: tolerance must not be negative, got ${allowed}`);
    return near(who, name, values, numbers(expected, `${who}: expected`), allowed, relative);
  }
  if (below === undefined && above === undefined) {
    throw new ClaimError(`${who}: a claim needs a bound: expected and tolerance, below, or above`);
  }
  const top = below === undefined ? undefined : bound(below, `${who}: below`);
  const bottom = above === undefined ? undefined : bound(above, `${who}: above`);
  return between(name, values, bottom, top);
}

function near(
  who: string,
  name: string,
  values: Flat,
  expected: Flat,
  tolerance: number,
  relative: boolean,
): Judgement {
  const single = expected.shape === '';
  if (!single && expected.shape !== values.shape) {
    throw new ClaimError(`${who}: value has shape [${values.shape}], expected has shape [${expected.shape}]`);
  }
  const worst = worstOf(
    values.flat.map((value, i) => {
      const wanted = expected.flat[single ? 0 : i]!;
      const off = Math.abs(value - wanted);
      const allowed = relative ? tolerance * Math.abs(wanted) : tolerance;
      const passed = off <= allowed;
      // The largest of several rounding errors depends on the machine, so it is not shown.
      if (passed && off <= ROUNDING * Math.abs(wanted)) return { value, expected: wanted, used: 0, passed };
      return { value, expected: wanted, used: allowed > 0 ? off / allowed : off, passed };
    }),
  );
  const { value, expected: wanted } = worst as { value: number; expected: number };
  const allowed = relative ? tolerance * Math.abs(wanted) : tolerance;
  const inWords = (number: number) => withDigits(number, digitsFor(number, allowed));
  const off = Math.abs(value - wanted);
  const exact = { value, expected: wanted, tolerance, bound: 'exactly', passed: worst.passed };
  if (tolerance === 0 && worst.passed && values.flat.length > 1) return { ...exact, ...listed(name, values.flat) };
  const limit = tolerance === 0 ? 'exactly' : `${formatNumber(tolerance)}${relative ? ' relative' : ''}`;
  const offBy =
    tolerance === 0 || wanted === 0 ? '' : `, off by ${formatNumber(relative ? off / Math.abs(wanted) : off, 2)}`;
  const text =
    wanted === 0
      ? `${inWords(value)} (${tolerance === 0 ? 'exactly 0 expected' : `bound ${limit}`})`
      : `${inWords(value)} (expected ${tolerance === 0 ? 'exactly ' : ''}${inWords(wanted)}` +
        `${tolerance === 0 ? '' : `${offBy}, bound ${limit}`})`;
  return {
    name,
    text: describe(name, values, 'furthest off', text),
    value,
    expected: wanted,
    tolerance,
    bound: limit,
    ...nearInWords({ values, expected, worst: { value, expected: wanted }, tolerance, relative }),
    passed: worst.passed,
  };
}

/** Formats a result and its required value in plain words. */
function nearInWords({
  values,
  expected,
  worst,
  tolerance,
  relative,
}: {
  values: Flat;
  expected: Flat;
  worst: { value: number; expected: number };
  tolerance: number;
  relative: boolean;
}): Pick<Judgement, 'measured' | 'demanded'> {
  const { length } = values.flat;
  const off = Math.abs(worst.value - worst.expected);
  const isRounding = off <= ROUNDING * Math.abs(worst.expected);
  const share = relative ? off / Math.abs(worst.expected) : off;
  const ofBound = relative ? percent(tolerance) : plain(tolerance);
  const aim = expected.flat.every((wanted) => wanted === expected.flat[0]) ? plain(worst.expected) : 'what is expected';
  const offBy = relative ? percent(share, 2) : plain(share, 2);
  const demanded =
    tolerance === 0 ? `exactly ${aim}` : aim === '0' ? `0 within ${ofBound}` : `${aim}, give or take ${ofBound}`;
  if (length === 1) {
    const isPlain = isRounding || worst.expected === 0;
    return { measured: isPlain ? plain(worst.value) : `${plain(worst.value)}, off by ${offBy}`, demanded };
  }
  const furthest = tolerance === 0 ? `one of them ${plain(worst.value)}` : `the furthest off by ${offBy}`;
  return {
    measured: `${length} numbers, ${isRounding ? 'right but for rounding' : furthest}`,
    demanded: `each ${demanded}`,
  };
}

const isYesNo = (value: unknown): boolean =>
  typeof value === 'boolean' || (Array.isArray(value) && value.length > 0 && value.every(isYesNo));

/** Booleans as 1 and 0. */
function asNumbers(value: unknown): Flat {
  const flat = (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]) as boolean[];
  return { flat: flat.map(Number), shape: shapeOf(value, 'value').join(', ') };
}

function yesNo(value: Flat, expected: Flat): Pick<Judgement, 'measured' | 'demanded'> {
  const inWords = ({ flat }: Flat) => flat.map((one) => (one === 1 ? 'yes' : 'no')).join(', ');
  return { measured: inWords(value), demanded: inWords(expected) };
}

/** Several numbers that all equal the required ones: all are shown, or the first and last ones. */
function listed(name: string, values: readonly number[]): Pick<Judgement, 'name' | 'measured' | 'demanded' | 'text'> {
  const inWords = values.map((value) => plain(value, 6));
  const isSame = values.length > 3 && values.every((value) => value === values[0]);
  const few = values.length <= 6 ? inWords : [...inWords.slice(0, 2), '…', inWords.at(-1)];
  const measured = isSame ? `${inWords[0]}, all ${values.length}` : few.join(', ');
  const demanded = isSame ? `exactly ${inWords[0]}` : 'exactly these';
  return { name, measured, demanded, text: `${name ? `${name}: ` : ''}${measured} (${demanded} expected)` };
}

function between(name: string, values: Flat, above: number | undefined, below: number | undefined): Judgement {
  const worst = worstOf(
    values.flat.map((value) => {
      const over = below === undefined ? Number.NEGATIVE_INFINITY : value - below;
      const under = above === undefined ? Number.NEGATIVE_INFINITY : above - value;
      return { value, expected: null, used: Math.max(over, under), passed: over < 0 && under < 0 };
    }),
  );
  const bounds = [above, below].filter((bound) => bound !== undefined);
  const inWords = (number: (bound: number) => string, and: string) =>
    [above === undefined ? '' : `above ${number(above)}`, below === undefined ? '' : `below ${number(below)}`]
      .filter(Boolean)
      .join(and);
  const limit = inWords((bound) => withDigits(bound, 15), ' and ');
  const { value, passed } = worst;
  const distance = Math.min(...bounds.map((bound) => Math.abs(value - bound)));
  const digits = Math.max(3, distance === 0 ? 15 : digitsFor(value, distance));
  const which = bounds.length > 1 ? 'nearest to a bound' : above === undefined ? 'largest' : 'smallest';
  const { length } = values.flat;
  const spread = [Math.min(...values.flat), Math.max(...values.flat)].map((end) => plain(end, digits));
  const demanded = inWords((bound) => plain(bound, 15), ', ');
  return {
    name,
    text: describe(name, values, which, `${withDigits(value, digits)} (bound: ${limit})`),
    value,
    expected: null,
    tolerance: null,
    bound: limit,
    measured: length === 1 ? plain(value, digits) : `${length} numbers from ${spread[0]} to ${spread[1]}`,
    demanded: length === 1 ? demanded : `each ${demanded}`,
    passed,
  };
}

/** The number of significant digits that show on which side of a bound a number is, if it is far enough away. */
function digitsFor(value: number, away: number): number {
  if (value === 0) return 2;
  const needed = away === 0 ? 15 : Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(away)) + 1;
  return Math.min(15, Math.max(2, needed));
}

/** {@link formatNumber}, but with all digits of a whole number: 62508 instead of 62510. */
function withDigits(value: number, digits: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? String(value) : formatNumber(value, digits);
}

/** A number in handwriting style: 3·10⁻⁹, and a true minus sign. */
function plain(value: number, digits = 4): string {
  const whole = Math.floor(Math.log10(Math.abs(value) || 1)) + 1; // 62508 instead of 62510
  const written = withDigits(value, Math.min(15, Math.max(digits, whole)));
  const [number, power] = written.replace(/^-/, '−').split('e') as [string, string?];
  if (power === undefined) return number;
  const raised = [...power].map((sign) => superscripts['-0123456789'.indexOf(sign)]).join('');
  return number === '1' ? `10${raised}` : `${number}·10${raised}`;
}

const superscripts = '⁻⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A fraction in words. */
const percent = (share: number, digits = 4) =>
  share < 1e-4 ? `${plain(share, digits)} of it` : `${plain(100 * share, digits)} %`;

function worstOf(uses: Use[]): Use {
  return uses.reduce((worst, next) => (next.used > worst.used ? next : worst));
}

/** Formats the name and line of a measurement; of several numbers, `which` names the one. */
function describe(name: string, values: Flat, which: string, text: string): string {
  const many = values.flat.length > 1 ? `${which} of ${values.flat.length}` : '';
  const head = [name, many].filter(Boolean).join(', ');
  return head ? `${head}: ${text}` : text;
}

interface Flat {
  flat: number[];
  /** The shape in words, empty for a single number. */
  shape: string;
}

/** The finite numbers in a value, and its shape. */
function numbers(value: unknown, who: string): Flat {
  const plain = toPlain(value);
  const flat = (Array.isArray(plain) ? plain.flat(Number.POSITIVE_INFINITY) : [plain]) as unknown[];
  if (flat.length === 0) throw new ClaimError(`${who} is empty; there is nothing to measure`);
  return { flat: flat.map((item) => bound(item, who)), shape: shapeOf(plain, who).join(', ') };
}

function shapeOf(plain: unknown, who: string): number[] {
  if (!Array.isArray(plain)) return [];
  const inner = plain.map((item) => shapeOf(item, who));
  if (inner.some((shape) => shape.join() !== inner[0]!.join())) {
    throw new ClaimError(`${who} must be numbers in rows of equal length`);
  }
  return [plain.length, ...(inner[0] ?? [])];
}

/** A finite number; everything else is rejected with the reason. */
function bound(value: unknown, who: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const given = isTensorLike(value) ? 'a tensor' : String(value);
  const remedy =
    typeof value === 'boolean'
      ? 'a boolean cannot have a tolerance, below or above; measure the number that it compares, or leave these out'
      : 'give a finite number';
  throw new ClaimError(`${who} is ${given}: ${remedy}`);
}
