import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { jupyterEnv } from './jupyter-env.mjs';

const script = fileURLToPath(new URL('./jupyter_driver.py', import.meta.url));

/**
 * Starts jupyter_driver.py, which documents its requests.
 * @param {{ paths: ReturnType<typeof import('./paths.mjs').projectPaths>, env: NodeJS.ProcessEnv, jupyter?: { python:
 * string, env: NodeJS.ProcessEnv } }} context `jupyter`: another Jupyter than .venv's
 * @param {{ detached?: boolean }} [options] `detached`: in its own process group
 */
export function startDriver(context, { detached = false } = {}) {
  const { python, env } = context.jupyter ?? { python: context.paths.venvPython, env: jupyterEnv(context) };
  const child = spawn(python, [script], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached,
    windowsHide: true,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => {}); // it has ended; 'close' reports that
  return {
    child,
    /** The output, line by line. */
    lines: createInterface({ input: child.stdout }),
    ask: (request) => child.stdin.write(`${JSON.stringify(request)}\n`),
    /** What Jupyter and the kernel wrote on stderr so far. */
    stderr: () => stderr,
  };
}
