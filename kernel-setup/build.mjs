// npm run build: compiles the library into dist/ (installing the npm packages first if need be).
import './setup/node-version.mjs';

import('./setup/index.mjs').then(({ libraryBuild, makeContext, npmPackages, runMain, runSteps }) =>
  runMain(() => runSteps([npmPackages, libraryBuild], makeContext())),
);
