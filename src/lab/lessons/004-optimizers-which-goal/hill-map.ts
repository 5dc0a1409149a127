import { Figure, raceMap } from '../../plot';
import type { RaceResult } from '../../races';
import { letters } from './goals';

/**
 * The map of `plot.raceMap` without a legend, and with a letter beside each goal.
 *
 * @example
 * hillMap(races.race(races.landscapes.himmelblau(), races.racers()))
 * @throws {PlotError} if there are no runs.
 */
export function hillMap(result: RaceResult): Figure {
  const { data, layout, description } = raceMap(result, { resolution: 81, legend: false });
  return new Figure({ data: [...data, letters(result.landscape.minima)], layout, description });
}
