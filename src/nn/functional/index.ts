export * from './activation';
export { type ScaledDotProductAttentionOptions, scaledDotProductAttention } from './attention';
export * from './binary-loss';
export * from './class-loss';
export type { ConvolutionOptions, ConvolutionTransposeOptions } from './conv';
export * from './ctc-loss';
export * from './dimensions';
export * from './distance';
export {
  alphaDropout,
  type DropoutOptions,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
  type GumbelSoftmaxOptions,
  gumbelSoftmax,
} from './dropout';
export * from './embedding-bag';
export * from './folding';
export * from './linear';
export * from './margin-loss';
export type { AdaptiveMaxPoolOptions, MaxPoolOptions, Pooled } from './max-pooling';
export type { AvgPool1dOptions, AvgPool2dOptions, LpPoolOptions } from './mean-pooling';
export * from './normalization';
export * from './padding';
export * from './rectifier';
export * from './regression-loss';
export * from './shuffling';
export { type EmbeddingOptions, embedding, oneHot } from './sparse';
export type { MaxUnpoolOptions } from './unpooling';
export * from './upsampling';
