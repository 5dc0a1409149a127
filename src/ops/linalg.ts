// torch.linalg, as a namespace.

export { linalgVectorNorm as vectorNorm, type VectorNormOptions } from './norms';
export { type VecdotOptions, vecdot } from './products';
