#!/usr/bin/env node
// The command `gradlab-kernel`.
import '../setup/node-version.mjs';
import { checks, diagnose } from '../setup/checks.mjs';
import { runMain, SetUpError } from '../setup/errors.mjs';
import { install, uninstall } from '../setup/install.mjs';
import { placeFor } from '../setup/places.mjs';
import { packagePaths } from './paths.mjs';

const help = `gradlab-kernel install [WHERE]     puts kernel, figure renderer and settings into Jupyter
gradlab-kernel uninstall [WHERE]   takes these away again
gradlab-kernel doctor              says where the kernel is installed, and whether it works there

WHERE: --user (the default), --sys-prefix or --prefix PATH`;

const context = { paths: packagePaths(), env: process.env, log: console.log };
const actions = {
  install: async (where) => install(await placeFor(where, context.env), context),
  uninstall: async (where) => uninstall(await placeFor(where, context.env), context),
  async doctor() {
    const mine = checks.filter(({ title }) => ['Node', 'ZeroMQ', 'Other Jupyters'].includes(title));
    const failed = await diagnose(context, undefined, mine);
    return failed.length === 0 ? 0 : 1;
  },
};

runMain(([command = '--help', ...where]) => {
  if (command === '--help') return console.log(help);
  if (Object.hasOwn(actions, command)) return actions[command](where);
  throw new SetUpError(`gradlab-kernel does not know ${command}`, { remedy: `\n${help.replace(/^/gm, '    ')}` });
});
