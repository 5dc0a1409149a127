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
  return {
    root,
    notebooks: inRoot('notebooks'),
    sources: inRoot('src'),
    tsconfig: inRoot('tsconfig.json'),
    bundler: inRoot('kernel-setup', 'setup', 'bundle.mjs'),
    dist: inRoot('dist'),
    nodeModules: inRoot('node_modules'),
    requirements: inRoot('kernel-setup', 'requirements.txt'),
    pythonPackage: inRoot('kernel-setup', 'python'),
    launcher: inRoot('kernel-setup', 'launch-kernel.mjs'),
    kernelSources: inRoot('kernel-setup', 'kernel'),
    cellTypes: inRoot('kernel-setup', 'kernel', 'types', 'jupyter.d.ts'),
    labExtension: inRoot('kernel-setup', 'labextension-plotly'),

    venv,
    venvPython: windows ? path.join(venv, 'Scripts', 'python.exe') : path.join(venv, 'bin', 'python'),
    venvStamp: path.join(venv, 'gradlab.json'),
    /** Where .venv's Jupyter looks for kernels, renderers and settings. */
    jupyterPlace: placeIn(venv),
    kernels: path.join(venv, 'share', 'jupyter', 'kernels'),
    labExtensions: path.join(venv, 'share', 'jupyter', 'labextensions'),

    state,
    /** The other Jupyters in which the kernel is installed. */
    installations: path.join(state, 'installations.json'),
    locks: path.join(state, 'locks'),
    kernelBuild: path.join(state, 'kernel'),
    kernelCache: path.join(state, 'cache', 'kernel'),
    kernelHistory: path.join(state, 'history'),
    virtualenv: path.join(state, 'virtualenv'),
    jupyter: path.join(state, 'jupyter'),

    /** What a person types. */
    commands: { install: 'npm run setup -- --install', uninstall: 'npm run setup -- --uninstall' },
  };
}

/** The paths of the project this file belongs to. */
export const paths = projectPaths(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..'));
