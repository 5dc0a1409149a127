export type { NumberArray } from '../kernels/strides';
export {
  arange,
  type CreationOptions,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  type LogspaceOptions,
  linspace,
  logspace,
  ones,
  onesLike,
  type TriangleOptions,
  tensor,
  trilIndices,
  triuIndices,
  zeros,
  zerosLike,
} from './creation';
export { bool, type Dtype, float32, float64, int32, isFloat, promoteTypes, uint8 } from './dtype';
export type { NestedArray, NestedInput, TypedNumbers } from './nested';
export {
  type RandomOptions,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
} from './random-creation';
export { betaSample, dirichletSample, gammaSample } from './random-shares';
export { getRngState, setRngState } from './random-state';
export type { Shape } from './shape';
export { ellipsis, Slice, slice } from './slice';
export { Tensor, type TensorList } from './tensor';
