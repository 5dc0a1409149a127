// Finds the inputs among the arguments of a custom operation, and names them.

import { wantsGrad } from '../autograd/history';
import { gradMode } from '../autograd/mode';
import { describe, noTensor } from '../describe';
import { AutogradError, ValueError } from '../errors';
import { checkDepth } from '../nested-values';
import { notDifferentiable } from '../ops/table/rule';
import { Tensor } from '../tensor/tensor';

/** Names of several inputs, in the order of the arguments. */
export const LETTERS: readonly string[] = [...'abcdefghijklmnopqrstuvw'];
const HINT =
  'a single tensor is called x, a single list of tensors xs, and several are called a, b, c, … in the order of the arguments';

/**
 * @throws {ValueError} unless it is a definition with a name, a function and derivatives, and lists where lists are expected.
 */
export function requireDefinition(own: unknown): void {
  if (typeof own !== 'object' || own === null || own instanceof Tensor)
    throw new ValueError(`defineOp: needs an object with name, forward and vjp, got ${describe(own)}`);
  const { name, forward, vjp, saves, inputs, nonDifferentiable } = own as Record<string, unknown>;
  if (typeof name !== 'string') throw new ValueError(`defineOp: name is ${describe(name)}; it must be a text`);
  if (typeof forward !== 'function')
    throw new ValueError(`defineOp: ${name}: forward is ${describe(forward)}; it must be a function`);
  if (typeof vjp !== 'object' || vjp === null)
    throw new ValueError(`defineOp: ${name}: vjp is ${describe(vjp)}; it must be an object of derivatives by input`);
  if (saves !== undefined && (typeof saves !== 'object' || saves === null))
    throw new ValueError(`defineOp: ${name}: saves is ${describe(saves)}; it must be a list, or an object of lists`);
  for (const [what, list] of Object.entries({ inputs, nonDifferentiable }))
    if (list !== undefined && !Array.isArray(list))
      throw new ValueError(`defineOp: ${name}: ${what} is ${describe(list)}; it must be a list of numbers`);
}

/**
 * Returns the names that `vjp` gives the inputs, sorted.
 * @throws {ValueError} if they are not names of inputs.
 */
export function inputNames(name: string, vjp: object): string[] {
  const names = Object.keys(vjp).sort();
  if (names.length === 0) throw new ValueError(`defineOp: ${name}: vjp names no input: ${HINT}`);
  const proper = names.length === 1 ? ['x', 'xs'] : LETTERS.slice(0, names.length);
  const wrong = names.find((n) => !proper.includes(n));
  if (wrong !== undefined)
    throw new ValueError(
      `defineOp: ${name}: vjp names ${names.join(', ')}, and ${wrong} fits no input: ${HINT}; ` +
        'an input that has no derivative is notDifferentiable',
    );
  for (const n of names) {
    const rule = (vjp as Record<string, unknown>)[n];
    const isRule = typeof rule === 'function' || rule === notDifferentiable;
    if (!isRule && (typeof rule !== 'object' || rule === null || !('notImplemented' in rule)))
      throw new ValueError(
        `defineOp: ${name}: vjp has ${describe(rule)} for ${n}; it must be a function, notDifferentiable, or notImplemented(why)`,
      );
  }
  return names;
}

/**
 * Returns what the derivative of each input reads: `saves` has a list for each, or one for all.
 * @throws {ValueError} if it names an unknown input.
 */
export function readNames(name: string, names: readonly string[], saves: unknown): string[][] {
  const known = [...names, 'y'];
  const checked = (list: unknown): string[] => {
    const wrong = Array.isArray(list) ? list.find((n) => !known.includes(n)) : list;
    if (wrong !== undefined)
      throw new ValueError(`defineOp: ${name}: saves names ${describe(wrong)}; there are ${known.join(', ')}`);
    return list as string[];
  };
  if (saves === undefined) return names.map(() => known);
  if (Array.isArray(saves)) return names.map(() => checked(saves));
  for (const key of Object.keys(saves as object))
    if (!names.includes(key))
      throw new ValueError(`defineOp: ${name}: saves has a list for ${key}; the inputs are ${names.join(', ')}`);
  return names.map((n) => checked((saves as Record<string, unknown>)[n] ?? []));
}

