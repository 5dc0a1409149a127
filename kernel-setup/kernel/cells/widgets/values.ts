// Attribute values: validation when a cell sets them, and conversion to the wire.
import { inspect, isDeepStrictEqual } from 'node:util';
import { liveWidgets, WidgetIdentity } from './registry';
import type { Attribute, AttributeType } from './specification';

const reference = 'IPY_MODEL_';
const dateParts = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;
/** `Datetime` is in UTC on the wire; `NaiveDatetime` is local time. */
const dates: ReadonlySet<unknown> = new Set(['Date', 'Datetime', 'NaiveDatetime']);

const kinds: Record<string, { is: (value: unknown) => boolean; called: string }> = {
  any: { is: () => true, called: 'anything' },
  bool: { is: (v) => typeof v === 'boolean', called: 'true or false' },
  int: { is: (v) => Number.isSafeInteger(v), called: 'a whole number' },
  float: { is: (v) => Number.isFinite(v), called: 'a finite number' },
  string: { is: (v) => typeof v === 'string', called: 'a string' },
  object: { is: (v) => typeof v === 'object' && v !== null, called: 'an object' },
  array: { is: Array.isArray, called: 'an array' },
  bytes: { is: (v) => v instanceof Uint8Array, called: 'binary data (Uint8Array)' },
  Date: { is: isDate, called: 'a Date' },
  Datetime: { is: isDate, called: 'a Date' },
  NaiveDatetime: { is: isDate, called: 'a Date' },
  Time: {
    is: (v) => typeof v === 'object' && v !== null,
    called: 'a time of the day, such as { hours: 12, minutes: 30 }',
  },
};

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** A value as error messages show it. */
export const shown = (value: unknown): string =>
  inspect(value, { depth: 1, maxArrayLength: 5, maxStringLength: 60, breakLength: Infinity });

/**
 * Validates an attribute's value.
 * @param where the attribute, for the message
 * @throws {TypeError} when the type is wrong
 * @throws {RangeError} when it is not one of the choices
 */
export function check(type: AttributeType, value: unknown, where: string): void {
  if (value === null && type.allow_none) return;
  if (type.type === 'reference') {
    if (value instanceof WidgetIdentity && (type.widget === 'Widget' || value.name === type.widget)) return;
    throw new TypeError(`${where} takes a ${type.widget}, not ${shown(value)}`);
  }
  const names = [type.type].flat();
  if (!names.some((name) => kinds[name].is(value))) {
    const called = names.map((name) => kinds[name].called).join(' or ');
    throw new TypeError(`${where} takes ${called}${type.allow_none ? ' or null' : ''}, not ${shown(value)}`);
  }
  if (type.enum && !type.enum.includes(value as string))
    throw new RangeError(`${where} is one of ${type.enum.map((e) => `'${e}'`).join(', ')}, not ${shown(value)}`);
  if (type.items) for (const [i, item] of (value as unknown[]).entries()) check(type.items, item, `${where}[${i}]`);
}

/** Whether setting `b` in place of `a` changes nothing. */
export function same({ local }: Attribute, a: unknown, b: unknown): boolean {
  const isOwn = (value: unknown) => local || value instanceof WidgetIdentity;
  if (Array.isArray(a) && Array.isArray(b) && [...a, ...b].some(isOwn))
    return a.length === b.length && a.every((element, i) => Object.is(element, b[i]));
  return isOwn(a) || isOwn(b) ? Object.is(a, b) : isDeepStrictEqual(a, b);
}

/** Converts a value for front ends. */
export function toWire({ type }: AttributeType, value: unknown): unknown {
  if (value instanceof WidgetIdentity) return reference + value.modelId;
  if (Array.isArray(value)) return value.map((element) => toWire({ type: 'any' }, element));
  if (!(value instanceof Date)) return value;
  const part = (unit: (typeof dateParts)[number]) =>
    type === 'Datetime' ? value[`getUTC${unit}`]() : value[`get${unit}`]();
  const [year, month, date, hours, minutes, seconds, milliseconds] = dateParts.map(part);
  const day = { year, month, date };
  return type === 'Date' ? day : { ...day, hours, minutes, seconds, milliseconds };
}

/** Converts a value from a front end. */
export function fromWire(attribute: AttributeType, value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith(reference)) return liveWidgets.get(value.slice(reference.length));
  if (Array.isArray(value)) return value.map((element) => fromWire(attribute.items ?? { type: 'any' }, element));
  if (value === null || !dates.has(attribute.type)) return value;
  const { year, month, date, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 } = value as Record<string, number>;
  const parts = [year, month, date, hours, minutes, seconds, milliseconds] as const;
  return attribute.type === 'Datetime' ? new Date(Date.UTC(...parts)) : new Date(...parts);
}
