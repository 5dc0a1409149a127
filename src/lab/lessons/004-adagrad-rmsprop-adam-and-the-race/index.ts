export { type AgreementMapOptions, agreementMap } from './agreement-map';
export { type OptimizerBarsOptions, optimizerBars } from './optimizer-bars';
