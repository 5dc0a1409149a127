// Gives memory back while nobody waits: what was asked for leaves much behind that V8 would keep until it needs the room.
import { Session } from 'node:inspector';
import { getHeapStatistics } from 'node:v8';

/** How long, in milliseconds, nothing has been asked before memory is given back. */
const idleDelay = 2000;
/** How much memory must have been added for that: as many bytes, and this part of what was left the last time. */
const worthwhile = { bytes: 4 << 20, part: 0.25 };

/** For the thread that calls it. @returns to be called with every request */
export function releaseMemoryWhenIdle(): () => void {
  let enough = 0;
  const timer = setTimeout(async () => {
    if (getHeapStatistics().total_heap_size < enough) return;
    await releaseMemory();
    enough = getHeapStatistics().total_heap_size * (1 + worthwhile.part) + worthwhile.bytes;
  }, idleDelay).unref();
  return () => timer.refresh();
}

/**
 * A collection as when memory runs out. Unlike others it also moves what is left together, and makes the room for young
 * objects small again.
 */
function releaseMemory(): Promise<void> {
  const session = new Session();
  session.connect();
  return new Promise((resolve) => {
    session.post('HeapProfiler.collectGarbage', () => {
      setImmediate(() => session.disconnect()); // not in its own callback, which would wait for itself
      resolve();
    });
  });
}
