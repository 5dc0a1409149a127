export { type BothWays, type BothWaysOptions, bothWays, type Rule, type Sizes } from './both-ways';
