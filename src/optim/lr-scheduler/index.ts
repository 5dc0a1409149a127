export { ChainedScheduler, SequentialLR } from './composed';
export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from './cosine';
export { CyclicLR, type CyclicLROptions, OneCycleLR, type OneCycleLROptions } from './cycles';
export { type DecayOptions, ExponentialLR, MultiStepLR, PolynomialLR, type PolynomialLROptions, StepLR } from './decay';
export { LambdaLR, type LrLambda, MultiplicativeLR } from './lambda';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './plateau';
export { type LastEpochOption, LRScheduler, type SchedulerState } from './scheduler';
export { ConstantLR, type ConstantLROptions, LinearLR, type LinearLROptions } from './warmup';
