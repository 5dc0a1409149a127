// What the kernel's parts and cells expect of Node's globals, in a page.
/** Runs when what runs now is over: a message to oneself comes sooner than a timer. */
const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => waiting.shift()?.();
function nextTick(callback: (...values: unknown[]) => void, ...values: unknown[]): void {
  waiting.push(() => callback(...values));
  channel.port2.postMessage(null);
}

const quiet = { isTTY: false, columns: 80, write: (_text: string) => true };
const process = {
  /** By this TypeScript knows that it is not in Node. */
  browser: true,
  version: '',
  versions: {},
  env: {} as Record<string, string>,
  platform: 'browser',
  cwd: () => '/drive',
  nextTick,
  stdout: { ...quiet },
  stderr: { ...quiet },
};
const setImmediate = (callback: () => void) => setTimeout(callback, 0);
Object.assign(globalThis, { process, setImmediate, clearImmediate: clearTimeout });
// A page that is neither encrypted nor of this machine has only numbers by chance.
crypto.randomUUID ??= () => {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-') as ReturnType<Crypto['randomUUID']>;
};

export {};
