// npm run build: builds the library, with dist/, and the kernel (installs the npm packages first if needed). `npm run
// build -- --types` also checks all types, as before packing.
import '../kernel-setup/setup/node-version.mjs';

import('../kernel-setup/setup/index.mjs').then(
  ({ kernelBuild, libraryBuild, makeContext, npmPackages, runMain, runSteps, types }) =>
    runMain((args) =>
      runSteps([npmPackages, libraryBuild, kernelBuild, ...(args.includes('--types') ? [types] : [])], makeContext()),
    ),
);
