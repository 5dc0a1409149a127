export { type StepBarsOptions, stepBars } from './step-bars';
export { type ValleyMapOptions, valleyMap } from './valley-map';
