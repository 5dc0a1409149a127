// npm start: brings the project to a working state and opens JupyterLab on notebooks/.
import '../kernel-setup/setup/node-version.mjs';

import('../kernel-setup/setup/index.mjs').then(({ runMain, setUp, startLab }) =>
  runMain(async (args) => {
    await setUp();
    return startLab(args);
  }),
);
