import path from 'node:path';
import { startDriver } from '../../kernel-setup/setup/jupyter-driver.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const gracePeriod = 15_000;

/**
 * Executes a notebook from its first cell to its last, or to the first that fails.
 * @param {object} notebook its content; it is not changed
 * @param {{ file: string, kernel?: string, timeout: number, env?: NodeJS.ProcessEnv, onCell?: (index: number) =>
 *   void, onProgress?: (line: string) => void, signal?: AbortSignal }} options `file`: its path, whose folder is the
 *   kernel's working folder; `timeout`: seconds per cell; `env`: additions to the kernel's environment; `onCell`:
 *   called before each cell; `onProgress`: called whenever a progress bar or a training display is updated; `signal`:
 *   stops the kernel and ends the execution
 * @returns {Promise<{ notebook?: object, error: object | null }>} the notebook with its outputs so far, and what
 *   stopped it: `{ kind, index, name, message, traceback }`, `kind` being cell, timeout, died, kernel, stopped or
 *   crashed
 */
export function executeNotebook(notebook, { file, kernel, timeout, env, onCell, onProgress, signal }) {
  return new Promise((resolve) => {
    const driver = startDriver(
      // Fused multiply-add, which not every machine has, changes last digits, so committed outputs do not use it.
      { paths, env: { GRADLAB_FMA: '0', ...process.env, ...env } },
      // Ctrl-C must reach only the runner, which then stops the kernels in order.
      { detached: process.platform !== 'win32' },
    );
    const { child } = driver;
    const log = () => driver.stderr().slice(-4000).trim();
    let result;
    driver.lines.on('line', (line) => {
      const { event, ...message } = parseEvent(line);
      if (event === 'cell') onCell?.(message.index);
      else if (event === 'progress') onProgress?.(message.text);
      else if (event === 'end') result = message;
    });

    let killTimer;
    const stop = () => {
      child.stdin.end();
      killTimer = setTimeout(() => child.kill('SIGKILL'), gracePeriod);
    };
    signal?.addEventListener('abort', stop, { once: true });

    const problem = (message) => ({ kind: 'crashed', index: null, name: '', message, traceback: log() });
    const settle = (error) => {
      clearTimeout(killTimer);
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) resolve({ error: { ...problem('stopped'), kind: 'stopped', traceback: '' } });
      else if (error) resolve({ error });
      else if (result.error?.kind === 'died' || result.error?.kind === 'kernel') {
        resolve({ ...result, error: { ...result.error, traceback: log() } });
      } else resolve(result);
    };
    child.on('error', (error) => settle(problem(`Python did not start: ${error.message}`)));
    child.on('close', (code, killedBy) => {
      settle(
        result ? null : problem(`the process that executes the notebook ended with ${killedBy ?? `code ${code}`}`),
      );
    });
    driver.ask({ kind: 'notebook', notebook, kernel, folder: path.dirname(file), timeout });
    if (signal?.aborted) stop();
  });
}

/** Parses an event; undefined for an incomplete line of a killed process. */
function parseEvent(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
