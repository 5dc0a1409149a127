// Our parts for papermill and nbconvert (kernel-setup/python) in the Python environment of another Jupyter. They are copied
// as files: an environment need not have pip, and files can be compared and removed.
import fs from 'node:fs';
import path from 'node:path';
import { readIfThere } from './files.mjs';
import { pythonEnv } from './python.mjs';
import { run } from './run.mjs';

const name = 'gradlab_jupyter';
const installer = 'gradlab\n';

/** Prints the environment's package folder; nothing if it is not writable, or neither program is installed. */
const question = `
import importlib.util, os, sys, sysconfig
managed = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
own = os.path.realpath(sys.prefix) == os.path.realpath(sys.argv[1])
system = sys.prefix == sys.base_prefix and os.path.exists(managed)
if own and not system and any(importlib.util.find_spec(name) for name in ("papermill", "nbconvert")):
    print(sysconfig.get_path("purelib"))
`;

/** The Python executable of an environment. */
function pythonIn(prefix) {
  const names = process.platform === 'win32' ? ['Scripts/python.exe', 'python.exe'] : ['bin/python3', 'bin/python'];
  return names.map((each) => path.join(prefix, each)).find((file) => fs.existsSync(file));
}

/** Whether papermill or nbconvert of a Python environment would find our parts, in whatever way they were installed. */
export async function hasPackage(prefix, env) {
  const python = pythonIn(prefix);
  if (python === undefined) return false;
  return (await run(python, ['-c', `import ${name}`], { env: pythonEnv(env), timeout: 60_000 })).ok;
}

/** The package folder of a place's Python environment, if it has papermill or nbconvert. */
export async function packagesFolder({ prefix }, env) {
  if (prefix === undefined) return undefined; // a user's folders, in which any Python may look
  const python = pythonIn(prefix);
  if (python === undefined) return undefined;
  const { ok, stdout } = await run(python, ['-c', question, prefix], { env: pythonEnv(env), timeout: 60_000 });
  const folder = ok ? stdout.trim() : '';
  if (folder === '' || isByOther(folder)) return undefined;
  return folder;
}

/** Whether pip has installed the package; then pip must update it. */
function isByOther(packages) {
  return infoFolders(packages).some((folder) => readIfThere(path.join(folder, 'INSTALLER')) !== installer);
}

const infoFolders = (packages) =>
  (fs.existsSync(packages) ? fs.readdirSync(packages) : [])
    .filter((entry) => entry.startsWith(`${name}-`) && entry.endsWith('.dist-info'))
    .map((entry) => path.join(packages, entry));

/** Files of the parts: texts by path. */
export function pythonFiles({ pythonPackage }, { config }, packages) {
  const read = (...parts) => fs.readFileSync(path.join(pythonPackage, ...parts), 'utf8');
  const metadata = read('METADATA');
  const [, version] = /^Version: (.+)$/m.exec(metadata);
  const info = `${name}-${version}.dist-info`;
  const modules = fs.readdirSync(path.join(pythonPackage, name)).filter((file) => file.endsWith('.py'));
  const files = {
    ...Object.fromEntries(modules.map((file) => [`${name}/${file}`, read(name, file)])),
    [`${info}/METADATA`]: metadata,
    [`${info}/entry_points.txt`]: read('entry_points.txt'),
    [`${info}/INSTALLER`]: installer,
  };
  // With this list, pip can uninstall it too.
  files[`${info}/RECORD`] = [...Object.keys(files), `${info}/RECORD`].map((file) => `${file},,\n`).join('');
  const placed = Object.entries(files).map(([file, text]) => [path.join(packages, ...file.split('/')), text]);
  const configs = configFiles(config).filter(isFree);
  return { ...Object.fromEntries(placed), ...Object.fromEntries(configs.map((file) => [file, conversion])) };
}

/** Our entries in a place. */
export const pythonEntries = ({ config }, packages) => [
  ...configFiles(config).filter((file) => readIfThere(file)?.startsWith(mark)),
  path.join(packages, name),
  ...infoFolders(packages),
];

/**
 * Configuration of nbconvert as a program and in JupyterLab's menu. Other Jupyters may read it too, so it checks before
 * it adds.
 */
const configFiles = (config) =>
  ['jupyter_nbconvert_config.py', 'jupyter_server_config.py'].map((file) => path.join(config, file));
const mark = '# Written by the set-up of gradlab';
const conversion = `${mark}: figures alive in HTML, pictures elsewhere.
import importlib.util

if importlib.util.find_spec("${name}"):
    c.Exporter.preprocessors.append("${name}.figures.Figures")  # noqa: F821
`;

/** Whether a file does not exist or is ours. */
const isFree = (file) => readIfThere(file)?.startsWith(mark) ?? true;

/** Configuration files of others at our paths. */
export const othersConfigs = ({ config }) => configFiles(config).filter((file) => !isFree(file));

/** The line that these need for figures. */
export const conversionOption = `c.Exporter.preprocessors.append("${name}.figures.Figures")`;
