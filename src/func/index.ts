// Modules as functions of their parameters, and transforms of functions, as in torch.func.
export type { StateInPlace } from '../nn/swap';
export { type FunctionalCallOptions, functionalCall } from './functional-call';
export { type GradientsFor, type GradTransformOptions, grad, gradAndValue, type WithAux } from './grad';
export { hessian, type JacobianTransformOptions, jacfwd, jacrev } from './jacobian';
export { type JvpTransformOptions, jvp, vjp } from './products';
export type { TensorTree } from './pytree';
export { stackModuleState } from './stack-state';
export { type InDims, type VmapOptions, vmap } from './vmap';
