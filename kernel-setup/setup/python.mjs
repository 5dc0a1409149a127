import { fileURLToPath } from 'node:url';
import { SetUpError } from './errors.mjs';
import { run } from './run.mjs';

const oldestPython = '3.10';

/**
 * Finds a supported Python: the one in the variable PYTHON, else the first of the usual names.
 * @returns {Promise<{ command: string[], version: string }>} its command and version ("3.11.7")
 */
export async function findPython({ env }, candidates = usualNames()) {
  if (env.PYTHON) {
    const version = await versionOf([env.PYTHON], env);
    if (version && newEnough(version)) return { command: [env.PYTHON], version };
    throw new SetUpError(
      version ? `PYTHON=${env.PYTHON} is Python ${version}, too old` : `PYTHON=${env.PYTHON} is not a working Python`,
      { remedy: `set PYTHON to a Python ${oldestPython} or newer, or unset it` },
    );
  }
  const tooOld = [];
  for (const command of candidates) {
    const version = await versionOf(command, env);
    if (version && newEnough(version)) return { command, version };
    if (version) tooOld.push(version);
  }
  const found = tooOld.length > 0 ? `only Python ${[...new Set(tooOld)].join(', ')} was found` : 'no Python was found';
  throw new SetUpError(`gradlab needs Python ${oldestPython} or newer for JupyterLab; ${found}`, {
    remedy: howToInstall(),
  });
}

/** Python's version as "3.11.7", or undefined if it does not start. @param {string[]} command @param {NodeJS.ProcessEnv} env */
export async function versionOf([command = '', ...args], env) {
  const script = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
  const { ok, stdout } = await run(command, [...args, '-c', script], { env, timeout: 20_000 });
  return ok && /^\d+\.\d+\.\d+$/.test(stdout.trim()) ? stdout.trim() : undefined;
}

/**
 * Arguments that run a module, and end it and its children when this process is gone, even if killed: two programs must
 * not install into the same folder. They need `stdio` with a pipe as stdin.
 */
export const moduleArgs = (name, ...args) => [endWithParent, name, ...args];

const endWithParent = fileURLToPath(new URL('./end_with_parent.py', import.meta.url));

/** Runs a module to its end, like `run`; see `moduleArgs`. */
export const runModule = ([command, ...args], module, options) =>
  run(command, [...args, ...moduleArgs(...module)], { stdio: ['pipe', 'pipe', 'pipe'], ...options });

function newEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestPython.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function usualNames() {
  const names = process.platform === 'win32' ? [['py', '-3'], ['python'], ['python3']] : [['python3'], ['python']];
  for (let minor = 14; minor >= 10; minor -= 1) names.push([`python3.${minor}`]);
  return names;
}

function howToInstall() {
  const again = 'then run the command again (the variable PYTHON may name a certain one)';
  if (process.platform === 'darwin') return `\`brew install python\` or https://www.python.org/downloads, ${again}`;
  if (process.platform === 'win32') return `https://www.python.org/downloads, ${again}`;
  return `\`sudo apt install python3 python3-venv\` or your system's equivalent, ${again}`;
}

/** The environment for our Python programs, without variables that would add packages from elsewhere. */
export function pythonEnv(env) {
  const { PYTHONHOME, PYTHONPATH, VIRTUAL_ENV, PIP_TARGET, PIP_PREFIX, ...rest } = env;
  return { ...rest, PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1', PYTHONNOUSERSITE: '1' };
}
