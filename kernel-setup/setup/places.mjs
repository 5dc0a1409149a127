// Selects a Jupyter: the folders in which it looks for kernels, renderers and settings.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SetUpError } from './errors.mjs';
import { placeIn } from './paths.mjs';
import { run } from './run.mjs';

/** @typedef {import('./jupyter-files.mjs').Place} Place */

const windows = process.platform === 'win32';
const homeOf = (env) => (windows ? env.USERPROFILE : env.HOME) || os.homedir();

/** Places and their command-line options. */
export const places = {
  user: { option: '--user', meaning: "the user's own Jupyter folders, in which every Jupyter of this user looks" },
  sysPrefix: { option: '--sys-prefix', meaning: 'the Python environment that is active, or that of `jupyter`' },
  prefix: { option: '--prefix', meaning: 'share/jupyter and etc/jupyter below a folder' },
};

/**
 * The place that options name: `--user` (the default), `--sys-prefix`, or `--prefix PATH`.
 * @returns {Promise<Place & { options: string[], prefix?: string }>} with options that name it from any folder
 */
export async function placeFor(args, env) {
  const [kind = '--user', ...rest] = args.flatMap((arg) =>
    /^--prefix=/.test(arg) ? ['--prefix', arg.slice(9)] : [arg],
  );
  if (kind === '--prefix' && rest.length === 1 && rest[0] !== '') return placeOfPrefix(path.resolve(rest[0]));
  if (kind === '--user' && rest.length === 0) return { ...userPlace(env), options: ['--user'] };
  if (kind === '--sys-prefix' && rest.length === 0) return placeOfPrefix(await activePrefix(env));
  throw new SetUpError(`it is not clear which Jupyter ${args.join(' ')} means`, {
    remedy: `one of\n${Object.values(places)
      .map(({ option, meaning }) => `    ${option === '--prefix' ? '--prefix PATH' : option}: ${meaning}`)
      .join('\n')}`,
  });
}

const placeOfPrefix = (prefix) => ({ ...placeIn(prefix), prefix, options: ['--prefix', prefix] });

/** The user's folders, with Jupyter's variables and defaults. @returns {Place} */
export function userPlace(env) {
  const home = homeOf(env);
  const set = (value) => value !== undefined && !['no', 'n', 'false', 'off', '0', '0.0'].includes(value.toLowerCase());
  const mac = process.platform === 'darwin';
  const byPlatform = set(env.JUPYTER_PLATFORM_DIRS);
  const local = env.LOCALAPPDATA || path.join(home, 'AppData', 'Local');
  const config = byPlatform
    ? mac
      ? path.join(home, 'Library', 'Application Support', 'Jupyter')
      : windows
        ? path.join(local, 'Jupyter')
        : path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'jupyter')
    : path.join(home, '.jupyter');
  const data = mac
    ? path.join(home, 'Library', ...(byPlatform ? ['Application Support'] : []), 'Jupyter')
    : windows
      ? byPlatform
        ? path.join(local, 'Jupyter')
        : path.join(env.APPDATA || path.join(home, 'AppData', 'Roaming'), 'jupyter')
      : path.join(env.XDG_DATA_HOME || path.join(home, '.local', 'share'), 'jupyter');
  return { data: env.JUPYTER_DATA_DIR || data, config: env.JUPYTER_CONFIG_DIR || config };
}

/** The active Python environment, else the one of the program `jupyter` on PATH. */
export async function activePrefix(env) {
  const active = env.VIRTUAL_ENV || env.CONDA_PREFIX;
  if (active) return active;
  const jupyter = onSearchPath('jupyter', env);
  if (jupyter === undefined)
    throw new SetUpError('no Python environment is active, and there is no `jupyter` on the search path', {
      remedy: 'activate the environment first, or name its folder: `--prefix PATH`',
    });
  const python = pythonOf(jupyter);
  const { ok, stdout, output } = await run(python, ['-c', 'import sys; print(sys.prefix)'], { env });
  if (ok && stdout.trim() !== '') return stdout.trim();
  throw new SetUpError(`${jupyter} belongs to ${python}, which does not start`, {
    remedy: "name the folder of Jupyter's environment: `--prefix PATH`",
    details: output,
  });
}

function onSearchPath(name, env) {
  const names = windows ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of (env.PATH ?? env.Path ?? '').split(path.delimiter))
    for (const file of names.map((each) => path.join(folder, each)))
      if (folder !== '' && fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return fs.realpathSync(file);
  return undefined;
}

/** The Python in a script's first line, else the one beside it. */
function pythonOf(script) {
  const head = fs.readFileSync(script).subarray(0, 1000).toString('latin1');
  const [, named] = /^#!\s*(\S*python[\d.]*)\s*\n/.exec(head) ?? [];
  return named ?? path.join(path.dirname(script), windows ? 'python.exe' : 'python');
}

/** Data folders in which this user's Jupyters may look, from variables and usual paths. */
export function usualDataFolders(env) {
  const prefixes = [env.VIRTUAL_ENV, env.CONDA_PREFIX, ...(windows ? [] : ['/usr/local', '/usr'])].filter(Boolean);
  const named = (env.JUPYTER_PATH ?? '').split(path.delimiter).filter(Boolean);
  return [...named, userPlace(env).data, ...prefixes.map((prefix) => placeIn(prefix).data)];
}
