// npm run doctor: checks each link from Node to a figure in a cell, and advises on those that fail.
import '../kernel-setup/setup/node-version.mjs';

import('../kernel-setup/setup/index.mjs').then(({ diagnose, makeContext, runMain }) =>
  runMain(async () => {
    const failed = await diagnose(makeContext());
    console.log(failed.length === 0 ? '\nEverything works.' : `\nNot in order: ${failed.join(', ')}.`);
    return failed.length === 0 ? 0 : 1;
  }),
);
