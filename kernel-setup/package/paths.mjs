import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownPaths, projectPaths, stateOfUser } from '../setup/paths.mjs';

/** The places of the package gradlab-kernel, whose programs are in one folder of it: in its own it writes nothing. */
export function packagePaths() {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  const inRoot = (...parts) => path.join(root, ...parts);
  return {
    ...projectPaths(root),
    readOnly: true,
    launcher: inRoot('bin', 'launch-kernel.mjs'),
    kernelBuild: inRoot('kernel'),
    cellTypes: inRoot('types', 'jupyter.d.ts'),
    labExtension: inRoot('labextension-plotly'),
    pythonPackage: inRoot('python'),
    // npm may have put it beside this package or into it.
    get plotly() {
      return createRequire(inRoot('package.json')).resolve('plotly.js-dist-min/plotly.min.js');
    },
    get upng() {
      return createRequire(inRoot('package.json')).resolve('upng-js');
    },
    get pako() {
      return createRequire(this.upng).resolve('pako/dist/pako.min.js');
    },
    ...ownPaths(stateOfUser(root)),
    commands: {
      install: 'npx gradlab-kernel install',
      uninstall: 'npx gradlab-kernel uninstall',
      repair: 'install gradlab-kernel once more: `npm install gradlab-kernel`',
    },
  };
}
