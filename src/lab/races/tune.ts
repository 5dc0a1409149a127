import { ValueError } from '../../errors';
import { median } from '../numeric';
import type { Landscape } from './landscapes';
import { descend, settledAt } from './race';
import type { Racer } from './racers';

/** Options of {@link tuneRates}. */
export interface TuneRatesOptions {
  /** The learning rates, the same for all. Default: ten from 10^-3.5 to 10, two in each decade. */
  grid?: readonly number[];
  /** The number of steps of each run. Default: 500. */
  steps?: number;
  /** The loss below which a run has arrived. Default: 0.01. */
  tolerance?: number;
}

/** The rates of one racer on one landscape. */
export interface Tuning {
  landscape: Landscape;
  racer: Racer;
  /** The grid. */
  rates: readonly number[];
  /**
   * For each rate the median, over the landscape's eight starts, of the steps until the loss stays below the tolerance.
   */
  medians(tolerance?: number): number[];
  /**
   * The rate with the lowest median, of equal ones the smallest. If none arrives, `steps` is `Infinity` and the rate is
   * the one with the lowest final loss.
   */
  best(tolerance?: number): { lr: number; steps: number };
}

/** Constants whose digits do not depend on the engine, unlike those of `10 ** x`. */
const halfDecades = Array.from({ length: 10 }, (_, i) => Math.sqrt(Number(`1e${i - 7}`)));

/** The last loss; infinity for a diverged run. */
function endOf(losses: Float64Array): number {
  const end = losses.at(-1)!;
  return end < 1e12 ? end : Number.POSITIVE_INFINITY;
}

const indexOfLeast = (values: readonly number[]) => values.indexOf(Math.min(...values));

/**
 * Tries a common grid of learning rates for each racer on each landscape, from the landscape's eight starts. Losses are
 * stored, so that another tolerance needs no new runs.
 *
 * @example
 * const [adaGrad] = races.tuneRates([races.landscapes.bowl()], [races.racers()[3]]);
 * adaGrad.best().steps // 4.5
 * @throws {ValueError} if a rate is not a number above 0.
 */
export function tuneRates(
  landscapes: readonly Landscape[],
  racers: readonly Racer[],
  options: TuneRatesOptions = {},
): Tuning[] {
  const { grid: rates = halfDecades, steps = 500, tolerance: usual = 0.01 } = options;
  const wrong = rates.find((rate) => !(rate > 0 && Number.isFinite(rate)));
  if (rates.length === 0 || wrong !== undefined)
    throw new ValueError(`tuneRates: the grid needs rates above 0, got [${rates.join(', ')}]`);
  return landscapes.flatMap((landscape) =>
    racers.map((racer): Tuning => {
      const losses = rates.map((lr) =>
        landscape.starts.map((start) => descend(landscape, { ...racer, lr }, start, steps)),
      );
      const medians = (tolerance = usual) =>
        losses.map((runs) => median(runs.map((one) => settledAt(one, tolerance, steps))));
      const best = (tolerance = usual) => {
        const all = medians(tolerance);
        const least = Math.min(...all);
        const at = Number.isFinite(least)
          ? all.indexOf(least)
          : indexOfLeast(losses.map((runs) => median(runs.map(endOf))));
        return { lr: rates[at]!, steps: least };
      };
      return { landscape, racer, rates, medians, best };
    }),
  );
}
