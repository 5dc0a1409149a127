/** gradlab: tensors, autograd and figures for deep-learning notebooks in TypeScript. */
export const version = '0.1.0';
