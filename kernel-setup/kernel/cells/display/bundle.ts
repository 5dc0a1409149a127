import { inspect } from 'node:util';
import type { Json, MimeBundle } from '../../process-messages';
import { asBytes, toBase64 } from '../json';
import { conventionalBundle } from './conventions';
import { frameOf, sizeOf } from './data-frames';
import { shortened } from './shorten';

/** Deno's convention: the method of this name returns how the object is displayed. */
export const displaySymbol = Symbol.for('Jupyter.display');
const longest = 100_000;

/** A value by MIME type, with the metadata of the message that shows it. */
export interface Shown {
  data: MimeBundle;
  metadata: Record<string, Json>;
}

/**
 * How a value is displayed: by its own method, by convention (conventions.ts), or as text. Returns a promise only if one
 * of the first two does. A method that returns undefined has displayed the value itself.
 */
export function bundleOf(value: unknown): Shown | undefined | Promise<Shown | undefined> {
  const asText = (): Shown => ({ data: { 'text/plain': textOf(value) }, metadata: {} });
  const shown = (data: unknown): Shown | undefined => {
    if (data === undefined) return undefined;
    return isBundle(data) ? { data: asBundle(withSize(data, value as object)), metadata: {} } : asText();
  };
  const byConvention = (data: MimeBundle | undefined): Shown =>
    data === undefined
      ? asText()
      : { data: asBundle({ ...data, 'text/plain': data['text/plain'] ?? textOf(value) }), metadata: {} };
  const failed = (error: unknown): Shown => {
    process.stderr.write(`The value could not be shown by its own method: ${textOf(error)}\n`);
    return asText();
  };
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return asText();
  try {
    const method = (value as { [displaySymbol]?: unknown })[displaySymbol];
    if (typeof method !== 'function') {
      const data = conventionalBundle(value);
      return data instanceof Promise ? data.then(byConvention).catch(failed) : byConvention(data);
    }
    const own: unknown = method.call(value);
    return own instanceof Promise ? own.then(shown).catch(failed) : shown(own);
  } catch (error) {
    return failed(error);
  }
}

/** Adds the size to the table of a data frame that displays itself, such as that of polars. */
function withSize(data: MimeBundle, value: object): MimeBundle {
  const table = data['text/html'];
  const frame = typeof table === 'string' && /^\s*<table/.test(table) ? frameOf(value) : undefined;
  if (frame === undefined) return data;
  return { 'text/plain': textOf(value), ...data, 'text/html': `${table}\n<p>${sizeOf(frame)}</p>` };
}

export function isBundle(data: unknown): data is MimeBundle {
  return typeof data === 'object' && data !== null && Object.keys(data).some((key) => /^[\w.+-]+\/[\w.+-]+$/.test(key));
}

/**
 * Data by MIME type as front ends expect it: text, bytes in Base64, numbers in JSON as arrays. Throws for what JSON
 * cannot express, such as cycles and big integers.
 */
export function asBundle(value: object): MimeBundle {
  const entries = Object.entries(value).filter(([, data]) => data !== undefined);
  return Object.fromEntries(entries.map(([mime, data]) => [mime, dataOf(mime, data)]));
}

function dataOf(mime: string, data: unknown): Json {
  if (typeof data === 'string') return data;
  if (!/[/+]json$/.test(mime)) {
    if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer) return toBase64(asBytes(data));
    if (mime.startsWith('text/') && !Array.isArray(data)) return String(data);
  }
  return JSON.parse(JSON.stringify(data, numbersAsArrays) ?? 'null') as Json;
}

/** JSON writes an array of floats as an object with keys `0`, `1`, … */
function numbersAsArrays(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const given = this[key];
  return ArrayBuffer.isView(given) && !(given instanceof DataView) ? Array.from(given as Float64Array) : value;
}

/** A value as Node prints it. Long arrays and large objects are cut. */
export function textOf(value: unknown): string {
  let text: string;
  try {
    text = inspect(shortened(value), { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 });
  } catch (error) {
    text = `a value that cannot be printed: ${error instanceof Error ? error.message : typeof error}`;
  }
  return text.length > longest ? `${text.slice(0, longest)}… ${text.length - longest} more characters` : text;
}
