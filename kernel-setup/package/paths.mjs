import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownPaths, projectPaths, stateOfUser } from '../setup/paths.mjs';

/** Paths of the package gradlab-kernel. It does not write into its own folder. */
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
    // npm may install it beside this package or inside it.
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
