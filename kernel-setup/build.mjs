// npm run build: compiles the library into dist/, and the kernel (installing the npm packages first if need be).
import './setup/node-version.mjs';

import('./setup/index.mjs').then(({ kernelBuild, libraryBuild, makeContext, npmPackages, runMain, runSteps }) =>
  runMain(() => runSteps([npmPackages, libraryBuild, kernelBuild], makeContext())),
);
