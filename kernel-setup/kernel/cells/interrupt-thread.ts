// The thread that can stop a cell. It waits for an order of the host; if the main thread does not answer, because it loops,
// it ends what is running there.
import { Session } from 'node:inspector';
import net from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { type Context, orderLength } from '../process-messages';
import type { Order } from './interrupt';

/** How long the main thread has, in milliseconds, to notice an interrupt by itself. */
const PATIENCE = 100;
/** How long it has, in milliseconds, to answer before it is ended again. */
const BREATHER = 1000;

/** How long, in milliseconds, the process has to end when the host has ended. */
const FAREWELL = 500;

/** How many interrupts there were, and how many of them the main thread has noticed. */
const { counters } = workerData as { counters: Int32Array };
const session = new Session();
session.connectToMainThread();

let ending = false;

const orders = new net.Socket({ fd: 4, readable: true, writable: false });
orders.on('data', (chunk) => {
  // Of several orders, the last is for what came last.
  const context: Context = chunk.readUInt32LE(chunk.length - orderLength);
  const order = Atomics.add(counters, 0, 1) + 1;
  parentPort!.postMessage({ order, context } satisfies Order);
  endUnlessNoticed({ order, context });
});
orders.on('error', () => {});
// The host has ended. What does not end by itself then, because it loops, nobody could stop any more.
orders.on('close', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), FAREWELL));

/** One ending at a time: a second one would hit what answers the first. If it did not help, there is another. */
function endUnlessNoticed(interrupt: Order): void {
  setTimeout(() => {
    if (Atomics.load(counters, 1) >= interrupt.order) return;
    endUnlessNoticed(interrupt);
    if (ending) return;
    ending = true;
    session.post('Runtime.terminateExecution', () => {
      setTimeout(() => {
        ending = false;
      }, BREATHER);
      // What was ended may have been the answer to the first message.
      parentPort!.postMessage(interrupt);
    });
  }, PATIENCE);
}
