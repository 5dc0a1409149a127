// Runs operations. About one recorded call in a hundred polls for cancellation, so that a loop over small operations
// can be stopped. Calls are counted by tensors made, in windows that no operation skips. Arguments stay positional and
// unrolled, because rest parameters double the time of a small operation.

import { type Given, record, recordInputs, wantsGrad } from '../../autograd/history';
import { gradMode } from '../../autograd/mode';
import { stretch, turn } from '../../cancellation';
import { checkOptions } from '../../options';
import { refuseSurplus } from '../../surplus';
import { batching, holdsBatched, isBatched } from '../../tensor/batched';
import { births, type Geometry, Tensor, viewWith } from '../../tensor/tensor';
import { shapeOf } from '../views/geometry';
import { asOperand, requireList, requireNumber, requireTensor } from './arguments';
import { arities, methodNumbers, methodOptions, methodTensors } from './arities';
import { modifyInPlace } from './inplace';
import type { FunctionRules, MethodRules, Sizes } from './rule';
import { type Op, register, type TableEntry } from './table';

const hasGradient = (op: Op) => op.vjps.some((v) => v !== null);

/** Copies a list argument for the backward step, because the caller may modify it. */
const kept = (value: unknown): unknown => (Array.isArray(value) ? [...value] : value);

/** Whether the inputs of a call contain a batched tensor, inside `vmap`. */
const isAmong = (x: Tensor, args: ArrayLike<unknown>) => isBatched(x) || holdsBatched(args);
const inBatch = (op: TableEntry, x: Tensor, args: ArrayLike<unknown>) =>
  batching.operation(op.name, [x, ...Array.from(args)], op.invoke);

/** Argument count (tensor excluded) from which the slow checks run: with options, or with surplus arguments. */
const looksFrom = (op: TableEntry) => (methodOptions[op.name] === undefined ? arityOf(op) : arityOf(op) - 1);

/** @throws {ValueError} for surplus arguments, or unknown options. */
function lookAt(op: TableEntry, args: ArrayLike<unknown>): void {
  const most = arityOf(op) - 1;
  if (args.length > most) refuseSurplus(op.name, args, most, true);
  checkOptions(op.name, args[most - 1], methodOptions[op.name]);
}

function unary(op: TableEntry): (this: Tensor, p?: unknown, q?: unknown, r?: unknown) => unknown {
  const forward = op.rule.forward;
  const differentiable = hasGradient(op);
  const { returns, isView } = op.rule;
  const many = looksFrom(op);
  return function (p, q, r) {
    if (arguments.length >= many) lookAt(op, arguments);
    if (batching.depth !== 0 && isAmong(this, arguments)) return inBatch(op, this, arguments);
    const y = forward(this, p, q, r);
    if (isView && Array.isArray(y)) for (const view of y as Tensor[]) view.fromSeveral = true;
    if (differentiable && gradMode.recording && (this.tracked || this.viewOf !== null) && wantsGrad(this)) {
      if ((births & 1023) < 8) turn(stretch / 4);
      record(op, y, this, null, p === undefined && q === undefined ? null : [kept(p), kept(q), r]);
    }
    return returns === undefined ? y : named(returns, y as Tensor[]);
  };
}

function binary(op: TableEntry): (this: Tensor, b: Given, p?: unknown, q?: unknown) => unknown {
  const forward = op.rule.forward;
  const differentiable = hasGradient(op);
  const many = looksFrom(op);
  return function (b, p, q) {
    if (arguments.length >= many) lookAt(op, arguments);
    if (batching.depth !== 0 && isAmong(this, arguments)) return inBatch(op, this, arguments);
    const y = forward(this, b, p, q);
    if (
      differentiable &&
      gradMode.recording &&
      (wantsGrad(this) || (typeof b === 'object' && b !== null && wantsGrad(b)))
    ) {
      if ((births & 1023) < 8) turn(stretch / 4);
      record(op, y, this, asOperand(b) ?? null, p === undefined && q === undefined ? null : [kept(p), kept(q)]);
    }
    return y;
  };
}

function manyInputs(op: TableEntry): (...args: unknown[]) => unknown {
  const forward = op.rule.forward;
  const differentiable = hasGradient(op);
  const { isList, inputs: count } = op;
  const { returns } = op.rule;
  return (...args) => {
    if (isList) args[0] = tensorsOf(op.name, args[0]);
    if (batching.depth !== 0 && holdsBatched(args)) return batching.operation(op.name, args, op.invoke);
    const y = forward(...args);
    const inputs = (isList ? args[0] : args.slice(0, count)) as Given[];
    if (differentiable && gradMode.recording && inputs.some((t) => t instanceof Tensor && wantsGrad(t)))
      recordInputs(op, y, inputs.map(asOperand), args.slice(isList ? 1 : count).map(kept));
    return returns === undefined ? y : named(returns, y as Tensor[]);
  };
}

/** Converts an iterable to a list of tensors. @throws {ValueError} if it is not iterable. */
function tensorsOf(name: string, given: unknown): readonly Tensor[] {
  requireList(name, given);
  const tensors = Array.isArray(given) ? given : [...given];
  for (const t of tensors) requireTensor(name, t, 'each input');
  return tensors;
}

/** @throws {ValueError} unless the declared tensor arguments are tensors. */
function requireTensors(name: string, tensors: readonly string[], args: ArrayLike<unknown>): void {
  for (let i = 0; i < tensors.length; i++) if (tensors[i] !== '') requireTensor(name, args[i], tensors[i]);
}

