// Globals of Node that the kernel and cells expect in a page.
/** Callbacks to run after the current code: a message to oneself arrives sooner than a timer. */
const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => waiting.shift()?.();
function nextTick(callback: (...values: unknown[]) => void, ...values: unknown[]): void {
  waiting.push(() => callback(...values));
  channel.port2.postMessage(null);
}

const quiet = { isTTY: false, columns: 80, write: (_text: string) => true };
const process = {
  /** By this, TypeScript detects that it is not in Node. */
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
// `randomUUID` needs HTTPS or localhost.
crypto.randomUUID ??= () => {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-') as ReturnType<Crypto['randomUUID']>;
};

export {};
