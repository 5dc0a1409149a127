// Type checks of all tsconfig.json, which builds omit.
import fs from 'node:fs';
import path from 'node:path';
import { SetUpError } from './errors.mjs';
import { runNode } from './run.mjs';

/** A step that checks all types. */
export const types = {
  title: 'Types',
  whyNeeded: () => 'checked whenever it is asked',
  run: ({ paths, env }) => checkTypes(paths, env),
};

/** The tsconfig.json of each build, by the name of its incremental state. */
const builtTypes = (paths) => [
  ['library', paths.tsconfig],
  ['kernel', paths.kernelSources],
  ['page', paths.pageSources],
];

/** Every tsconfig.json of the project. */
export const allTypes = (paths) => [
  ...builtTypes(paths),
  ...['kernel-setup/kernel-in-page', 'site/pages/api', 'tests'].map((folder) => [
    folder.replaceAll('/', '-'),
    path.join(paths.root, folder),
  ]),
];

/** Checks incrementally. @throws {SetUpError} with the compiler's lines, if there are errors */
export async function checkTypes(paths, env = process.env, projects = builtTypes(paths)) {
  const compiler = path.join(paths.nodeModules, 'typescript', 'bin', 'tsc');
  const results = [];
  for (const [name, project] of projects) {
    if (!fs.existsSync(project)) continue;
    const known = ['--incremental', '--tsBuildInfoFile', path.join(paths.state, `${name}.tsbuildinfo`)];
    const args = [compiler, '-p', project, '--noEmit', '--pretty', 'false', ...known];
    results.push(await runNode(process.execPath, args, { cwd: paths.root, env }));
  }
  if (results.every(({ ok }) => ok)) return;
  throw new SetUpError('There are errors of types', {
    remedy: 'correct the lines named above; `npm run types` shows them again',
    details: results.map(({ output }) => output).join(''),
  });
}
