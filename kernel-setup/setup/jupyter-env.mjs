import fs from 'node:fs';
import path from 'node:path';
import { pythonEnv } from './python.mjs';

/** The environment in which Jupyter's programs keep everything inside the project. */
export function jupyterEnv({ paths, env }) {
  // These could bring in other kernels and settings under the same names.
  const { JUPYTER_PATH, JUPYTER_CONFIG_PATH, JUPYTER_CONFIG_DIR, ...rest } = pythonEnv(env);
  const own = (name) => path.join(paths.jupyter, name);
  for (const name of ['config', 'data', 'runtime', 'settings', 'workspaces', 'ipython']) {
    fs.mkdirSync(own(name), { recursive: true });
  }
  return {
    ...rest,
    JUPYTER_CONFIG_DIR: own('config'),
    JUPYTER_DATA_DIR: own('data'),
    JUPYTER_RUNTIME_DIR: own('runtime'),
    JUPYTERLAB_SETTINGS_DIR: own('settings'),
    JUPYTERLAB_WORKSPACES_DIR: own('workspaces'),
    IPYTHONDIR: own('ipython'),
    // What a person configures in these folders wins over the defaults in .venv.
    JUPYTER_PREFER_ENV_PATH: '0',
  };
}
