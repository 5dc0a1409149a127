/** gradlab: tensors, autograd and figures for deep-learning notebooks in TypeScript. */
export const version = '0.1.0';

// Loads every family of operations, which add their methods to Tensor.
import './ops';

export * from './autograd';
export * from './checks';
export * as data from './data';
export type { Displayable, MimeBundle, ProgressOptions, ShowOptions } from './display';
export { displaySymbol, html, markdown, progress, show } from './display';
export * from './errors';
export * as nn from './nn';
export type { Control, Controls, ControlValue, ControlValues, Fixed, Interactive, InteractOptions } from './notebook';
export { check, claim, fixed, interact, interactive } from './notebook';
export type { Index, TensorOps } from './ops';
export { type CdistOptions, cdist } from './ops/distance';
export { einsum } from './ops/einsum';
export * from './ops/functions';
export * as linalg from './ops/linalg';
export { where } from './ops/masking';
export { defineOp, withSaved } from './ops/own';
export { normal } from './ops/random';
export { notDifferentiable, notImplemented } from './ops/rule';
export { type SearchsortedOptions, searchsorted } from './ops/searching';
export {
  atleast1d,
  atleast2d,
  atleast3d,
  blockDiag,
  broadcastTensors,
  columnStack,
  dstack,
  hstack,
  type MeshgridOptions,
  meshgrid,
  type Tensors,
  vstack,
} from './ops/stacking';
export * as optim from './optim';
export * as plot from './plot';
export { Generator, initialSeed, manualSeed, seed } from './random';
export * from './tensor';
export { type TrainingDisplay, type TrainingDisplayOptions, trainingDisplay } from './training';
