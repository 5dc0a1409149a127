import fs from 'node:fs';
import path from 'node:path';
import { filesBelow, fingerprint, readIfThere, readJson, replaceFolder, toJson, writeIfChanged } from './files.mjs';
import { logo } from './logo.mjs';
import { stablePathOf } from './node-of-kernel.mjs';

/**
 * A place where Jupyter looks for its kernels, extensions and settings.
 * @typedef {object} Place
 * @property {string} data the folder with `kernels` and `labextensions`: one of `jupyter --paths`, "data"
 * @property {string} config the folder with `labconfig`: one of `jupyter --paths`, "config"
 */

/** Jupyter's files in .venv: two kernels, the figure renderer, and the project's default settings. */
export const jupyterFiles = {
  title: 'Kernels, figure renderer and settings',

  /** @param node the Node of the kernels; default: the running one */
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
 * Environment of the kernel's host, which saves 15 MB each at the same speed: one malloc arena, since only one of V8's
 * threads works at a time, and large blocks are returned to the system when freed. Node flags are not set here: a later
 * Node may reject them before our code runs (`setup/host.mjs` sets V8 flags).
 */
const hostEnv = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' };

/** The kernelspecs by name. They contain absolute paths, so moving the project or changing Node makes them stale. */
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
      // With the first, Jupyter servers with encryption pass keys to the kernel. With the second, JupyterLab shows its panel
      // of variables; there is no debugger (kernel/host/variables-panel.ts).
      metadata: { supported_encryption: ['curve'], debugger: true },
    },
    tslab: {
      argv: [node, path.join(tslab, 'bin', 'tslab'), 'kernel', '--config-path', '{connection_file}'],
      display_name: `TypeScript (tslab ${version})`,
      language: 'typescript',
    },
  };
}

/** The kernelspecs and settings of a Jupyter, besides the renderer: texts by path. */
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

/** The files in .venv. */
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

/** nbconvert's handling of figures: interactive or as pictures (kernel-setup/python). */
const conversion = { Exporter: { preprocessors: ['gradlab_jupyter.figures.Figures'] } };

/** Patterns that Jupyter itself hides in the file browser. */
export const hiddenFromAuthors = ['__pycache__', '*.pyc', '*.pyo', '.DS_Store', '*~'];

/** The notebook with which learners begin. */
export const START_PAGE = '00-start-here.ipynb';

/** Patterns hidden from learners: Jupyter's own, and files that belong to a notebook. */
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
  // At the first start it asks whether to fetch news.
  '@jupyterlab/apputils-extension:announcements': true,
};

/** Without the second entry JupyterLab would add it to the file. */
const pageConfig = { disabledExtensions, lockedExtensions: disabledExtensions };

/** Default settings; user settings in .gradlab take precedence. */
const labSettings = {
  // 'full', the default, removes figures that are scrolled out of view, which would lose their camera.
  '@jupyterlab/notebook-extension:tracker': { windowingMode: 'defer' },
  // Otherwise widgets of a saved notebook are "model not found" after their kernel has ended.
  '@jupyter-widgets/jupyterlab-manager:plugin': { saveState: true },
  // Slower completions are dropped silently. The default of one second is too short for a busy machine.
  '@jupyterlab/completer-extension:manager': { providerTimeout: 10_000 },
};

export const settingsOfTheProject = {
  ...labSettings,
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
};

/** The scripts that `setup/page.mjs` bundles. */
const pageFiles = (paths) => filesBelow(path.join(paths.labExtension, 'static')).filter((file) => file.endsWith('.js'));

const rendererSources = (paths) => ({
  ...Object.fromEntries(pageFiles(paths).map((file) => [`static/${path.basename(file)}`, file])),
  'static/plotly.min.js': paths.plotly,
  'static/upng.js': paths.upng,
  'static/pako.min.js': paths.pako,
});

/** The renderer has the project's version. */
const rendererManifest = (paths) =>
  toJson({ ...readJson(path.join(paths.labExtension, 'package.json')), version: versionOf(paths) });

export const versionOf = (paths) => readJson(path.join(paths.root, 'package.json')).version;

const rendererStamp = (paths) =>
  `${versionOf(paths)} ${fingerprint(paths.root, [path.join(paths.labExtension, 'package.json'), ...Object.values(rendererSources(paths))])}`;

export const rendererIsCurrent = (paths, { data }) =>
  readIfThere(path.join(rendererFolder(data), '.stamp')) === rendererStamp(paths);

/** A copy, because links need special rights on Windows; it is under 5 MB. */
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
