export { type BothWays, type BothWaysOptions, bothWays, type Rule } from './both-ways';
