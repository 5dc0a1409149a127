import fs from 'node:fs';
import path from 'node:path';
import { jupyterFolders } from './jupyter-env.mjs';

/**
 * Tries to write in every folder in which the set-up, JupyterLab or kernels write. File modes are not enough: a file
 * system may be read-only, and root ignores modes.
 * @returns {{ folder: string, error: NodeJS.ErrnoException }[]} the folders in which it failed, and why
 */
export function unwritableFolders(paths) {
  const { root, notebooks, dist, nodeModules, venv, kernels, labExtensions, jupyterPlace } = paths;
  const { state, own, locks, builds, kernelCache, kernelHistory, jupyter } = paths;
  const named = paths.readOnly
    ? [] // only others need to
    : [root, notebooks, dist, nodeModules, venv, kernels, labExtensions, jupyterPlace.config, locks, builds];
  const failed = [];
  // Listed even if missing: a file may have the folder's name.
  const below = foldersIn(paths.readOnly ? own : state);
  const ofUser = [...below, nearest(own), kernelCache, kernelHistory, jupyter, ...jupyterFolders(paths)];
  for (const folder of new Set([...named, ...ofUser])) {
    const error = whyUnwritable(folder);
    if (error && error.code !== 'ENOENT') failed.push({ folder, error }); // a missing one will be created
  }
  return failed;
}

/** A folder, or the nearest existing one above it. */
function nearest(folder) {
  return fs.existsSync(folder) ? folder : nearest(path.dirname(folder));
}

/** @param {string} folder @returns {NodeJS.ErrnoException | undefined} */
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

/** The first of a file and the folders above it that other users cannot access, if any. */
export function closedToOthers(file) {
  if (process.platform === 'win32') return undefined;
  const above = path.dirname(file);
  const closed = above === file ? undefined : closedToOthers(above);
  const stat = closed ?? fs.statSync(file, { throwIfNoEntry: false });
  if (closed !== undefined || stat === undefined) return closed;
  return (stat.mode & (stat.isDirectory() ? 0o001 : 0o004)) === 0 ? file : undefined;
}

/** A folder and all those below it: after `sudo npm start`, only root can write to some. */
export function foldersIn(folder) {
  /** @type {fs.Dirent[]} */
  let entries = [];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    // The attempt to write there reports the reason.
  }
  const below = entries.filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap(({ name }) => foldersIn(path.join(folder, name)))];
}
