import { ValueError } from '../errors';
import { requireBooleans, requireOneOf, requireSizes } from '../ops/table/arguments';
import * as names from '../option-names';
import { checkOptions } from '../options';
import { refuseSurplus } from '../surplus';
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
  /** How many trials must have ended before it begins; until then it draws like `tuner.random()`. Default: 10. */
  startup?: number;
  /** Among how many candidates it chooses. Default: 24. */
  candidates?: number;
  /** Whether parameters are modelled together, so that it sees which values go with which. Default: true. */
  multivariate?: boolean;
  /**
   * Only with `multivariate`: whether conditional parameters are modelled together with those that are always there beside them;
   * otherwise each of them is modelled alone. Default: false.
   */
  group?: boolean;
  /** Whether trials that run count as bad until they have ended, so that workers do not all try the same place. Default: true. */
  constantLiar?: boolean;
  /**
   * Whose order equal numbers have, which decides the widths of kernels of whole and stepped numbers: that of NumPy where it sorts by `'vector'`,
   * on x86-64 with AVX2 (with AVX-512 the same up to 256 trials in a density), or by its `'portable'` sort, as on ARM. Default: `'vector'`.
   */
  numpySort?: NumpySort;
}

/** The Tree-structured Parzen Estimator: made by {@link tpe}. */
export interface TpeSampler extends Required<TpeOptions> {
  readonly kind: 'tpe';
}

/**
 * The Tree-structured Parzen Estimator (Bergstra et al., 2011): models good trials by a density `l(x)` and the others by `g(x)`, draws
 * candidates from `l` and takes the one where `l(x)/g(x)` is largest. It is Optuna 5.0's `TPESampler`, and from the same seed gives its
 * suggestions, number for number. Those of whole and stepped numbers depend on how NumPy sorts where Optuna runs: `numpySort`.
 * @throws {ValueError} if an option cannot be so.
 *
 * @example
 * tuner.tpe({ multivariate: false }).startup // 10
 */
export function tpe(options: TpeOptions = {}): TpeSampler {
  if (arguments.length > 1) refuseSurplus('tuner.tpe', arguments, 1);
  checkOptions('tuner.tpe', options, names.TpeOptions);
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

/** How many of `n` ended trials are good ones. */
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
    /** As long as the longest trials train, where that differs. */
    private readonly longest: number | undefined,
  ) {
    // As in Optuna, the dice at the beginning and the estimator have the same seed, each for itself.
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

  /** Names of parameters that are modelled together, sorted. */
  private groups(ended: readonly Observation[]): string[][] {
    const open = (list: readonly string[]) =>
      list.filter((name) => onlyValue(this.space.plain(name)) === undefined).sort();
    if (!this.sampler.group) {
      const always = this.space.names.filter((name) => ended.every(({ params }) => params[name] !== undefined));
      return ended.length === 0 ? [] : [open(always)].filter((group) => group.length > 0);
    }
    // The coarsest partition of which each trial has or lacks whole parts.
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

  /** The best of the candidates for these parameters. */
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
 * The `count` best and the others, each by number: complete ones by value, then pruned ones by how far they came and their value there,
 * then infeasible ones by how much they break. Those that run are not good.
 */
function split(all: readonly Observation[], count: number): [Observation[], Observation[]] {
  const ranked = (['complete', 'pruned', 'infeasible'] as const).flatMap((kind) =>
    all.filter((one) => one.kind === kind).sort((a, b) => a.rank[0] - b.rank[0] || compare(a.rank[1], b.rank[1])),
  );
  const below = new Set(ranked.slice(0, count));
  return [all.filter((one) => below.has(one)), all.filter((one) => !below.has(one))];
}

/** Infinities of the same sign are equal. */
const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
