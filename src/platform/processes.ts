// Processes and threads: names, starts, ends, and the channel between parent and child.
import { readFileSync, readSync, writeSync } from 'node:fs';
import { inPackage } from './places';

/** A process: machine, process id and start time as the system reports it, because ids are reused. */
export interface ProcessName {
  readonly host: string;
  readonly pid: number;
  readonly start: string;
}

let own: ProcessName | undefined;

/** Returns the name of this process. */
export function thisProcess(): ProcessName {
  const host = process.getBuiltinModule('node:os').hostname();
  own ??= { host, pid: process.pid, start: startOf(process.pid) ?? '' };
  return own;
}

/** Whether a process still runs; one of another machine counts as running. */
export function isRunning({ host, pid, start }: ProcessName): boolean {
  return host !== thisProcess().host || startOf(pid) === start;
}

/** Returns the start time of a process; `undefined` if it does not exist. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // After the program's name, which may contain spaces and brackets: the state, and 19 fields later the start time.
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    }
    process.kill(pid, 0);
    if (process.platform === 'win32') return 'running';
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'latin1' }).trim() || undefined;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM' ? 'running' : undefined;
  }
}

/** Blocks the thread for `milliseconds`. */
export function pauseThread(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Returns a unique name. */
export function newName(): string {
  return process.getBuiltinModule('node:crypto').randomUUID();
}

/** Returns the number of threads that can run at once. */
export function processors(): number {
  return process.getBuiltinModule('node:os').availableParallelism();
}

/**
 * Starts a thread that runs `program`, the text of a function, with a copy of `data`; shared memory stays shared. The process
 * exits without waiting for the thread. `onEnd` is called if the thread ends earlier. Returns a function that terminates it.
 */
export function startThread<T>(program: string, data: T, onEnd: () => void): () => void {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const thread = new Worker(`(${program})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: data,
    // The thread needs neither the flags nor the environment of the process.
    execArgv: [],
    env: {},
  });
  thread.unref();
  thread.on('error', onEnd);
  thread.on('exit', onEnd);
  return () => void thread.terminate();
}

/** A child process that runs a program of the package. */
export interface Program {
  /** Sends it a line. */
  send(line: string): void;
  /** Ends it at once. */
  kill(): void;
}

/** The number of characters kept from the end of the error output. */
const lastWords = 2000;

/**
 * Starts the package's program with a channel of lines; its output is printed here. `end` is called once with the reason, after
 * the last line of the channel.
 */
export function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { line, end }: { line(text: string): void; end(reason: string): void },
): Program {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, [inPackage('bin', 'gradlab.cjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let said = '';
  child.stdout?.on('data', (bytes: Uint8Array) => void process.stdout.write(bytes));
  child.stderr?.on('data', (bytes: Uint8Array) => {
    process.stderr.write(bytes);
    said = (said + bytes).slice(-lastWords);
  });
  const channel = child.stdio[3] as unknown as {
    setEncoding(encoding: string): void;
    on(event: string, listener: (text: string) => void): void;
    write(text: string): void;
  };
  let begun = '';
  channel.setEncoding('utf8');
  channel.on('data', (text) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop()!;
    for (const whole of lines) line(whole);
  });
  // A dying child also breaks its channel; the exit handler below reports it once.
  channel.on('error', () => {});
  child.on('error', (error) => end(`it could not be started: ${error.message}`));
  child.on('close', (code, signal) => {
    const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    end(`its process ${how}${said === '' ? '' : `: ${said.trim().split('\n').slice(-12).join('\n')}`}`);
  });
  return { send: (text) => channel.write(`${text}\n`), kill: () => void child.kill('SIGKILL') };
}

/** In a program started by {@link startProgram}, the channel to its parent. `hear` blocks the thread. */
export const parent: { hear(): string | undefined; tell(line: string): void } = (() => {
  const chunk = new Uint8Array(2 ** 16);
  const decoder = new TextDecoder();
  let heard = '';
  return {
    /** Returns the next line; `undefined` at the end of the channel. */
    hear() {
      let end = heard.indexOf('\n');
      for (; end < 0; end = heard.indexOf('\n')) {
        const count = readSync(3, chunk);
        if (count === 0) return undefined;
        heard += decoder.decode(chunk.subarray(0, count), { stream: true });
      }
      const line = heard.slice(0, end);
      heard = heard.slice(end + 1);
      return line;
    },
    tell(line) {
      const bytes = new TextEncoder().encode(`${line}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
    },
  };
})();

/** Ends this process soon after its parent has ended, even during a computation. */
export function endWithParent(): void {
  startThread(
    `({ parent }) => setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 250)`,
    { parent: process.ppid },
    () => {},
  );
}
