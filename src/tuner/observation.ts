import type { AnyParams, Direction, TrialRecord } from './types';

/** A sampler's view of one choice of parameters. */
export interface Observation {
  readonly params: AnyParams;
  readonly kind: 'complete' | 'pruned' | 'infeasible' | 'running';
  /** Smaller is better among observations of the same kind; the second number breaks ties. */
  readonly rank: readonly [number, number];
}

/**
 * Returns the observations by number, without failed trials. Trials that continue each other, with the same parameters,
 * count once: with the last result, and as pruned unless they trained up to `longest`.
 */
export function observe(
  trials: readonly TrialRecord[],
  direction: Direction,
  longest: number | undefined,
): Observation[] {
  const sign = direction === 'minimize' ? 1 : -1;
  /** Indexed by the first trial with the parameters. */
  const seen = new Map<number, Observation | undefined>();
  const first = new Map<number, number>();
  for (const trial of [...trials].sort((a, b) => (a.rung ?? 0) - (b.rung ?? 0) || a.number - b.number)) {
    const origin = trial.from === undefined ? trial.number : (first.get(trial.from) ?? trial.from);
    first.set(trial.number, origin);
    const observation = ofTrial(trial, sign, longest);
    if (trial.from === undefined || (observation !== undefined && observation.kind !== 'running'))
      seen.set(origin, observation);
  }
  return [...seen]
    .sort(([a], [b]) => a - b)
    .flatMap(([, observation]) => (observation === undefined ? [] : [observation]));
}

function ofTrial(trial: TrialRecord, sign: 1 | -1, longest: number | undefined): Observation | undefined {
  const { params, state, value, reports, constraints = [], resource } = trial;
  if (state === 'failed') return undefined;
  if (state === 'running' || state === 'waiting') return { params, kind: 'running', rank: [0, 0] };
  const broken = constraints.reduce((sum, by) => sum + Math.max(by, 0), 0);
  if (broken > 0) return { params, kind: 'infeasible', rank: [broken, 0] };
  if (state === 'complete' && resource === longest) return { params, kind: 'complete', rank: [0, sign * value!] };
  const last = state === 'complete' ? ([resource!, value!] as const) : reports.at(-1);
  return { params, kind: 'pruned', rank: last === undefined ? [1, 0] : [-last[0], sign * last[1]] };
}
