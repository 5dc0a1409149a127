// The thread that receives interrupts. It signals the cell's child processes. If the main thread does not acknowledge in
// time, it makes the next poll of a loop throw, so that `finally` runs. If that does not help, or on a second interrupt, it
// has V8 terminate the code.
import fs from 'node:fs';
import { Session } from 'node:inspector';
import net from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { interruptLength, type ParentId } from '../../process-messages';
import { descendantsOf, membersOf, signal } from '../../processes';
import { endBlockedRead } from './blocked-read';
import { beforeTerminationOf, type ChildNote, type InterruptRequest, shared, throwInLoopOf } from './interrupt-memory';

/** Milliseconds for the main thread to acknowledge an interrupt before the next step. */
const PATIENCE = 100;
/** Milliseconds for the main thread to answer before it is terminated again. */
const BREATHER = 1000;
/** Signals to child processes, with their delays in milliseconds. The first is that of Ctrl-C, on which many clean up. */
const WARNINGS = [
  [0, 'SIGINT'],
  [2000, 'SIGTERM'],
  [4000, 'SIGKILL'],
] as const;
/** Milliseconds for the process to exit after the host has ended. */
const FAREWELL = 500;

const { memory } = workerData as { memory: Int32Array };
const session = new Session();
session.connectToMainThread();

/** The requests that started the running child processes. */
const children = new Map<number, ParentId>();
parentPort!.on('message', ({ pid, parentId }: ChildNote) => {
  if (parentId === undefined) children.delete(pid);
  else children.set(pid, parentId);
});

/** The last termination: its interrupt, and whether it may still be in progress. */
const termination = { count: 0, going: false };

const requests = new net.Socket({ fd: 4, readable: true, writable: false });
requests.on('data', (chunk) => {
  // If several interrupts arrive together, only the last one counts.
  const parentId: ParentId = chunk.readUInt32LE(chunk.length - interruptLength);
  Atomics.store(memory, shared.interrupted, parentId);
  const count = Atomics.add(memory, shared.requested, 1) + 1;
  // Before the message: after it, the request may have ended.
  endChildren(parentId);
  parentPort!.postMessage({ count, parentId } satisfies InterruptRequest);
  stopUnlessAcknowledged({ count, parentId });
});
requests.on('error', () => {});
// The host has ended, so nothing could stop a loop any more.
requests.on('close', () => {
  signal(membersOf(process.pid), 'SIGTERM');
  setTimeout(() => {
    signal(membersOf(process.pid), 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  }, FAREWELL);
});

/** Processes that have been signalled. */
const warned = new Set<string>();

/**
 * Signals the child processes of the interrupted request. Children of earlier cells continue. Unknown children were
 * started synchronously, so they belong to the running cell.
 */
function endChildren(parentId: ParentId): void {
  const running = Atomics.load(memory, shared.running);
  if (running === 0 || running > parentId) return;
  const isEarlier = (pid: number) => (children.get(pid) ?? running) < running;
  const started = descendantsOf(process.pid, isEarlier).filter((child) => {
    const name = `${child.pid} ${child.started}`;
    return !warned.has(name) && warned.add(name);
  });
  if (started.length === 0) return;
  for (const [delay, name] of WARNINGS) setTimeout(() => signal(started, name), delay);
}

/** Whether the main thread is ready to run, and its CPU time in milliseconds. Linux only. */
function mainThread(): { isReady: boolean; computed: number } | undefined {
  try {
    const stat = fs.readFileSync(`/proc/self/task/${process.pid}/stat`, 'latin1');
    const [state, ...numbers] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(numbers[10]) + Number(numbers[11]); // of 10 ms, in its own code and in the system's
    return { isReady: state === 'R', computed: 10 * ticks };
  } catch {
    return undefined;
  }
}

/**
 * Stops the main thread step by step until it acknowledges the interrupt. It repeats, because the cell may have started
 * another child process. On a busy machine, a main thread without CPU time since `before` could not react, so it gets
 * more time.
 */
function stopUnlessAcknowledged(interrupt: InterruptRequest, before = mainThread(), wasThrown = false): void {
  setTimeout(() => {
    if (Atomics.load(memory, shared.acknowledged) >= interrupt.count) return;
    const now = mainThread();
    if (before && now?.isReady && now.computed - before.computed < PATIENCE / 2) {
      stopUnlessAcknowledged(interrupt, before, wasThrown);
      return;
    }
    stopUnlessAcknowledged(interrupt, undefined, true);
    if (now?.isReady !== true) endBlockedRead(process.pid);
    if (!wasThrown && !isSecond(interrupt)) throwInLoop(interrupt);
    else if (!cleansUp(interrupt)) terminate(interrupt);
    endChildren(interrupt.parentId);
  }, PATIENCE);
}

/** Whether an earlier interrupt has not been acknowledged. */
const isSecond = ({ count }: InterruptRequest) => Atomics.load(memory, shared.acknowledged) < count - 1;

/** Whether a loop has thrown for this interrupt, so that its cleanup may run. The next interrupt terminates that. */
const cleansUp = ({ count }: InterruptRequest) =>
  Atomics.load(memory, shared.thrown) === count && Atomics.load(memory, shared.requested) === count;

const throwInLoop = ({ count }: InterruptRequest) => evaluate(throwInLoopOf, count);

/** Calls a global function on the main thread, in the middle of its code. */
function evaluate(name: symbol, ...args: number[]): void {
  const expression = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(name))})]?.(${args})`;
  session.post('Runtime.evaluate', { expression, silent: true });
}

/** One termination at a time: a second one would hit the code that answers the first. */
function terminate(interrupt: InterruptRequest): void {
  if (termination.going && Atomics.load(memory, shared.acknowledged) < termination.count) return;
  const own = { count: interrupt.count, going: true };
  Object.assign(termination, own);
  evaluate(beforeTerminationOf);
  session.post('Runtime.terminateExecution', () => {
    setTimeout(() => {
      if (termination.count === own.count) termination.going = false;
    }, BREATHER);
    // The termination may have hit the handler of the first message.
    parentPort!.postMessage(interrupt);
  });
}
