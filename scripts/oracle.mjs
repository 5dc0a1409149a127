// npm run oracle: PyTorch's cases against the library. `npm run oracle -- --help` says how to choose among them.
import '../kernel-setup/setup/node-version.mjs';

import('../kernel-setup/setup/index.mjs').then(({ libraryBuild, npmPackages, runMain, setUp }) =>
  runMain(async (args) => {
    await setUp({}, [npmPackages, libraryBuild]);
    return (await import('../tests/oracle/main.mjs')).main(args);
  }),
);
