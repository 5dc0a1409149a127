export { explain } from './explain';
export type { FunctionalOptions, Like, TensorOrList } from './functional';
export { type Checked, type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck';
export { Graph, graph } from './graph';
export { hessian, jacobian } from './jacobian';
export { hvp, jvp, vhp, vjp } from './products';
export type { Names } from './trace';
