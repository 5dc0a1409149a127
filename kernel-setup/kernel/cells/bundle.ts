import { inspect } from 'node:util';
import type { Json, MimeBundle } from '../process-messages';

/** Deno's convention: an object with this method says how it is shown. */
export const displaySymbol = Symbol.for('Jupyter.display');
const longest = 100_000;

/** A value by MIME type, with the metadata of the message that shows it. */
export interface Shown {
  data: MimeBundle;
  metadata: Record<string, Json>;
}

/**
 * How a value is shown: by its own method, or as text. A promise exactly if the method gives one. A method that gives
 * nothing has put out itself what there is to see.
 */
export function bundleOf(value: unknown): Shown | undefined | Promise<Shown | undefined> {
  const asText = (): Shown => ({ data: { 'text/plain': textOf(value) }, metadata: {} });
  // What cannot stand in JSON must not reach the front end.
  const shown = (data: unknown): Shown | undefined => {
    if (data === undefined) return undefined;
    return isBundle(data) ? { data: JSON.parse(JSON.stringify(data)) as MimeBundle, metadata: {} } : asText();
  };
  const failed = (error: unknown): Shown => {
    process.stderr.write(`The value could not be shown by its own method: ${textOf(error)}\n`);
    return asText();
  };
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return asText();
  try {
    const method = (value as { [displaySymbol]?: unknown })[displaySymbol];
    if (typeof method !== 'function') return asText();
    const own: unknown = method.call(value);
    return own instanceof Promise ? own.then(shown).catch(failed) : shown(own);
  } catch (error) {
    return failed(error);
  }
}

export function isBundle(data: unknown): data is MimeBundle {
  return typeof data === 'object' && data !== null && Object.keys(data).some((key) => /^[\w.+-]+\/[\w.+-]+$/.test(key));
}

/** A value as Node prints it, bounded in size. */
export function textOf(value: unknown): string {
  let text: string;
  try {
    text = inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 });
  } catch (error) {
    text = `a value that cannot be printed: ${error instanceof Error ? error.message : typeof error}`;
  }
  return text.length > longest ? `${text.slice(0, longest)}… ${text.length - longest} more characters` : text;
}
