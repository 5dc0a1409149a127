// What papermill and nbconvert need of ours (kernel-setup/python), in the Python environment that another Jupyter is in: placed
// there as files, since an environment need not have pip, and what is placed can be compared and taken away.
import fs from 'node:fs';
import path from 'node:path';
import { readIfThere } from './files.mjs';
import { pythonEnv } from './python.mjs';
import { run } from './run.mjs';

const name = 'gradlab_jupyter';
const installer = 'gradlab\n';

/** Prints where packages of this environment are; nothing if they are not ours to place, or neither program is there. */
const question = `
import importlib.util, os, sys, sysconfig
managed = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
own = os.path.realpath(sys.prefix) == os.path.realpath(sys.argv[1])
system = sys.prefix == sys.base_prefix and os.path.exists(managed)
if own and not system and any(importlib.util.find_spec(name) for name in ("papermill", "nbconvert")):
    print(sysconfig.get_path("purelib"))
`;

/** The program of a Python environment. */
function pythonIn(prefix) {
  const names = process.platform === 'win32' ? ['Scripts/python.exe', 'python.exe'] : ['bin/python3', 'bin/python'];
  return names.map((each) => path.join(prefix, each)).find((file) => fs.existsSync(file));
}

/** Whether papermill or nbconvert of a Python environment would find what they need of ours, however it came there. */
export async function hasPackage(prefix, env) {
  const python = pythonIn(prefix);
  if (python === undefined) return false;
  return (await run(python, ['-c', `import ${name}`], { env: pythonEnv(env), timeout: 60_000 })).ok;
}

/** The folder for packages of the Python environment that a place belongs to, if papermill or nbconvert is in it. */
export async function packagesFolder({ prefix }, env) {
  if (prefix === undefined) return undefined; // a user's folders, for which any Python may look
  const python = pythonIn(prefix);
  if (python === undefined) return undefined;
  const { ok, stdout } = await run(python, ['-c', question, prefix], { env: pythonEnv(env), timeout: 60_000 });
  const folder = ok ? stdout.trim() : '';
  if (folder === '' || isByOther(folder)) return undefined;
  return folder;
}

/** Whether pip has put the package there: then it is pip's to renew. */
function isByOther(packages) {
  return infoFolders(packages).some((folder) => readIfThere(path.join(folder, 'INSTALLER')) !== installer);
}

const infoFolders = (packages) =>
  (fs.existsSync(packages) ? fs.readdirSync(packages) : [])
    .filter((entry) => entry.startsWith(`${name}-`) && entry.endsWith('.dist-info'))
    .map((entry) => path.join(packages, entry));

/** Texts by path. */
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
  // By this list pip can take it away as well.
  files[`${info}/RECORD`] = [...Object.keys(files), `${info}/RECORD`].map((file) => `${file},,\n`).join('');
  const placed = Object.entries(files).map(([file, text]) => [path.join(packages, ...file.split('/')), text]);
  const configs = configFiles(config).filter(isFree);
  return { ...Object.fromEntries(placed), ...Object.fromEntries(configs.map((file) => [file, conversion])) };
}

/** What of it is in a place, ours alone. */
export const pythonEntries = ({ config }, packages) => [
  ...configFiles(config).filter((file) => readIfThere(file)?.startsWith(mark)),
  path.join(packages, name),
  ...infoFolders(packages),
];

/** Of nbconvert as a program, and in JupyterLab's menu. Another Jupyter may look there too, so that it asks before it adds. */
const configFiles = (config) =>
  ['jupyter_nbconvert_config.py', 'jupyter_server_config.py'].map((file) => path.join(config, file));
const mark = '# Written by the set-up of gradlab';
const conversion = `${mark}: figures alive in HTML, pictures elsewhere.
import importlib.util

if importlib.util.find_spec("${name}"):
    c.Exporter.preprocessors.append("${name}.figures.Figures")  # noqa: F821
`;

/** Whether a file of this name is not there, or ours. */
const isFree = (file) => readIfThere(file)?.startsWith(mark) ?? true;

/** The files of configuration that somebody else has written, and that ours would have the place of. */
export const othersConfigs = ({ config }) => configFiles(config).filter((file) => !isFree(file));

/** What these must have for figures, as a person writes it. */
export const conversionOption = `c.Exporter.preprocessors.append("${name}.figures.Figures")`;
