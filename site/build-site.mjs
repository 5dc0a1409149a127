// Builds the laboratory as a static site: JupyterLite with the kernel in workers of the page, figure renderer, widgets and all
// notebooks.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundleKernel } from '../kernel-setup/kernel-in-page/bundle-kernel.mjs';
import { SetUpError } from '../kernel-setup/setup/errors.mjs';
import { filesBelow, fingerprint, readIfThere, readJson, remove, toJson } from '../kernel-setup/setup/files.mjs';
import { settingsOfTheProject } from '../kernel-setup/setup/jupyter-files.mjs';
import { bundleOfPage } from '../kernel-setup/setup/page.mjs';
import { pythonEnv, runModule } from '../kernel-setup/setup/python.mjs';
import { installRequirements } from '../kernel-setup/setup/venv.mjs';
import { marked } from '../page/lite/versions.mjs';
import { dataSets, noticesOfData, noticesOfList, writeNotices } from '../tools/licences/notices.mjs';
import { demandUniqueIds, readExercises } from '../tools/notebooks/course-files.mjs';
import { readMap, readyNotebooks, START_PAGE } from '../tools/notebooks/map.mjs';
import { readNotebook } from '../tools/notebooks/notebook-file.mjs';
import { dressLaboratory } from './laboratory/index.mjs';
import { keepOffline } from './offline/index.mjs';
import { VERSION } from './pages/addresses.mjs';
import { demandStills } from './stills.mjs';

const here = import.meta.dirname;
const requirements = path.join(here, 'requirements.txt');

const builderOf = (paths) => path.join(paths.state, 'site', 'python');

/** The program that assembles JupyterLite's parts, in a separate folder: only this command needs it. */
export const siteBuilder = {
  title: 'JupyterLite',

  whyNeeded({ paths }) {
    const stamp = readIfThere(path.join(builderOf(paths), '.stamp'));
    return stamp === fingerprint(here, [requirements]) ? undefined : 'it is not there or of another version';
  },

  async run({ paths, env, log }) {
    const folder = builderOf(paths);
    log('  installing it (5 packages, 20 MB)');
    remove(folder);
    await installRequirements(paths, pythonEnv(env), requirements, ['--target', folder]);
    fs.writeFileSync(path.join(folder, '.stamp'), fingerprint(here, [requirements]));
  },
};

/**
 * Writes the labextension gradlab-kernel, which provides JupyterLite's kernel and the reader's saved data.
 * @returns {Promise<string[]>} the modules and files of the kernel
 */
