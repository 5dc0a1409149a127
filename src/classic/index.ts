export * as backward from './backward';
export { type Bowl, bowl, type Pair } from './bowl';
export { type Bumps, type BumpsOptions, bumps } from './bumps';
export { type Cubic, type CubicFit, type CubicFitOptions, type CubicWeights, cubic } from './cubic';
export { type DescendOptions, type Descent, descend } from './descend';
export { type Gan1d, type Gan1dOptions, type Gan1dSnapshot, gan1d } from './gan1d';
export { type GradientCloudOptions, gradientCloud } from './gradient-cloud';
export { type LassoOptions, lasso, ridge } from './penalties';
export { sineShare } from './sine-share';
