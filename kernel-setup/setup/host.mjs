import { createRequire } from 'node:module';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { explain, SetUpError } from './errors.mjs';
import { realPathIfThere } from './files.mjs';
import { markInUse } from './old-builds.mjs';
import { refuse } from './refuse.mjs';

/**
 * V8 flags for the host and the compiler thread, set by the running Node. A small young generation saves 24 MB, since the
 * compiler's objects live long. On Node 20, an earlier optimisation of functions saves a tenth of the time to the first
 * result; later versions lack the flag and do not need it.
 */
const flags = [
  '--max-semi-space-size=4',
  ...(process.versions.v8.startsWith('11.') ? ['--interrupt-budget=400000'] : []),
];

/**
 * Runs the kernel in this process, for the connection file in the command line. It uses the current builds, even if there
 * are newer ones later.
 * @param {typeof import('./paths.mjs').paths} paths
 * @param {{ reasons?: string[], firstError?: object }} [options] `reasons`: earlier failures, in words; `firstError`:
 * makes the first cell fail
 */
export async function runHost(paths, { reasons = [], firstError } = {}) {
  for (const flag of flags) setFlagsFromString(flag);
  // Links point to a build; the kernel stays with that build.
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

/** With `require`: for `import`, Node would first scan all files for their exports. */
function loadHost(folder, paths, reasons) {
  try {
    return createRequire(import.meta.url)(path.join(folder, 'host', 'main.js'));
  } catch ({ stack }) {
    const failure = new SetUpError('The kernel does not load', { remedy: paths.commands.repair, details: stack });
    return refuse('KernelError', [...reasons, explain(failure)].join('\n'));
  }
}
