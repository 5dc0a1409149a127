import { describe } from '../describe';
import { AutogradError, ValueError } from '../errors';
import { joining } from '../ops/joining/cat';
import '../ops/batching'; // nothing else makes batched tensors
import { checkDepth, isBranch } from '../nested-values';
import { enterLevel, leaveLevel } from '../ops/batching/levels';
import { requireOneOf } from '../ops/table/arguments';
import { defaultGenerator } from '../random';
import { Batched, type Level, NeedsNumbers, refuseDraw, sameBytes } from '../tensor/batched';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { mapTree, tensorsIn } from './pytree';

/** The mapped dimension of a tensor, `null` for none; or a tree of them with the structure of the arguments. */
export type InDims = number | null | readonly InDims[] | { readonly [name: string]: InDims };

/** Options of {@link vmap}. */
export interface VmapOptions {
  /**
   * The mapped dimension of each argument, `null` for one that all examples share; or one value for all arguments;
   * default 0.
   */
  inDims?: InDims;
  /**
   * The position of the mapped dimension in the results: one number for all, or one for each. `null` for a result that
   * all examples share, which gets no such dimension. Default 0.
   */
  outDims?: number | null | readonly (number | null)[];
  /** Random numbers: an error (`'error'`, the default), different for each example, or the same for all. */
  randomness?: 'error' | 'different' | 'same';
  /** Number of examples computed at once; default `null`, all. Fewer need less memory. */
  chunkSize?: number | null;
}

/**
 * Returns a function that computes `func` for each example of a batch (`torch.func.vmap`). `func` receives tensors
 * without the dimension named by `inDims`; its results get a dimension for the examples. Arguments and results are
 * tensors, or lists and records of them; other values are passed through. It is differentiable, and `vmap(grad(f))`
 * computes a gradient for each example.
 *
 * `func` is called once, with tensors that represent all examples, and its operations compute all of them at once.
 * Therefore it must not branch on numbers (`item()`). Operations without a batching rule loop over the examples. If
 * `func` reads memory itself (`toArray()`, `data`), it is called for each example.
 *
 * @example
 * const dots = func.vmap((a: Tensor, b: Tensor) => a.dot(b));
 * dots(rand([5, 3]), rand([5, 3])).shape // [ 5 ]
 *
 * @example
 * const net = new nn.Linear(3, 1);
 * const params = Object.fromEntries(net.namedParameters());
 * const loss = (p: Record<string, Tensor>, x: Tensor) => func.functionalCall(net, p, x).pow(2).sum();
 * const ofEach = func.vmap(func.grad(loss), { inDims: [null, 0] });
 * ofEach(params, rand([5, 3])).weight.shape // [ 5, 1, 3 ]
 * @throws {ValueError} when it is called: if no argument has a mapped dimension, the sizes differ, `inDims` or
 * `outDims` do not fit, or `func` returns anything but tensors, returns tensors of different shapes, reads numbers,
 * draws random numbers although `randomness` is `'error'`, or modifies a shared tensor in place; {@link AutogradError}
 * if it is asynchronous.
 */
export function vmap<A extends unknown[], R>(func: (...args: A) => R, options: VmapOptions = {}): (...args: A) => R {
  const { inDims = 0, outDims = 0, randomness = 'error', chunkSize = null } = options;
  if (typeof func !== 'function') throw new ValueError(`vmap: expected a function, got ${describe(func)}`);
  if (inDims !== null && typeof inDims !== 'number' && !isBranch(inDims))
    throw new ValueError(
      `vmap: inDims must be a dimension, null, or a list or record of these, got ${describe(inDims)}`,
    );
  requireOneOf('vmap', { randomness }, ['error', 'different', 'same']);
  if (chunkSize !== null && !(Number.isInteger(chunkSize) && chunkSize > 0))
    throw new ValueError(`vmap: chunkSize is ${chunkSize}; it must be a whole number above 0, or null`);
  return (...args) => {
    const dims = dimsOf(args, inDims);
    const size = sizeOf(args, dims);
    const run: Run = { func: func as never, randomness, outDims };
    const before = randomness === 'different' ? null : defaultGenerator.bytes();
    if (chunkSize === null || size <= chunkSize) return computed(run, args, dims, size) as R;
    const parts: unknown[] = [];
    for (let start = 0; start < size; start += chunkSize) {
      if (randomness === 'same') defaultGenerator.restore(before!);
      const length = Math.min(chunkSize, size - start);
      const part = mapPairs(args, dims, (x, dim) => (dim === null ? x : x.narrow(dim, start, length)));
      parts.push(computed(run, part as unknown[], dims, length));
    }
    return joinedParts(parts, outDims) as R;
  };
}

/** The parameters of every chunk of examples. */
interface Run {
  readonly func: (...args: unknown[]) => unknown;
  readonly randomness: Level['randomness'];
  readonly outDims: OutDims;
}
type OutDims = number | null | readonly (number | null)[];

