/**
 * A step of the set-up.
 * @typedef {object} Step
 * @property {string} title what it provides
 * @property {(context: Context) => string | undefined | Promise<string | undefined>} whyNeeded a reason to run, in a
 *   few words; undefined if everything is current
 * @property {(context: Context) => void | Promise<void>} run
 * @property {readonly Step[]} [beside] those before it that it does not wait for. Default: none
 *
 * @typedef {object} Context
 * @property {ReturnType<typeof import('./paths.mjs').projectPaths>} paths
 * @property {NodeJS.ProcessEnv} env
 * @property {(line: string) => void} log
 */

/**
 * Runs the necessary steps in order, and logs each with its time. After a failure, parallel steps still finish: another
 * set-up, which may start then, would write into the same folders.
 */
export async function runSteps(steps, context) {
  /** @type {Map<Step, Promise<void>>} */
  const begun = new Map();
  try {
    for (const step of steps) {
      await Promise.all([...begun].map(([other, ended]) => (step.beside?.includes(other) ? undefined : ended)));
      const reason = await step.whyNeeded(context);
      if (reason === undefined) {
        context.log(`✓ ${step.title}`);
        continue;
      }
      context.log(`… ${step.title}: ${reason}`);
      const ended = runStep(step, context);
      ended.catch(() => {}); // those that wait for it receive the error
      begun.set(step, ended);
    }
    await Promise.all(begun.values());
  } finally {
    await Promise.allSettled(begun.values());
  }
}

async function runStep(step, context) {
  const start = performance.now();
  try {
    await step.run(context);
  } catch (error) {
    context.log(`✗ ${step.title}: ${error.message}`);
    throw error;
  }
  context.log(`✓ ${step.title} (${seconds(performance.now() - start)})`);
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
