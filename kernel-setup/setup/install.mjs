// Installs the kernel into another Jupyter than .venv's, and uninstalls it: kernelspec, figure renderer and settings.
import fs from 'node:fs';
import path from 'node:path';
import { diskRemedy, SetUpError } from './errors.mjs';
import { readIfThere, readJson, remove, removeUnfinished, toJson, writeIfChanged } from './files.mjs';
import { closedToOthers, foldersIn, whyUnwritable } from './folders.mjs';
import {
  filesFor,
  installRenderer,
  kernelFolder,
  rendererFolder,
  rendererIsCurrent,
  settingsFile,
  versionOf,
  whyOutdated,
} from './jupyter-files.mjs';
import { withLock } from './lock.mjs';
import { nodeOf, whyNodeFails } from './node-of-kernel.mjs';
import { activePrefix, usualDataFolders } from './places.mjs';
import {
  conversionOption,
  hasPackage,
  othersConfigs,
  packagesFolder,
  pythonEntries,
  pythonFiles,
} from './python-parts.mjs';

/** @typedef {import('./jupyter-files.mjs').Place} Place */

/** Our entries in a place, all of which uninstalling removes. The record, and a lock during changes, are in the first. */
const ours = (place, packages) => [
  path.join(place.data, 'gradlab'),
  kernelFolder(place.data),
  rendererFolder(place.data),
  settingsFile(place.config),
  ...(packages ? pythonEntries(place, packages) : []),
];

/** The files of an installation besides the renderer: texts by path, the kernelspec last. */
const wantedIn = (paths, place, packages, node) => ({
  ...(packages ? pythonFiles(paths, place, packages) : {}),
  ...filesFor(paths, place, node),
});

const recordFile = (data) => path.join(data, 'gradlab', 'installation.json');

/**
 * A record of an installation.
 * @typedef {object} Installation
 * @property {string} root the project or package that is used
 * @property {string} version
 * @property {string} config the place's
 * @property {string[]} options the command-line options for the place
 * @property {string} [packages] the folder for Python packages with the parts for papermill and nbconvert
 * @property {string[]} made folders that did not exist before
 */

/** @returns {Installation | undefined} */
const readRecord = (data) => readJson(recordFile(data));

/** Installs the kernel into a place, or updates it; after a failure nothing remains. */
export async function install(place, { paths, env, log }) {
  if (isWithin(paths.venv, place.data))
    throw new SetUpError(`${paths.venv} is the environment of this project itself`, {
      remedy: '`npm start` puts everything there',
    });
  refuseOthers(place);
  const packages = await packagesFolder(place, env);
  refuseUnwritable(place, ours(place, packages));
  const before = readRecord(place.data);
  const wanted = wantedIn(paths, place, packages);
  const record = {
    root: paths.root,
    version: versionOf(paths),
    config: place.config,
    options: place.options,
    packages,
    made: [...new Set([...(before?.made ?? []), ...missingFolders(place, packages)])],
  };
  if (before && toJson(before) === toJson(record) && !whyOutdated(wanted, '/') && rendererIsCurrent(paths, place)) {
    log(`✓ the kernel gradlab is installed in ${place.data}, up to date`);
    remember(paths, place);
    return;
  }
  try {
    await withLock(path.join(place.data, 'gradlab', 'lock'), async () => {
      writeIfChanged(recordFile(place.data), toJson(record)); // first, so that an interrupted installation can be removed
      await installRenderer(paths, place);
      if (before?.packages && (before.packages !== packages || before.version !== record.version))
        for (const entry of pythonEntries(place, before.packages)) remove(entry);
      // The kernelspec last: it must not be visible before the rest.
      for (const [file, text] of Object.entries(wanted)) writeIfChanged(file, text);
    });
  } catch (error) {
    if (before === undefined) takeAway(place, record);
    throw error;
  }
  remember(paths, place);
  if (before !== undefined && before.root !== paths.root) log(`  in the place of that of ${before.root}`);
  log(`${before === undefined ? '✓ installed' : '✓ brought up to date'}, for every Jupyter that looks there:`);
  log(`    kernel           ${kernelFolder(place.data)}`);
  log(`    figure renderer  ${rendererFolder(place.data)}`);
  log(`    settings         ${settingsFile(place.config)}`);
  if (packages) log(`    Python           ${packages}, for papermill and nbconvert`);
  else await sayWhatPythonLacks(place, { paths, env, log });
  const closed = [paths.launcher, process.execPath].map((file) => closedToOthers(fs.realpathSync(file))).find(Boolean);
  if (closed && closedToOthers(kernelFolder(place.data)) === undefined)
    log(`  ${closed} is closed to others: the kernel starts only for its owner, not for other users of this Jupyter`);
  for (const file of packages ? othersConfigs(place) : [])
    log(`  ${file} is not ours; for figures from nbconvert it needs the line\n    ${conversionOption}`);
}

