export { type Blobs, type BlobsOptions, blobs } from './blobs';
export { type ChirpsOptions, chirps } from './chirps';
export { type ClustersOptions, clusters } from './clusters';
export { type Collated, defaultCollate, type Row } from './collate';
export {
  ConcatDataset,
  Dataset,
  type Items,
  IterableDataset,
  StackDataset,
  type StackedItem,
  Subset,
  TensorDataset,
  type TensorItem,
} from './dataset';
export { type FashionMnistOptions, fashionMnist, type LabelledImages } from './fashion-mnist';
export { readBytes, readText } from './files';
export { type Friedman1Options, friedman1 } from './friedman1';
export { line200 } from './line200';
export { DataLoader, type DataLoaderOptions } from './loader';
export { type MixupOptions, mixup } from './mixup';
export { type RingsOptions, rings } from './rings';
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  Sampler,
  SequentialSampler,
  type Sized,
  SubsetRandomSampler,
  WeightedRandomSampler,
  type WeightedRandomSamplerOptions,
} from './samplers';
export { type SparseRegressionOptions, sparseRegression } from './sparse-regression';
export { randomSplit } from './split';
export { type WaveOptions, wave } from './wave';
export { type WavesOptions, waves } from './waves';
