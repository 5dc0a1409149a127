// A read from a named pipe without a writer blocks the thread, and an interrupt of JavaScript cannot reach it.
import fs from 'node:fs';

/** System call numbers by processor: those that open a file, with the index of the path argument, and those that read. */
const calls: Readonly<Record<string, { open: Readonly<Record<number, number>>; read: readonly number[] }>> = {
  x64: { open: { 2: 0, 257: 1 }, read: [0, 17, 19] },
  arm64: { open: { 56: 1 }, read: [63, 65, 67] },
};
const longestPath = 4096;

/** Reads a string at an address of this process. */
function textAt(address: bigint): string {
  const memory = fs.openSync('/proc/self/mem', 'r');
  try {
    const bytes = Buffer.alloc(longestPath);
    const length = fs.readSync(memory, bytes, 0, longestPath, address);
    const end = bytes.indexOf(0);
    return bytes.toString('utf8', 0, end < 0 ? length : end);
  } finally {
    fs.closeSync(memory);
  }
}

/** The file that a thread of this process is opening or reading in a system call. */
function fileOf(thread: number): string | undefined {
  const { open, read } = calls[process.arch] ?? { open: {}, read: [] };
  const [number, ...rest] = fs.readFileSync(`/proc/self/task/${thread}/syscall`, 'latin1').split(' ');
  const call = Number(number);
  if (open[call] !== undefined) return textAt(BigInt(rest[open[call]]));
  return read.includes(call) ? fs.readlinkSync(`/proc/self/fd/${Number(rest[0])}`) : undefined;
}

/**
 * Ends a thread's wait for the writer of a named pipe: opens and closes the pipe, so that the read returns end-of-file.
 * Only Linux tells which system call blocks a thread.
 */
export function endBlockedRead(thread: number): void {
  try {
    const file = fileOf(thread);
    if (file === undefined || !fs.statSync(file).isFIFO()) return;
    fs.closeSync(fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK));
  } catch {
    // No such information on this system, or the wait is over.
  }
}
