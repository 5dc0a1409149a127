import path from 'node:path';
import { kernelBuild, libraryBuild } from './build.mjs';
import { notWritable } from './errors.mjs';
import { jupyterFiles } from './jupyter-files.mjs';
import { withLock } from './lock.mjs';
import { npmPackages } from './packages.mjs';
import { pageBuild } from './page.mjs';
import { paths } from './paths.mjs';
import { runSteps } from './steps.mjs';
import { types } from './types.mjs';
import { pythonEnvironment } from './venv.mjs';

export { diagnose } from './checks.mjs';
export { explain, runMain, SetUpError } from './errors.mjs';
export { install, uninstall } from './install.mjs';
export { jupyterEnv } from './jupyter-env.mjs';
export { startLab } from './lab.mjs';
export { placeFor } from './places.mjs';
export { runVisibly } from './run.mjs';
export { allTypes, checkTypes } from './types.mjs';
export { kernelBuild, libraryBuild, npmPackages, paths, runSteps, types };

/** Python packages take most of the time, so npm's packages and the builds run in parallel with them. */
const besidePython = (step) => ({ ...step, beside: [pythonEnvironment] });
const libraryBesidePython = besidePython(libraryBuild);

/** If the library does not build, all other steps still run. */
export const steps = [
  pythonEnvironment,
  besidePython(npmPackages),
  besidePython(kernelBuild),
  libraryBesidePython,
  besidePython(pageBuild),
  { ...jupyterFiles, beside: [libraryBesidePython] },
];

/** Steps for kernels of other Jupyters. */
export const stepsWithoutJupyter = [npmPackages, kernelBuild, libraryBuild, pageBuild];

/** The context of steps; tests pass other paths and variables. */
export const makeContext = (changes = {}) => ({ paths, env: process.env, log: console.log, ...changes });

/**
 * Brings the project from a bare clone, or from wherever an earlier run stopped, to a working state. Does only what is
 * missing or out of date; two processes may call it at once. Throws a SetUpError with a remedy.
 *
 * @param {{ log?: (line: string) => void }} [options] `log` receives one line per step
 * @param {object[]} [needed] the steps, for what does not need all of them
 */
export async function setUp(options = {}, needed = steps) {
  const context = makeContext(options);
  if (context.paths.readOnly) return checkSteps(needed, context);
  await withLock(path.join(context.paths.locks, 'set-up'), () => runSteps(needed, context), {
    onWait: (pid) => context.log(`… waiting for another set-up of this project (process ${pid})`),
  });
}

/** In a read-only project, nothing may be missing. */
async function checkSteps(needed, context) {
  const reasons = [];
  for (const { title, whyNeeded } of needed) {
    const reason = await whyNeeded(context);
    if (reason === undefined) context.log(`✓ ${title}`);
    else reasons.push(`${title}: ${reason}`);
  }
  if (reasons.length > 0) throw notWritable(context.paths, reasons);
}
