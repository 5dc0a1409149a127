// A module by its address, which may fail to arrive and come the next time.

const failures = new Map<string, number>();

/** Browsers keep of an address that its module failed, some for as long as the worker lives: with another end, which no server sees, it is another one. */
export async function importAddress(address: string): Promise<unknown> {
  const count = failures.get(address) ?? 0;
  try {
    return await import(/* @vite-ignore */ count === 0 ? address : `${address}#${count}`);
  } catch (error) {
    failures.set(address, count + 1);
    throw error;
  }
}
