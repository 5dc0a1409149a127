// Execution of operations with batched inputs: by their batching rule, or by a loop over the examples.

import { gradMode } from '../../autograd/mode';
import { AutogradError, ValueError } from '../../errors';
import { defaultGenerator } from '../../random';
import {
  Batched,
  batching,
  drawing,
  type Level,
  levelOf,
  mapTensors,
  NeedsNumbers,
  physicalAt,
  WritesShared,
} from '../../tensor/batched';
import { zeros } from '../../tensor/creation';
import { formatShape, sameShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { checkHolds } from './inplace';
import { opTable, type TableEntry } from './table';

/** A call with batched tensors, as rules read it. */
export class Call {
  readonly op: TableEntry;
  /** The arguments: tensors as one example sees them. */
  readonly args: readonly unknown[];
  readonly level: Level;
  /** Runs the operation. */
  readonly run: (...args: readonly unknown[]) => unknown;

  /** @internal */
  constructor(op: TableEntry, args: readonly unknown[], level: Level, run: (...args: readonly unknown[]) => unknown) {
    this.op = op;
    this.args = args;
    this.level = level;
    this.run = run;
  }

  /** The number of examples. */
  get size(): number {
    return this.level.size;
  }

  /** Whether an argument, or a part of it, is batched at this level. */
  isBatched(i: number): boolean {
    const x = this.args[i];
    return x instanceof Batched ? x.level === this.level : isAt(x, this.level);
  }

  /** Whether a tensor is batched at this level. */
  isBatchedValue(x: Tensor): boolean {
    return isAt(x, this.level);
  }

  /** Returns an argument, which must be a tensor. */
  tensor(i: number): Tensor {
    return this.args[i] as Tensor;
  }

  /** Returns all examples of an argument: a tensor with a leading dimension for them, or one that all share. */
  physical(i: number): Tensor {
    return physicalAt(this.tensor(i), this.level);
  }

  /** Returns all examples of a tensor, expanded if they share it. */
  spread(x: Tensor): Tensor {
    const p = physicalAt(x, this.level);
    return p !== x ? p : x.expand([this.size, ...x.sizes]);
  }

  /** Returns a tensor of all examples as one example's tensor. */
  wrap(physical: Tensor): Tensor {
    return new Batched(physical, this.level);
  }
}

const isAt = (x: unknown, level: Level) => levelOf(x) === level;

/** An operation by its name. */
export const opOf = (name: string): TableEntry => opTable.get(name)!;

/** Computes all examples at once: returns results with a leading dimension for the examples, or `undefined`. */
export type PhysicalRule = (call: Call) => unknown;
/** Composes an operation of others, as for one example; returns `undefined` if it cannot. */
export type LogicalRule = (call: Call) => unknown;

/** The rules, registered by ops/batching. @internal */
export const batchRules: {
  physical: Map<string, PhysicalRule>;
  logical: Map<string, LogicalRule>;
  composites: Map<string, LogicalRule>;
} = { physical: new Map(), logical: new Map(), composites: new Map() };

/** Names of methods that draw random numbers for the elements of their tensor. @internal */
export const drawingMethods: Set<string> = new Set();

function levelFor(name: string, args: readonly unknown[]): Level {
  const level = levelOf(args)!;
  if (level.alive) return level;
  throw new AutogradError(`${name}: this tensor belongs to a vmap that is over; return it from the function instead`);
}

/** Wraps results with a leading dimension for the examples as those of one example. */
const wrapped = (result: unknown, level: Level) => mapTensors(result, (x) => new Batched(x, level));

batching.operation = (name, args, call) => {
  const level = levelFor(name, args);
  const op = opTable.get(name)!;
  const c = new Call(op, args, level, call as (...args: readonly unknown[]) => unknown);
  if (!op.isOwn) {
    const said = batchRules.logical.get(name)?.(c);
    if (said !== undefined) return said;
    const result = batchRules.physical.get(name)?.(c);
    if (result !== undefined) return wrapped(result, level);
  }
  return throughExamples(name, args, level, call);
};

batching.composite = (name, args, call) => {
  const level = levelFor(name, args);
  const [x] = args;
  const inPlace = name.endsWith('_') || name === 'setAt';
  if (inPlace && !isAt(x, level)) refuseWrite(name);
  if (drawingMethods.has(name)) return throughExamples(name, args, level, call);
  const rule = batchRules.composites.get(name);
  if (rule !== undefined) {
    const run = call as (...args: readonly unknown[]) => unknown;
    const said = rule(new Call(null as unknown as TableEntry, args, level, run));
    if (said !== undefined) return said;
  }
  try {
    return call(...(args as never[]));
  } catch (error) {
    // A method that is not in place writes only to its own new tensors.
    if (!(error instanceof NeedsNumbers) && !(error instanceof WritesShared && !inPlace)) throw error;
    return throughExamples(name, args, level, call);
  }
};

/** @throws {WritesShared} always. */
function refuseWrite(name: string): never {
  throw new WritesShared(
    `vmap: ${name} would write what differs from example to example into a tensor that is the same for all, which would be ` +
      'modified in place; use the operation that is not in place, or give each example its own tensor (inDims, zerosLike)',
  );
}

batching.inPlace = (name, args) => {
  const level = levelFor(name, args);
  const [x, ...rest] = args as [Tensor, ...unknown[]];
  if (!isAt(x, level)) refuseWrite(name);
  const op = opTable.get(name.slice(0, -1))!;
  if (op.name === 'copy') {
    const [source] = rest;
    if (source instanceof Tensor) op.rule.shape !== undefined && (op.rule.shape as Shapes)(x.sizes, source.sizes);
    physicalAt(x, level).copy_(source instanceof Tensor ? aligned(source, x.ndim, level) : (source as number));
    return x;
  }
  // A derivative that reads the tensor needs the old values.
  const keeps = gradMode.recording && op.reads.some((r) => r.inputs[0]);
  const y = op.invoke(keeps ? x.clone() : x, ...rest) as Tensor;
  checkHolds(name, x, y);
  physicalAt(x, level).copy_(physicalAt(y, level));
  return x;
};

type Shapes = (a: readonly number[], b: readonly number[]) => unknown;

/**
 * Returns all examples of a tensor, with dimensions of size 1 after theirs, so that one example broadcasts as `ndim`
 * dimensions.
 */
export function aligned(x: Tensor, ndim: number, level: Level): Tensor {
  const p = physicalAt(x, level);
  if (p === x || x.ndim >= ndim) return p;
  return p.view([p.sizes[0], ...new Array<number>(ndim - x.ndim).fill(1), ...x.sizes]);
}

/**
 * Stacks the results of the call for each example.
 * @throws {NeedsNumbers} if they are not tensors, or have different shapes.
 */
export function throughExamples(
  name: string,
  args: readonly unknown[],
  level: Level,
  call: (...args: never[]) => unknown,
): unknown {
  if (level.size === 0) return wrapped(ofNone(args, level, call), level);
  const example = (i: number) =>
    call(...(mapTensors(args, (x) => (isAt(x, level) ? (x as Batched).physical.select(0, i) : x)) as never[]));
  const [x] = args;
  const examples = Array.from({ length: level.size }, (_, i) => i);
  const before = level.randomness === 'same' ? defaultGenerator.bytes() : null;
  const results = drawing(
    () => defaultGenerator.bytes(),
    () =>
      examples.map((i) => {
        if (before !== null) defaultGenerator.restore(before);
        return example(i);
      }),
  );
  // In place, the views of the examples were written to.
  if (name.endsWith('_') || name === 'setAt') return x;
  return stackedResults(name, results, level);
}

/** Returns a result for zero examples: the shape comes from a call with zeros. */
function ofNone(args: readonly unknown[], level: Level, call: (...args: never[]) => unknown): unknown {
  const one = mapTensors(args, (x) => (isAt(x, level) ? zeros(x.sizes, { dtype: x.dtype }) : x)) as never[];
  return mapTensors(call(...one), (y) => y.detach().unsqueeze(0).narrow(0, 0, 0));
}

function stackedResults(name: string, results: readonly unknown[], level: Level): unknown {
  const [first] = results;
  if (first === null) return null;
  if (first instanceof Tensor) {
    const tensors = results as readonly Tensor[];
    const other = tensors.find((y) => !sameShape(y.sizes, first.sizes));
    if (other !== undefined)
      throw new ValueError(
        `vmap: the shape of what ${name} gives depends on the numbers, ${formatShape(first.sizes)} for one example and ` +
          `${formatShape(other.sizes)} for another, so that it cannot be batched`,
      );
    return new Batched(batching.stack(tensors), level);
  }
  if (Array.isArray(first))
    return first.map((_, k) =>
      stackedResults(
        name,
        results.map((r) => (r as unknown[])[k]),
        level,
      ),
    );
  if (typeof first === 'object' && first !== null)
    return Object.fromEntries(
      Object.keys(first).map((k) => [
        k,
        stackedResults(
          name,
          results.map((r) => (r as Record<string, unknown>)[k]),
          level,
        ),
      ]),
    );
  throw new ValueError(
    `vmap: ${name} gives ${typeof first} and no tensor, which would have to be decided for each example; vmap computes with ` +
      'tensors only, so replace decisions by where()',
  );
}

batching.stack = (tensors) => opTable.get('stack')!.invoke(tensors, 0) as Tensor;
