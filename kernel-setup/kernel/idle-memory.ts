// Releases memory while idle: V8 would otherwise keep garbage until it needs the space.
import { Session } from 'node:inspector';
import { getHeapStatistics } from 'node:v8';

/** Milliseconds without a request before memory is released. */
const idleDelay = 2000;
/** Required growth of the heap since the last release: bytes, and a fraction of the heap. */
const worthwhile = { bytes: 4 << 20, part: 0.25 };

/** For the calling thread. @returns a function to call with every request */
export function releaseMemoryWhenIdle(): () => void {
  let enough = 0;
  const timer = setTimeout(async () => {
    if (getHeapStatistics().total_heap_size < enough) return;
    await releaseMemory();
    enough = getHeapStatistics().total_heap_size * (1 + worthwhile.part) + worthwhile.bytes;
  }, idleDelay).unref();
  return () => timer.refresh();
}

/** A full collection. Unlike others, it also compacts the heap and shrinks the space for young objects. */
function releaseMemory(): Promise<void> {
  const session = new Session();
  session.connect();
  return new Promise((resolve) => {
    session.post('HeapProfiler.collectGarbage', () => {
      setImmediate(() => session.disconnect()); // not in its own callback, which would deadlock
      resolve();
    });
  });
}