function named(names: readonly string[], values: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

function methodOf(op: TableEntry): (this: Tensor, ...args: never[]) => unknown {
  const arity = arityOf(op);
  if (op.inputs === 1 && arity <= 4) return unary(op);
  if (op.inputs === 2 && arity <= 4) return binary(op) as (this: Tensor, ...args: never[]) => unknown;
  const call = manyInputs(op);
  const options = methodOptions[op.name];
  const tensors = methodTensors[op.name];
  return function (...args) {
    if (args.length >= arity) refuseSurplus(op.name, args, arity - 1, true);
    if (options !== undefined && args.length === arity - 1) checkOptions(op.name, args[arity - 2], options);
    if (tensors !== undefined) requireTensors(op.name, tensors, args);
    return call(this, ...args);
  };
}

/** Returns the number of arguments, tensors included; the options count as one. */
function arityOf({ rule: { torch } }: TableEntry): number {
  return torch.params.length + (torch.options === undefined ? 0 : 1);
}

/** Registers a family of operations and adds them as methods to {@link Tensor}. */
export function defineOps<F>(family: MethodRules<F>): void {
  for (const [name, rule] of Object.entries<object>(family)) {
    const op = register(name, rule, true);
    const method = methodOf(op);
    op.invoke = (first, ...rest) => method.apply(first as Tensor, rest as never[]);
    install(name, op.rule.variadic ? gathering(method) : ofNumbers(name, method));
    if (op.rule.inPlace) {
      const inPlace = `${name}_`;
      const most = arityOf(op) - 1;
      const options = methodOptions[name];
      const tensors = methodTensors[name];
      const modify = function (this: Tensor, ...rest: unknown[]) {
        if (rest.length > most) refuseSurplus(inPlace, rest, most, true);
        if (options !== undefined && rest.length === most) checkOptions(inPlace, rest[most - 1], options);
        if (tensors !== undefined) requireTensors(inPlace, tensors, rest);
        if (batching.depth !== 0 && isAmong(this, rest)) return batching.inPlace(inPlace, [this, ...rest], op.invoke);
        return modifyInPlace(op, inPlace, this, rest);
      };
      install(inPlace, ofNumbers(name, modify, inPlace));
    }
  }
}

/**
 * Allows a method that takes one list of numbers to be called with separate numbers. A list is copied, because it
 * becomes a shape and the caller may modify it; holes become `undefined`.
 */
function gathering(method: (this: Tensor, list: never) => unknown) {
  return function (this: Tensor, ...sizes: Sizes): unknown {
    return method.call(this, (Array.isArray(sizes[0]) ? [...sizes[0]] : sizes) as never);
  };
}

/** Registers a family of operations that are functions, such as `cat`, and returns them. */
export function defineFunctions<F>(family: FunctionRules<F>): F {
  return Object.fromEntries(
    Object.entries<object>(family).map(([name, rule]) => [name, functionOf(register(name, rule, false))]),
  ) as F;
}

function functionOf(op: TableEntry): (...args: unknown[]) => unknown {
  if (op.inputs === 3) op.invoke = manyInputs(op);
  else {
    const method = methodOf(op);
    op.invoke = (first, ...rest) => method.apply(first as Tensor, rest as never[]);
  }
  return op.invoke;
}

/** Adds methods that are composed of other operations and need no rule; their `this` is the tensor. */
export function defineComposites<F extends object>(methods: F & ThisType<Tensor>): void {
  for (const name of Reflect.ownKeys(methods)) install(name, ofNumbers(name, limited(name, methods[name as keyof F])));
}

/** Wraps a method to refuse surplus arguments; methods that take any number are not in the list. */
function limited(name: PropertyKey, method: unknown): unknown {
  if (typeof method !== 'function' || typeof name !== 'string') return method;
  const most = arities[name] ?? Number.POSITIVE_INFINITY;
  const options = methodOptions[name];
  const last = options === undefined ? -1 : most;
  const tensors = methodTensors[name];
  const call = (x: Tensor, ...args: unknown[]) => method.apply(x, args);
  return function (this: Tensor) {
    if (arguments.length > most) refuseSurplus(name, arguments, most, true);
    if (arguments.length === last) checkOptions(name, arguments[last - 1], options);
    if (tensors !== undefined) requireTensors(name, tensors, arguments);
    if (batching.depth !== 0 && isAmong(this, arguments))
      return batching.composite(name, [this, ...Array.from(arguments)], call);
    return method.apply(this, arguments);
  };
}

/**
 * Wraps a method to refuse other values for its numeric parameters. `undefined` is allowed, and a boolean counts as 0
 * or 1. Methods without such parameters, as most that small tensors use, are not wrapped.
 */
function ofNumbers(name: PropertyKey, method: unknown, called = name): unknown {
  const numbers = typeof name === 'string' ? methodNumbers[name] : undefined;
  if (numbers === undefined || typeof method !== 'function') return method;
  return function (this: Tensor) {
    for (let i = 0; i < numbers.length && i < arguments.length; i++) {
      const value = arguments[i];
      if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null) continue;
      if (numbers[i] !== '') requireNumber(String(called), numbers[i], value);
    }
    return method.apply(this, arguments);
  };
}

function install(name: PropertyKey, value: unknown): void {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}

/**
 * Returns shape rule and forward function of a view: the new shape, strides and offset follow from those of the input.
 * @internal
 */
export function viewing<T extends unknown[]>(geometry: (x: Geometry, ...args: T) => Geometry) {
  return {
    shape: shapeOf(geometry),
    forward: (x: Tensor, ...args: T): Tensor => viewWith(x, geometry(x, ...args)),
    isView: true,
  };
}