/** Returns the results for `size` examples: computed at once, or one by one if the function reads numbers. */
function computed(run: Run, args: readonly unknown[], dims: unknown, size: number): unknown {
  const before = defaultGenerator.bytes();
  const versions = tensorsIn(args).map((x) => x.version);
  try {
    return atOnce(run, args, dims, size, before);
  } catch (error) {
    if (!(error instanceof NeedsNumbers) || size === 0) throw error;
    // A second run would apply its in-place changes twice.
    if (tensorsIn(args).some((x, i) => x.version !== versions[i])) throw error;
    defaultGenerator.restore(before);
    return oneByOne(run, args, dims, size);
  }
}

function atOnce(
  { func, randomness, outDims }: Run,
  args: readonly unknown[],
  dims: unknown,
  size: number,
  before: Uint8Array,
) {
  const level = enterLevel(size, randomness);
  if (randomness === 'different') level.drawn = before;
  const inputs: Tensor[] = [];
  let y: unknown;
  try {
    const given = mapPairs(args, dims, (x, dim) => {
      if (dim === null) return x;
      inputs.push(x);
      return new Batched(dim === 0 ? x : x.movedim(dim, 0), level);
    });
    y = func(...(given as unknown[]));
    requireSynchronous(y);
    if (randomness === 'different' && !sameBytes(defaultGenerator.bytes(), level.drawn!)) refuseDraw();
  } finally {
    leaveLevel(level);
  }
  if (randomness === 'error' && !sameBytes(defaultGenerator.bytes(), before)) {
    defaultGenerator.restore(before);
    refuseRandom();
  }
  return placed(y, outDims, (result, dim) => {
    if (!(result instanceof Batched && result.level === level)) {
      if (dim === null) return result;
      const all = result.expand([size, ...result.sizes]);
      return dim === 0 ? all : all.movedim(0, dim);
    }
    if (dim === null)
      throw new ValueError('vmap: outDims is null for a result that differs from example to example; name a dimension');
    const all = result.physical;
    // The function must not return the same tensor object that it received.
    return dim === 0 ? (inputs.includes(all) ? all.view(all.sizes) : all) : all.movedim(0, dim);
  });
}

/** Calls the function for each example and stacks the results. */
function oneByOne({ func, randomness, outDims }: Run, args: readonly unknown[], dims: unknown, size: number): unknown {
  const shared: Tensor[] = [];
  mapPairs(args, dims, (x, dim) => {
    if (dim === null) shared.push(x);
    return x;
  });
  const versions = shared.map((x) => x.version);
  const results = withRandomness(randomness, size, (i) => {
    const y = func(...(mapPairs(args, dims, (x, dim) => (dim === null ? x : x.select(dim, i))) as unknown[]));
    requireSynchronous(y);
    if (shared.some((x, k) => x.version !== versions[k]))
      throw new ValueError(
        'vmap: the function has modified in place a tensor that is the same for all examples, so that each would see what ' +
          'the others did; use the operation that is not in place, or give each example its own (inDims)',
      );
    return y;
  });
  const stacked = joined(results, (parts) => {
    const other = parts.find((y) => !sameShape(y.sizes, parts[0].sizes));
    if (other !== undefined)
      throw new ValueError(
        `vmap: the function returned shape ${formatShape(parts[0].sizes)} for one example and ${formatShape(other.sizes)} ` +
          'for another',
      );
    return joining.stack(parts);
  });
  return placed(
    stacked,
    outDims,
    (all, dim) => {
      if (dim === null)
        throw new ValueError(
          'vmap: outDims is null for a result that differs from example to example; name a dimension',
        );
      return dim === 0 ? all : all.movedim(0, dim);
    },
    1,
  );
}

function requireSynchronous(y: unknown): void {
  if (y instanceof Promise)
    throw new AutogradError('vmap: the function must not be asynchronous; await its data first, and pass them in');
}

/** Returns the complete tree of dimensions: for each tensor a number from 0, or `null`. */
function dimsOf(args: readonly unknown[], inDims: InDims): unknown {
  if (Array.isArray(inDims) && inDims.length !== args.length)
    throw new ValueError(`vmap: inDims has ${inDims.length} entries for ${args.length} arguments`);
  return spread(args, inDims, '');
}

function spread(value: unknown, dims: InDims | undefined, path: string, depth = 0): unknown {
  checkDepth('vmap', depth);
  if (isBranch(value)) {
    const of = (name: string | number) =>
      isBranch(dims) ? (dims as Record<string | number, InDims | undefined>)[name] : dims;
    if (isBranch(dims) && Array.isArray(dims) !== Array.isArray(value))
      throw new ValueError(
        `vmap: inDims${path} is ${Array.isArray(dims) ? 'a list' : 'a record'}, its argument is none`,
      );
    if (Array.isArray(value)) return value.map((v, i) => spread(v, of(i), `${path}[${i}]`, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, v]) => [name, spread(v, of(name), `${path}.${name}`, depth + 1)]),
    );
  }
  if (!(value instanceof Tensor)) {
    return null;
  }
  if (dims === null) return null;
  if (typeof dims !== 'number' || !Number.isInteger(dims))
    throw new ValueError(`vmap: inDims${path} must be a dimension or null for a tensor, got ${describe(dims)}`);
  if (dims < -value.ndim || dims >= value.ndim)
    throw new ValueError(
      `vmap: inDims${path} is ${dims}, but the argument has shape ${formatShape(value.sizes)}, ` +
        `with dimensions ${-value.ndim} to ${value.ndim - 1}`,
    );
  return dims < 0 ? dims + value.ndim : dims;
}

