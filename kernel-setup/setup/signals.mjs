import os from 'node:os';

const requests = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A shell's exit code for a program that a signal ended. */
export const exitCodeOf = (signal) => 128 + os.constants.signals[signal];

/**
 * Calls `stop` at the first signal that asks this process to end. Later signals are ignored, because they must not
 * interrupt an orderly `stop`.
 * @param {(signal: NodeJS.Signals) => void} stop
 * @returns {() => void} removes the handler
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
