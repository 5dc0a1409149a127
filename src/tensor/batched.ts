// Batched tensors, inside func.vmap. A function under vmap sees the shape of one example; the operations
// (ops/batching) compute all examples together.

import { AutogradError, ValueError } from '../errors';
import { checkDepth, isRecord } from '../nested-values';
import { layoutOf } from './layout';
import { formatShape, type Shape } from './shape';
import { Tensor } from './tensor';

/** One `vmap` that is running. @internal */
export interface Level {
  /** How many are running, this one included: the innermost has the highest number. */
  readonly depth: number;
  /** How many examples there are. */
  readonly size: number;
  readonly randomness: 'error' | 'different' | 'same';
  /** Whether it is still running: no tensor outlives it. */
  alive: boolean;
  /** The generator's state after the last numbers that were drawn for each example; `null` if that is not looked at. */
  drawn: Uint8Array | null;
}

/** Called with what a dispatcher has been given, if a batched tensor is among it. */
type Dispatch = (name: string, args: readonly unknown[], call: (...args: never[]) => unknown) => unknown;

/**
 * The running `vmap`s: outside `vmap` `depth` is 0, and dispatchers read nothing else. The operations put in how they go on.
 * @internal
 */
export const batching: {
  depth: number;
  /** How many passes over one example's graph carry the gradients of all. Their results are never modified. */
  carried: number;
  levels: Level[];
  operation: Dispatch;
  composite: Dispatch;
  inPlace: Dispatch;
  stack: (tensors: readonly Tensor[]) => Tensor;
} = {
  depth: 0,
  carried: 0,
  levels: [],
  operation: unreachable,
  composite: unreachable,
  inPlace: unreachable,
  stack: () => unreachable('stack'),
};

function unreachable(name: string): never {
  throw new ValueError(`${name}: vmap is not loaded`);
}

/** Thrown where the numbers of one example are needed; a caller that can then runs the examples one by one. @internal */
export class NeedsNumbers extends ValueError {}

/** Thrown where values of single examples would be written to a tensor that all examples share. @internal */
export class WritesShared extends ValueError {}

/** The placeholder for the memory of a batched tensor. */
const nothing = new Float32Array(0);

/**
 * One example's tensor, for all examples: dimension 0 of `physical` is theirs. Dtype, shape and strides are those of one
 * example; the history is that of `physical`, and the memory cannot be read.
 * @internal
 */
export class Batched extends Tensor {
  readonly physical: Tensor;
  readonly level: Level;

  constructor(physical: Tensor, level: Level) {
    super(nothing, layoutOf(physical.sizes.slice(1), physical.steps.slice(1)), physical.offset, physical.dtype);
    this.physical = physical;
    this.level = level;
  }

  override get memory(): never {
    throw new NeedsNumbers(
      this.level.alive
        ? `vmap: this operation needs the numbers of one example, of shape ${formatShape(this.sizes)}, and vmap computes ` +
            'with all examples at once'
        : 'vmap: this tensor belongs to a vmap that is over; return it from the function instead',
    );
  }

  override get data(): never {
    return this.memory;
  }

  override get version(): number {
    return this.physical.version;
  }

  override item(): number {
    return refuseNumber('item()');
  }

  override tolist(): never {
    return refuseNumber('tolist()');
  }

  override toArray(): never {
    return this.memory;
  }

  override isContiguous(): boolean {
    return this.physical.isContiguous();
  }

  override toString(): string {
    return `BatchedTensor(level=${this.level.depth}, value=${this.physical})`;
  }

  override [Symbol.toPrimitive](hint: string): number | string {
    return hint === 'string' ? this.toString() : refuseNumber('a number or a truth value');
  }

  [Symbol.for('Jupyter.summary')](): string {
    return this.toString();
  }

  override get grad(): Tensor | null {
    return null;
  }

  override set grad(gradient: Tensor | null) {
    if (gradient !== null) throw new AutogradError('grad: a tensor inside vmap has none; use func.grad');
  }

  override detach(): Tensor {
    return new Batched(this.physical.detach(), this.level);
  }

  override detach_(): Tensor {
    this.physical.detach_();
    return this as Tensor;
  }

  override backward(): never {
    throw new AutogradError(
      'backward: not inside vmap; use func.grad for a gradient of each example, or call backward() on the result of vmap',
    );
  }

  override retainGrad(): never {
    throw new AutogradError('retainGrad: not inside vmap; use func.grad for a gradient of each example');
  }

  override registerHook(): never {
    throw new AutogradError('registerHook: not inside vmap; put the hook on a tensor outside');
  }

  override registerPostAccumulateGradHook(): never {
    throw new AutogradError('registerPostAccumulateGradHook: not inside vmap; put the hook on a tensor outside');
  }
}

