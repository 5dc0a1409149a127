import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { jupyterEnv } from './jupyter-env.mjs';
import { paths as projectPaths } from './paths.mjs';

const gracePeriod = 10_000;

/**
 * Runs JupyterLab until it ends or this process is asked to stop; then the server and its kernels are stopped.
 * @param {string[]} args passed on to JupyterLab
 * @returns {Promise<number>} the exit code
 */
export function startLab(args, { paths = projectPaths, env = process.env, log = console.log } = {}) {
  fs.mkdirSync(paths.notebooks, { recursive: true });
  log('Starting JupyterLab; Ctrl-C stops it.');
  const windows = process.platform === 'win32';
  const rootUser = process.getuid?.() === 0;
  const labArgs = [
    '-m',
    'jupyterlab',
    ...(rootUser && !args.includes('--allow-root') ? ['--allow-root'] : []),
    ...args,
  ];
  const lab = spawn(paths.venvPython, labArgs, {
    cwd: paths.notebooks,
    env: jupyterEnv({ paths, env }),
    stdio: ['ignore', 'inherit', 'inherit'],
    // Its own process group: Ctrl-C reaches only us. Jupyter itself would ask "Shut down? y/n" and wait.
    detached: !windows,
  });

  // Whoever read our output may be gone (`npm start | head`): that must not end us before the server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

  let stopping;
  const stop = (exitCode) => {
    if (stopping !== undefined) return killGroup(lab, windows); // asked twice: at once
    stopping = exitCode;
    log('\nStopping JupyterLab and its kernels …');
    lab.kill('SIGTERM');
    setTimeout(() => killGroup(lab, windows), gracePeriod).unref();
  };
  process.on('SIGINT', () => stop(130));
  process.on('SIGTERM', () => stop(143));
  process.on('SIGHUP', () => stop(129));
  whenParentDies(() => stop(143));

  return new Promise((resolve) => {
    lab.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    lab.on('close', (code) => {
      if (stopping === undefined && code !== 0) log('JupyterLab ended with an error: see its last lines above.');
      resolve(stopping ?? code ?? 1);
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

/** npm killed outright, or a shell between npm and us that keeps a signal to itself, must not leave a server behind. */
export function whenParentDies(action) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    action();
  }, 500);
  timer.unref();
}
