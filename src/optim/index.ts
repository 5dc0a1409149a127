export { Adam, type AdamOptions } from './adam';
export type { OptimizerStateDict, ParamGroup, ParamGroupInput, ParamState, Params } from './optimizer';
export { Optimizer } from './optimizer';
export { RMSprop, type RMSpropOptions } from './rmsprop';
export { SGD, type SGDOptions } from './sgd';
