import fs from 'node:fs';
import path from 'node:path';
import { diskRemedy, SetUpError } from './errors.mjs';
import { filesBelow, fingerprint, readJson, remove, toJson, writeIfChanged } from './files.mjs';
import { findPython, pythonEnv, runModule, versionOf } from './python.mjs';
import { run } from './run.mjs';

const again = 'then run the command again: it continues where it stopped';

/**
 * .venv with the packages of requirements.txt and of kernel-setup/python. Its stamp records the project's folder
 * (programs in .venv contain it), the Python, and the completely installed requirements.
 */
export const pythonEnvironment = {
  title: 'Python environment',

  async whyNeeded({ paths, env }) {
    const unusable = await whyUnusable(paths, env);
    if (unusable) return unusable;
    const stamp = readJson(paths.venvStamp);
    if (stamp.requirements === requirementsOf(paths)) return undefined;
    return stamp.requirements
      ? 'requirements.txt or kernel-setup/python changed'
      : 'the last installation did not finish';
  },

  async run({ paths, env, log }) {
    const cleanEnv = pythonEnv(env);
    if (await moveHere(paths, cleanEnv)) {
      log('  .venv came with the folder: its programs have the new path');
      if ((await this.whyNeeded({ paths, env })) === undefined) return;
    }
    if ((await whyUnusable(paths, env)) || !(await hasPip(paths, cleanEnv))) {
      const python = await findPython({ env });
      log(`  creating .venv with Python ${python.version}`);
      remove(paths.venv);
      await createEnvironment(python.command, paths, cleanEnv, log);
      const version = await versionOf([paths.venvPython], cleanEnv);
      writeIfChanged(paths.venvStamp, toJson({ root: paths.root, python: version }));
    }
    log('  installing JupyterLab (about 90 packages, 50 MB)');
    // The list is complete, so dependencies need not be resolved.
    await installRequirements(paths, cleanEnv, paths.requirements, ['--no-deps']);
    await installOwnPackage(paths, cleanEnv);
    const stamp = readJson(paths.venvStamp);
    writeIfChanged(paths.venvStamp, toJson({ ...stamp, requirements: requirementsOf(paths) }));
  },
};

/** A fingerprint of the requirements. */
export const requirementsOf = (paths) => {
  const own = filesBelow(paths.pythonPackage).filter((file) => !file.includes('__pycache__'));
  return fingerprint(paths.root, [paths.requirements, ...own]);
};

/**
 * Updates the paths in an environment's programs after the project's folder was moved or copied.
 * @returns whether that was possible; otherwise the environment must be created again
 */
async function moveHere(paths, env) {
  const stamp = readJson(paths.venvStamp);
  if (stamp?.root === undefined || stamp.root === paths.root) return false;
  const [before, now] = [stamp.root, paths.root].map((root) => path.join(root, path.relative(paths.root, paths.venv)));
  const programs = path.dirname(paths.venvPython);
  // Windows launchers contain the path in binary code. The first line of a script is limited to 127 bytes without spaces.
  const takesIt = process.platform !== 'win32' && !/\s/.test(before + now) && Buffer.byteLength(now) < 100;
  if (!takesIt || (await versionOf([paths.venvPython], env)) !== stamp.python) return false;
  for (const file of [
    path.join(paths.venv, 'pyvenv.cfg'),
    ...fs.readdirSync(programs).map((name) => path.join(programs, name)),
  ]) {
    const status = fs.lstatSync(file);
    if (!status.isFile()) continue;
    const bytes = fs.readFileSync(file);
    const text = bytes.toString();
    if (!text.includes(before) || !Buffer.from(text).equals(bytes)) continue;
    writeIfChanged(file, text.replaceAll(before, now));
    fs.chmodSync(file, status.mode);
  }
  writeIfChanged(paths.venvStamp, toJson({ ...stamp, root: paths.root }));
  return true;
}

async function whyUnusable(paths, env) {
  if (!fs.existsSync(paths.venv)) return '.venv is not there';
  const stamp = readJson(paths.venvStamp);
  if (!stamp) return '.venv was not made by this set-up or is not complete';
  if (stamp.root !== paths.root) return `the project folder moved from ${stamp.root}`;
  const version = await versionOf([paths.venvPython], pythonEnv(env));
  if (version === undefined) return ".venv's Python does not start";
  if (version !== stamp.python) return `Python ${stamp.python} became ${version}`;
  return undefined;
}

async function hasPip(paths, env) {
  return (await run(paths.venvPython, ['-c', 'import pip'], { env })).ok;
}

/**
 * Uses Python's venv. If parts of it are missing (Debian packages them separately), uses virtualenv through pip, if
 * installed.
 */
async function createEnvironment(python, paths, env, log) {
  const [command, ...args] = python;
  const byVenv = await runModule(python, ['venv', paths.venv], { env });
  if (byVenv.ok && (await hasPip(paths, env))) return;
  remove(paths.venv);
  const pip = await run(command, [...args, '-m', 'pip', '--version'], { env });
  if (pip.ok) log('  this Python has no complete `venv` module: trying virtualenv');
  const { output } = pip.ok ? await createByVirtualenv(python, paths, env) : pip;
  if (pip.ok && (await hasPip(paths, env))) return;
  remove(paths.venv);
  const lacks = pip.ok
    ? 'can make no environment: neither by venv nor by virtualenv'
    : 'has neither the module venv nor pip';
  throw new SetUpError(`${python.join(' ')} ${lacks}`, {
    remedy:
      diskRemedy(byVenv.output) ??
      `\`sudo apt install python3-venv\` (Debian, Ubuntu), or name another Python by the variable PYTHON, ${again}`,
    details: `${byVenv.output}\n${output}`,
  });
}

async function createByVirtualenv(python, paths, env) {
  const install = ['pip', 'install', '--upgrade', '--target', paths.virtualenv, 'virtualenv>=20.26'];
  const installed = await runModule(python, install, { env });
  if (!installed.ok) return installed;
  const appData = path.join(paths.virtualenv, 'app-data');
  // Its periodic update would keep writing there in the background.
  const make = ['virtualenv', '--app-data', appData, '--no-periodic-update', paths.venv];
  return runModule(python, make, { env: { ...env, PYTHONPATH: paths.virtualenv } });
}

/** Installs our parts for papermill and nbconvert; nothing is downloaded. */
async function installOwnPackage(paths, env) {
  const install = ['pip', 'install', '--quiet', '--no-deps', '--no-index', '--force-reinstall', paths.pythonPackage];
  const { ok, output } = await runModule([paths.venvPython], install, { env });
  if (ok) return;
  const remedy = diskRemedy(output) ?? `delete the folder .venv, ${again}`;
  throw new SetUpError('pip could not install kernel-setup/python', { remedy, details: output });
}

/** Installs the packages of a list into .venv, or as pip's `options` say. */
export async function installRequirements(paths, env, requirements = paths.requirements, options = []) {
  const install = ['pip', 'install', '--quiet', ...options, '-r', requirements];
  const { ok, output } = await runModule([paths.venvPython], install, { env });
  if (ok) return;
  const remedy =
    diskRemedy(output) ??
    `check the network (behind a proxy: the variable HTTPS_PROXY; another package index: PIP_INDEX_URL), ${again}`;
  throw new SetUpError('pip could not install the Python packages', { remedy, details: output });
}
