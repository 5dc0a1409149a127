export { type Bowl, bowl } from './bowl';
export { type DescendOptions, type Descent, descend } from './descend';
