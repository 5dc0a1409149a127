// npm start: brings the project to a working state and opens JupyterLab on the learner's copies of notebooks/.
import '../kernel-setup/setup/node-version.mjs';

const help = `npm start                   sets up everything inside this folder and opens JupyterLab on the notebooks
npm start -- OPTION …       with options of JupyterLab, such as --port 9000, --no-browser, --notebook-dir=FOLDER
npm start -- --notebook-dir=notebooks   opens the project's own notebooks, and not your copies in my-notebooks/
npm start -- --help-all     JupyterLab's own list of them, after the set-up

npm run setup               sets up library and kernel, without JupyterLab
npm run doctor              says what is out of order`;

import('../kernel-setup/setup/index.mjs').then(({ runMain, setUp, startLab }) =>
  runMain(async (args) => {
    if (args.includes('--help') || args.includes('-h')) return console.log(help);
    await setUp();
    return startLab(args);
  }),
);
