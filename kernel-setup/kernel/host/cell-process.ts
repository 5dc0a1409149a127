// The cell process: starts it, sends messages and interrupts, and restarts it when it dies.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { deserialize } from 'node:v8';
import type { LibraryBuild } from '../library-build';
import { type FromCells, interruptLength, type ParentId, type ToCells } from '../process-messages';
import { reporterFlag } from '../test-reporter';
import type { CellProcess, CellProcessEvents } from './cells';
import { endGroup, hasGroups } from './process-group';

const program = path.join(__dirname, '..', 'cells', 'main.js');
const flags = [
  // For `import` in cells, which uses an interface that is experimental in Node 20.
  '--disable-warning=ExperimentalWarning',
  // An interrupt may terminate JavaScript between a push and a pop of Node's stack of asynchronous calls. Node's check of
  // that stack would abort the process.
  '--no-force-async-hooks-checks',
  reporterFlag,
  // Node does not start with an unknown flag.
].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag));
// Earlier kernelspecs start the host with these flags to save memory. They would slow down cells, which may allocate many
// objects and large tensors.
const inherited = process.execArgv.filter((flag) => !/^--(max-semi-space-size|interrupt-budget)=/.test(flag));
const { MALLOC_MMAP_THRESHOLD_: _, ...environment } = process.env;
/** Consecutive failed starts before giving up. */
const attempts = 3;
/** Milliseconds for the process to exit by itself. */
const stopTimeout = 500;
const lastOutputLength = 10_000;
/** Node prints this on exit, because the interrupt thread has an inspector session. */
const debuggerNotice = 'Waiting for the debugger to disconnect...\n';
/** The first lines of crash reports of V8 and Node. */
const crashReport = /^(\s*<--- Last few GCs --->|FATAL ERROR: |# Fatal error|----- Native stack trace -----)/m;

export class ChildProcessOfCells implements CellProcess {
  private child!: ChildProcess;
  private failedStarts = 0;
  private stopping = false;
  /** Settles when the children of ended processes have ended. */
  private childrenEnd: Promise<unknown> = Promise.resolve();

  /** @param library the build of gradlab that cells load; by default the one that Node finds */
  constructor(
    private readonly events: CellProcessEvents,
    private readonly library?: LibraryBuild,
  ) {
    this.start();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Messages wait in the pipe until the process is ready. */
  send(message: ToCells): void {
    // An error means that the process has died, which is reported elsewhere.
    if (this.child.connected) this.child.send(message, () => {});
  }

  interrupt(parentId: ParentId): void {
    const frame = Buffer.alloc(interruptLength);
    frame.writeUInt32LE(parentId);
    (this.child.stdio[4] as Writable).write(frame);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** First closes the channel, so that the process can exit by itself. */
  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return void (await this.childrenEnd);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const kill = setTimeout(() => child.kill('SIGKILL'), stopTimeout);
    child.disconnect();
    await ended;
    clearTimeout(kill);
    await this.childrenEnd;
  }

  outputRead(): Promise<void> {
    return pipesRead();
  }

  private start(): void {
    const given = this.library === undefined ? [] : [JSON.stringify(this.library)];
    const child = spawn(process.execPath, [...inherited, ...flags, program, ...given], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: environment,
      detached: hasGroups,
    });
    this.child = child;
    let ready = false;
    let lastOutput = '';
    const fromCells = child.stdio[3] as Readable;
    readFrames(fromCells, (message) => {
      if ((message as Partial<FromCells> | undefined)?.type === 'ready') {
        ready = true;
        this.failedStarts = 0;
      }
      this.events.onMessage(message);
    });
    this.readNative(child.stdout!, 'stdout', () => {});
    this.readNative(child.stderr!, 'stderr', (text) => {
      lastOutput = (lastOutput + text).slice(-lastOutputLength);
    });
    (child.stdio[4] as Writable).on('error', () => {});
    const ended = new Promise((resolve) => fromCells.once('close', resolve));
    child.on('error', () => {});
    child.on('exit', async (code, signal) => {
      this.childrenEnd = Promise.all([this.childrenEnd, endGroup(child.pid)]);
      await ended; // its last messages come first
      await pipesRead();
      if (this.stopping) return;
      if (!ready) this.failedStarts += 1;
      const cannotStart = this.failedStarts >= attempts;
      if (!cannotStart) this.start();
      this.events.onDeath({ code, signal, lastOutput }, cannotStart);
    });
  }

  /** Crash reports, which are pages of addresses, are kept for the death's report and not shown. */
  private readNative(stream: Readable, name: 'stdout' | 'stderr', seen: (text: string) => void): void {
    const decoder = new StringDecoder('utf8');
    let crashed = false;
    stream.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk).replace(debuggerNotice, '');
      seen(text);
      if (crashed) return;
      const from = name === 'stderr' ? text.search(crashReport) : -1;
      crashed = from >= 0;
      const own = crashed ? text.slice(0, from) : text;
      if (own !== '') this.events.onNativeOutput(name, own);
    });
    stream.on('error', () => {});
  }
}

/**
 * Waits until all pipes have been read once more. The current turn of the event loop may have begun before the last
 * write; the next one has not.
 */
async function pipesRead(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
}

/** Larger than any message: such a length means that other data was written to the channel. */
const longestFrame = 2 ** 30;

/** Reads messages, each after its length in four bytes. Passes `undefined` for invalid ones. */
function readFrames(stream: Readable, onMessage: (message: unknown) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = 4;
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    const whole = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    let at = 0;
    wanted = 4;
    while (whole.length - at >= 4) {
      const length = whole.readUInt32LE(at);
      if (length > longestFrame) {
        onMessage(undefined);
        stream.removeAllListeners('data').resume();
        return;
      }
      if (whole.length - at - 4 < length) {
        wanted = 4 + length;
        break;
      }
      onMessage(decoded(whole.subarray(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    chunks = at < whole.length ? [whole.subarray(at)] : [];
    size = whole.length - at;
  });
  stream.on('error', () => {});
}

function decoded(bytes: Uint8Array): unknown {
  try {
    return deserialize(bytes);
  } catch {
    return undefined;
  }
}