/** @throws {ValueError} unless there is one position for each input, in ascending order. */
export function checkPlaces(name: string, names: readonly string[], places: readonly number[] | undefined): void {
  if (places === undefined) return;
  const rising = places.every((p, i) => Number.isInteger(p) && p > (i === 0 ? -1 : places[i - 1]));
  if (places.length !== names.length || !rising)
    throw new ValueError(
      `defineOp: ${name}: inputs must have a place, counted from 0, for each of ${names.join(', ')}, got [${places.join(', ')}]`,
    );
}

const isInput = (value: unknown): value is Tensor | readonly unknown[] =>
  value instanceof Tensor || (Array.isArray(value) && value.some((v) => v instanceof Tensor));
const isNothing = (value: unknown) =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

/** Returns the positions of the inputs in a call: the `declared` ones, or those of the tensors. */
export function placesOf(
  name: string,
  names: readonly string[],
  declared: readonly number[] | undefined,
  args: readonly unknown[],
): readonly number[] {
  const count = names.length;
  const given = [...args.keys()].filter((i) => isInput(args[i]));
  // An empty list counts as an input if the number of inputs then is right.
  const withEmpty = [...args.keys()].filter(
    (i) => isInput(args[i]) || (Array.isArray(args[i]) && args[i].length === 0),
  );
  const found = given.length < count && withEmpty.length === count ? withEmpty : given.slice(0, count);
  if (declared === undefined && found.length < count) checkLeading(name, names, args, given);
  const places = declared ?? (found.length === count ? found : names.map((_, i) => i));
  checkKinds(name, names, places, args);
  if (gradMode.recording) checkCovered(name, names, places, args);
  return places;
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth'];
const nth = (i: number) => ordinals[i] ?? `${i + 1}th`;

/** If inputs are omitted, the others must be the first arguments: a number after them would be ambiguous. */
function checkLeading(
  name: string,
  names: readonly string[],
  args: readonly unknown[],
  given: readonly number[],
): void {
  const count = names.length;
  const remedy =
    count === 1
      ? ''
      : '; if an input may be left out or be a number, tell defineOp the places of all, counted from 0: inputs: [0, 2]';
  for (let i = 0; i < count; i++)
    if (!isInput(args[i]) && (i === 0 ? !Array.isArray(args[i]) : !isNothing(args[i])))
      throw new ValueError(`${name}: the ${nth(i)} input must be a tensor, got ${noTensor(args[i])}${remedy}`);
  const far = given.find((i) => i >= count);
  if (far !== undefined)
    throw new ValueError(
      `${name}: ${given.length} of the ${count} inputs ${names.join(', ')} are given, one of them as the ${nth(far)} argument` +
        `, so it is not clear which${remedy}`,
    );
}

/** Requires lists, of tensors only, where lists are expected. */
function checkKinds(name: string, names: readonly string[], places: readonly number[], args: readonly unknown[]): void {
  names.forEach((called, k) => {
    const value = args[places[k]];
    if (Array.isArray(value)) {
      if (called === 'x')
        throw new ValueError(`${name}: the input must be a tensor, got a list; a list of tensors is called xs in vjp`);
      for (const x of value)
        if (!(x instanceof Tensor)) throw new ValueError(`${name}: each input must be a tensor, got ${describe(x)}`);
    } else if (called === 'xs')
      throw new ValueError(
        `${name}: xs must be a list of tensors, got ${describe(value)}; a single tensor is called x in vjp`,
      );
    else if (!(value instanceof Tensor) && !isNothing(value) && typeof value !== 'number')
      throw new ValueError(`${name}: the ${nth(k)} input must be a tensor, got ${noTensor(value)}`);
  });
}

/** @throws {AutogradError} if a tensor among the other arguments requires a gradient: it would never get one. */
function checkCovered(
  name: string,
  names: readonly string[],
  places: readonly number[],
  args: readonly unknown[],
): void {
  args.forEach((value, i) => {
    if (places.includes(i)) return;
    if (wanted(value) || (isPlain(value) && Object.values(value).some((one) => wanted(one))))
      throw new AutogradError(
        `${name}: a tensor in the ${nth(i)} argument requires a gradient, and vjp has none for it (it names ` +
          `${names.join(', ')}): ${HINT}; give each a derivative, notDifferentiable, or detach() the tensor; ` +
          'one inside an object must be an argument of its own',
      );
  });
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Whether a tensor, or one in a list, requires a gradient. */
function wanted(value: unknown, depth = 0): boolean {
  checkDepth('defineOp', depth);
  return value instanceof Tensor
    ? wantsGrad(value)
    : Array.isArray(value) && value.some((one) => wanted(one, depth + 1));
}
