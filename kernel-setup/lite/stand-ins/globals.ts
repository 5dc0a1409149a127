// What the kernel's parts and cells expect of Node's globals, in a page.
const { setTimeout: later } = globalThis;

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
const setImmediate = (callback: (...values: unknown[]) => void, ...values: unknown[]) => later(callback, 0, ...values);
Object.assign(globalThis, { process, setImmediate, clearImmediate: clearTimeout });

export {};
