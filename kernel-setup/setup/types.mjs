// Type checks of library, kernel and page, which builds omit.
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

/** @throws {SetUpError} with the compiler's lines, if there are errors. Checks incrementally. */
export async function checkTypes(paths, env = process.env) {
  const compiler = path.join(paths.nodeModules, 'typescript', 'bin', 'tsc');
  const check = (name, project) => {
    const known = ['--incremental', '--tsBuildInfoFile', path.join(paths.state, `${name}.tsbuildinfo`)];
    const args = [compiler, '-p', project, '--noEmit', '--pretty', 'false', ...known];
    return runNode(process.execPath, args, { cwd: paths.root, env });
  };
  const results = [await check('library', paths.tsconfig), await check('kernel', paths.kernelSources)];
  if (fs.existsSync(paths.pageSources)) results.push(await check('page', paths.pageSources));
  if (results.every(({ ok }) => ok)) return;
  throw new SetUpError('There are errors of types', {
    remedy: 'correct the lines named above; `npm run build -- --types` shows them again',
    details: results.map(({ output }) => output).join(''),
  });
}