/** Returns the number of examples. */
function sizeOf(args: readonly unknown[], dims: unknown): number {
  const sizes: number[] = [];
  mapPairs(args, dims, (x, dim) => {
    if (dim !== null) sizes.push(x.sizes[dim]);
    return x;
  });
  if (sizes.length === 0)
    throw new ValueError(
      'vmap: no argument has a dimension to go through; inDims must name one of at least one tensor',
    );
  if (sizes.some((n) => n !== sizes[0]))
    throw new ValueError(
      `vmap: all tensors must have the same size in the dimension that is gone through, got ${sizes.join(', ')}`,
    );
  return sizes[0];
}

/** Returns the arguments with `change` applied to each tensor and its dimension. */
function mapPairs(value: unknown, dims: unknown, change: (x: Tensor, dim: number | null) => Tensor): unknown {
  if (value instanceof Tensor) return change(value, dims as number | null);
  if (!isBranch(value)) return value;
  const of = (name: string | number) => (dims as Record<string | number, unknown>)[name];
  if (Array.isArray(value)) return value.map((v, k) => mapPairs(v, of(k), change));
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, mapPairs(v, of(name), change)]));
}

/** Calls `example` for each index, with random numbers according to `randomness`. */
function withRandomness<T>(randomness: 'error' | 'different' | 'same', size: number, example: (i: number) => T): T[] {
  const all = Array.from({ length: size }, (_, i) => i);
  if (randomness === 'different') return all.map(example);
  const before = defaultGenerator.bytes();
  if (randomness === 'same')
    return all.map((i) => {
      defaultGenerator.restore(before);
      return example(i);
    });
  const results = all.map(example);
  const after = defaultGenerator.bytes();
  if (after.some((byte, k) => byte !== before[k])) {
    defaultGenerator.restore(before);
    refuseRandom();
  }
  return results;
}

function refuseRandom(): never {
  throw new ValueError(
    "vmap: the function has drawn random numbers; say with randomness: 'different' or 'same' what they are to be",
  );
}

/**
 * Returns the tree of results with `place` applied to each and its output dimension. `extra` is the number of leading
 * dimensions that results have already.
 */
function placed(
  results: unknown,
  outDims: OutDims,
  place: (y: Tensor, dim: number | null) => Tensor,
  extra = 0,
): unknown {
  const count = tensorsIn(results).length;
  if (Array.isArray(outDims) && outDims.length !== count)
    throw new ValueError(`vmap: outDims has ${outDims.length} entries for ${count} results`);
  let next = 0;
  return mapTree(results, (y) => {
    requireResult(y);
    const dim = Array.isArray(outDims) ? outDims[next++] : outDims;
    if (dim === null) return place(y, null);
    const { sizes: shape } = y;
    const ndim = shape.length - extra;
    if (!Number.isInteger(dim) || dim < -ndim - 1 || dim > ndim)
      throw new ValueError(
        `vmap: outDims is ${dim}, but a result of shape ${formatShape(shape.slice(extra))} can have the dimension from ` +
          `${-ndim - 1} to ${ndim}`,
      );
    return place(y, dim < 0 ? dim + ndim + 1 : dim);
  });
}

function requireResult(y: unknown): asserts y is Tensor {
  if (!(y instanceof Tensor))
    throw new ValueError(
      `vmap: the function must return tensors, or lists and records of them, the same for each example; got ${describe(y)}`,
    );
}

/** Joins trees of tensors of the same structure. */
function joined(trees: readonly unknown[], join: (parts: readonly Tensor[]) => Tensor): unknown {
  const [first] = trees;
  const of = (name: string | number) => trees.map((t) => (isBranch(t) ? (t as Record<string, unknown>)[name] : t));
  if (Array.isArray(first)) return first.map((_, i) => joined(of(i), join));
  if (isBranch(first)) return Object.fromEntries(Object.keys(first).map((name) => [name, joined(of(name), join)]));
  for (const y of trees) requireResult(y);
  return join(trees as readonly Tensor[]);
}

/** Concatenates the results of the chunks. */
function joinedParts(parts: readonly unknown[], outDims: OutDims): unknown {
  let next = 0;
  return joined(parts, (tensors) => {
    const dim = Array.isArray(outDims) ? outDims[next++] : (outDims as number | null);
    return dim === null ? tensors[0] : joining.cat(tensors, dim);
  });
}
