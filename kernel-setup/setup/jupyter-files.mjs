import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, readIfThere, readJson, remove, toJson, writeIfChanged } from './files.mjs';

/** What Jupyter finds in .venv: two kernels, the figure renderer, and the project's default settings. */
export const jupyterFiles = {
  title: 'Kernels, figure renderer and settings',

  whyNeeded({ paths }) {
    for (const [file, contents] of Object.entries(wantedFiles(paths))) {
      const found = readIfThere(file);
      if (found === undefined) return `${path.relative(paths.root, file)} is not there`;
      if (found !== contents) return `${path.relative(paths.root, file)} is out of date`;
    }
    const stamp = readIfThere(path.join(rendererFolder(paths), '.stamp'));
    return stamp === rendererStamp(paths) ? undefined : 'the figure renderer is not installed or out of date';
  },

  run({ paths }) {
    for (const [file, contents] of Object.entries(wantedFiles(paths))) writeIfChanged(file, contents);
    installRenderer(paths);
  },
};

/**
 * How the kernel's host runs, at the same speed in less memory. 24 MB: little room for young objects, since the compiler's
 * are not young for long. 15 MB: one pool for V8's threads, of which only one works at a time. 15 MB: large pieces go back
 * to the system when they are free. And a tenth of the time until the first result: V8 of Node 20 waits longer before it
 * optimizes a function; later ones have no such flag, and need none.
 */
const hostFlags = [
  '--max-semi-space-size=4',
  ...(process.version.startsWith('v20.') ? ['--interrupt-budget=400000'] : []),
];
const hostEnv = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' };

/** The kernelspecs by name. They hold absolute paths, so a moved project or another Node makes them differ. */
export function kernelspecs(paths) {
  const tslab = path.join(paths.nodeModules, 'tslab');
  const version = readJson(path.join(tslab, 'package.json'))?.version;
  return {
    gradlab: {
      argv: [process.execPath, ...hostFlags, paths.launcher, '{connection_file}'],
      env: hostEnv,
      display_name: 'TypeScript (gradlab)',
      language: 'typescript',
      interrupt_mode: 'message',
    },
    tslab: {
      argv: [process.execPath, path.join(tslab, 'bin', 'tslab'), 'kernel', '--config-path', '{connection_file}'],
      display_name: `TypeScript (tslab ${version})`,
      language: 'typescript',
    },
  };
}

function wantedFiles(paths) {
  const files = {
    [path.join(paths.jupyterConfig, 'jupyter_server_config.json')]: serverConfig(paths),
    [path.join(paths.jupyterConfig, 'labconfig', 'page_config.json')]: pageConfig,
    [path.join(paths.labSettings, 'overrides.json')]: labSettings,
  };
  for (const [name, spec] of Object.entries(kernelspecs(paths))) {
    files[path.join(paths.kernels, name, 'kernel.json')] = spec;
  }
  return Object.fromEntries(Object.entries(files).map(([file, value]) => [file, toJson(value)]));
}

const serverConfig = (paths) => ({
  ServerApp: { root_dir: paths.notebooks },
  MultiKernelManager: { default_kernel_name: 'gradlab' },
  LabApp: {
    default_url: '/lab/tree/00-start-here.ipynb',
    extension_manager: 'readonly',
    news_url: null,
    check_for_updates_class: 'jupyterlab.NeverCheckForUpdate',
  },
});

const disabledExtensions = {
  // Asks about news at the first start.
  '@jupyterlab/apputils-extension:announcements': true,
  // Throws "No active debugger session" for each notebook; neither kernel has a debugger.
  '@jupyterlab/debugger-extension': true,
};

/** Without the second entry JupyterLab would add it to the file. */
const pageConfig = { disabledExtensions, lockedExtensions: disabledExtensions };

/** Defaults; what a person changes in JupyterLab's settings is kept in .gradlab and wins. */
const labSettings = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
  // 'full', the default, takes figures out of the page when they are scrolled away: their camera would be lost.
  '@jupyterlab/notebook-extension:tracker': { windowingMode: 'defer' },
  // Without it, widgets of a saved notebook are "model not found" as soon as their kernel has ended.
  '@jupyter-widgets/jupyterlab-manager:plugin': { saveState: true },
};

const rendererFolder = (paths) => path.join(paths.labExtensions, 'gradlab-plotly');

function rendererSources(paths) {
  const own = [
    'package.json',
    ...['remoteEntry.js', 'outputs.js', 'controls.js', 'race.js'].map((name) => `static/${name}`),
  ];
  return {
    ...Object.fromEntries(own.map((name) => [name, path.join(paths.labExtension, name)])),
    'static/plotly.min.js': path.join(paths.nodeModules, 'plotly.js-dist-min', 'plotly.min.js'),
  };
}

const rendererStamp = (paths) => fingerprint(paths.root, Object.values(rendererSources(paths)));

/** Copies rather than links: a link needs special rights on Windows, and the copy is under 5 MB. */
function installRenderer(paths) {
  const folder = rendererFolder(paths);
  const stamp = rendererStamp(paths);
  if (readIfThere(path.join(folder, '.stamp')) === stamp) return;
  remove(folder);
  for (const [name, source] of Object.entries(rendererSources(paths))) {
    const target = path.join(folder, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(source, target);
  }
  fs.writeFileSync(path.join(folder, '.stamp'), stamp);
}