function refuseNumber(what: string): never {
  throw new ValueError(
    `vmap: asked for ${what} of a tensor that holds all examples of a batch; vmap computes with tensors only, so replace ` +
      'decisions by where(), and numbers by tensors',
  );
}

// The tape of a batched tensor records all examples together; no tape exists for a single example.
const history = {
  requiresGrad: {
    get(this: Batched) {
      return this.physical.requiresGrad;
    },
    set(this: Batched, wanted: boolean) {
      this.physical.requiresGrad = wanted;
    },
  },
  isLeaf: {
    get(this: Batched) {
      return this.physical.isLeaf;
    },
  },
  gradFn: {
    get(this: Batched) {
      return this.physical.gradFn;
    },
  },
  retainsGrad: { value: false },
  tracked: {
    get(this: Batched) {
      return this.physical.requiresGrad;
    },
    set(this: Batched, tracked: boolean) {
      if (tracked) refuseHistory();
    },
  },
  node: {
    get: refuseHistory,
    set(node: unknown) {
      if (node !== null) refuseHistory();
    },
  },
};
Object.defineProperties(Batched.prototype, history);

function refuseHistory(): never {
  throw new NeedsNumbers('vmap: this operation needs the history of one example, and vmap computes with all at once');
}

/** @internal */
export const isBatched = (x: unknown): x is Batched => x instanceof Batched;

/** The innermost `vmap` that a tensor in lists and records belongs to, or `null`. @internal */
export function levelOf(value: unknown, found: Level | null = null, depth = 0): Level | null {
  if (value instanceof Batched) return found === null || value.level.depth > found.depth ? value.level : found;
  if (value instanceof Tensor || typeof value !== 'object' || value === null) return found;
  checkDepth('vmap', depth);
  let level = found;
  if (Array.isArray(value)) for (const v of value) level = levelOf(v, level, depth + 1);
  else if (isRecord(value)) for (const name in value) level = levelOf(value[name], level, depth + 1);
  return level;
}

/** Whether a batched tensor is among what a dispatcher has been given. @internal */
export function holdsBatched(args: ArrayLike<unknown>): boolean {
  for (let i = 0; i < args.length; i++) if (levelOf(args[i]) !== null) return true;
  return false;
}

/** The examples together, if there are some at this level. @internal */
export const physicalAt = (x: Tensor, level: Level): Tensor =>
  x instanceof Batched && x.level === level ? x.physical : x;

/** The same for each example: a tensor of all, whose dimension 0 is theirs. @internal */
export const spreadAt = (x: Tensor, level: Level): Tensor =>
  x instanceof Batched && x.level === level ? x.physical : x.expand([level.size, ...x.sizes]);

/** As {@link spreadAt} where the tensor may belong to a `vmap` within this one, too: then it goes on doing so. @internal */
export function spreadUnder(x: Tensor, level: Level): Tensor {
  if (!(x instanceof Batched && x.level.depth > level.depth)) return spreadAt(x, level);
  return new Batched(spreadUnder(x.physical, level).movedim(1, 0), x.level);
}

/** A tensor of all examples, which may belong to a `vmap` within this one, as that of one example. @internal */
export function wrapUnder(x: Tensor, level: Level): Batched {
  if (!(x instanceof Batched && x.level.depth > level.depth)) return new Batched(x, level);
  return new Batched(wrapUnder(x.physical.movedim(1, 0), level), x.level);
}

/** Runs a pass along graphs of one example that carries gradients of all. @internal */
export function carrying<T>(pass: () => T): T {
  batching.carried++;
  try {
    return pass();
  } finally {
    batching.carried--;
  }
}

/** The tensor under all marks. @internal */
export function rootOf(x: Tensor): Tensor {
  let root = x;
  while (root instanceof Batched) root = root.physical;
  return root;
}

/**
 * A tensor that `make` fills with random numbers: of `shape`, or, where each example is to have its own, of all of them.
 * @internal
 */
export function drawnForEach(shape: Shape, make: (shape: Shape) => Tensor, look: () => Uint8Array): Tensor {
  const levels = batching.levels.filter((level) => level.randomness === 'different');
  if (levels.length === 0) return make(shape);
  return drawing(look, () => {
    let x = make([...levels.map((level) => level.size), ...shape]);
    for (const level of levels) x = new Batched(x, level);
    return x;
  });
}

/** Draws random numbers for each example: what others draw meanwhile is noticed. @internal */
export function drawing<T>(look: () => Uint8Array, draw: () => T): T {
  const watched = batching.levels.filter((level) => level.drawn !== null);
  if (watched.length === 0) return draw();
  const before = look();
  for (const level of watched) if (!sameBytes(before, level.drawn!)) refuseDraw();
  const result = draw();
  const after = look();
  for (const level of watched) level.drawn = after;
  return result;
}

/** @internal */
export function refuseDraw(): never {
  throw new NeedsNumbers('vmap: random numbers that are the same for all examples were drawn');
}

/** @internal */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);
