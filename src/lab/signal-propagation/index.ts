export {
  type Activation,
  type DepthProfile,
  type DepthProfileOptions,
  depthProfile,
  type MeanFieldOptions,
  meanField,
} from './depth-profile';
