export { type OptimizerBarsOptions, optimizerBars } from './optimizer-bars';
