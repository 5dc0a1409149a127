export { beds } from './beds';
export { numbers, type Pair } from './numbers';
export { accuracy, lossOf, type Pills, passes, type Sleeper, sleeper, type WakeOptions, wake } from './sleeper';
