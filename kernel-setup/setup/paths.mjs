import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the Jupyter of a Python environment looks, beside the user's own folders. */
export const placeIn = (prefix) => ({
  data: path.join(prefix, 'share', 'jupyter'),
  config: path.join(prefix, 'etc', 'jupyter'),
});

/** Every place the set-up reads or writes, for the project in folder `root`. */
export function projectPaths(root, platform = process.platform) {
  const inRoot = (...parts) => path.join(root, ...parts);
  const windows = platform === 'win32';
  const venv = inRoot('.venv');
  const state = inRoot('.gradlab');
  const readOnly = !mayWrite(root) || !mayWrite(state);
  return {
    root,
    /** Whether it belongs to somebody else, or to nobody: then builds and packages are as they are. */
    readOnly,
    notebooks: inRoot('notebooks'),
    /** The copies that a learner works with, and what they were made from. */
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
    /** What runs in the browser, which page.mjs bundles. */
    pageSources: inRoot('page'),
    plotly: inRoot('node_modules', 'plotly.js-dist-min', 'plotly.min.js'),
    upng: inRoot('node_modules', 'upng-js', 'UPNG.js'),
    pako: inRoot('node_modules', 'pako', 'dist', 'pako.min.js'),

    venv,
    venvPython: windows ? path.join(venv, 'Scripts', 'python.exe') : path.join(venv, 'bin', 'python'),
    venvStamp: path.join(venv, 'gradlab.json'),
    /** Where .venv's Jupyter looks for kernels, renderers and settings. */
    jupyterPlace: placeIn(venv),
    kernels: path.join(venv, 'share', 'jupyter', 'kernels'),
    labExtensions: path.join(venv, 'share', 'jupyter', 'labextensions'),

    state,
    locks: path.join(state, 'locks'),
    /** What was built of the library and of the kernel, a folder for each state of the sources, and links to the last. */
    builds: path.join(state, 'builds'),
    libraryBuild: path.join(state, 'library'),
    kernelBuild: path.join(state, 'kernel'),
    virtualenv: path.join(state, 'virtualenv'),
    ...ownPaths(readOnly ? stateOfUser(root) : state),

    /** What a person types. */
    commands: {
      install: 'npm run setup -- --install',
      uninstall: 'npm run setup -- --uninstall',
      repair: 'delete the folders node_modules and .gradlab/builds, then `npm start`, which makes them anew',
    },
  };
}

/** What each user has apart, in the folder `own`. */
export const ownPaths = (own) => ({
  own,
  /** The other Jupyters in which the kernel is installed. */
  installations: path.join(own, 'installations.json'),
  kernelCache: path.join(own, 'cache', 'kernel'),
  kernelHistory: path.join(own, 'history'),
  jupyter: path.join(own, 'jupyter'),
});

/** The folder that a user has for what is installed in `root`, where that cannot be written. */
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
    return code === 'ENOENT'; // it will be made
  }
}

/** The paths of the project this file belongs to. */
export const paths = projectPaths(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..'));
