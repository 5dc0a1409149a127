export {
  type CornersNet,
  type CornersNetOptions,
  cornersNet,
  descend,
  descendTogether,
  gradients,
  lossOf,
  type PartRates,
  probabilityIn,
  scale,
  type TogetherOptions,
} from './normed';
