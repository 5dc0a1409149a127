export { type PlaneOptions, plane } from './plane';
export { type Learner, type LearnerOptions, trainQuarters } from './quarters';
