// Locks of a journal: one process writes at a time, for the duration of one decision. A file beside the journal names
// the owner by machine, process and start time, so that a lock of a dead process is recognised and removed.

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
  /** A unique name of the lock. */
  readonly name: string;
}

/**
 * The locks that this thread holds. A lock of the own process that is not among them is left over from an interrupted
 * cell.
 */
const held = new Set<string>();
const thread: string = newName();

/** Milliseconds that another process may hold a lock before it is an error. */
const patience = 30_000;

/** Runs `body` under a lock between processes by the file's name. @throws {StudyError} if another holds it for 30 s. */
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
      // Removal needs a lock of its own: of two removers, the second might remove a new owner's lock.
      const toRemove = `${file}.${owner.name}`;
      const remover = acquire(toRemove);
      if (textIfThere(file) === found) removeFile(file);
      release(toRemove, remover);
      continue;
    }
    if (waited > patience)
      throw new StudyError(
        `${file} is held by process ${owner.pid} of ${owner.host} for more than ${patience / 1000} s; ` +
          'end that process, or remove the file if that machine no longer exists',
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
