/**
 * A step of the set-up.
 * @typedef {object} Step
 * @property {string} title what it provides
 * @property {(context: Context) => string | undefined | Promise<string | undefined>} whyNeeded a reason to run, in a
 *   few words; undefined if everything is current
 * @property {(context: Context) => void | Promise<void>} run
 *
 * @typedef {object} Context
 * @property {ReturnType<typeof import('./paths.mjs').projectPaths>} paths
 * @property {NodeJS.ProcessEnv} env
 * @property {(line: string) => void} log
 */

/** Runs the steps that are needed, in order, saying what happens and how long it took. */
export async function runSteps(steps, context) {
  for (const step of steps) {
    const reason = await step.whyNeeded(context);
    if (reason === undefined) {
      context.log(`✓ ${step.title}`);
      continue;
    }
    context.log(`… ${step.title}: ${reason}`);
    const start = performance.now();
    await step.run(context);
    context.log(`✓ ${step.title} (${seconds(performance.now() - start)})`);
  }
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
