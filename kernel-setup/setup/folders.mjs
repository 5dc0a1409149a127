import fs from 'node:fs';
import path from 'node:path';
import { jupyterFolders } from './jupyter-env.mjs';

/**
 * Tries to write in every folder in which the set-up, JupyterLab or kernels write. Modes would not tell: a file system
 * may be read-only, and root may write anywhere else.
 * @returns {{ folder: string, error: NodeJS.ErrnoException }[]} those in which it failed, and why
 */
export function unwritableFolders(paths) {
  const { root, notebooks, dist, nodeModules, venv, kernels, labExtensions, jupyterPlace } = paths;
  const { state, own, locks, builds, kernelCache, kernelHistory, jupyter } = paths;
  const named = paths.readOnly
    ? [] // only others need to
    : [root, notebooks, dist, nodeModules, venv, kernels, labExtensions, jupyterPlace.config, locks, builds];
  const failed = [];
  // By name, too: a file may stand in the place of one.
  const below = foldersIn(paths.readOnly ? own : state);
  const ofUser = [...below, nearest(own), kernelCache, kernelHistory, jupyter, ...jupyterFolders(paths)];
  for (const folder of new Set([...named, ...ofUser])) {
    const error = whyUnwritable(folder);
    if (error && error.code !== 'ENOENT') failed.push({ folder, error }); // one that is not there will be made
  }
  return failed;
}

/** A folder, or the one above in which it can be made. */
function nearest(folder) {
  return fs.existsSync(folder) ? folder : nearest(path.dirname(folder));
}

export function whyUnwritable(folder) {
  const file = path.join(folder, `.${process.pid}.tmp`);
  try {
    fs.writeFileSync(file, '');
    fs.rmSync(file);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The first of a file and the folders above it that is closed to all but its owner and group, if there is one. */
export function closedToOthers(file) {
  if (process.platform === 'win32') return undefined;
  const above = path.dirname(file);
  const closed = above === file ? undefined : closedToOthers(above);
  const stat = closed ?? fs.statSync(file, { throwIfNoEntry: false });
  if (closed !== undefined || stat === undefined) return closed;
  return (stat.mode & (stat.isDirectory() ? 0o001 : 0o004)) === 0 ? file : undefined;
}

/** A folder and all those below it: one `sudo npm start` leaves some that only root can write. */
export function foldersIn(folder) {
  let entries = [];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    // The attempt to write there says why.
  }
  const below = entries.filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap(({ name }) => foldersIn(path.join(folder, name)))];
}