/** Without our part, papermill would warn of an unknown language and ignore its parameters. */
async function sayWhatPythonLacks(place, { paths, env, log }) {
  const prefix = place.prefix ?? (await activePrefix(env).catch(() => undefined));
  if (prefix !== undefined && (await hasPackage(prefix, env))) return;
  log(
    '  parameters of papermill and figures of nbconvert need a package in the Python environment that has these programs:',
  );
  log(`    pip install ${JSON.stringify(paths.pythonPackage)}`);
}

/** Removes all our entries from a place, and nothing else. */
export async function uninstall(place, { paths, env, log }) {
  const record = readRecord(place.data);
  refuseOthers(place);
  const packages = record ? record.packages : await packagesFolder(place, env);
  const found = ours(place, packages).filter((entry) => fs.existsSync(entry));
  if (found.length === 0) {
    log(`✓ gradlab is not installed in ${place.data}`);
    forget(paths, place);
    sayWhatStays({ paths, env, log });
    return;
  }
  refuseUnwritable(place, found);
  takeAway(place, { ...record, packages });
  forget(paths, place);
  log('✓ taken away:');
  for (const entry of found) log(`    ${entry}`);
  sayWhatStays({ paths, env, log });
}

/** Lists everything that uninstalling does not remove. */
function sayWhatStays({ paths, env, log }) {
  const own = [
    ['what cells were run', paths.kernelHistory],
    ['what makes kernels start faster', paths.kernelCache],
  ].filter(([, folder]) => fs.existsSync(folder));
  const elsewhere = installations({ paths, env }).filter((one) => one.own);
  if (own.length + elsewhere.length === 0) return;
  log('  what stays:');
  for (const [what, folder] of own) log(`    ${folder}, ${what}: delete it if you like`);
  for (const { data, options } of elsewhere)
    log(`    the kernel in ${data}: \`${paths.commands.uninstall} ${options.join(' ')}\``);
}

/** The record last, so that an interrupted removal can be repeated. */
function takeAway(place, record) {
  removeUnfinished(rendererFolder(place.data));
  for (const entry of ours(place, record.packages).reverse()) remove(entry);
  const made = foldersAbove(place, record.packages).filter((folder) => record.made?.includes(folder));
  for (const folder of made) removeIfEmpty(folder);
}

/** The folders above our entries, the innermost first. */
function foldersAbove(place, packages) {
  const above = new Set();
  for (const entry of ours(place, packages))
    for (let folder = path.dirname(entry); folder !== path.dirname(folder); folder = path.dirname(folder))
      above.add(folder);
  return [...above].sort((a, b) => b.length - a.length);
}

const missingFolders = (place, packages) => foldersAbove(place, packages).filter((folder) => !fs.existsSync(folder));

function removeIfEmpty(folder) {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(error.code)) throw error;
  }
}

/** Does not overwrite another project's kernel of the same name. */
function refuseOthers({ data }) {
  if (readRecord(data) !== undefined) return;
  const spec = readIfThere(path.join(kernelFolder(data), 'kernel.json'));
  if (spec === undefined || isOurs(spec)) return;
  throw new SetUpError(`another kernel has the name gradlab: ${kernelFolder(data)}`, {
    remedy: 'delete or rename that folder, then run the command again',
  });
}

