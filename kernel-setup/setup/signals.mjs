import os from 'node:os';

const requests = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A shell's exit code for a program that a signal ended. */
export const exitCodeOf = (signal) => 128 + os.constants.signals[signal];

/**
 * Calls `stop` with the first signal that asks this process to end. Those that follow change nothing: whoever is in a
 * hurry, or stops a whole process group, must not cut short what `stop` does in order.
 *
 * @param {(signal: NodeJS.Signals) => void} stop
 * @returns {() => void} ends that
 */
export function onStopRequest(stop) {
  let asked = false;
  const handle = (signal) => {
    if (!asked) stop(signal);
    asked = true;
  };
  for (const signal of requests) process.on(signal, handle);
  return () => {
    for (const signal of requests) process.off(signal, handle);
  };
}

/** Ends this process if its shell, between npm and us, exits without forwarding a signal. */
export function endWithParent() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}
