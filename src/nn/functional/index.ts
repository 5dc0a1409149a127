export * from './activation';
export { type ScaledDotProductAttentionOptions, scaledDotProductAttention } from './attention';
export * from './binary-loss';
export * from './class-loss';
export * from './conv';
export * from './ctc-loss';
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
export * from './max-pooling';
export * from './mean-pooling';
export * from './normalization';
export * from './padding';
export * from './rectifier';
export * from './regression-loss';
export * from './shuffling';
export { type EmbeddingOptions, embedding, oneHot } from './sparse';
export * from './unpooling';
export * from './upsampling';
