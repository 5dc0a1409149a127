// The kernelspec `gradlab` starts this with the connection file: brings library and kernel up to date, then runs the kernel.
import { createRequire } from 'node:module';
import path from 'node:path';
import './setup/node-version.mjs';

const { buildIfStale, lastBuild } = await import('./setup/build.mjs');
const { explain, SetUpError } = await import('./setup/errors.mjs');
const { paths } = await import('./setup/paths.mjs');

const builds = ['library', 'kernel'];
const results = await Promise.allSettled(builds.map((which) => buildIfStale(paths, process.env, which)));
const failed = builds.filter((_, i) => results[i].status === 'rejected');
const reasons = results.flatMap(({ reason }) => (reason === undefined ? [] : explain(reason)));

if (failed.includes('kernel') && !lastBuild(paths, 'kernel')) {
  console.error(reasons.join('\n'));
  process.exit(1);
}
await loadHost().runKernel({
  connectionFile: process.argv[2],
  types: [paths.cellTypes],
  cache: paths.kernelCache,
  history: paths.kernelHistory,
  firstError: failed.length > 0 ? buildError() : undefined,
});

/** By `require`: for `import`, Node would first read all the files in search of what they export. */
function loadHost() {
  try {
    return createRequire(import.meta.url)(path.join(paths.kernelBuild, 'host', 'main.js'));
  } catch (error) {
    return failToLoad(error);
  }
}

/** Without its sockets a kernel can tell no cell: Jupyter's terminal, and doctor, show what is written here. */
function failToLoad({ stack }) {
  const remedy = 'delete the folders node_modules and .gradlab/kernel, then `npm start`, which makes them anew';
  console.error(
    [...reasons, explain(new SetUpError('The kernel does not load', { remedy, details: stack }))].join('\n'),
  );
  process.exit(1);
}

/** Cells run on a library that is not what src/ says only if the person runs them once more, knowing it. */
function buildError() {
  const builtAt = failed.map((which) => lastBuild(paths, which)).sort()[0];
  const next = builtAt
    ? `Restart the kernel after correcting it. Or run the cell again: it uses the build of ${builtAt.toLocaleString()}.`
    : 'Restart the kernel after correcting it.';
  const evalue = `the cell was not run.\n${reasons.join('\n')}\n${next}`;
  return { ename: 'BuildError', evalue, traceback: `BuildError: ${evalue}`.split('\n') };
}
