export { LogSoftmax, ReLU, Sigmoid, Softmax, Tanh } from './activation';
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  type ChannelNormOptions,
  InstanceNorm1d,
  InstanceNorm2d,
} from './batchnorm';
export { Bilinear } from './bilinear';
export { ModuleList, Sequential } from './containers';
export type {
  BatchNormOptions,
  CrossEntropyOptions,
  GroupNormOptions,
  InstanceNormOptions,
  NllLossOptions,
  RmsNormOptions,
} from './functional';
export * as functional from './functional';
export * as init from './init';
export { Linear, type LinearOptions } from './linear';
export { CrossEntropyLoss, MSELoss, NLLLoss } from './loss';
export type { AnyModule, LoadResult, RecurseOption, StateDict, ZeroGradOptions } from './module';
export { Module } from './module';
export {
  GroupNorm,
  type GroupNormLayerOptions,
  LayerNorm,
  type LayerNormOptions,
  RMSNorm,
  type RMSNormOptions,
} from './normalization';
export { Buffer, type BufferOptions, isBuffer, isParameter, Parameter, type ParameterOptions } from './parameter';
export {
  GRUCell,
  LSTMCell,
  type RecurrentCellOptions,
  type RecurrentNonlinearity,
  RNNCell,
  type RNNCellOptions,
} from './recurrent-cells';
export type { LossOptions, Reduction } from './reduction';
export { Flatten, Identity } from './shape';
export * as utils from './utils';
