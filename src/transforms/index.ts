// Functional transforms, as in torch.func and torch.autograd.functional.
export type { FunctionalOptions, Like, TensorOrList } from './functional';
export { type Checked, type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck';
export { type HessianOptions, hessian, type JacobianOptions, jacobian } from './jacobian';
export { hvp, jvp, vhp, vjp } from './products';
