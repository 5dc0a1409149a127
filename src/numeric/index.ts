export { type BisectOptions, bisect } from './bisect';
export { type Eigenpair, type PowerIterationOptions, powerIteration } from './power-iteration';
export { median, slope } from './summary';
export { type TrapezoidOptions, trapezoid } from './trapezoid';
