/** Checks the arguments of `plot.network` against the sizes of the layers, and finds the paths along its edges. */
import type { NumberList, NumberMatrix } from '../../display';
import { PlotError } from '../../errors';
import { readCells } from './heatmap';
import { compact, toNumbers } from './input';
import { orNowhere } from './marks';

/** The known values of a network's units and edges, for {@link network}. */
export interface NetworkNumbers {
  /**
   * The weights of each block, which connects a layer to the next one: a row for each unit of the next layer, as in
   * `Linear.weight`. Larger weights are wider; negative ones are dashed. `null` or not given: all edges alike.
   */
  weights?: readonly (NumberMatrix | null)[];
  /** The values of each layer's units, shaded relative to the largest of their layer; `null`: not known yet. */
  values?: readonly (NumberList | null)[];
  /**
   * The gradients of each block, in the shape of its weights; they set the width of highlighted edges. `null`: none.
   */
  gradients?: readonly (NumberMatrix | null)[];
  /**
   * Highlighted blocks by index, and edges as `[block, to, from]`, all counted from 0. A highlight passes through a
   * frozen block without a mark: its edges are dotted, whatever their gradient. Default: blocks with gradients.
   */
  lit?: readonly (number | readonly [block: number, to: number, from: number])[];
}

/** An edge from a unit of one layer to a unit of the next, with its weight and its gradient, if known. */
export interface Edge {
  block: number;
  to: number;
  from: number;
  weight: number | undefined;
  gradient: number | undefined;
}

/** The position of a unit. */
export type Place = (layer: number, unit: number) => [number, number];

/** Above this number, edges are a grey area, and large to send. */
const mostEdges = 2000;
export function checkSizes(sizes: readonly number[]): void {
  const wrong = sizes.find((size) => !Number.isInteger(size) || size < 1);
  if (sizes.length < 2 || wrong !== undefined) {
    throw new PlotError(`network: sizes must be whole numbers above 0, two layers or more, got [${sizes.join(', ')}]`);
  }
  const count = sizes.slice(1).reduce((sum, size, l) => sum + size * sizes[l]!, 0);
  if (count > mostEdges) {
    throw new PlotError(
      `network: layers of ${sizes.join(', ')} units have ${count} edges, too many to see; draw fewer than ${mostEdges}`,
    );
  }
}

export function checkIndex(name: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new PlotError(`network: ${name} must be from 0 to ${count - 1}, got ${index}`);
}

/** One entry of a list with as many as there are layers or blocks. */
export function checkCount(name: string, list: readonly unknown[] | undefined, count: number, each: string): void {
  if (list && list.length !== count) {
    throw new PlotError(`network: ${name} needs one entry for each of the ${count} ${each}, got ${list.length}`);
  }
}

export function readValues(sizes: readonly number[], values: NetworkNumbers['values']): (number[] | undefined)[] {
  checkCount('values', values, sizes.length, 'layers');
  return sizes.map((size, l) => {
    const given = values?.[l];
    if (given === undefined || given === null) return undefined;
    const numbers = toNumbers(given, `network: values of layer ${l}`);
    if (numbers.length === size) return numbers;
    throw new PlotError(`network: layer ${l} has ${size} units and ${numbers.length} values`);
  });
}

export function readEdges(sizes: readonly number[], { weights, gradients }: NetworkNumbers): Edge[] {
  const read = (name: string, list: readonly (NumberMatrix | null)[] | undefined) => {
    checkCount(name, list, sizes.length - 1, 'blocks between layers');
    return sizes.slice(1).map((to, block) => {
      const given = list?.[block];
      if (given === undefined || given === null) return undefined;
      const { z } = readCells({ z: given }, `network: ${name} of block ${block}`);
      if (z.length === to && z[0]!.length === sizes[block]) return z;
      throw new PlotError(
        `network: ${name} of block ${block} are ${z.length} × ${z[0]!.length}, expected ${to} × ${sizes[block]}: a row ` +
          'for each unit that it leads to, as in Linear.weight',
      );
    });
  };
  const [w, g] = [read('weights', weights), read('gradients', gradients)];
  return sizes.slice(1).flatMap((count, block) =>
    Array.from({ length: count * sizes[block]! }, (_, i) => {
      const [to, from] = [Math.floor(i / sizes[block]!), i % sizes[block]!];
      return { block, to, from, weight: w[block]?.[to]?.[from], gradient: g[block]?.[to]?.[from] };
    }),
  );
}

export function litOf(sizes: readonly number[], { lit, gradients }: NetworkNumbers): (edge: Edge) => boolean {
  if (!lit) return ({ block }) => (gradients?.[block] ?? null) !== null;
  for (const one of lit) {
    const [block, to = 0, from = 0] = typeof one === 'number' ? [one] : one;
    checkIndex('a lit block', block, sizes.length - 1);
    checkIndex(`a lit edge of block ${block}: the unit that it leads to`, to, sizes[block + 1]!);
    checkIndex(`a lit edge of block ${block}: the unit that it comes from`, from, sizes[block]!);
  }
  return (edge) =>
    lit.some((one) =>
      typeof one === 'number'
        ? one === edge.block
        : one[0] === edge.block && one[1] === edge.to && one[2] === edge.from,
    );
}

/**
 * The points along the edges, each edge once, in strokes as long as possible: a third of the numbers that separate
 * edges would take.
 */
export function alongAll(list: readonly Edge[], at: Place): { x: (number | null)[]; y: (number | null)[] } {
  const ends = ({ block, from, to }: Edge) => [`${block} ${from}`, `${block + 1} ${to}`] as const;
  const left = new Map<string, Set<Edge>>();
  for (const edge of list) for (const end of ends(edge)) left.set(end, (left.get(end) ?? new Set()).add(edge));
  const path: (readonly [number, number] | null)[] = [];
  const go = (unit: string) => path.push(at(...(unit.split(' ').map(Number) as [number, number])));
  for (const [start, own] of left) {
    while (own.size) {
      go(start);
      for (let here = start, edge = first(own); edge; edge = first(left.get(here)!)) {
        for (const end of ends(edge)) left.get(end)!.delete(edge);
        here = ends(edge).find((end) => end !== here)!;
        go(here);
      }
      path.push(null);
    }
  }
  const part = (k: 0 | 1) => compact(orNowhere(path.map((place) => place?.[k] ?? null)), 1);
  return { x: part(0), y: part(1) };
}

const first = <T>(all: ReadonlySet<T>): T | undefined => all.values().next().value;
