import { createRequire } from 'node:module';
import path from 'node:path';
import { explain, SetUpError } from './errors.mjs';
import { realPathIfThere } from './files.mjs';
import { markInUse } from './old-builds.mjs';

/**
 * Runs the kernel in this process, on the builds that there are now: what is built later is for those that start then. Runs it for the connection file that the command line names.
 * @param {{ reasons?: string[], firstError?: object }} [options] `reasons`: what has failed before, in words; `firstError`: why
 *   the first cell is not run
 */
export async function runHost(paths, { reasons = [], firstError } = {}) {
  // Links lead to a build; the kernel stays with it.
  const [kernel, library, published] = [paths.kernelBuild, paths.libraryBuild, paths.dist].map(realPathIfThere);
  markInUse(
    paths,
    [kernel, library].filter((build) => build !== undefined),
  );
  await loadHost(kernel ?? paths.kernelBuild, paths, reasons).runKernel({
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
    // Without its sockets a kernel can tell no cell: Jupyter's terminal, and doctor, show what is written here.
    const failure = new SetUpError('The kernel does not load', { remedy: paths.commands.repair, details: stack });
    console.error([...reasons, explain(failure)].join('\n'));
    return process.exit(1);
  }
}
