// Entry of the program bin/gradlab.cjs.
export { runTrials } from './child';
export { startWorker } from './worker';
