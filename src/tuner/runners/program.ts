// What the program bin/gradlab.cjs runs.
export { runTrials } from './child';
export { startWorker } from './worker';
