import { ValueError } from '../errors';
import { requireBooleans, requireOneOf, requireSizes } from '../ops/table/arguments';
import type { NumpySort } from './argsort';
import { type Observation, observe } from './observation';
import { Parzen } from './parzen';
import { drawEvenly } from './random';
import { RandomState } from './random-state';
import { drawEach, type Suggester } from './sampler';
import { onlyValue, type Space } from './space';
import type { AnyParams, Choice, Direction, TrialRecord } from './types';

/** Options of {@link tpe}, with Optuna's defaults. */
export interface TpeOptions {
  /** Number of ended trials before it begins; until then it draws like `tuner.random()`. Default: 10. */
  startup?: number;
  /** Number of candidates to choose from. Default: 24. */
  candidates?: number;
  /** Whether to model parameters jointly, so that it learns their dependence. Default: true. */
  multivariate?: boolean;
  /**
   * Only with `multivariate`: whether conditional parameters are modelled jointly with the parameters that always
   * accompany them; otherwise each of them is modelled alone. Default: false.
   */
  group?: boolean;
  /** Whether running trials count as bad, so that workers do not all try the same region. Default: true. */
  constantLiar?: boolean;
  /**
   * The order of equal numbers, which affects the kernel widths of integer and stepped parameters: that of NumPy's
   * `'vector'` sort, on x86-64 with AVX2 (with AVX-512 the same up to 256 trials in a density), or of its `'portable'`
   * sort, as on ARM. Default: `'vector'`.
   */
  numpySort?: NumpySort;
}

/** The Tree-structured Parzen Estimator: made by {@link tpe}. */
export interface TpeSampler extends Required<TpeOptions> {
  readonly kind: 'tpe';
}

/**
 * The Tree-structured Parzen Estimator (Bergstra et al., 2011): models good trials by a density `l(x)` and the others
 * by `g(x)`, draws candidates from `l` and takes the one with the largest `l(x)/g(x)`. It is Optuna 5.0's `TPESampler`,
 * with equal suggestions for the same seed. For integer and stepped parameters they depend on the sort of Optuna's
 * NumPy: `numpySort`.
 * @throws {ValueError} for an invalid option.
 *
 * @example
 * tuner.tpe({ multivariate: false }).startup // 10
 */
export function tpe(options: TpeOptions = {}): TpeSampler {
  const {
    startup = 10,
    candidates = 24,
    multivariate = true,
    group = false,
    constantLiar = true,
    numpySort = 'vector',
  } = options;
  requireSizes('tuner.tpe', { startup }, 0);
  requireSizes('tuner.tpe', { candidates });
  requireBooleans('tuner.tpe', { multivariate, group, constantLiar });
  requireOneOf('tuner.tpe', { numpySort }, ['vector', 'portable']);
  if (group && !multivariate)
    throw new ValueError('tuner.tpe: group needs multivariate: leave out multivariate: false');
  return { kind: 'tpe', startup, candidates, multivariate, group, constantLiar, numpySort };
}

/** Returns the number of good trials among `n` ended ones. */
const good = (n: number) => Math.min(Math.ceil(0.1 * n), 25);

/** @internal */
export class TpeSuggester implements Suggester {
  readonly size: number = Number.POSITIVE_INFINITY;
  private readonly dice: RandomState;
  private readonly state: RandomState;

  constructor(
    private readonly sampler: TpeSampler,
    private readonly space: Space<unknown>,
    seed: number,
    /** The last step of the longest trials, if lengths differ. */
    private readonly longest: number | undefined,
  ) {
    // As in Optuna, the random sampler of the startup and the estimator have separate generators with the same seed.
    this.dice = new RandomState(seed);
    this.state = new RandomState(seed);
  }

  get drawn(): readonly number[] {
    return [this.dice.drawn, this.state.drawn];
  }

  seek([dice = 0, state = 0]: readonly number[]): void {
    this.dice.seek(dice);
    this.state.seek(state);
  }

  suggest(_index: number, trials: readonly TrialRecord[], direction: Direction): AnyParams {
    const { startup, constantLiar, multivariate } = this.sampler;
    const all = observe(trials, direction, this.longest);
    const ended = all.filter(({ kind }) => kind !== 'running');
    const { space, dice } = this;
    if (ended.length < startup) return drawEach(space, (name) => drawEvenly(space.plain(name), dice));
    const [below, above] = split(constantLiar ? all : ended, good(ended.length));
    const together: Record<string, Choice> = {};
    if (multivariate) for (const group of this.groups(ended)) Object.assign(together, this.sample(group, below, above));
    return drawEach(space, (name) => (name in together ? together[name]! : this.sample([name], below, above)[name]!));
  }

  /** Returns groups of parameters that are modelled jointly, sorted. */
  private groups(ended: readonly Observation[]): string[][] {
    const open = (list: readonly string[]) =>
      list.filter((name) => onlyValue(this.space.plain(name)) === undefined).sort();
    if (!this.sampler.group) {
      const always = this.space.names.filter((name) => ended.every(({ params }) => params[name] !== undefined));
      return ended.length === 0 ? [] : [open(always)].filter((group) => group.length > 0);
    }
    // The coarsest partition whose parts each trial has or lacks completely.
    let parts: string[][] = [];
    for (const { params } of ended) {
      const rest = new Set(Object.keys(params));
      const next: string[][] = [];
      for (const part of parts) {
        next.push(
          part.filter((name) => rest.has(name)),
          part.filter((name) => !rest.has(name)),
        );
        for (const name of part) rest.delete(name);
      }
      parts = [...next, [...rest]].filter((part) => part.length > 0);
    }
    return parts.map(open).filter((group) => group.length > 0);
  }

  /** Returns the best of the candidates for these parameters. */
  private sample(group: readonly string[], below: readonly Observation[], above: readonly Observation[]) {
    const parameters = group.map((name) => this.space.plain(name));
    const pointsOf = (side: readonly Observation[]) =>
      side
        .filter(({ params }) => group.every((name) => params[name] !== undefined))
        .map(({ params }) =>
          parameters.map((parameter, p) => {
            const value = params[group[p]!]!;
            return parameter.kind === 'categorical' ? parameter.choices.indexOf(value) : (value as number);
          }),
        );
    const l = new Parzen(parameters, pointsOf(below), this.sampler.numpySort);
    const g = new Parzen(parameters, pointsOf(above), this.sampler.numpySort);
    let best = Number.NEGATIVE_INFINITY;
    let chosen: readonly number[] | undefined;
    for (const point of l.sample(this.state, this.sampler.candidates)) {
      const gain = l.logDensity(point) - g.logDensity(point);
      if (chosen === undefined || gain > best) [best, chosen] = [gain, point];
    }
    return Object.fromEntries(
      parameters.map((parameter, p): [string, Choice] => {
        const value = chosen![p]!;
        return [group[p]!, parameter.kind === 'categorical' ? parameter.choices[value]! : value];
      }),
    );
  }
}

/**
 * Splits into the `count` best and the others, each by number. The order is: complete by value, pruned by their last
 * step and its value, infeasible by the violation. Running ones are never good.
 */
function split(all: readonly Observation[], count: number): [Observation[], Observation[]] {
  const ranked = (['complete', 'pruned', 'infeasible'] as const).flatMap((kind) =>
    all.filter((one) => one.kind === kind).sort((a, b) => a.rank[0] - b.rank[0] || compare(a.rank[1], b.rank[1])),
  );
  const below = new Set(ranked.slice(0, count));
  return [all.filter((one) => below.has(one)), all.filter((one) => !below.has(one))];
}

/** Infinities of the same sign are equal; their difference would be NaN. */
const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
