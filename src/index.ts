/** gradlab, the library: tensors, autograd, nets and their training. Figures and notebooks are in "gradlab/lab". */
export const version = '0.1.0';

// Loads every family of operations, which add their methods to Tensor.
import './ops';

export * from './autograd';
export { defineOp, type OwnOp, type OwnPlaces, type WithSaved, withSaved } from './custom-ops';
export type {
  AnyInputName,
  AnyOwnSaves,
  Outputs,
  OwnArguments,
  OwnGradients,
  OwnInputs,
  OwnKnown,
  OwnLetters,
  OwnNames,
  OwnReadable,
  OwnReads,
  OwnSaves,
  OwnUnclear,
  PlacesOf,
} from './custom-ops/types';
export * as data from './data';
export type { Displayable, MimeBundle, NumberList, NumberMatrix, RichOutput, Scalar, TensorLike } from './display';
export { displaySymbol } from './display';
export * from './errors';
export * as func from './func';
export {
  type DepthOptions,
  depth,
  explain,
  Graph,
  graph,
  type KeptValue,
  type ModuleGraphOptions,
  type Names,
  type NodeMemory,
  type OperationMemory,
  TapeMemory,
  type TapeMemoryOptions,
  tapeMemory,
} from './inspection';
export * as io from './io';
export { getNumThreads, setNumThreads } from './kernels/threads';
export * as nn from './nn';
export { where } from './ops/elementwise/masking';
export { normal } from './ops/filling/random';
export * from './ops/functions';
export {
  atleast1d,
  atleast2d,
  atleast3d,
  blockDiag,
  broadcastTensors,
  columnStack,
  concat,
  dstack,
  hstack,
  type MeshgridOptions,
  meshgrid,
  type Tensors,
  vstack,
} from './ops/joining/stacking';
export * as linalg from './ops/linalg';
export { type CdistOptions, type ComputeMode, cdist } from './ops/products/distance';
export { einsum } from './ops/products/einsum';
export { type IsinOptions, isin, type SearchsortedOptions, searchsorted } from './ops/reduction/searching';
export { notDifferentiable, notImplemented } from './ops/table/rule';
export * as optim from './optim';
export { Generator, initialSeed, manualSeed, seed } from './random';
export { areDeterministicAlgorithmsEnabled, useDeterministicAlgorithms } from './settings';
export * from './tensor';
export * as training from './training';
export {
  type Checked,
  type FunctionalOptions,
  type GradcheckOptions,
  gradcheck,
  gradgradcheck,
  type HessianOptions,
  hessian,
  hvp,
  type JacobianOptions,
  jacobian,
  jvp,
  type Like,
  type TensorOrList,
  vhp,
  vjp,
} from './transforms';
export * as trees from './trees';
export * as tuner from './tuner';
