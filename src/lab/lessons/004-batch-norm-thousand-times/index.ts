export {
  type CornersNet,
  type CornersNetOptions,
  cornersNet,
  descend,
  gradients,
  lossOf,
  probabilityIn,
  scale,
} from './normed';
