/** gradlab: tensors, autograd and figures for deep-learning notebooks in TypeScript. */
export const version = '0.1.0';

// Loads every family of operations, which add their methods to Tensor.
import './ops';

export * from './autograd';
export * from './checks';
export type { Displayable, MimeBundle, ShowOptions } from './display';
export { displaySymbol, html, markdown, show } from './display';
export * from './errors';
export * as nn from './nn';
export { check, claim } from './notebook';
export type { Index, TensorOps } from './ops';
export * from './ops/functions';
export { meshgrid } from './ops/joining';
export { defineOp } from './ops/own';
export { notDifferentiable, notImplemented } from './ops/rule';
export * as optim from './optim';
export * as plot from './plot';
export { Generator, initialSeed, manualSeed } from './random';
export * from './tensor';
