export { type AnomalyOptions, detectAnomaly, isAnomalyEnabled, setDetectAnomaly } from './anomaly';
export type { PassOptions } from './engine';
export {
  type BackwardOfSeveralOptions,
  type BackwardOptions,
  backward,
  type GradOptions,
  grad,
  type NoneUnused,
} from './grad';
export {
  type GradHook,
  type Gradients,
  type NodeHook,
  type NodePreHook,
  type PostAccumulateGradHook,
  RemovableHandle,
} from './hooks';
export type { AutogradMethods } from './methods';

import './methods';

export { enableGrad, isGradEnabled, noGrad, setGradEnabled } from './mode';
export type { Node } from './node';
export { recompute } from './recompute';
