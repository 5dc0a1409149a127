import { describe } from '../describe';
import { ValueError } from '../errors';
import { requireSizes } from '../ops/table/arguments';
import type { Suggester } from './sampler';
import { contains, type PlainParameter, type Space } from './space';
import type { AnyParams, Choice } from './types';

/** Options of {@link grid}. */
export interface GridOptions {
  /**
   * Number of values of a numeric parameter, bounds included; a parameter with fewer values uses all of them. Default:
   * 5.
   */
  points?: number;
  /** Explicit values of parameters by name. */
  values?: { readonly [name: string]: readonly Choice[] };
}

/** A grid sampler: made by {@link grid}. */
export interface GridSampler {
  readonly kind: 'grid';
  readonly points: number;
  readonly values: { readonly [name: string]: readonly Choice[] };
}

/** A larger grid is refused: listing it would take longer than any search. */
const MOST_POINTS = 1_000_000;

/**
 * Tries every combination once, in order, the last parameter fastest (Optuna's `GridSampler` shuffles, and needs all
 * values). It uses all choices, and `points` values of each numeric parameter, evenly spaced, logarithmically with
 * `log`. A parameter whose condition does not hold adds no points.
 * @throws {ValueError} for an invalid option.
 *
 * @example
 * const space = tuner.space({ rate: tuner.float(0.01, 1, { log: true }), act: tuner.categorical(['relu', 'tanh']) });
 * const search = new tuner.Search(space, { sampler: tuner.grid({ points: 3 }) });
 * [search.ask(), search.ask(), search.ask()].map((trial) => typeof trial === 'object' && trial.params.rate) // [0.01, 0.01, 0.1]
 */
export function grid(options: GridOptions = {}): GridSampler {
  const { points = 5, values = {} } = options;
  requireSizes('tuner.grid', { points });
  if (typeof values !== 'object' || values === null)
    throw new ValueError(`tuner.grid: values must be lists by the names of parameters, got ${describe(values)}`);
  for (const [name, list] of Object.entries(values))
    if (!Array.isArray(list) || list.length === 0)
      throw new ValueError(`tuner.grid: values of ${name} must be a list with at least one`);
  return { kind: 'grid', points, values };
}

/** Returns the values of a parameter in the grid. */
function valuesOf(parameter: PlainParameter, points: number): readonly Choice[] {
  if (parameter.kind === 'categorical') return parameter.choices;
  const { kind, low, high, log, step } = parameter;
  if (low === high) return [low];
  const steps = step === undefined ? Number.POSITIVE_INFINITY : Math.round((high - low) / step);
  const count = Math.min(points, steps + 1);
  const each = Array.from({ length: count }, (_, i) => {
    if (i === 0) return low;
    if (i === count - 1) return high;
    const share = i / (count - 1);
    const exact = log ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low))) : low + share * (high - low);
    if (step === undefined) return Number(exact.toPrecision(15));
    const near = low + Math.round((exact - low) / step) * step;
    return kind === 'int' ? near : Number(near.toPrecision(15));
  });
  return [...new Set(each)];
}

/** @internal */
export class GridSuggester implements Suggester {
  readonly size: number;
  readonly drawn: readonly number[] = [];
  private readonly points: readonly AnyParams[];

  constructor({ points, values }: GridSampler, space: Space<unknown>) {
    const strange = Object.keys(values).find((name) => !space.names.includes(name));
    if (strange !== undefined)
      throw new ValueError(`tuner.grid: there is no parameter ${strange}; the space has ${space.names.join(', ')}`);
    let all: AnyParams[] = [{}];
    for (const name of space.names) {
      const parameter = space.plain(name);
      const list = values[name] ?? valuesOf(parameter, points);
      const outside = list.find((value) => !contains(parameter, value));
      if (outside !== undefined) throw new ValueError(`tuner.grid: ${name} cannot be ${describe(outside)}`);
      const hasIt = all.map((params) => space.isActive(name, params));
      if (hasIt.reduce((count, has) => count + (has ? list.length : 1), 0) > MOST_POINTS)
        throw new ValueError(
          `tuner.grid: more than ${MOST_POINTS} points with the values of ${name}: give fewer points, or use tuner.tpe() or tuner.random()`,
        );
      all = all.flatMap((params, i) => (hasIt[i] ? list.map((value) => ({ ...params, [name]: value })) : [params]));
    }
    this.points = all;
    this.size = all.length;
  }

  seek(): void {}

  suggest(index: number): AnyParams {
    return this.points[index]!;
  }
}
