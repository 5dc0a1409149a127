// npm run types: every tsconfig.json of the project, library, kernel, pages and tests.
import '../kernel-setup/setup/node-version.mjs';

import('../kernel-setup/setup/index.mjs').then(
  ({ allTypes, checkTypes, npmPackages, kernelBuild, libraryBuild, makeContext, paths, runMain, runSteps }) =>
    runMain(async () => {
      await runSteps([npmPackages, libraryBuild, kernelBuild], makeContext());
      await checkTypes(paths, process.env, allTypes(paths));
      console.log('✓ Types');
      return 0;
    }),
);
