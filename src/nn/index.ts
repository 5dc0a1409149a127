export {
  GLU,
  Hardtanh,
  LogSoftmax,
  PReLU,
  type PReLUOptions,
  Softmax,
  Softmax2d,
  Softmin,
  Threshold,
} from './activation';
export * from './activations';
export {
  type AttentionInput,
  type AttentionOptions,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from './attention';
export type { ChannelNormOptions } from './batchnorm';
export { Bilinear } from './bilinear';
export { type ModuleAt, ModuleDict, ModuleList, Sequential } from './containers';
export type { ConvOptions, ConvTransposeOptions, OutputSizeOption, PaddingMode } from './conv';
export * from './dimensions';
export { CosineSimilarity, PairwiseDistance } from './distance';
export type { DropoutLayerOptions } from './dropout';
export * from './dropouts';
export {
  type BagOptions,
  Embedding,
  EmbeddingBag,
  type EmbeddingBagLayerOptions,
  type EmbeddingLayerOptions,
  type FromPretrainedOptions,
} from './embedding';
export { Fold, Unfold } from './folding';
export type {
  BagMode,
  BatchNormOptions,
  BinaryCrossEntropyOptions,
  BinaryCrossEntropyWithLogitsOptions,
  CosineSimilarityOptions,
  CrossEntropyOptions,
  CtcLossOptions,
  EmbeddingBagOptions,
  GaussianNllLossOptions,
  GroupNormOptions,
  HuberLossOptions,
  InstanceNormOptions,
  KlDivOptions,
  Lengths,
  LocalResponseNormOptions,
  MarginOptions,
  MultilabelSoftMarginLossOptions,
  MultiMarginLossOptions,
  NllLossOptions,
  NormalizeOptions,
  PairwiseDistanceOptions,
  PoissonNllLossOptions,
  RmsNormOptions,
  ScaledDotProductAttentionOptions,
  SmoothL1LossOptions,
  TripletMarginLossOptions,
} from './functional';
export * as functional from './functional';
export type { BackwardHook, BackwardPreHook, ForwardHook, ForwardPreHook } from './hooks';
export * as init from './init';
export { Linear, type LinearOptions } from './linear';
export { KLDivLoss } from './loss';
export * from './losses';
export type { AnyModule, ZeroGradOptions } from './module';
export { Module } from './module';
export type { NamedModulesOptions, NamedTensorsOptions, RecurseOption } from './module-tree';
export {
  GroupNorm,
  type GroupNormLayerOptions,
  LayerNorm,
  type LayerNormOptions,
  LocalResponseNorm,
  RMSNorm,
  type RMSNormOptions,
} from './normalization';
export type { PaddingSize } from './padding';
export { Buffer, type BufferOptions, isBuffer, isParameter, Parameter, type ParameterOptions } from './parameter';
export { ParameterDict, ParameterList } from './parameter-containers';
export { AvgPool1d, AvgPool2d, AvgPool3d } from './pooling';
export { GRU, type GRUOptions, LSTM, type LSTMOptions, type RecurrentOptions, RNN, type RNNOptions } from './recurrent';
export {
  GRUCell,
  LSTMCell,
  type RecurrentCellOptions,
  type RecurrentNonlinearity,
  RNNCell,
  type RNNCellOptions,
} from './recurrent-cells';
export type { LossOptions, Reduction, WeightedLossOptions } from './reduction';
export { Flatten, Identity, PixelShuffle, PixelUnshuffle, Unflatten } from './shape';
export type { AdaptiveSize, PerDimension } from './spatial';
export type { LoadResult, StateDict } from './state';
export { type Summary, type SummaryOptions, type SummaryRow, summary } from './summary';
export {
  type DecoderMasks,
  type EncoderLayerMasks,
  type EncoderMasks,
  Transformer,
  type TransformerActivation,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
  type TransformerMasks,
  type TransformerOptions,
  type TransformerStackOptions,
} from './transformer';
export type { MaxUnpoolLayerOptions } from './unpooling';
export { Upsample, type UpsampleLayerOptions, UpsamplingBilinear2d, UpsamplingNearest2d } from './upsampling';
export * as utils from './utils';
