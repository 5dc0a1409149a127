import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders in which the Jupyter of a Python environment looks, besides the user's. */
export const placeIn = (prefix) => ({
  data: path.join(prefix, 'share', 'jupyter'),
  config: path.join(prefix, 'etc', 'jupyter'),
});

/** Every path that the set-up reads or writes, for the project in folder `root`. */
export function projectPaths(root, platform = process.platform) {
  const inRoot = (...parts) => path.join(root, ...parts);
  const windows = platform === 'win32';
  const venv = inRoot('.venv');
  const state = inRoot('.gradlab');
  const readOnly = !mayWrite(root) || !mayWrite(state);
  return {
    root,
    /** Whether the project is read-only for this user; then builds and packages are used as they are. */
    readOnly,
    notebooks: inRoot('notebooks'),
    /** The learner's copies, and the record of their originals. */
    ownNotebooks: inRoot('my-notebooks'),
    ownNotebooksRecord: path.join(state, 'my-notebooks.json'),
    sources: inRoot('src'),
    tsconfig: inRoot('tsconfig.json'),
    bundler: inRoot('kernel-setup', 'setup', 'bundle.mjs'),
    declarationsBundler: inRoot('kernel-setup', 'setup', 'bundle-declarations.mjs'),
    generator: inRoot('kernel-setup', 'setup', 'generate'),
    dist: inRoot('dist'),
    nodeModules: inRoot('node_modules'),
    requirements: inRoot('kernel-setup', 'requirements.txt'),
    pythonPackage: inRoot('kernel-setup', 'python'),
    launcher: inRoot('kernel-setup', 'launch-kernel.mjs'),
    kernelSources: inRoot('kernel-setup', 'kernel'),
    cellTypes: inRoot('kernel-setup', 'kernel', 'types', 'jupyter.d.ts'),
    labExtension: inRoot('kernel-setup', 'labextension-plotly'),
    /** Browser code, which page.mjs bundles. */
    pageSources: inRoot('page'),
    plotly: inRoot('node_modules', 'plotly.js-dist-min', 'plotly.min.js'),
    upng: inRoot('node_modules', 'upng-js', 'UPNG.js'),
    pako: inRoot('node_modules', 'pako', 'dist', 'pako.min.js'),

    venv,
    venvPython: windows ? path.join(venv, 'Scripts', 'python.exe') : path.join(venv, 'bin', 'python'),
    venvStamp: path.join(venv, 'gradlab.json'),
    /** The folders in which .venv's Jupyter looks for kernels, renderers and settings. */
    jupyterPlace: placeIn(venv),
    kernels: path.join(venv, 'share', 'jupyter', 'kernels'),
    labExtensions: path.join(venv, 'share', 'jupyter', 'labextensions'),

    state,
    locks: path.join(state, 'locks'),
    /** Builds of library and kernel, a folder for each state of the sources, and links to the latest. */
    builds: path.join(state, 'builds'),
    libraryBuild: path.join(state, 'library'),
    kernelBuild: path.join(state, 'kernel'),
    virtualenv: path.join(state, 'virtualenv'),
    ...ownPaths(readOnly ? stateOfUser(root) : state),

    /** Commands for users, in messages. */
    commands: {
      install: 'npm run setup -- --install',
      uninstall: 'npm run setup -- --uninstall',
      repair: 'delete the folders node_modules and .gradlab/builds, then `npm start`, which recreates them',
    },
  };
}

/** Paths of each user, in the folder `own`. */
export const ownPaths = (own) => ({
  own,
  /** The record of other Jupyters in which the kernel is installed. */
  installations: path.join(own, 'installations.json'),
  kernelCache: path.join(own, 'cache', 'kernel'),
  kernelHistory: path.join(own, 'history'),
  jupyter: path.join(own, 'jupyter'),
});

/** The user's folder for an installation in `root` that is read-only. */
export function stateOfUser(root, env = process.env) {
  const home = env.HOME || os.homedir();
  const base = env.XDG_STATE_HOME || env.LOCALAPPDATA || path.join(home, '.local', 'state');
  const name = `${path.basename(root)}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
  return path.join(base, 'gradlab', name);
}

function mayWrite(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch ({ code }) {
    return code === 'ENOENT'; // it will be created
  }
}

/** The paths of this project. */
export const paths = projectPaths(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..'));
