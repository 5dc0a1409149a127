// The children of the cell process: they are in its process group and end with it.
import { setTimeout as sleep } from 'node:timers/promises';
import { membersOf, signal } from '../processes';

/** Milliseconds for children to exit by themselves. */
const patience = 1000;
const pause = 25;

/** Whether the platform has process groups. */
export const hasGroups = process.platform !== 'win32';

/** Ends the group of an ended process: SIGTERM, and SIGKILL a second later. `detached` children have their own groups. */
export async function endGroup(leader: number | undefined): Promise<void> {
  if (leader === undefined || !hasGroups) return;
  signal(membersOf(leader), 'SIGTERM');
  const until = Date.now() + patience;
  while (membersOf(leader).length > 0 && Date.now() < until) await sleep(pause);
  signal(membersOf(leader), 'SIGKILL');
}
