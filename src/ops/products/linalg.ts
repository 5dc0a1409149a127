// torch.linalg, as a namespace.

export { linalgVectorNorm as vectorNorm, type VectorNormOptions } from '../reduction/norms';
export { type VecdotOptions, vecdot } from './products';
