// The thread that can stop a cell. It waits for an order of the host, and ends the child processes that the cell has started;
// if the main thread does not answer, because it loops, it has the loop end by an error, so that `finally` runs. What does not
// end so, and what a second order is for, it ends as it is.
import fs from 'node:fs';
import { Session } from 'node:inspector';
import net from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { interruptLength, type ParentId } from '../../process-messages';
import { descendantsOf, membersOf, signal } from '../../processes';
import { endBlockedRead } from './blocked-read';
import { beforeTerminationOf, type ChildNote, type InterruptRequest, shared, throwInLoopOf } from './interrupt-memory';

/** How long the main thread has, in milliseconds, to notice an interrupt by itself. */
const PATIENCE = 100;
/** How long it has, in milliseconds, to answer before it is ended again. */
const BREATHER = 1000;
/** What child processes are told, and when, in milliseconds: first what Ctrl-C tells them, at which many tidy up. */
const WARNINGS = [
  [0, 'SIGINT'],
  [2000, 'SIGTERM'],
  [4000, 'SIGKILL'],
] as const;
/** How long, in milliseconds, the process has to end when the host has ended. */
const FAREWELL = 500;

const { memory } = workerData as { memory: Int32Array };
const session = new Session();
session.connectToMainThread();

/** The requests that have started the child processes that run beside the cells. */
const children = new Map<number, ParentId>();
parentPort!.on('message', ({ pid, parentId }: ChildNote) => {
  if (parentId === undefined) children.delete(pid);
  else children.set(pid, parentId);
});

/** The ending that was asked for last: its number, and whether it may be on its way yet. */
const termination = { count: 0, going: false };

const requests = new net.Socket({ fd: 4, readable: true, writable: false });
requests.on('data', (chunk) => {
  // Of several orders, the last is for what came last.
  const parentId: ParentId = chunk.readUInt32LE(chunk.length - interruptLength);
  Atomics.store(memory, shared.interrupted, parentId);
  const count = Atomics.add(memory, shared.requested, 1) + 1;
  // First: when the main thread has been told, the request runs no more.
  endChildren(parentId);
  parentPort!.postMessage({ count, parentId } satisfies InterruptRequest);
  stopUnlessAcknowledged({ count, parentId });
});
requests.on('error', () => {});
// The host has ended. What does not end by itself then, because it loops, nobody could stop any more.
requests.on('close', () => {
  signal(membersOf(process.pid), 'SIGTERM');
  setTimeout(() => {
    signal(membersOf(process.pid), 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  }, FAREWELL);
});

/** Those that have been warned. */
const warned = new Set<string>();

/** What earlier cells have started goes on. Nobody has noted a child that the main thread waits for: it is the cell's. */
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

/** Whether the main thread wants a processor, and how long, in milliseconds, it has had one. Only Linux tells. */
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
 * If ending did not help, it is done again: the cell may have started another child process meanwhile. Where the machine is busy
 * and the main thread has hardly had a processor since `before`, it could not notice: it gets more time.
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

/** Whether there was an order before that has not been noticed. */
const isSecond = ({ count }: InterruptRequest) => Atomics.load(memory, shared.acknowledged) < count - 1;

/** Whether a loop has ended by this order and what comes behind it runs; the next order is the end of that. */
const cleansUp = ({ count }: InterruptRequest) =>
  Atomics.load(memory, shared.thrown) === count && Atomics.load(memory, shared.requested) === count;

const throwInLoop = ({ count }: InterruptRequest) => evaluate(throwInLoopOf, count);

/** Calls a function of the main thread in the middle of what that does. */
function evaluate(name: symbol, ...args: number[]): void {
  const expression = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(name))})]?.(${args})`;
  session.post('Runtime.evaluate', { expression, silent: true });
}

/** One ending at a time: a second one would hit what answers the first, until that has been noticed. */
function terminate(interrupt: InterruptRequest): void {
  if (termination.going && Atomics.load(memory, shared.acknowledged) < termination.count) return;
  const own = { count: interrupt.count, going: true };
  Object.assign(termination, own);
  evaluate(beforeTerminationOf);
  session.post('Runtime.terminateExecution', () => {
    setTimeout(() => {
      if (termination.count === own.count) termination.going = false;
    }, BREATHER);
    // What was ended may have been the answer to the first message.
    parentPort!.postMessage(interrupt);
  });
}
