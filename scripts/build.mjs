// npm run build: makes the library, with dist/, and the kernel (installing the npm packages first if need be).
// `npm run build -- --types` has the compiler look at all types as well, as before packing.
import '../kernel-setup/setup/node-version.mjs';

import('../kernel-setup/setup/index.mjs').then(
  ({ kernelBuild, libraryBuild, makeContext, npmPackages, runMain, runSteps, types }) =>
    runMain((args) =>
      runSteps([npmPackages, libraryBuild, kernelBuild, ...(args.includes('--types') ? [types] : [])], makeContext()),
    ),
);
