// The children of the process of the cells: they are in its process group, and end with it.
import { setTimeout as sleep } from 'node:timers/promises';
import { membersOf, signal } from '../processes';

/** How long, in milliseconds, children have to end by themselves. */
const patience = 1000;
const pause = 25;

/** Whether each process can be made the leader of a group. */
export const hasGroups = process.platform !== 'win32';

/** Ends the group of a process that has ended: SIGTERM, and a second later SIGKILL. `detached` children have groups of their own. */
export async function endGroup(leader: number | undefined): Promise<void> {
  if (leader === undefined || !hasGroups) return;
  signal(membersOf(leader), 'SIGTERM');
  const until = Date.now() + patience;
  while (membersOf(leader).length > 0 && Date.now() < until) await sleep(pause);
  signal(membersOf(leader), 'SIGKILL');
}
