// npm run setup: sets up what kernels need, without JupyterLab; `-- --install` and `--uninstall` are for other
// Jupyters.
import '../kernel-setup/setup/node-version.mjs';

const help = `npm run setup                        sets up library and kernel, without JupyterLab
npm run setup -- --install [WHERE]   and puts kernel, figure renderer and settings into another Jupyter
npm run setup -- --uninstall [WHERE] takes these away again

WHERE: --user (the default), --sys-prefix or --prefix PATH`;

import('../kernel-setup/setup/index.mjs').then(
  ({ install, makeContext, placeFor, runMain, setUp, SetUpError, stepsWithoutJupyter, uninstall }) =>
    runMain(async ([command, ...where]) => {
      if (command === '--help') return console.log(help);
      const actions = { '--install': install, '--uninstall': uninstall };
      if (command !== undefined && !Object.hasOwn(actions, command))
        throw new SetUpError(`setup does not know ${command}`, { remedy: `\n${help.replace(/^/gm, '    ')}` });
      const place = command === undefined ? undefined : await placeFor(where, process.env);
      if (command !== '--uninstall') await setUp({}, stepsWithoutJupyter);
      if (place !== undefined) await actions[command](place, makeContext());
    }),
);
