export { type Bowl, bowl, type Pair } from './bowl';
export { type DescendOptions, type Descent, descend } from './descend';
export { type GradientCloudOptions, gradientCloud } from './gradient-cloud';
