import { halfToEven } from '../kernels/scalar';
import { RandomState } from './random-state';
import { drawEach, type Suggester } from './sampler';
import type { PlainParameter, Space } from './space';
import type { AnyParams, Choice } from './types';

/**
 * Draws each parameter independently, uniformly over its values or, with `log`, their logarithms (Optuna's
 * `RandomSampler`).
 */
export interface RandomSampler {
  readonly kind: 'random';
}

/**
 * Random search: draws each parameter independently, with the same numbers for the same seed as Optuna's
 * `RandomSampler`.
 *
 * @example
 * tuner.random().kind // 'random'
 */
export function random(): RandomSampler {
  return { kind: 'random' };
}

/** Returns the largest double below a number. */
function below(x: number): number {
  const bits = new BigInt64Array(1);
  const value = new Float64Array(bits.buffer);
  value[0] = x;
  if (x === 0) return -Number.MIN_VALUE;
  bits[0]! += x > 0 ? -1n : 1n;
  return value[0]!;
}

const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

/** Draws a value of a parameter as Optuna does. @internal */
export function drawEvenly(parameter: PlainParameter, state: RandomState): Choice {
  if (parameter.kind === 'categorical') {
    // Each choice draws a number; the largest wins.
    let best = -1;
    let chosen = 0;
    parameter.choices.forEach((_, i) => {
      const u = state.rand();
      if (u > best) [best, chosen] = [u, i];
    });
    return parameter.choices[chosen]!;
  }
  const { kind, low, high, log, step } = parameter;
  if (kind === 'int') {
    const half = step / 2;
    if (log) return clip(halfToEven(Math.exp(state.uniform(Math.log(low - half), Math.log(high + half)))), low, high);
    const x = state.uniform(low - half, high + half);
    return clip(Math.floor((x - low) / step + 0.5) * step + low, low, high);
  }
  if (step !== undefined) {
    const x = state.uniform(low - step / 2, high + step / 2);
    return clip(halfToEven((x - low) / step) * step + low, low, high);
  }
  const x = log ? Math.exp(state.uniform(Math.log(low), Math.log(high))) : state.uniform(low, high);
  return log ? clip(x, low, below(high)) : Math.min(x, below(high));
}

/** @internal */
export class RandomSuggester implements Suggester {
  readonly size: number = Number.POSITIVE_INFINITY;
  private readonly state: RandomState;

  constructor(
    private readonly space: Space<unknown>,
    seed: number,
  ) {
    this.state = new RandomState(seed);
  }

  get drawn(): readonly number[] {
    return [this.state.drawn];
  }

  seek([drawn = 0]: readonly number[]): void {
    this.state.seek(drawn);
  }

  suggest(): AnyParams {
    return drawEach(this.space, (name) => drawEvenly(this.space.plain(name), this.state));
  }
}
