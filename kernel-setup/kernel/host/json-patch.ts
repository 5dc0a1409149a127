// The difference of two JSON values as JSON Patch (RFC 6902).
import type { Json } from '../process-messages';

export type Operation = { op: 'add' | 'replace'; path: string; value: Json } | { op: 'remove'; path: string };

/** Approximate characters of a number, and of an operation's keys. */
const number = 8;
const words = 30;

/** Approximate size of a value as JSON, in characters. */
export function weigh(value: Json): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return number;
  if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + weigh(element) + 1, 2);
  return Object.entries(value).reduce((sum, [key, inner]) => sum + key.length + 4 + weigh(inner), 2);
}

const weightOf = (operation: Operation): number =>
  words + operation.path.length + ('value' in operation ? weigh(operation.value) : 0);

/** Approximate size of operations as JSON, in characters. */
export const weighAll = (operations: readonly Operation[]): number =>
  operations.reduce((sum, operation) => sum + weightOf(operation), 0);

/** The operations that turn `before` into `after`. An array with many changes is replaced, which is smaller. */
export function changesBetween(before: Json, after: Json, path = ''): Operation[] {
  if (before === after) return [];
  if (Array.isArray(before) && Array.isArray(after)) return changesInArray(before, after, path);
  if (isObject(before) && isObject(after)) return changesInObject(before, after, path);
  return [{ op: 'replace', path, value: after }];
}

type JsonObject = { [key: string]: Json };

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function changesInObject(before: JsonObject, after: JsonObject, path: string): Operation[] {
  const to = (key: string) => `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return [
    ...gone.map((key): Operation => ({ op: 'remove', path: to(key) })),
    ...Object.entries(after).flatMap(([key, value]): Operation[] =>
      Object.hasOwn(before, key) ? changesBetween(before[key], value, to(key)) : [{ op: 'add', path: to(key), value }],
    ),
  ];
}

function changesInArray(before: Json[], after: Json[], path: string): Operation[] {
  const whole: Operation[] = [{ op: 'replace', path, value: after }];
  if (after.length < before.length) return whole;
  const most = weighAll(whole);
  const operations: Operation[] = [];
  let weight = 0;
  for (const [i, value] of after.entries()) {
    const inside: Operation[] =
      i < before.length ? changesBetween(before[i], value, `${path}/${i}`) : [{ op: 'add', path: `${path}/-`, value }];
    weight += weighAll(inside);
    if (weight >= most) return whole;
    operations.push(...inside);
  }
  return operations;
}