/** A copy of our kernelspec, as by `jupyter kernelspec install`. */
const isOurs = (spec) => /launch-kernel\.mjs"/.test(spec);

/** Checked before anything is changed. */
function refuseUnwritable({ data }, entries) {
  const folders = entries
    .filter((entry) => fs.existsSync(entry) && fs.statSync(entry).isDirectory())
    .flatMap(foldersIn);
  for (const folder of new Set([...entries.map(nearestThere), ...folders])) {
    const error = whyUnwritable(folder);
    if (error === undefined) continue;
    throw new SetUpError(`${folder} is not writable, so nothing was changed in ${data}`, {
      remedy:
        diskRemedy(error.code) && /EACCES|EPERM|EROFS/.test(error.code ?? '')
          ? `run the command as the owner of that folder (\`sudo\`), or choose another place: --user, --prefix PATH`
          : (diskRemedy(error.code) ?? 'see to the disk named above, then run the command again'),
      details: error.message,
    });
  }
}

/** The nearest existing folder above an entry, or a file in its place. */
function nearestThere(entry) {
  let folder = path.dirname(entry);
  while (!fs.existsSync(folder)) folder = path.dirname(folder);
  return folder;
}

const isWithin = (folder, file) =>
  !path.relative(folder, file).startsWith('..') && !path.isAbsolute(path.relative(folder, file));

/**
 * Data folders in which this project has installed the kernel, for doctor. If the list cannot be written, they are only
 * not found.
 */
const known = (paths) => readJson(paths.installations) ?? [];

function remember(paths, { data }) {
  noteKnown(paths, [...new Set([...known(paths), data])]);
}

function forget(paths, { data }) {
  noteKnown(
    paths,
    known(paths).filter((folder) => folder !== data),
  );
}

function noteKnown(paths, folders) {
  try {
    if (folders.length > 0) writeIfChanged(paths.installations, toJson(folders));
    else remove(paths.installations);
  } catch {}
}

/**
 * The installations that this project recorded, or that are in Jupyter's usual folders.
 * @returns {{ data: string, version: string, root: string, options: string[], own: boolean, node?: string, problem?:
 * string, remedy?: string }[]} `own`: of this project; `node`: a description of the kernel's Node, if it differs from
 * this one
 */
export function installations({ paths, env }) {
  const folders = new Set([...known(paths), ...usualDataFolders(env)].map((folder) => path.resolve(folder)));
  return [...folders].flatMap((data) => {
    const record = readRecord(data);
    if (record === undefined) return [];
    const own = record.root === paths.root;
    const { version, root, options } = record;
    return [{ data, version, root, options, own, ...problemOf(record, data, paths) }];
  });
}

function problemOf(record, data, paths) {
  const place = { data, config: record.config };
  const remedy = `\`${paths.commands.install} ${record.options.join(' ')}\``;
  const spec = readJson(path.join(kernelFolder(data), 'kernel.json'));
  if (spec === undefined) return { problem: 'its kernel.json is not there', remedy };
  const launcher = spec.argv.find((arg) => arg.endsWith('.mjs')) ?? '';
  if (!fs.existsSync(launcher))
    return { problem: `the folder ${record.root}, which it uses, is gone or has moved`, remedy };
  const failure = whyNodeFails(spec);
  if (failure !== undefined) return { problem: failure, remedy };
  const otherNode = nodeOf(spec);
  const node = otherNode === undefined ? {} : { node: otherNode };
  if (record.root !== paths.root) return node;
  const outdated = whyOutdated(wantedIn(paths, place, record.packages, spec.argv[0]), data);
  if (outdated !== undefined) return { problem: outdated, remedy };
  return rendererIsCurrent(paths, place) ? node : { problem: 'its figure renderer is out of date', remedy };
}
