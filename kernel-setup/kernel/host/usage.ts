// CPU and memory use of the host and the cell process, for JupyterLab's status bar.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import type { Content } from './messages';

type Usage = Content<'usage_reply'>;

/** Bytes in memory, and CPU seconds so far. */
interface Taken {
  memory: number;
  seconds: number;
}

/** Linux clock ticks per second. */
const ticks = 100;

export class UsageMeter {
  private last: { at: number; seconds: number; host: ReturnType<typeof hostTimes> };

  /** @param pids the processes to measure */
  constructor(private readonly pids: () => readonly number[]) {
    this.last = { at: performance.now(), seconds: this.taken().seconds, host: hostTimes() };
  }

  /** Current memory, and CPU use since the last call. */
  read = (): Usage => {
    const { memory, seconds } = this.taken();
    const now = { at: performance.now(), seconds, host: hostTimes() };
    const since = Math.max((now.at - this.last.at) / 1000, 1e-3);
    const kernelCpu = (100 * Math.max(seconds - this.last.seconds, 0)) / since;
    const passed = now.host.all - this.last.host.all;
    const busy = passed > 0 ? 1 - (now.host.idle - this.last.host.idle) / passed : 0;
    this.last = now;
    const [total, free] = [os.totalmem(), os.freemem()];
    return {
      hostname: os.hostname(),
      pid: process.pid,
      kernel_cpu: rounded(kernelCpu),
      kernel_memory: memory,
      cpu_count: os.cpus().length,
      host_cpu_percent: rounded(100 * busy),
      host_virtual_memory: {
        total,
        available: free,
        free,
        used: total - free,
        percent: rounded((100 * (total - free)) / total),
      },
    };
  };

  private taken(): Taken {
    const all = this.pids().map(takenBy);
    return {
      memory: all.reduce((sum, one) => sum + one.memory, 0),
      seconds: all.reduce((sum, one) => sum + one.seconds, 0),
    };
  }
}

const rounded = (value: number): number => Math.round(10 * value) / 10;

function hostTimes(): { all: number; idle: number } {
  const times = os.cpus().map((cpu) => cpu.times);
  const sum = (of: (one: (typeof times)[number]) => number) => times.reduce((total, one) => total + of(one), 0);
  return { all: sum((one) => one.user + one.nice + one.sys + one.idle + one.irq), idle: sum((one) => one.idle) };
}

/** Zero for a process that has ended. */
function takenBy(pid: number): Taken {
  if (pid === process.pid) {
    const { user, system } = process.cpuUsage();
    return { memory: process.memoryUsage.rss(), seconds: (user + system) / 1e6 };
  }
  try {
    return process.platform === 'linux' ? onLinux(pid) : byPs(pid);
  } catch {
    return { memory: 0, seconds: 0 };
  }
}

function onLinux(pid: number): Taken {
  const [, resident] = /^VmRSS:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  // After the name, which may contain spaces; fields 12 and 13 are CPU ticks.
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return { memory: 1024 * Number(resident ?? 0), seconds: (Number(fields[11]) + Number(fields[12])) / ticks };
}

/** For macOS and the BSDs; Windows has no `ps`. */
function byPs(pid: number): Taken {
  const [resident, time] = execFileSync('ps', ['-o', 'rss=,time=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  const seconds = time.split(/[:-]/).reduce((sum, part) => 60 * sum + Number(part), 0);
  return { memory: 1024 * Number(resident), seconds };
}
