import { createRequire } from 'node:module';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { explain, SetUpError } from './errors.mjs';
import { realPathIfThere } from './files.mjs';
import { markInUse } from './old-builds.mjs';
import { refuse } from './refuse.mjs';

/**
 * What V8 does here and in the compiler's thread, decided by the Node that runs: little room for young objects, since the
 * compiler's are not young for long, which saves 24 MB; and a tenth of the time until the first result, since V8 of Node 20
 * waits longer before it optimizes a function. Later ones have no such flag, and need none.
 */
const flags = [
  '--max-semi-space-size=4',
  ...(process.versions.v8.startsWith('11.') ? ['--interrupt-budget=400000'] : []),
];

/**
 * Runs the kernel in this process, on the builds that there are now: what is built later is for those that start then. Runs it for the connection file that the command line names.
 * @param {{ reasons?: string[], firstError?: object }} [options] `reasons`: what has failed before, in words; `firstError`: why
 *   the first cell is not run
 */
export async function runHost(paths, { reasons = [], firstError } = {}) {
  for (const flag of flags) setFlagsFromString(flag);
  // Links lead to a build; the kernel stays with it.
  const [kernel, library, published] = [paths.kernelBuild, paths.libraryBuild, paths.dist].map(realPathIfThere);
  markInUse(
    paths,
    [kernel, library].filter((build) => build !== undefined),
  );
  const host = await loadHost(kernel ?? paths.kernelBuild, paths, reasons);
  await host?.runKernel({
    connectionFile: process.argv[2],
    types: [paths.cellTypes],
    cache: paths.kernelCache,
    history: paths.kernelHistory,
    library: library && { folder: library, published: published ?? paths.dist },
    firstError,
    repair: paths.commands.repair,
  });
}

/** By `require`: for `import`, Node would first read all the files in search of what they export. */
function loadHost(folder, paths, reasons) {
  try {
    return createRequire(import.meta.url)(path.join(folder, 'host', 'main.js'));
  } catch ({ stack }) {
    const failure = new SetUpError('The kernel does not load', { remedy: paths.commands.repair, details: stack });
    return refuse('KernelError', [...reasons, explain(failure)].join('\n'));
  }
}
