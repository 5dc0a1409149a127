import { perCall, turn } from '../../../cancellation';
import { ValueError } from '../../../errors';
import type { Generator } from '../../../random';
import { rand } from '../../../tensor/random-creation';

/** Places in a square, or a cube, of side 1: for each a number from 0 to 1 on each axis. */
export type Places = readonly (readonly number[])[];

/** How many places there are on how many axes, and by whose chance. */
export interface PlacesOptions {
  /** How many axes there are. Default: 2. */
  axes?: number;
  /** Where the random numbers come from. Default: the default generator. */
  generator?: Generator;
}

/** Options of {@link gridPlaces}. */
export interface GridPlacesOptions {
  /** How many axes there are. Default: 2. */
  axes?: number;
  /** Where the outer rows lie: half a cell inside, so that no place is farther than that from one, or on the bounds. Default: `'inside'`. */
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

/** Places whose numbers are all thrown on their own. @throws {ValueError} unless the counts are whole. */
export function thrownPlaces(count: number, options: PlacesOptions = {}): number[][] {
  const { axes = 2, generator } = options;
  requireCount('thrownPlaces', 'count', count);
  requireCount('thrownPlaces', 'axes', axes);
  const drawn = numbers(count * axes, generator);
  return Array.from({ length: count }, (_, i) => drawn.slice(i * axes, (i + 1) * axes));
}

/**
 * As many numbers on each axis as there are places, evenly spaced, each once, in an order that is shuffled for each axis: a Latin square.
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

/** How high a valley lies at the nearest of the places: the sum over the axes of (weight · distance from its bottom)². */
export function lowest(places: Places, bottom: readonly number[], weights: readonly number[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (const place of places) {
    let height = 0;
    for (let axis = 0; axis < weights.length; axis++) height += (weights[axis]! * (place[axis]! - bottom[axis]!)) ** 2;
    if (height < best) best = height;
  }
  return best;
}

/** Valleys, and what two ways to choose places try in each. */
export interface Contest {
  readonly bottoms: Places;
  readonly first: readonly Places[];
  readonly second: readonly Places[];
}

/**
 * In what share of the valleys the first way's best place lies lower than the second's. Each valley is smooth, with its bottom anywhere;
 * `weights` say how much each axis matters: 1 as much as any, 0 not at all.
 */
export function shareAhead({ bottoms, first, second }: Contest, weights: readonly number[]): number {
  let ahead = 0;
  bottoms.forEach((bottom, i) => {
    if (i % 64 === 0) turn(perCall);
    if (lowest(first[i]!, bottom, weights) < lowest(second[i]!, bottom, weights)) ahead++;
  });
  return ahead / bottoms.length;
}

/** How far the nearest of some numbers is. */
export const nearest = (shadows: readonly number[], to: number): number =>
  Math.min(...shadows.map((shadow) => Math.abs(shadow - to)));
