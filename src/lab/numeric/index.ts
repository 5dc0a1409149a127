export { type ArgminOptions, argmin } from './argmin';
export { type BisectOptions, bisect } from './bisect';
export { type GaussianMeanOptions, type GaussianNodes, gaussianMean, gaussianNodes } from './gaussian-mean';
export { type Eigenpair, type PowerIterationOptions, powerIteration } from './power-iteration';
export { median, slope } from './summary';
export { type TimedOptions, timed } from './timed';
export { type TrapezoidOptions, trapezoid } from './trapezoid';
