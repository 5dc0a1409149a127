/** gradlab: tensors, autograd and figures for deep-learning notebooks in TypeScript. */
export const version = '0.1.0';

// Loads every family of operations, which add their methods to Tensor.
import './ops';

export * from './autograd';
export {
  type Checked,
  type DepthOptions,
  depth,
  explain,
  type FunctionalOptions,
  type GradcheckOptions,
  Graph,
  gradcheck,
  gradgradcheck,
  graph,
  hessian,
  hvp,
  jacobian,
  jvp,
  type Like,
  type ModuleGraphOptions,
  type Names,
  type TensorOrList,
  vhp,
  vjp,
} from './checks';
export * as classic from './classic';
export * as data from './data';
export type {
  Displayable,
  MimeBundle,
  NumberList,
  NumberMatrix,
  ProgressOptions,
  RichOutput,
  Scalar,
  ShowOptions,
  TensorLike,
} from './display';
export { displaySymbol, html, markdown, progress, show } from './display';
export * from './errors';
export * as io from './io';
export { getNumThreads, setNumThreads } from './kernels/threads';
export { areDeterministicAlgorithmsEnabled, useDeterministicAlgorithms } from './kernels/wasm/runtime';
export * as nn from './nn';
export type {
  ClaimOptions,
  Control,
  Controls,
  ControlValue,
  ControlValues,
  Exercise,
  Fixed,
  Interactive,
  InteractOptions,
  Measure,
  Measured,
  Measurement,
  Span,
  ValueWidget,
} from './notebook';
export { claim, claims, exercise, fixed, interact, interactive, predict, read } from './notebook';
export * as numeric from './numeric';
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
export { type SearchsortedOptions, searchsorted } from './ops/reduction/searching';
export { defineOp, type OwnOp, type OwnPlaces, type WithSaved, withSaved } from './ops/table/own';
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
} from './ops/table/own-types';
export { notDifferentiable, notImplemented } from './ops/table/rule';
export * as optim from './optim';
export * as plot from './plot';
export { Generator, initialSeed, manualSeed, seed } from './random';
export * from './tensor';
export * as training from './training';
export { type TrainingDisplay, type TrainingDisplayOptions, trainingDisplay } from './training';
