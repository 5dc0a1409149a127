export { type PushedBarsOptions, pushedBars } from './pushed-bars';
