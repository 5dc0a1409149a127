export { type BackwardOptions, type GradOptions, grad } from './backward';
export type { AutogradMethods } from './methods';

import './methods';

export { enableGrad, isGradEnabled, noGrad } from './mode';
export type { GradHook, Node } from './node';
