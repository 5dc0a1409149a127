export { distance, type LampRowsOptions, lampRows, pairs } from './lamp-rows';
export { overMasks } from './masks';
export { lossInUse, lossReported, maskVariance, type NoisyNet, type NoisyNetOptions, noisyNet } from './noisy-net';
export { type ThinNetOptions, thinNet } from './thin-net';
