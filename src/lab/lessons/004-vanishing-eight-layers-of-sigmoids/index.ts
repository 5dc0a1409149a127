export { type PlaneOptions, plane } from './plane';
export { type Learner, type LearnerOptions, trainQuarters } from './quarters';
export { ticksAt } from './ticks-at';
