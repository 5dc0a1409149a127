import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { SetUpError } from './errors.mjs';
import { jupyterEnv } from './jupyter-env.mjs';
import { hiddenFromAuthors, START_PAGE } from './jupyter-files.mjs';
import { bringNotebooks } from './own-notebooks.mjs';
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
  const { root, others } = rootFor(args, paths);
  if (paths.readOnly)
    log(`You cannot write in ${paths.root}: save notebooks elsewhere, with \`npm start -- --notebook-dir=FOLDER\`.`);
  else fs.mkdirSync(paths.notebooks, { recursive: true });
  if (root === paths.ownNotebooks) bringOwn(paths, log);
  log('Starting JupyterLab; Ctrl-C stops it.');
  const windows = process.platform === 'win32';
  const rootUser = process.getuid?.() === 0;
  const labArgs = [
    ...(rootUser && !args.includes('--allow-root') ? ['--allow-root'] : []),
    ...(root === undefined ? [] : [`--ServerApp.root_dir=${root}`]),
    ...(root === undefined || root === paths.ownNotebooks ? [] : optionsForAuthors(root)),
    ...others,
  ];
  const lab = spawn(paths.venvPython, moduleArgs('jupyterlab', ...labArgs), {
    cwd: root ?? paths.notebooks,
    env: jupyterEnv({ paths, env }),
    stdio: ['pipe', 'inherit', 'inherit'],
    // Its own process group, so that Ctrl-C reaches only this process. Jupyter would ask "Shut down? y/n" and wait.
    detached: !windows,
  });

  // The reader of our output may be gone (`npm start | head`); that must not end this process before the server.
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

/**
 * The folder whose notebooks are served, which the arguments may name, and the other arguments; `root` is undefined if
 * they name none and nothing can be written.
 * @throws SetUpError if there is no such folder
 */
function rootFor(args, paths) {
  const at = args.findIndex((arg) => /^--(notebook-dir|ServerApp\.(root_dir|notebook_dir))(=|$)/.test(arg));
  if (at < 0) return { root: paths.readOnly ? undefined : paths.ownNotebooks, others: args };
  const isOne = args[at].includes('=');
  const named = isOne ? args[at].slice(args[at].indexOf('=') + 1) : (args[at + 1] ?? '');
  // JupyterLab would look below the folder in which it starts.
  const root = path.resolve(named);
  if (!fs.statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new SetUpError(`there is no folder ${root}`, { remedy: `make it: mkdir -p ${named}` });
  return { root, others: args.toSpliced(at, isOne ? 1 : 2) };
}

/** A named folder is an author's: the file browser shows the files beside notebooks, and a missing start page is not opened. */
function optionsForAuthors(root) {
  const list = `--ContentsManager.hide_globs=[${hiddenFromAuthors.map((glob) => `'${glob}'`).join(', ')}]`;
  return fs.existsSync(path.join(root, START_PAGE)) ? [list] : [list, '--LabApp.default_url=/lab'];
}

function bringOwn(paths, log) {
  const { newer } = bringNotebooks(paths);
  fs.mkdirSync(paths.ownNotebooks, { recursive: true });
  const below = path.relative(paths.root, paths.ownNotebooks);
  log(`Your notebooks are in ${below}/, which git ignores; notebooks/ stays as it is.`);
  if (newer.length > 0)
    log(
      `You have changed notebooks that are newer now; *Start afresh* in JupyterLab gets the new ones: ${newer.join(', ')}`,
    );
}

function killGroup(child, windows) {
  try {
    if (windows) child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has already exited.
  }
}
