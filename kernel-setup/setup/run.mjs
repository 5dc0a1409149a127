import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exitCodeOf, onStopRequest } from './signals.mjs';

/** @typedef {import('node:child_process').SpawnOptionsWithoutStdio} Options */

/**
 * Runs a program to its end and collects its output. Never throws: if a program cannot be started, its code is null and
 * the reason is in `output`.
 * @param {string} command
 * @param {string[]} args
 * @param {Options} [options] `timeout` in milliseconds
 * @returns {Promise<{ ok: boolean, code: number | null, signal: string | null, stdout: string, output: string }>}
 * `output` has both streams in order of arrival
 */
export function run(command, args, { timeout, ...options } = {}) {
  // Node's own `timeout` would keep this process alive if the program cannot be started.
  const signal = timeout ? AbortSignal.timeout(timeout) : undefined;
  return new Promise((resolve) => {
    let stdout = '';
    let output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, signal, ...options });
    const stopForwarding = forwardSignals(child);
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => {
      stopForwarding();
      resolve({ ok: false, code: null, signal: null, stdout, output: `${output}${error.message}\n` });
    });
    child.on('close', (code, signal) => {
      stopForwarding();
      resolve({ ok: code === 0, code, signal, stdout, output });
    });
  });
}

const endWithParent = fileURLToPath(new URL('./end-with-parent.cjs', import.meta.url));

/**
 * Runs npm or another Node program to its end, like `run`. Ends it and the Node programs that it starts when this process
 * is gone, even if killed: two programs must not write into the same folder.
 * @param {string} command
 * @param {string[]} args
 * @param {Options} [options]
 */
export function runNode(command, args, { env = process.env, ...options } = {}) {
  const NODE_OPTIONS = [env.NODE_OPTIONS, `--require ${JSON.stringify(endWithParent)}`].filter(Boolean).join(' ');
  return run(command, args, { env: { ...env, NODE_OPTIONS, GRADLAB_SET_UP_PID: String(process.pid) }, ...options });
}

/** Like `run`, but the output goes to this terminal. */
export function runVisibly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
    const stopForwarding = forwardSignals(child);
    const settle = (result) => {
      stopForwarding();
      resolve(result);
    };
    child.on('error', (error) => {
      console.error(error.message);
      settle({ ok: false, code: null, signal: null });
    });
    child.on('close', (code, signal) => settle({ ok: code === 0, code, signal }));
  });
}

/** While `child` runs, a stop request stops it and then this process, with the shell's exit code for the signal. */
function forwardSignals(child) {
  return onStopRequest((signal) => {
    console.error('\nStopping …');
    child.once('close', () => process.exit(exitCodeOf(signal)));
    child.kill(signal);
  });
}
