// A private JupyterLab for tests: the project's own .venv, its own port, and one scratch folder for everything it
// writes.
import { spawn } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jupyterEnv, paths } from '../../kernel-setup/setup/index.mjs';

const SETTINGS = {
  // 'none': every cell is in the page, so that heights are correct and screenshots complete
  '@jupyterlab/notebook-extension/tracker': { windowingMode: 'none', scrollPastEnd: false },
  '@jupyterlab/docmanager-extension/plugin': { autosave: false },
  // JupyterLab drops completions after this time; its default of a second is too short for a busy machine.
  '@jupyterlab/completer-extension/manager': { providerTimeout: 120_000 },
  '@jupyterlab/apputils-extension/notification': {
    checkForUpdates: false,
    doNotDisturbMode: true,
    fetchNews: 'false',
  },
};

/** Creates a scratch folder inside the project, so that cells find `node_modules`; git ignores it. */
export function makeScratch() {
  const parent = join(paths.root, '.gradlab', 'tmp');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'lab-'));
}

/**
 * Copies notebooks into `folder`/root, so that a test never touches the committed ones.
 * @param {string[]} notebooks
 * @param {{ folder: string, kernel?: string }} options `kernel`: kernelspec to run them with, instead of the one they
 * name
 * @returns their paths below that root
 */
export function copyNotebooks(notebooks, { folder, kernel }) {
  mkdirSync(join(folder, 'root'), { recursive: true }); // JupyterLab starts there, even if no notebook is copied
  return notebooks.map((notebook) => {
    const below = relative(paths.notebooks, notebook);
    const target = below.startsWith('..') ? basename(notebook) : below;
    const copy = join(folder, 'root', target);
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(notebook, copy);
    // Its predictions and exercises have its name; recorded results have different names.
    const isBeside = (file) => file.startsWith(`${basename(notebook, '.ipynb')}.`) || file.endsWith('.recorded.json');
    for (const file of readdirSync(dirname(notebook)))
      if (isBeside(file) && !file.endsWith('.ipynb')) cpSync(join(dirname(notebook), file), join(dirname(copy), file));
    if (kernel) {
      const content = JSON.parse(readFileSync(copy, 'utf8'));
      content.metadata.kernelspec = { name: kernel, display_name: kernel, language: 'typescript' };
      writeJson(copy, content);
    }
    return target.replaceAll('\\', '/');
  });
}

/** A TCP port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts JupyterLab and waits until it responds.
 * @param {{ folder: string, root: string, args?: string[], python?: string, env?: NodeJS.ProcessEnv }} options
 * `folder`: for configuration, data, runtime files and log; `root`: the folder whose notebooks it serves; `args`:
 * further arguments; `python`: that of another environment, and `env`: the variables for it
 * @returns `{ url, logFile, stopKernels, stop }`; `stop` ends the server and every kernel it started
 */
export async function startLab({ folder, root, args = [], python = paths.venvPython, env: given = {} }) {
  const env = { ...jupyterEnv({ paths: { ...paths, jupyter: folder }, env: process.env }), ...given };
  for (const [plugin, values] of Object.entries(SETTINGS)) {
    writeJson(join(env.JUPYTERLAB_SETTINGS_DIR, `${plugin}.jupyterlab-settings`), values);
  }
  const lab = await startServer('JupyterLab', {
    folder,
    command: (port) => [
      python,
      ...['-m', 'jupyterlab', '--no-browser', '--allow-root', `--ServerApp.root_dir=${root}`],
      // Not the copies of the project's own `npm start`.
      `--Notebooks.record=${join(folder, 'record.json')}`,
      ...['--ServerApp.ip=127.0.0.1', `--ServerApp.port=${port}`, '--ServerApp.port_retries=0', ...openToAll, ...args],
    ],
    cwd: root,
    env,
    home: given.HOME,
    status: '/api/status',
    shutDown: '/api/shutdown', // shuts its kernels down first
  });
  const stopKernels = async () => {
    const sessions = await (await fetch(`${lab.url}/api/sessions`)).json();
    await Promise.all(sessions.map(({ id }) => fetch(`${lab.url}/api/sessions/${id}`, { method: 'DELETE' })));
  };
  return { ...lab, stopKernels };
}

/**
 * Settings of a Jupyter server: accessible from this machine, and by whatever reads the page, for the seconds of a
 * test.
 */
export const openToAll = [
  '--IdentityProvider.token=',
  '--PasswordIdentityProvider.hashed_password=',
  '--ServerApp.disable_check_xsrf=True',
  '--LabApp.expose_app_in_browser=True',
];

/**
 * Starts a server and waits until it responds.
 * @param {string} title its name, for errors
 * @param {{ folder: string, command: (port: number) => string[], cwd: string, env: NodeJS.ProcessEnv, home?: string,
 * status: string, shutDown?: string, timeout?: number }} options `folder`: for its log, and the home folder unless
 * `home` names one; `command`: the program and its arguments; `status`: a path at which it responds once it is ready;
 * `shutDown`: a path for a POST request that ends it; without one it receives SIGTERM
 * @returns `{ url, pid, logFile, stop }`; `stop` ends the server and all processes of its group
 */
export async function startServer(title, { folder, command, cwd, env, home, status, shutDown, timeout = 180_000 }) {
  const inside = (name) => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, `${title.replaceAll(' ', '-').toLowerCase()}.log`);
  const log = openSync(logFile, 'w');
  const [program, ...args] = command(port);
  const server = spawn(program, args, {
    cwd,
    detached: true, // its own process group, to be killed as a whole
    stdio: ['ignore', log, log],
    env: { ...env, HOME: home ?? inside('home'), TMPDIR: inside('tmp') },
  });
  closeSync(log);
  let ended;
  server.on('exit', (code, signal) => {
    ended = `${title} ended with ${signal ?? `code ${code}`}`;
  });
  server.on('error', (error) => {
    ended = `${title} did not start: ${error.message}`;
  });

  const stop = async () => {
    if (shutDown) await tryFetch(`${url}${shutDown}`, { method: 'POST' });
    else server.kill();
    for (let i = 0; i < 100 && !ended; i++) await sleep(100);
    try {
      process.kill(-server.pid, 'SIGKILL');
    } catch {
      // the group is gone, as expected
    }
  };

  const giveUpAt = Date.now() + timeout;
  while (!(await tryFetch(`${url}${status}`))?.ok) {
    if (ended || Date.now() > giveUpAt) {
      await stop();
      const why = ended ?? `${title} did not answer within ${timeout / 1000} s`;
      throw new Error(`${why}; its log:\n${readFileSync(logFile, 'utf8')}`);
    }
    await sleep(100);
  }
  return { url, pid: server.pid, logFile, stop };
}

async function tryFetch(url, options) {
  try {
    return await fetch(url, options);
  } catch {
    return undefined; // not listening (yet, or any more)
  }
}

function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Ends what a browser test has started, as far as it got, and removes its folder.
 * @param {{ browser?: { close(): Promise<void> }, lab?: { stop(): Promise<void> }, folder?: string }} begun
 */
export async function closeLab({ browser, lab, folder }) {
  await browser?.close();
  await lab?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
