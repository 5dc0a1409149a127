import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { SetUpError } from './errors.mjs';
import { jupyterEnv } from './jupyter-env.mjs';
import { paths as projectPaths } from './paths.mjs';
import { moduleArgs } from './python.mjs';
import { exitCodeOf, onStopRequest } from './signals.mjs';

const gracePeriod = 10_000;
const afterFailure = '`npm start -- --port 9000` or another number if the port is in use, else `npm run doctor`';

/**
 * Runs JupyterLab until it ends or this process is asked to stop; then the server and its kernels are stopped.
 * @param {string[]} args passed on to JupyterLab
 * @returns {Promise<number>} the exit code; throws a SetUpError if JupyterLab ends with an error
 */
export function startLab(args, { paths = projectPaths, env = process.env, log = console.log } = {}) {
  if (paths.readOnly)
    log(`You cannot write in ${paths.root}: save notebooks elsewhere, with \`npm start -- --notebook-dir=FOLDER\`.`);
  else fs.mkdirSync(paths.notebooks, { recursive: true });
  log('Starting JupyterLab; Ctrl-C stops it.');
  const windows = process.platform === 'win32';
  const rootUser = process.getuid?.() === 0;
  const labArgs = [...(rootUser && !args.includes('--allow-root') ? ['--allow-root'] : []), ...args];
  const lab = spawn(paths.venvPython, moduleArgs('jupyterlab', ...labArgs), {
    cwd: paths.notebooks,
    env: jupyterEnv({ paths, env }),
    stdio: ['pipe', 'inherit', 'inherit'],
    // Its own process group: Ctrl-C reaches only us. Jupyter itself would ask "Shut down? y/n" and wait.
    detached: !windows,
  });

  // Whoever read our output may be gone (`npm start | head`): that must not end us before the server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

  let stopping;
  onStopRequest((signal) => {
    stopping = exitCodeOf(signal);
    log('\nStopping JupyterLab and its kernels …');
    lab.kill('SIGTERM');
    setTimeout(() => killGroup(lab, windows), gracePeriod).unref();
  });

  return new Promise((resolve, reject) => {
    const fail = (what) => reject(new SetUpError(what, { remedy: afterFailure }));
    lab.on('error', ({ message }) => fail(`JupyterLab did not start: ${message}`));
    lab.on('close', (code) => {
      if (stopping === undefined && code !== 0) fail('JupyterLab ended with an error: see its last lines above');
      else resolve(stopping ?? 0);
    });
  });
}

function killGroup(child, windows) {
  try {
    if (windows) child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
