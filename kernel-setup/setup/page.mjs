// Bundles page/, which runs in the browser, into one module beside the renderer. The bundle is not committed.
import fs from 'node:fs';
import path from 'node:path';
import { bundleSources, inPages } from './bundle.mjs';
import { filesBelow, fingerprint, readIfThere, writeIfChanged } from './files.mjs';

const bundleOf = (paths) => path.join(paths.labExtension, 'static', 'page.js');

/** The bundle of page/ in the renderer's folder. */
export const pageBuild = {
  title: 'Page',
  whyNeeded: ({ paths }) => whyStale(paths),
  run: ({ paths }) => buildPage(paths),
};

/** Why the bundle is stale; undefined if it is current, or if there are no sources, as in a package. */
function whyStale(paths) {
  if (!fs.existsSync(paths.pageSources)) return undefined;
  const [stamp, used] = (readIfThere(bundleOf(paths)) ?? '').split('\n', 2).map((line) => line.slice('// '.length));
  if (used === undefined) return 'static/page.js is not there';
  return stamp === stampOf(paths, JSON.parse(used)) ? undefined : 'page/ changed';
}

/** @param {string[]} used library files in the bundle, relative to the project */
function stampOf(paths, used) {
  const files = [...filesBelow(paths.pageSources), ...used.map((file) => path.join(paths.root, file))];
  return fingerprint(
    paths.root,
    [paths.bundler, ...files].filter((file) => fs.existsSync(file)),
  );
}

/** Writes the bundle if it is stale. */
export async function buildPage(paths) {
  if (whyStale(paths) === undefined) return;
  const entry = path.join(paths.pageSources, 'index.ts');
  let chunk;
  const taken = {
    name: 'taken',
    generateBundle(_, files) {
      [chunk] = Object.values(files);
      for (const name of Object.keys(files)) delete files[name];
    },
  };
  const tsconfig = path.join(paths.pageSources, 'tsconfig.json');
  const output = { dir: path.dirname(bundleOf(paths)), format: 'es', codeSplitting: false };
  await bundleSources(paths, { page: entry }, output, [inPages(paths), taken], tsconfig);
  const used = Object.keys(chunk.modules)
    .filter((file) => file.startsWith(paths.sources + path.sep))
    .map((file) => path.relative(paths.root, file).replaceAll(path.sep, '/'))
    .sort();
  writeIfChanged(bundleOf(paths), `// ${stampOf(paths, used)}\n// ${JSON.stringify(used)}\n${chunk.code}`);
}
