// npm start: brings the project to a working state and opens JupyterLab on notebooks/.
import './setup/node-version.mjs';

import('./setup/index.mjs').then(({ runMain, setUp, startLab }) =>
  runMain(async (args) => {
    await setUp();
    return startLab(args);
  }),
);
