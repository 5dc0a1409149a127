// Starts and ends a `vmap`, and maps its tensors.

import { mapNested } from '../../nested-values';
import { soon } from '../../platform';
import { Batched, batching, type Level, spreadAt } from '../../tensor/batched';
import { Tensor } from '../../tensor/tensor';

let isWatched = false;

/** Begins a `vmap`. @internal */
export function enterLevel(size: number, randomness: Level['randomness']): Level {
  const level: Level = { depth: batching.levels.length + 1, size, randomness, alive: true, drawn: null };
  batching.levels.push(level);
  batching.depth = level.depth;
  if (!isWatched) {
    // An interrupt of a cell ends what runs without any `finally`.
    isWatched = true;
    soon(() => {
      isWatched = false;
      if (batching.levels.length > 0) leaveLevel(batching.levels[0]);
    });
  }
  return level;
}

/** Ends it, and those within. @internal */
export function leaveLevel(level: Level): void {
  if (!level.alive) return;
  for (const ended of batching.levels.splice(level.depth - 1)) ended.alive = false;
  batching.depth = batching.levels.length;
  if (batching.depth === 0) batching.carried = 0;
}

/** Returns the value with `change` applied to each tensor in its nested lists and records. @internal */
export const mapTensors = (value: unknown, change: (x: Tensor) => unknown): unknown =>
  mapNested('vmap', value, (leaf) => (leaf instanceof Tensor ? change(leaf) : leaf));

/** The tensor with an own copy for each example of every `vmap` that runs, so that it has a gradient for each. @internal */
export function ofEachExample(x: Tensor, levels: readonly Level[] = batching.levels): Tensor {
  if (levels.length === 0) return x;
  const level = levels[levels.length - 1];
  const others = levels.slice(0, -1);
  if (!(x instanceof Batched && x.level === level))
    return new Batched(spreadAt(ofEachExample(x, others), level), level);
  const inner = ofEachExample(x.physical, others);
  return inner === x.physical ? x : new Batched(inner, level);
}
