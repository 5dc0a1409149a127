// Gives memory back while nobody waits: every compilation leaves much behind that V8 would keep until it needs the room.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import vm from 'node:vm';

/** How long, in milliseconds, nothing has been asked before memory is given back. */
const patience = 2000;
/** How much memory, in bytes, must have been added for that. */
const worthwhile = 16 << 20;

/** @returns to be called with every request */
export function tidyWhenIdle(): () => void {
  let tidied = 0;
  const timer = setTimeout(() => {
    if (getHeapStatistics().total_heap_size < tidied + worthwhile) return;
    tidy();
    tidied = getHeapStatistics().total_heap_size;
  }, patience).unref();
  return () => timer.refresh();
}

/** A collection that also moves what is left together: without that few pages become empty. */
function tidy(): void {
  setFlagsFromString('--expose-gc');
  setFlagsFromString('--compact-on-every-full-gc');
  (vm.runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-compact-on-every-full-gc');
}
