// The thread that can stop a cell. It waits for a byte from the host; if the main thread does not answer, because it loops,
// it ends what is running there.
import { Session } from 'node:inspector';
import net from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** How long the main thread has, in milliseconds, to notice an interrupt by itself. */
const PATIENCE = 100;

/** How many interrupts there were, and how many of them the main thread has noticed. */
const { counters } = workerData as { counters: Int32Array };
const session = new Session();
session.connectToMainThread();

const orders = new net.Socket({ fd: 4, readable: true, writable: false });
orders.on('data', () => {
  const order = Atomics.add(counters, 0, 1) + 1;
  parentPort!.postMessage(order);
  setTimeout(() => {
    if (Atomics.load(counters, 1) < order) session.post('Runtime.terminateExecution');
  }, PATIENCE);
});
orders.on('error', () => {});
// The host is gone; nobody else could end a cell that loops.
orders.on('close', () => process.kill(process.pid, 'SIGKILL'));
