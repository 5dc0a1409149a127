export { type Collated, defaultCollate } from './collate';
export { ConcatDataset, Dataset, type Items, IterableDataset, Subset, TensorDataset } from './dataset';
export { DataLoader, type DataLoaderOptions } from './loader';
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
export { randomSplit } from './split';
