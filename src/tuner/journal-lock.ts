// Who may write to a journal: one process at a time, for as long as one decision takes. A file beside the journal names the owner,
// its machine, process and start, so that what a dead process has left behind is found out and taken away.

import { whole } from '../cancellation';
import { StudyError } from '../errors';
import {
  createFile,
  isRunning,
  newName,
  type ProcessName,
  pauseThread,
  removeFile,
  textIfThere,
  thisProcess,
} from '../platform';

interface Owner extends ProcessName {
  /** No other lock, of whomever, has the same. */
  readonly name: string;
}

/** The locks that this thread holds: one of its own process that it does not is left over from an interrupted cell. */
const held = new Set<string>();
const thread: string = newName();

/** How long, in milliseconds, somebody else may hold a lock until that is an error. */
const patience = 30_000;

/** Runs `body` while no other process runs one under the same file's name. @throws {StudyError} if another holds it for 30 s. */
export function locked<T>(file: string, body: () => T): T {
  return whole(() => {
    const owner = acquire(file);
    try {
      return body();
    } finally {
      release(file, owner);
    }
  });
}

function acquire(file: string): Owner & { thread: string } {
  const mine = { ...thisProcess(), thread, name: newName() };
  const text = JSON.stringify(mine);
  for (let waited = 0, pause = 1; !createFile(file, text); ) {
    const found = textIfThere(file);
    if (found === undefined) continue;
    const owner = JSON.parse(found) as Owner & { thread: string };
    const isLeft = owner.thread === thread ? !held.has(owner.name) : !isRunning(owner);
    if (isLeft) {
      // Two that take it away at once might take away each other's: whoever does it holds a lock of that name.
      const toRemove = `${file}.${owner.name}`;
      const remover = acquire(toRemove);
      if (textIfThere(file) === found) removeFile(file);
      release(toRemove, remover);
      continue;
    }
    if (waited > patience)
      throw new StudyError(
        `${file} is held by process ${owner.pid} of ${owner.host} for more than ${patience / 1000} s; ` +
          'end that process, or remove the file if its machine is no more',
      );
    pauseThread(pause);
    waited += pause;
    pause = Math.min(2 * pause, 20);
  }
  held.add(mine.name);
  return mine;
}

function release(file: string, { name }: Owner): void {
  held.delete(name);
  removeFile(file);
}
