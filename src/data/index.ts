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
export { type Digits, digits } from './digits';
export { type FashionMnistOptions, fashionMnist, type LabelledImages } from './fashion-mnist';
export { readBytes, readText } from './files';
export { DataLoader, type DataLoaderOptions } from './loader';
export { type MixupOptions, mixup } from './mixup';
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
