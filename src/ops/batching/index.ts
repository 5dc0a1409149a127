// Runs operations and composites with batched inputs: by their batching rule, or by a loop over the examples. Nothing but
// `func` loads it.

import { gradMode } from '../../autograd/mode';
import { AutogradError, ValueError } from '../../errors';
import { defaultGenerator } from '../../random';
import {
  Batched,
  batching,
  drawing,
  type Level,
  levelOf,
  NeedsNumbers,
  physicalAt,
  WritesShared,
} from '../../tensor/batched';
import { zeros } from '../../tensor/creation';
import { formatShape, sameShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { checkHolds } from '../table/inplace';
import { opTable } from '../table/table';
import { aligned, Call, isAt, OfOne } from './call';
import { compositeRules, drawingMethods } from './composites';
import { kinds } from './kinds';
import { mapTensors } from './levels';

function levelFor(name: string, args: readonly unknown[]): Level {
  const level = levelOf(args)!;
  if (level.alive) return level;
  throw new AutogradError(`${name}: this tensor belongs to a vmap that is over; return it from the function instead`);
}

/** Wraps results with a leading dimension for the examples as those of one example. */
const wrapped = (result: unknown, level: Level) => mapTensors(result, (x) => new Batched(x, level));

batching.operation = (name, args, call) => {
  const level = levelFor(name, args);
  const { batch } = opTable.get(name)!.rule;
  if (batch !== 'one by one') {
    const result = (typeof batch === 'string' ? kinds[batch] : batch)(new Call(name, args, level, call));
    if (result instanceof OfOne) return result.result;
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
  const said = compositeRules.get(name)?.(new Call(name, args, level, call));
  if (said !== undefined) return said;
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
 * Stacks the results of the call for each example.
 * @throws {NeedsNumbers} if they are not tensors, or have different shapes.
 */
function throughExamples(
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
    `vmap: ${name} gives a ${typeof first} and no tensor, which would have to be decided for each example; vmap computes with ` +
      'tensors only, so replace decisions by where()',
  );
}

batching.stack = (tensors) => opTable.get('stack')!.invoke(tensors, 0) as Tensor;
