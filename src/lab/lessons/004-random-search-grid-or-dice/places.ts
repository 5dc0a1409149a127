import { perCall, turn } from '../../../cancellation';
import { ValueError } from '../../../errors';
import type { Generator } from '../../../random';
import { rand } from '../../../tensor/random-creation';

/** Positions in a square, or a cube, of side 1: for each a number from 0 to 1 on each axis. */
export type Places = readonly (readonly number[])[];

/** The number of positions and axes, and the source of randomness. */
export interface PlacesOptions {
  /** The number of axes. Default: 2. */
  axes?: number;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/** Options of {@link gridPlaces}. */
export interface GridPlacesOptions {
  /** The number of axes. Default: 2. */
  axes?: number;
  /**
   * The position of the outer rows: half a cell inside, so that no position is farther than that from one, or on the
   * bounds. Default: `'inside'`.
   */
  outer?: 'inside' | 'bounds';
}

function requireCount(who: string, name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least)
    throw new ValueError(`${who}: ${name} must be a whole number from ${least} on, got ${value}`);
}

/** All combinations of `side` numbers on each axis. @throws {ValueError} unless the counts are whole, and 2 or more on bounds. */
export function gridPlaces(side: number, options: GridPlacesOptions = {}): number[][] {
  const { axes = 2, outer = 'inside' } = options;
  requireCount('gridPlaces', 'side', side, outer === 'bounds' ? 2 : 1);
  requireCount('gridPlaces', 'axes', axes);
  const each = Array.from({ length: side }, (_, i) => (outer === 'bounds' ? i / (side - 1) : (i + 0.5) / side));
  let all: number[][] = [[]];
  for (let axis = 0; axis < axes; axis++) all = all.flatMap((place) => each.map((value) => [...place, value]));
  return all;
}

const numbers = (count: number, generator: Generator | undefined) =>
  rand([count], { dtype: 'float64', ...(generator && { generator }) }).tolist() as number[];

/**
 * Positions whose numbers are all drawn independently.
 * @throws {ValueError} unless the counts are whole.
 */
export function thrownPlaces(count: number, options: PlacesOptions = {}): number[][] {
  const { axes = 2, generator } = options;
  requireCount('thrownPlaces', 'count', count);
  requireCount('thrownPlaces', 'axes', axes);
  const drawn = numbers(count * axes, generator);
  return Array.from({ length: count }, (_, i) => drawn.slice(i * axes, (i + 1) * axes));
}

/**
 * A Latin square: on each axis as many numbers as positions, evenly spaced, each once, independently shuffled.
 * @throws {ValueError} unless the counts are whole.
 */
export function shuffledPlaces(count: number, options: PlacesOptions = {}): number[][] {
  const { axes = 2, generator } = options;
  requireCount('shuffledPlaces', 'count', count);
  requireCount('shuffledPlaces', 'axes', axes);
  const columns = Array.from({ length: axes }, () => {
    const keys = numbers(count, generator);
    return keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
  });
  return Array.from({ length: count }, (_, i) => columns.map((order) => (order[i]! + 0.5) / count));
}

/**
 * The height of a valley at the nearest of the positions: the sum over the axes of (weight · distance from its
 * minimum)².
 */
export function lowest(places: Places, bottom: readonly number[], weights: readonly number[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (const place of places) {
    let height = 0;
    for (let axis = 0; axis < weights.length; axis++) height += (weights[axis]! * (place[axis]! - bottom[axis]!)) ** 2;
    if (height < best) best = height;
  }
  return best;
}

/** Valleys, and the tries of two ways in each. */
export interface Contest {
  readonly bottoms: Places;
  readonly first: readonly Places[];
  readonly second: readonly Places[];
}

/**
 * The fraction of valleys in which the first way's best position is lower than the second's. Each valley is smooth,
 * with a random minimum; `weights` say how much each axis matters, from 0 to 1.
 */
export function shareAhead({ bottoms, first, second }: Contest, weights: readonly number[]): number {
  let ahead = 0;
  bottoms.forEach((bottom, i) => {
    if (i % 64 === 0) turn(perCall);
    if (lowest(first[i]!, bottom, weights) < lowest(second[i]!, bottom, weights)) ahead++;
  });
  return ahead / bottoms.length;
}

/** The distance of the nearest of some numbers. */
export const nearest = (shadows: readonly number[], to: number): number =>
  Math.min(...shadows.map((shadow) => Math.abs(shadow - to)));
