import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, readIfThere, readJson, replaceFolder, toJson, writeIfChanged } from './files.mjs';
import { logo } from './logo.mjs';
import { stablePathOf } from './node-of-kernel.mjs';

/**
 * A place where Jupyter looks for what it shows and how.
 * @typedef {object} Place
 * @property {string} data the folder that has `kernels` and `labextensions`: one of `jupyter --paths`, "data"
 * @property {string} config the folder that has `labconfig`: one of `jupyter --paths`, "config"
 */

/** What Jupyter finds in .venv: two kernels, the figure renderer, and the project's default settings. */
export const jupyterFiles = {
  title: 'Kernels, figure renderer and settings',

  /** @param node what runs the kernels, if not the Node that runs now */
  whyNeeded({ paths }, node = undefined) {
    const reason = whyOutdated(wantedFiles(paths, node), paths.root);
    if (reason) return reason;
    return rendererIsCurrent(paths, paths.jupyterPlace)
      ? undefined
      : 'the figure renderer is not installed or out of date';
  },

  async run({ paths }) {
    for (const [file, contents] of Object.entries(wantedFiles(paths))) writeIfChanged(file, contents);
    await installRenderer(paths, paths.jupyterPlace);
  },
};

/** Which of the files, texts by path, is missing or differs, in a few words; undefined if none does. */
export function whyOutdated(files, root) {
  for (const [file, contents] of Object.entries(files)) {
    const found = readIfThere(file);
    if (found === undefined) return `${path.relative(root, file)} is not there`;
    if (found !== contents) return `${path.relative(root, file)} is out of date`;
  }
  return undefined;
}

/**
 * How the kernel's host runs, at the same speed in less memory: one pool for V8's threads, of which only one works at a time,
 * and large pieces go back to the system when they are free; 15 MB each. No flag of Node's stands here: the next Node may
 * refuse it, before a line of ours runs (`setup/host.mjs` sets what there is).
 */
const hostEnv = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' };

/** The kernelspecs by name. They hold absolute paths, so a moved project or another Node makes them differ. */
export function kernelspecs(paths, node = stablePathOf(process.execPath)) {
  const tslab = path.join(paths.nodeModules, 'tslab');
  const version = readJson(path.join(tslab, 'package.json'))?.version;
  return {
    gradlab: {
      argv: [node, paths.launcher, '{connection_file}'],
      env: hostEnv,
      display_name: 'TypeScript (gradlab)',
      language: 'typescript',
      interrupt_mode: 'message',
      // A Jupyter server that is told to encrypt gives keys to kernels that say the first. By the second JupyterLab offers its
      // panel of variables; there is no debugger (kernel/host/variables-panel.ts).
      metadata: { supported_encryption: ['curve'], debugger: true },
    },
    tslab: {
      argv: [node, path.join(tslab, 'bin', 'tslab'), 'kernel', '--config-path', '{connection_file}'],
      display_name: `TypeScript (tslab ${version})`,
      language: 'typescript',
    },
  };
}

/** What makes a Jupyter show the kernel and its figures as they should be, beside the renderer: texts by path. */
export const filesFor = (paths, { data, config }, node) => ({
  [settingsFile(config)]: toJson(labSettings),
  [path.join(kernelFolder(data), 'logo-svg.svg')]: logo,
  [path.join(kernelFolder(data), 'kernel.json')]: toJson(kernelspecs(paths, node).gradlab),
});

export const kernelFolder = (data) => path.join(data, 'kernels', 'gradlab');
export const rendererFolder = (data) => path.join(data, 'labextensions', 'gradlab-plotly');

/**
 * JupyterLab merges the files of this folder with others' defaults. (`overrides.json` is one file for all, and read only in
 * the environment that JupyterLab itself is in.)
 */
export const settingsFile = (config) => path.join(config, 'labconfig', 'default_setting_overrides.d', 'gradlab.json');

/** What is in .venv. */
function wantedFiles(paths, node) {
  const { data, config } = paths.jupyterPlace;
  return {
    ...filesFor(paths, paths.jupyterPlace, node),
    [settingsFile(config)]: toJson(settingsOfTheProject),
    [path.join(config, 'jupyter_server_config.json')]: toJson(serverConfig(paths)),
    [path.join(config, 'jupyter_nbconvert_config.json')]: toJson(conversion),
    [path.join(config, 'labconfig', 'page_config.json')]: toJson(pageConfig),
    [path.join(data, 'kernels', 'tslab', 'kernel.json')]: toJson(kernelspecs(paths, node).tslab),
  };
}

