// A module by its address, which may fail to arrive, or stall on its way, and come the next time.
import { download } from './download.mjs';

/** Milliseconds without a byte after which a download counts as failed. */
declare const PATIENCE: number;

const failures = new Map<string, number>();

/** Browsers keep of an address that its module failed, some for as long as the worker lives: with another end, which no server sees, it is another one. */
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

/** What is wrong with one that takes long, which is fetched beside it: if it can be had, the next import finds it in the browser's cache. */
const problemOf = (address: string): Promise<string> =>
  download(address, 'reload', PATIENCE).then(
    () => 'it stalled',
    (error: Error) => error.message,
  );