async function writeExtension(paths, to) {
  const statics = path.join(to, 'static');
  fs.cpSync(path.join(here, 'labextension'), to, { recursive: true });
  const modules = Object.fromEntries(['folder', 'opening', 'reader'].map((name) => [name, `lite/${name}.ts`]));
  const names = { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' };
  await bundleOfPage(paths, modules, { dir: statics, format: 'es', ...names });
  await bundleOfPage(paths, { remoteEntry: 'lite/remoteEntry.ts' }, { dir: statics, format: 'iife' });
  const description = path.join(to, 'package.json');
  const { version } = readJson(path.join(paths.root, 'package.json'));
  fs.writeFileSync(description, toJson({ ...readJson(description), version }));
  return bundleKernel(paths, statics);
}

/** Joins lists of lines, as a Jupyter server does; JupyterLite serves files unchanged. */
const joined = (text) => (Array.isArray(text) ? text.join('') : text);

function asServed(notebook) {
  for (const cell of notebook.cells) {
    cell.source = joined(cell.source);
    for (const output of cell.outputs ?? []) {
      if (output.text !== undefined) output.text = joined(output.text);
      for (const [mime, data] of Object.entries(output.data ?? {}))
        if (!mime.endsWith('json')) output.data[mime] = joined(data);
    }
  }
  return notebook;
}

/**
 * The public part of a file with graded exercises: their names, and the arguments that show whether a function is
 * written.
 */
function withoutChecks(file) {
  const names = Object.entries(readExercises(file)).map(([id, { probe }]) => [id, { graded: true, probe }]);
  return `module.exports = ${JSON.stringify(Object.fromEntries(names))};\n`;
}

/** The ready notebooks, and the files beside them: for a course everything that is not hidden. */
export function writeContents(paths, to) {
  const ready = new Set(readyNotebooks(paths.notebooks));
  const { isCourse } = readMap(paths.notebooks);
  const isWanted = (name) =>
    isCourse
      ? !/(^|\/)(\.|node_modules\/)/.test(name)
      : /\.((predictions|recorded)\.json|exercises\.js)$|^claims\.json$/.test(name);
  for (const file of filesBelow(paths.notebooks)) {
    const name = path.relative(paths.notebooks, file).replaceAll(path.sep, '/');
    const isNotebook = name.endsWith('.ipynb');
    const wanted = isNotebook ? name === START_PAGE || ready.has(name) : isWanted(name);
    if (!wanted || name.includes('.ipynb_checkpoints')) continue;
    fs.mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    if (isNotebook) fs.writeFileSync(path.join(to, name), JSON.stringify(marked(asServed(readNotebook(file)), name)));
    else if (name.endsWith('.graded.exercises.js')) fs.writeFileSync(path.join(to, name), withoutChecks(file));
    else fs.copyFileSync(file, path.join(to, name));
  }
}

/**
 * Moves an extension's files into a folder named by their content, so that no cache or server combines files of two
 * builds.
 */
function nameByContents(extension, version) {
  const statics = path.join(extension, 'static');
  fs.renameSync(statics, path.join(extension, version));
  fs.mkdirSync(statics);
  fs.renameSync(path.join(extension, version), path.join(statics, version));
  const description = path.join(extension, 'package.json');
  const { jupyterlab, ...rest } = readJson(description);
  const _build = { ...jupyterlab._build, load: `static/${version}/remoteEntry.js` };
  fs.writeFileSync(description, toJson({ ...rest, jupyterlab: { ...jupyterlab, _build } }));
}

const overrides = {
  ...settingsOfTheProject,
  // The reader's changes are saved in the browser's storage soon.
  '@jupyterlab/docmanager-extension:plugin': { autosaveInterval: 10 },
  // Otherwise a kernel without an open notebook would use memory unnoticed.
  '@jupyterlab/notebook-extension:tracker': {
    ...settingsOfTheProject['@jupyterlab/notebook-extension:tracker'],
    kernelShutdown: true,
  },
};

/** JupyterLite's files that no visit loads: build information, fonts for old browsers, its service worker. */
const unused = [/^rspack\.config[.\w]*\.js$/, /^(build\/)?service-worker\.js$/, /^build\/fa-.*\.(eot|svg|ttf|woff)$/];

function removeUnused(site) {
  for (const file of filesBelow(site))
    if (unused.some((one) => one.test(path.relative(site, file).replaceAll(path.sep, '/')))) fs.rmSync(file);
}

/** Names notebooks whose pages would show no result. */
function sayWhatNeverRan(paths, option, log) {
  for (const name of readyNotebooks(paths.notebooks)) {
    const { cells } = readNotebook(path.join(paths.notebooks, name));
    const code = cells.filter(({ cell_type: type, source }) => type === 'code' && source.trim() !== '');
    if (code.length > 0 && code.every(({ outputs }) => outputs.length === 0))
      log(`⚠ ${name} has no outputs, so its page shows none: \`npm run notebooks -- ${option}--update\` makes them`);
  }
}

/**
 * Builds the site.
 * @param {object} project the project's paths
 * @param {string} to the folder, which is replaced
 * @param {{ log: (line: string) => void, env: NodeJS.ProcessEnv, notebooks?: string, title?: string, fashionMnist?:
 *   string, sliders?: boolean, url?: string }} options `notebooks`: the folder of another course; `title`: of its start
 *   page; `fashionMnist`: the folder with the data set's files, if the site should include them; `sliders`: whether
 *   notebooks run, so that the controls on their pages can be moved; `url`: the address of the site
 * @throws SetUpError if a figure has no picture, before anything is built
 */
export async function buildSite(project, to, { log, env, notebooks, title, fashionMnist, sliders = true, url }) {
  const paths = notebooks === undefined ? project : { ...project, notebooks };
  if (readyNotebooks(paths.notebooks).length === 0)
    throw new SetUpError(`there is no notebook in ${paths.notebooks}`, {
      remedy: 'write one there, with a name in .ipynb',
    });
  demandUniqueIds(paths.notebooks);
  const option = notebooks === undefined ? '' : `--root ${notebooks} `;
  demandStills(paths.notebooks, readyNotebooks(paths.notebooks), option);
  sayWhatNeverRan(paths, option, log);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-site-'));
  try {
    const extensions = path.join(work, 'labextensions');
    log('… the kernel for pages');
    const kernel = path.join(extensions, 'gradlab-kernel');
    const kernelFiles = await writeExtension(paths, kernel);
    nameByContents(kernel, fingerprint(kernel, filesBelow(path.join(kernel, 'static'))).slice(0, 12));
    for (const name of ['gradlab-plotly', '@jupyter-widgets/jupyterlab-manager'])
      fs.cpSync(path.join(paths.labExtensions, name), path.join(extensions, name), { recursive: true });
    nameByContents(path.join(extensions, 'gradlab-plotly'), VERSION);
    const data = path.join(extensions, 'gradlab-kernel', 'data');
    for (const name of Object.keys(dataSets))
      fs.cpSync(path.join(paths.sources, 'data', name), path.join(data, name), { recursive: true });
    if (fashionMnist !== undefined)
      for (const name of fs.readdirSync(fashionMnist).filter((file) => /-ubyte\.gz$/.test(file)))
        fs.copyFileSync(path.join(fashionMnist, name), path.join(data, 'fashion-mnist', name));
    const contents = path.join(work, 'contents');
    log('… the notebooks');
    writeContents(paths, contents);
    const config = {
      appName: 'gradlab',
      defaultKernelName: 'gradlab',
      exposeAppInBrowser: true,
      faviconUrl: './icon-120x120.png',
      // The splash is ours (laboratory/), there is no debugger here, the site has its own service worker, and
      // page/lite/opening.ts opens notebooks.
      disabledExtensions: [
        '@jupyterlab/apputils-extension:splash',
        '@jupyterlab/debugger-extension',
        '@jupyterlite/application-extension:opener',
        '@jupyterlite/application-extension:service-worker-manager',
      ],
    };
    fs.writeFileSync(
      path.join(work, 'jupyter-lite.json'),
      toJson({ 'jupyter-lite-schema-version': 0, 'jupyter-config-data': config }),
    );
    fs.writeFileSync(path.join(work, 'overrides.json'), toJson(overrides));
    log('… JupyterLite');
    const out = path.join(work, 'site');
    const args = [
      'jupyterlite_core',
      'build',
      '--output-dir',
      out,
      '--contents',
      contents,
      '--apps=lab',
      '--no-sourcemaps',
      '--no-unused-shared-packages',
      '--LiteBuildConfig.ignore_sys_prefix=True',
      `--FederatedExtensionAddon.extra_labextensions_path=${extensions}`,
    ];
    const { ok, output } = await runModule([paths.venvPython], args, {
      cwd: work,
      env: { ...pythonEnv(env), PYTHONPATH: builderOf(paths) },
    });
    if (!ok)
      throw new SetUpError('JupyterLite could not build the site', {
        remedy: 'its last lines are above; run the command again',
        details: output,
      });
    log('… pages of the notebooks');
    const { writePages } = await import('./pages/index.mjs'); // its packages do not exist before they are installed
    const copied = await writePages(paths, out, { env, log, title, moves: sliders ? undefined : () => false });
    removeUnused(out);
    dressLaboratory(out);
    // JupyterLite and its extensions have their own lists.
    const lists = filesBelow(out).filter((file) => path.basename(file) === 'third-party-licenses.json');
    writeNotices(paths, out, {
      what: 'The static site of gradlab',
      files: [...kernelFiles, ...copied, paths.plotly, paths.upng, paths.pako],
      more: [...lists.flatMap(noticesOfList), ...noticesOfData(paths)],
    });
    if (url !== undefined) (await import('./pages/crawlers.mjs')).writeAddresses(out, url);
    keepOffline(out);
    fs.rmSync(to, { recursive: true, force: true });
    fs.cpSync(out, to, { recursive: true });
  } finally {
    remove(work);
  }
}
