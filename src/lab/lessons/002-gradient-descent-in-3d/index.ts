export { cut } from './cut';
export { narrow, stepsUntil } from './narrow';
export {
  netSteps,
  type RecordedSteps,
  recordedSteps,
  ruledRows,
  type StepsOptions,
  stepsToLearn,
  twentyToThree,
} from './net-steps';
export { shadows } from './shadows';
export { slices } from './slices';
