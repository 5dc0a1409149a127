export { distance, type LampRowsOptions, lampRows, pairs } from './lamp-rows';
export { overMasks, pairsAlike } from './masks';
export { lossInUse, lossReported, maskVariance, type NoisyNet, type NoisyNetOptions, noisyNet } from './noisy-net';
