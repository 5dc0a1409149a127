// Parzen's estimator: a mixture of one kernel for each observation and one, the prior, for the whole space. A kernel is a product over the
// parameters: a normal distribution between the bounds, or weights of the choices. As in Optuna's TPE.
import { halfToEven } from '../kernels/scalar';
import { argsort, type NumpySort } from './argsort';
import { exp, log, sum } from './last-bit';
import type { RandomState } from './random-state';
import type { PlainParameter } from './space';
import { logDensity, logMass, quantile } from './truncated-normal';

/** Older observations beyond this number have decreasing weights. */
const FULL_WEIGHTS = 25;

/** The kernels of one parameter: a family of distributions with sampling and log density. */
interface Kernels {
  readonly isNumber: boolean;
  /** Returns the quantile `u` of kernel `k`. */
  sample(k: number, u: number): number;
  /** Returns a function of `k`: the log density, or log probability, of `x` under kernel `k`. */
  logAt(x: number): (k: number) => number;
}

/** Returns weights of observations in order, followed by that of the prior; they sum to 1. */
function weightsOf(count: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => {
    const ramp = count - FULL_WEIGHTS;
    if (i >= ramp || (i === ramp - 1 && i > 0)) return 1;
    return i * ((1 - 1 / count) / Math.max(ramp - 1, 1)) + 1 / count;
  });
  weights.push(1);
  const total = sum(weights);
  return weights.map((w) => w / total);
}

/**
 * Returns kernels of a categorical parameter: weight 1 for the observed choice plus 1 / (number of kernels) for every
 * choice, normalised.
 */
function ofChoices(observed: readonly number[], choices: number): Kernels {
  const share = 1 / (observed.length + 1);
  const rows = [...observed, -1].map((choice) => {
    const row = Array.from({ length: choices }, (_, i) => share + (i === choice ? 1 : 0));
    const total = sum(row);
    return row.map((w) => w / total);
  });
  const logs = rows.map((row) => row.map(log));
  return {
    isNumber: false,
    sample: (k, u) => {
      const row = rows[k]!;
      let reached = 0;
      let chosen = 0;
      for (; chosen < choices - 1; chosen++) {
        reached += row[chosen]!;
        if (reached >= u) break;
      }
      return chosen;
    },
    logAt: (x) => (k) => logs[k]![x]!,
  };
}

/**
 * Returns the widths of kernels around the observations: the larger distance to a neighbour, but at least the width of
 * the space divided by the number of kernels (at most 100). The prior is as wide as the space.
 */
function widthsOf(means: readonly number[], low: number, high: number, sort: NumpySort): number[] {
  const order = argsort(means, sort);
  const sorted = [low, ...order.map((i) => means[i]!), high];
  const least = (high - low) / Math.min(100, 2 + means.length);
  const widths = new Array<number>(means.length);
  order.forEach((i, rank) => {
    const below = sorted[rank + 1]! - sorted[rank]!;
    const above = sorted[rank + 2]! - sorted[rank + 1]!;
    // The bounds of the space do not count as neighbours, except for a single observation.
    const isAlone = means.length < 2;
    const isFirst = rank === 0 && !isAlone;
    const isLast = rank === means.length - 1 && !isAlone;
    const width = isFirst ? above : isLast ? below : Math.max(below, above);
    widths[i] = Math.min(Math.max(width, least), high - low);
  });
  return widths;
}

