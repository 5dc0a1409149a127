export {
  type CornersNet,
  type CornersNetOptions,
  cornersNet,
  descend,
  descendTogether,
  gradients,
  lossOf,
  probabilityIn,
  scale,
  type TogetherOptions,
} from './normed';
