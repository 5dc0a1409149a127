export * as backward from './backward';
export { type Bowl, bowl, type Pair } from './bowl';
export { type Bumps, type BumpsOptions, bumps } from './bumps';
export { type CountPiecesOptions, countPieces } from './count-pieces';
export { type Cubic, type CubicFit, type CubicFitOptions, type CubicWeights, cubic } from './cubic';
export { type DescendOptions, type Descent, descend } from './descend';
export { type Gan1d, type Gan1dOptions, type Gan1dSnapshot, gan1d } from './gan1d';
export { type GradientCloudOptions, gradientCloud } from './gradient-cloud';
export { type Cell, type GridWorld, type GridWorldOptions, gridWorld, type Move } from './grid-world';
export { type Line, line } from './line';
export { type LassoOptions, lasso, ridge } from './penalties';
export {
  type ActorCriticOptions,
  actorCritic,
  type ReinforceOptions,
  reinforce,
  type Walker,
  type WalkerSnapshot,
} from './policy-gradient';
export { type SgdOptions, type StochasticDescent, sgd } from './sgd';
export { sineShare } from './sine-share';
export { type SpectrogramOptions, spectrogram } from './spectrogram';
export { tent } from './tent';
export * from './trees';
export { type TwoWells, twoWells } from './two-wells';
export { type Valley, valley } from './valley';
