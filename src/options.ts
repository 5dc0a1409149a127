// Checks of the last argument, the options.

import { describe } from './describe';
import { ValueError } from './errors';
import { Generator } from './generator';
import { elsewhereOf, kindsOfList } from './option-kinds';

/**
 * Refuses a value that is not an object of options, unknown names, and values of another kind than declared: the text
 * '1' would pass as a number in one place and be concatenated in another. `undefined` counts as not given. A module is
 * accepted if it has the options as properties.
 * @throws {ValueError} with the nearest known name.
 * @internal
 */
export function checkOptions(op: string, options: unknown, names: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options) || 'tolist' in options) {
    if (typeof options === 'function' && 'forward' in options && names.some((name) => name in options)) return;
    const isSize = typeof options === 'number' && names.includes('requiresGrad');
    const advice = isSize ? `; sizes are given in one list, as in ${op}([2, 3])` : '';
    throw new ValueError(
      `${op}: options are given as an object such as { ${names[0]}: … }, got ${describe(options)}${advice}`,
    );
  }
  const ofType = kindsOfList.get(names);
  for (const name in options) {
    const value = (options as Record<string, unknown>)[name];
    if (value === undefined) continue;
    const place = names.indexOf(name);
    if (place < 0) throw new ValueError(noSuchOption(op, Object.keys(options), names));
    const declared = ofType?.[place];
    if (declared) checkKind(op, name, value, declared);
  }
}

/**
 * {@link checkOptions} for the laboratory, where the build does not read the types: `kinds` has the kind of each option, '' for
 * one that is checked elsewhere.
 * @throws {ValueError} with the nearest known name.
 * @internal
 */
export function checkOptionsOf(op: string, options: object, kinds: Readonly<Record<string, string>>): void {
  checkOptions(op, options, Object.keys(kinds));
  for (const [name, value] of Object.entries(options))
    if (value !== undefined && kinds[name] !== '') checkKind(op, name, value, kinds[name]);
}

/** Kinds of values: the name in messages and the check. A boolean counts as 0 or 1, as in operations. */
const kinds: Readonly<Record<string, readonly [string, (value: unknown) => boolean]>> = {
  number: ['a number', isNumber],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  text: ['a text', (value) => typeof value === 'string'],
  numbers: [
    'a list of numbers',
    (value) => ArrayBuffer.isView(value) || (Array.isArray(value) && value.every(isNumber)),
  ],
  list: ['a list', (value) => ArrayBuffer.isView(value) || Array.isArray(value)],
  tensor: ['a tensor', (value) => typeof value === 'object' && value !== null && 'tolist' in value],
  function: ['a function', (value) => typeof value === 'function'],
  // `null` requests the default generator, as in PyTorch.
  generator: ['a Generator', (value) => value === null || value instanceof Generator],
  null: ['null', (value) => value === null],
};

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/** Compiled form of a list of kinds: `typeof` results that pass at once, and checks for other values. */
interface Taken {
  readonly types: readonly string[];
  readonly checks: readonly ((value: unknown) => boolean)[];
}
const takenBy = new Map<string, Taken>();

function taken(declared: string): Taken {
  const names = declared.split(' | ');
  const samples = [1, true, '', () => {}];
  const checks = names.map((kind) => kinds[kind][1]);
  const types = samples.filter((value) => checks.some((isOf) => isOf(value))).map((value) => typeof value);
  const found = { types, checks };
  takenBy.set(declared, found);
  return found;
}

/** @throws {ValueError} unless `value` is of one of the kinds, separated by ` | `. @internal */
export function checkKind(op: string, name: string, value: unknown, declared: string): void {
  const { types, checks } = takenBy.get(declared) ?? taken(declared);
  if (types.includes(typeof value)) return;
  for (const isOf of checks) if (isOf(value)) return;
  const names = declared.split(' | ').map((kind) => kinds[kind][0]);
  throw new ValueError(`${op}: ${name} must be ${names.join(' or ')}, got ${describe(value)}`);
}

/** @throws {ValueError} unless `mode`, the value of a global switch, is `true` or `false`. @internal */
export function checkSwitch(op: string, mode: unknown): asserts mode is boolean {
  if (typeof mode !== 'boolean') throw new ValueError(`${op}: expected true or false, got ${describe(mode)}`);
}

/** Returns the message for unknown options. @internal */
export function noSuchOption(op: string, given: readonly string[], names: readonly string[]): string {
  const unknown = given.filter((name) => !names.includes(name));
  const elsewhere = elsewhereOf.get(names);
  const known = unknown.find((name) => elsewhere !== undefined && Object.hasOwn(elsewhere, name));
  if (known !== undefined) return `${op}: ${elsewhere![known]}`;
  const meant = unknown.length === 1 ? nearest(unknown[0], names) : undefined;
  const all = `he options are ${names.join(', ')}`;
  return `${op}: there is no option ${unknown.join(', ')}; ${meant === undefined ? `t${all}` : `did you mean ${meant}? T${all}`}`;
}

/** Returns the name with the smallest edit distance, if that is small. @internal */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const plain = (name: string) => name.replaceAll('_', '').toLowerCase();
  const [best] = names
    .map((name): [string, number] => [name, distance(plain(given), plain(name))])
    .sort(([, a], [, b]) => a - b);
  return best !== undefined && best[1] <= Math.max(1, Math.floor(given.length / 3)) ? best[0] : undefined;
}

/**
 * Advice on the first key of a record that is none of these names but nearly one of them, to end a message with.
 * @internal
 */
export function adviceOnKeys(record: object | null | undefined, names: readonly string[]): string {
  for (const given of Object.keys(record ?? {})) {
    const meant = names.includes(given) ? undefined : nearest(given, names);
    if (meant !== undefined) return `; did you mean ${meant} where it says ${given}?`;
  }
  return '';
}

/** Returns the edit distance: letters inserted, deleted or replaced. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length];
}