/** How notebooks become HTML and the like: figures alive or as pictures (kernel-setup/python). */
const conversion = { Exporter: { preprocessors: ['gradlab_jupyter.figures.Figures'] } };

/** Jupyter's own list of what the list of files leaves out. */
export const hiddenFromAuthors = ['__pycache__', '*.pyc', '*.pyo', '.DS_Store', '*~'];

/** The notebook with which learners begin. */
export const START_PAGE = '00-start-here.ipynb';

/** What the list of files leaves out for learners: the files that belong to a notebook, too. */
const hidden = [
  ...hiddenFromAuthors,
  ...['*.exercises.js', '*.predictions.json', '*.recorded.json', 'claims.json', 'map.json'],
];

const serverConfig = (paths) => ({
  ...conversion,
  ServerApp: { root_dir: paths.notebooks, jpserver_extensions: { 'gradlab_jupyter.learner': true } },
  Notebooks: { originals: paths.notebooks, record: paths.ownNotebooksRecord },
  ContentsManager: { hide_globs: hidden },
  MultiKernelManager: { default_kernel_name: 'gradlab' },
  LabApp: {
    default_url: `/lab/tree/${START_PAGE}`,
    extension_manager: 'readonly',
    news_url: null,
    check_for_updates_class: 'jupyterlab.NeverCheckForUpdate',
  },
});

const disabledExtensions = {
  // Asks about news at the first start.
  '@jupyterlab/apputils-extension:announcements': true,
};

/** Without the second entry JupyterLab would add it to the file. */
const pageConfig = { disabledExtensions, lockedExtensions: disabledExtensions };

/** Defaults; what a person changes in JupyterLab's settings is kept in .gradlab and wins. */
const labSettings = {
  // 'full', the default, takes figures out of the page when they are scrolled away: their camera would be lost.
  '@jupyterlab/notebook-extension:tracker': { windowingMode: 'defer' },
  // Without it, widgets of a saved notebook are "model not found" as soon as their kernel has ended.
  '@jupyter-widgets/jupyterlab-manager:plugin': { saveState: true },
  // What takes longer is dropped without a word: by itself after a second, in which a busy machine may not answer.
  '@jupyterlab/completer-extension:manager': { providerTimeout: 10_000 },
};

export const settingsOfTheProject = {
  ...labSettings,
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
};

const rendererSources = (paths) => ({
  ...Object.fromEntries(
    [
      'remoteEntry.js',
      'afresh.js',
      'outputs.js',
      'controls.js',
      'editing.js',
      'fit.js',
      'learner.js',
      'legible.js',
      'lesson.js',
      'letters.js',
      'lines.js',
      'links.js',
      'names.js',
      'page.js',
      'player.js',
      'progress.js',
      'race.js',
      'reading.js',
      'run-all.js',
      'spoken.js',
      'stills.js',
    ].map((name) => [`static/${name}`, path.join(paths.labExtension, 'static', name)]),
  ),
  'static/plotly.min.js': paths.plotly,
  'static/upng.js': paths.upng,
  'static/pako.min.js': paths.pako,
});

/** The renderer has the version of the project. */
const rendererManifest = (paths) =>
  toJson({ ...readJson(path.join(paths.labExtension, 'package.json')), version: versionOf(paths) });

export const versionOf = (paths) => readJson(path.join(paths.root, 'package.json')).version;

const rendererStamp = (paths) =>
  `${versionOf(paths)} ${fingerprint(paths.root, [path.join(paths.labExtension, 'package.json'), ...Object.values(rendererSources(paths))])}`;

export const rendererIsCurrent = (paths, { data }) =>
  readIfThere(path.join(rendererFolder(data), '.stamp')) === rendererStamp(paths);

/** Copies rather than links: a link needs special rights on Windows, and the copy is under 5 MB. */
export async function installRenderer(paths, place) {
  if (rendererIsCurrent(paths, place)) return;
  await replaceFolder(rendererFolder(place.data), (folder) => {
    fs.mkdirSync(path.join(folder, 'static'));
    for (const [name, source] of Object.entries(rendererSources(paths)))
      fs.copyFileSync(source, path.join(folder, name));
    fs.writeFileSync(path.join(folder, 'package.json'), rendererManifest(paths));
    fs.writeFileSync(path.join(folder, '.stamp'), rendererStamp(paths));
  });
}
