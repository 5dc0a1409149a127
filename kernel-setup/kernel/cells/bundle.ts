import { inspect } from 'node:util';
import type { Json, MimeBundle } from '../process-messages';

/** Deno's convention: an object with this method says how it is shown. */
export const displaySymbol = Symbol.for('Jupyter.display');
const longest = 100_000;

/** How a value is shown: by its own method, or as text. The method may be asynchronous. */
export async function bundleOf(value: unknown): Promise<{ data: MimeBundle; metadata: Record<string, Json> }> {
  const own = await ownBundle(value);
  return own ?? { data: { 'text/plain': textOf(value) }, metadata: {} };
}

async function ownBundle(value: unknown): Promise<{ data: MimeBundle; metadata: Record<string, Json> } | undefined> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  try {
    const method = (value as { [displaySymbol]?: unknown })[displaySymbol];
    if (typeof method !== 'function') return undefined;
    const data = (await method.call(value)) as MimeBundle;
    // What cannot stand in JSON must not reach the front end.
    return isBundle(data) ? { data: JSON.parse(JSON.stringify(data)) as MimeBundle, metadata: {} } : undefined;
  } catch (error) {
    process.stderr.write(`The value could not be shown by its own method: ${textOf(error)}\n`);
    return undefined;
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
