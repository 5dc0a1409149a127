export { Graph } from './dot';
export { explain } from './explain';
export type { FunctionalOptions, Like, TensorOrList } from './functional';
export { type Checked, type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck';
export { graph } from './graph';
export { hessian, jacobian } from './jacobian';
export type { ModuleGraphOptions } from './module-graph';
export { hvp, jvp, vhp, vjp } from './products';
export type { Names } from './trace';
