export {
  constant_,
  type DiracOptions,
  dirac_,
  eye_,
  type InitOptions,
  normal_,
  ones_,
  uniform_,
  zeros_,
} from './fills';
export { type OrthogonalOptions, orthogonal_, type SparseOptions, sparse_ } from './orthogonal';
export {
  calculateGain,
  type KaimingOptions,
  kaimingNormal_,
  kaimingUniform_,
  type Nonlinearity,
  type XavierOptions,
  xavierNormal_,
  xavierUniform_,
} from './scaled';
export { type TruncNormalOptions, truncNormal_ } from './truncated';