function ofNumbers(
  observed: readonly number[],
  parameter: Exclude<PlainParameter, { kind: 'categorical' }>,
  sort: NumpySort,
): Kernels {
  const { log, step = 0 } = parameter;
  const scale = (x: number) => (log ? Math.log(x) : x);
  const [low, high] = [scale(parameter.low - step / 2), scale(parameter.high + step / 2)];
  const means = observed.map(scale);
  const widths = widthsOf(means, low, high, sort);
  means.push(0.5 * (low + high));
  widths.push(high - low);
  const mass = means.map((mean, k) => logMass((low - mean) / widths[k]!, (high - mean) / widths[k]!));
  const sample = (k: number, u: number) => {
    const mean = means[k]!;
    const width = widths[k]!;
    const x = quantile(u, (low - mean) / width, (high - mean) / width, mass[k]!) * width + mean;
    const value = log ? Math.exp(x) : x;
    const near = step === 0 ? value : parameter.low + halfToEven((value - parameter.low) / step) * step;
    return Math.min(Math.max(near, parameter.low), parameter.high);
  };
  const offset = means.map((_, k) => (step === 0 ? -mass[k]! - Math.log(widths[k]!) : -mass[k]!));
  if (step === 0)
    return {
      isNumber: true,
      sample,
      logAt: (x) => {
        const at = scale(x);
        return (k) => logDensity((at - means[k]!) / widths[k]!) + offset[k]!;
      },
    };
  // Cached, because candidates often share a value, and kernels a position and width.
  const places = new Map<string, number>();
  const placeOf = means.map((mean, k) => {
    const key = `${mean} ${widths[k]!}`;
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    return place;
  });
  const firsts = [...places.values()].map((place) => placeOf.indexOf(place));
  const known = new Map<number, readonly number[]>();
  const logAt = (x: number) => {
    const [left, right] = [scale(x - step / 2), scale(x + step / 2)];
    const logs =
      known.get(x) ??
      firsts.map((k) => logMass((left - means[k]!) / widths[k]!, (right - means[k]!) / widths[k]!) + offset[k]!);
    known.set(x, logs);
    return (k: number) => logs[placeOf[k]!]!;
  };
  return { isNumber: true, sample, logAt };
}

/** The mixture. A point has a number for each parameter; for a categorical one the index of its choice. */
export class Parzen {
  private readonly weights: readonly number[];
  private readonly logWeights: readonly number[];
  /** Cached exponentials: choices have few different values. */
  private readonly known = new Map<number, number>();
  private readonly kernels: readonly Kernels[];

  constructor(parameters: readonly PlainParameter[], observed: readonly (readonly number[])[], sort: NumpySort) {
    this.weights = weightsOf(observed.length);
    this.logWeights = this.weights.map(log);
    this.kernels = parameters.map((parameter, p) => {
      const values = observed.map((point) => point[p]!);
      return parameter.kind === 'categorical'
        ? ofChoices(values, parameter.choices.length)
        : ofNumbers(values, parameter, sort);
    });
  }

  private readonly powers = (x: number): number => {
    const power = this.known.get(x) ?? exp(x);
    this.known.set(x, power);
    return power;
  };

  /**
   * Samples `count` points. Draws the kernels, then for each categorical parameter and each other one a number per
   * point.
   */
  sample(state: RandomState, count: number): number[][] {
    const drawn = state.choice(this.weights, count);
    const points = drawn.map(() => new Array<number>(this.kernels.length));
    for (const isNumber of [false, true])
      this.kernels.forEach((kernels, p) => {
        if (kernels.isNumber === isNumber)
          for (const [i, k] of drawn.entries()) points[i]![p] = kernels.sample(k, state.rand());
      });
    return points;
  }

  /** Returns the log density at a point. */
  logDensity(point: readonly number[]): number {
    const at = this.kernels.map((kernels, p) => kernels.logAt(point[p]!));
    const logs = this.logWeights.map((weight, k) => at.reduce((total, logAt) => total + logAt(k), 0) + weight);
    const most = logs.reduce((a, b) => Math.max(a, b));
    if (most === Number.NEGATIVE_INFINITY) return most;
    // Only categorical choices can have equal densities up to rounding.
    const power = this.kernels.some(({ isNumber }) => isNumber) ? Math.exp : this.powers;
    return log(sum(logs.map((l) => power(l - most)))) + most;
  }
}
