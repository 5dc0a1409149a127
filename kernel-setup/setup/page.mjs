// Bundles page/, which runs in the browser, into the renderer's folder static/. The files there are not committed.
import fs from 'node:fs';
import path from 'node:path';
import { bundleSources, inPages } from './bundle.mjs';
import { filesBelow, fingerprint, readIfThere, remove, writeIfChanged } from './files.mjs';

const folderOf = (paths) => path.join(paths.labExtension, 'static');
/** The file that says of what the bundle was made. */
export const stampOfPage = (paths) => path.join(folderOf(paths), '.stamp');

/** The bundle of page/ in the renderer's folder. */
export const pageBuild = {
  title: 'Page',
  whyNeeded: ({ paths }) => whyStale(paths),
  run: ({ paths }) => buildPage(paths),
};

/** The modules that are loaded by name, with their sources in page/. */
const modules = {
  afresh: 'progress/afresh.ts',
  controls: 'figure/controls.ts',
  editing: 'editing/editing.ts',
  fit: 'figure/fit.ts',
  learner: 'progress/learner.ts',
  lesson: 'questions/lesson.ts',
  links: 'outputs/links.ts',
  names: 'outputs/names.ts',
  outputs: 'outputs/outputs.ts',
  page: 'index.ts',
  player: 'figure/player.ts',
  progress: 'progress/progress.ts',
  race: 'figure/race.ts',
  reading: 'progress/reading.ts',
  'run-all': 'progress/run-all.ts',
  spoken: 'questions/spoken.ts',
  stills: 'figure/stills.ts',
};
/** The script that JupyterLab loads, which loads the modules. */
const script = { remoteEntry: 'remoteEntry.js' };

/** Why the bundle is stale; undefined if it is current, or if there are no sources, as in a package. */
function whyStale(paths) {
  if (!fs.existsSync(paths.pageSources)) return undefined;
  const text = readIfThere(stampOfPage(paths));
  if (text === undefined) return 'page/ is not bundled';
  const { stamp, used, files } = JSON.parse(text);
  const missing = files.find((name) => !fs.existsSync(path.join(folderOf(paths), name)));
  if (missing !== undefined) return `static/${missing} is not there`;
  return stamp === stampOf(paths, used) ? undefined : 'page/ changed';
}

/** @param {string[]} used files in the bundle from outside page/, relative to the project */
function stampOf(paths, used) {
  const files = [...filesBelow(paths.pageSources), ...used.map((file) => path.join(paths.root, file))];
  return fingerprint(
    paths.root,
    [paths.bundler, ...files].filter((file) => fs.existsSync(file)),
  );
}

/** Bundles page/ if the bundle is stale. */
export async function buildPage(paths) {
  if (whyStale(paths) === undefined) return;
  const chunks = [
    ...(await bundle(paths, modules, { format: 'es' })),
    ...(await bundle(paths, script, { format: 'iife', codeSplitting: false })),
  ];
  const used = chunks
    .flatMap((chunk) => Object.keys(chunk.modules))
    .filter((file) => file.startsWith(paths.root + path.sep) && !file.startsWith(paths.pageSources + path.sep))
    .map((file) => path.relative(paths.root, file).replaceAll(path.sep, '/'));
  const files = chunks.map(({ fileName }) => fileName);
  // Until all files are written, the bundle is stale.
  remove(stampOfPage(paths));
  for (const { fileName, code } of chunks) writeIfChanged(path.join(folderOf(paths), fileName), code);
  for (const file of filesBelow(folderOf(paths))) if (!files.includes(path.basename(file))) remove(file);
  const usedOnce = [...new Set(used)].sort();
  writeIfChanged(stampOfPage(paths), JSON.stringify({ stamp: stampOf(paths, usedOnce), used: usedOnce, files }));
}

/** The chunks of some entries, which are not written. */
async function bundle(paths, entries, format) {
  const taken = [];
  const plugin = {
    name: 'taken',
    generateBundle(_, files) {
      taken.push(...Object.values(files));
      for (const name of Object.keys(files)) delete files[name];
    },
  };
  const inputs = Object.fromEntries(
    Object.entries(entries).map(([name, file]) => [name, path.join(paths.pageSources, ...file.split('/'))]),
  );
  const tsconfig = path.join(paths.pageSources, 'tsconfig.json');
  await bundleSources(paths, inputs, { dir: folderOf(paths), ...format }, [inPages(paths), plugin], tsconfig);
  return taken;
}
