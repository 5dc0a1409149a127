import fs from 'node:fs';
import path from 'node:path';
import { pythonEnv } from './python.mjs';

/** Folders into which Jupyter's programs write. */
export const jupyterFolders = ({ jupyter }) =>
  ['config', 'data', 'runtime', 'settings', 'workspaces', 'ipython'].map((name) => path.join(jupyter, name));

/** An environment in which Jupyter's programs keep all files inside the project. */
export function jupyterEnv({ paths, env }) {
  // These could add other kernels and settings of the same names.
  const { JUPYTER_PATH, JUPYTER_CONFIG_PATH, JUPYTER_CONFIG_DIR, ...rest } = pythonEnv(env);
  const own = (name) => path.join(paths.jupyter, name);
  for (const folder of jupyterFolders(paths)) fs.mkdirSync(folder, { recursive: true });
  // It contains the token that allows running code on the server.
  fs.chmodSync(paths.jupyter, 0o700);
  fs.chmodSync(own('runtime'), 0o700);
  return {
    ...rest,
    JUPYTER_CONFIG_DIR: own('config'),
    JUPYTER_DATA_DIR: own('data'),
    JUPYTER_RUNTIME_DIR: own('runtime'),
    JUPYTERLAB_SETTINGS_DIR: own('settings'),
    JUPYTERLAB_WORKSPACES_DIR: own('workspaces'),
    IPYTHONDIR: own('ipython'),
    // User settings in these folders take precedence over the defaults in .venv.
    JUPYTER_PREFER_ENV_PATH: '0',
  };
}
