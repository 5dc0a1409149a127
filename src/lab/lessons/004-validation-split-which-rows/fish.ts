import { Generator } from '../../../random';
import { tensor } from '../../../tensor/creation';
import { randn, randperm } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';
import type { Rows } from '../../../training';
import { clusters } from '../../datasets';

const from = (seed: number) => new Generator().manualSeed(seed);

/**
 * Rows of three classes, small, middle and large, in consecutive clusters along the first input: all of class 0 first,
 * then those of 1 and 2; 40 of each.
 */
export function sizes(seed: number): { x: Tensor; y: Tensor } {
  const centres = [
    [-2, 0],
    [0, 0],
    [2, 0],
  ];
  return clusters(centres, { perCentre: 40, sd: 0.5, generator: from(seed) });
}

/** The same rows in random order, with their original indices. */
export function mixed({ x, y }: Rows, seed: number): { x: Tensor; y: Tensor; order: number[] } {
  const order = randperm(x.shape[0]!, { generator: from(seed) });
  return { x: x.indexSelect(0, order), y: y.indexSelect(0, order), order: order.tolist() as number[] };
}

/** Pictures of fish, one per row, with the class and the number of the fish. */
export interface Album {
  x: Tensor;
  y: Tensor;
  /** The fish that a row shows, from 0 on. */
  fish: number[];
}

/** Options of {@link album}. */
export interface AlbumOptions {
  /** Standard deviation of the differences between two pictures of a fish, in each number. Default: 0.1. */
  blur?: number;
}

/** Overlapping sizes: six numbers of each fish, of which only the first depends on its size. */
const overlapping = (perCentre: number, generator: Generator) =>
  clusters(
    [-1.5, 0, 1.5].map((centre) => [centre, 0, 0, 0, 0, 0]),
    { perCentre, sd: 1, generator },
  );

/** Sixty fish, 20 of each class, in random order, and for each of them the given number of consecutive pictures. */
export function album(seed: number, pictures: number, { blur = 0.1 }: AlbumOptions = {}): Album {
  const generator = from(seed);
  const { x, y } = overlapping(20, generator);
  const fish = randperm(60, { generator }).tolist() as number[];
  const shown = tensor(Int32Array.from(fish.flatMap((one) => Array.from({ length: pictures }, () => one))));
  const sharp = x.indexSelect(0, shown);
  const noise = randn(sharp.shape, { dtype: 'float64', generator });
  return {
    x: sharp.add(noise.mul(blur)),
    y: y.indexSelect(0, shown),
    fish: fish.flatMap((_, place) => Array.from({ length: pictures }, () => place)),
  };
}

/** 3,000 fish of the same kinds that are in no album, one picture of each. */
export function newFish({ blur = 0.1 }: AlbumOptions = {}): { x: Tensor; y: Tensor } {
  const generator = from(99);
  const { x, y } = overlapping(1000, generator);
  return { x: x.add(randn(x.shape, { dtype: 'float64', generator }).mul(blur)), y };
}
