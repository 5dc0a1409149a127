// Imports a module by URL. Downloads may fail or stall, and succeed when retried.
import { download } from '../../page/download/download.mjs';

/** Milliseconds without a byte after which a download counts as failed. */
declare const PATIENCE: number;

const failures = new Map<string, number>();

/**
 * Browsers remember a failed module by URL, some until the worker ends. A changed fragment, which servers do not see,
 * makes it another URL.
 */
export async function importAddress(address: string): Promise<unknown> {
  const count = failures.get(address) ?? 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(
      async () => reject(new Error(`${address} could not be downloaded: ${await problemOf(address)}`)),
      PATIENCE,
    );
  });
  try {
    return await Promise.race([import(/* @vite-ignore */ count === 0 ? address : `${address}#${count}`), stalled]);
  } catch (error) {
    failures.set(address, count + 1);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The problem of a slow import, by a parallel download. If that succeeds, the next import finds it in the browser's
 * cache.
 */
const problemOf = (address: string): Promise<string> =>
  download(address, 'reload', PATIENCE).then(
    () => 'it stalled',
    (error: Error) => error.message,
  );
