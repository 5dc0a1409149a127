// The processes of this machine, as far as it takes to find the children of one, and the members of its group.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

export interface Process {
  pid: number;
  parent: number;
  /** The process group: children are in that of their parent, unless they are `detached`. */
  group: number;
  /** Whether it has ended, and only its parent has not asked how. */
  hasEnded: boolean;
  /** When it was started; a later process may have its number. */
  started: string;
}

function listed(): Process[] {
  try {
    return process.platform === 'linux' ? inProc() : byPs();
  } catch {
    return []; // there is no such list here
  }
}

function inProc(): Process[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // Behind the name of the program, which may hold anything: state, parent, group, …, and as the 20th the time of its start.
      const [state, parent, group, ...rest] = fs
        .readFileSync(`/proc/${name}/stat`, 'latin1')
        .split(') ')
        .at(-1)!
        .split(' ');
      return [
        {
          pid: Number(name),
          parent: Number(parent),
          group: Number(group),
          hasEnded: state === 'Z',
          started: rest[16],
        },
      ];
    } catch {
      return []; // it has ended
    }
  });
}

function byPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [, pid, parent, group, state, started] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line)!;
    const hasEnded = state.startsWith('Z');
    return { pid: Number(pid), parent: Number(parent), group: Number(group), hasEnded, started };
  });
}

/**
 * Those below a process, without what is below a child that `leave` names.
 * @param leave whether a child and what is below it is left out
 */
export function descendantsOf(pid: number, leave: (child: number) => boolean): Process[] {
  const all = listed();
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent && one.pid !== process.pid).flatMap((one) => [one, ...below(one.pid)]);
  const children = all.filter((one) => one.parent === pid && !leave(one.pid));
  return children.flatMap((one) => [one, ...below(one.pid)]);
}

/** Those of a group that run, without the one that asks and the one that leads it. */
export const membersOf = (group: number): Process[] =>
  listed().filter((one) => one.group === group && one.pid !== group && one.pid !== process.pid && !one.hasEnded);

/** Sends a signal to those that still run. */
export function signal(processes: readonly Process[], name: NodeJS.Signals): void {
  const running = new Set(listed().map(({ pid, started }) => `${pid} ${started}`));
  for (const { pid, started } of processes) {
    if (!running.has(`${pid} ${started}`)) continue;
    try {
      process.kill(pid, name);
    } catch {
      // It has ended in the meantime.
    }
  }
}
