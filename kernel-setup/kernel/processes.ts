// The processes of this machine: children of a process, and members of its group.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

export interface Process {
  pid: number;
  parent: number;
  /** The process group: that of the parent, unless `detached`. */
  group: number;
  /** Whether it is a zombie: it has exited, but its parent has not waited for it. */
  hasEnded: boolean;
  /** Start time, because process ids are reused. */
  started: string;
}

function listed(): Process[] {
  try {
    return process.platform === 'linux' ? inProc() : byPs();
  } catch {
    return []; // the list is not available on this system
  }
}

function inProc(): Process[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // After the program's name, which may contain anything: state, parent, group, …; field 20 is the start time.
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
      return []; // it has exited
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
 * The descendants of a process, without the subtrees that `leave` excludes.
 * @param leave whether to exclude a child and its descendants
 */
export function descendantsOf(pid: number, leave: (child: number) => boolean): Process[] {
  const all = listed();
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent && one.pid !== process.pid).flatMap((one) => [one, ...below(one.pid)]);
  const children = all.filter((one) => one.parent === pid && !leave(one.pid));
  return children.flatMap((one) => [one, ...below(one.pid)]);
}

/** Running members of a group, except this process and the leader. */
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
      // It has exited in the meantime.
    }
  }
}
